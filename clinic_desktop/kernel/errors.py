"""Typed errors: the core raises a code with parameters; one place at the edge words them for a person."""

from __future__ import annotations

from typing import Any, ClassVar


class ClinicError(Exception):
    """A refusal that a person can understand and act on.

    ``code`` names the sentence, ``params`` fills it, ``field`` names the input at fault (``None``: the whole action).
    """

    code: ClassVar[str] = "error"

    def __init__(self, field: str | None = None, /, **params: Any) -> None:
        self.field = field
        self.params = params
        super().__init__(self.code, field, params)

    def __str__(self) -> str:
        details = ", ".join(f"{name}={value}" for name, value in self.params.items())
        return f"{self.code}({details})" if self.field is None else f"{self.code}[{self.field}]({details})"


class InvalidInput(ClinicError):
    """A value that cannot be accepted; ``reason`` is itself a code, such as ``required`` or ``too_long``."""

    code = "invalid_input"

    def __init__(self, field: str, reason: str, /, **params: Any) -> None:
        super().__init__(field, reason=reason, **params)
        self.reason = reason


class NotFound(ClinicError):
    """The record is not there: params ``entity`` and ``key``."""

    code = "not_found"


class PermissionDenied(ClinicError):
    """The actor may not do this: params ``permission`` and ``command``."""

    code = "permission_denied"


class PasswordNeeded(ClinicError):
    """The actor came in by a PIN, and this needs the password: param ``command``."""

    code = "password_needed"


class SessionEnded(ClinicError):
    """The session was ended, or the account disabled, since this person logged in."""

    code = "session_ended"


class IllegalTransition(ClinicError):
    """A status cannot follow another: params ``machine``, ``current`` and ``wanted``."""

    code = "illegal_transition"


class StaleRecord(ClinicError):
    """Someone else changed the record since it was read: params ``entity`` and ``key``."""

    code = "stale_record"


class FileNotWritten(ClinicError):
    """A file that a person asked for cannot be written: params ``path`` and ``detail``, the system's word for why."""

    code = "file_not_written"


class DatabaseUnavailable(ClinicError):
    """The database cannot be opened or reached: param ``reason`` is a code."""

    code = "database_unavailable"
