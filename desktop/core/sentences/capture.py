"""Pictures of the screen, and the shortcut that takes them."""

from collections.abc import Iterable
from enum import StrEnum

from desktop.core.problems import Code, Problem
from desktop.core.sentences.row import EXIT_OWN, Remedy, Row
from desktop.core.text import _, join_clauses, marked, printable

_NOTHING_TAKEN = marked("No picture was taken.")


class CaptureWay(StrEnum):
    """The ways to capture the screen, as they are called; some are programs with a name of their own."""

    DIRECT = marked("The direct way")
    PORTAL = marked("The desktop’s portal")
    GRIM = "grim"
    GNOME_SCREENSHOT = "gnome-screenshot"
    SPECTACLE = "Spectacle"


class CaptureWhy(StrEnum):
    """Why a way cannot capture the screen, or could not: after a colon, without a full stop."""

    NO_SCREEN = marked("there is no screen here")
    WAYLAND_HIDES = marked("Wayland does not let programs look at the screen")
    WAYLAND_ONLY = marked("works on Wayland only")
    GNOME_ONLY = marked("works in GNOME only")
    KDE_ONLY = marked("works in KDE only")
    NOT_INSTALLED = marked("not installed")
    NO_BUS = marked("this session has no message bus")
    NO_PORTAL = marked("this desktop has none")
    NO_SCREENSHOTS = marked("it offers no screenshots here")
    SILENT = marked("it does not answer")
    WENT_AWAY = marked("it ended before it answered")
    ODD_ANSWER = marked("its answer cannot be understood")
    SAID_NO_REASON = marked("it failed without a reason")
    NO_PICTURE = marked("it gave no picture")
    NO_IMAGE = marked("its file is not an image")
    TOO_LARGE = marked("its picture is too large")
    NOT_LOCAL = marked("its picture is not on this computer")
    OTHER_SCREENS = marked("its picture does not fit the screens")
    HUNG = marked("it did not end in time")
    ENDED_BADLY = marked("it ended with an error")


# Translators: why one way to capture the screen does not work, such as “grim: not installed”.
_CLAUSE = marked("{way}: {why}")
# Translators: why something failed, and what the program itself said about it.
_WITH_REASON = marked("{why} (“{reason}”)")


def capture_reasons(troubles: Iterable[Problem]) -> str:
    """Why each way did not work, for CAPTURE_IMPOSSIBLE, in the chosen language."""
    return join_clauses(_clause(trouble) for trouble in troubles)


def _clause(trouble: Problem) -> str:
    told = trouble.parameters
    why = _(str(told.get("why", CaptureWhy.SAID_NO_REASON)))
    if reason := printable(str(told.get("reason", "")), limit=60).strip():
        why = _(_WITH_REASON).format(why=why, reason=reason)
    return _(_CLAUSE).format(way=_(str(told.get("way", "…"))), why=why)


ROWS = {
    Code.CAPTURE_IMPOSSIBLE: Row(
        what=marked("The screen cannot be captured here."),
        meaning=marked("No way works. {reasons}."),
        remedy=marked("Take a screenshot with your desktop’s own program, and paste it with Ctrl+V."),
        needs=("reasons",),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_NOT_HERE: Row(
        what=marked("{way} cannot capture the screen here: {why}."),
        meaning=marked("Another way is tried, where there is one."),
        remedy=marked("Take a screenshot with your desktop’s own program, and paste it with Ctrl+V."),
        needs=("way", "why"),
        may_have=("reason",),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_REFUSED: Row(
        what=marked("Capturing the screen was not allowed."),
        meaning=_NOTHING_TAKEN,
        remedy=marked("Allow it when you are asked, or in the privacy settings of your system."),
        may_have=("way",),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_TIMED_OUT: Row(
        what=marked("{way} did not answer within {seconds} s."),
        meaning=_NOTHING_TAKEN,
        remedy=marked("Look for a question of your desktop that waits for an answer, then try again."),
        needs=("way", "seconds"),
        button=Remedy.RETRY,
        status=EXIT_OWN,
    ),
    Code.CAPTURE_FAILED: Row(
        what=marked("{way} could not capture the screen: {why}."),
        meaning=_NOTHING_TAKEN,
        remedy=marked(
            "Try again; if it stays so, take a screenshot with your desktop’s program and paste it."
        ),
        needs=("way", "why"),
        may_have=("reason",),
        button=Remedy.RETRY,
        status=EXIT_OWN,
    ),
    Code.CAPTURE_NOT_KEPT: Row(
        what=marked("The captured picture could not be stored."),
        meaning=marked("It is on the clipboard."),
        remedy=marked("Free some space on the disk, then paste it with Ctrl+V."),
        may_have=("reason",),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_NOT_SAVED: Row(
        what=marked("The captured picture could not be saved as {name}."),
        meaning=marked("It is in the gallery."),
        remedy=marked("It is in the gallery; choose another folder when you save the next one."),
        needs=("name",),
        may_have=("reason",),
        status=EXIT_OWN,
    ),
    Code.SHORTCUT_TAKEN: Row(
        what=marked("Another program has the shortcut {keys}."),
        meaning=marked("Pressing it does not reach Sightline."),
        remedy=marked("Choose another one in the settings."),
        needs=("keys",),
        button=Remedy.OPEN_CAPTURE_SETTINGS,
        status=EXIT_OWN,
    ),
    Code.SHORTCUT_NOT_OFFERED: Row(
        what=marked("This desktop gives programs no shortcuts that work everywhere."),
        meaning=marked("Capturing works from the window and the tray."),
        remedy=marked("In your desktop’s keyboard settings, let a shortcut run “{command}”."),
        needs=("command",),
        may_have=("reason",),
        status=EXIT_OWN,
    ),
    Code.SHORTCUT_REFUSED: Row(
        what=marked("The shortcut was not allowed."),
        meaning=marked("Your desktop asked whether Sightline may have it, and that was declined."),
        remedy=marked("Switch it off and on again in the settings to be asked once more."),
        button=Remedy.OPEN_CAPTURE_SETTINGS,
        status=EXIT_OWN,
    ),
    Code.SHORTCUT_UNUSABLE: Row(
        what=marked("{keys} cannot be a shortcut that works everywhere."),
        meaning=marked("Other programs would miss these keys, or this keyboard does not have them."),
        remedy=marked("Choose keys with Ctrl, Alt or the system’s key in the settings."),
        needs=("keys",),
        button=Remedy.OPEN_CAPTURE_SETTINGS,
        status=EXIT_OWN,
    ),
}
