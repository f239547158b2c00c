"""Kills the real application at chosen moments, again and again in one folder, and checks what it finds.

What is checked after each next start, while the window does nothing: see `Folder.check`.
"""

import hashlib
import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.model import ON_DEVICE
from desktop.store.migrations import MIGRATIONS
from tests.helpers.asking import make_image
from tests.helpers.driven_app import DrivenApp, Told
from tests.helpers.loopback import Loopback
from tests.helpers.processes import PATIENCE_S, ROOT, until

UPGRADE_S = 0.5
"""About as long as each half of the upgrade of `old_history` takes."""
BASE = "".join(f"{number} words had come when the light went out. " for number in range(3000))
"""Every answer is a beginning of this text."""
OURS = ("sightline.db", "sightline.db-wal", "sightline.db-shm", "sightline.reserve", "settings.json")
LOCKS = ("opening.lock", "window.lock", "settings.lock")
UNFINISHED = (".part", ".tmp", ".new")


_RUNNING = "SELECT id FROM message WHERE state = 'running'"
_HELD = "SELECT id FROM held_image"
_UNNAMED = "SELECT sha256 FROM image WHERE sha256 NOT IN (SELECT sent_sha256 FROM attachment)"
_EMPTY = """
    SELECT c.id FROM conversation c
    WHERE NOT EXISTS (SELECT 1 FROM message m WHERE m.conversation_id = c.id)
"""
_UNANSWERED = """
    SELECT q.id FROM message q WHERE q.role = 'user' AND NOT EXISTS
        (SELECT 1 FROM message a WHERE a.parent_id = q.id AND a.role = 'assistant')
"""
_MUST_BE_EMPTY = _RUNNING, _HELD, _UNNAMED, _EMPTY, _UNANSWERED


@dataclass(frozen=True)
class Moment:
    """When a process is killed.

    Attributes:
        name: what it shall be in the middle of.
        how: what the driver does meanwhile, see `driven_window.Driver`.
        after: the word of the line that it waits for; empty for the start of the process.
        count: so many of these lines.
        delay_s: the kill comes at a random time up to so much later.
        pause_s: between two pieces of the answer.
        chars: length of the answer.
    """

    name: str
    how: str
    after: str
    count: int = 1
    delay_s: float = 0.05
    pause_s: float = 0.0
    chars: int = 3000


def moments(chance: random.Random, count: int) -> list[Moment]:
    """A mix of all kinds, in random order."""
    made = []
    for number in range(count):
        times = chance.randrange(1, 4)
        if number % 20 == 19:
            made.append(Moment("reading", "reader", "asking", 1, 5.0))
            continue
        made.append(
            (
                Moment("starting", "both", "", delay_s=1.0),
                Moment("preparing", "ask", "asking", times, 0.15),
                Moment("preparing", "ask", "asking", times, 0.08),
                Moment("streaming", "ask", "stored", 1, 3.0, pause_s=0.01, chars=30_000),
                Moment("finishing", "ask", "stored", times, 0.15, chars=600),
                Moment("finishing", "ask", "grown", times, 0.15, pause_s=0.001, chars=900),
                Moment("deleting", "delete", "deleting", times, 0.03),
                Moment("deleting", "delete", "deleting", times, 0.015),
                Moment("anything", "both", "restored", 1, 1.5, pause_s=0.002),
                Moment("anything", "both", "finished", times, 0.2),
            )[number % 10]
        )
    chance.shuffle(made)
    return made


@dataclass
class Figures:
    """What all rounds have come to. ``left`` counts what the kills really left behind."""

    starts_s: list[float] = field(default_factory=list)
    upgrades_s: list[float] = field(default_factory=list)
    workers_s: list[float] = field(default_factory=list)
    lost_s: list[float] = field(default_factory=list)
    left: Counter[str] = field(default_factory=Counter)
    kinds: Counter[str] = field(default_factory=Counter)
    finished: int = 0
    interrupted: int = 0
    faults: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, parts: Sequence["Figures"]) -> "Figures":
        """All of several together."""
        return cls(
            starts_s=[value for part in parts for value in part.starts_s],
            upgrades_s=[value for part in parts for value in part.upgrades_s],
            workers_s=[value for part in parts for value in part.workers_s],
            lost_s=[value for part in parts for value in part.lost_s],
            left=sum((part.left for part in parts), Counter()),
            kinds=sum((part.kinds for part in parts), Counter()),
            finished=sum(part.finished for part in parts),
            interrupted=sum(part.interrupted for part in parts),
            faults=[fault for part in parts for fault in part.faults],
        )


