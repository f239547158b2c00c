"""The app as PyInstaller froze it: what its start leaves in the environment is not for other programs."""

from collections.abc import MutableMapping

_LIBRARY_PATHS = ("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "LIBPATH")
_QT_PATHS = ("QT_PLUGIN_PATH", "QML2_IMPORT_PATH")
_LOADERS_OWN = "_PYI_"


def leave_no_traces(environment: MutableMapping[str, str]) -> None:
    """Take out what the frozen app's loader has put in, and put back what it has replaced.

    Browsers, file managers and second launches are started with this environment. With our folder in it they
    would load our libraries and Qt plugins in place of their own. The libraries of this process are found all
    the same: the system has read the variable when the process began.

    Args:
        environment: usually ``os.environ``.
    """
    for name in _LIBRARY_PATHS:
        before = environment.pop(f"{name}_ORIG", None)
        if before is not None:
            environment[name] = before
        else:
            environment.pop(name, None)
    for name in [*_QT_PATHS, *(name for name in environment if name.startswith(_LOADERS_OWN))]:
        environment.pop(name, None)
