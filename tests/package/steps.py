"""The steps of `try_deb`, each a few commands and what should come of them."""

import os
import shutil
import signal
import time
from pathlib import Path

from tests.helpers.display import Display
from tests.helpers.loopback import Loopback
from tests.helpers.processes import ROOT, until
from tests.package.clean_root import HOME, CleanRoot
from tests.package.session import Session
from tests.package.transcript import Transcript

ENTRY = "/usr/share/applications/sightline.desktop"
KEY = "sk-canary-4f2a9c81d07be356"
QUESTION = "What are the lines and the total?"
# What every desktop has, and a base system has not.
_DESKTOP = ("desktop-file-utils", "shared-mime-info", "hicolor-icon-theme", "xdg-utils", "libglib2.0-bin")
_DESKTOP += ("dbus", "gnome-keyring", "libsecret-tools", "file")
_PLACE = (40, 40, 1440, 940)
_SEEN = (0, 0, 1480, 980)
_ANSWERS = "SELECT text FROM message WHERE role = 'assistant' AND state = 'complete' ORDER BY id"


def make_a_desktop(root: CleanRoot, told: Transcript) -> None:
    """The parts of a desktop that packages count on."""
    told.did("A base system of Debian with the parts of a desktop")
    root.run("apt-get", "update")
    root.run("apt-get", "install", "-y", "--no-install-recommends", *_DESKTOP)
    root.run("apt-get", "clean")
    told.told(root.run("cat", "/etc/debian_version").strip())


def install(root: CleanRoot, package: str, told: Transcript) -> None:
    """With what it depends on and nothing else."""
    told.did("Install")
    command = ["apt-get", "install", "-y", "--no-install-recommends", package]
    told.typed(" ".join(command), root.run(*command), most=8)
    told.typed("dpkg-query -W sightline", root.run("dpkg-query", "-W", "sightline"))
    listed = root.run("dpkg", "-L", "sightline").splitlines()
    told.told(f"dpkg -L: {len(listed)} files and folders")
    files = [line for line in listed if not (root.path / line[1:]).is_dir()]
    outside = [line for line in files if "/_internal/" not in line]
    told.typed("dpkg -L sightline, files outside of _internal", "\n".join(outside), most=60)


def check_in_terminal(root: CleanRoot, told: Transcript) -> None:
    """Without a screen, a bus, a network: what `--check` says of the package."""
    told.did("Look from inside")
    environment = {"PATH": "/usr/bin:/bin", "HOME": HOME, "LC_ALL": "C.UTF-8"}
    printed = root.run_as_user("sightline", "--check", environment=environment, check=False)
    told.typed("sightline --check", printed, most=60)
    told.expect("every part works", "Everything works." in printed)
    chinese = root.run_as_user(
        "sightline", "--check", environment=environment | {"LC_ALL": "zh_CN.UTF-8"}, check=False
    )
    told.expect("it speaks Chinese too", chinese.splitlines()[-1:] != printed.splitlines()[-1:])


def put_pictures(session: Session) -> None:
    """Samples in the user's folder, one with a name that is not UTF-8."""
    folder = session.root.path / HOME[1:] / "My pictures"
    folder.mkdir()
    shutil.copy(ROOT / "resources/samples/receipt.png", folder / "receipt.png")
    shutil.copy(
        ROOT / "resources/samples/label.png", Path(os.fsdecode(os.fsencode(folder) + b"/label \xff 1.png"))
    )
    shutil.copy(ROOT / "resources/samples/chart.png", folder / "chart 100%.png")
    for path in (folder, *folder.iterdir()):
        os.chown(path, 1000, 1000)


def start_from_desktop_entry(session: Session, told: Transcript, **environment: str) -> int:
    """As the applications menu starts it. Returns the process's number."""
    told.did("Start from the desktop entry")
    told.typed(f"gio launch {ENTRY}", session.run("gio", "launch", ENTRY, **environment))
    began = time.monotonic()
    pid = until(lambda: next(iter(session.pids()), 0), "the app's process")
    window = session.display.wait_for_window(pid, "Sightline")
    told.told(f"window after {time.monotonic() - began:.1f} s: {session.display.title(window)}")
    session.display.place(window, _PLACE)
    session.display.wait_until_still(session.display.box(window))
    entry = (session.root.path / ENTRY[1:]).read_text("utf-8")
    wanted = next(line.partition("=")[2] for line in entry.splitlines() if line.startswith("StartupWMClass="))
    seen = session.display.run("xprop", "-id", str(window), "WM_CLASS").strip()
    told.expect(f"the dock joins window and entry: {seen}", f'"{wanted}"' in seen)
    return pid


