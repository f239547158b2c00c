"""A private Wayland compositor without a screen: sway, whose outputs are memory."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.helpers.processes import clean_environment, until


@dataclass(frozen=True)
class Output:
    """One output; ``left`` and ``top`` in logical pixels, the size in those of the output."""

    width_px: int
    height_px: int
    left: int
    top: int
    scale: str = "1"


@dataclass(frozen=True)
class Sway:
    """The compositor. Its outputs are called ``HEADLESS-1`` and so on."""

    environment: dict[str, str]
    """For programs that shall be seen there."""


@contextmanager
def sway(folder: Path, outputs: Sequence[Output]) -> Iterator[Sway]:
    """Start it, and end it after the block."""
    runtime = folder / "run"
    runtime.mkdir(mode=0o700)
    config = folder / "config"
    lines = [
        f"output HEADLESS-{number} resolution {one.width_px}x{one.height_px} position {one.left} {one.top} "
        f"scale {one.scale} background #303030 solid_color"
        for number, one in enumerate(outputs, 1)
    ]
    config.write_text("\n".join([*lines, "xwayland disable", "default_border none", ""]))
    command = ["sway", "--config", str(config)]
    if os.getuid() == 0:
        # It refuses to be root's. The parents of pytest's folder are closed to others.
        _open_to_others(folder)
        os.chown(runtime, 65534, 65534)
        command = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", *command]
    environment = clean_environment(
        folder / "home",
        XDG_RUNTIME_DIR=str(runtime),
        WLR_BACKENDS="headless",
        WLR_HEADLESS_OUTPUTS=str(len(outputs)),
        WLR_RENDERER="pixman",
        WLR_LIBINPUT_NO_DEVICES="1",
    )
    with (folder / "sway.log").open("wb") as out:
        process = subprocess.Popen(command, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        (socket,) = until(lambda: list(runtime.glob("sway-ipc.*.sock")), "sway")
        until(lambda: list(runtime.glob("wayland-*")), "sway's display")
        yield Sway(
            {
                **environment,
                "WAYLAND_DISPLAY": next(p.name for p in runtime.glob("wayland-?")),
                "SWAYSOCK": str(socket),
                "XDG_CURRENT_DESKTOP": "sway",
                "QT_QPA_PLATFORM": "wayland",
            }
        )
    finally:
        process.terminate()
        process.wait(20)


def _open_to_others(folder: Path) -> None:
    """Let another user pass through the folders that pytest made for this one."""
    for path in (folder, *folder.parents):
        if path.is_relative_to(tempfile.gettempdir()) and path.stat().st_uid == os.getuid():
            path.chmod(path.stat().st_mode | 0o001)
