"""Opens damaged histories: none ends the process, every readable message is there, the file itself is kept.

    .venv/bin/python -m tests.bench.damaged [MUTANTS] [FIRST]

A message is readable if every page that it lies on is as it was.
"""

import shutil
import sys
import tempfile
from collections import Counter
from pathlib import Path

from tests.bench.figures import print_figure
from tests.helpers.mutants import damaged, make_whole, open_damaged

MUTANTS = 500


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else MUTANTS
    first = int(sys.argv[2]) if len(sys.argv) > 2 else 0
    slowest, readable, found, unnoticed, faulty = 0.0, 0, 0, 0, 0
    kinds: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="sightline-damaged-") as root:
        whole = make_whole(Path(root) / "whole")
        print_figure("file", len(whole.data) / 1e6, "MB")
        print_figure("messages", len(whole.texts), "messages")
        for number in range(first, first + count):
            kind, data = damaged(whole, number)
            folder = Path(root) / "data"
            outcome = open_damaged(whole, data, folder)
            shutil.rmtree(folder)
            slowest = max(slowest, outcome.open_s)
            readable += outcome.readable
            found += outcome.found
            unnoticed += not outcome.noticed
            faulty += bool(outcome.faults)
            kinds[kind] += bool(outcome.faults)
            for fault in outcome.faults[:3]:
                print(f"mutant {number} ({kind}): {fault}", flush=True)
    total = count * len(whole.texts)
    print_figure("readable_messages", 100 * readable / total, "%")
    print_figure("messages_as_they_were", 100 * found / total, "%")
    print_figure("damage_not_seen_at_start", unnoticed, "mutants")
    reached = [
        print_figure("slowest_open", slowest, "s", goal=3),
        print_figure("mutants_with_a_fault", faulty, "mutants", goal=0),
    ]
    print({kind: times for kind, times in kinds.items() if times} or "")
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())
