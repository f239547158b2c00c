"""Every problem has its words, and nothing that comes with a problem can spoil them."""

import ast
import gettext
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import text
from desktop.core.problem_text import Explanation, Remedy, exit_status, explain, remedy, rows, sentence
from desktop.core.problems import Code, Problem, problem
from desktop.core.sentences.row import Row

DESKTOP = Path(__file__).parents[2] / "desktop"


def _texts(row: Row) -> tuple[str, ...]:
    return row.what, row.meaning, row.remedy


@pytest.mark.parametrize("code", Code)
def test_every_code_says_what_happened_what_it_means_and_what_to_do(code: Code) -> None:
    row = rows()[code]
    for said in _texts(row):
        assert said.endswith("."), said
        assert len(said) <= 110, said
    names = {name for said in _texts(row) for _, name, _, _ in Formatter().parse(said) if name}
    assert names == set(row.needs)
    assert not names & set(row.may_have) or names & set(row.may_have) <= {"host", "model", "seconds"}


def test_there_is_a_row_for_every_code_and_for_nothing_else() -> None:
    assert set(rows()) == set(Code)


@pytest.mark.parametrize("code", Code)
def test_missing_parameters_leave_whole_sentences(code: Code) -> None:
    explanation = explain(problem(code))
    for said in (explanation.what, explanation.meaning, explanation.remedy, sentence(problem(code))):
        assert said[0].isupper() or said[0] == "…"
        assert "{" not in said
        assert "the server the server" not in said


values = st.one_of(st.integers(), st.text(st.characters(exclude_categories=[]), max_size=400))
names = st.sampled_from(
    ["name", "host", "model", "message", "reason", "size_bytes", "limit", "self", "0", "x y"]
)


@given(code=st.sampled_from(Code), parameters=st.dictionaries(names, values))
def test_whatever_a_problem_holds_becomes_one_plain_bounded_line(
    code: Code, parameters: dict[str, str | int]
) -> None:
    trouble = Problem(code, parameters)
    explanation = explain(trouble)
    for said in (explanation.what, explanation.meaning, explanation.remedy, sentence(trouble)):
        assert said.isprintable()
        said.encode("utf-8")
    assert exit_status(trouble) in range(1, 6)


def test_values_of_another_type_are_shown_as_they_are() -> None:
    odd = Problem(Code.IMAGE_UNSUPPORTED, {"name": "a.xyz", "format": ["x"]})  # type: ignore[dict-item]
    assert "['x']" in sentence(odd)


def test_names_are_quoted_and_sizes_and_numbers_are_readable() -> None:
    too_large = problem(Code.IMAGE_TOO_MANY_BYTES, name="a.png", size_bytes=123_456_789, limit_bytes=10**8)
    assert explain(too_large) == Explanation(
        what="“a.png” is too large: 123 MB, 100 MB at most.",
        meaning="Larger ones could use up the memory of this computer.",
        remedy="Save it smaller, for example as JPEG, and add that.",
    )
    refused = problem(Code.IMAGE_REJECTED_BY_MODEL, patches=41334, limit=30000, model="gpt-5.6-terra")
    assert explain(refused).what == (
        "At this detail the image is too large for gpt-5.6-terra: 41,334 patches, 30,000 at most."
    )


def test_what_the_server_said_is_told_in_its_own_words() -> None:
    refused = problem(Code.BAD_REQUEST, host="localhost:80", message="no {x} <b>here</b>.", status=400)
    assert sentence(refused) == (
        "localhost:80 refused the question. The server said: “no {x} <b>here</b>”. "
        "Choose another model, or change the question."
    )
    assert explain(refused).meaning.endswith("The server said: “no {x} <b>here</b>”.")
    unreadable = problem(Code.IMAGE_UNREADABLE, name="a.png", reason="Permission denied")
    assert explain(unreadable).meaning.endswith("The system said: “Permission denied”.")


