"""Gives Python its own import back.

PySide6 replaces ``builtins.__import__`` to serve ``from __feature__ import …``, which we do not use. Its hook
reads the source of every module that is imported (746 files for ``openai``), and in a thread it meets modules
that are half imported: pydantic then fails with "partially initialized module", and there were no prices.
"""

import builtins
from typing import Any


def restore_import() -> None:
    """Take the hook of ``__feature__`` out; called after PySide6 is imported. Harmless if there is none."""
    original: Any = getattr(builtins, "__orig_import__", None)
    hook: Any = getattr(builtins, "__feature_import__", None)
    if original is not None and builtins.__import__ is hook:
        builtins.__import__ = original
