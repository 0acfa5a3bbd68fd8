"""A camera in the network: a real server that sends pictures one after the other until nobody looks or it is unplugged."""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import ClassVar

from PIL import Image

_PART = b"--picture\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n"


class NetworkCamera:
    """``address`` for the setting; ``looked_at`` while somebody looks, ``left`` when nobody does any more."""

    def __init__(self, colour: str, size: tuple[int, int]) -> None:
        written = io.BytesIO()
        Image.new("RGB", size, colour).save(written, "JPEG")
        self.picture = written.getvalue()
        self.looked_at, self.left, self.is_unplugged = Event(), Event(), Event()
        camera = self

        class Look(BaseHTTPRequestHandler):
            protocol_version: ClassVar[str] = "HTTP/1.0"

            def do_GET(self) -> None:
                camera.serve(self)

            def log_message(self, *_said: object) -> None:
                """Nothing is written: a test's output is its own."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Look)
        self.address = f"http://127.0.0.1:{self.server.server_port}/video"

    def serve(self, request: BaseHTTPRequestHandler) -> None:
        """Send pictures, thirty a second."""
        if "video" not in request.path:
            request.send_error(401)
            return
        self.looked_at.set()
        request.send_response(200)
        request.send_header("Content-Type", "multipart/x-mixed-replace; boundary=picture")
        request.end_headers()
        try:
            while not self.is_unplugged.wait(1 / 30):
                request.wfile.write(_PART % len(self.picture) + self.picture + b"\r\n")
        except OSError:
            pass
        finally:
            self.left.set()


@contextmanager
def network_camera(colour: str = "red", size: tuple[int, int] = (640, 360)) -> Iterator[NetworkCamera]:
    """A camera that is on."""
    camera = NetworkCamera(colour, size)
    thread = Thread(target=camera.server.serve_forever, kwargs={"poll_interval": 0.02}, name="network camera")
    thread.start()
    try:
        yield camera
    finally:
        camera.is_unplugged.set()
        camera.server.shutdown()
        camera.server.server_close()
        thread.join()
