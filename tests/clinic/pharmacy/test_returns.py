"""Medicines that come back, on both engines."""

from __future__ import annotations

from uuid import UUID

import pytest

from clinic_desktop.clinic.pharmacy import commands, queries
from clinic_desktop.clinic.pharmacy.rules import ReturnLine, ReturnTooMuch
from clinic_desktop.clinic.stock.queries import batches
from clinic_desktop.clinic.stock.rules import OutOfStock
from clinic_desktop.kernel.ids import new_id
from tests.clinic.clinical.room import Room, line
from tests.clinic.pharmacy.counter import dispense
from tests.clinic.stock.shelf import Shelf, check_ledger, paise
from tests.clinic.stock.together import at_once
from tests.clinic.world import World


@pytest.fixture
def room(world: World) -> Room:
    return Room(world, Shelf.open(world))


def give_back(room: Room, dispensing_id: UUID, *lines: ReturnLine) -> commands.ReturnedRow:
    actor = room.world.actor("pharmacist")
    take_back = commands.return_medicine
    return room.world.db.run(actor, take_back, key=new_id(), dispensing_id=dispensing_id, lines=lines, reason="Course stopped")


def test_returned_units_rejoin_their_batch_or_go_to_quarantine(room: Room) -> None:
    medicine, item = room.shelf.medicine("Paracetamol 500")
    batch = room.shelf.receive(item, 50)
    waiting = room.active(line(medicine))
    out = dispense(room, waiting).dispensing_id

    def document() -> queries.DispensingRow:
        with room.world.db.read() as session:
            (row,) = queries.dispensings(session, prescription_id=waiting)
            return row

    handed = document().lines[0].id
    assert give_back(room, out, ReturnLine(handed, 3, resaleable=True), ReturnLine(handed, 2)).refund == paise(5 * 250)
    assert room.shelf.on_hand(batch) == 43
    with room.world.db.read() as session:
        twin = next(one for one in batches(session, item_id=item) if one.id != batch)
    assert (twin.quantity_on_hand, twin.status, twin.origin, twin.batch_number) == (2, "QUARANTINE", "RETURNED", "B1")
    with pytest.raises(ReturnTooMuch):
        give_back(room, out, ReturnLine(handed, 3), ReturnLine(handed, 3))
    assert document().status == "PARTIALLY_RETURNED"
    results = at_once([lambda: give_back(room, out, ReturnLine(handed, 3))] * 2)
    assert [type(result) for result in results if isinstance(result, Exception)] == [ReturnTooMuch]
    give_back(room, out, ReturnLine(handed, 2))
    assert (document().status, document().lines[0].quantity_returned) == ("RETURNED", 10)
    with pytest.raises(OutOfStock):
        room.shelf.issue(item, 44)
    check_ledger(room.world.db)
