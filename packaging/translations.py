"""Compile the translation catalogues: one function for the build hook and for the set-up.

Finding out what is stale needs only the standard library, so `dev.py` can ask before Babel is installed.
Compiling needs Babel, which is imported only then.
"""

import sys
from pathlib import Path

CATALOGUES = "resources/translations/*/LC_MESSAGES/sightline.po"


def stale_catalogues(root: Path) -> list[Path]:
    """Find the `.po` files whose `.mo` is missing or older.

    Args:
        root: The project's folder.

    Returns:
        The paths of the `.po` files to compile, sorted.
    """
    return [po for po in sorted(root.glob(CATALOGUES)) if is_stale(po)]


def is_stale(po: Path) -> bool:
    """Tell whether a catalogue was written after it was last compiled."""
    mo = po.with_suffix(".mo")
    return not mo.exists() or mo.stat().st_mtime_ns < po.stat().st_mtime_ns


def compile_catalogue(po: Path) -> Path:
    """Compile one `.po` file to the `.mo` file beside it.

    Fuzzy entries are left out: a guess shown to a person is worse than the English text.

    Args:
        po: The catalogue; the folder two levels up is its locale.

    Returns:
        The path of the `.mo` file.
    """
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with po.open("rb") as source:
        catalogue = read_po(source, locale=po.parent.parent.name, domain=po.stem)
    mo = po.with_suffix(".mo")
    # Written beside and renamed, so that a program that starts meanwhile never reads half a file.
    unfinished = po.with_suffix(".mo.part")
    with unfinished.open("wb") as target:
        write_mo(target, catalogue, use_fuzzy=False)
    unfinished.replace(mo)
    return mo


def compile_stale(root: Path) -> list[Path]:
    """Compile every catalogue that needs it.

    Args:
        root: The project's folder.

    Returns:
        The `.mo` files that were written.
    """
    return [compile_catalogue(po) for po in stale_catalogues(root)]


if __name__ == "__main__":
    compile_stale(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent.parent)
