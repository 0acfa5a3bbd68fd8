"""A pharmacy shelf in the world of the tests, filled through the real commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from clinic_desktop.clinic.stock import commands, queries
from clinic_desktop.clinic.stock.models import Medicine
from clinic_desktop.clinic.stock.rules import MovementKind
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from tests.clinic.world import World

LATER = date(2027, 6, 30)


def paise(amount: int) -> Money:
    """An amount in the smallest unit."""
    return Money(amount, "INR")


@dataclass(slots=True)
class Shelf:
    """A location, and ways to put medicines on it."""

    world: World
    location_id: UUID

    @classmethod
    def open(cls, world: World, name: str = "Pharmacy") -> Shelf:
        """A new stock location of the clinic."""
        actor = world.actor("inventory_manager")
        return cls(world, world.db.run(actor, commands.add_location, clinic_id=world.clinic_id, name=name))

    def medicine(self, name: str, **details: Any) -> tuple[UUID, UUID]:
        """A medicine sold by the tablet: (medicine id, item id)."""
        values: dict[str, Any] = {"unit": "tablet", "cost": paise(150), "price": paise(250), "generic_name": name.split()[0], **details}
        actor = self.world.actor("inventory_manager")
        code = name.upper().replace(" ", "-")
        medicine_id = self.world.db.run(actor, commands.add_medicine, code=code, name=name, **values)
        with self.world.db.read() as session:
            medicine = session.get_one(Medicine, medicine_id)
            return medicine_id, medicine.item_id

    def receive(self, item_id: UUID, quantity: int, *, number: str = "B1", expiry: date | None = LATER, price: Money | None = None) -> UUID:
        """Units of a batch arrive; returns the batch."""
        line = commands.ReceiptLine(item_id, number, expiry, quantity, paise(150), price)
        actor = self.world.actor("pharmacist")
        row = self.world.db.run(actor, commands.receive_stock, key=new_id(), location_id=self.location_id, lines=(line,))
        return row.batch_ids[0]

    def stocked(self, catalogue: Mapping[str, Mapping[str, Any]], quantity: int = 240) -> dict[str, UUID]:
        """Medicines by name, so many units of each on the shelf: medicine id by name."""
        made = {}
        for name, details in catalogue.items():
            made[name], item_id = self.medicine(name, **details)
            self.receive(item_id, quantity)
        return made

    def issue(self, item_id: UUID, quantity: int, *, batch_id: UUID | None = None) -> list[commands.Pick]:
        """Units leave, as a ward would take them."""
        return self.world.db.run(
            self.world.actor("pharmacist"), take_out, location_id=self.location_id, item_id=item_id, quantity=quantity, batch_id=batch_id
        )

    def on_hand(self, batch_id: UUID) -> int:
        """What the batch's balance says."""
        return int(self._scalar("SELECT quantity_on_hand FROM medicine_batches WHERE id = :id", batch_id))

    def moved(self, batch_id: UUID) -> list[queries.MovementRow]:
        """The ledger of a batch."""
        with self.world.db.read() as session:
            return queries.movements(session, batch_id=batch_id)

    def _scalar(self, statement: str, batch_id: UUID) -> Any:
        key: Any = batch_id.hex if self.world.db.engine.dialect.name == "sqlite" else batch_id
        with self.world.db.engine.connect() as connection:
            return connection.execute(text(statement), {"id": key}).scalar_one()


@command(commands.RECEIVE)
def take_out(tx: Tx, *, location_id: UUID, item_id: UUID, quantity: int, batch_id: UUID | None) -> list[commands.Pick]:
    """The smallest command around the step that takes stock out."""
    return commands.issue_stock(
        tx,
        item_id=item_id,
        location_id=location_id,
        quantity=quantity,
        kind=MovementKind.CONSUMPTION,
        reference_type="tests",
        reference_id=item_id,
        batch_id=batch_id,
    )


def check_ledger(db: Database) -> int:
    """S1 recomputed from the rows: every batch equals its movements and never was below zero; returns how many movements."""
    with db.engine.connect() as connection:
        batches: dict[Any, int] = dict(connection.execute(text("SELECT id, quantity_on_hand FROM medicine_batches")).all())
        rows = connection.execute(
            text(
                "SELECT batch_id, entry_number, quantity, previous_stock, new_stock, moved_at FROM stock_movements"
                " ORDER BY batch_id, entry_number"
            )
        ).all()
    running: dict[Any, list[Any]] = {}
    for row in rows:
        running.setdefault(row.batch_id, []).append(row)
    for batch_id, on_hand in batches.items():
        _check_chain(running.get(batch_id, []), on_hand)
    return len(rows)


def _check_chain(entries: Iterable[Any], on_hand: int) -> None:
    stock, last = 0, None
    for number, row in enumerate(entries, 1):
        assert row.entry_number == number
        assert row.previous_stock == stock
        stock += row.quantity
        assert row.new_stock == stock >= 0
        assert last is None or row.moved_at >= last
        last = row.moved_at
    assert stock == on_hand
