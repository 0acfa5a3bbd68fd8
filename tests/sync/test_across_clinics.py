"""Work of one chain across its clinics, through commands of two houses on both engines: what is served, paid and settled elsewhere."""

from __future__ import annotations

from datetime import date

import pytest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.models import Invoice, Payment
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.clinic.pharmacy.models import DispensingItem
from clinic_desktop.clinic.pharmacy.rules import ReturnLine
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.sharing import OwnedElsewhere
from tests.clinic.clinical.room import line
from tests.clinic.pharmacy.counter import dispense
from tests.clinic.world import money
from tests.conftest import FrozenClock
from tests.sync.houses import Houses, all_rows

load_checks()


def test_late_money_of_another_house_is_settled_with_the_doctors_next_period(houses: Houses, clock: FrozenClock) -> None:
    """Taken on a day for which the doctor was settled before anybody at the house of the bill had heard of it."""
    _visit, invoice_id = houses.bill(houses.main.register("Asha"))
    main, doctor_id = houses.main, houses.main.room.world.doctor_id
    tender = Tender(PaymentMethod.CARD, money(600))
    houses.north.run("cashier", billing.take_payment, key=new_id(), invoice_id=invoice_id, tenders=(tender,))

    def settled(day: date) -> int:
        ask = {"clinic_id": main.room.world.clinic_id, "doctor_id": doctor_id, "period_to": day}
        main.run("admin", billing.settle_doctor, key=new_id(), **ask)
        with main.db.read() as session:
            return queries.doctor_settlements(session, doctor_id)[0].earned.minor

    clock.advance(days=1)
    assert settled(date(2026, 3, 2)) == 0
    houses.agree()
    clock.advance(days=1)
    assert settled(date(2026, 3, 3)) == 60_000 * 4_000 // 10_000
    houses.agree()
    clock.advance(days=1)
    assert settled(date(2026, 3, 4)) == 0


def test_what_is_another_houses_own_is_refused_in_words(houses: Houses) -> None:
    """Medicines come back to the shelf that they came from, and a bill is issued where it was written."""
    prescription_id = houses.main.room.active(line(houses.main.medicines["Paracetamol 500"]))
    houses.chain.settle()
    given = dispense(houses.north.room, prescription_id)
    houses.chain.settle()
    (handed,) = all_rows(houses.main.db, DispensingItem, DispensingItem.dispensing_id == given.dispensing_id)
    back = {"dispensing_id": given.dispensing_id, "lines": (ReturnLine(handed.id, 1, resaleable=True),), "reason": "not needed"}
    with pytest.raises(OwnedElsewhere):
        houses.main.run("pharmacist", pharmacy.return_medicine, key=new_id(), **back)
    (draft,) = all_rows(houses.main.db, Invoice, Invoice.clinic_id == houses.north.room.world.clinic_id)
    till = {"clinic_id": houses.main.room.world.clinic_id, "opening_float": money(0)}
    houses.main.run("cashier", billing.open_till, key=new_id(), **till)
    pay = {"invoice_id": draft.id, "tenders": (Tender(PaymentMethod.CASH, draft.total),)}
    with pytest.raises(OwnedElsewhere):
        houses.main.run("cashier", billing.issue_and_take, key=new_id(), **pay)
    houses.north.run("pharmacist", pharmacy.return_medicine, key=new_id(), **back)
    assert all_rows(houses.main.db, Payment) == []
    houses.agree()
