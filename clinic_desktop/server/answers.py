"""How a refusal becomes an answer over HTTP: the code and its parameters as msgpack, with the status that proxies understand."""

from __future__ import annotations

from datetime import date, datetime
from math import ceil
from typing import Any
from uuid import UUID

from starlette.responses import Response

from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.sync.credentials import CONTENT_TYPE, Problem, write
from clinic_desktop.sync.doors import DoorLocked
from clinic_desktop.sync.errors import Busy, Refused

MALFORMED, UNKNOWN, FORBIDDEN, NOT_FOUND, TOO_LARGE, NO_TYPE, BUSY, AWAY = 400, 401, 403, 404, 413, 415, 429, 503
_STATUS = {
    "malformed": MALFORMED,
    "truncated": MALFORMED,
    "token_missing": UNKNOWN,
    "token_forged": UNKNOWN,
    "token_foreign": UNKNOWN,
    "token_expired": UNKNOWN,
    "unknown_verb": NOT_FOUND,
    "oversized": TOO_LARGE,
    "content_type": NO_TYPE,
}
_PLAIN = (str, int, bool, type(None), UUID, datetime, date)
_SECONDS = 5.0
"""After which whoever met a database that did not answer may ask again."""


def refused(error: ClinicError) -> Response:
    """The answer to a question that was refused."""
    if isinstance(error, Refused):
        return problem(_STATUS.get(error.reason, FORBIDDEN), error.reason, error.params)
    if isinstance(error, (Busy, DoorLocked)):
        return away(BUSY, error.code, float(error.params.get("retry_after") or error.params["seconds"]))
    if isinstance(error, DatabaseUnavailable):
        return away(AWAY, "central_unavailable", _SECONDS)
    return problem(FORBIDDEN, error.code, error.params)


def away(status: int, code: str, seconds: float) -> Response:
    """Come again later: the header in whole seconds, the exact moment in the body."""
    found = problem(status, code, {"retry_after": round(seconds, 3)})
    found.headers["Retry-After"] = str(ceil(seconds))
    return found


def problem(status: int, code: str, params: dict[str, Any]) -> Response:
    """A status with the word for it."""
    plain = {name: value if isinstance(value, (*_PLAIN, float)) else str(value) for name, value in params.items() if name != "reason"}
    return sent(write(Problem(code, plain)), status=status)


def sent(body: bytes, *, status: int = 200) -> Response:
    """A body of the protocol."""
    return Response(body, status, media_type=CONTENT_TYPE, headers={"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff"})
