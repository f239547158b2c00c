"""The settings, in one window without OK: each change holds at once."""

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.credentials import check_base_url, is_encrypted_or_loopback, origin
from desktop.core.model import ON_DEVICE
from desktop.core.ports import KeyStatus
from desktop.core.pricing import PriceList
from desktop.core.problem_text import explain
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.settings import DEFAULT_BASE_URL, Settings
from desktop.core.text import _, format_count, join_sentences, ngettext, printable
from desktop.ui.desktop_room import DesktopFacts
from desktop.ui.settings.capture_page import CapturePage
from desktop.ui.settings.own_prices import ListedRates
from desktop.ui.settings.prices_page import PricesPage
from desktop.ui.settings.rows import Form, fit_height, plain_button, show_remark
from desktop.ui.widgets.labels import label, plain_tooltip
from desktop.ui.widgets.segments import Segments
from desktop.ui.widgets.select import Select

_WIDTH_PX = 560
GENERAL = "general"
PRICES = "prices"
CAPTURE = "capture"


def _no_rates(_model: str) -> None:
    """Nothing is known."""


class SettingsDialog(QDialog):
    """Shows `Settings` and the key's status.

    Signals:
        changed(Settings): all settings, after one was changed.
        key_change_requested: enter a key.
        key_remove_requested: forget the key.
        folder_open_requested: show the data folder.
        update_prices_requested: fetch the price list; answer with `show_update`.
        about_requested: tell about Sightline.
    """

    changed = Signal(object)
    key_change_requested = Signal()
    key_remove_requested = Signal()
    folder_open_requested = Signal()
    update_prices_requested = Signal()
    about_requested = Signal()

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        settings: Settings,
        key: KeyStatus,
        models: tuple[str, ...],
        data_folder: Path,
        price_list: PriceList | None = None,
        listed: ListedRates = _no_rates,
        facts: DesktopFacts | None = None,
        page: str = GENERAL,
    ) -> None:
        """Show these.

        Args:
            parent: the window.
            settings: in force.
            key: where the key is.
            models: ids to choose from; any other may be typed.
            data_folder: shown.
            price_list: in force; None while it is loading.
            listed: what the price list says about a model id.
            facts: about the shortcut and the tray.
            page: `GENERAL`, `PRICES` or `CAPTURE`.
        """
        super().__init__(parent)
        self.setWindowTitle(_("Settings"))
        self.setMinimumWidth(_WIDTH_PX)
        self.resize(_WIDTH_PX, _WIDTH_PX)
        self._settings = settings
        self._make_key_controls()
        self._make_server()
        self._make_model(models)
        self._make_choices()
        self._prices = PricesPage(settings, models=models, price_list=price_list, listed=listed)
        self._prices.changed.connect(self._change)
        self._prices.update_requested.connect(self.update_prices_requested)
        self._capture = CapturePage(settings, facts or DesktopFacts())
        self._capture.changed.connect(self._change)
        for grown in (self._prices.grown, self._capture.grown):
            grown.connect(self._on_grown)
        self._fill(data_folder, page)
        self.set_key(key)

    def show_update(self, price_list: PriceList | None, trouble: str = "") -> None:
        """Fetching the price list ended: with this one, or with what went wrong."""
        self._prices.show_update(price_list, trouble)

    def show_price_list(self, price_list: PriceList | None) -> None:
        """The price list has been loaded."""
        self._prices.show_list(price_list)

    @property
    def shows_capture(self) -> bool:
        """Whether the page about capturing is seen."""
        return self._capture.isVisible()

    def take_keys(self, keys: str) -> bool:
        """Whether keys were waited for: the shortcut's own then go there instead of capturing."""
        waits = self._capture.is_recording
        self._capture.take_keys(keys)
        return waits

    def show_facts(self, facts: DesktopFacts) -> None:
        """The shortcut or the tray is different now."""
        self._capture.show_facts(facts)

    def set_key(self, status: KeyStatus) -> None:
        """Show where the key is now."""
        there = status.hint is not None
        self._key_text.setText(status.hint or _("No key yet"))
        self._key_change.setText(_("Change…") if there else _("Add…"))
        self._key_remove.setVisible(there and status.origin != "environment")
        show_remark(self._key_remark, _held(status))
        fit_height(self)

    @override
    def showEvent(self, event: QShowEvent) -> None:
        fit_height(self)
        super().showEvent(event)

    def _make_key_controls(self) -> None:
        self._key_text = label("", selectable=True)
        self._key_text.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._key_remark = label("", "small")
        self._key_change = plain_button(_("Change…"))
        self._key_change.clicked.connect(self.key_change_requested)
        self._key_remove = plain_button(_("Remove"), kind="danger")
        self._key_remove.clicked.connect(self.key_remove_requested)

    def _make_server(self) -> None:
        self._server = QLineEdit(self._settings.base_url)
        self._server.setPlaceholderText(DEFAULT_BASE_URL)
        self._server.setCursorPosition(0)
        self._server.editingFinished.connect(self._on_server)
        self._server.textEdited.connect(self._on_server_edited)
        self._server_remark = label("", "small")
        show_remark(self._server_remark, _unencrypted(self._settings.base_url), "danger")

    def _make_model(self, models: tuple[str, ...]) -> None:
        self._model = Select(name=_("Model"))
        self._model.setEditable(True)
        self._model.setInsertPolicy(Select.InsertPolicy.NoInsert)
        self._model.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._model.addItem(_("Default"), "")
        for model in dict.fromkeys((ON_DEVICE, *models)):
            self._model.addItem(_("On-device reader") if model == ON_DEVICE else printable(model), model)
        self._show_model(self._settings.model or "")
        self._model.activated.connect(self._on_model)
        line = self._model.lineEdit()
        if line is not None:
            line.setAccessibleName(_("Model"))
            line.editingFinished.connect(self._on_model)

    def _make_choices(self) -> None:
        self._theme = Segments(
            [("system", _("System"), ""), ("light", _("Light"), ""), ("dark", _("Dark"), "")], name=_("Theme")
        )
        self._theme.set_value(self._settings.theme)
        self._theme.chosen.connect(self._on_theme)
        # A language is named in itself, so that those who speak only it find it.
        self._language = Segments(
            [("system", _("System"), ""), ("en", "English", ""), ("zh_CN", "简体中文", "")],
            name=_("Language"),
        )
        self._language.set_value(self._settings.language)
        self._language.chosen.connect(self._on_language)
        self._send_key = Segments(
            [("ctrl_enter", _("Ctrl+Enter"), ""), ("enter", _("Enter"), "")], name=_("Ask with")
        )
        self._send_key.set_value(self._settings.send_key)
        self._send_key.chosen.connect(self._on_send_key)
        self._send_remark = label("", "small")
        self._show_send_remark()
        self._carry = Segments(
            [("keep", _("Stay in the conversation"), ""), ("once", _("Go with one question"), "")],
            name=_("New images"),
        )
        self._carry.set_value(self._settings.carry)
        self._carry.chosen.connect(self._on_carry)

    def _fill(self, data_folder: Path, page: str) -> None:
        self._general = self._general_page(data_folder)
        pages = [
            (GENERAL, _("General"), ""),
            (PRICES, _("Prices and budget"), ""),
            (CAPTURE, _("Capture"), ""),
        ]
        self._pages = Segments(pages, name=_("Page"))
        self._pages.chosen.connect(self._open_page)
        self._pages.set_value(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(18)
        layout.addWidget(self._pages, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._general)
        layout.addWidget(self._prices)
        layout.addWidget(self._capture)
        layout.addStretch(1)
        layout.addLayout(self._bottom())
        self._open_page(page)
        # Only at the start: who moves from page to page by arrow keys stays where they are.
        if page == PRICES:
            self._prices.focus_budget()
        else:
            self._key_change.setFocus()

    def _open_page(self, page: str) -> None:
        self._general.setVisible(page == GENERAL)
        self._prices.setVisible(page == PRICES)
        self._capture.setVisible(page == CAPTURE)
        fit_height(self)

    def _on_grown(self) -> None:
        if not self._general.isVisible():
            fit_height(self)

    def _general_page(self, data_folder: Path) -> Form:
        form = Form()
        form.add_row(_("Key"), self._key_text, self._key_change, self._key_remove, remark=self._key_remark)
        form.add_row(_("Server"), self._server, remark=self._server_remark)
        form.add_row(_("Model"), self._model)
        form.add_line()
        form.add_row(_("Theme"), self._theme)
        form.add_row(
            _("Language"), self._language, remark=label(_("Takes effect at the next start."), "small")
        )
        form.add_row(_("Ask with"), self._send_key, remark=self._send_remark)
        form.add_row(_("New images"), self._carry)
        if self._settings.dismissed:
            form.add_row(_("Hints"), *self._hint_controls())
        form.add_line()
        form.add_row(
            _("Data folder"),
            *self._folder_controls(data_folder),
            remark=label(
                _("Conversations and the images that were sent. They stay on this computer."), "small"
            ),
        )
        return form

    def _folder_controls(self, data_folder: Path) -> tuple[QWidget, QWidget]:
        path = QLineEdit(printable(str(data_folder), limit=1000))
        path.setReadOnly(True)
        path.setProperty("kind", "text")
        path.setTextMargins(-2, 0, 0, 0)
        path.setCursorPosition(0)
        plain_tooltip(path, path.text())
        show = plain_button(_("Open folder"))
        show.clicked.connect(self.folder_open_requested)
        return path, show

    def _hint_controls(self) -> tuple[QWidget, QWidget]:
        count = len(self._settings.dismissed)
        closed = ngettext("{count} closed for good", "{count} closed for good", count)
        text = label(closed.format(count=format_count(count)))
        again = plain_button(_("Show them again"))

        def show_again() -> None:
            self._change(replace(self._settings, dismissed=frozenset()))
            text.setText(_("All are shown again"))
            again.setEnabled(False)

        again.clicked.connect(show_again)
        return text, again

    def _bottom(self) -> QHBoxLayout:
        close = plain_button(_("Close"))
        close.clicked.connect(self.accept)
        about = plain_button(_("About Sightline"), kind="link")
        about.setProperty("flush", True)
        about.clicked.connect(self.about_requested)
        row = QHBoxLayout()
        row.addWidget(about)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _change(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self._prices.use(settings)
            self._capture.use(settings)
            self.changed.emit(settings)

    def _on_server(self) -> None:
        try:
            url = check_base_url(self._server.text() or DEFAULT_BASE_URL)
        except ProblemError as error:
            said = explain(error.problem)
            self._show_server_remark(join_sentences(said.what, said.remedy))
            return
        self._server.setText(url)
        self._show_server_remark(_unencrypted(url))
        self._change(replace(self._settings, base_url=url))

    def _on_server_edited(self) -> None:
        self._show_server_remark("")

    def _show_server_remark(self, text: str) -> None:
        show_remark(self._server_remark, text, "danger")
        fit_height(self)

    def _on_model(self) -> None:
        text = self._model.currentText().strip()
        at = self._model.findText(text, Qt.MatchFlag.MatchFixedString | Qt.MatchFlag.MatchCaseSensitive)
        model = str(self._model.itemData(at)) if at >= 0 else printable(text)
        self._show_model(model)
        self._change(replace(self._settings, model=model or None))

    def _show_model(self, model: str) -> None:
        at = self._model.findData(model)
        if at >= 0:
            self._model.setCurrentIndex(at)
        else:
            self._model.setEditText(printable(model))

    def _on_theme(self, value: str) -> None:
        self._change(replace(self._settings, theme=value))

    def _on_language(self, value: str) -> None:
        self._change(replace(self._settings, language=value))

    def _on_send_key(self, value: str) -> None:
        self._change(replace(self._settings, send_key=value))
        self._show_send_remark()

    def _on_carry(self, value: str) -> None:
        self._change(replace(self._settings, carry=value))

    def _show_send_remark(self) -> None:
        enter = self._settings.send_key == "enter"
        text = _("Shift+Enter begins a new line.") if enter else _("Enter begins a new line.")
        show_remark(self._send_remark, text)


def _held(status: KeyStatus) -> str:
    """Who holds the key, and what is wrong with the keyring if something is."""
    held = {
        "environment": _("From the environment variable OPENAI_API_KEY."),
        "keyring": _("Kept in {keyring}, and in no file.").format(keyring=status.backend or _("the keyring")),
        "session": _("Kept until you quit."),
    }.get(status.origin or "", _("Without a key, the on-device reader answers."))
    if status.problem is None:
        return held
    return join_sentences(held, explain(status.problem).what)


def _unencrypted(url: str) -> str:
    if is_encrypted_or_loopback(url):
        return ""
    said = explain(problem(Code.URL_NOT_ENCRYPTED, host=origin(url)))
    return join_sentences(said.what, said.meaning)
