"""Pictures of the screen, and the shortcut that takes them."""

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_OWN, Remedy, Row
from desktop.core.text import marked

_NOTHING_TAKEN = marked("No picture was taken.")

ROWS = {
    Code.CAPTURE_IMPOSSIBLE: Row(
        what=marked("The screen cannot be captured here."),
        meaning=marked("Each way was tried: {reasons}."),
        remedy=marked("Take a screenshot with your desktop’s own program, and paste it with Ctrl+V."),
        needs=("reasons",),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_NOT_HERE: Row(
        what=marked("{way} cannot capture the screen here."),
        meaning=marked("The reason: {reason}."),
        remedy=marked("Another way is tried."),
        needs=("way", "reason"),
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
        what=marked("{way} did not answer within {seconds}."),
        meaning=_NOTHING_TAKEN,
        remedy=marked("Look for a question of your desktop that waits for an answer, then try again."),
        needs=("way", "seconds"),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_FAILED: Row(
        what=marked("{way} could not capture the screen."),
        meaning=_NOTHING_TAKEN,
        remedy=marked(
            "Try again; if it stays so, take a screenshot with your desktop’s program and paste it."
        ),
        needs=("way",),
        may_have=("reason",),
        status=EXIT_OWN,
    ),
    Code.CAPTURE_NOT_KEPT: Row(
        what=marked("The captured picture could not be stored."),
        meaning=marked("It is on the clipboard."),
        remedy=marked("Free some space on the disk, then paste it with Ctrl+V."),
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
        meaning=marked("Your desktop asked whether Sightline may have it, and the answer was no."),
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
