"""The same file, nearly the same look, or neither."""

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.near_copies import NEAR_BITS, NearCopies

SIZE = (400, 300)
bits = st.integers(0, 2**64 - 1)


def index(*images: tuple[int, str, int | None]) -> NearCopies:
    made = NearCopies()
    for key, source, fingerprint in images:
        made.add(key, source, fingerprint, SIZE)
    return made


def flipped(value: int, places: set[int]) -> int:
    for place in places:
        value ^= 1 << place
    return value


@given(bits, st.sets(st.integers(0, 63), max_size=64))
def test_near_is_what_differs_in_few_bits_wherever_they_are(value: int, places: set[int]) -> None:
    copies = index((1, "a", value), (2, "b", flipped(value, places)))
    near = len(places) <= NEAR_BITS
    assert copies.copies_of(1) == ((), (2,) if near else ())
    assert copies.copies_of(2) == ((), (1,) if near else ())


def test_the_same_bytes_are_the_same_whatever_they_show() -> None:
    copies = index((1, "a", None), (2, "a", None), (3, "b", None))
    assert copies.copies_of(1) == ((2,), ())
    assert copies.copies_of(3) == ((), ())


def test_pictures_of_another_shape_are_not_near() -> None:
    copies = index((1, "a", 5))
    copies.add(2, "b", 5, (300, 400))
    assert copies.copies_of(1) == ((), ())


def test_what_is_removed_or_changed_is_no_copy_any_more() -> None:
    copies = index((1, "a", 5), (2, "a", 5), (3, "b", 4))
    assert copies.copies_of(1) == ((2,), (3,))
    copies.remove(2)
    copies.add(3, "c", 2**60 - 1, SIZE)
    copies.remove(99)
    assert copies.copies_of(1) == ((), ())
    assert not copies.has_copies(1)


def test_thousands_of_alike_pictures_are_no_work() -> None:
    copies = NearCopies()
    for key in range(5_000):
        copies.add(key, str(key), 7, SIZE)
    assert copies.copies_of(0) == ((), ())
