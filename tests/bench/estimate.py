"""How long the estimate line takes for 20 new images and a long history: it runs at every keystroke.

.venv/bin/python -m tests.bench.estimate
"""

import sys
import time
from dataclasses import replace
from datetime import UTC, datetime

from desktop.core.estimate import estimate
from desktop.core.model import Conversation, Detail, Message, Role
from desktop.core.request import NewImage, Question
from tests.bench.figures import print_figure
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import facts

GOAL_MS = 1.0


def main() -> int:
    """Print the median; status 1 if the goal is missed."""
    model = CATALOG.model("gpt-4.1")
    said = Message(role=Role.USER, text="word " * 20_000, created_at=datetime.now(UTC))
    images = tuple(
        NewImage(image=replace(facts(f"{n}.jpg"), width_px=4032, height_px=3024), detail=Detail.HIGH)
        for n in range(20)
    )
    asked = Question(
        conversation=Conversation(messages=(said,)), text="What is this?", images=images, model=model.id
    )
    times = []
    for _ in range(200):
        began = time.perf_counter()
        estimate(asked, model=model, rates=PRICES.rates(model), sent_bytes={})
        times.append(time.perf_counter() - began)
    return 0 if print_figure("estimate_20_images", sorted(times)[100] * 1000, "ms", goal=GOAL_MS) else 1


if __name__ == "__main__":
    sys.exit(main())
