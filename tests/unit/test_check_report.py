"""How `sightline --check` runs its checks and tells of them; the checks themselves run in tests/e2e."""

import json
import threading
import time
from pathlib import Path

from desktop.check.report import Check, as_json, as_table, begin, wait_for
from desktop.core.problems import Code, ProblemError, problem
from desktop.system.paths import DataFolder


def fails() -> str:
    raise LookupError("qtbase_zh_CN\x1b[31m")


def refuses() -> str:
    raise ProblemError(problem(Code.READER_MISSING, package="rapidocr"))


def done(*looks: Check, limit_s: float = 30.0) -> list[Check]:
    begin(looks)
    wait_for(looks, time.monotonic() + limit_s, limit_s)
    return list(looks)


def test_what_fails_is_named_and_the_rest_goes_on(tmp_path: Path) -> None:
    checks = done(
        Check("words", "Words", fails),
        Check("reader", "Reader", refuses),
        Check("fonts", "Fonts", lambda: "Inter"),
    )

    lines = as_table(checks, DataFolder(tmp_path), 1.0).splitlines()

    assert "FAILED  Words   LookupError: qtbase_zh_CN" in "\n".join(lines)
    assert "\x1b" not in "\n".join(lines)
    assert any(line.startswith("FAILED  Reader  The on-device reader is not installed") for line in lines)
    assert "ok      Fonts   Inter" in lines
    assert lines[-1] == "2 parts do not work. (1.0 s)"


def test_scripts_get_the_same_with_names_that_are_never_translated(tmp_path: Path) -> None:
    checks = done(Check("words", "文字", fails), Check("fonts", "字体", lambda: "Inter"))

    told = json.loads(as_json(checks, DataFolder(tmp_path)))

    assert told["ok"] is False
    assert [(row["name"], row["ok"]) for row in told["checks"]] == [("words", False), ("fonts", True)]
    assert told["places"]["data"] == str(tmp_path)
    assert {"Python", "SQLite", "OpenSSL", "rapidocr"} <= set(told["versions"])


def test_columns_stand_below_each_other_in_chinese_too(tmp_path: Path) -> None:
    checks = done(Check("words", "翻译", lambda: "en"), Check("fonts", "Fonts and more", lambda: "Inter"))

    table = as_table(checks, DataFolder(tmp_path), 1.0)

    assert "ok      翻译            en" in table
    assert "ok      Fonts and more  Inter" in table


def test_one_that_hangs_costs_its_own_result_and_no_more_than_the_limit(tmp_path: Path) -> None:
    end = threading.Event()
    began = time.monotonic()
    try:
        hung, quick = done(
            Check("keyring", "Keyring", lambda: str(end.wait(60))),
            Check("fonts", "Fonts", lambda: "Inter"),
            limit_s=0.3,
        )
    finally:
        end.set()

    assert time.monotonic() - began < 5
    assert not hung.passed
    assert hung.trouble == "no answer within 0.3 s"
    assert quick.passed
