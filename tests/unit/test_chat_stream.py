"""However a stream is split or broken off: the same text, and never complete unless the server said so."""

import json
from collections.abc import Iterable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.problems import Code, Problem, ProblemError
from desktop.engines import chat_stream
from desktop.engines.chat_stream import AnswerReader
from desktop.engines.model_list import model_names
from desktop.engines.openai_errors import Context
from desktop.engines.sse import LineSplitter
from desktop.engines.usage import usage_in

CONTEXT = Context(host="example.org", model="m", keys=("sk-canary-key",))


def chunk(text: Any = None, reason: str | None = None, **more: Any) -> dict[str, Any]:
    return {"choices": [{"index": 0, "delta": {"content": text}, "finish_reason": reason}], **more}


def stream(*chunks: object, end: str = "\n\n", done: bool = True) -> bytes:
    texts = [c if isinstance(c, str) else json.dumps(c) for c in chunks] + (["[DONE]"] if done else [])
    return "".join(f"data: {text}{end}" for text in texts).encode()


def read(pieces: Iterable[bytes]) -> tuple[str, Problem | None, AnswerReader]:
    reader = AnswerReader(CONTEXT)
    text = ""
    for piece in pieces:
        more, problem = reader.feed(piece)
        text += more
        if problem is not None:
            return text, problem, reader
    more, problem = reader.finish()
    return text + more, problem, reader


def code_of(data: bytes) -> Code | None:
    _, problem, _ = read([data])
    return problem.code if problem else None


texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1, max_size=30)


@given(st.lists(texts, min_size=1, max_size=6), st.sampled_from(["\n\n", "\r\n\r\n", "\r\r"]), st.data())
def test_the_split_into_pieces_makes_no_difference(words: list[str], end: str, data: st.DataObject) -> None:
    body = stream(*(chunk(word) for word in words), chunk(None, "stop"), end=end)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(body)), max_size=12)))
    pieces = [body[a:b] for a, b in zip([0, *cuts], [*cuts, len(body)], strict=True)]
    text, problem, _ = read(pieces)
    assert (text, problem) == ("".join(words), None)


@given(st.lists(texts, min_size=1, max_size=4), st.data())
def test_a_stream_that_is_broken_off_is_complete_only_after_its_finish_reason(
    words: list[str], data: st.DataObject
) -> None:
    spoken = stream(*(chunk(word) for word in words), done=False)
    body = spoken + stream(chunk(None, "stop"))
    cut = data.draw(st.integers(0, len(body)))
    text, problem, reader = read([body[:cut]])
    assert "".join(words).startswith(text)
    assert (problem is None) == reader.finished
    if cut <= len(spoken):
        assert problem is not None
    if problem is None:
        assert text == "".join(words)


