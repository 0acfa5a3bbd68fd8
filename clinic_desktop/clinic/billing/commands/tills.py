"""Opening and counting tills."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select

from clinic_desktop.clinic.billing.books import cashier, entry_day, lock_own_till
from clinic_desktop.clinic.billing.errors import TillAlreadyOpen, TillDiffers, TillStillAway
from clinic_desktop.clinic.billing.events import TillClosed, TillOpened
from clinic_desktop.clinic.billing.models import TillSession
from clinic_desktop.clinic.billing.rights import CLOSE_ANY_TILL, TILL
from clinic_desktop.clinic.billing.rules import TILL_STATES, Pieces, TillStatus, counted_cash
from clinic_desktop.clinic.billing.tallies.away import is_all_here, own_tills
from clinic_desktop.clinic.billing.tallies.days import cash_moved
from clinic_desktop.clinic.organisation.queries import is_elsewhere
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import InvalidInput, NotFound
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.sharing import series_of
from clinic_desktop.kernel.text import optional_line


@dataclass(frozen=True, slots=True)
class ClosedTillRow:
    """A counted till: ``difference`` is negative when cash is missing."""

    till_session_id: UUID
    expected: Money
    counted: Money
    difference: Money


@command(TILL, idempotent=True)
def open_till(tx: Tx, *, key: UUID, clinic_id: UUID, opening_float: Money, workstation_id: UUID | None = None) -> UUID:
    """Open the actor's till with the cash that lies in it; one open till a cashier at this site, and one on each copy of its data."""
    if opening_float.minor < 0:
        raise InvalidInput("opening_float", "negative")
    owner = cashier(tx)
    day = entry_day(tx, clinic_id)
    _refuse_second(tx, owner)
    till = TillSession(
        clinic_id=clinic_id,
        cashier_id=owner,
        series=series_of(tx.session) or None,
        workstation_id=workstation_id if workstation_id is not None else tx.actor.workstation_id,
        status=TillStatus.OPEN,
        business_date=day,
        opening_float=opening_float,
        opened_at=tx.now,
    )
    tx.add(till)
    tx.emit(TillOpened(till.id, owner))
    return till.id


@command(TILL, idempotent=True)
def close_till(
    tx: Tx, *, key: UUID, clinic_id: UUID, counted: Sequence[Pieces], till_session_id: UUID | None = None, note: str | None = None
) -> ClosedTillRow:
    """Close the actor's till, or (with permission) another's, with the cash counted by denomination.

    ``note`` says why it is more or less than it should be; raises TillDiffers when it is and nothing is said, and TillStillAway where
    money may still come to it that this database does not know of.
    """
    till = lock_own_till(tx, clinic_id) if till_session_id is None else _lock_till(tx, till_session_id)
    if till.cashier_id != tx.actor.user_id:
        tx.actor.require(CLOSE_ANY_TILL, tx.command or "")
    if not is_all_here(tx.session, till):
        raise TillStillAway
    closed = TILL_STATES.check(till.status, TillStatus.CLOSED)
    money = cash_moved(tx.session, till.id)
    found = counted_cash(counted, tx.currency)
    expected = till.opening_float + money.cash_in - money.cash_out
    said = optional_line(note, "note", limit=500)
    if found != expected and said is None:
        raise TillDiffers("note", difference=found - expected)
    till.expected, till.counted, till.difference = expected, found, found - expected
    till.count_sheet = msgspec.json.encode([(line.denomination.minor, line.pieces) for line in counted]).decode()
    till.note = said
    till.status, till.closed_at, till.closed_by = closed, tx.now, tx.actor.user_id
    tx.session.flush()
    tx.emit(TillClosed(till.id, till.cashier_id))
    return ClosedTillRow(till.id, till.expected, found, till.difference)


def _refuse_second(tx: Tx, owner: UUID) -> None:
    # One that is open at another site is counted there: it may have been closed long since, and this site not know it.
    known = select(TillSession.id, TillSession.clinic_id).where(TillSession.cashier_id == owner, TillSession.status == TillStatus.OPEN)
    known = known.where(own_tills(tx.session))
    for till_session_id, clinic_id in tx.session.execute(known):
        if not is_elsewhere(tx.session, clinic_id):
            raise TillAlreadyOpen(till_session_id=till_session_id)


def _lock_till(tx: Tx, till_session_id: UUID) -> TillSession:
    statement = select(TillSession).where(TillSession.id == till_session_id).with_for_update()
    till = tx.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if till is None:
        raise NotFound(entity="till_session", key=str(till_session_id))
    return till