class Folder:
    """One data folder through all kills, and what must be in it by what was said."""

    def __init__(self, root: Path, server: Loopback, figures: Figures) -> None:
        self.root, self.data = root, root / "data"
        self._server = server
        self.figures = figures
        self._finished: dict[int, tuple[int, str]] = {}
        self._interrupted: dict[int, int] = {}
        self._gone: set[int] = set()
        self._may_be_gone: set[int] = set()
        self._keeps_gallery = False
        self._pictures = root / "pictures"
        if not self._pictures.is_dir():
            self._pictures.mkdir(parents=True)
            for number, color in enumerate(("tomato", "olive", "orchid", "teal", "gold", "gray")):
                make_image(self._pictures / f"{number}.png", 900 + 150 * number, 800, color=color)
        server.text = BASE[:3000]

    def start(self) -> DrivenApp:
        # They come back by themselves, unless the first kill came before they were kept.
        pictures = () if self._keeps_gallery else (self._pictures,)
        return DrivenApp(
            self.root,
            *pictures,
            *("--data-dir", self.data, "--base-url", self._server.base_url, "--model", "gpt-4.1"),
        )

    def kill_at(self, moment: Moment, chance: random.Random) -> None:
        """Start, check what the kill before has left, and kill in the middle of what ``moment`` says."""
        self._server.pause_s, self._server.text = moment.pause_s, BASE[: moment.chars]
        self._server.scenario = "slow" if moment.pause_s else "ok"
        delay_s = chance.random() * moment.delay_s
        app = self.start()
        try:
            if moment.after:
                self._checked(app)
                app.go(chance.randrange(1 << 30), moment.how)
                app.wait_for(moment.after, moment.count)
            threading.Event().wait(delay_s)
        finally:
            self.figures.workers_s.append(app.kill())
        self.figures.kinds[moment.name] += 1
        self.note(app.told)
        self._look_at_what_is_left()

    def end(self) -> None:
        """Start once more, check, and close."""
        app = self.start()
        try:
            self._checked(app)
        finally:
            app.quit()

    def _checked(self, app: DrivenApp) -> None:
        restored_at = app.wait_for("restored")
        self.figures.starts_s.append(restored_at - app.started_at)
        app.wait_for("settled")
        self.figures.faults += [
            f"said at start: {line}" for word in ("noticed", "failed") for line in app.told.of(word)
        ]
        self.figures.faults += self.check()

    # What was said

    def note(self, told: Told) -> None:
        """Remember what a process has said before it was killed."""
        for line in told.lines:
            word, numbers = line[0], line[1:]
            if word == "stored":
                self._interrupted[int(numbers[1])] = 0
            elif word == "finished":
                answer_id = int(numbers[1])
                self._interrupted.pop(answer_id, None)
                if numbers[2] == "complete":
                    self._finished[answer_id] = int(numbers[0]), numbers[3]
                    self.figures.finished += 1
            elif word == "unstored":
                self._interrupted.pop(int(numbers[0]), None)
            elif word == "deleting":
                self._may_be_gone.add(int(numbers[0]))
            elif word == "deleted":
                self._gone.add(int(numbers[0]))
        self._seen = [(int(n[1]), int(n[2]), float(n[3])) for n in told.of("grown")]
        self._killed_at = told.killed_at

    def _look_at_what_is_left(self) -> None:
        """Count in what state it was killed, in a copy: nothing may be changed before the next start."""
        left = self.figures.left
        left["unfinished image files"] += len(list(self.data.rglob("*.part"))) > 0
        if not (self.data / "sightline.db").exists():
            return
        copy = self.root / "copy"
        copy.mkdir(exist_ok=True)
        for name in OURS[:2]:
            target = copy / name
            target.unlink(missing_ok=True)
            if (self.data / name).exists():
                target.write_bytes((self.data / name).read_bytes())
        with closing(sqlite3.connect(copy / OURS[0])) as c:
            if not c.execute("SELECT 1 FROM sqlite_schema WHERE name = 'held_image'").fetchone():
                return
            for name, query in (
                ("images put but not asked about", "SELECT count(*) FROM held_image"),
                (
                    "answers without text",
                    "SELECT count(*) FROM message WHERE state = 'running' AND text = ''",
                ),
                ("answers with text", "SELECT count(*) FROM message WHERE state = 'running' AND text <> ''"),
            ):
                left[name] += c.execute(query).fetchone()[0] > 0
            named = {row[0] for row in c.execute("SELECT sent_sha256 FROM attachment")}
            rows = {row[0] for row in c.execute("SELECT sha256 FROM image")}
            held = {row[0] for row in c.execute("SELECT sha256 FROM held_image")}
            self._keeps_gallery = c.execute("SELECT 1 FROM gallery_item").fetchone() is not None
        left["images no longer named"] += bool(rows - named - held)
        left["image rows before their file"] += any(not self._file_of(name).exists() for name in held)

    def _file_of(self, sha256: str) -> Path:
        return self.data / "images" / sha256[:2] / f"{sha256}.png"

    # What is there

    def check(self) -> list[str]:
        """Whether all is as it must be: no finished answer lost, no file missing, none left over."""
        uri = f"file:{self.data}/sightline.db?mode=ro"
        with closing(sqlite3.connect(uri, uri=True)) as connection:
            connection.row_factory = sqlite3.Row
            connection.execute("BEGIN")
            return [
                *self._check_database(connection),
                *self._check_answers(connection),
                *self._check_files(connection),
            ]

    def _check_database(self, c: sqlite3.Connection) -> list[str]:
        found = [str(row[0]) for row in c.execute("PRAGMA integrity_check") if row[0] != "ok"]
        found += [f"foreign key: {tuple(row)}" for row in c.execute("PRAGMA foreign_key_check")]
        for query in _MUST_BE_EMPTY:
            found += [f"{query}: {tuple(row)}" for row in c.execute(query)]
        return found

    def _check_answers(self, c: sqlite3.Connection) -> list[str]:
        faults = []
        rows = {row["id"]: row for row in c.execute("SELECT * FROM message WHERE role = 'assistant'")}
        there = {row["id"] for row in c.execute("SELECT id FROM conversation")}
        faults += [f"conversation {number} is back" for number in self._gone & there]
        asked_to_go = set(self._may_be_gone)
        self._gone |= self._may_be_gone - there
        # What was asked to be deleted and is there, will stay until somebody asks again.
        self._may_be_gone &= there
        for answer_id, (conversation, digest) in list(self._finished.items()):
            row = rows.get(answer_id)
            if conversation in self._gone:
                del self._finished[answer_id]
            elif row is None or row["state"] != "complete":
                faults.append(f"answer {answer_id} is lost: {row and row['state']}")
            elif hashlib.sha256(row["text"].encode()).hexdigest() != digest or row["text_sha256"] != digest:
                faults.append(f"answer {answer_id} is another one now")
        for answer_id in self._interrupted:
            row = rows.get(answer_id)
            # Deleting a conversation that is being answered stops the answer first.
            stopped = {"stopped"} if row is not None and row["conversation_id"] in asked_to_go else set()
            if row is not None and row["state"] not in {"interrupted", "complete", *stopped}:
                faults.append(f"answer {answer_id} is {row['state']}")
            elif row is not None and row["state"] == "interrupted":
                self.figures.interrupted += 1
                self._measure_loss(answer_id, len(row["text"]))
        others = [row["id"] for row in rows.values() if not _is_ours(row)]
        faults += [f"answer {number} has another text" for number in others]
        self._interrupted.clear()
        return faults

    def _measure_loss(self, answer_id: int, kept: int) -> None:
        missing = [at for number, length, at in self._seen if number == answer_id and length > kept]
        if missing:
            self.figures.lost_s.append(self._killed_at - min(missing))

    def _check_files(self, c: sqlite3.Connection) -> list[str]:
        faults = []
        named = set()
        for row in c.execute("SELECT * FROM image"):
            path = self._file_of(row["sha256"])
            named.add(path)
            if not path.is_file():
                faults.append(f"image {path.name} is missing")
            elif hashlib.sha256(path.read_bytes()).hexdigest() != row["sha256"]:
                faults.append(f"image {path.name} is damaged")
        for path in self.data.rglob("*"):
            inside = path.relative_to(self.data)
            if not path.is_file() or inside.parts[0] == "logs":
                continue
            if path.name.endswith(UNFINISHED) or (inside.parts[0] == "images" and path not in named):
                faults.append(f"left over: {inside}")
            elif len(inside.parts) == 1 and path.name not in (*OURS, *LOCKS):
                faults.append(f"not ours: {inside}")
        if len(list((self.data / "running").iterdir())) != 1:
            faults.append(f"running: {list((self.data / 'running').iterdir())}")
        return faults


