"""Uses a history until killed or done: ``python -m tests.helpers.history_child FOLDER KIND COUNT``.

Says on stdout what it knows to be stored, a line each, only after the store has said so.
"""

import random
import sys
from pathlib import Path

from desktop.core.model import Draft
from desktop.store.gallery import ROWS_AT_ONCE
from desktop.store.store import Store
from tests.helpers.gallery_items import item
from tests.helpers.history import answered, ask, opened


def main(folder: Path, kind: str, count: int) -> None:
    """Work on the history in ``folder``; ``kind`` is answer, gallery, wait or write."""
    with opened(folder) as store:
        _say("open")
        if kind == "wait":
            running = ask(store, "being answered elsewhere")
            _say(f"running {running.messages[-1].id}")
            sys.stdin.readline()
            return
        if kind == "gallery":
            _turn_over(store, count)
            return
        for number in range(count):
            chance = random.Random(number)
            text = f"answer {number} " * chance.randrange(1, 2000)
            running = ask(store, f"question {number}", f"image {number % 7}".encode())
            answer_id = running.messages[-1].id
            for part in range(1, 4 if kind == "answer" else 1):
                store.checkpoint(answer_id, text[: len(text) * part // 4]).result()
                _say(f"checkpoint {answer_id} {len(text) * part // 4}")
            store.save_draft(running.id, Draft(text="next")).result()
            store.finish(answered(running, text), ()).result()
            _say(f"finished {answer_id} {number} {len(text)}")


def _turn_over(store: Store, count: int) -> None:
    """Bring files in and take those before out, in several transactions, again and again."""
    files = ROWS_AT_ONCE + 7
    for number in range(count):
        put = [item(number * files + file) for file in range(files)]
        removed = [((number - 1) * files + file, 0) for file in range(files)] if number else ()
        store.change_gallery(put=put, removed=removed).result()
        _say(f"gallery {number}")


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
