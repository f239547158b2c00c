"""The key, the banner, and the settings: which dialogs open, and what follows from what is chosen in them."""

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QMessageBox, QWidget

from desktop.core.credentials import is_encrypted_or_loopback, origin
from desktop.core.model import ON_DEVICE
from desktop.core.ports import KeyStatus
from desktop.core.pricing import PriceList
from desktop.core.problem_text import explain, sentence
from desktop.core.problems import Code, Problem
from desktop.core.settings import Settings
from desktop.core.text import _, format_count, join_sentences, ngettext
from desktop.tasks.about import About
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.choice import Choice
from desktop.ui.dialogs import confirm
from desktop.ui.messages import Messages
from desktop.ui.settings.key_dialog import KeyDialog
from desktop.ui.settings.settings_dialog import CAPTURE, GENERAL, PRICES, SettingsDialog
from desktop.ui.widgets.banner import Banner

if TYPE_CHECKING:
    from desktop.ui.about.dialog import AboutDialog
    from desktop.ui.desktop_room import Desktop

OPENAI_ORIGIN = "https://api.openai.com"


class SettingsController(QObject):
    """Dialogs for the key and the settings.

    Signals:
        model_decided(): which model answers is known now; until then the reader does.
    """

    model_decided = Signal()

    def __init__(
        self, backend: Backend, choice: Choice, banner: Banner, messages: Messages, *, model: str | None
    ) -> None:
        super().__init__(banner)
        self._backend = backend
        self._choice = choice
        self._banner = banner
        self._messages = messages
        self._asked_model = model
        self._decided = False
        self._key_dialog: KeyDialog | None = None
        self._settings_dialog: SettingsDialog | None = None
        self._about_dialog: AboutDialog | None = None
        self._desktop: Desktop | None = None
        backend.keys.changed.connect(self._on_key)
        backend.keys.tested.connect(self._on_tested)
        backend.keys.test_failed.connect(self._on_test_failed)
        backend.settings.failed.connect(messages.show)
        backend.prices.loaded.connect(self._on_prices_loaded)
        banner.setVisible(False)
        banner.set_actions([(_("Add a key"), self.open_key)])

    def choose_model(self, model_id: str) -> None:
        """The user picked a model: use it now and at the next start."""
        if model_id != ON_DEVICE and self._needs_key() and not self.open_key():
            return
        self._backend.settings.change(replace(self._backend.settings.current, model=model_id))
        # A key that was just entered is being saved: `_on_key` chooses the model then.
        if model_id == ON_DEVICE or not self._needs_key():
            self._choice.use_model(model_id)

    def open_key(self) -> bool:
        """Open the dialog for the key; tells whether one was entered."""
        base_url = self._backend.base_url
        if not is_encrypted_or_loopback(base_url) and not self._accept_unencrypted(base_url):
            return False
        dialog = KeyDialog(self._window(), base_url=base_url, keeper=_keeper(self._backend.keys.status))
        self._key_dialog = dialog
        dialog.test_requested.connect(self._on_test_requested)
        dialog.save_requested.connect(self._on_save_requested)
        saved = dialog.exec() == KeyDialog.DialogCode.Accepted
        self._key_dialog = None
        dialog.deleteLater()
        return saved

    def open_settings(self) -> None:
        """Open the settings."""
        self._open(GENERAL)

    def open_prices(self) -> None:
        """Open the settings where prices and budget are."""
        self._open(PRICES)

    def open_capture(self) -> None:
        """Open the settings where the shortcut is."""
        self._open(CAPTURE)

    def show_desktop(self, desktop: "Desktop") -> None:
        """Show what is known about the shortcut and the tray from now on."""
        self._desktop = desktop
        desktop.changed.connect(self._on_desktop_changed)

    @property
    def shows_capture(self) -> bool:
        """Whether the settings are open where the shortcut is."""
        return self._settings_dialog is not None and self._settings_dialog.shows_capture

    def take_keys(self, keys: str) -> bool:
        """Give the pressed shortcut to a field that waits for keys; whether there is one."""
        return self._settings_dialog is not None and self._settings_dialog.take_keys(keys)

    def _on_desktop_changed(self) -> None:
        if self._settings_dialog is not None and self._desktop is not None:
            self._settings_dialog.show_facts(self._desktop.facts())

    def _open(self, page: str) -> None:
        backend = self._backend
        dialog = SettingsDialog(
            self._window(),
            settings=replace(backend.settings.current, base_url=backend.base_url),
            key=backend.keys.status,
            models=tuple(m.id for m in backend.catalog.models if m.chat),
            data_folder=backend.data_folder,
            price_list=backend.prices.price_list,
            listed=lambda model: backend.prices.listed(backend.catalog.model(model)),
            facts=None if self._desktop is None else self._desktop.facts(),
            page=page,
        )
        self._settings_dialog = dialog
        dialog.changed.connect(self._on_settings_changed)
        dialog.key_change_requested.connect(self.open_key)
        dialog.key_remove_requested.connect(self._on_key_remove)
        dialog.folder_open_requested.connect(self._on_folder_open)
        dialog.update_prices_requested.connect(self._on_update_prices)
        dialog.about_requested.connect(self.open_about)
        dialog.exec()
        self._settings_dialog = None
        dialog.deleteLater()

    def open_about(self) -> None:
        """Tell what Sightline is made of, above whatever is open."""
        from desktop.ui.about.dialog import AboutDialog  # noqa: PLC0415 - seldom wanted

        dialog = AboutDialog(self._settings_dialog or self._window())
        self._about_dialog = dialog
        self._backend.about.read(self._on_about_read)
        dialog.exec()
        self._about_dialog = None
        dialog.deleteLater()

    def _on_about_read(self, about: About) -> None:
        if self._about_dialog is not None:
            self._about_dialog.show_about(about)

    def _window(self) -> QWidget:
        return self._banner.window()

    def _needs_key(self) -> bool:
        is_openai = origin(self._backend.base_url).startswith(OPENAI_ORIGIN)
        return is_openai and self._backend.keys.status.hint is None

    def _accept_unencrypted(self, base_url: str) -> bool:
        return confirm(
            self._window(),
            title=_("Not encrypted"),
            text=_(
                "{url} is not encrypted: everybody on the way can read the key and the images. Go on?"
            ).format(url=base_url),
            action=_("Go on"),
            icon=QMessageBox.Icon.Warning,
        )

    def _on_key(self, status: KeyStatus) -> None:
        if status.problem is not None and not _is_expected(status.problem):
            self._messages.show(status.problem)
        if self._settings_dialog is not None:
            self._settings_dialog.set_key(status)
        self._banner.set_text(
            _("No API key yet: answers come from the on-device reader, and nothing leaves this computer.")
        )
        self._banner.setVisible(self._needs_key())
        self._decide_model()

    def _decide_model(self) -> None:
        """With no key the reader answers; a key brings the model back that was chosen, or the default one."""
        wanted = (
            self._asked_model or self._backend.settings.current.model or self._backend.catalog.default().id
        )
        if self._needs_key():
            if self._choice.model.id != ON_DEVICE:
                self._choice.use_model(ON_DEVICE)
        elif not self._decided or self._choice.on_device:
            self._choice.use_model(wanted)
        self._decided = True
        self.model_decided.emit()

    def _on_test_requested(self, key: str) -> None:
        self._backend.keys.test(self._backend.base_url, key)

    def _on_tested(self, models: tuple[str, ...]) -> None:
        if self._key_dialog is not None:
            text = ngettext("Works: {count} model.", "Works: {count} models.", len(models))
            self._key_dialog.show_test(text.format(count=format_count(len(models))), ok=True)

    def _on_test_failed(self, trouble: Problem) -> None:
        if self._key_dialog is not None:
            self._key_dialog.show_test(sentence(trouble), ok=False)

    def _on_save_requested(self, key: str) -> None:
        if self._backend.settings.current.model == ON_DEVICE:
            # Somebody who adds a key wants a model to answer.
            self._backend.settings.change(replace(self._backend.settings.current, model=None))
        self._backend.keys.save(self._backend.base_url, key)

    def _on_key_remove(self) -> None:
        self._backend.keys.delete(self._backend.base_url)

    def _on_settings_changed(self, settings: Settings) -> None:
        before = self._backend.settings.current
        server_changed = settings.base_url != self._backend.base_url
        if not server_changed:
            # A server of the command line or the environment holds for this run and is not kept.
            settings = replace(settings, base_url=before.base_url)
        self._backend.settings.change(settings)
        if settings.theme != before.theme:
            theme.current().apply(settings.theme)
        if server_changed:
            self._decided = False
            self._backend.use_base_url(settings.base_url)
        if settings.model and settings.model != before.model and not self._needs_key():
            self._choice.use_model(settings.model)

    def _on_update_prices(self) -> None:
        self._backend.prices.update(self._on_prices_updated, self._on_update_failed)

    def _on_prices_updated(self, price_list: PriceList) -> None:
        if self._settings_dialog is not None:
            self._settings_dialog.show_update(price_list)

    def _on_update_failed(self, trouble: Problem) -> None:
        said = join_sentences(explain(trouble).what, _("The prices stay as they were."))
        if self._settings_dialog is not None:
            self._settings_dialog.show_update(self._backend.prices.price_list, said)
        else:
            self._messages.say(said)

    def _on_prices_loaded(self) -> None:
        if self._settings_dialog is not None:
            self._settings_dialog.show_price_list(self._backend.prices.price_list)

    def _on_folder_open(self) -> None:
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._backend.data_folder)))


def _keeper(status: KeyStatus) -> str:
    """Where a key would be kept, in words."""
    if status.problem is not None or not status.backend:
        return _("It is kept until you quit: no keyring was found on this computer.")
    return _("It is kept in {keyring}, and in no file.").format(keyring=status.backend)


def _is_expected(trouble: Problem) -> bool:
    """A computer without a keyring is said where a key is entered, not at every start."""
    return trouble.code is Code.KEYRING_ABSENT
