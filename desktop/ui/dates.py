"""Names of days and months, in the words of the chosen language."""

from datetime import date

from desktop.core.text import _, marked

_MONTHS = (
    marked("January"),
    marked("February"),
    marked("March"),
    marked("April"),
    marked("May"),
    marked("June"),
    marked("July"),
    marked("August"),
    marked("September"),
    marked("October"),
    marked("November"),
    marked("December"),
)


def month_name(month: int) -> str:
    """``November`` for 11."""
    return _(_MONTHS[month - 1])


def month_and_year(day: date) -> str:
    """``November 2026``."""
    return _("{month} {year}").format(month=month_name(day.month), year=day.year)


def year_name(day: date) -> str:
    """``2026``."""
    # Translators: a year that stands alone; in some languages with the word for it.
    return _("{year}").format(year=day.year)


def day_and_month(day: date) -> str:
    """``22 November``."""
    return _("{day} {month}").format(day=day.day, month=month_name(day.month))


def full_date(day: date) -> str:
    """``22 November 2026``."""
    return _("{day} {month} {year}").format(day=day.day, month=month_name(day.month), year=day.year)
