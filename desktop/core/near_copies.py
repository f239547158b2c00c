"""Which images are the same file, and which look nearly the same, told as images come and go. Pure.

Looks are 64 bits (`images.fingerprint`), of which near copies differ in few. Bits are cut into five pieces:
of two fingerprints that differ in at most four bits, one piece at least is the same (pigeonhole), so that
only those with an equal piece are compared.
"""

from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from typing import TypeVar

T = TypeVar("T")

NEAR_BITS = 4
"""So many bits of 64 may differ. `tests.bench.near_copies` measures what this finds and what it mistakes."""

_PIECES = ((0, 13), (13, 13), (26, 13), (39, 13), (52, 12))
"""First bit and number of bits of each piece."""
_LIKE_ASPECT = 0.04
_MOST_TOLD = 50
_MOST_COMPARED = 400
"""Pictures of one kind, such as thousands of blank scans, are not compared with every other."""


@dataclass(frozen=True, slots=True)
class _Look:
    source_id: str
    bits: int | None
    aspect: float


class NearCopies:
    """An index of images by key."""

    def __init__(self) -> None:
        self._looks: dict[int, _Look] = {}
        self._by_source: defaultdict[str, dict[int, None]] = defaultdict(dict)
        self._by_piece: defaultdict[tuple[int, int], dict[int, None]] = defaultdict(dict)

    def add(self, key: int, source_id: str, fingerprint: int | None, size: tuple[int, int]) -> None:
        """An image is known, or known otherwise than before.

        Args:
            key: names it.
            source_id: equal for the same page of the same bytes.
            fingerprint: 64 bits; None if it shows too little to be told from others.
            size: width and height in pixels.
        """
        look = _Look(source_id, fingerprint, size[0] / max(size[1], 1))
        if self._looks.get(key) == look:
            return
        self.remove(key)
        self._looks[key] = look
        self._by_source[source_id][key] = None
        for piece in _pieces(fingerprint):
            self._by_piece[piece][key] = None

    def remove(self, key: int) -> None:
        """An image is gone; nothing happens if it is not known."""
        look = self._looks.pop(key, None)
        if look is None:
            return
        _take(self._by_source, look.source_id, key)
        for piece in _pieces(look.bits):
            _take(self._by_piece, piece, key)

    def copies_of(self, key: int) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Keys of other images: the same bytes, and nearly the same look; each in the order of coming.

        At most 50 of each are told.
        """
        look = self._looks.get(key)
        if look is None:
            return (), ()
        same = (other for other in self._by_source[look.source_id] if other != key)
        near = sorted(other for other in self._candidates(look) if self._is_near(look, self._looks[other]))
        return tuple(islice(same, _MOST_TOLD)), tuple(near[:_MOST_TOLD])

    def has_copies(self, key: int) -> bool:
        """Whether there is any other image that is the same or nearly."""
        return any(self.copies_of(key))

    def _candidates(self, look: _Look) -> set[int]:
        found: set[int] = set()
        for piece in _pieces(look.bits):
            there = self._by_piece.get(piece, {})
            if len(there) <= _MOST_COMPARED:
                found.update(there)
        return found

    def _is_near(self, one: _Look, other: _Look) -> bool:
        if one.source_id == other.source_id or one.bits is None or other.bits is None:
            return False
        return _alike(one.bits, other.bits, one.aspect, other.aspect)


def is_near(one: tuple[int, tuple[int, int]], other: tuple[int, tuple[int, int]]) -> bool:
    """Whether two images look nearly the same: each a fingerprint, and width and height in pixels."""
    (bits, size), (other_bits, other_size) = one, other
    return _alike(bits, other_bits, size[0] / max(size[1], 1), other_size[0] / max(other_size[1], 1))


def _alike(bits: int, other_bits: int, aspect: float, other_aspect: float) -> bool:
    like = abs(aspect - other_aspect) <= _LIKE_ASPECT * max(aspect, other_aspect)
    return like and (bits ^ other_bits).bit_count() <= NEAR_BITS


def _pieces(bits: int | None) -> list[tuple[int, int]]:
    if bits is None:
        return []
    return [(first, bits >> first & ((1 << count) - 1)) for first, count in _PIECES]


def _take(index: defaultdict[T, dict[int, None]], name: T, key: int) -> None:
    there = index[name]
    there.pop(key, None)
    if not there:
        del index[name]
