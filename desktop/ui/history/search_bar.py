"""The search field of the history, and below it the filters by date and model."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QMenu, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import ON_DEVICE
from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.dates import full_date
from desktop.ui.history.span_dialog import SpanDialog
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import KeyCap, plain_tooltip

_TYPING_MS = 120
_MOST_NAME = 22


@dataclass(frozen=True, slots=True)
class Asked:
    """What the bar says.

    Attributes:
        text: as typed.
        first: the first day; None for any.
        last: the last day, included; None for any.
        model: id of a model; None for any.
    """

    text: str = ""
    first: date | None = None
    last: date | None = None
    model: str | None = None

    @property
    def is_filtered(self) -> bool:
        """Whether there is more than a text."""
        return self.first is not None or self.last is not None or self.model is not None

    @property
    def is_empty(self) -> bool:
        """Whether it asks for nothing."""
        return not (self.text.strip() or self.is_filtered)


class SearchBar(QWidget):
    """One row, and a second one while something is searched.

    Signals:
        changed(Asked): something else is asked for, typing having paused.
        moved(int): the next result (1) or the one before (-1) is to be chosen, or a page of them (10).
        entered(): the chosen result is to be opened.
        left(): Esc in the empty field.
        begun(): the field has the keyboard.
    """

    changed = Signal(object)
    moved = Signal(int)
    entered = Signal()
    left = Signal()
    begun = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._asked = Asked()
        self._models: tuple[str, ...] = ()
        self._soon = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._soon.timeout.connect(self.tell)
        self.field = QLineEdit()
        self.field.setProperty("kind", "search")
        self.field.setPlaceholderText(_("Search"))
        self.field.setAccessibleName(_("Search conversations"))
        plain_tooltip(
            self.field,
            _(
                "All words must be there. “A phrase” in quotation marks, -word for what must not be there, "
                "tag:name for a tag."
            ),
        )
        self.field.installEventFilter(self)
        self.field.textChanged.connect(self._on_text)
        self._icon = IconLabel("search", role="text_placeholder", size_px=15)
        self._icon.setParent(self.field)
        keys = QKeySequence("Ctrl+K").toString(QKeySequence.SequenceFormat.NativeText)
        self._keys = KeyCap(keys.replace("+", " "))
        self._keys.setParent(self.field)
        self._clear = icon_button("x", _("Clear the search"), size_px=24)
        self._clear.setParent(self.field)
        self._clear.clicked.connect(self.clear)
        self._clear.hide()
        self._period = button(_("Any time"), kind="tiny", chevron=True)
        self._periods = QMenu(self._period)
        self._period.setMenu(self._periods)
        self._periods.aboutToShow.connect(self._fill_periods)
        self._model = button(_("Any model"), kind="tiny", chevron=True)
        self._choices = QMenu(self._model)
        self._model.setMenu(self._choices)
        self._choices.aboutToShow.connect(self._fill_models)
        self._filters = QWidget()
        row = QHBoxLayout(self._filters)
        row.setContentsMargins(0, 6, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._period)
        row.addWidget(self._model)
        row.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.field)
        layout.addWidget(self._filters)
        self._filters.hide()

    @property
    def asked(self) -> Asked:
        """What is asked for now."""
        return self._asked

    def begin(self) -> None:
        """Take the keyboard; what was typed is selected."""
        self.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.field.selectAll()

    def set_text(self, text: str) -> None:
        """Search for this at once."""
        self.field.setText(text)
        self.tell()

    def set_models(self, models: Sequence[str]) -> None:
        """Offer these models to filter by."""
        self._models = tuple(models)

    def clear(self) -> None:
        """Search for nothing, without filters."""
        self.field.clear()
        self._asked = replace(self._asked, first=None, last=None, model=None)
        self._show_filters()
        self.tell()

    def tell(self) -> None:
        """Tell what is asked for, if it is something else."""
        self._soon.stop()
        asked = replace(self._asked, text=self.field.text())
        if asked != self._asked or asked.is_empty:
            self._asked = asked
            self.changed.emit(asked)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.field:
            if event.type() is QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
                if event.key() == Qt.Key.Key_Escape:
                    # Else Esc would stop the answer at hand.
                    event.accept()
                    return True
            elif event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                return self._take_key(event)
            elif event.type() in (QEvent.Type.Resize, QEvent.Type.Show):
                self._place()
            elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
                self._show_filters()
                if event.type() is QEvent.Type.FocusIn:
                    self.begun.emit()
        return super().eventFilter(watched, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(80, super().minimumSizeHint().height())

    def _take_key(self, event: QKeyEvent) -> bool:
        steps = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 10, Qt.Key.Key_PageUp: -10}
        step = steps.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.tell()
            self.entered.emit()
        elif event.key() == Qt.Key.Key_Escape:
            if self._asked.is_empty and not self.field.text():
                self.left.emit()
            else:
                self.clear()
        else:
            return False
        return True

    def _on_text(self) -> None:
        self._show_filters()
        self._soon.start()

    def _show_filters(self) -> None:
        used = bool(self.field.text()) or self._asked.is_filtered
        self._filters.setVisible(used)
        self._clear.setVisible(used)
        self._keys.setVisible(not used and not self.field.hasFocus())
        self._period.setText(_period_name(self._asked.first, self._asked.last))
        self._period.setAccessibleName(_("Date: {name}").format(name=self._period.text()))
        name = _("Any model") if self._asked.model is None else _model_name(self._asked.model)
        self._model.setText(name.replace("&", "&&"))
        self._model.setAccessibleName(_("Model: {name}").format(name=name))

    def _place(self) -> None:
        height = self.field.height()
        self._icon.move(10, (height - self._icon.sizeHint().height()) // 2)
        keys = self._keys.sizeHint().width()
        self._keys.setGeometry(
            self.field.width() - keys - 9, (height - self._keys.height()) // 2, keys, self._keys.height()
        )
        self._clear.move(self.field.width() - 28, (height - 24) // 2)

    # Filters

    def _fill_periods(self) -> None:
        menu, today = self._periods, date.today()  # noqa: DTZ011 - the reader's day
        menu.clear()
        for first, last in periods(today):
            self._add(
                menu, _period_name(first, last), (first, last) == (self._asked.first, self._asked.last)
            ).triggered.connect(lambda _on=False, span=(first, last): self._filter_by(*span))
        menu.addSeparator()
        menu.addAction(_("From… to…"), self._choose_span)

    def _fill_models(self) -> None:
        menu = self._choices
        menu.clear()
        any_model = self._add(menu, _("Any model"), self._asked.model is None)
        any_model.triggered.connect(lambda: self._ask_model(None))
        for model in self._models:
            action = self._add(menu, _model_name(model).replace("&", "&&"), model == self._asked.model)
            action.triggered.connect(lambda _on=False, model=model: self._ask_model(model))

    def _add(self, menu: QMenu, text: str, chosen: bool) -> QAction:
        action = menu.addAction(text)
        if chosen:
            action.setIcon(theme.current().icon("check"))
        return action

    def _choose_span(self) -> None:
        dialog = SpanDialog(self._asked.first, self._asked.last, self.window())
        dialog.chosen.connect(self._filter_by)
        dialog.open()

    def _filter_by(self, first: date | None, last: date | None) -> None:
        self._filter(replace(self._asked, first=first, last=last))

    def _ask_model(self, model: str | None) -> None:
        self._filter(replace(self._asked, model=model))

    def _filter(self, asked: Asked) -> None:
        self._asked = replace(asked, text=self.field.text())
        self._show_filters()
        self.changed.emit(self._asked)


def periods(today: date) -> tuple[tuple[date | None, date | None], ...]:
    """First and last day of what is offered."""
    return (
        (None, None),
        (today, None),
        (today - timedelta(days=6), None),
        (today - timedelta(days=29), None),
        (today.replace(month=1, day=1), None),
    )


def _period_name(first: date | None, last: date | None) -> str:
    names = (_("Any time"), _("Today"), _("Last 7 days"), _("Last 30 days"), _("This year"))
    offered = dict(zip(periods(date.today()), names, strict=True))  # noqa: DTZ011 - the reader's day
    if (first, last) in offered:
        return offered[first, last]
    if first is None:
        return _("until {day}").format(day=full_date(last)) if last else ""
    if last is None:
        return _("since {day}").format(day=full_date(first))
    return _("{first} – {last}").format(first=first.isoformat(), last=last.isoformat())


def _model_name(model: str) -> str:
    return _("On this computer") if model == ON_DEVICE else printable(model, limit=_MOST_NAME)
