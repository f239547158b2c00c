"""To come."""

from pathlib import Path


def build(app: Path, dist: Path, version: str) -> Path:
    """To come."""
    raise NotImplementedError
