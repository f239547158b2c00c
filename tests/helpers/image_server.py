"""A web server on loopback that gives images, and misbehaves by the path that is asked for."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from PIL import Image

from desktop.core.compat import override
from tests.helpers import pictures

PNG = pictures.encoded(Image.new("RGB", (30, 20), "tomato"))


class Handler(BaseHTTPRequestHandler):
    """What each path does; see `do_GET`."""

    protocol_version = "HTTP/1.1"

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Nothing on stderr."""

    def do_GET(self) -> None:
        self.server.heard.append((self.path, self.headers.get("Host", "")))  # type: ignore[attr-defined]
        kind = self.path.split("?")[0].strip("/").split("/")[0]
        getattr(self, f"give_{kind.replace('.', '_').replace('-', '_')}", self.give_missing)()

    def give_cat_png(self) -> None:
        self.answer(PNG, "image/png")

    def give_page(self) -> None:
        self.answer(b"<!doctype html><html>a page with a cat</html>", "image/png")

    def give_text(self) -> None:
        self.answer(b"no image at all, but long enough to tell", "text/plain")

    def give_huge(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "99999999999")
        self.end_headers()
        self.wfile.write(PNG)

    def give_endless(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            self.wfile.write(PNG)
            while not self.server.over.wait(0.001):  # type: ignore[attr-defined]
                self.wfile.write(b"\0" * 65_536)
        except OSError:
            pass
        self.close_connection = True

    def give_drip(self) -> None:
        self.send_response(200)
        self.end_headers()
        try:
            for byte in PNG * 50:
                self.wfile.write(bytes((byte,)))
                if self.server.over.wait(0.05):  # type: ignore[attr-defined]
                    break
        except OSError:
            pass
        self.close_connection = True

    def give_cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(PNG) + 500))
        self.end_headers()
        self.wfile.write(PNG)
        self.close_connection = True

    def give_loop(self) -> None:
        self.lead("/loop")

    def give_hop(self) -> None:
        self.lead("/cat.png")

    def give_inside(self) -> None:
        self.lead(f"http://secret.example:{self.server.server_address[1]}/cat.png")

    def give_file(self) -> None:
        self.lead("file:///etc/passwd")

    def give_missing(self) -> None:
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def lead(self, location: str) -> None:
        self.send_response(302)
        self.send_header("Location", location)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def answer(self, data: bytes, media_type: str) -> None:
        self.send_response(200)
        self.send_header("Content-Type", media_type)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


class ImageServer(ThreadingHTTPServer):
    """``heard`` holds the path and the Host of every request."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.heard: list[tuple[str, str]] = []
        self.over = threading.Event()

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.server_address[1]}/{path}"


@contextmanager
def image_server() -> Iterator[ImageServer]:
    """A running server."""
    server = ImageServer()
    thread = threading.Thread(target=server.serve_forever, name="image-server", daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.over.set()
        server.shutdown()
        server.server_close()
        thread.join(10)