def _is_ours(row: sqlite3.Row) -> bool:
    """Whether an answer is what the server, or the reader, has said."""
    return row["provider"] == ON_DEVICE or BASE.startswith(row["text"])


def kill_while_upgrading(root: Path, server: Loopback, chance: random.Random, figures: Figures) -> None:
    """Kill it while it brings a history of version 1 up to date; the next start has all of it."""
    folder = Folder(root, server, figures)
    before = old_history(folder.data)
    app = folder.start()
    try:
        # Before and during the backup, or during and after the steps themselves.
        awaited = chance.choice(("opening.lock", "sightline.db.backup-v1"))
        until((folder.data / awaited).exists, awaited, PATIENCE_S)
        threading.Event().wait(chance.random() * UPGRADE_S)
    finally:
        figures.workers_s.append(app.kill())
    figures.kinds["upgrading"] += 1
    version = _version(folder.data, root)
    figures.left["histories of version 1"] += version == 1
    figures.left["histories between two versions"] += 1 < version < len(MIGRATIONS)
    figures.left["unfinished backups"] += bool(list(folder.data.glob("*.part")))
    app = folder.start()
    try:
        figures.upgrades_s.append(app.wait_for("restored") - app.started_at)
        figures.faults += [f"said at start: {line}" for line in app.told.of("noticed")]
        figures.faults += [f"left over: {path.name}" for path in folder.data.glob("*.part")]
    finally:
        app.quit()
    if texts_of(folder.data) != before:
        figures.faults.append("an upgrade that was killed has lost messages")


