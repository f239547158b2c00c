"""Code that asks the same question: whatever stands in a prompt comes out as the value it was."""

import ast
import json
import subprocess
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.core.model import Detail
from desktop.core.request import CodeLanguage
from desktop.engines.openai_chat import OpenAIChat
from desktop.export.code import as_curl, as_python, code_for
from tests.helpers.chat import part, question

URL = "https://api.openai.com/v1"
PNG = "data:image/png;base64,iVBORw0KGgo="
JPEG = "data:image/jpeg;base64,/9j/4AAQ"


def image(url: str, detail: str = "high") -> dict[str, Any]:
    return {"type": "image_url", "image_url": {"url": url, "detail": detail}}


def arguments(*texts: str, images: tuple[str, ...] = (PNG, JPEG)) -> dict[str, Any]:
    first: dict[str, Any] = {
        "role": "user",
        "content": [*map(image, images), {"type": "text", "text": texts[0]}],
    }
    roles = ["assistant", "user"]
    later = [{"role": roles[at % 2], "content": text} for at, text in enumerate(texts[1:])]
    return {
        "model": "gpt-6-astra",
        "messages": [first, *later],
        "stream": True,
        "stream_options": {"include_usage": True},
        "max_completion_tokens": 300,
    }


def read_python(code: str) -> tuple[str, dict[str, Any]]:
    """The base URL and the arguments; every one is a literal or the name of a constant."""
    tree = ast.parse(code)
    constants: dict[str, str] = {}
    calls: dict[str, ast.Call] = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if isinstance(node.value, ast.Call):
                calls[name] = node.value
            else:
                constants[name] = ast.literal_eval(node.value)

    class Fill(ast.NodeTransformer):
        def visit_Name(self, node: ast.Name) -> ast.AST:
            return ast.Constant(constants[node.id])

    sent = {str(k.arg): ast.literal_eval(Fill().visit(k.value)) for k in calls["stream"].keywords}
    return ast.literal_eval(calls["client"].keywords[0].value), sent


def read_curl(code: str) -> dict[str, Any]:
    head, body = code.split(" <<'JSON'\n")
    assert body.endswith("\nJSON\n")
    assert "JSON" not in body.removesuffix("JSON\n").splitlines(), "the delimiter ends the body"
    assert "@-" in head
    return dict(json.loads(body.removesuffix("JSON\n")))


hostile = st.text() | st.sampled_from(
    [
        "JSON",
        "\nJSON\n",
        "'; rm -rf ~ #",
        "$(id)",
        "`id`",
        '"""',
        "'''",
        "\\",
        "{name}",
        "\u2028",
        "\ud83d",
        "\x00",
    ]
)


@given(st.lists(hostile, min_size=1, max_size=4))
@example(['it\'s "both"', "IMAGE_1", "データ🍮"])
def test_both_carry_exactly_the_same_arguments(texts: list[str]) -> None:
    wanted = arguments(*texts)

    assert read_curl(as_curl(URL, wanted)) == wanted
    assert read_python(as_python(URL, wanted)) == (URL, wanted)


@given(hostile.filter(lambda text: "\x00" not in text and text.isprintable() and text.strip()))
def test_an_address_is_one_word_of_the_shell_and_one_literal(path: str) -> None:
    url = f"http://localhost:1/{path}"

    assert read_python(as_python(url, arguments("a")))[0] == url
    said = as_curl(url, {}).replace("curl --", "printf '%s\\n' --", 1)
    done = subprocess.run(["sh", "-c", said], capture_output=True, check=True)
    assert f"{url.rstrip('/')}/chat/completions" in done.stdout.decode().splitlines()


def test_the_program_reads_as_if_it_were_written_by_hand() -> None:
    assert (
        as_python(URL, arguments("What is the total?", "$23.45", 'And the "tip"?', images=(PNG,)))
        == """\
from openai import OpenAI

IMAGE_1 = "data:image/png;base64,iVBORw0KGgo="

# The key is read from OPENAI_API_KEY.
client = OpenAI(base_url="https://api.openai.com/v1")

stream = client.chat.completions.create(
    model="gpt-6-astra",
    messages=[
        {
            "role": "user",
            "content": [
                {"type": "image_url", "image_url": {"url": IMAGE_1, "detail": "high"}},
                {"type": "text", "text": "What is the total?"},
            ],
        },
        {"role": "assistant", "content": "$23.45"},
        {"role": "user", "content": 'And the "tip"?'},
    ],
    stream=True,
    stream_options={"include_usage": True},
    max_completion_tokens=300,
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="", flush=True)
print()
"""
    )


def test_the_same_image_twice_is_one_constant() -> None:
    code = as_python(URL, arguments("a", images=(PNG, JPEG, PNG)))

    assert code.count("iVBORw0KGgo=") == 1
    assert "IMAGE_3" not in code


def test_a_question_without_images_has_no_constants() -> None:
    code = as_python(URL, {"model": "m", "messages": [{"role": "user", "content": "Hello"}]})

    assert code.startswith("from openai import OpenAI\n\n# The key")


@pytest.mark.parametrize("language", list(CodeLanguage))
def test_the_key_is_read_from_the_environment(language: CodeLanguage) -> None:
    assert "OPENAI_API_KEY" in code_for(language, URL, arguments("a"))


def test_a_large_image_is_written_at_once() -> None:
    url = "data:image/png;base64," + "A" * 8_000_000

    for language in CodeLanguage:
        assert len(code_for(language, URL, arguments("a", images=(url,)))) < 8_002_000


@pytest.mark.parametrize(
    ("base_url", "limit", "has_detail"),
    [
        ("https://api.openai.com/v1", "max_completion_tokens", True),
        ("https://openrouter.ai/api/v1", "max_tokens", True),
        ("http://localhost:11434/v1", "max_tokens", False),
    ],
)
def test_each_server_gets_what_the_app_sends_it(base_url: str, limit: str, has_detail: bool) -> None:
    server = OpenAIChat(base_url=base_url, key=lambda: None)
    sent = server.arguments(question(part(detail=Detail.HIGH), max_tokens=9))

    assert sent[limit] == 9
    assert ("detail" in sent["messages"][0]["content"][0]["image_url"]) is has_detail
    assert read_curl(as_curl(base_url, sent)) == sent
    assert read_python(as_python(base_url, sent)) == (base_url, sent)
