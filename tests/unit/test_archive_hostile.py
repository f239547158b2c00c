"""Files that are no export, or a bad one, are refused with a sentence; nothing of them comes in."""

import hashlib
import json
import os
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from desktop.asking import archive_file
from desktop.asking.importing import import_conversations
from desktop.core.problem_text import explain, sentence
from desktop.core.problems import Code, ProblemError
from desktop.export.picture_head import picture_head
from desktop.store.store import Store
from tests.helpers.archives import asked, everything, export, picture, rich
from tests.helpers.history import opened

Entries = dict[str, bytes]
ONE = "conversations/000001.json"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An export of two conversations."""
    folder = tmp_path_factory.mktemp("whole")
    with opened(folder / "data") as store:
        rich(store)
        asked(store, "What?", picture("green"))
        export(store, folder / "all.sightline")
    return folder / "all.sightline"


def entries(path: Path) -> Entries:
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def zipped(path: Path, found: Entries, *more: tuple[zipfile.ZipInfo | str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in [*found.items(), *more]:
            archive.writestr(name, data)
    return path


def changed(found: Entries, change: Callable[[Any], None], name: str = ONE) -> Entries:
    """Another conversation, with a hash that fits it: only its content is wrong."""
    table = json.loads(found[name])
    change(table)
    return replaced(found, json.dumps(table).encode(), name)


def replaced(found: Entries, data: bytes, name: str = ONE) -> Entries:
    manifest = json.loads(found["manifest.json"])
    for line in manifest["conversations"]:
        if line["file"] == name:
            line["sha256"] = hashlib.sha256(data).hexdigest()
    return {**found, name: data, "manifest.json": json.dumps(manifest).encode()}


def refused(store: Store, path: Path) -> Code:
    """Which problem; nothing was imported, no file is left, and there is a sentence with the file's name."""
    with pytest.raises(ProblemError) as caught:
        import_conversations(path, store)
    assert everything(store) == []
    assert not [p for p in (store.folder / "images").rglob("*") if p.is_file()]
    trouble = caught.value.problem
    assert len(sentence(trouble)) < 300
    assert f"“{path.name}”" in explain(trouble).what
    return trouble.code


def test_the_untouched_file_comes_in(tmp_path: Path, whole: Path) -> None:
    with opened(tmp_path / "data") as store:
        again = zipped(tmp_path / "again.sightline", entries(whole))
        assert len(import_conversations(again, store).imported) == 2


@pytest.mark.parametrize(
    "name",
    [
        "../evil.txt",
        "/etc/cron.d/evil",
        "images/../../evil.png",
        "images\\evil.png",
        "C:\\evil.png",
        "conversations/000001.json/x",
        "conversations/1.json",
        "images/",
        f"images/{'a' * 64}.svg",
        f"images/{'A' * 64}.png",
        "manifest.json\n",
        "\u202egnp.exe",
        "a" * 60_000,
    ],
)
def test_a_name_that_no_export_has(tmp_path: Path, whole: Path, name: str) -> None:
    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", entries(whole), (name, b"x"))
        assert refused(store, path) is Code.ARCHIVE_UNSAFE


def test_a_name_that_comes_twice(tmp_path: Path, whole: Path) -> None:
    with opened(tmp_path / "data") as store:
        with pytest.warns(UserWarning, match="Duplicate"):
            path = zipped(tmp_path / "x.sightline", entries(whole), (ONE, b"{}"))
        assert refused(store, path) is Code.ARCHIVE_UNSAFE


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFDIR, stat.S_IFCHR])
def test_what_is_no_file(tmp_path: Path, whole: Path, kind: int) -> None:
    info = zipfile.ZipInfo(f"images/{'a' * 64}.png")
    info.external_attr = (kind | 0o777) << 16
    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", entries(whole), (info, b"/etc/passwd"))
        assert refused(store, path) is Code.ARCHIVE_UNSAFE


