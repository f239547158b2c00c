"""Checks without Qt; each may take as long as it likes, beside the others."""

import asyncio
import contextlib
import tempfile
from collections.abc import Callable
from pathlib import Path

from desktop.core.found_text import PageText
from desktop.core.presets import PRESETS
from desktop.core.problem_text import sentence
from desktop.core.problems import ProblemError
from desktop.core.text import _, format_count, join_list, ngettext
from desktop.images.workers import ImageWorkers
from desktop.system import backends, resources
from desktop.system.paths import DataFolder

Row = tuple[str, str, Callable[[], str]]

PICTURES = ("png", "jpeg", "webp", "gif", "bmp", "tiff", "avif", "heic", "pdf")
"""Suffixes of the files ``resources/check/picture.…``, one of each format that is read."""
PICTURE_PX = (32, 24)
PAGE_WORDS = "Sightline can read"
PAGE_CODE = "sightline-check"
"""What ``resources/check/page.png`` says; `packaging/make_check_files.py` has written it."""

_READER_S = 18.0
_KEYRING_S = 6.0
_KNOWN_MESSAGE = "Settings"


def rows(folder: DataFolder) -> list[Row]:
    """Name, title and function of every check, in the order in which they are told."""
    return [
        ("resources", _("Resources"), look_at_resources),
        ("translations", _("Translations"), look_at_translations),
        ("prices", _("Price list"), look_at_prices),
        ("pictures", _("Image formats"), look_at_pictures),
        ("reader", _("On-device reader"), look_at_reader),
        ("keyring", _("Keyring"), look_at_keyring),
        ("history", _("History"), look_at_history),
        ("certificates", _("Certificates"), look_at_certificates),
        ("licences", _("Licences"), look_at_licences),
        ("folder", _("Data folder"), lambda: look_at_folder(folder)),
    ]


def look_at_resources() -> str:
    """Catalogue, prompts, styles and samples are there and can be read."""
    models = len(resources.load_catalog().models)
    resources.load_toml("theme.toml")
    style = resources.resource_path("styles", "app.qss").read_text(encoding="utf-8")
    samples = len(
        [*resources.resource_path("samples").glob("*.png"), *resources.resource_path("samples").glob("*.jpg")]
    )
    if not (models and style and samples):
        raise LookupError(f"models {models}, style {len(style)}, samples {samples}")
    return _("{models} models, {prompts} prompts, {samples} samples").format(
        models=format_count(models), prompts=format_count(len(PRESETS)), samples=format_count(samples)
    )


def look_at_translations() -> str:
    """Each language has a catalogue that changes a word that all have."""
    languages = resources.available_languages()
    for language in languages:
        found = resources.load_translations(language).gettext(_KNOWN_MESSAGE)
        if not found or (language != "en" and found == _KNOWN_MESSAGE):
            raise LookupError(language)
    if len(languages) < 2:
        raise LookupError("translations")
    return join_list(languages)


def look_at_prices() -> str:
    """The price list that came along can be loaded."""
    from desktop.core.pricing import load_prices  # noqa: PLC0415 - slow

    models = load_prices().models
    return ngettext("{count} model", "{count} models", models).format(count=format_count(models))


def look_at_pictures() -> str:
    """A worker process decodes one file of each format."""
    workers = ImageWorkers(processes=1)
    try:
        waiting = {
            suffix: workers.inspect(resources.resource_path("check", f"picture.{suffix}"), thumbnail_px=16)
            for suffix in PICTURES
        }
        wrong = []
        for suffix, future in waiting.items():
            try:
                facts = future.result().facts
            except ProblemError as error:
                wrong.append(f"{suffix}: {sentence(error.problem)}")
                continue
            # A PDF page has no pixels of its own.
            if suffix != "pdf" and (facts.width_px, facts.height_px) != PICTURE_PX:
                wrong.append(f"{suffix}: {facts.width_px} × {facts.height_px}")
    finally:
        workers.close()
    if wrong:
        raise ValueError("; ".join(wrong))
    return join_list(suffix.upper() for suffix in PICTURES)


def look_at_reader() -> str:
    """The reader's process loads its networks, reads a line of text and a QR code."""
    page = asyncio.run(_read_page(resources.resource_path("check", "page.png").read_bytes()))
    codes = [code.text for code in page.codes]
    if PAGE_WORDS not in page.text:
        raise ValueError(page.text)
    if codes != [PAGE_CODE]:
        raise ValueError(join_list(codes) or "no code")
    return _("text and codes are read")


async def _read_page(data: bytes) -> PageText:
    from desktop.engines.on_device.engine import OnDeviceEngine  # noqa: PLC0415 - slow

    engine = OnDeviceEngine(time_limit_s=_READER_S)
    try:
        return await engine.read_page(data, page_px=(520, 120), name="page.png")
    finally:
        await engine.close()


def look_at_keyring() -> str:
    """This system's keyrings can be used; which one is in force. No key is touched."""
    backends.check_importable()
    chosen = backends.name_in_force(_KEYRING_S)
    if chosen is None:
        return _("none is running: a key is kept until quitting")
    return chosen


def look_at_history() -> str:
    """SQLite can search by full text."""
    from desktop.store.versions import check_search, sqlite_version  # noqa: PLC0415 - as all others here

    check_search()
    return f"SQLite {sqlite_version()}, FTS5"


def look_at_certificates() -> str:
    """There are authorities that vouch for servers."""
    from desktop.engines.certificates import trusted_certificates  # noqa: PLC0415 - slow

    count = trusted_certificates()
    if count is None:
        return _("those of the operating system")
    if count == 0:
        raise LookupError("ca-certificates")
    return ngettext("{count} authority", "{count} authorities", count).format(count=format_count(count))


def look_at_licences() -> str:
    """The licence of everything that the application is made of is there to be read."""
    from desktop.store.versions import sqlite_version  # noqa: PLC0415 - as all others here
    from desktop.system.licences import read_components  # noqa: PLC0415

    components = read_components({"SQLite": sqlite_version()})
    without = [component.name for component in components if not component.text]
    if without or not components:
        raise LookupError(join_list(without))
    return ngettext("{count} component", "{count} components", len(components)).format(
        count=format_count(len(components))
    )


def look_at_folder(folder: DataFolder) -> str:
    """A file can be written and read where the history lives."""
    trouble = folder.prepare()
    if trouble is not None:
        raise ProblemError(trouble)
    with contextlib.ExitStack() as ends:
        file = ends.enter_context(tempfile.NamedTemporaryFile(dir=folder.root, prefix=".check-"))
        file.write(b"check")
        file.flush()
        if Path(file.name).read_bytes() != b"check":
            raise OSError(file.name)
    return _("can be written")
