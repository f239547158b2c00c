"""What leaves the gallery for other programs: a file as it is, or a picture made of a page and its edits."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote_from_bytes

from desktop.core.edits import Edits
from desktop.core.model import ImageFacts
from desktop.core.pages import is_paged
from desktop.core.text import _

URI_LIST = "text/uri-list"
GNOME_FILES = "x-special/gnome-copied-files"
"""What file managers of GNOME, Xfce, LXDE and others paste; without it some offer nothing."""

_MAX_NAME_BYTES = 240
"""Of 255 that file systems take; the rest is for what others append."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtHand:
    """An image of the gallery, as far as leaving is concerned.

    Attributes:
        path: the file.
        page: the page or frame of it, from 0.
        facts: what the file says of it; None while it is looked at, or if it cannot be used.
        edits: what was done to it.
    """

    path: Path
    page: int = 0
    facts: ImageFacts | None = None
    edits: Edits = field(default_factory=Edits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """One thing that leaves.

    Attributes:
        path: the file.
        facts: of the page whose picture is made; None for the file as it is.
        edits: what is done to it; never a part that is asked about, nor a size for a server.
    """

    path: Path
    facts: ImageFacts | None = None
    edits: Edits = field(default_factory=Edits)

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the picture that is made: all pixels that are left."""
        if self.facts is None:
            raise ValueError(self.path)
        return self.edits.size(self.facts.width_px, self.facts.height_px)


def what_leaves(images: Iterable[AtHand]) -> tuple[tuple[Leaving, ...], tuple[AtHand, ...]]:
    """What leaves for these images, in order, and those that are not known well enough yet.

    A file leaves as it is if nothing was done to it, once for all of its pages; one of several pages alone is
    a picture. An edited image never leaves as the file, which shows what was blacked out.
    """
    given = tuple(images)
    pages: dict[Path, set[int]] = {}
    for image in given:
        pages.setdefault(image.path, set()).add(image.page)
    leaving: dict[Leaving, None] = {}
    unknown = []
    for image in given:
        whole = image.facts is not None and len(pages[image.path]) >= image.facts.frames
        done = _done_to_pixels(image.edits)
        if not done and (whole or not _is_one_of_several(image)):
            leaving[Leaving(path=image.path)] = None
        elif image.facts is None:
            unknown.append(image)
        else:
            leaving[Leaving(path=image.path, facts=image.facts, edits=done)] = None
    return tuple(leaving), tuple(unknown)


def made_name(leaving: Leaving, suffix: str) -> str:
    """What the picture that is made is called: ``photo (edited).png``."""
    page = leaving.facts.page + 1 if leaving.facts is not None else 0
    paged = leaving.facts is not None and is_paged(leaving.facts)
    if paged:
        text = _("{name} (page {page}, edited)") if leaving.edits else _("{name} (page {page})")
    elif page > 1:
        text = _("{name} (frame {page}, edited)") if leaving.edits else _("{name} (frame {page})")
    else:
        text = _("{name} (edited)")
    end = text.format(name="\0", page=page) + suffix
    room = _MAX_NAME_BYTES - len(os.fsencode(end))
    return end.replace("\0", cut_name(leaving.path.stem, room)).replace(os.sep, "_")


def uri(path: Path) -> str:
    """The address of a file; bytes that are no UTF-8 stay what they are."""
    if os.name != "posix":
        return path.as_uri()
    return "file://" + quote_from_bytes(os.fsencode(path))


def uri_list(paths: Iterable[Path]) -> bytes:
    """``text/uri-list`` (RFC 2483)."""
    return "".join(f"{uri(path)}\r\n" for path in paths).encode()


def gnome_files(paths: Iterable[Path]) -> bytes:
    """``x-special/gnome-copied-files``: what to do, then one address a line."""
    return "\n".join(("copy", *map(uri, paths))).encode()


def _done_to_pixels(edits: Edits) -> Edits:
    return replace(edits, region=None, longest_px=None, overview=False)


def _is_one_of_several(image: AtHand) -> bool:
    return image.page > 0 or (image.facts is not None and is_paged(image.facts))


def cut_name(name: str, most_bytes: int) -> str:
    """The beginning of a name, of at most so many bytes."""
    data = os.fsencode(name)
    if len(data) <= most_bytes:
        return name
    # Not within a character.
    data = data[:most_bytes]
    while data and data[-1] & 0xC0 == 0x80:
        data = data[:-1]
    return os.fsdecode(data[:-1] if data and data[-1] & 0x80 else data)
