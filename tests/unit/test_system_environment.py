"""Keys leave the environment before any child can inherit them, and reach no log."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest

from desktop.system import logs
from desktop.system.environment import Secrets, take_secrets
from desktop.system.paths import DataFolder
from tests.helpers.history import ask, opened

ROOT = Path(__file__).parents[2]
CANARY = "Zx9canary0123456789abcdef4f2a"
"""Without a known form: it can only be hidden because it was told of."""

FULL_RUN = """
import logging, os, subprocess, sys
from pathlib import Path
from desktop.system import logs
from desktop.system.environment import take_secrets
from desktop.system.keys import KeyringKeys
from desktop.system.paths import DataFolder
from tests.helpers.history import ask, opened

folder = DataFolder(Path(sys.argv[1]))
folder.prepare()
secrets = take_secrets()
stop = logs.start(folder, debug=True)
keys = KeyringKeys(secrets)
key = keys.key("https://api.openai.com:443")
assert key == sys.stdin.readline().strip()
keys.load("https://api.openai.com:443").result()
keys.save("https://elsewhere.example:443", key + "typed").result()
log = logging.getLogger("test")
log.info("the key is %s and %r", key, secrets)
try:
    raise ValueError(f"Authorization: Bearer {key}")
except ValueError:
    log.exception("a library quotes the key: %s", key + "typed")
with opened(folder.root) as store:
    ask(store, "?")
print(subprocess.run([sys.executable, "-c", "import os; print(dict(os.environ))"],
      capture_output=True, text=True, check=True).stdout)
keys.close()
stop()
"""


def test_a_key_is_in_no_file_no_log_and_no_childs_environment(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", FULL_RUN, str(tmp_path / "data")],
        cwd=ROOT,
        env={**os.environ, "OPENAI_API_KEY": CANARY, "ANTHROPIC_API_KEY": f"other-{CANARY}"},
        input=CANARY,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    log = (tmp_path / "data" / "logs" / "sightline.log").read_text()
    assert "the key is" in log
    assert "Traceback" in log
    assert "a library quotes the key" in done.stderr
    assert "PATH" in done.stdout
    assert CANARY not in done.stdout + done.stderr
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert any(path.name == "sightline.db" for path in files)
    for path in files:
        assert CANARY.encode() not in path.read_bytes(), path


def test_the_key_is_taken_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", f" {CANARY}\n")
    monkeypatch.setenv("OPENAI_BASE_URL", " https://models.example/v1 ")
    assert take_secrets() == Secrets(CANARY, "https://models.example/v1")
    assert "OPENAI_API_KEY" not in os.environ
    assert take_secrets() == Secrets(None, "https://models.example/v1")


@pytest.mark.parametrize("blank", ["", "  ", "\n"])
def test_a_blank_key_is_none(monkeypatch: pytest.MonkeyPatch, blank: str) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", blank)
    monkeypatch.setenv("OPENAI_BASE_URL", blank)
    assert take_secrets() == Secrets(None, None)


@pytest.mark.parametrize(
    "name",
    [
        "OPENAI_ADMIN_KEY",
        "OPENAI_WEBHOOK_SECRET",
        "AZURE_OPENAI_API_KEY",
        "ANTHROPIC_AUTH_TOKEN",
        "GEMINI_API_KEY",
        "OPENROUTER_API_KEY",
        "HF_TOKEN",
    ],
)
def test_other_providers_keys_are_removed_too(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, CANARY)
    take_secrets()
    assert name not in os.environ


def test_what_is_no_key_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_ORG_ID", "SSH_AUTH_SOCK", "GOOGLE_CLOUD_PROJECT", "HF_HOME"):
        monkeypatch.setenv(name, "x")
    take_secrets()
    for name in ("OPENAI_ORG_ID", "SSH_AUTH_SOCK", "GOOGLE_CLOUD_PROJECT", "HF_HOME"):
        assert os.environ[name] == "x"


def test_secrets_do_not_show_their_key() -> None:
    assert CANARY not in repr(Secrets(CANARY, "https://models.example/v1"))


# The log


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def test_warnings_go_to_stderr_and_all_to_the_file(
    folder: DataFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    stop = logs.start(folder)
    logging.getLogger("desktop.test").info("small talk")
    logging.getLogger("desktop.test").warning("trouble")
    stop()
    stop()
    logging.getLogger("desktop.test").warning("afterwards")
    written = (folder.logs / "sightline.log").read_text()
    shown = capsys.readouterr().err
    assert "small talk" in written
    assert "trouble" in written
    assert "afterwards" not in written + shown
    assert "trouble" in shown
    assert "small talk" not in shown


def test_the_terminal_command_may_be_quiet(folder: DataFolder, capsys: pytest.CaptureFixture[str]) -> None:
    stop = logs.start(folder, quiet=True, name="ask")
    logging.getLogger("desktop.test").warning("trouble")
    stop()
    assert capsys.readouterr().err == ""
    assert "trouble" in (folder.logs / "ask.log").read_text()


def test_log_files_are_private_and_turned_over(folder: DataFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "_MAX_BYTES", 2000)
    old = os.umask(0)
    try:
        stop = logs.start(folder, quiet=True)
        for number in range(100):
            logging.getLogger("desktop.test").info("line %d of a long story", number)
        stop()
    finally:
        os.umask(old)
    written = sorted(folder.logs.iterdir())
    assert [path.name for path in written] == [
        "sightline.log",
        "sightline.log.1",
        "sightline.log.2",
        "sightline.log.3",
    ]
    assert {path.stat().st_mode & 0o777 for path in written} == {0o600}
    assert all(path.stat().st_size <= 2000 for path in written)


def test_names_that_are_no_utf_8_are_logged(folder: DataFolder) -> None:
    stop = logs.start(folder, quiet=True)
    logging.getLogger("desktop.test").info("cannot read %s", os.fsdecode(b"caf\xe9.png"))
    stop()
    assert "cannot read caf\\udce9.png" in (folder.logs / "sightline.log").read_text()


def test_a_folder_that_cannot_be_made_is_no_reason_not_to_start(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    stop = logs.start(DataFolder(tmp_path / "file"), quiet=True)
    logging.getLogger("desktop.test").warning("trouble")
    stop()


def test_nothing_of_the_history_is_logged(folder: DataFolder) -> None:
    stop = logs.start(folder, quiet=True, debug=True)
    with opened(folder.root) as store:
        ask(store, "a private question", b"bytes")
    stop()
    assert "private" not in (folder.logs / "sightline.log").read_text()
