"""The ways to capture the screen, in order of preference, as data: what each needs to work."""

from dataclasses import dataclass, field

from desktop.capture.surroundings import Surroundings
from desktop.core.problems import Code, Problem, problem
from desktop.core.sentences.capture import CaptureWay, CaptureWhy

_LINUX = frozenset({"linux"})
# Their shells let gnome-screenshot in on Wayland; elsewhere it asks the X server there and gets black.
_LIKE_GNOME = frozenset({"gnome", "gnome-classic", "unity", "budgie", "pantheon"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What one way needs.

    Attributes:
        name: `CaptureBackend.name`.
        label: what it is called where a person reads it.
        systems: as `sys.platform`; empty for all. It is not even named on others.
        by_screen: whether it gives each screen's own pixels, and not one picture of all in one scale.
        on_wayland: whether it can see the screen of a Wayland compositor.
        on_x11: whether it can see the screen of an X server, or of a system that has neither.
        needs_bus: whether it talks over the session bus.
        program: what must be on PATH; empty if nothing.
        desktops: on Wayland, the only ones that let it in; empty for all.
        elsewhere: what is said on other desktops.
    """

    name: str
    label: CaptureWay
    systems: frozenset[str] = frozenset()
    by_screen: bool = False
    on_wayland: bool = True
    on_x11: bool = True
    needs_bus: bool = False
    program: str = ""
    desktops: frozenset[str] = field(default=frozenset())
    elsewhere: CaptureWhy = CaptureWhy.NO_SCREEN

    def why_not(self, here: Surroundings) -> Problem | None:
        """Why it cannot work here; None if it may."""
        why = self._reason(here)
        return None if why is None else problem(Code.CAPTURE_NOT_HERE, way=self.label, why=why)

    def _reason(self, here: Surroundings) -> CaptureWhy | None:
        is_elsewhere = here.is_wayland and self.desktops and not self.desktops & here.desktops
        rules = (
            (not here.has_screen, CaptureWhy.NO_SCREEN),
            (here.is_wayland and not self.on_wayland, CaptureWhy.WAYLAND_HIDES),
            (not here.is_wayland and not self.on_x11, CaptureWhy.WAYLAND_ONLY),
            (self.needs_bus and not here.has_bus, CaptureWhy.NO_BUS),
            (self.program and here.find(self.program) is None, CaptureWhy.NOT_INSTALLED),
            (is_elsewhere, self.elsewhere),
        )
        return next((why for holds, why in rules if holds), None)


QT = Way(name="qt", label=CaptureWay.DIRECT, by_screen=True, on_wayland=False)
PORTAL = Way(name="portal", label=CaptureWay.PORTAL, systems=_LINUX, needs_bus=True)
GRIM = Way(name="grim", label=CaptureWay.GRIM, systems=_LINUX, by_screen=True, on_x11=False, program="grim")
GNOME_SCREENSHOT = Way(
    name="gnome-screenshot",
    label=CaptureWay.GNOME_SCREENSHOT,
    systems=_LINUX,
    program="gnome-screenshot",
    desktops=_LIKE_GNOME,
    elsewhere=CaptureWhy.GNOME_ONLY,
)
SPECTACLE = Way(
    name="spectacle",
    label=CaptureWay.SPECTACLE,
    systems=_LINUX,
    program="spectacle",
    desktops=frozenset({"kde"}),
    elsewhere=CaptureWhy.KDE_ONLY,
)

WAYS = QT, PORTAL, GRIM, GNOME_SCREENSHOT, SPECTACLE


def in_order(here: Surroundings) -> tuple[Way, ...]:
    """The ways of this operating system, the best first.

    Compositors draw one picture of several screens in the scale of the finest, and blend the pixels of the
    others: with several screens whoever gives each its own comes first.
    """
    own = [way for way in WAYS if not way.systems or here.system in way.systems]
    if here.screens > 1:
        own.sort(key=lambda way: not way.by_screen)
    return tuple(own)