@given(st.binary(max_size=300))
def test_no_bytes_raise_and_none_are_complete_by_chance(data: bytes) -> None:
    _, problem, _ = read([data])
    assert problem is not None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    ["choices", "delta", "content", "index", "finish_reason", "usage", "error", "message"]
                ),
                inner,
                max_size=5,
            )
        ),
        max_leaves=20,
    )
)
def test_json_of_any_shape_ends_in_a_verdict(value: object) -> None:
    text, problem, reader = read([stream(json.dumps(value))])
    text.encode("utf-8")
    assert problem is not None or (reader.finished and text)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", Code.EMPTY_ANSWER),
        (b" \n\n \n", Code.EMPTY_ANSWER),
        (b"\xef\xbb\xbf" + stream(chunk("a", "stop")), None),
        (b"<html>", Code.NOT_THE_PROTOCOL),
        (b"\n\n<html>\n", Code.NOT_THE_PROTOCOL),
        (b"hello", Code.NOT_THE_PROTOCOL),
        (b'{"error": "no such thing"}', Code.SERVER_ERROR),
        (b'{"error": {"message": "slow down", "code": 429}}', Code.RATE_LIMITED),
        (b'{"choices": [{"message": {"content": "hi"}, "finish_reason": "stop"}]}', None),
        (b'{\n "choices": [\n {"message": {"content": "hi"}, "finish_reason": "stop"}]\n}\n', None),
        (b'{"choices": [{"message": {"content": "hi"', Code.NOT_THE_PROTOCOL),
        (b'{"ok": true}', Code.ENDED_EARLY),
        (b"data: " + b"[" * 100_000 + b"\n\n", Code.NOT_THE_PROTOCOL),
        (b"data: \xff\xfe\n\n", Code.NOT_THE_PROTOCOL),
        (b'data: "text"\n\n', Code.NOT_THE_PROTOCOL),
        (b'data: {"choices": 5}\n\n', Code.NOT_THE_PROTOCOL),
        (stream(chunk(7)), Code.NOT_THE_PROTOCOL),
        (b'data: {"usage": {"prompt_tokens": NaN}}\n\n', Code.NOT_THE_PROTOCOL),
        (stream(chunk("a")), None),
        (stream(chunk("a"), done=False), Code.ENDED_EARLY),
        (stream(chunk("a", "STOP"), done=False), None),
        (stream(chunk("a", "eos"), done=False), None),
        (stream(chunk("a", "MAX_TOKENS")), Code.LENGTH_LIMIT),
        (stream(chunk("a", "SAFETY")), Code.CONTENT_FILTERED),
        (stream(chunk(None, "length")), Code.LENGTH_LIMIT),
        (stream(chunk(None, "stop")), Code.EMPTY_ANSWER),
        (stream(chunk("a"), {"error": "overloaded"}), Code.SERVER_OVERLOADED),
        (stream(chunk("a"), {"error": {"message": "x", "code": "insufficient_quota"}}), Code.QUOTA_USED_UP),
        (stream({"choices": []}, {"choices": None}, {}, chunk("a", "stop")), None),
        (b"event: ping\nid: 1\nretry: 5\n: comment\nother: x\n\n" + stream(chunk("a", "stop")), None),
        (stream(chunk("a", "stop"), done=False).rstrip(), Code.ENDED_EARLY),
        (stream(chunk("a"), done=False) + b"data: [DONE]", None),
        (b"data: " + b"x" * (5 << 20), Code.ANSWER_TOO_LONG),
        ((b"data: " + b"x" * 1000 + b"\n") * 5000, Code.ANSWER_TOO_LONG),
        (b"{" + b" " * (5 << 20), Code.ANSWER_TOO_LONG),
        (b"{" + (b" " * 999 + b"\n") * 5000, Code.ANSWER_TOO_LONG),
    ],
    ids=lambda value: repr(value)[:60],
)
def test_one_body_and_its_verdict(data: bytes, code: Code | None) -> None:
    assert code_of(data) is code


def test_an_event_of_several_lines_is_joined() -> None:
    text, problem, _ = read([b'data: {"choices": [{"delta":\ndata: {"content": "a"}}]}\n\ndata: [DONE]\n\n'])
    assert (text, problem) == ("a", None)


def test_a_content_of_parts_is_their_text() -> None:
    parts = [{"type": "text", "text": "a"}, {"type": "image"}, {"type": "text", "text": "b"}]
    assert read([stream(chunk(parts))])[0] == "ab"


def test_only_the_first_choice_is_the_answer() -> None:
    other = {"choices": [{"index": 1, "delta": {"content": "other"}, "finish_reason": "stop"}]}
    text, problem, _ = read([stream(chunk("a"), other, done=False)])
    assert (text, problem and problem.code) == ("a", Code.ENDED_EARLY)


def test_a_character_split_over_two_deltas_comes_whole() -> None:
    body = stream(
        '{"choices":[{"delta":{"content":"\\ud83c"}}]}', '{"choices":[{"delta":{"content":"\\udf6e!"}}]}'
    )
    assert read([body])[0] == "🍮!"


