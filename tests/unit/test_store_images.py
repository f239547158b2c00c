"""Sent images are kept by the hash of their bytes, as long as something needs them and no longer."""

from dataclasses import replace
from pathlib import Path

import pytest

from desktop.core.problems import Code, ProblemError
from desktop.store.images import image_path
from tests.helpers.history import ask, attachment, begin, opened, question, sent_image

PNG = b"\x89PNG and what follows"


def images_in(folder: Path) -> list[Path]:
    return sorted(path for path in (folder / "images").rglob("*") if path.is_file())


def test_an_image_lies_under_its_hash(tmp_path: Path) -> None:
    sent = sent_image(PNG)
    with opened(tmp_path) as store:
        store.put_image(PNG, sent).result()
        expected = tmp_path / "images" / sent.sha256[:2] / f"{sent.sha256}.png"
        assert store.image_path(sent) == expected
        assert expected.read_bytes() == PNG
        assert store.image_bytes(sent).result() == PNG
        assert images_in(tmp_path) == [expected]


def test_the_same_bytes_are_kept_once(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        ask(store, "first", PNG)
        ask(store, "second", PNG)
        assert len(images_in(tmp_path)) == 1


def test_jpeg_and_png_have_their_suffix(tmp_path: Path) -> None:
    assert image_path(tmp_path, sent_image(b"j", "image/jpeg")).suffix == ".jpg"
    assert image_path(tmp_path, sent_image(b"p")).suffix == ".png"


@pytest.mark.parametrize(
    "wrong",
    [
        replace(sent_image(PNG), sha256="../../../../etc/passwd"),
        replace(sent_image(PNG), sha256="G" * 64),
        replace(sent_image(PNG), media_type="image/svg+xml"),
    ],
)
def test_a_row_of_a_hostile_database_names_no_other_file(tmp_path: Path, wrong: object) -> None:
    with pytest.raises(ValueError, match=r"not a SHA-256|neither PNG"):
        image_path(tmp_path, wrong)  # type: ignore[arg-type]


def test_bytes_that_are_not_what_they_are_called_are_our_mistake(tmp_path: Path) -> None:
    with opened(tmp_path) as store, pytest.raises(ValueError, match="hash"):
        store.put_image(b"other", sent_image(PNG)).result()


@pytest.mark.parametrize("damage", [b"", b"\x89PNG and what Follows", b"longer " + PNG])
def test_a_damaged_image_is_missing_and_never_sent(tmp_path: Path, damage: bytes) -> None:
    sent = sent_image(PNG)
    with opened(tmp_path) as store:
        ask(store, "?", PNG)
        store.image_path(sent).write_bytes(damage)
        with pytest.raises(ProblemError) as caught:
            store.image_bytes(sent).result()
        assert caught.value.problem.code is Code.STORED_IMAGE_MISSING

        store.put_image(PNG, sent).result()
        assert store.image_bytes(sent).result() == PNG


def test_a_deleted_image_is_missing(tmp_path: Path) -> None:
    sent = sent_image(PNG)
    with opened(tmp_path) as store:
        ask(store, "?", PNG)
        store.image_path(sent).unlink()
        with pytest.raises(ProblemError) as caught:
            store.image_bytes(sent).result()
        assert caught.value.problem.code is Code.STORED_IMAGE_MISSING


def test_deleting_a_conversation_deletes_the_images_that_no_other_has(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        both = ask(store, "both", b"shared", b"own")
        other = ask(store, "other", b"shared")
        store.delete(both.id).result()
        assert images_in(tmp_path) == [store.image_path(sent_image(b"shared"))]
        assert store.conversation(other.id).result().attachments()[0].sent == sent_image(b"shared")
        store.delete(other.id).result()
        assert images_in(tmp_path) == []


def test_an_image_that_was_just_put_outlives_a_deletion(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        old = ask(store, "old", PNG)
        store.put_image(PNG, sent_image(PNG)).result()
        store.delete(old.id).result()
        stored = begin(store, question("new", attachment(PNG)))
        assert store.image_bytes(sent_image(PNG)).result() == PNG
        store.delete(stored.id).result()
        assert images_in(tmp_path) == []


def test_an_image_that_two_questions_put_outlives_the_first(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put_image(PNG, sent_image(PNG)).result()
        store.put_image(PNG, sent_image(PNG)).result()
        first = begin(store, question("first", attachment(PNG)))
        store.delete(first.id).result()
        begin(store, question("second", attachment(PNG)))
        assert store.image_bytes(sent_image(PNG)).result() == PNG


def test_an_image_whose_question_never_came_is_gone_at_the_next_start(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put_image(PNG, sent_image(PNG)).result()
    assert len(images_in(tmp_path)) == 1
    with opened(tmp_path):
        assert images_in(tmp_path) == []


def test_files_without_a_row_are_left_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        kept = ask(store, "?", PNG)
        stranger = store.image_path(sent_image(b"of a database that was set aside"))
        stranger.parent.mkdir()
        stranger.write_bytes(b"of a database that was set aside")
        store.delete(kept.id).result()
    with opened(tmp_path):
        assert images_in(tmp_path) == [stranger]


def test_what_a_dead_process_was_writing_is_swept(tmp_path: Path) -> None:
    incoming = tmp_path / "images" / "incoming"
    incoming.mkdir(parents=True)
    left = incoming / f"{'0' * 32}-{'1' * 64}.part"
    left.write_bytes(b"half an image")
    with opened(tmp_path):
        assert not left.exists()


def test_deleted_text_is_in_no_file(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        ask(store, "keep this")
        secret = ask(store, "a secret question")
        store.checkpoint(secret.messages[-1].id, "a secret answer " * 2000).result()
        written = b"".join(path.read_bytes() for path in tmp_path.glob("sightline.db*"))
        assert b"a secret" in written

        store.delete(secret.id).result()
        written = b"".join(path.read_bytes() for path in tmp_path.glob("sightline.db*"))
        assert b"keep this" in written
        assert b"a secret" not in written
