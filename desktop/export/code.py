"""A request as code that runs as it is, with the key in ``OPENAI_API_KEY``; no key is ever in it.

Whatever stands in a prompt stays a value: JSON in a quoted here-document, literals in Python.
"""

import json
import shlex
from collections.abc import Mapping
from typing import Any

from desktop.core.compat import override
from desktop.core.request import CodeLanguage

_WIDTH = 88
"""Of a line of Python, as ``black`` wraps it."""


class _Name(str):
    """Text that stands for a constant, not for itself."""

    __slots__ = ()

    @override
    def __repr__(self) -> str:
        return str(self)


def code_for(language: CodeLanguage, base_url: str, arguments: Mapping[str, Any]) -> str:
    """The code that sends ``arguments`` to the Chat Completions of a server and prints the answer.

    Args:
        language: what to write.
        base_url: of the server, with its version.
        arguments: of ``chat.completions.create``; plain values.
    """
    if language is CodeLanguage.CURL:
        return as_curl(base_url, arguments)
    return as_python(base_url, arguments)


def as_curl(base_url: str, arguments: Mapping[str, Any]) -> str:
    """A command for bash, dash and every other POSIX shell.

    The body comes by standard input: an image is larger than an argument may be (128 KB on Linux).
    """
    # Every line of it begins with a brace, a bracket, a quote or a space, so none is the delimiter.
    body = json.dumps(arguments, indent=2)
    url = shlex.quote(f"{base_url.rstrip('/')}/chat/completions")
    return (
        "curl --fail-with-body --silent --show-error --no-buffer --globoff \\\n"
        '  --header "Authorization: Bearer $OPENAI_API_KEY" \\\n'
        "  --header 'Content-Type: application/json' \\\n"
        f"  --data-binary @- \\\n  {url} <<'JSON'\n{body}\nJSON\n"
    )


def as_python(base_url: str, arguments: Mapping[str, Any]) -> str:
    """A program for the ``openai`` package, laid out as ``black`` does, with the images as constants."""
    images: dict[str, _Name] = {}
    named = {name: _with_names(value, images) for name, value in arguments.items()}
    constants = "".join(f"{name} = {_text(url)}\n" for url, name in images.items())
    separated = f"{constants}\n" if constants else ""
    call = "".join(f"    {name}={_literal(value, 4, len(name) + 2)},\n" for name, value in named.items())
    return (
        f"from openai import OpenAI\n\n{separated}"
        "# The key is read from OPENAI_API_KEY.\n"
        f"client = OpenAI(base_url={_text(base_url)})\n\n"
        f"stream = client.chat.completions.create(\n{call})\n"
        "for chunk in stream:\n"
        "    if chunk.choices:\n"
        '        print(chunk.choices[0].delta.content or "", end="", flush=True)\n'
        "print()\n"
    )


def _with_names(value: Any, images: dict[str, _Name]) -> Any:  # noqa: ANN401 - any plain value
    """``value`` with a name instead of every data URL; ``images`` collects them."""
    if isinstance(value, Mapping):
        return {key: _with_names(item, images) for key, item in value.items()}
    if isinstance(value, list):
        return [_with_names(item, images) for item in value]
    if isinstance(value, str) and value.startswith("data:image/"):
        return images.setdefault(value, _Name(f"IMAGE_{len(images) + 1}"))
    return value


def _literal(value: Any, indent: int, before: int = 0) -> str:  # noqa: ANN401 - any plain value
    """``value`` as Python, on one line where it fits behind ``indent`` and ``before`` columns."""
    line = _one_line(value)
    if not isinstance(value, dict | list) or not value or indent + before + len(line) < _WIDTH:
        return line
    inner = indent + 4
    if isinstance(value, dict):
        items = [
            f"{_one_line(key)}: {_literal(item, inner, len(_one_line(key)) + 3)}"
            for key, item in value.items()
        ]
    else:
        items = [_literal(item, inner, 1) for item in value]
    opening, closing = "{}" if isinstance(value, dict) else "[]"
    body = "".join(f"{' ' * inner}{item},\n" for item in items)
    return f"{opening}\n{body}{' ' * indent}{closing}"


def _one_line(value: Any) -> str:  # noqa: ANN401 - any plain value
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_one_line(key)}: {_one_line(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_one_line, value)) + "]"
    return _text(value) if isinstance(value, str) and not isinstance(value, _Name) else repr(value)


def _text(text: str) -> str:
    """A literal in double quotes, unless that takes more escapes."""
    literal = repr(text)
    return literal if '"' in text else f'"{literal[1:-1]}"'
