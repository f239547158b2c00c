"""Keyrings that behave badly. None is viable, so that no other test is given one by accident."""

import threading
from typing import Any

from keyring.backend import KeyringBackend
from keyring.errors import KeyringLocked


class Remembering(KeyringBackend):
    """Keeps keys, and counts how often it was asked."""

    viable = False
    priority = 5

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[tuple[str, str], str] = {}
        self.reads = 0

    def get_password(self, service: str, username: str) -> str | None:
        self.reads += 1
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        from keyring.errors import PasswordDeleteError

        if self.kept.pop((service, username), None) is None:
            raise PasswordDeleteError("not found")


class Untrusted(Remembering):
    """Keeps keys in a plain file, its priority says."""

    priority = 0.5


class Forgetful(Remembering):
    """Takes keys and says nothing."""

    def set_password(self, service: str, username: str, password: str) -> None:
        pass


class Stubborn(Remembering):
    """Deletes nothing and says nothing."""

    def delete_password(self, service: str, username: str) -> None:
        pass


class Failing(KeyringBackend):
    """Quotes the key in what it raises."""

    viable = False
    priority = 5

    def _fail(self, *words: str) -> Any:
        raise RuntimeError(f"cannot do it: {words}")

    get_password = set_password = delete_password = _fail


class Locked(KeyringBackend):
    """The user has closed the question for the password."""

    viable = False
    priority = 5

    def _fail(self, *_: str) -> Any:
        raise KeyringLocked("Failed to unlock the collection!")

    get_password = set_password = delete_password = _fail


class Hanging(Remembering):
    """Answers when it is let go, as a service that is stopped and goes on later."""

    def __init__(self) -> None:
        super().__init__()
        self.go_on = threading.Event()
        self.came = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.came.set()
        self.go_on.wait(60)
        return super().get_password(service, username)