def test_a_name_behind_a_zero_byte(tmp_path: Path, whole: Path) -> None:
    hidden = f"images/{'a' * 64}.png"
    path = zipped(tmp_path / "x.sightline", entries(whole), (hidden + "X.exe", b"x"))
    data = path.read_bytes().replace((hidden + "X.exe").encode(), (hidden + "\0.exe").encode())
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        assert refused(store, path) is Code.ARCHIVE_UNSAFE


def test_an_encrypted_entry(tmp_path: Path, whole: Path) -> None:
    path = zipped(tmp_path / "x.sightline", entries(whole))
    data = bytearray(path.read_bytes())
    for at in _directory(data):
        data[at + 8] |= 1
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        assert refused(store, path) is Code.ARCHIVE_UNSAFE


def test_a_bomb_is_refused_before_it_is_unpacked(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive_file.ArchiveFile, "_read", None)
    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", {**entries(whole), ONE: b" " * 120_000_000})
        assert path.stat().st_size < 300_000
        assert refused(store, path) is Code.ARCHIVE_TOO_LARGE


def test_an_entry_that_says_it_is_huge(tmp_path: Path, whole: Path) -> None:
    path = zipped(tmp_path / "x.sightline", entries(whole))
    data = bytearray(path.read_bytes())
    for at in _directory(data):
        struct.pack_into("<I", data, at + 24, 0x7FFFFFFF)
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        assert refused(store, path) is Code.ARCHIVE_TOO_LARGE


def test_an_entry_that_is_more_than_it_says(tmp_path: Path, whole: Path) -> None:
    path = zipped(tmp_path / "x.sightline", {**entries(whole), ONE: b" " * 10_000_000})
    data = bytearray(path.read_bytes())
    for at in _directory(data):
        if b"000001" in data[at + 46 : at + 80]:
            struct.pack_into("<I", data, at + 24, 100)
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        assert refused(store, path) is Code.ARCHIVE_DAMAGED


def test_more_entries_than_anybody_has(tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_file, "MOST_ENTRIES", 3)
    monkeypatch.setattr(zipfile, "ZipFile", None)
    with opened(tmp_path / "data") as store:
        assert refused(store, whole) is Code.ARCHIVE_TOO_LARGE


