"""What the reader understands of a question, in English and Chinese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.engines.on_device.intent import Intent, Need, read_intent


def parts(question: str) -> set[str]:
    found = read_intent(question)
    return {name for name in ("text", "codes", "facts", "differences") if getattr(found, name)}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Copy the text", {"text"}),
        ("Copy the text exactly, in reading order.", {"text"}),
        ("Transcribe this", {"text"}),
        ("What does the sign say? Read it.", {"text"}),
        ("复制文字", {"text"}),
        ("提取图中的文本", {"text"}),
        ("Read the codes", {"codes"}),
        ("Read all barcodes and QR codes.", {"codes"}),
        ("scan this code", {"codes"}),
        ("识别二维码", {"codes"}),
        ("Copy the text and the QR codes", {"text", "codes"}),
        ("Spot the differences", {"differences"}),
        ("Compare these two pages. What has changed in the text?", {"differences"}),
        ("找出两张图的区别", {"differences"}),
        ("What is in this file?", {"facts"}),
        ("Where was this photo taken?", {"facts"}),
        ("How many pixels does it have?", {"facts"}),
        ("这个文件里有什么？", {"facts"}),
        ("照片的拍摄时间和位置", {"facts"}),
    ],
)
def test_what_it_can_do_is_recognised_and_nothing_is_missing(question: str, expected: set[str]) -> None:
    found = read_intent(question)
    assert parts(question) == expected
    assert found.sure
    assert found.needs == ()


@pytest.mark.parametrize(
    ("question", "need"),
    [
        ("Describe this picture", Need.DESCRIBE),
        ("Write alt text for it", Need.DESCRIBE),
        ("What is in this image?", Need.DESCRIBE),
        ("描述这张图片", Need.DESCRIBE),
        ("Why does this fail?", Need.EXPLAIN),
        ("解释这个错误", Need.EXPLAIN),
        ("Translate it into German", Need.TRANSLATE),
        ("翻译成英文", Need.TRANSLATE),
        ("How many cats are there?", Need.COUNT),
        ("图里有几个人？", Need.COUNT),
        ("Summarise this page", Need.SUMMARISE),
        ("总结一下", Need.SUMMARISE),
        ("Which quarter fell in this chart?", Need.CHART),
        ("Who is the author?", Need.ANSWER),
        ("这是谁？", Need.ANSWER),
    ],
)
def test_what_needs_a_model_is_named_and_text_and_codes_are_given_all_the_same(
    question: str, need: Need
) -> None:
    found = read_intent(question)
    assert need in found.needs
    assert parts(question) == {"text", "codes"}
    assert not found.sure


def test_a_question_of_two_kinds_keeps_both() -> None:
    found = read_intent("Copy the text and translate it, then explain it")
    assert found.text
    assert found.needs == (Need.EXPLAIN, Need.TRANSLATE)


@pytest.mark.parametrize(
    ("question", "check"),
    [
        ("List every line item with its price, then check the total.", True),
        ("列出每个项目和价格，并核对合计", True),
        ("What is the total of this receipt?", False),
    ],
)
def test_a_receipt_is_read_and_its_total_checked_when_asked(question: str, check: bool) -> None:
    found = read_intent(question)
    assert (found.text, found.amounts, found.check) == (True, True, check)
    assert found.needs == ()


def test_an_empty_question_gives_text_and_codes_without_an_excuse() -> None:
    assert read_intent("  ") == Intent(text=True, codes=True, sure=False)


@given(st.text(max_size=200))
def test_any_question_gets_something(question: str) -> None:
    assert parts(question)
