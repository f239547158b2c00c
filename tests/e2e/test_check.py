"""`sightline --check` as a real process: it finds that all is well, and what is not."""

import json
from pathlib import Path

from tests.e2e.conftest import Terminal

PARTS = {
    *("resources", "translations", "prices", "pictures", "reader", "keyring", "history", "certificates"),
    *("licences", "folder", "qt", "qt-formats", "qt-translations", "fonts", "icons", "capture"),
}


def test_every_part_of_the_sources_works(terminal: Terminal) -> None:
    done = terminal.run("--check", "--json")

    told = json.loads(done.out)
    assert [row for row in told["checks"] if not row["ok"]] == []
    assert (done.status, done.err, told["ok"], told["frozen"]) == (0, "", True, False)
    assert {row["name"] for row in told["checks"]} == PARTS
    found = {row["name"]: row["found"] for row in told["checks"]}
    assert found["pictures"] == "PNG, JPEG, WEBP, GIF, BMP, TIFF, AVIF, HEIC, PDF"
    assert "zh_CN" in found["translations"]
    assert "zh_CN" in found["qt-translations"]
    assert told["places"]["data"] == str(terminal.data)
    # The key's home is the null backend here, which is never trusted.
    assert "quitting" in found["keyring"]


def test_what_does_not_work_is_said_and_gives_status_1(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    terminal.environment["SSL_CERT_FILE"] = str(tmp_path / "missing.pem")

    done = terminal.run("--check")

    assert done.status == 1
    failed = [line.split()[1] for line in done.out.splitlines() if line.startswith("FAILED")]
    assert failed == ["Certificates", "Data"]
    assert "2 parts do not work." in done.out