def open_image_with(session: Session, pid: int, told: Transcript) -> None:
    """As the file manager opens files."""
    told.did("Open with")
    session.run("xdg-mime", "default", "sightline.desktop", "image/png")
    folder = f"{HOME}/My pictures"
    files = (
        ("xdg-open", f"{folder}/receipt.png"),
        ("gio open", os.fsdecode(os.fsencode(folder) + b"/label \xff 1.png")),
        ("gio open", f"{folder}/chart 100%.png"),
    )
    for count, (program, path) in enumerate(files, 1):
        printed = session.run(*program.split(), path)
        told.typed(f"{program} '{os.fsencode(path).decode(errors='backslashreplace')}'", printed)
        until(lambda wanted=count: len(_draft(session)) == wanted, f"{count} images in the question")
    told.expect(
        "the running window has them, with their names as they are",
        _draft(session)[1].endswith(b"label \xff 1.png"),
    )
    until(lambda: session.pids() == [pid], "the end of the launches that handed over")


def _draft(session: Session) -> list[bytes]:
    return [bytes(path) for (path,) in session.rows("SELECT path FROM draft_image ORDER BY id")]


def ask_the_reader(session: Session, pid: int, shown: Path, told: Transcript) -> None:
    """Ask about what was opened; the answer of the reader on this computer."""
    told.did("Ask, without a key and without a network")
    display = session.display
    window = display.wait_for_window(pid, "Sightline")
    display.type(QUESTION)
    until(lambda: session.rows("SELECT text FROM draft") and _prompt(session) == QUESTION, "the question")
    display.key("ctrl+Return")
    answers = until(lambda: session.rows(_ANSWERS), "the answer", 180)
    told.told(f"asked: {QUESTION}")
    for line in answers[0][0].splitlines()[:14]:
        told.told(f"| {line}")
    told.expect("the reader's process has read the receipt", "37.34" in answers[0][0])
    display.wait_until_still(display.box(window))
    keep_a_look(display, shown / "2-answer.png")


def _prompt(session: Session) -> str:
    return str(next(iter(session.rows("SELECT text FROM draft ORDER BY conversation_id DESC")), ("",))[0])


def keep_a_key(session: Session, pid: int, server: Loopback, shown: Path, told: Transcript) -> None:
    """Enter a key in the settings, try it, and find it in the system's keyring."""
    told.did("Keep a key in the keyring")
    display = session.display
    main = display.wait_for_window(pid, "Sightline")
    display.key("ctrl+comma")
    display.wait_for_window(pid, "Settings")
    display.key("space")
    dialog = display.wait_for_window(pid, "API key")
    display.type(KEY)
    display.key("Tab", "Tab", "space")
    tried = server.wait_for_requests(1, 60)
    until(lambda: display.wait_until_still(display.box(dialog)), "the result of the test")
    told.expect("the key is tried at the server", tried.headers["authorization"] == f"Bearer {KEY}")
    keep_a_look(display, shown / "4-key.png")
    display.key("shift+Tab", "shift+Tab", "Return")
    display.wait_until_closed(pid, dialog)
    display.key("Escape")
    until(lambda: session.display.windows(pid) == [main], "the end of the settings")
    found = session.key_in_keyring("Sightline")
    told.typed("secret-tool search --all service Sightline", "\n".join(found).replace(KEY, "sk-canary-…e356"))
    told.expect("the Secret Service has it", any(KEY in line for line in found))
    home = session.root.path / HOME[1:]
    told.expect("no file of Sightline has it", not _files_with(home / ".local/share/Sightline", KEY.encode()))


def _files_with(folder: Path, data: bytes) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file() and data in path.read_bytes()]


def ask_a_server(session: Session, pid: int, server: Loopback, shown: Path, told: Transcript) -> None:
    """With the key from the keyring, which this process has not been told otherwise."""
    told.did("Ask a server with that key")
    display = session.display
    window = display.wait_for_window(pid, "Sightline")
    answers = len(session.rows(_ANSWERS))
    session.run("gio", "open", f"{HOME}/My pictures/receipt.png")
    until(lambda: session.pids() == [pid], "the end of the launch that handed over")
    display.wait_for_window(pid, "Sightline")
    display.type("What is this?")
    until(lambda: _prompt(session) == "What is this?", "the question")
    display.key("ctrl+Return")
    until(lambda: len(session.rows(_ANSWERS)) > answers, "the answer")
    request = server.requests[-1]
    told.expect("it carries the key", request.headers["authorization"] == f"Bearer {KEY}")
    told.expect("it carries the picture", len(request.images) >= 1)
    display.wait_until_still(display.box(window))
    keep_a_look(display, shown / "5-server.png")


