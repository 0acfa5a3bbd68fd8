"""The clinic that simulated days in tests start from: the world with a pharmacy and the demo's medicines."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from clinic_desktop.clinic.simulation.catalogue import medicines
from clinic_desktop.clinic.stock import commands as stock
from clinic_desktop.clinic.stock.models import InventoryItem
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money
from tests.clinic.world import World, build_world


def furnish(database: Database) -> World:
    """Build the world and stock its pharmacy; of every fourth medicine there is too little."""
    world = build_world(database)
    keeper = world.actor("inventory_manager")
    with database.write(keeper) as tx:
        pharmacy = stock.add_location(tx, clinic_id=world.clinic_id, name="Pharmacy")
        for line in medicines():
            price = Money(int(line.price * 100), "INR")
            stock.add_medicine(tx, code=line.code, name=line.name, unit=line.unit, cost=price, price=price, generic_name=line.generic)
    with database.read() as session:
        items = list(session.scalars(select(InventoryItem.id).order_by(InventoryItem.code)))
    lines = tuple(
        stock.ReceiptLine(item_id, f"B{number:04d}", date(2027, 1 + number % 12, 1), 3 if number % 4 == 0 else 500, Money(100, "INR"))
        for number, item_id in enumerate(items)
    )
    database.run(keeper, stock.receive_stock, key=new_id(), location_id=pharmacy, lines=lines)
    return world
