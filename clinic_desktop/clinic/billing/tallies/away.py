"""What was taken and credited on a computer's copy of the clinic's data while its server was away.

It reaches the server when that computer comes back, perhaps after its day was settled. So a settlement of a day writes down which of
it it counts (``DailySettlement.away``): whole tills, and credit notes. The next one counts what is there and was not counted.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
from sqlalchemy import Boolean, ColumnElement, DateTime, String, and_, column, exists, outerjoin, select, table
from sqlalchemy.orm import Session

from clinic_desktop.clinic.billing.models import CreditNote, DailySettlement, Payment, Refund, TillSession
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.tables import UtcDateTime

_LINK = table("sync_link", column("detached_at", DateTime(timezone=True)))
_COPIES = table(
    "sync_peers",
    *(column("code", String()), column("name", String()), column("database_id")),
    *(column("is_replica", Boolean()), column("revoked_at"), column("detached_at")),
)
_HEARD = table("sync_taken", column("database_id"), column("last_contact_at", UtcDateTime()))
_STILL_AWAY = select(_COPIES.c.code).where(_COPIES.c.is_replica, _COPIES.c.revoked_at.is_(None), _COPIES.c.detached_at.is_not(None))
THE_SERVERS = TillSession.series.is_(None)


def own_tills(session: Session) -> ColumnElement[bool]:
    """The tills in which money is taken here: the server's on it; on a copy those opened since it is worked on, the others are counted
    on the server, perhaps at this very moment."""
    series = series_of(session)
    if not series:
        return THE_SERVERS
    since = select(_LINK.c.detached_at).scalar_subquery()
    return and_(TillSession.series == series, TillSession.opened_at >= since)


def is_all_here(session: Session, till: TillSession) -> bool:
    """Whether all money of a till is known: of a copy's on the server once it handed over, of a server's never on a copy."""
    if series_of(session):
        return session.scalar(select(TillSession.id).where(TillSession.id == till.id, own_tills(session))) is not None
    return till.series is None or session.scalar(_STILL_AWAY.where(_COPIES.c.code == till.series)) is None


class Computer(NamedTuple):
    """A computer that keeps a copy, and when it was last heard of."""

    name: str
    heard_at: datetime | None


def computers(session: Session) -> dict[str, Computer]:
    """Those that keep a copy of this database, or kept one, by their codes."""
    heard = outerjoin(_COPIES, _HEARD, _HEARD.c.database_id == _COPIES.c.database_id)
    told = select(_COPIES.c.code, _COPIES.c.name, _HEARD.c.last_contact_at).select_from(heard).where(_COPIES.c.is_replica)
    return {code: Computer(name, heard_at) for code, name, heard_at in session.execute(told)}


def is_any(session: Session) -> bool:
    """Whether anything was ever done on a copy."""
    tills, notes = (exists().where(one.series.is_not(None)) for one in (TillSession, CreditNote))
    return session.execute(select(tills)).scalar_one() or session.execute(select(notes)).scalar_one()


def counted_on(session: Session, clinic_id: UUID, day: date) -> frozenset[UUID]:
    """What a day's settlement counts of it, or would count now."""
    found: dict[date, list[UUID]] = dict(_settlements(session, clinic_id))
    if day in found:
        return frozenset(found[day])
    known = {key for keys in found.values() for key in keys}
    tills, notes = (select(one.id).where(*_of_copies(one, clinic_id, day)) for one in (TillSession, CreditNote))
    fresh = set(session.scalars(tills)) - known
    return frozenset(fresh - _going_on(session, fresh, day)) | (set(session.scalars(notes)) - known)


def _of_copies(one: Any, clinic_id: UUID, day: date) -> tuple[ColumnElement[bool], ...]:
    return one.series.is_not(None), one.clinic_id == clinic_id, one.business_date <= day


def _going_on(session: Session, tills: Collection[UUID], day: date) -> set[UUID]:
    """Those in which money moved on later days: a till over midnight belongs to the last day of its money."""
    if not tills:
        return set()
    moved = (select(one.till_session_id).where(one.till_session_id.in_(tills), one.business_date > day) for one in (Payment, Refund))
    return {till for wanted in moved for till in session.scalars(wanted.distinct())}


def _settlements(session: Session, clinic_id: UUID) -> Iterable[tuple[date, list[UUID]]]:
    told = select(DailySettlement.business_date, DailySettlement.away).where(DailySettlement.clinic_id == clinic_id)
    for day, away in session.execute(told):
        yield day, decoded(away)


def decoded(away: str | None) -> list[UUID]:
    """The ids that a settlement lists."""
    return msgspec.json.decode(away, type=list[UUID]) if away else []


def encoded(away: Collection[UUID]) -> str | None:
    """The same as it is written down."""
    return msgspec.json.encode(sorted(away)).decode() if away else None
