"""The window's start: parse, wire, build, show, run, close."""

import argparse
import gc
import os
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QLibraryInfo, QLocale, Qt, QTranslator
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import __version__
from desktop.core import text as words
from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.core.own_prices import OwnPrice
from desktop.core.problem_text import sentence
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.settings import Settings
from desktop.core.text import _
from desktop.system import logs, resources
from desktop.system.command_words import translate_argparse
from desktop.system.early_end import EarlyEnd
from desktop.system.environment import Secrets, take_secrets
from desktop.system.instance import InstanceLock
from desktop.system.meeting import addresses, handover_of
from desktop.system.paths import DataFolder
from desktop.system.prompts_file import load_prompts, read_prompts, save_prompts, write_prompts
from desktop.system.safety import Safety, watched
from desktop.system.settings_file import load_settings, save_settings
from desktop.system.window_options import parse_window_options
from desktop.tasks.backend import Backend, Ground
from desktop.tasks.handover import Handover, HandoverServer, Reached, hand_over
from desktop.tasks.marks import overlay_png
from desktop.tasks.prices import PriceSource
from desktop.tasks.prompts import PromptFiles
from desktop.tasks.qt_messages import QtMessages
from desktop.ui import theme
from desktop.ui.application import OpeningApplication
from desktop.ui.ending import Ending
from desktop.ui.garbage import Garbage
from desktop.ui.main_window import MainWindow
from desktop.ui.start_options import StartOptions
from desktop.wiring import Parts, data_folder, download, effective_base_url, make_parts

SAMPLE_SUFFIXES = (".png", ".jpg")
SWITCH_S = 0.001
"""Threads that scan and decode give the interpreter back to the window so soon. Beside a scan of 100,000
files the window is held 3 ms (p99), and 11 ms at Python's own 5 ms."""
START_PATIENCE_S = 10.0
"""So long a second launch waits for a window that does not listen yet."""
START_LOOK_S = 0.05


def run(arguments: Sequence[str]) -> int:
    """Open the window and run until it is closed. Returns the exit status."""
    words.install(resources.load_translations("system"))
    translate_argparse()
    options = parse_window_options(arguments)
    secrets = take_secrets()
    folder = data_folder(options.data_dir)
    not_writable = folder.prepare()
    lock = InstanceLock(folder.window_lock)
    given = handover_of(options.images, os.environ, _capture_wanted(options))
    reached = _meet(lock, folder, given, hands_over=options.render_to is None)
    if reached is Reached.TAKEN:
        return _leave(options)
    settings, notice = load_settings(folder)
    words.install(resources.load_translations(settings.language))
    try:
        base_url = effective_base_url(options.base_url, secrets, settings)
    except ProblemError as error:
        print(sentence(error.problem), file=sys.stderr)  # noqa: T201 - there is no window yet
        return 2
    stop_logging = logs.start(folder)
    start = _Start(options, secrets, folder, given, settings, base_url, (notice, not_writable))
    try:
        with watched(folder.crashes, alone=reached is None and lock.is_held) as safety:
            return _open_window(start, lock, reached, safety)
    finally:
        lock.release()
        stop_logging()


@dataclass(frozen=True, slots=True)
class _Start:
    """What is known before there is a window."""

    options: argparse.Namespace
    secrets: Secrets
    folder: DataFolder
    given: Handover
    settings: Settings
    base_url: str
    notices: tuple[Problem | None, ...]


def _open_window(start: _Start, lock: InstanceLock, reached: Reached | None, safety: Safety) -> int:
    options, settings = start.options, start.settings
    messages = QtMessages()
    # Qt aborts where there is no display; that is no crash.
    messages.on_no_display = safety.watch.close
    application = _application(options.render_to is not None)
    _translate_qt(application, settings.language)
    ending = Ending(application, messages)
    try:
        if reached is not None:
            _load_look(settings.theme)
            trouble = _why_not_open(reached, start.folder, start.given)
            return _tell_and_leave(trouble, in_terminal=bool(options.render_to))
        parts = make_parts(
            folder=start.folder,
            settings=replace(settings, base_url=start.base_url),
            secrets=start.secrets,
            catalog=resources.load_catalog(),
        )
        backend = Backend(make_ground(parts, settings, safety))
        _load_look(settings.theme)
        window = MainWindow(backend, _start_options(options, start.given, start.notices))
        server = _await_others(window, start.folder, lock)
        if isinstance(application, OpeningApplication):
            application.opened_with.connect(window.gallery_room.outside.take_over)
        ending.of(window, backend)
        if start.given.capture is None:
            window.show()
        else:
            window.begin_hidden()
        garbage = _tuned(application)
        try:
            return application.exec()
        finally:
            garbage.stop()
            server.close()
            ending.finish()
    finally:
        ending.close()


def _meet(lock: InstanceLock, folder: DataFolder, given: Handover, *, hands_over: bool) -> Reached | None:
    """Hand over to the window that has this folder; None if this process may open one.

    A window that is starting does not listen yet, and one that is closing listens no more: the lock is tried
    again meanwhile.
    """
    deadline = time.monotonic() + START_PATIENCE_S
    while not _is_first(lock):
        EarlyEnd.leave_if_asked()
        if not hands_over:
            return Reached.NOBODY
        reached = hand_over(addresses(folder.root), given)
        if reached is not Reached.NOBODY or time.monotonic() > deadline:
            return reached
        time.sleep(START_LOOK_S)
    return None


