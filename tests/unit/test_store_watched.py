"""The folders that are watched come back, whatever their names."""

from pathlib import Path

from tests.helpers.history import opened


def test_exactly_the_folders_that_were_set_last_are_watched(tmp_path: Path) -> None:
    odd = Path("/pictures/\udcff Bilder")
    with opened(tmp_path) as store:
        assert store.watched_folders().result() == ()
        store.set_watched([Path("/b"), odd, Path("/b")]).result()
    with opened(tmp_path) as store:
        assert store.watched_folders().result() == (Path("/b"), odd)
        store.set_watched([odd]).result()
        assert store.watched_folders().result() == (odd,)
        store.set_watched([]).result()
        assert store.watched_folders().result() == ()
