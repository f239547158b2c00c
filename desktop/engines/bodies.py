"""Reads bodies that are no stream, within a limit: what a server says may be of any length."""

from contextlib import aclosing
from typing import Any

from desktop.core.problems import Code, ProblemError, problem


async def read_body(response: Any, most_bytes: int) -> bytes:  # noqa: ANN401 - its class is the library's secret
    """The body as it comes, undecoded.

    Args:
        response: of the transport: it has ``aiter_raw``.
        most_bytes: longer ones are given up.

    Raises:
        ProblemError: it is longer (NOT_THE_PROTOCOL).
    """
    body = bytearray()
    async with aclosing(response.aiter_raw()) as chunks:
        async for chunk in chunks:
            body += chunk
            if len(body) > most_bytes:
                raise ProblemError(problem(Code.NOT_THE_PROTOCOL))
    return bytes(body)
