"""Text that was read on images is kept by their content, and found again."""

from pathlib import Path

from desktop.store.found_text import MAX_CHARS
from tests.helpers.history import attachment, begin, facts, opened, question, sent_image

IDS = [f"{number:064x}" for number in range(1200)]


def test_texts_come_back_for_those_that_were_read(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.keep_text(IDS[0], "Invoice № 7\nRecht­haberisch 图").result()
        store.keep_text(IDS[1], "").result()
        store.keep_text(f"{IDS[1]}#2", "second page").result()
        store.keep_text(IDS[2], "before").result()
        store.keep_text(IDS[2], "read again").result()
        assert store.texts([IDS[3]]).result() == {}
    with opened(tmp_path) as store:
        assert store.texts([*IDS, f"{IDS[1]}#2"]).result() == {
            IDS[0]: "Invoice № 7\nRecht­haberisch 图",
            IDS[1]: "",
            f"{IDS[1]}#2": "second page",
            IDS[2]: "read again",
        }
        assert store.unread(IDS[:4]).result() == {IDS[3]}
        assert len(store.unread(IDS).result()) == 1197
        assert store.unread([]).result() == frozenset()


def test_a_text_of_any_length_and_kind_can_be_kept(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.keep_text(IDS[0], "x" * (MAX_CHARS + 1)).result()
        store.keep_text(IDS[1], "a\ud800b\0c").result()
        found = store.texts(IDS[:2]).result()
        assert len(found[IDS[0]]) == MAX_CHARS
        assert found[IDS[1]] == "a?b\0c"


def test_what_is_at_hand_no_more_is_forgotten_unless_a_conversation_has_it(tmp_path: Path) -> None:
    page = facts("asked.pdf", page=2)
    other = facts("asked.pdf")
    with opened(tmp_path) as store:
        store.put_image(b"bytes", sent_image(b"bytes")).result()
        asked = begin(store, question("?", attachment(b"bytes", image=page)))
        for source_id in (IDS[0], IDS[1], page.source_id, other.source_id):
            store.keep_text(source_id, "secret words").result()
        forgotten = [IDS[0], page.source_id, other.source_id]
        store.forget_texts(forgotten).result()
        assert set(store.texts([IDS[1], *forgotten]).result()) == {IDS[1], page.source_id}
        store.delete(asked.id).result()
        store.forget_texts(forgotten).result()
        assert set(store.texts([IDS[1], *forgotten]).result()) == {IDS[1]}
        store.forget_texts([IDS[1]]).result()
    written = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"secret words" not in written
