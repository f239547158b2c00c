"""Fetches the price list of genai-prices when the user asks for it, within a limit and without redirects."""

import asyncio
from urllib.parse import urlsplit

from desktop.core.problems import Code, ProblemError, problem
from desktop.core.text import printable
from desktop.engines.bodies import read_body
from desktop.engines.openai_client import make_transport
from desktop.engines.openai_errors import Context, Phase, problem_of

MAX_BYTES = 32_000_000
"""Ten times the list of 2026."""
_DEADLINE_S = 60.0
_SILENCE_S = 15.0


async def download_prices(
    url: str, *, deadline_s: float = _DEADLINE_S, silence_s: float = _SILENCE_S
) -> bytes:
    """The bytes at ``url``. No key is sent; cancelling closes the connection.

    Args:
        url: of the list.
        deadline_s: longest time for all of it.
        silence_s: longest time without a byte.

    Raises:
        ProblemError: no connection, a refusal, or more than 32 MB (NO_PRICE_TABLE).
    """
    host = printable(urlsplit(url).netloc.rpartition("@")[2])
    phase = Phase.CLIENT
    try:
        async with asyncio.timeout(deadline_s):
            transport = await asyncio.to_thread(make_transport, url, connect_s=silence_s, idle_s=silence_s)
            phase = Phase.WAITING
            async with transport, transport.stream("GET", url) as response:
                phase = Phase.READING
                return await read_body(response, MAX_BYTES)
    except Exception as error:  # noqa: BLE001 - the one table at the edge maps whatever it is
        found = problem_of(error, Context(host=host), phase)
    if found.code is Code.NOT_THE_PROTOCOL:
        raise ProblemError(problem(Code.NO_PRICE_TABLE, host=host))
    if found.code in (Code.STREAM_STALLED, Code.STREAM_CUT):
        # Words for half an answer do not fit half a list, of which nothing is kept.
        raise ProblemError(problem(Code.NO_CONNECTION, host=host))
    raise ProblemError(problem(found.code, **{"host": host, **found.parameters}))