def test_a_host_keeps_its_own_letters_and_a_missing_one_begins_the_sentence() -> None:
    assert explain(problem(Code.SERVER_ERROR, host="localhost")).what == "localhost failed to answer."
    assert explain(problem(Code.SERVER_ERROR)).what == "The server failed to answer."
    assert explain(problem(Code.IMAGE_NOT_AN_IMAGE)).what == "This file is not an image."


def test_sentences_are_said_in_the_chosen_language(monkeypatch: pytest.MonkeyPatch) -> None:
    class Shouting(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return "{host}: " + message.upper().replace("{HOST}", "{host}")

    monkeypatch.setattr(text, "_translations", Shouting())
    assert explain(problem(Code.SERVER_ERROR, host="x")).what == "x: x FAILED TO ANSWER."


@pytest.mark.parametrize(
    ("code", "status"),
    [
        (Code.UNEXPECTED, 1),
        (Code.DISK_FULL, 1),
        (Code.DATABASE_LOCKED, 1),
        (Code.READER_MISSING, 1),
        (Code.KEY_MISSING, 2),
        (Code.KEY_MULTI_LINE, 2),
        (Code.URL_INVALID, 2),
        (Code.DETAIL_NOT_OFFERED, 2),
        (Code.IMAGE_DAMAGED, 3),
        (Code.IMAGE_REJECTED_BY_MODEL, 3),
        (Code.FOLDER_UNREADABLE, 3),
        (Code.UNAUTHORIZED, 4),
        (Code.RATE_LIMITED, 4),
        (Code.NOT_THE_PROTOCOL, 4),
        (Code.IMAGE_REFUSED, 4),
        (Code.REDIRECTED, 4),
        (Code.LENGTH_LIMIT, 4),
        (Code.NO_CONNECTION, 5),
        (Code.TLS_FAILED, 5),
        (Code.PROXY_FAILED, 5),
        (Code.TIMED_OUT, 5),
        (Code.STREAM_STALLED, 5),
        (Code.STREAM_CUT, 5),
        (Code.ENDED_EARLY, 5),
    ],
)
def test_scripts_can_tell_the_kinds_of_trouble_apart(code: Code, status: int) -> None:
    assert exit_status(problem(code)) == status


@pytest.mark.parametrize(
    ("code", "button"),
    [
        (Code.UNAUTHORIZED, Remedy.OPEN_KEY),
        (Code.URL_INVALID, Remedy.OPEN_SETTINGS),
        (Code.MODEL_NOT_FOUND, Remedy.CHOOSE_MODEL),
        (Code.IMAGE_REJECTED_BY_MODEL, Remedy.LOWER_DETAIL),
        (Code.IMAGE_DAMAGED, None),
        (Code.CONTEXT_TOO_LONG, Remedy.NEW_CONVERSATION),
        (Code.STREAM_CUT, Remedy.RETRY),
        (Code.ALREADY_OPEN, None),
    ],
)
def test_the_button_does_what_the_sentence_says(code: Code, button: Remedy | None) -> None:
    assert remedy(code) is button


def _raised_problems() -> Iterator[tuple[str, Code, set[str], bool]]:
    for path in sorted(DESKTOP.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name)):
                continue
            first = call.args[0] if call.func.id == "problem" and call.args else None
            if isinstance(first, ast.Attribute) and first.attr in Code.__members__:
                given_names = {keyword.arg for keyword in call.keywords if keyword.arg}
                spread = any(keyword.arg is None for keyword in call.keywords)
                where = f"{path.relative_to(DESKTOP)}:{call.lineno}"
                yield where, Code[first.attr], given_names, spread


def test_problems_are_raised_with_what_their_sentences_need() -> None:
    wrong = []
    for where, code, given_names, spread in _raised_problems():
        row = rows()[code]
        optional = set(row.may_have) | {"host", "folder", "name"}
        missing = set() if spread else set(row.needs) - given_names - {"host", "folder"}
        unknown = given_names - set(row.needs) - optional
        if missing or unknown:
            wrong.append(f"{where} {code}: missing {sorted(missing)}, unknown {sorted(unknown)}")
    assert wrong == []
