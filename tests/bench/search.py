"""How quickly 100,000 messages are searched, and how long the index may keep an answer from being stored.

    .venv/bin/python -m tests.bench.search [MESSAGES]

Every kind of query is asked many times with other words, through the very `Store` of the window; the figure
is the 95th percentile of the time from the call to the result. The same words by SQLite's LIKE, in the same
run, are what it is held against.
"""

import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop.core.search import Search
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from tests.bench.figures import print_figure
from tests.helpers.history import opened

MESSAGES = 100_000
A_CONVERSATION = 8
GOAL_MS = 50
STORING_GOAL_MS = 16
ROUNDS = 60
MODELS = ("gpt-5-mini", "gpt-6.1-terra", "gemini-3-flash", "on-device")
START = datetime(2023, 1, 1, tzinfo=UTC)
COMMON = [
    "the",
    "total",
    "price",
    "of",
    "each",
    "item",
    "in",
    "this",
    "image",
    "is",
    "shown",
    "below",
    "and",
    "the",
    "receipt",
    "was",
    "paid",
    "by",
    "card",
]
CHINESE = "收据总额图片文字识别结果发票金额商品名称数量单价合计日期时间地址电话人民币付款方式错误信息"
SYLLABLES = [a + b for a in "bcdfghklmnprstvz" for b in ("a", "e", "i", "o", "u", "an", "er", "in", "os")]


def rare_word(chance: random.Random) -> str:
    """One of about three million words."""
    return "".join(chance.choices(SYLLABLES, k=3))


def text(chance: random.Random) -> str:
    """About 600 characters: common words, rare ones, some Chinese."""
    said = chance.choices(COMMON, k=70) + [rare_word(chance) for _ in range(25)]
    if chance.random() < 0.3:
        said += ["".join(chance.choices(CHINESE, k=40))]
    chance.shuffle(said)
    return " ".join(said)


def fill(path: Path, messages: int) -> None:
    """Write the messages as the store would have them."""
    chance = random.Random(7)
    with closing(sqlite3.connect(path)) as connection:
        for number in range(1, messages + 1):
            conversation = (number - 1) // A_CONVERSATION + 1
            moment = (START + timedelta(minutes=14 * number)).isoformat()
            asked = number % 2 == 1
            if (number - 1) % A_CONVERSATION == 0:
                model = chance.choice(MODELS)
                connection.execute(
                    "INSERT INTO conversation (id, title, created_at) VALUES (?, ?, ?)",
                    (conversation, f"What is the {rare_word(chance)} of {conversation}?", moment),
                )
            connection.execute(
                "INSERT INTO message (id, conversation_id, parent_id, role, text, state, created_at, model,"
                " provider) VALUES (?, ?, ?, ?, ?, 'complete', ?, ?, 'openai')",
                (
                    number,
                    conversation,
                    None if (number - 1) % A_CONVERSATION == 0 else number - 1,
                    "user" if asked else "assistant",
                    text(chance)[: 120 if asked else None],
                    moment,
                    model,
                ),
            )
        connection.commit()


def queries(chance: random.Random, messages: int) -> dict[str, Callable[[], Search]]:
    """A maker of searches for each kind."""

    def since() -> datetime:
        return START + timedelta(minutes=14 * chance.randrange(messages))

    def filtered() -> Search:
        first = since()
        return Search(
            text=chance.choice(COMMON),
            model=chance.choice(MODELS),
            since=first,
            until=first + timedelta(days=chance.choice((1, 7, 30, 365))),
        )

    return {
        "common_word": lambda: Search(text=chance.choice(COMMON) + " "),
        "rare_word": lambda: Search(text=rare_word(chance) + " "),
        "two_words": lambda: Search(text=f"{chance.choice(COMMON)} {rare_word(chance)} "),
        "two_common_words": lambda: Search(text=" ".join(chance.sample(COMMON, 2)) + " "),
        "phrase": lambda: Search(text=f'"{" ".join(chance.sample(COMMON, 2))}"'),
        "without_a_word": lambda: Search(text=f"{chance.choice(COMMON)} -{chance.choice(COMMON)} "),
        "prefix": lambda: Search(text=rare_word(chance)[: chance.randrange(2, 6)]),
        "prefix_of_a_common_word": lambda: Search(text=chance.choice(COMMON)[: chance.randrange(2, 8)]),
        "chinese": lambda: Search(text="".join(chance.sample(CHINESE, 2))),
        "model": lambda: Search(text=chance.choice(COMMON), model=chance.choice(MODELS)),
        "model_and_date": filtered,
        "date_alone": lambda: Search(since=since()),
        "nothing_found": lambda: Search(text="zzzzqx", model="none"),
    }


def percentile_95(times: list[float]) -> float:
    """Of times in seconds, in ms."""
    return sorted(times)[int(len(times) * 0.95)] * 1000


def timed(work: Callable[[], object]) -> float:
    """Seconds."""
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def index_all(store: Store, messages: int) -> bool:
    """Fill the index as the window does; print how long, and how long a write waits meanwhile."""
    steps: list[float] = []
    began = time.perf_counter()
    more = True
    while more:
        at = time.perf_counter()
        more = store.finding.index_some().result()
        steps.append(time.perf_counter() - at)
    print_figure("index_all", time.perf_counter() - began, "s")
    print_figure("index_messages", messages / (time.perf_counter() - began), "a second")
    # The first step makes the list of all messages, once.
    return print_figure("index_step_p95", percentile_95(steps[1:]), "ms", goal=STORING_GOAL_MS)


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    messages = int(sys.argv[1]) if len(sys.argv) > 1 else MESSAGES
    chance = random.Random(11)
    with tempfile.TemporaryDirectory() as folder:
        with opened(Path(folder)):
            pass
        path = Path(folder) / DATABASE
        fill(path, messages)
        print_figure("file_before", path.stat().st_size / 1e6, "MB")
        with opened(Path(folder)) as store:
            reached = index_all(store, messages)
            all_times: list[float] = []
            for name, make in queries(chance, messages).items():
                times = []
                for _ in range(ROUNDS):
                    wanted = make()
                    times.append(timed(lambda: store.finding.search(wanted).result()))  # noqa: B023
                all_times += times
                reached &= print_figure(f"search_{name}_p95", percentile_95(times), "ms", goal=GOAL_MS)
            reached &= print_figure("search_p95", percentile_95(all_times), "ms", goal=GOAL_MS)
        print_figure("file_after", path.stat().st_size / 1e6, "MB")
        with closing(sqlite3.connect(path)) as bare:
            like = [
                timed(
                    bare.execute(
                        "SELECT id FROM message WHERE text LIKE ? ORDER BY id DESC LIMIT 30",
                        (f"%{rare_word(chance)}%",),
                    ).fetchall
                )
                for _ in range(10)
            ]
    print_figure("like_p95", percentile_95(like), "ms")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())
