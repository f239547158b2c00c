"""What an answer is besides words: a table, and whether it has the shape that was asked for."""

from dataclasses import dataclass

from desktop.core.answer_fit import Fit, fit
from desktop.core.schemas import AnswerSchema, check
from desktop.core.tables import AnswerTable, answer_table


@dataclass(frozen=True, slots=True, kw_only=True)
class Shaped:
    """All that is found in a finished answer.

    Attributes:
        table: its rows; None if it is words.
        fit: whether it has the shape that was asked for; None without a schema or a table.
        only_data: the answer has no words beside the table.
    """

    table: AnswerTable | None = None
    fit: Fit | None = None
    misses_shape: bool = False
    only_data: bool = False


def shaped(text: str, schema: AnswerSchema | None = None) -> Shaped:
    """Look at a finished answer; up to half a second for the longest ones, so call it in a thread."""
    if schema is not None and check(schema.text) is not None:
        schema = None
    table = answer_table(text, schema)
    if table is None:
        return Shaped(misses_shape=schema is not None and bool(text.strip()))
    return Shaped(
        table=table,
        fit=fit(schema, table.value) if schema is not None else None,
        only_data=text.lstrip()[:1] in ("{", "[", "`"),
    )
