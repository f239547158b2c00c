"""Large pixels cross from a worker process in shared memory: through a pipe 100 MB would stall all others.

A pipe's reader holds up the results behind it and, while it joins the pieces, every thread of the window.
Only Linux has memory without a name; elsewhere, and wherever it fails, pixels come through the pipe.
"""

import contextlib
import mmap
import os
import secrets
import sys
from concurrent.futures import Future
from dataclasses import dataclass, replace
from typing import Final

from desktop.images.inspect import Picture

_LEAST_BYTES: Final = 1_000_000
"""Less goes through the pipe just as well."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a worker may put pixels: a file descriptor of the window's process.

    Attributes:
        path: of the descriptor in ``/proc``.
        name: what the descriptor must turn out to be, because its number may be another file's by then.
    """

    path: str
    name: str


class SharedPixels:
    """Memory for the pixels of one picture, given back as soon as nobody looks at them."""

    def __init__(self) -> None:
        self._file: int | None = None
        self.place: Place | None = None
        if sys.platform == "linux":
            token = f"sightline-{secrets.token_hex(16)}"
            with contextlib.suppress(OSError):
                self._file = os.memfd_create(token, os.MFD_CLOEXEC)
                self.place = Place(f"/proc/{os.getpid()}/fd/{self._file}", f"/memfd:{token} (deleted)")

    def fetch(self, picture: Picture) -> Future[Picture]:
        """The picture with its pixels; done already."""
        done: Future[Picture] = Future()
        if self._file is not None and not picture.rgba:
            size = picture.width_px * picture.height_px * 4
            view = memoryview(mmap.mmap(self._file, size, access=mmap.ACCESS_READ))
            picture = replace(picture, rgba=view)
        done.set_result(picture)
        return done

    def close(self) -> None:
        """Give the descriptor back; pixels that were fetched stay until they are dropped. Idempotent."""
        file, self._file = self._file, None
        if file is not None:
            os.close(file)


def put(picture: Picture, place: Place | None) -> Picture:
    """In a worker: leave the pixels at ``place``, and return the rest; all of it if that cannot be done."""
    if place is None or len(picture.rgba) < _LEAST_BYTES:
        return picture
    try:
        with open(place.path, "r+b", buffering=0) as file:  # noqa: PTH123 - a descriptor, no file
            if os.readlink(f"/proc/self/fd/{file.fileno()}") != place.name:  # noqa: PTH115
                return picture
            rest = memoryview(picture.rgba)
            while rest:
                rest = rest[file.write(rest) :]
    except OSError:
        return picture
    return replace(picture, rgba=b"")