def test_half_characters_and_nul_cannot_reach_the_store() -> None:
    body = stream('{"choices":[{"delta":{"content":"a\\udf6eb\\u0000c\\ud83c"}}]}')
    text, problem, _ = read([body])
    assert (text, problem) == ("a\ufffdb\ufffdc\ufffd", None)


def test_what_follows_the_end_is_not_read() -> None:
    text, problem, _ = read([stream(chunk("a", "stop")) + b"<html>"])
    assert (text, problem) == ("a", None)


def test_rubbish_after_the_finish_reason_spoils_nothing() -> None:
    text, problem, _ = read([stream(chunk("a", "stop"), '{"broken', done=False)])
    assert (text, problem) == ("a", None)


def test_the_limit_of_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_stream, "MAX_ANSWER_CHARS", 10)
    text, problem, _ = read([stream(chunk("x" * 8), chunk("y" * 8), chunk(None, "stop"))])
    assert (text, problem and problem.code) == ("x" * 8, Code.ANSWER_TOO_LONG)


@given(st.lists(st.binary(max_size=12), max_size=8))
def test_lines_are_split_alike_however_they_come(pieces: list[bytes]) -> None:
    whole, split = LineSplitter(), LineSplitter()
    expected = list(whole.feed(b"".join(pieces)))
    found = [line for piece in pieces for line in split.feed(piece)]
    assert (found, split.finish()) == (expected, whole.finish())


def test_the_message_of_an_error_in_a_stream_is_shown_without_the_key() -> None:
    _, problem, _ = read([stream({"error": {"message": "bad key sk-canary-key\nline two", "code": 401}})])
    assert problem is not None
    assert problem.code is Code.UNAUTHORIZED
    assert problem.parameters["message"] == "bad key [hidden] line two"


@pytest.mark.parametrize(
    "usage",
    [
        None,
        5,
        [],
        {},
        {"prompt_tokens": 1},
        {"prompt_tokens": "1", "completion_tokens": 1},
        {"prompt_tokens": True, "completion_tokens": 1},
        {"prompt_tokens": -1, "completion_tokens": 1},
        {"prompt_tokens": 10**30, "completion_tokens": 1},
        {"prompt_tokens": 1.5, "completion_tokens": 1},
    ],
)
def test_usage_without_sense_is_not_said(usage: object) -> None:
    assert usage_in({"usage": usage}) is None


def test_details_without_sense_count_as_nothing() -> None:
    usage = usage_in(
        {
            "usage": {
                "prompt_tokens": 10,
                "completion_tokens": 5,
                "prompt_tokens_details": {"cached_tokens": 99, "cache_write_tokens": "x", "image_tokens": 8},
                "completion_tokens_details": {"reasoning_tokens": 99},
                "cost": "lots",
            }
        }
    )
    assert usage is not None
    assert (usage.cached_tokens, usage.cache_write_tokens, usage.image_tokens) == (10, 0, 8)
    assert (usage.reasoning_tokens, usage.charged_usd) == (5, None)


@pytest.mark.parametrize("cost", [-1, float("inf"), float("nan"), True, [], "1e99", 10**9])
def test_a_charge_without_sense_is_not_said(cost: object) -> None:
    usage = usage_in({"usage": {"prompt_tokens": 1, "completion_tokens": 1, "cost": cost}})
    assert usage is not None
    assert usage.charged_usd is None


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"data": 5}', b"<html>", b"\xff", b"[" * 99_999])
def test_a_body_that_lists_no_models(body: bytes) -> None:
    with pytest.raises(ProblemError) as caught:
        model_names(body)
    assert caught.value.problem.code is Code.NOT_THE_PROTOCOL


def test_names_of_models_that_are_none_are_left_out() -> None:
    data = [{"id": "a"}, {"id": 5}, {}, None, {"id": ""}, {"id": "b\u202ec"}, {"id": "models/gemini"}]
    assert model_names(json.dumps({"data": data}).encode()) == ("a", "models/gemini")
