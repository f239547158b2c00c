"""Build what people install: `python3 packaging/build.py [--quick] [folder|deb|installer|bundle ...]`.

Without a word: everything that this system can make. Results are in `dist/`. Needs Python with its `venv`,
and on Linux `dpkg-dev` for the `.deb`; PyInstaller and all packages come from the locks, into an environment
of its own under `build/`. `--quick` packs less tightly, in a quarter of the time, to try something.
"""

import os
import sys
from collections.abc import Sequence
from pathlib import Path

import build_folder
import build_icons
import build_macos
import build_windows
import linux_deb
from freezing import version
from setup_steps import ROOT
from steps import SetupError, say

DIST = ROOT / "dist"
KINDS = {
    "linux": {"folder": build_folder.archive, "deb": linux_deb.build},
    "win32": {"folder": build_folder.archive, "installer": build_windows.build},
    "darwin": {"bundle": build_macos.build},
}


def main(arguments: Sequence[str]) -> int:
    """Build the named kinds of package, or all. Returns the exit status."""
    kinds = KINDS[sys.platform]
    quick = "--quick" in arguments
    wanted = [word for word in arguments if word != "--quick"] or list(kinds)
    if any(word not in kinds for word in wanted):
        print(f"{__doc__}\nHere: {', '.join(kinds)}.")
        return 0 if set(wanted) & {"-h", "--help"} else 2
    os.umask(0o022)
    try:
        made = build(wanted, quick=quick)
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    for path in made:
        say(f"{path.relative_to(ROOT)}  {path.stat().st_size / 1e6:.0f} MB")
    return 0


def build(wanted: Sequence[str], *, quick: bool) -> list[Path]:
    """Make the frozen app, then a package of it for each word."""
    build_folder.make_environment()
    build_icons.draw()
    app = build_folder.freeze()
    say(build_folder.sizes(app))
    if sys.platform == "linux":
        # For the Flatpak, whose manifest takes it from there.
        linux_deb.desktop_files(build_folder.WORK / "share", version(ROOT))
    DIST.mkdir(exist_ok=True)
    makers = KINDS[sys.platform]
    return [makers[word](app, DIST, version(ROOT), quick=quick) for word in wanted]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
