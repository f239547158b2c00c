"""What a table shows of each row: a column is data, the four tables are lists of columns."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import Any

from desktop.core.ledger import Accuracy, ConversationSpending, ImageSpending, ModelSpending, Spending
from desktop.core.model import Detail
from desktop.core.text import DASH, _, format_count, format_price, marked, printable
from desktop.ui.composer.state import detail_name
from desktop.ui.spending.cards import format_error


class Table(StrEnum):
    """The four tables."""

    IMAGES = "images"
    MODELS = "models"
    CONVERSATIONS = "conversations"
    ESTIMATES = "estimates"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column; all callables take a row.

    Attributes:
        title: marked for translation.
        text: what is shown.
        key: what is sorted by; rows of None come last either way.
        number: right-aligned, and first sorted downwards.
        share: of the room that is left when each column has what it needs.
        elides: it may be narrower than its texts.
        picture: it has the thumbnail and no text.
        opens: its text is a link to the conversation.
        dearest_first: the table is sorted by it at first.
        drop: the higher, the sooner it goes where there is no room; 0 stays.
    """

    title: str
    text: Callable[[Any], str]
    key: Callable[[Any], Any]
    number: bool = False
    share: int = 1
    elides: bool = False
    picture: bool = False
    opens: bool = False
    dearest_first: bool = False
    drop: int = 0


_TABLE_NAMES = {
    Table.IMAGES: marked("Images"),
    Table.MODELS: marked("Models"),
    Table.CONVERSATIONS: marked("Conversations"),
    Table.ESTIMATES: marked("Estimates"),
}


def table_name(table: Table) -> str:
    """The word for a table."""
    return _(_TABLE_NAMES[table])


def rows_of(table: Table, spending: Spending) -> tuple[object, ...]:
    """The rows of a table, in the order of the ledger: the dearest first."""
    return {
        Table.IMAGES: spending.image_rows,
        Table.MODELS: spending.models,
        Table.CONVERSATIONS: spending.conversations,
        Table.ESTIMATES: spending.accuracy,
    }[table]


def conversation_of(row: object) -> int | None:
    """The conversation that a row belongs to, if it is still there."""
    return row.conversation_id if isinstance(row, ImageSpending | ConversationSpending) else None


def _line(text: str) -> str:
    return printable(text).strip()


def _text_key(text: str) -> str | None:
    return None if text == DASH else text.casefold()


def _model(row: ImageSpending | ModelSpending | Accuracy) -> str:
    return _line(row.model)


def _provider(row: ModelSpending | Accuracy) -> str:
    return _line(row.provider)


def _detail(row: ImageSpending | Accuracy) -> str:
    if row.detail in set(Detail):
        return detail_name(Detail(row.detail))
    return _line(row.detail) or (_("mixed") if isinstance(row, Accuracy) else DASH)


def _conversation(row: ImageSpending | ConversationSpending) -> str:
    if row.conversation_id is not None:
        title = row.conversation_title if isinstance(row, ImageSpending) else row.title
        return _line(title) or _("Untitled")
    return _("deleted conversation") if isinstance(row, ImageSpending) else _("deleted conversations")


def _image_name(row: ImageSpending) -> str:
    return _line(row.name) or DASH


def _words(
    title: str, text: Callable[[Any], str], *, share: int = 1, opens: bool = False, drop: int = 0
) -> Column:
    def key(row: object) -> str | None:
        return _text_key(text(row))

    return Column(title=title, text=text, key=key, share=share, elides=share > 1, opens=opens, drop=drop)


def _count(title: str, value: Callable[[Any], int | None], *, drop: int = 0) -> Column:
    def text(row: object) -> str:
        number = value(row)
        return DASH if number is None else format_count(number)

    return Column(title=title, text=text, key=value, number=True, drop=drop)


def _price(title: str, value: Callable[[Any], Decimal | None], *, drop: int = 0) -> Column:
    return Column(title=title, text=lambda row: format_price(value(row)), key=value, number=True, drop=drop)


_COST = replace(_price(marked("Cost"), lambda row: row.cost_usd), dearest_first=True)

COLUMNS: dict[Table, tuple[Column, ...]] = {
    Table.IMAGES: (
        Column(title="", text=lambda _row: "", key=lambda _row: 0, picture=True),
        _words(marked("Image"), _image_name, share=3),
        _words(marked("Conversation"), _conversation, share=4, opens=True),
        _words(marked("Model"), _model, share=2, drop=1),
        _words(marked("Detail"), _detail, drop=3),
        _count(marked("Times sent"), lambda row: row.times_sent, drop=2),
        _count(marked("Tokens"), lambda row: row.tokens),
        _COST,
    ),
    Table.MODELS: (
        _words(marked("Model"), _model, share=3),
        _words(marked("Provider"), _provider, share=2, drop=4),
        _count(marked("Requests"), lambda row: row.requests, drop=2),
        _count(marked("Images"), lambda row: row.images, drop=3),
        _count(marked("Tokens in"), lambda row: row.prompt_tokens),
        _count(marked("Cached"), lambda row: row.cached_tokens, drop=5),
        _count(marked("Written to cache"), lambda row: row.cache_write_tokens, drop=6),
        _count(marked("Tokens out"), lambda row: row.completion_tokens, drop=1),
        _COST,
    ),
    Table.CONVERSATIONS: (
        _words(marked("Conversation"), _conversation, share=6, opens=True),
        _count(marked("Requests"), lambda row: row.requests, drop=1),
        _count(marked("Images"), lambda row: row.images),
        _COST,
    ),
    Table.ESTIMATES: (
        _words(marked("Model"), _model, share=3),
        _words(marked("Provider"), _provider, share=2, drop=5),
        _words(marked("Detail"), _detail),
        _count(marked("Answers"), lambda row: row.answers, drop=3),
        _count(marked("Estimated tokens"), lambda row: row.estimated_tokens, drop=1),
        _count(marked("Billed tokens"), lambda row: row.billed_tokens),
        _price(marked("Estimated"), lambda row: row.estimated_usd, drop=4),
        _price(marked("Billed"), lambda row: row.billed_usd, drop=2),
        Column(
            title=marked("Error"),
            text=lambda row: format_error(row.mean_error),
            key=lambda row: row.mean_error,
            number=True,
        ),
    ),
}
"""Which columns each table has."""
