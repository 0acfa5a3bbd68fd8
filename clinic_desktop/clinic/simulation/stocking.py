"""The demo clinic's store: suppliers, medicines with batches of different expiry, some near it, some low, a few consumables."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.simulation.catalogue import MedicineLine, medicines
from clinic_desktop.clinic.simulation.house import CURRENCY, House
from clinic_desktop.clinic.simulation.timeline import HandClock
from clinic_desktop.clinic.stock import commands as stock
from clinic_desktop.clinic.stock.commands import ReceiptLine
from clinic_desktop.clinic.stock.models import InventoryItem
from clinic_desktop.clinic.stock.rules import ItemKind
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import Actor

_SUPPLIERS = (
    ("Deccan Pharma Distributors", "Mahesh Agarwal", "+91 20 2445 7788", "27AAACD5512K1Z3", "30 days"),
    ("Sahyadri Medical Agencies", "Kiran Patil", "+91 20 2567 1290", "27AABCS7741M1Z9", "15 days"),
    ("Konkan Surgicals", "Joseph Pereira", "+91 22 2781 4410", "27AAECK3320F1Z1", "On delivery"),
)
_CONSUMABLES = (
    ("GLOVE", "Examination gloves, medium", "pair", 100, "4.20", "6.00", 600),
    ("SYR5", "Syringe 5 ml with needle", "piece", 100, "3.10", "6.00", 400),
    ("COTTON", "Cotton roll 500 g", "roll", 1, "145.00", "190.00", 12),
    ("GAUZE", "Gauze swab 10 × 10 cm", "piece", 100, "1.40", "2.50", 800),
    ("IVSET", "Infusion set", "piece", 1, "18.00", "45.00", 60),
    ("CANN20", "Intravenous cannula 20 G", "piece", 1, "28.00", "75.00", 80),
)
_TOGETHER = 30
"""Commands of one transaction: a delivery is entered in one go."""


class Store:
    """The store keeper at work."""

    def __init__(self, house: House, rng: Random, clock: HandClock) -> None:
        self._house = house
        self._rng = rng
        self._clock = clock
        self._keeper: Actor = house.actor("store")
        self._items: list[tuple[MedicineLine, UUID]] = []
        self._suppliers: list[UUID] = []
        self._pharmacy: UUID | None = None

    @property
    def medicines(self) -> int:
        """How many medicines the catalogue holds now."""
        return len(self._items)

    def furnish(self) -> None:
        """Set up places, suppliers and items."""
        database, clinic_id = self._house.database, self._house.clinic_id
        with database.write(self._keeper) as tx:
            main = stock.add_location(tx, clinic_id=clinic_id, name="Main store")
            self._pharmacy = stock.add_location(tx, clinic_id=clinic_id, name="Pharmacy")
            for name, contact, phone, tax_number, terms in _SUPPLIERS:
                found = stock.add_supplier(tx, name=name, contact_name=contact, phone=phone, tax_number=tax_number, payment_terms=terms)
                self._suppliers.append(found)
        lines = medicines()
        for first in range(0, len(lines), _TOGETHER):
            with database.write(self._keeper) as tx:
                for line in lines[first : first + _TOGETHER]:
                    stock.add_medicine(tx, **self._medicine(line))
        self._read_items(lines)
        self._consumables(main)

    def _medicine(self, line: MedicineLine) -> dict[str, Any]:
        is_piece = line.pack == 1
        return {
            "code": line.code,
            "name": line.name,
            "unit": line.unit,
            "cost": _money(line.price * Decimal("0.72")),
            "price": _money(line.price),
            "generic_name": line.generic,
            "strength": line.strength,
            "form": line.form,
            "manufacturer": line.maker,
            "schedule": line.schedule or None,
            "is_controlled": line.schedule == "H1",
            "pack_size": line.pack,
            "category": line.category,
            "min_stock": 8 if is_piece else 60,
            "max_stock": 80 if is_piece else 1_500,
            "reorder_quantity": 24 if is_piece else 300,
            "storage_location": "Refrigerator" if line.unit in ("pen", "vial") else f"Rack {line.category[:1]}",
            "tax_configuration_id": self._house.taxes["GST 5 %"],
        }

    def _read_items(self, lines: Sequence[MedicineLine]) -> None:
        with self._house.database.read() as session:
            known = dict(session.execute(select(InventoryItem.code, InventoryItem.id)).all())
        self._items = [(line, known[line.code]) for line in lines]

    def _consumables(self, main: UUID) -> None:
        with self._house.database.write(self._keeper) as tx:
            lines = []
            for code, name, unit, pack, cost, price, quantity in _CONSUMABLES:
                item_id = stock.add_item(
                    tx, code=code, name=name, kind=ItemKind.CONSUMABLE, unit=unit, pack_size=pack,
                    cost=_money(Decimal(cost)), price=_money(Decimal(price)), min_stock=quantity // 4, category="Consumables",
                )  # fmt: skip
                lines.append(ReceiptLine(item_id, f"C{self._rng.randrange(1000, 9999)}", None, quantity, _money(Decimal(cost))))
            stock.receive_stock(tx, key=new_id(), location_id=main, lines=tuple(lines), supplier_id=self._suppliers[2])

    def deliver(self, when: datetime, now: date, *, share: float, scarce: float = 0.0) -> None:
        """A delivery to the pharmacy: a share of all medicines; ``scarce`` of them in quantities below the minimum."""
        self._clock.set(when)
        assert self._pharmacy is not None
        lines = [
            self._receipt(line, item_id, when.date(), now, is_scarce=self._rng.random() < scarce)
            for line, item_id in self._items
            if self._rng.random() < share
        ]
        for first in range(0, len(lines), _TOGETHER):
            self._house.database.run(
                self._keeper,
                stock.receive_stock,
                key=new_id(),
                location_id=self._pharmacy,
                lines=tuple(lines[first : first + _TOGETHER]),
                supplier_id=self._suppliers[first // _TOGETHER % 2],
            )

    def _receipt(self, line: MedicineLine, item_id: UUID, on: date, now: date, *, is_scarce: bool) -> ReceiptLine:
        rng, is_piece = self._rng, line.pack == 1
        packs = rng.randrange(14, 40) if is_piece else rng.randrange(8, 30) * 15 // max(line.pack, 5) + 8
        quantity = (rng.randrange(2, 6) if is_piece else rng.randrange(10, 40)) if is_scarce else packs * line.pack
        chance = rng.random()
        if chance < 0.05:
            expiry = max(now - timedelta(days=rng.randrange(3, 25)), on + timedelta(days=1))  # expired on the shelf meanwhile
        elif chance < 0.18:
            expiry = now + timedelta(days=rng.randrange(8, 75))
        else:
            expiry = now + timedelta(days=rng.randrange(150, 900))
        number = f"{line.code[:2]}{rng.randrange(10_000, 99_999)}"
        return ReceiptLine(item_id, number, expiry, quantity, _money(line.price * Decimal("0.72")))


def _money(amount: Decimal) -> Money:
    return Money(int((amount * 100).to_integral_value()), CURRENCY)
