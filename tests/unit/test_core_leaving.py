"""What leaves the gallery for other programs, and under which name."""

import os
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote_to_bytes

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Edits
from desktop.core.leaving import AtHand, Leaving, cut_name, gnome_files, made_name, uri, uri_list, what_leaves
from desktop.core.model import ImageFacts

BLACKED_OUT = Edits(blackouts=(Area(0, 0, 5, 5),))
PHOTO = ImageFacts(
    path=Path("/photo.jpg"),
    name="photo.jpg",
    sha256="a" * 64,
    file_bytes=10,
    modified_ns=0,
    format="JPEG",
    width_px=40,
    height_px=30,
)
REPORT = replace(PHOTO, path=Path("/report.pdf"), name="report.pdf", format="PDF", frames=3)
FILM = replace(PHOTO, path=Path("/film.gif"), name="film.gif", format="GIF", frames=9)


def at_hand(facts: ImageFacts, page: int = 0, edits: Edits = Edits()) -> AtHand:  # noqa: B008 - a value
    return AtHand(path=facts.path, page=page, facts=replace(facts, page=page), edits=edits)


def test_an_untouched_file_leaves_as_it_is() -> None:
    assert what_leaves([at_hand(PHOTO), at_hand(FILM)]) == (
        (Leaving(path=PHOTO.path), Leaving(path=FILM.path)),
        (),
    )


def test_an_edited_image_leaves_as_a_picture_of_full_size() -> None:
    edits = Edits(crop=Area(10, 0, 30, 30), quarter_turns=1)

    (made,), _ = what_leaves([at_hand(PHOTO, edits=edits)])

    assert made == Leaving(path=PHOTO.path, facts=PHOTO, edits=edits)
    assert made.size_px == (30, 20)


def test_what_is_for_the_model_only_is_no_edit() -> None:
    asked = Edits(region=Area(0, 0, 5, 5), longest_px=20)

    assert what_leaves([at_hand(PHOTO, edits=asked)])[0] == (Leaving(path=PHOTO.path),)
    (made,), _ = what_leaves([at_hand(PHOTO, edits=replace(asked, blackouts=BLACKED_OUT.blackouts))])
    assert made.edits == BLACKED_OUT
    assert made.size_px == (40, 30)


def test_one_page_of_several_is_a_picture_and_all_of_them_are_the_file() -> None:
    pages = [at_hand(REPORT, page) for page in range(3)]

    (first,), _ = what_leaves(pages[:1])
    assert first.facts == REPORT
    assert what_leaves(pages) == ((Leaving(path=REPORT.path),), ())
    changed, _ = what_leaves([*pages[:2], at_hand(REPORT, 2, BLACKED_OUT)])
    assert changed == (
        Leaving(path=REPORT.path),
        Leaving(path=REPORT.path, facts=replace(REPORT, page=2), edits=BLACKED_OUT),
    )


def test_a_chosen_frame_is_a_picture_and_the_first_is_the_film() -> None:
    (frame, film), _ = what_leaves([at_hand(FILM, 4), at_hand(FILM, 0)])

    assert frame.facts == replace(FILM, page=4)
    assert film.facts is None


def test_what_was_blacked_out_never_leaves_with_the_file() -> None:
    waiting = AtHand(path=PHOTO.path, edits=BLACKED_OUT)

    assert what_leaves([waiting]) == ((), (waiting,))


def test_a_file_that_cannot_be_read_as_an_image_still_leaves() -> None:
    assert what_leaves([AtHand(path=PHOTO.path)]) == ((Leaving(path=PHOTO.path),), ())


def test_names_tell_what_was_made() -> None:
    def name(facts: ImageFacts, edits: Edits, suffix: str = ".png") -> str:
        return made_name(Leaving(path=facts.path, facts=facts, edits=edits), suffix)

    assert name(PHOTO, BLACKED_OUT) == "photo (edited).png"
    assert name(replace(REPORT, page=2), Edits(), ".jpg") == "report (page 3).jpg"
    assert name(replace(REPORT, page=0), BLACKED_OUT) == "report (page 1, edited).png"
    assert name(replace(FILM, page=4), Edits()) == "film (frame 5).png"
    assert name(replace(FILM, page=4), BLACKED_OUT) == "film (frame 5, edited).png"


NAMES = st.binary(min_size=1, max_size=255).filter(
    lambda name: not {0, 47} & set(name) and name not in (b".", b"..")
)


@given(NAMES)
def test_any_name_gives_one_that_a_disk_takes(name: bytes) -> None:
    path = Path("/", os.fsdecode(name))

    made = made_name(Leaving(path=path, facts=replace(PHOTO, path=path), edits=BLACKED_OUT), ".png")

    assert len(os.fsencode(made)) <= 255
    assert "/" not in made
    assert made.endswith(" (edited).png")


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=60), st.integers(0, 100))
def test_a_name_is_never_cut_within_a_character(text: str, most_bytes: int) -> None:
    cut = cut_name(text, most_bytes)

    assert text.startswith(cut)
    assert len(cut.encode()) <= most_bytes


@given(st.lists(NAMES, min_size=1, max_size=5))
def test_every_name_can_be_read_back_from_the_lists(names: list[bytes]) -> None:
    paths = [Path("/a b", os.fsdecode(name)) for name in names]

    addresses = uri_list(paths).split(b"\r\n")
    assert addresses.pop() == b""
    assert [unquote_to_bytes(address.removeprefix(b"file://")) for address in addresses] == [
        os.fsencode(path) for path in paths
    ]
    assert gnome_files(paths).split(b"\n") == [b"copy", *(uri(path).encode() for path in paths)]
