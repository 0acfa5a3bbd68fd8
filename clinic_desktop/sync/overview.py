"""Everything that a person may want to know of sync, read in one go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import msgspec
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.organisation.models import Site
from clinic_desktop.clinic.reconciling.queries import conflict_counts
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import JournalHead
from clinic_desktop.sync.errors import Busy, Offline, Refused
from clinic_desktop.sync.linked import Link, link
from clinic_desktop.sync.models import THE_ONE, SyncLink, SyncParked

_KNOWN: dict[str, type[ClinicError]] = {one.code: one for one in (Offline, Busy)}


@dataclass(frozen=True, slots=True)
class Overview:
    """How this database stands to its chain."""

    link: Link
    sites: int
    head_seq: int
    pushed_seq: int
    pulled_seq: int
    last_contact_at: datetime | None
    last_synced_at: datetime | None
    conflicts: int
    parked: int
    is_held_elsewhere_until: datetime | None
    """Until when a program that runs sync for this database keeps others from it."""
    error: ClinicError | None
    """Why the last round did not come to its end, by whatever program."""


@dataclass(frozen=True, slots=True)
class Counts:
    """What waits for a person."""

    conflicts: int
    parked: int


def counts(session: Session, now: datetime) -> Counts:
    """How much waits for a person here."""
    parked = session.scalar(select(func.count()).select_from(SyncParked).where(SyncParked.resolved_at.is_(None)))
    return Counts(conflict_counts(session, now).open, parked or 0)


def overview(session: Session, now: datetime) -> Overview:
    """How this database stands to its chain."""
    row, found = session.get(SyncLink, THE_ONE), counts(session, now)
    return Overview(
        link=link(session),
        sites=session.scalar(select(func.count()).select_from(Site)) or 0,
        head_seq=int(session.scalars(select(JournalHead.seq)).one()),
        pushed_seq=0 if row is None else row.pushed_seq,
        pulled_seq=0 if row is None else row.pulled_seq,
        last_contact_at=None if row is None else row.last_contact_at,
        last_synced_at=None if row is None else row.last_synced_at,
        conflicts=found.conflicts,
        parked=found.parked,
        is_held_elsewhere_until=None if row is None else row.runner_until,
        error=_error(None if row is None else row.last_error),
    )


def _error(told: str | None) -> ClinicError | None:
    """A refusal as it was noted down."""
    if not told:
        return None
    code, params = msgspec.json.decode(told, type=tuple[str, dict[str, str]])
    if code == Refused.code:
        return Refused(params.pop("reason", "unknown"), **params)
    return _KNOWN.get(code, ClinicError)(**params)
