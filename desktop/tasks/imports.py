"""Gives Python its own import back.

PySide6 replaces ``builtins.__import__`` to serve ``from __feature__ import …``, which we do not use. Its hook
reads the source of every module that is imported (746 files for ``openai``), and in a thread it meets modules
that are half imported: pydantic then fails with "partially initialized module", and there were no prices.
"""

import builtins
from typing import Any


def restore_import() -> None:
    """Import PySide6 and take its hook of ``__feature__`` out. Harmless if there is none."""
    from PySide6.QtCore import qVersion  # noqa: F401, PLC0415 - any import of PySide6 puts the hook in

    original: Any = getattr(builtins, "__orig_import__", None)
    hook: Any = getattr(builtins, "__feature_import__", None)
    if original is not None and builtins.__import__ is hook:
        builtins.__import__ = original