def _directory(data: bytearray) -> list[int]:
    """Where the entries of the central directory begin."""
    found, at = [], data.find(b"PK\x01\x02")
    while at >= 0:
        found.append(at)
        at = data.find(b"PK\x01\x02", at + 1)
    return found


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x05\x06",
        b"PK\x05\x06" + b"\0" * 18,
        b"not a zip at all",
        b"\x89PNG\r\n\x1a\n" + b"\0" * 500,
        b"PK\x06\x07" + b"\xff" * 16 + b"PK\x05\x06" + b"\xff" * 18,
    ],
)
def test_what_is_no_archive(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "x.sightline"
    path.write_bytes(data)
    with opened(tmp_path / "data") as store:
        assert refused(store, path) in {Code.ARCHIVE_NOT_ONE, Code.ARCHIVE_TOO_LARGE}


def test_a_zip_of_something_else(tmp_path: Path) -> None:
    with opened(tmp_path / "data") as store:
        assert refused(store, zipped(tmp_path / "x.sightline", {"mimetype": b"x"})) is Code.ARCHIVE_NOT_ONE


def test_a_file_that_is_gone_and_one_that_is_none(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.sightline")
    with opened(tmp_path / "data") as store:
        assert refused(store, tmp_path / "gone.sightline") is Code.ARCHIVE_UNREADABLE
        assert refused(store, tmp_path / "pipe.sightline") is Code.ARCHIVE_NOT_ONE
        assert refused(store, tmp_path) is Code.ARCHIVE_NOT_ONE


def test_a_file_cut_anywhere(tmp_path: Path, whole: Path) -> None:
    data = whole.read_bytes()
    path = tmp_path / "x.sightline"
    with opened(tmp_path / "data") as store:
        for at in range(0, len(data), max(1, len(data) // 40)):
            path.write_bytes(data[:at])
            refused(store, path)


def test_a_bit_that_fell_over_anywhere(tmp_path: Path, whole: Path) -> None:
    """Each is refused, or makes no difference: a date, say, which nobody reads."""
    data = whole.read_bytes()
    path = tmp_path / "x.sightline"
    with opened(tmp_path / "fine") as store:
        import_conversations(whole, store)
        there = everything(store)
    for number, at in enumerate(range(0, len(data), max(1, len(data) // 60))):
        path.write_bytes(data[:at] + bytes([data[at] ^ 0x10]) + data[at + 1 :])
        with opened(tmp_path / f"data{number}") as store:
            try:
                import_conversations(path, store)
            except ProblemError:
                assert everything(store) == []
            else:
                assert everything(store) == there


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"[]",
        b"null",
        b"{",
        b"\xff\xfe{}",
        b'{"uid": NaN}',
        b'{"title": "a", "title": "b"}',
        b"[" * 200_000,
        b'{"uid": 1' + b"0" * 5000 + b"}",
    ],
)
def test_json_that_is_none_of_ours(tmp_path: Path, whole: Path, text: bytes) -> None:
    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", replaced(entries(whole), text))
        assert refused(store, path) is Code.ARCHIVE_DAMAGED
        path = zipped(tmp_path / "y.sightline", {**entries(whole), "manifest.json": text})
        assert refused(store, path) in {Code.ARCHIVE_DAMAGED, Code.ARCHIVE_NOT_ONE}


WRONG: list[tuple[str, object]] = [
    ("uid", "../../x"),
    ("uid", 5),
    ("title", None),
    ("title", ["x"]),
    ("created_at", "yesterday"),
    ("created_at", "2026-10-03T12:00:00"),
    ("created_at", "0001-01-01T00:00:00+23:00"),
    ("leaf", 0),
    ("leaf", 99),
    ("leaf", True),
    ("pinned", 1),
    ("tags", "tag"),
    ("tags", [5]),
    ("messages", {}),
    ("messages.0", "x"),
    ("messages.0.number", 2),
    ("messages.0.text", 5),
    ("messages.0.text", "another text"),
    ("messages.0.role", "system"),
    ("messages.0.state", "running"),
    ("messages.0.parent", 1),
    ("messages.1.parent", 2),
    ("messages.1.parent", 0),
    ("messages.1.parent", -1),
    ("messages.0.comparison", 9),
    ("messages.1.seconds", "soon"),
    ("messages.1.seconds", 1e300),
    ("messages.1.cost_usd", 0.5),
    ("messages.1.cost_usd", "NaN"),
    ("messages.1.cost_usd", "1E999999"),
    ("messages.1.cost_usd", "9" * 100),
    ("messages.1.usage", []),
    ("messages.1.usage.prompt_tokens", -1),
    ("messages.1.usage.prompt_tokens", 2**63),
    ("messages.1.usage.prompt_tokens", 1.5),
    ("messages.1.request.origin", "me"),
    ("messages.1.request.sent", [{"attachment": 99, "sent_bytes": 0, "source_bytes": 0}]),
    ("messages.2.problem.parameters", [1]),
    ("messages.2.problem.parameters", {"a": {"b": 1}}),
    ("messages.0.attachments", "x"),
    ("messages.0.attachments.0.number", 7),
    ("messages.0.attachments.0.detail", "very"),
    ("messages.0.attachments.0.sha256", "../x"),
    ("messages.0.attachments.0.width_px", "wide"),
    ("messages.0.attachments.0.edits", {"blackouts": "all"}),
    ("messages.0.attachments.0.edits", "x"),
    ("messages.0.attachments.0.sent.sha256", "../../x"),
    ("messages.0.attachments.0.sent.media_type", "image/svg+xml"),
    ("messages.0.attachments.0.sent.width_px", 41),
    ("messages.0.attachments.0.sent.size_bytes", 5),
]


@pytest.mark.parametrize(("place", "value"), WRONG, ids=[f"{place}={str(v)[:20]}" for place, v in WRONG])
def test_values_that_are_none_of_ours(tmp_path: Path, whole: Path, place: str, value: object) -> None:
    def change(table: Any) -> None:
        *way, last = place.split(".")
        for key in way:
            table = table[int(key)] if isinstance(table, list) else table[key]
        table[int(last) if isinstance(table, list) else last] = value

    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", changed(entries(whole), change))
        assert refused(store, path) is Code.ARCHIVE_DAMAGED


def test_images_that_are_none(tmp_path: Path, whole: Path) -> None:
    found = entries(whole)
    name = next(name for name in found if name.startswith("images/"))
    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", {**found, name: picture("yellow")})
        assert refused(store, path) is Code.ARCHIVE_DAMAGED
        # With a hash that fits: only what it is is wrong.
        for data in (b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + b"\0" * 50, b""):
            digest = hashlib.sha256(data).hexdigest()
            sent = {"sha256": digest, "size_bytes": len(data)}

            def change(table: Any, sent: Any = sent) -> None:
                table["messages"][0]["attachments"][0]["sent"].update(sent)

            other = changed(found, change)
            del other[name]
            manifest = json.loads(other["manifest.json"])
            for line in manifest["images"]:
                line["file"] = line["file"].replace(name, f"images/{digest}.png")
            other["manifest.json"] = json.dumps(manifest).encode()
            path = zipped(tmp_path / "x.sightline", {**other, f"images/{digest}.png": data})
            assert refused(store, path) is Code.ARCHIVE_DAMAGED


def test_a_manifest_that_does_not_fit(tmp_path: Path, whole: Path) -> None:
    found = entries(whole)
    manifest = json.loads(found["manifest.json"])
    for change, code in (
        ({"format": "other"}, Code.ARCHIVE_NOT_ONE),
        ({"version": 2, "app_version": "9.0"}, Code.ARCHIVE_NEWER),
        ({"version": "1"}, Code.ARCHIVE_DAMAGED),
        ({"conversations": manifest["conversations"][:1]}, Code.ARCHIVE_DAMAGED),
        ({"conversations": manifest["conversations"] * 2}, Code.ARCHIVE_DAMAGED),
        ({"images": []}, Code.ARCHIVE_DAMAGED),
        ({"images": [{"file": "../x"}]}, Code.ARCHIVE_DAMAGED),
    ):
        with opened(tmp_path / "data") as store:
            data = json.dumps({**manifest, **change}).encode()
            path = zipped(tmp_path / "x.sightline", {**found, "manifest.json": data})
            assert refused(store, path) is code


@pytest.mark.parametrize("told", ["//evil.example/share/x.png", "\\\\evil\\share\\x.png", "x.png", "a\0b"])
def test_a_path_of_another_computer_is_not_taken(tmp_path: Path, whole: Path, told: str) -> None:
    def change(table: Any) -> None:
        table["messages"][0]["attachments"][0]["path"] = told
        table["messages"][0]["attachments"][0]["name"] = "../../etc/passwd"

    with opened(tmp_path / "data") as store:
        path = zipped(tmp_path / "x.sightline", changed(entries(whole), change))
        (found, _other) = import_conversations(path, store).imported
        image = store.conversation(found.conversation_id).result().attachments()[0].image
        assert image.path == tmp_path / "data" / "elsewhere" / "passwd"


def test_sizes_are_read_from_the_first_bytes() -> None:
    assert picture_head(picture("red")) == ("image/png", 40, 30)
    assert picture_head(picture("red", kind="JPEG", width_px=700, height_px=9)) == ("image/jpeg", 700, 9)
    for data in (b"", b"\xff\xd8\xff", b"\xff\xd8\xff\xe0\x00\x00" * 9, b"\x89PNG\r\n\x1a\n", b"GIF89a"):
        assert picture_head(data) is None
    whole = picture("red", kind="JPEG")
    for at in range(len(whole)):
        picture_head(whole[:at])
