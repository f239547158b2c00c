"""Takes keys out of text before it is shown or logged."""

import re
from collections.abc import Iterable

HIDDEN = "[hidden]"
"""What stands where a secret stood."""

_SHORTEST_KEY = 6
"""Shorter "keys" are placeholders of local servers; replacing them would eat ordinary words."""

_SECRETS = (
    # The letters after "sk-" may be masked by the server itself: sk-abc1***wxyz.
    re.compile(r"\bsk-[\w*.…-]{4,}"),
    re.compile(r"(?<=\bBearer )\S+", re.IGNORECASE),
    re.compile(r"(?<=\bBasic )[A-Za-z0-9+/=]{8,}"),
    # User and password in the address of a proxy or a server.
    re.compile(r"(?<=://)[^/\s@]+(?=@)"),
)


def redact(text: str, keys: Iterable[str | None] = ()) -> str:
    """``text`` without ``keys``, and without whatever looks like a key, a token or a password in an address.

    Args:
        text: from a server, an exception or a log record. Redact before shortening: half a key is no longer
            recognised.
        keys: the keys of this session; None and very short ones are passed over.
    """
    for key in keys:
        if key and len(key) >= _SHORTEST_KEY:
            text = text.replace(key, HIDDEN)
    for pattern in _SECRETS:
        text = pattern.sub(HIDDEN, text)
    return text
