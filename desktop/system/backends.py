"""Which keyring keeps the key: only one that belongs to the operating system."""

import sys
from typing import TYPE_CHECKING

from desktop.core.text import printable
from desktop.system.keyring_thread import KeyringThread

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

_NAMES = {
    "keyring.backends.SecretService": "Secret Service",
    "keyring.backends.libsecret": "Secret Service",
    "keyring.backends.kwallet": "KWallet",
    "keyring.backends.Windows": "Windows Credential Manager",
    "keyring.backends.macOS": "macOS Keychain",
}
# They keep keys in a plain file, in one behind a password typed in a terminal, or nowhere.
_REFUSED = ("keyrings.alt", "keyring.backends.null", "keyring.backends.fail")
_RECOMMENDED = 1
"""The `keyring` package's own limit: a backend of a lower priority is not to be recommended."""


def choose_backend() -> "KeyringBackend | None":
    """The backend that the `keyring` package chooses, or the best one behind its chain.

    Call it on the keyring's thread: it talks to the session bus. Raises whatever a backend raises.

    Returns:
        None if there is none that can be trusted with a key.
    """
    import keyring  # noqa: PLC0415 - slow, and only ever wanted on the keyring's thread
    from keyring.backends.chainer import ChainerBackend  # noqa: PLC0415

    chosen = keyring.get_keyring()
    candidates = list(chosen.backends) if isinstance(chosen, ChainerBackend) else [chosen]
    return next((backend for backend in candidates if _is_trusted(backend)), None)


def _is_trusted(backend: "KeyringBackend") -> bool:
    return not type(backend).__module__.startswith(_REFUSED) and backend.priority >= _RECOMMENDED


def name_of(backend: "KeyringBackend") -> str:
    """What people call it."""
    return _NAMES.get(type(backend).__module__) or printable(str(backend.name), limit=60)


_NEEDED = {
    "linux": ("keyring.backends.SecretService", "secretstorage", "jeepney"),
    "win32": ("keyring.backends.Windows", "win32ctypes.pywin32.win32cred"),
    "darwin": ("keyring.backends.macOS", "keyring.backends.macOS.api"),
}


def check_importable() -> None:
    """See whether what this system's keyring needs is installed, and can be found. Slow; touches no key.

    Raises:
        ImportError: something is missing.
    """
    import importlib  # noqa: PLC0415 - all of this is for `sightline --check` only
    from importlib.metadata import entry_points  # noqa: PLC0415

    for name in _NEEDED.get(sys.platform, ()):
        importlib.import_module(name)
    if not entry_points(group="keyring.backends"):
        # keyring finds its backends by these.
        raise ImportError("keyring.backends")


def name_in_force(time_limit_s: float) -> str | None:
    """What the keyring that would be used is called; None if there is none, or it does not answer in time."""
    thread = KeyringThread(time_limit_s)

    def look() -> str | None:
        try:
            chosen = choose_backend()
        except Exception:  # noqa: BLE001 - a backend raises whatever its service does
            return None
        return None if chosen is None else name_of(chosen)

    try:
        return thread.run(look, too_late=lambda: None).result()
    finally:
        thread.close()
