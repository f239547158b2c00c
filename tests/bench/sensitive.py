"""How much of the sensitive text on drawn pages is suggested for blacking out, and how much else.

Real recognition on light and dark pages, letters of 16 to 30 px, upright and turned.

.venv/bin/python -m tests.bench.sensitive
"""

import sys
import time

from desktop.core.sensitive import suggestions
from desktop.engines.on_device.reader import read_page
from tests.bench.figures import print_figure
from tests.helpers import pictures
from tests.helpers.sensitive_pages import covered, false_alarms, pages

LEAST_COVERED = 0.98
MISSED_GOAL = 0.05


def main() -> int:
    """Print recall and false alarms; status 1 if more than a twentieth is missed."""
    upright = list(pages())
    known = hit = alarms = 0
    excess, began = [], time.perf_counter()
    tried = [*upright, *(page.turned(1) for page in upright[:2]), upright[2].turned(3), upright[3].turned(2)]
    for page in tried:
        found = suggestions(read_page(pictures.encoded(page.picture), page.picture.size))
        for placed in page.placed:
            share = covered(placed, found)
            known += 1
            hit += share >= LEAST_COVERED
            if share < LEAST_COVERED:
                print(f"  missed on {page.name}: {placed.kind} {placed.text} ({share:.0%} covered)")
        others = false_alarms(page, found)
        alarms += len(others)
        for other in others:
            print(f"  false alarm on {page.name}: {other.kind} {other.text}")
        excess += [s.area.width_px * s.area.height_px for s in found]
    inked = [p.area.width_px * p.area.height_px for page in tried for p in page.placed]
    print_figure("area_by_text", sum(excess) / sum(inked), "times")
    print_figure("seconds_by_page", (time.perf_counter() - began) / len(tried), "s")
    print_figure("recall", hit / known, f"of {known}")
    print_figure("false_alarms", alarms / len(tried), "a page")
    return 0 if print_figure("missed", 1 - hit / known, "of all", goal=MISSED_GOAL) else 1


if __name__ == "__main__":
    sys.exit(main())
