"""How wide the columns of a table are; decided by its first rows, so that all its parts join."""

from PySide6.QtGui import QFont, QFontMetricsF, QTextLength, QTextTable

from desktop.ui import theme
from desktop.ui.conversation.leaves import Leaf

LEAST_PX = 36
WORD_PX = 150
"""A column is not made narrower than its longest word, up to this."""

EDGE_PX = 1
_SPARE_PX = 3


def column_widths(leaf: Leaf, width: int) -> list[int]:
    """Widths in pixels, padding included; their sum is more than ``width`` only where words would break."""
    plain, head = theme.current().font("table"), theme.current().font("table")
    head.setWeight(QFont.Weight.DemiBold)
    code = QFontMetricsF(theme.current().font("mono"))
    fonts = [QFontMetricsF(plain), QFontMetricsF(head), *([code] if 'class="code"' in leaf.html else [])]
    around = 2 * theme.current().metric("table_cell_padding") + EDGE_PX + _SPARE_PX
    natural, least = [0.0] * leaf.columns, [float(LEAST_PX)] * leaf.columns
    for place, cell in enumerate(leaf.words):
        column = place % leaf.columns
        natural[column] = max(natural[column], *(f.horizontalAdvance(cell) for f in fonts))
        word = max(cell.split(), key=len, default="")
        longest = max(f.horizontalAdvance(word) for f in fonts)
        least[column] = max(least[column], min(longest, WORD_PX))
    natural = [max(a, b) + around for a, b in zip(natural, least, strict=True)]
    least = [min(a + around, b) for a, b in zip(least, natural, strict=True)]
    spare, wanted = width - EDGE_PX - sum(least), sum(natural) - sum(least)
    if spare >= wanted:
        return [round(value) for value in natural]
    part = max(spare, 0) / wanted if wanted > 0 else 0
    return [int(a + (b - a) * part) for a, b in zip(least, natural, strict=True)]


def set_widths(table: QTextTable, widths: list[int]) -> None:
    """Make the columns of ``table`` so wide."""
    shape = table.format()
    kind = QTextLength.Type.FixedLength
    shape.setColumnWidthConstraints([QTextLength(kind, width) for width in widths])
    table.setFormat(shape)
