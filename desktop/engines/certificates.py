"""Whose certificates are trusted by the requests of `openai_client`."""

import os
import re
import ssl
from pathlib import Path

_HASHED_NAME = re.compile(r"[0-9a-f]{8}\.\d", re.IGNORECASE)


def trusted_certificates() -> int | None:
    """How many authorities vouch for servers; None where the operating system decides at each handshake.

    Slow at the first call: it imports the HTTP library.

    Raises:
        ssl.SSLError: a certificate file cannot be read.
        OSError: the file that the environment names is not there.
    """
    import httpx2  # noqa: PLC0415 - slow, and most runs never ask

    context = httpx2.create_ssl_context()
    if type(context) is not ssl.SSLContext:
        return None
    folder = os.environ.get("SSL_CERT_DIR") or ssl.get_default_verify_paths().openssl_capath
    # Of a folder OpenSSL reads a certificate only when a server shows one that it signed.
    in_folder = sum(1 for name in _names(folder) if _HASHED_NAME.fullmatch(name))
    return int(context.cert_store_stats()["x509_ca"]) or in_folder


def _names(folder: str) -> list[str]:
    try:
        return [entry.name for entry in Path(folder).iterdir()]
    except OSError:
        return []
