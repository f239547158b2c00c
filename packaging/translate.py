"""Bring the catalogues up to date with the sources: `.venv/bin/python packaging/translate.py update`.

`update` reads every string that is marked in the code, writes the template `sightline.pot`, and brings it
into each language's `sightline.po`: new strings are empty there, strings that left the code are dropped,
nothing is guessed. `check` changes nothing and lists what is missing.

The files hold no dates and no line numbers, so that a diff shows words and nothing else.
"""

import argparse
import io
import re
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = "desktop"
FOLDER = Path("resources") / "translations"
DOMAIN = "sightline"
KEYWORDS: dict[str, tuple[int, ...] | None] = {"_": None, "marked": None, "ngettext": (1, 2)}
COMMENT_TAG = "Translators:"
# Babel writes these with every run, or asks for them; nobody reads them.
HEADERS_LEFT_OUT = re.compile(
    r'^"(Project-Id-Version|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Report-Msgid-Bugs-To|Generated-By)'
    r':.*"\n',
    re.MULTILINE,
)
TEMPLATE_COMMENT = "# Every string of Sightline that a person reads. Written by packaging/translate.py."


def main() -> int:
    """Do what the command line says. Returns the exit status: 1 where `check` found something missing."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=("update", "check"))
    if parser.parse_args().command == "update":
        update(ROOT)
    missing = {language: untranslated(catalogue) for language, catalogue in catalogues(ROOT).items()}
    for language, strings in missing.items():
        print(f"{language}: {len(strings)} missing")
        for string in strings:
            print(f"  {string!r}")
    return 1 if any(missing.values()) and "check" in sys.argv else 0


def update(root: Path) -> None:
    """Write the template and bring it into every catalogue.

    Args:
        root: The project's folder.
    """
    template = extract(root)
    write_if_changed(root / FOLDER / f"{DOMAIN}.pot", written(template))
    for language, catalogue in catalogues(root).items():
        catalogue.update(template, no_fuzzy_matching=True)
        catalogue.obsolete.clear()
        write_if_changed(catalogue_path(root, language), written(catalogue))


def extract(root: Path) -> Catalog:
    """Read every marked string of the sources.

    Args:
        root: The project's folder.

    Returns:
        A template: message ids with the files that they stand in.
    """
    template = Catalog(
        project="Sightline", version="", charset="utf-8", fuzzy=False, header_comment=TEMPLATE_COMMENT
    )
    found = extract_from_dir(
        root / SOURCES,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=(COMMENT_TAG,),
        strip_comment_tags=True,
    )
    for name, _line, message, comments, context in found:
        place = (f"{SOURCES}/{name.replace(chr(92), '/')}", 1)
        template.add(message, None, [place], auto_comments=dict.fromkeys(comments), context=context)
    return template


def catalogues(root: Path) -> dict[str, Catalog]:
    """Read every language's catalogue.

    Args:
        root: The project's folder.

    Returns:
        By language, such as ``zh_CN``.
    """
    found = {}
    for path in sorted((root / FOLDER).glob(f"*/LC_MESSAGES/{DOMAIN}.po")):
        language = path.parent.parent.name
        with path.open("rb") as source:
            found[language] = read_po(source, locale=language, domain=DOMAIN, abort_invalid=True)
    return found


def untranslated(catalogue: Catalog) -> list[str]:
    """List the messages that have no translation, an unsure one, or not every plural form."""
    strings = []
    for message in catalogue:
        forms = message.string if isinstance(message.string, tuple | list) else (message.string,)
        if message.id and (message.fuzzy or not all(forms)):
            strings.append(message.id if isinstance(message.id, str) else message.id[0])
    return strings


def catalogue_path(root: Path, language: str) -> Path:
    """The place of a language's catalogue."""
    return root / FOLDER / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def written(catalogue: Catalog) -> str:
    """The text of a template or a catalogue: by file, one line a string, without what changes needlessly."""
    text = io.BytesIO()
    write_po(text, catalogue, width=0, sort_by_file=True, include_lineno=False, ignore_obsolete=True)
    return HEADERS_LEFT_OUT.sub("", text.getvalue().decode("utf-8"))


def write_if_changed(path: Path, text: str) -> None:
    """Write a file whose text differs, so that an unchanged catalogue is not compiled again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    if not path.exists() or path.read_text("utf-8") != text:
        path.write_text(text, "utf-8", newline="\n")


if __name__ == "__main__":
    sys.exit(main())
