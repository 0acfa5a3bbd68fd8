"""What may come of asking the other side."""

from __future__ import annotations

from typing import Any

from clinic_desktop.kernel.errors import ClinicError


class Offline(ClinicError):
    """The central server does not answer, or answered half: nothing is known to have happened. Param ``reason``."""

    code = "central_offline"


class Busy(ClinicError):
    """The central server has too much to do: param ``retry_after`` in seconds."""

    code = "central_busy"


class Refused(ClinicError):
    """The other side will not take this: param ``reason`` is a code, such as ``gap``, ``clock_ahead``, ``revoked`` or ``malformed``."""

    code = "sync_refused"

    def __init__(self, reason: str, /, **params: Any) -> None:
        super().__init__(None, reason=reason, **params)
        self.reason = reason
