"""Installs the `.deb` into a Debian of its own, uses it there as a person does, and removes it.

    .venv/bin/python -m tests.package.try_deb dist/sightline_VERSION_amd64.deb FOLDER

Needs root, debootstrap, Xvfb, openbox, xdotool, and Debian's packages. Takes three to six minutes. Writes
`transcript.txt` and screenshots into FOLDER. Status 1 if anything is not as it should be.
"""

import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.helpers.display import Display, new_display
from tests.helpers.loopback import Loopback
from tests.helpers.processes import ROOT
from tests.package import steps
from tests.package.clean_root import HOME, CleanRoot, made
from tests.package.session import opened
from tests.package.transcript import Transcript

KEPT = ROOT / "build" / "debian-base.tar.gz"


def main() -> int:
    """Go through all steps."""
    # What is mounted is let go also where this is told to end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    package, shown = Path(sys.argv[1]).resolve(), Path(sys.argv[2])
    shown.mkdir(parents=True, exist_ok=True)
    began = time.monotonic()
    told = Transcript({str(package.parent): "dist", str(ROOT): "."})
    try:
        with made(KEPT) as root:
            told.leave_out(str(root.path))
            try_package(root, package, shown, told)
    finally:
        told.told(f"{time.monotonic() - began:.0f} s")
        (shown / "transcript.txt").write_text("\n".join(told.lines) + "\n", "utf-8")
    return 1 if told.failed else 0


def try_package(root: CleanRoot, package: Path, shown: Path, told: Transcript) -> None:
    """Install, use, remove."""
    name = package.name
    shutil.copy(package, root.path / "tmp" / name)
    steps.make_a_desktop(root, told)
    before = root.files()
    steps.install(root, f"/tmp/{name}", told)
    steps.check_in_terminal(root, told)
    with new_display(Path(tempfile.mkdtemp(prefix="screen-"))) as display, Loopback() as server:
        use(root, display, server, shown, told)
    steps.remove(root, before, told)


def use(root: CleanRoot, display: Display, server: Loopback, shown: Path, told: Transcript) -> None:
    """A person's session: nothing of it may be left to the system afterwards but what is the person's."""
    with opened(root, display) as session:
        steps.put_pictures(session)
        pid = steps.start_from_desktop_entry(session, told)
        steps.keep_a_look(display, shown / "1-started.png")
        steps.open_image_with(session, pid, told)
        steps.ask_the_reader(session, pid, shown, told)
        steps.open_conversations(session, pid, shown, told)
        steps.check_in_session(session, told)
        steps.end_by_signal(session, pid, told)
        pid = steps.start_from_desktop_entry(session, told, OPENAI_BASE_URL=server.base_url)
        steps.keep_a_key(session, pid, server, shown, told)
        steps.ask_a_server(session, pid, server, shown, told)
        steps.end_by_signal(session, pid, told)
        told.told(f"{HOME}: {len(list((root.path / HOME[1:]).rglob('*')))} files and folders of the user")


if __name__ == "__main__":
    sys.exit(main())
