"""The disk image for macOS: the app bundle, signed if there is an identity, beside a link to Applications."""

import os
import platform
import shutil
from pathlib import Path

from build_folder import WORK
from contents import APP_NAME
from setup_steps import ROOT, run_quietly
from steps import step

ENTITLEMENTS = ROOT / "packaging" / "macos" / "sightline.entitlements"
IDENTITY = "SIGHTLINE_SIGNING_IDENTITY"
"""Names the Developer ID in the keychain; without it the bundle keeps PyInstaller's ad hoc signature."""


def build(app: Path, dist: Path, version: str, *, quick: bool) -> Path:
    """Sign the bundle where there is an identity, and pack it.

    Args:
        app: the bundle.
        dist: where the disk image goes.
        version: Sightline's.
        quick: makes no difference here.

    Raises:
        SetupError: with what codesign or hdiutil said.
    """
    del quick
    identity = os.environ.get(IDENTITY)
    if identity:
        with step("Signing"):
            options = [
                "--deep",
                "--force",
                "--timestamp",
                "--options",
                "runtime",
                "--entitlements",
                ENTITLEMENTS,
            ]
            run_quietly(["codesign", *options, "--sign", identity, app], "codesign failed.")
    content = WORK / "disk"
    shutil.rmtree(content, ignore_errors=True)
    content.mkdir(parents=True)
    with step("Making the disk image"):
        shutil.copytree(app, content / app.name, symlinks=True)
        (content / "Applications").symlink_to("/Applications")
        target = dist / f"{APP_NAME}-{version}-{platform.machine()}.dmg"
        options = ["-volname", APP_NAME, "-srcfolder", content, "-format", "UDZO", "-ov"]
        run_quietly(["hdiutil", "create", *options, target], "hdiutil failed.")
    return target
