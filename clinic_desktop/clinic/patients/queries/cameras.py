"""A camera in the clinic's own network, by the workstation that looks through it."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

SCHEMES = ("rtsp", "rtsps", "http", "https")


def _address(value: str) -> None:
    """Only streams of a network: an address is opened by a library that would read any file of this computer, too."""
    typed = value.strip()
    try:
        parts = urlsplit(typed)
        is_stream = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_stream = False
    if typed and (not is_stream or any(letter.isspace() for letter in typed)):
        raise InvalidInput("patients.camera_address", "not_a_camera_address")


CAMERA_ADDRESS = setting(
    "patients.camera_address",
    "",
    Scope.WORKSTATION,
    N_("Address of a network camera for photos of patients"),
    help=N_("Such as rtsp://camera.clinic/stream or http://camera.clinic/video. Cameras at the computer itself are found without it."),
    words="webcam photo picture stream",
    check=_address,
)


def camera_address(session: Session, *, clinic_id: UUID, workstation_id: UUID | None) -> str:
    """The address of this workstation's network camera; empty when it has none."""
    return setting_value(session, CAMERA_ADDRESS, clinic_id=clinic_id, workstation_id=workstation_id).strip()