def old_history(data: Path) -> list[tuple[int, str]]:
    """Make a large history of version 1; what it holds."""
    data.mkdir(mode=0o700, parents=True)
    with closing(sqlite3.connect(data / OURS[0], isolation_level=None)) as c:
        c.execute("PRAGMA journal_mode = WAL").fetchone()
        c.executescript((ROOT / "tests" / "data" / "history_v1.sql").read_text(encoding="utf-8"))
        c.execute(
            "WITH RECURSIVE n (i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 4000)"
            " INSERT INTO conversation SELECT i, 'old ' || i, '2026-10-03T12:00:00+00:00' FROM n"
        )
        for role, shift in (("user", 0), ("assistant", 1)):
            c.execute(
                "INSERT INTO message (id, conversation_id, role, text, state, created_at, provider)"
                " SELECT 2 * id + ?, id, ?, printf('%s %d: %.*c', ?, id, 800, 'x'), 'complete', created_at,"
                " 'openai' FROM conversation WHERE id >= 100",
                (shift, role, role),
            )
    return texts_of(data)


def texts_of(data: Path) -> list[tuple[int, str]]:
    """Every message but those of which something is taken out."""
    with closing(sqlite3.connect(data / OURS[0])) as connection:
        return connection.execute("SELECT id, text FROM message WHERE id >= 100 ORDER BY id").fetchall()


def _version(data: Path, root: Path) -> int:
    copy = root / "copy"
    copy.mkdir(exist_ok=True)
    for name in OURS[:2]:
        if (data / name).exists():
            (copy / name).write_bytes((data / name).read_bytes())
    with closing(sqlite3.connect(copy / OURS[0])) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])