def _leave(options: argparse.Namespace) -> int:
    """The open window has taken everything but these options, which are for a start."""
    if options.model or options.base_url:
        text = _("Sightline was open already: --model and --base-url were not used.")
        print(text, file=sys.stderr)  # noqa: T201 - there is no window
    return 0


def _why_not_open(reached: Reached, folder: DataFolder, given: Handover) -> Problem:
    if reached is Reached.SILENT:
        return problem(Code.WINDOW_SILENT, folder=str(folder.root), count=len(given.paths) + len(given.links))
    return problem(Code.ALREADY_OPEN, folder=str(folder.root))


def _tuned(application: QApplication) -> Garbage:
    """Make the interpreter the window's: it waits for neither threads nor the collector."""
    gc.freeze()
    sys.setswitchinterval(SWITCH_S)
    return Garbage(application)


def _await_others(window: MainWindow, folder: DataFolder, lock: InstanceLock) -> HandoverServer:
    """Listen for further launches once the window is painted."""
    server = HandoverServer()
    server.received.connect(window.gallery_room.outside.take_over)

    def listen() -> None:
        # Without the lock others may listen at the very same address.
        if lock.is_held:
            server.listen(addresses(folder.root, make=True))

    window.gallery_room.outside.opened.connect(listen)
    return server


def _start_options(
    options: argparse.Namespace, given: Handover, notices: Iterable[Problem | None]
) -> StartOptions:
    return StartOptions(
        images=given.paths,
        links=given.links,
        model=options.model,
        notices=tuple(notice for notice in notices if notice is not None),
        capture=given.capture,
        render_to=options.render_to,
    )


def _capture_wanted(options: argparse.Namespace) -> CaptureRequest | None:
    if options.capture is None:
        return None
    return CaptureRequest(
        kind=CaptureKind(options.capture), delay_s=options.delay or 0, prompt=options.prompt or ""
    )


def _application(offscreen: bool) -> QApplication:
    if offscreen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    # Only macOS tells by events what was opened, and a Python method sees every event of the application.
    kind = OpeningApplication if sys.platform == "darwin" else QApplication
    application = kind([sys.argv[0]])
    application.setApplicationName("Sightline")
    application.setApplicationDisplayName("Sightline")
    application.setApplicationVersion(__version__)
    application.setDesktopFileName("sightline")
    application.setStyle("Fusion")
    application.setWindowIcon(QIcon(str(resources.resource_path("icon", "sightline-256.png"))))
    return application


def _translate_qt(application: QApplication, language: str) -> None:
    """Qt's own dialogs speak the same language."""
    translator = QTranslator(application)
    locale = QLocale(resources.resolve_language(language))
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(locale, "qtbase", "_", folder):
        application.installTranslator(translator)


def _load_look(choice: str) -> None:
    theme.load_fonts(resources.resource_path("fonts"))
    look = theme.Theme(
        resources.load_toml("theme.toml"),
        icons=resources.resource_path("icons"),
        stylesheet=resources.resource_path("styles", "app.qss").read_text(encoding="utf-8"),
    )
    theme.use(look)
    look.apply(choice)


def _is_first(lock: InstanceLock) -> bool:
    try:
        return lock.acquire()
    except OSError:
        # A folder that cannot be written has no lock; the store opens it for reading only.
        return True


def _tell_and_leave(trouble: Problem, *, in_terminal: bool) -> int:
    if in_terminal:
        print(sentence(trouble), file=sys.stderr)  # noqa: T201 - nobody sees a window
        return 1
    box = QMessageBox()
    box.setWindowTitle("Sightline")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(sentence(trouble))
    box.addButton(_("Close"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
    return 1


def make_ground(parts: Parts, settings: Settings, safety: Safety | None = None) -> Ground:
    """What the window's backend stands on."""

    def use_base_url(base_url: str) -> None:
        parts.engines.base_url = base_url

    async def list_models(base_url: str, key: str) -> tuple[str, ...]:
        engine = parts.engines.chat(base_url, key)
        try:
            return await engine.list_models()
        finally:
            await engine.close()

    samples = resources.resource_path("samples")
    return Ground(
        services=replace(parts.services, paint_marks=overlay_png),
        keys=parts.keys,
        settings=settings,
        base_url=parts.settings.base_url,
        save_settings=lambda settings: save_settings(settings, parts.folder),
        prompts=_prompt_files(parts.folder),
        prices=_price_source(parts),
        list_models=list_models,
        prepare_engine=parts.engines.prepare,
        read_page=parts.engines.read_page,
        use_base_url=use_base_url,
        close_engines=parts.engines.close,
        close_keys=parts.keys.close,
        download=download,
        downloads_folder=parts.folder.downloads,
        pasted_folder=parts.folder.pasted,
        captures_folder=parts.folder.captures,
        outgoing_folder=parts.folder.outgoing,
        data_folder=parts.folder.root,
        samples=tuple(sorted(p for p in samples.glob("*") if p.suffix in SAMPLE_SUFFIXES)),
        safety=safety,
    )


def _prompt_files(folder: DataFolder) -> PromptFiles:
    return PromptFiles(
        load=lambda: load_prompts(folder),
        save=lambda library: save_prompts(library, folder),
        read=read_prompts,
        write=write_prompts,
    )


def _price_source(parts: Parts) -> PriceSource:
    book = parts.engines.prices

    def use_own(prices: Mapping[str, OwnPrice]) -> None:
        book.own = prices

    return PriceSource(
        rates=parts.engines.rates,
        listed=parts.engines.listed_rates,
        price_list=book.price_list,
        update=parts.engines.update_prices,
        use_own=use_own,
    )
