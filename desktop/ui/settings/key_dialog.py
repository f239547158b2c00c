"""Asks for a key: checks its form while it is typed, offers to test it, says where it will be kept."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.credentials import check_key
from desktop.core.problem_text import explain
from desktop.core.problems import Code, ProblemError
from desktop.core.text import _, join_sentences, printable
from desktop.ui import theme
from desktop.ui.links import open_link
from desktop.ui.settings.rows import fit_height, show_remark
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import label

_WIDTH_PX = 460
_OPENAI = "https://api.openai.com"
_KEY_PAGE = "platform.openai.com/api-keys"


class KeyDialog(QDialog):
    """A field for a key. What is typed leaves it by its signals only, and is wiped when it closes.

    Signals:
        test_requested(str): try this key; answer with `show_test`.
        save_requested(str): keep this key; the dialog closes.
    """

    test_requested = Signal(str)
    save_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, base_url: str, keeper: str) -> None:
        """Ask for the key of ``base_url``; ``keeper`` says where it will be kept."""
        super().__init__(parent)
        self.setWindowTitle(_("API key"))
        self.setFixedWidth(_WIDTH_PX)
        self._tested = ""
        self._is_typing = True
        self._field = self._make_field()
        self._eye = icon_button("eye", _("Show the key"), size_px=theme.current().metric("icon_button"))
        self._eye.setCheckable(True)
        self._eye.toggled.connect(self._on_eye)
        self._remark = label("", "small")
        self._remark.setWordWrap(True)
        # The remark comes and goes; its room stays, so that nothing jumps while typing.
        self._remark.setFixedHeight(34)
        self._remark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._test = button(_("Test"))
        self._test.clicked.connect(self._on_test)
        self._save = button(_("Save"), kind="primary")
        self._save.clicked.connect(self._on_save)
        for tried in (self._test, self._save):
            tried.installEventFilter(self)
        self._fill(base_url, keeper)
        self._field.textChanged.connect(self._on_typed)
        self._field.editingFinished.connect(self._on_left)
        self._field.returnPressed.connect(self._on_left)
        self._check()
        self._field.setFocus()

    def show_test(self, text: str, ok: bool) -> None:
        """Say how testing the key ended; a result for what has been changed since is dropped."""
        stale = self._tested != self._field.text()
        self._tested = ""
        self._check()
        if not stale:
            show_remark(self._remark, printable(text, limit=400), "success" if ok else "danger")

    @override
    def showEvent(self, event: QShowEvent) -> None:
        fit_height(self)
        super().showEvent(event)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # A disabled button swallows the click, and the field keeps the keyboard: who tries it is told why.
        if event.type() is QEvent.Type.MouseButtonPress and watched in (self._test, self._save):
            self._on_left()
        return super().eventFilter(watched, event)

    @override
    def done(self, result: int) -> None:
        self._field.clear()
        super().done(result)

    def _make_field(self) -> QLineEdit:
        field = QLineEdit()
        field.setEchoMode(QLineEdit.EchoMode.Password)
        field.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData
            | Qt.InputMethodHint.ImhNoPredictiveText
            | Qt.InputMethodHint.ImhNoAutoUppercase
        )
        field.setPlaceholderText("sk-…")
        field.setAccessibleName(_("API key"))
        return field

    def _fill(self, base_url: str, keeper: str) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(0)
        layout.addWidget(label(_("Your API key"), "drop_title"))
        layout.addSpacing(8)
        server = label(
            _("For {server}, and sent nowhere else.").format(server=printable(base_url)),
            "muted",
            selectable=True,
        )
        server.setWordWrap(True)
        layout.addWidget(server)
        layout.addSpacing(2)
        layout.addWidget(self._where_from(base_url), 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(14)
        entry = QHBoxLayout()
        entry.setSpacing(4)
        entry.addWidget(self._field, 1)
        entry.addWidget(self._eye)
        layout.addLayout(entry)
        layout.addSpacing(6)
        layout.addWidget(self._remark)
        layout.addSpacing(8)
        layout.addLayout(_kept(keeper))
        layout.addSpacing(18)
        layout.addLayout(self._buttons())

    def _where_from(self, base_url: str) -> QWidget:
        if not base_url.startswith(_OPENAI):
            return label(_("You get one from those who run this server."), "muted")
        link = button(_("Get one at {page}").format(page=_KEY_PAGE), kind="link")
        link.setProperty("flush", True)
        link.setAutoDefault(False)
        link.clicked.connect(lambda: open_link(self, f"https://{_KEY_PAGE}"))
        return link

    def _buttons(self) -> QHBoxLayout:
        cancel = button(_("Cancel"))
        cancel.clicked.connect(self.reject)
        for made in (self._test, cancel):
            made.setAutoDefault(False)
        self._save.setDefault(True)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._test)
        row.addStretch(1)
        row.addWidget(cancel)
        row.addWidget(self._save)
        return row

    def _key(self) -> str | None:
        """The key as typed if its form is right; the remark says why if it is not."""
        try:
            return check_key(self._field.text())
        except ProblemError as error:
            said = explain(error.problem)
            # What is still being typed is no mistake yet.
            unfinished = error.problem.code in (Code.KEY_EMPTY, Code.KEY_TOO_SHORT) and self._is_typing
            text = join_sentences(said.what, said.remedy) if self._field.text() else ""
            show_remark(self._remark, text, "small" if unfinished else "danger")
            return None

    def _on_typed(self) -> None:
        self._is_typing = True
        self._check()

    def _on_left(self) -> None:
        if self._is_typing:
            self._is_typing = False
            self._check()

    def _check(self) -> None:
        show_remark(self._remark, "")
        self._remark.setVisible(True)
        right = self._key() is not None
        self._remark.setVisible(True)
        self._save.setEnabled(right)
        self._test.setEnabled(right and not self._tested)
        self._test.setText(_("Testing…") if self._tested else _("Test"))

    def _on_eye(self, shown: bool) -> None:
        self._field.setEchoMode(QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password)
        self._eye.set_icon("eye-off" if shown else "eye")
        self._eye.set_name(_("Hide the key") if shown else _("Show the key"))

    def _on_test(self) -> None:
        key = self._key()
        if key is not None:
            self._tested = self._field.text()
            self._check()
            self.test_requested.emit(key)

    def _on_save(self) -> None:
        key = self._key()
        if key is not None:
            self.save_requested.emit(key)
            self.accept()


def _kept(keeper: str) -> QHBoxLayout:
    icon = IconLabel("lock", size_px=theme.current().metric("icon_size_inline"))
    text = label(keeper, "small")
    text.setWordWrap(True)
    row = QHBoxLayout()
    row.setSpacing(7)
    row.addWidget(icon, 0, Qt.AlignmentFlag.AlignVCenter)
    row.addWidget(text, 1)
    return row
