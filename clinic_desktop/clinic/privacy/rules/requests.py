"""Requests of patients about their own data, and records that not everybody may open."""

from __future__ import annotations

from datetime import date, timedelta
from enum import StrEnum

import msgspec

from clinic_desktop.kernel.errors import ClinicError

OPENING_LENGTH = timedelta(minutes=60)
"""How long a restricted record stays open to whoever broke the glass."""


class RequestKind(StrEnum):
    """What a patient asks for."""

    EXPORT = "EXPORT"
    ERASURE = "ERASURE"


class ExportWay(StrEnum):
    """In which form the data leaves."""

    ZIP = "ZIP"
    """Paper, machine-readable file and stored files; open to whoever has it."""
    SEALED_PDF = "SEALED_PDF"
    """The paper alone, with a password."""


class RequestStatus(StrEnum):
    """Where a request stands."""

    OPEN = "OPEN"
    REFUSED = "REFUSED"
    DONE = "DONE"


class IdentityCheck(StrEnum):
    """How the clinic knew that it was the patient who asked, or somebody who may ask for them."""

    DOCUMENT = "DOCUMENT"
    KNOWN = "KNOWN"
    PHONE = "PHONE"
    GUARDIAN = "GUARDIAN"


class ErasureBlocked(ClinicError):
    """Something of the patient is still open: ``reason`` is open_bills, wallet, future_appointments or open_visits; param ``count``."""

    code = "erasure_blocked"


class SecondPersonNeeded(ClinicError):
    """Whoever recorded a request, or opened a record, does not judge it as well."""

    code = "another_must_decide"


class Stays(msgspec.Struct, frozen=True):
    """What an erasure must leave for now: rows of one kind, and the first day on which the last of them may leave."""

    kind: str
    rows: int
    until: date | None
    """None: with the rest of the patient's record."""


class ErasurePlan(msgspec.Struct, frozen=True):
    """What an erasure takes now and what the law lets stay."""

    fields: tuple[str, ...]
    """Columns of the patient that are emptied."""
    rows: dict[str, int]
    """Rows of other tables that are emptied or removed, by table."""
    documents: int
    stays: tuple[Stays, ...]

    @property
    def next_due(self) -> date | None:
        """When the first of what stays may be erased, too."""
        days = [one.until for one in self.stays if one.until is not None and one.rows]
        return min(days, default=None)
