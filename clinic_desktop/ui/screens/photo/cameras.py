"""The cameras of this workstation, and looking through one: opened, read picture by picture, let go. Never on the UI thread.

The library (PyAV) is an extra of the program: it is imported where a camera is looked for, and nowhere else.
"""

from __future__ import annotations

import errno
import io
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from PySide6.QtGui import QImage

from clinic_desktop.clinic.patients.intake.pictures import MOST_PIXELS
from clinic_desktop.kernel.errors import ClinicError

if TYPE_CHECKING:
    from av import VideoFrame

OPEN_S, READ_S = 5.0, 3.0
"""How long a camera may take to answer, and each of its pictures."""
_DRIVERS = {"linux": "v4l2", "win32": "dshow", "darwin": "avfoundation"}
_DEVICES = Path("/dev")
_LARGE = {"video_size": "1280x720", "framerate": "30"}
_STREAM = {
    "protocol_whitelist": "http,https,tls,tcp,udp,rtp,rtsp,rtsps,crypto",
    "rtsp_transport": "tcp",
    "fflags": "nobuffer",
}
"""Whatever a stream names is not opened by other ways than these: no file of this computer."""
_SIDE = 720
"""Pixels of a picture while it is looked at; the photo is cut out of the whole one."""
_PAUSE = 1 / 45
_MOST_TORN = 100
"""Pictures that may be unreadable, one after the other: a stream that is joined midway begins with some."""
_REASONS = {
    errno.EBUSY: "busy",
    errno.EACCES: "not_allowed",
    errno.EPERM: "not_allowed",
    errno.ENOENT: "gone",
    errno.ENODEV: "gone",
    errno.ENXIO: "gone",
    errno.ETIMEDOUT: "not_answering",
    errno.EHOSTUNREACH: "not_answering",
    errno.ENETUNREACH: "not_answering",
    errno.ECONNREFUSED: "not_answering",
}


class CameraFailed(ClinicError):
    """A camera gives no picture: param ``reason`` is busy, not_allowed, gone, not_answering or unreadable."""

    code = "camera_failed"


@dataclass(frozen=True, slots=True)
class CameraSource:
    """A camera: what people call it, what is opened, and by which driver; a network's has none."""

    name: str
    address: str
    driver: str | None = None


def is_installed() -> bool:
    """Whether the program has what it needs for cameras."""
    return find_spec("av") is not None


def cameras(address: str) -> list[CameraSource]:
    """The network camera of this workstation, where it has one, and those at the computer."""
    found = [CameraSource(urlsplit(address).hostname or address, address)] if address else []
    driver = _DRIVERS.get(sys.platform)
    # Loading the library holds the whole program up for a quarter of a second: not where there is nothing to ask it for.
    if driver is None or (driver == "v4l2" and not any(_DEVICES.glob("video*"))):
        return found
    from av.device import enumerate_input_devices  # noqa: PLC0415 - an extra, and large

    try:
        listed = enumerate_input_devices(driver)
    except (OSError, ValueError):  # no driver, no device: nothing to choose from
        return found
    for one in listed:
        if not one.media_types or "video" in one.media_types:
            prefix = "video=" if driver == "dshow" and not one.name.startswith("video=") else ""
            found.append(CameraSource(one.description or one.name, prefix + one.name, driver))
    return found


