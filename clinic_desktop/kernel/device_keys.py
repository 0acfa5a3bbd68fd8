"""This computer's own key, kept by the keyring of the operating system and nowhere else.

Only keyrings that encrypt are used: a file in plain text would open the clinic for whoever takes the disk. No keyring
is a normal state (a headless machine); the person types a password then.
"""

from __future__ import annotations

import binascii
import secrets
from base64 import b64decode, b64encode
from importlib import import_module
from typing import Any

from clinic_desktop.kernel.errors import ClinicError

SERVICE = "Clinic Desktop"
ALLOWED = frozenset(f"keyring.backends.{name}" for name in ("Windows", "macOS", "SecretService", "kwallet", "libsecret"))
"""Modules of the backends that keep secrets encrypted; ``keyrings.alt``, ``null`` and ``fail`` are none of them."""
_CHAINER = "keyring.backends.chainer"


class DeviceKeyUnavailable(ClinicError):
    """This computer cannot open the data by itself: param ``reason`` is no_keyring, refused or not_here."""

    code = "device_key_unavailable"


def can_keep_keys() -> bool:
    """Whether this computer has a keyring that is safe to use."""
    return _safe_backend() is not None


def device_key(file_id: str) -> bytes:
    """The key that this computer keeps for a key file; raises DeviceKeyUnavailable."""
    kept = _asked("get_password", file_id)
    try:
        key = b64decode(kept or "", validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise DeviceKeyUnavailable(reason="not_here")
    return key


def make_device_key(file_id: str) -> bytes:
    """The key of this computer, made when there is none yet, and read back before anyone relies on it."""
    try:
        return device_key(file_id)
    except DeviceKeyUnavailable as missing:
        if missing.params["reason"] != "not_here":
            raise
    _asked("set_password", file_id, b64encode(secrets.token_bytes(32)).decode())
    return device_key(file_id)


def forget_device_key(file_id: str) -> None:
    """Take the key out of the keyring again."""
    if _asked("get_password", file_id) is not None:
        _asked("delete_password", file_id)


def keep_text(name: str, text: str) -> None:
    """Keep another secret of this computer, such as the password of its server; raises DeviceKeyUnavailable."""
    _asked("set_password", name, text)


def kept_text(name: str) -> str | None:
    """The secret of that name; None when none is kept, or nowhere could be."""
    try:
        found = _asked("get_password", name)
    except DeviceKeyUnavailable:
        return None
    return None if found is None else str(found)


def _asked(action: str, *arguments: str) -> Any:
    backend = _safe_backend()
    if backend is None:
        raise DeviceKeyUnavailable(reason="no_keyring")
    try:
        return getattr(backend, action)(SERVICE, *arguments)
    except Exception as error:  # backends let through whatever their operating system raises: a locked keyring is no crash
        raise DeviceKeyUnavailable(reason="refused") from error


def _safe_backend() -> Any | None:
    # Loading keyring searches all installed packages for backends: too slow for a start that does not need it.
    chosen = import_module("keyring").get_keyring()
    candidates = chosen.backends if type(chosen).__module__ == _CHAINER else (chosen,)
    return next((one for one in candidates if type(one).__module__ in ALLOWED), None)