def check_in_session(session: Session, told: Transcript) -> None:
    """What `--check` says where there is a keyring and a screen."""
    told.did("Check again, with a keyring and a screen")
    printed = session.run("sightline", "--check", check=False)
    rows = [
        line for line in printed.splitlines() if "Keyring" in line or "capture" in line or "works" in line
    ]
    told.typed("sightline --check", "\n".join(rows))
    told.expect("the keyring is in force", "Secret Service" in printed)


def open_conversations(session: Session, pid: int, shown: Path, told: Transcript) -> None:
    """A `.sightline` file of somebody else opens by double-click."""
    told.did("Open a .sightline file")
    other = ("--data-dir", f"{HOME}/other")
    picture = f"{HOME}/My pictures/chart 100%.png"
    session.run(
        "sightline", "ask", picture, "--prompt", "What text is there?", "--model", "on-device", *other
    )
    file = f"{HOME}/From a friend.sightline"
    session.run("sightline", "export", "--all", file, *other)
    kind = session.run("gio", "info", "-a", "standard::content-type", file)
    told.expect("its type is known", "application/vnd.sightline+zip" in kind)
    default = session.run("xdg-mime", "query", "default", "application/vnd.sightline+zip").strip()
    told.typed("xdg-mime query default application/vnd.sightline+zip", default)
    before = len(session.rows("SELECT id FROM conversation"))
    told.typed(f"gio open '{file}'", session.run("gio", "open", file))
    until(lambda: len(session.rows("SELECT id FROM conversation")) > before, "the conversation")
    until(lambda: session.pids() == [pid], "the end of the launch that handed over")
    told.expect("the running window has imported it", True)
    session.display.wait_until_still(session.display.box(session.display.wait_for_window(pid, "Sightline")))
    keep_a_look(session.display, shown / "3-imported.png")


def end_by_signal(session: Session, pid: int, told: Transcript) -> None:
    """As the end of a session ends it."""
    told.did("End by SIGTERM")
    began = time.monotonic()
    os.kill(pid, signal.SIGTERM)
    until(lambda: not session.all_pids(), "the end of all processes")
    told.expect(f"all processes have ended after {time.monotonic() - began:.1f} s", True)
    log = next(iter((session.root.path / HOME[1:] / ".local/share/Sightline/logs").glob("*.log")), None)
    trouble = (
        [line for line in log.read_text("utf-8").splitlines() if "ERROR" in line or "Traceback" in line]
        if log
        else []
    )
    told.expect("nothing went wrong by its own log", not trouble)
    for line in trouble[:5]:
        told.told(line)


def remove(root: CleanRoot, before: set[str], told: Transcript) -> None:
    """Nothing is left but what is the user's."""
    told.did("Remove")
    command = ["apt-get", "remove", "-y", "sightline"]
    told.typed(" ".join(command), root.run(*command), most=4)
    told.expect(
        "removing leaves the user's history",
        (root.path / HOME[1:] / ".local/share/Sightline/sightline.db").exists(),
    )
    told.expect("the command is gone", not (root.path / "usr/bin/sightline").exists())
    told.typed("dpkg --purge sightline", root.run("dpkg", "--purge", "sightline"))
    command = ["apt-get", "autoremove", "--purge", "-y"]
    told.typed(" ".join(command), root.run(*command), most=3)
    left = {path for path in root.files() - before if not path.startswith(f".{HOME}/")}
    ours = sorted(path for path in left if "sightline" in path.lower())
    told.typed("find / | grep -i sightline   (but /home)", "\n".join(ours))
    told.expect("no file of ours is left", not ours)
    told.told(
        f"{len(left - set(ours))} other new files, of packages that had come along and are still recommended"
    )
    told.expect(
        "purging leaves the user's history",
        (root.path / HOME[1:] / ".local/share/Sightline/sightline.db").exists(),
    )


def keep_a_look(display: Display, file: Path) -> None:
    """A screenshot of the part of the screen where the window is."""
    display.see(_SEEN).save(file)
