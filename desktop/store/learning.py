"""What the last bills of one model taught: how long its answers are, and what its images really cost."""

import sqlite3
from collections.abc import Sequence
from decimal import Decimal
from statistics import median

from desktop.core.ledger import Learned, LearnedDetail

LAST_ANSWERS = 20
"""So many of the newest answers teach; older ones may be of other prompts, or of another rule."""
_ROWS = 200

_BILLS = """
    SELECT coalesce(detail, '') AS detail, images, prompt_tokens, completion_tokens, image_tokens,
        expected_text_tokens, planned_image_tokens
    FROM usage
    WHERE provider = ? AND model = ? AND reported AND completion_tokens > 0 AND origin IS NULL
    ORDER BY id DESC LIMIT ?
"""


def read_learned(connection: sqlite3.Connection, provider: str, model: str) -> Learned:
    """Learn from the newest bills; the empty value if there are none."""
    bills = connection.execute(_BILLS, (provider, model, _ROWS)).fetchall()
    if not bills:
        return Learned()
    by_detail: dict[str, list[sqlite3.Row]] = {}
    for bill in bills:
        if bill["images"] and bill["expected_text_tokens"] is not None and _image_tokens(bill) > 0:
            by_detail.setdefault(bill["detail"], []).append(bill)
    lengths = [bill["completion_tokens"] for bill in bills[:LAST_ANSWERS]]
    details = (_detail(detail, rows[:LAST_ANSWERS]) for detail, rows in sorted(by_detail.items()))
    return Learned(
        answer_tokens=int(median(lengths)), details=tuple(detail for detail in details if detail is not None)
    )


def _detail(detail: str, bills: Sequence[sqlite3.Row]) -> LearnedDetail | None:
    each = [_image_tokens(bill) / bill["images"] for bill in bills]
    # Where text makes most of a prompt, the error of its estimate would be taken for one of the images.
    telling = [
        bill for bill in bills if (bill["planned_image_tokens"] or 0) >= max(1, bill["expected_text_tokens"])
    ]
    ratios = [Decimal(_image_tokens(bill)) / bill["planned_image_tokens"] for bill in telling]
    return LearnedDetail(
        detail=detail,
        answers=len(bills),
        ratio=round(median(ratios), 4) if ratios else Decimal(1),
        image_tokens=round(median(each)),
    )


def _image_tokens(bill: sqlite3.Row) -> int:
    """As the server counted them; where it did not tell, what the text does not explain."""
    return int(bill["image_tokens"] or bill["prompt_tokens"] - bill["expected_text_tokens"])
