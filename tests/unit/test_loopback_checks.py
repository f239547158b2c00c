"""The loopback server refuses what the real one would refuse: proof that its checks reach every depth."""

import copy
import http.client
import json
from collections.abc import Callable
from typing import Any

import pytest

from desktop.engines.chat_request import Quirks, arguments_of
from tests.helpers.chat import part, picture, question
from tests.helpers.loopback import Loopback
from tests.helpers.loopback_checks import images_in, violations

Change = Callable[[dict[str, Any]], object]


def _image(body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = body["messages"][0]["content"][0]
    return found


@pytest.fixture
def body() -> dict[str, Any]:
    return arguments_of(
        question(part(), max_tokens=9), Quirks(max_tokens_parameter="max_completion_tokens", detail=True)
    )


WRONG: dict[str, Change] = {
    "a wrong detail": lambda body: _image(body)["image_url"].update(detail="highest"),
    "a url that is no text": lambda body: _image(body)["image_url"].update(url=7),
    "a url in place of its object": lambda body: _image(body).update(image_url="data:image/png;base64,AAAA"),
    "a wrong role": lambda body: body["messages"][0].update(role="human"),
    "a wrong type of part": lambda body: _image(body).update(type="image"),
    "an extra key at the top": lambda body: body.update(prompt="x"),
    "an extra key in a message": lambda body: body["messages"][0].update(images=[]),
    "an extra key in a part": lambda body: _image(body).update(name="a.png"),
    "an extra key in an image": lambda body: _image(body)["image_url"].update(alt="x"),
    "an extra key in the options": lambda body: body["stream_options"].update(usage=True),
    "a number as text": lambda body: body.update(max_completion_tokens="9"),
    "no streaming": lambda body: body.update(stream=False),
    "no model": lambda body: body.pop("model"),
    "text where a list is": lambda body: body.update(messages="hello"),
    "an image that is none": lambda body: _image(body)["image_url"].update(url="data:image/png;base64,AAAA"),
    "an image on the web": lambda body: _image(body)["image_url"].update(url="https://example.org/a.png"),
    "a picture of another kind": lambda body: _image(body)["image_url"].update(
        url=_image(body)["image_url"]["url"].replace("image/png", "image/jpeg")
    ),
}


def _post(server: Loopback, body: object) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    try:
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        response = connection.getresponse()
        response.read()
        return response.status
    finally:
        connection.close()


def test_what_the_engine_sends_is_right(body: dict[str, Any]) -> None:
    assert violations(body) == []
    assert images_in(body) == (picture(),)


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_found(body: dict[str, Any], change: Change) -> None:
    changed = copy.deepcopy(body)
    change(changed)
    assert violations(changed)


def test_the_server_refuses_and_remembers_what_is_wrong(body: dict[str, Any]) -> None:
    with Loopback() as server:
        assert _post(server, body) == 200
        assert server.violations == []
        _image(body)["image_url"]["detail"] = "highest"
        assert _post(server, body) == 400
        assert server.violations
        assert server.requests[1].violations


def test_chunks_of_the_server_are_those_of_the_protocol(body: dict[str, Any]) -> None:
    from openai.types.chat import ChatCompletionChunk

    with Loopback() as server:
        connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
        connection.request("POST", "/v1/chat/completions", json.dumps(body))
        lines = connection.getresponse().read().decode().split("\n\n")
        connection.close()
    assert lines[-2:] == ["data: [DONE]", ""]
    for line in lines[:-2]:
        ChatCompletionChunk.model_validate_json(line.removeprefix("data: "), strict=True)
