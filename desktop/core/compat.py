"""What Python 3.11 lacks and later versions have."""

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from typing_extensions import override as override  # noqa: PLC0414 - exported again for everybody
else:
    _Method = TypeVar("_Method")

    def override(method: _Method) -> _Method:
        """Mark a method that replaces one of a base class; checked by mypy, nothing at run time."""
        return method
