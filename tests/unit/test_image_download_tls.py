"""A connection to a checked address still proves the name that the user gave."""

import asyncio
import contextlib
import socket
import ssl
import threading
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Self

import pytest

from desktop.core.problems import Code, ProblemError
from desktop.engines.image_download import download_image
from tests.helpers.image_server import PNG

x509 = pytest.importorskip("cryptography.x509", reason="makes the certificates; comes with keyring on Linux")

NAME = "cats.example.org"


def certified(folder: Path, *names: str) -> tuple[ssl.SSLContext, Path]:
    """A server's context, and the file by which a client trusts it: a certificate for exactly these names."""
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    called = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "test")])
    kinds: list[Any] = [
        x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name) for name in names
    ]
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(called)
        .issuer_name(called)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(kinds), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    trusted, private = folder / "trusted.pem", folder / "key.pem"
    trusted.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted, private)
    return context, trusted


class Server:
    """Gives one picture to each who shakes hands, and remembers the host that was asked for."""

    def __init__(self, context: ssl.SSLContext) -> None:
        self.hosts: list[str] = []
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._listener.getsockname()[1])
        self._context = context
        self._thread = threading.Thread(target=self._serve, name="tls-server", daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._thread.join(10)

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._listener.accept()
            except OSError:
                return
            connection.settimeout(10)
            with connection, contextlib.suppress(OSError):
                self._answer(self._context.wrap_socket(connection, server_side=True))

    def _answer(self, connection: ssl.SSLSocket) -> None:
        with connection:
            head = b""
            while b"\r\n\r\n" not in head:
                piece = connection.recv(65536)
                if not piece:
                    return
                head += piece
            lines = head.decode().lower().split("\r\n")
            self.hosts += [line.partition(":")[2].strip() for line in lines if line.startswith("host:")]
            length = f"HTTP/1.1 200 OK\r\nContent-Length: {len(PNG)}\r\n\r\n"
            connection.sendall(length.encode() + PNG)


def fetched(server: Server) -> bytes:
    async def look_up(_host: str, _port: int) -> list[str]:
        return ["127.0.0.1"]

    url = f"https://{NAME}:{server.port}/cat.png"
    return asyncio.run(download_image(url, private_hosts=frozenset({NAME}), look_up=look_up)).data


def test_the_name_is_verified_at_the_address_that_was_checked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context, trusted = certified(tmp_path, NAME)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))

    with Server(context) as server:
        assert fetched(server) == PNG
        assert server.hosts == [f"{NAME}:{server.port}"]


@pytest.mark.parametrize("names", [("dogs.example.org",), ("127.0.0.1",)])
def test_a_certificate_for_another_name_or_for_the_address_alone_proves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]
) -> None:
    context, trusted = certified(tmp_path, *names)
    monkeypatch.setenv("SSL_CERT_FILE", str(trusted))

    with Server(context) as server:
        with pytest.raises(ProblemError) as caught:
            fetched(server)
        assert not server.hosts
    assert caught.value.problem.code is Code.TLS_FAILED


def test_a_certificate_of_nobody_that_is_trusted(tmp_path: Path) -> None:
    context, _trusted = certified(tmp_path, NAME)

    with Server(context) as server, pytest.raises(ProblemError) as caught:
        fetched(server)
    assert caught.value.problem.code is Code.TLS_FAILED
