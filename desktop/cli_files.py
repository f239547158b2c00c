"""The terminal: ``sightline export`` and ``sightline import``. No Qt; the same use cases as the window."""

import argparse
import os
import signal
import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TypeVar

from desktop.asking.exporting_conversations import Step, export_conversations
from desktop.asking.importing import import_conversations
from desktop.core import text as words
from desktop.core.archive import ARCHIVE_SUFFIX, ExportFormat, ExportOutcome, ExportWish, ImportOutcome
from desktop.core.archive_words import imported_sentence, missing_sentence
from desktop.core.problem_text import exit_status, sentence
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.sentences.row import EXIT_OWN
from desktop.core.text import _, format_count, join_sentences, ngettext, printable
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from desktop.system import logs, resources
from desktop.system.command_line import EXIT_STOPPED, Parser, say, take_any_character
from desktop.system.command_words import translate_argparse
from desktop.system.settings_file import load_settings
from desktop.wiring import data_folder

T = TypeVar("T")

_BY_SUFFIX = {
    ARCHIVE_SUFFIX: ExportFormat.ZIP,
    ".zip": ExportFormat.ZIP,
    ".html": ExportFormat.HTML,
    ".htm": ExportFormat.HTML,
    ".md": ExportFormat.MARKDOWN,
    ".json": ExportFormat.JSON,
}


def run(arguments: Sequence[str]) -> int:
    """Parse, do, and return the exit status: 0 done, 1 this computer's trouble, 2 usage, 3 a name in use."""
    take_any_character()
    words.install(resources.load_translations("system"))
    translate_argparse()
    parser, exporting = _parsers()
    options = parser.parse_args(arguments)
    wish = None
    if options.command == "export" and not options.list:
        try:
            wish = _wish(options)
        except ValueError as error:
            exporting.error(str(error))
    folder = data_folder(options.data_dir)
    settings, _notice = load_settings(folder)
    words.install(resources.load_translations(settings.language))
    if options.command == "export" and not (folder.root / DATABASE).exists():
        # A mistyped folder is told, and not made.
        return _say_nothing_there(folder.root)
    logs.start(folder, quiet=True, name="exchange")
    # As with Ctrl+C: what was begun is taken back.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with closing(Store(folder.root)) as store:
            store.open().result()
            return _do(options, wish, store)
    except ProblemError as error:
        say(sentence(error.problem))
        return exit_status(error.problem)
    except KeyboardInterrupt:
        return EXIT_STOPPED
    except BrokenPipeError:
        # Nobody reads on. Python would complain again when it flushes at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_STOPPED


def _say_nothing_there(folder: Path) -> int:
    say(_("There are no conversations in {folder}.").format(folder=printable(str(folder))))
    return EXIT_OWN


def _parsers() -> tuple[Parser, argparse.ArgumentParser]:
    parser = Parser(prog="sightline", description=_("Export and import conversations."))
    commands = parser.add_subparsers(dest="command", required=True)
    exporting = commands.add_parser("export", help=_("write conversations to files"))
    exporting.add_argument(
        "given",
        nargs="*",
        metavar=_("[ID …] TARGET"),
        help=_("numbers of conversations (see --list), and the file to write; of Markdown, a folder"),
    )
    exporting.add_argument("--all", action="store_true", help=_("all conversations"))
    exporting.add_argument("--list", action="store_true", help=_("show numbers and titles, and quit"))
    exporting.add_argument(
        "--format",
        choices=[kind.value for kind in ExportFormat],
        help=_("as what; where it is not told, the ending of TARGET says it"),
    )
    exporting.add_argument(
        "--full-paths",
        action="store_true",
        help=_("in a zip or JSON: where the image files lie, not only their names"),
    )
    importing = commands.add_parser("import", help=_("bring in the conversations of a .sightline file"))
    importing.add_argument("file", metavar="FILE", type=Path, help=_("the exported file"))
    for command in (exporting, importing):
        command.add_argument("--data-dir", metavar="DIR", help=_("where history and settings live"))
    return parser, exporting


def _wish(options: argparse.Namespace) -> ExportWish:
    """What is to be exported.

    Raises:
        ValueError: with what is wrong about the command.
        ProblemError: NAME_TAKEN.
    """
    *given, last = options.given or [""]
    if not last:
        raise ValueError(_("TARGET is missing"))
    if bool(given) == options.all:
        raise ValueError(_("name conversations by their numbers, or use --all"))
    if not all(number.isascii() and number.isdigit() and len(number) < 19 for number in given):
        raise ValueError(_("these are no numbers of conversations; --list shows them"))
    target = Path(last)
    kind = ExportFormat(options.format) if options.format else _BY_SUFFIX.get(target.suffix.lower())
    if kind is None:
        raise ValueError(_("the ending of TARGET says no format; use --format"))
    return ExportWish(
        ids=tuple(map(int, given)), format=kind, target=target.absolute(), full_paths=options.full_paths
    )


def _do(options: argparse.Namespace, wish: ExportWish | None, store: Store) -> int:
    if wish is not None:
        if wish.target.exists() and not wish.target.is_dir():
            # What is there may be dear; the window asks, and a script says it by another name.
            raise ProblemError(problem(Code.NAME_TAKEN, name=wish.target.name))
        if options.all and not store.titles().result():
            return _say_nothing_there(store.folder)
        return _report_export(_watched(lambda step: export_conversations(wish, store, step)))
    if options.command == "export":
        for number, title in store.titles().result().items():
            print(f"{number}\t{printable(title)}")
        return 0
    if any(notice.code is Code.NOTHING_STORED for notice in store.notices):
        # What would come in would be gone with this process; the first notice says why.
        raise ProblemError(store.notices[0])
    return _report_import(_watched(lambda step: import_conversations(options.file, store, step)))


def _report_export(outcome: ExportOutcome) -> int:
    print(outcome.path)
    count = outcome.conversations
    text = ngettext("{count} conversation exported.", "{count} conversations exported.", count)
    say(join_sentences(text.format(count=format_count(count)), missing_sentence(outcome.missing_images)))
    return 0


def _report_import(outcome: ImportOutcome) -> int:
    say(imported_sentence(outcome))
    if outcome.stopped is None:
        return 0
    say(sentence(outcome.stopped))
    return exit_status(outcome.stopped)


def _watched(work: Callable[[Step], T]) -> T:
    """Do it, and show on a terminal how far it is."""
    if not sys.stderr.isatty():
        return work(lambda _done, _of: None)

    def step(done: int, of: int) -> None:
        progress = _("{done} of {total}").format(done=format_count(done), total=format_count(of))
        sys.stderr.write(f"\r{progress}\x1b[K")
        sys.stderr.flush()

    try:
        return work(step)
    finally:
        sys.stderr.write("\r\x1b[K")
