"""Money taken on a copy while the clinic's server went on without it: nobody's till or settlement keeps it from being counted."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.errors import NoOpenTill, TillsStillOpen, TillStillAway
from clinic_desktop.clinic.billing.models import DailySettlement, DoctorSettlement, Invoice, InvoiceItem, TillSession
from clinic_desktop.clinic.billing.queries.rows import StandingTillRow
from clinic_desktop.clinic.billing.rules import Pieces, TillStatus
from clinic_desktop.clinic.billing.tallies.away import decoded
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money, total
from clinic_desktop.sync import replicas
from clinic_desktop.sync.copies import CopyRow, copies
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.site import Site
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.sync.chain import state_of
from tests.sync.copied import Lan
from tests.sync.houses import House, all_rows, broken
from tests.sync.test_replicas import draft_of, lan, live, open_till, pc

__all__ = ["lan", "pc"]


def count_till(house: House, who: str = "cashier") -> UUID:
    """Of all that are open there the last one is counted, and it is as it should be."""
    till = all_rows(house.db, TillSession, TillSession.status == TillStatus.OPEN)[-1]
    with house.db.read() as session:
        row = queries.till_to_count(session, till.id)
    assert row is not None
    pieces, where = [Pieces(money(1), row.expected.minor // 100)], {"clinic_id": house.room.world.clinic_id, "till_session_id": till.id}
    closed = house.run(who, billing.close_till, key=new_id(), counted=pieces, **where)
    assert not closed.difference
    key: UUID = till.id
    return key


def settle(house: House, day: date) -> DailySettlement:
    """The cashier settles a day."""
    settled = house.run("cashier", billing.settle_day, key=new_id(), clinic_id=house.room.world.clinic_id, day=day)
    row: DailySettlement = house.read(DailySettlement, settled)
    return row


def settle_doctor(house: House, until: date) -> Money:
    """What a doctor has earned since the last time."""
    world = house.room.world
    of = {"clinic_id": world.clinic_id, "doctor_id": world.doctor_id, "period_to": until}
    row: DoctorSettlement = house.read(DoctorSettlement, house.run("admin", billing.settle_doctor, key=new_id(), **of))
    return row.earned


def shares(house: House, invoice_id: UUID) -> Money:
    """What a paid bill earns its doctor."""
    return total((one.doctor_share for one in all_rows(house.db, InvoiceItem, InvoiceItem.invoice_id == invoice_id)), "INR")


def test_money_taken_away_from_the_server_is_counted_by_the_next_settlements(lan: Lan, pc: House, clock: FrozenClock) -> None:
    """A cashier has a till here and one there; the day and the doctor were settled before the copy came back."""
    main, monday = lan.houses.main, clock().date()
    open_till(main)
    lan.feed(pc)
    replicas.detach(pc.db, pc.room.world.actor("cashier"))
    with pytest.raises(NoOpenTill):
        live(pc)
    with pytest.raises(TillStillAway):
        count_till(pc)  # the server's, where it is perhaps counted now
    open_till(pc)
    clock.advance(minutes=5)
    here, there, back = live(main), live(pc), live(pc)
    share = total((shares(house, draft_of(house, one)) for house, one in ((main, here), (pc, there))), "INR")
    one = draft_of(pc, back)
    pc.run("admin", billing.open_till, key=new_id(), clinic_id=pc.room.world.clinic_id, opening_float=money(5000))
    pc.run("admin", billing.credit_note, key=new_id(), invoice_id=one, reason="Not his", refund_excess=True)
    count_till(main)
    price = main.read(Invoice, draft_of(main, here)).total
    assert settle(main, monday).payments_total == price
    clock.advance(days=1)
    first = settle_doctor(main, monday)
    Site(pc.db, lan.connect(pc.db)).round()  # the way home is cut in the middle
    with pytest.raises(TillStillAway):
        count_till(main, "admin")
    assert lan.hand_over(pc).parked == 0
    with pytest.raises(TillsStillOpen):
        settle(main, clock().date())
    away = {count_till(main, "admin"), count_till(main, "admin")}
    late = settle(main, clock().date())
    taken, given = price * 2, main.read(Invoice, one).total
    assert (late.payments_total, late.refunds_total, late.credits_total, late.till_count) == (taken, given, given, 2)
    assert (late.payments_away, late.refunds_away, late.credits_away) == (taken, given, given)
    assert away < set(decoded(late.away))
    clock.advance(days=1)
    assert first + settle_doctor(main, clock().date() - timedelta(days=1)) == share
    lan.feed(pc)
    lan.houses.agree()
    assert state_of(pc.db) == state_of(main.db)
    assert broken(main.db) == []


def test_a_till_left_open_on_a_copy_is_seen_as_the_copy_last_told_it(lan: Lan, pc: House, clock: FrozenClock) -> None:
    main = lan.houses.main
    open_till(main)
    lan.feed(pc)
    replicas.detach(pc.db, pc.room.world.actor("cashier"))
    open_till(pc)
    paid = pc.read(Invoice, draft_of(pc, live(pc))).total
    assert [one.series for one in standing(main)] == [None]  # it is not known before the copy is back on the line
    clock.advance(minutes=5)
    Site(pc.db, lan.connect(pc.db)).round()
    clock.advance(minutes=5)
    own, away = standing(main)
    with main.db.read() as session:
        heard = max(session.scalars(select(SyncTaken.last_contact_at).where(SyncTaken.last_contact_at.is_not(None))))
    assert heard is not None
    assert clock() - heard == timedelta(minutes=5)
    assert (own.series, own.computer, own.as_of, own.expected) == (None, None, None, money(1000))
    assert (away.series, away.computer, away.as_of) == ("D1", "pc-1", heard)
    assert (away.expected, away.cashier_name) == (money(1000) + paid, own.cashier_name)
    assert [one.tills for one in listed(lan)] == [(away,)]
    lan.hand_over(pc)
    count_till(main, "admin")
    assert [one.series for one in standing(main)] == [None]
    assert [one.tills for one in listed(lan)] == [()]
    assert standing(main, elsewhere=True) == []


def standing(house: House, *, elsewhere: bool = False) -> list[StandingTillRow]:
    with house.db.read() as session:
        return queries.standing_tills(session, new_id() if elsewhere else house.room.world.clinic_id)


def listed(lan: Lan) -> list[CopyRow]:
    with lan.db.read() as session:
        return copies(session, lan.boss)