class Eye:
    """Looks through one camera at a time. Safe on one thread at a time."""

    def __init__(self) -> None:
        self._opened: Any = None
        self._frames: Iterator[VideoFrame] = iter(())
        self._last: VideoFrame | None = None
        self._seen_at = 0.0

    def open(self, source: CameraSource) -> None:
        """Take a camera; raises CameraFailed."""
        self.close()
        self._opened = _opened(source)
        self._frames = _frames(self._opened)

    def look(self) -> QImage:
        """The next picture, small enough for the screen; raises CameraFailed, and the camera is let go."""
        try:
            self._last = self._next()
            return _image(self._last)
        except CameraFailed:
            self.close()
            raise

    def take(self) -> bytes:
        """The picture that was seen last, whole, as JPEG; the camera is let go. Raises CameraFailed when none was seen."""
        last = self._last
        self.close()
        if last is None:
            raise CameraFailed(reason="unreadable")
        written = io.BytesIO()
        last.to_image().convert("RGB").save(written, "JPEG", quality=95)  # type: ignore[no-untyped-call]
        return written.getvalue()

    def close(self) -> None:
        """Let the camera go."""
        opened, self._opened, self._last, self._frames = self._opened, None, None, iter(())
        if opened is not None:
            opened.close()

    def _next(self) -> VideoFrame:
        """A picture that is due: those that a fast camera makes between are passed over, so that none is late."""
        while True:
            frame = next(self._frames, None)
            if frame is None:
                raise CameraFailed(reason="gone")
            now = time.monotonic()
            if now - self._seen_at >= _PAUSE:
                self._seen_at = now
                return frame


def _opened(source: CameraSource) -> Any:
    import av  # noqa: PLC0415

    if source.driver is None:
        return _tried(av, source, _STREAM)
    try:
        return _tried(av, source, _LARGE)
    except CameraFailed as error:
        if error.params["reason"] != "unreadable":
            raise
        return _tried(av, source, {})  # one that cannot do so much


def _tried(av: Any, source: CameraSource, options: dict[str, str]) -> Any:
    try:
        opened = av.open(source.address, format=source.driver, options=options, timeout=(OPEN_S, READ_S))
    except (av.error.FFmpegError, OSError) as error:
        raise refusal(error) from error
    if not opened.streams.video:
        opened.close()
        raise CameraFailed(reason="unreadable")
    opened.streams.video[0].codec_context.options = {"max_pixels": str(MOST_PIXELS)}
    return opened


def refusal(error: Exception) -> CameraFailed:
    """Why a camera gives no picture, as people can act on it."""
    from av.error import EOFError as Ended  # noqa: PLC0415
    from av.error import ExitError, HTTPForbiddenError, HTTPUnauthorizedError  # noqa: PLC0415

    if isinstance(error, (HTTPUnauthorizedError, HTTPForbiddenError)):
        return CameraFailed(reason="not_allowed")
    if isinstance(error, Ended) or type(error).__name__.startswith("HTTP"):
        return CameraFailed(reason="gone")
    if isinstance(error, (ExitError, TimeoutError)):
        return CameraFailed(reason="not_answering")
    return CameraFailed(reason=_REASONS.get(getattr(error, "errno", None) or 0, "unreadable"))


def _frames(opened: Any) -> Iterator[VideoFrame]:
    """Pictures as they come; a torn one is left out."""
    from av.error import FFmpegError, InvalidDataError  # noqa: PLC0415

    torn = 0
    try:
        for packet in opened.demux(video=0):
            try:
                for frame in packet.decode():
                    torn = 0
                    yield frame
            except InvalidDataError as error:
                torn += 1
                if torn > _MOST_TORN:
                    raise CameraFailed(reason="unreadable") from error
    except (FFmpegError, OSError) as error:
        said = refusal(error)
        # What had given pictures and gives none is unplugged, whatever the driver calls it.
        raise CameraFailed(reason="gone") if said.params["reason"] == "unreadable" else said from error


def _image(frame: VideoFrame) -> QImage:
    """A picture for the screen."""
    longer = max(frame.width, frame.height, 1)
    width, height = (max(round(side * min(_SIDE / longer, 1)), 1) for side in (frame.width, frame.height))
    small = frame.reformat(width=width, height=height, format="rgb24")
    plane = small.planes[0]
    # copy(): the picture must outlive the frame that it was made of
    return QImage(bytes(plane), width, height, plane.line_size, QImage.Format.Format_RGB888).copy()
