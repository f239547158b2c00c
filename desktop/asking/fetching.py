"""What a terminal was given: files of this computer, and addresses, which become files first."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

from desktop.core.problems import Code, ProblemError
from desktop.core.web_addresses import is_link
from desktop.system.downloads import keep_download
from desktop.system.files import problem_of

Download = Callable[[str, frozenset[str], Callable[[int, int | None], None]], Awaitable[tuple[bytes, str]]]


async def local_files(
    given: Sequence[str], folder: Path, download: Download, *, allow_private: bool
) -> tuple[Path, ...]:
    """The files that are meant, in order; addresses are downloaded into ``folder``, all at once.

    Args:
        given: paths, http(s) addresses and data URLs.
        folder: where downloads are kept.
        download: fetches an address; see `engines.image_download`.
        allow_private: addresses of this computer and its network may be fetched, too.

    Raises:
        ProblemError: why one of them could not be fetched.
    """
    return tuple(await asyncio.gather(*(_local(one, folder, download, allow_private) for one in given)))


async def _local(given: str, folder: Path, download: Download, allow_private: bool) -> Path:
    if not is_link(given):
        return Path(given)
    hosts: frozenset[str] = frozenset()
    while True:
        try:
            data, name = await download(given, hosts, lambda _came, _of: None)
        except ProblemError as error:
            host = str(error.problem.parameters.get("host", ""))
            if error.problem.code is not Code.LINK_PRIVATE or not allow_private or host in hosts:
                raise
            hosts |= {host}
        else:
            break
    try:
        return await asyncio.to_thread(keep_download, folder, name, data)
    except OSError as error:
        raise ProblemError(problem_of(error, folder)) from None
