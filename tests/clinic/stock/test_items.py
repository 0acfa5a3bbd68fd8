"""Items and medicines as they change, by form and by file."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.clinic.stock import commands, queries
from clinic_desktop.clinic.stock.events import ItemsImported
from clinic_desktop.clinic.stock.importing import plan_medicines
from clinic_desktop.clinic.stock.models import InventoryItem
from clinic_desktop.clinic.stock.queries import MedicineRow
from clinic_desktop.clinic.stock.rules import ItemCodeInUse, ItemKind, UnitInUse
from clinic_desktop.kernel.errors import InvalidInput, NotFound, PermissionDenied, StaleRecord
from clinic_desktop.kernel.i18n import SHIPPED_CODES, activate
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.plans import ImportOutdated, ImportRefused, Plan, RowKind
from clinic_desktop.kernel.tabular import write_table
from tests.clinic.stock.shelf import Shelf, paise
from tests.clinic.world import World, money

Look = Callable[[str], Plan]


@pytest.fixture
def shelf(world: World) -> Shelf:
    """A stock location with nothing on it."""
    return Shelf.open(world)


@pytest.fixture
def plan(world: World, tmp_path: Path) -> Look:
    """What a file with that text would do."""

    def look(text: str) -> Plan:
        file = tmp_path / "medicines.csv"
        file.write_text(text, encoding="utf-8")
        return plan_medicines(world.db, file)

    return look


def run(world: World, command: Any, **params: Any) -> Any:
    return world.db.run(world.actor("inventory_manager"), command, **params)


def medicine(world: World, medicine_id: UUID) -> MedicineRow:
    with world.db.read() as session:
        return next(row for row in queries.medicines(session, with_inactive=True) if row.id == medicine_id)


def change(world: World, medicine_id: UUID, code: str, **changes: Any) -> None:
    version = medicine(world, medicine_id).row_version
    run(world, commands.change_medicine, medicine_id=medicine_id, row_version=version, code=code, **changes)


def test_a_medicine_changes_in_all_its_fields_and_is_found_by_them(shelf: Shelf) -> None:
    world = shelf.world
    made, _item = shelf.medicine("Calpol 500", generic_name="Paracetamol")
    before = medicine(world, made)
    changes = {
        "name": "Dolo 650",
        "unit": "strip",
        "cost": money(10),
        "price": money(30),
        "pack_size": 15,
        "category": "Analgesic",
        "barcode": "8901",
        "min_stock": 5,
        "max_stock": 50,
        "reorder_quantity": 20,
        "storage_location": "A1",
        "generic_name": "Acetaminophen",
        "ingredients": "Paracetamol + Caffeine",
        "strength": "650 mg",
        "form": "tablet",
        "manufacturer": "Micro",
        "schedule": "H",
        "is_controlled": True,
        "tax_configuration_id": world.taxes["GST 5 %"],
    }
    run(world, commands.change_medicine, medicine_id=made, row_version=before.row_version, code="dolo", **changes)
    now = medicine(world, made)
    assert {name: getattr(now, name) for name in changes} == {**changes, "ingredients": "Paracetamol, Caffeine"}
    assert (now.code, now.is_active) == ("DOLO", True)
    with world.db.read() as session:
        assert [hit.code for hit in queries.medicine_hits(session, "acetam caff 8901")] == ["DOLO"]
        assert queries.medicine_hits(session, "calpol") == []


def test_a_change_of_the_medicine_alone_is_noticed_too(shelf: Shelf) -> None:
    world = shelf.world
    made, _item = shelf.medicine("Calpol 500")
    before = medicine(world, made)
    change(world, made, "CALPOL-500", manufacturer="Micro")
    with pytest.raises(StaleRecord):
        run(world, commands.change_medicine, medicine_id=made, row_version=before.row_version, code="CALPOL-500", name="Other")
    assert medicine(world, made).name == "Calpol 500"


def test_what_was_in_stock_keeps_its_unit_and_its_code(shelf: Shelf) -> None:
    world = shelf.world
    made, item = shelf.medicine("Calpol 500")
    change(world, made, "CALPOL", unit="strip")
    shelf.receive(item, 10)
    with pytest.raises(UnitInUse) as unit:
        change(world, made, "CALPOL", unit="tablet")
    assert (unit.value.field, unit.value.params["unit"]) == ("unit", "strip")
    with pytest.raises(ItemCodeInUse) as code:
        change(world, made, "OTHER", unit="strip")
    assert code.value.field == "code"
    change(world, made, " calpol ", unit=" strip ", price=money(3))
    assert medicine(world, made).price == money(3)


@pytest.mark.parametrize(
    ("changed", "refusal", "field"),
    [
        ({"code": "OTHER"}, AlreadyExists, "code"),
        ({"barcode": "77"}, AlreadyExists, "barcode"),
        ({"max_stock": 1, "min_stock": 2}, InvalidInput, "max_stock"),
        ({"price": Money(-1, "INR")}, InvalidInput, "price"),
        ({"name": " "}, InvalidInput, "name"),
        ({"pack_size": 0}, InvalidInput, "pack_size"),
        ({"tax_configuration_id": "clinic"}, NotFound, "tax_configuration_id"),
    ],
)
def test_impossible_medicines_are_refused_at_the_field(shelf: Shelf, changed: dict[str, Any], refusal: type[Exception], field: str) -> None:
    world = shelf.world
    made, _item = shelf.medicine("Calpol 500")
    shelf.medicine("Other", barcode="77")
    before = medicine(world, made)
    filled = {"code": "CALPOL-500", **{name: world.clinic_id if value == "clinic" else value for name, value in changed.items()}}
    with pytest.raises(refusal) as refused:
        change(world, made, **filled)
    assert refused.value.field == field  # type: ignore[attr-defined]
    assert medicine(world, made) == before


def test_items_that_are_no_medicines_change_too(world: World) -> None:
    details = {"name": "Gloves", "kind": ItemKind.CONSUMABLE, "unit": "pair", "cost": paise(300), "price": paise(500)}
    item_id = run(world, commands.add_item, code="GLOVES", **details)
    with world.db.read() as session:
        version = session.get_one(InventoryItem, item_id).row_version
    run(world, commands.change_item, item_id=item_id, row_version=version, code="GLV", min_stock=10)
    with pytest.raises(StaleRecord):
        run(world, commands.change_item, item_id=item_id, row_version=version, code="GLV", min_stock=11)
    with world.db.read() as session:
        assert (session.get_one(InventoryItem, item_id).min_stock, session.get_one(InventoryItem, item_id).code) == (10, "GLV")


def test_a_withdrawn_medicine_comes_back(shelf: Shelf) -> None:
    world = shelf.world
    made, item = shelf.medicine("Calpol 500")
    run(world, commands.deactivate_item, item_id=item)
    with world.db.read() as session:
        assert queries.medicines(session) == []
    run(world, commands.restore_item, item_id=item)
    with world.db.read() as session:
        assert [row.id for row in queries.medicines(session)] == [made]
    with pytest.raises(PermissionDenied):
        world.db.run(world.actor("receptionist"), commands.restore_item, item_id=item)


def test_a_file_of_medicines_adds_changes_and_refuses(shelf: Shelf, plan: Look) -> None:
    world = shelf.world
    _made, item = shelf.medicine("Calpol", barcode="11", unit="tablet")
    shelf.medicine("Crocin", barcode="22")
    shelf.receive(item, 5)
    gloves = {"name": "Gloves", "kind": ItemKind.CONSUMABLE, "unit": "pair", "cost": paise(300), "price": paise(500)}
    run(world, commands.add_item, code="GLOVES", **gloves)
    made = plan(
        "Code\tMedicine\tGeneric\tUnit\tCost price\tMRP\tMin\tMax\tBarcode\tControlled\n"
        "NEW\tAugmentin 625\tAmoxicillin + Clavulanic acid\ttablet\t12,5\t20\t5\t50\t33\tyes\n"
        "CALPOL\tCalpol\tCalpol\tstrip\t1.50\t2.50\t0\t\t11\tno\n"
        "CROCIN\tCrocin\tCrocin\ttablet\t1.50\t2.50\t9\t3\t11\tno\n"
        "GLOVES\tGloves\t\tpair\t3\t5\t0\t\t\tno\n"
        "TWO\tTwo\t\ttablet\t1\t1\t0\t\t33\tno\n"
    )
    told = [(row.code, row.kind.value, [problem.error.reason for problem in row.problems]) for row in made.rows]
    assert told == [
        ("NEW", "NEW", []),
        ("CALPOL", "REFUSED", ["unit_in_use"]),
        ("CROCIN", "REFUSED", ["less_than_least", "barcode_of_another"]),
        ("GLOVES", "REFUSED", ["not_a_medicine"]),
        ("TWO", "REFUSED", ["barcode_of_another"]),
    ]
    with pytest.raises(ImportRefused):
        run(world, commands.import_medicines, plan=made)
    heard: list[Any] = []
    world.db.subscribe(heard.extend)
    good = plan("code,name,generic name,unit,cost,price\nNEW,Augmentin 625,Amoxicillin + Clavulanic acid,tablet,12.5,20\n")
    assert run(world, commands.import_medicines, plan=good) == 1
    assert ItemsImported(1) in heard
    with world.db.read() as session:
        (hit,) = queries.medicine_hits(session, "clavul")
        assert verify(session).broken is None
    assert (hit.code, hit.ingredients, hit.price) == ("NEW", ("Amoxicillin", "Clavulanic acid"), money(20))
    with pytest.raises(ImportOutdated):
        run(world, commands.import_medicines, plan=good)


def test_columns_that_are_not_there_stay(shelf: Shelf, plan: Look) -> None:
    made, _item = shelf.medicine("Calpol", barcode="11", strength="500 mg", min_stock=7)
    looked = plan("code,price\nCALPOL,3\n")
    assert [(c.title, c.old, c.new) for c in looked.rows[0].changes] == [("Price", "2.50", "3.00")]
    run(shelf.world, commands.import_medicines, plan=looked)
    now = medicine(shelf.world, made)
    assert (now.price, now.barcode, now.strength, now.min_stock) == (money(3), "11", "500 mg", 7)


TEXT = st.text(st.characters(blacklist_categories=("Cs",)), max_size=30)
NUMBER = st.integers(0, 10_000)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "code": TEXT.filter(str.strip),
                "name": TEXT,
                "unit": TEXT,
                "generic_name": st.none() | TEXT,
                "ingredients": st.none() | TEXT,
                "strength": st.none() | TEXT,
                "barcode": st.none() | TEXT,
                "cost": NUMBER.map(paise),
                "price": NUMBER.map(paise),
                "min_stock": NUMBER,
                "max_stock": st.none() | NUMBER,
                "is_controlled": st.booleans(),
            }
        ),
        max_size=6,
    )
)
@pytest.mark.parametrize("language", SHIPPED_CODES)
def test_export_and_import_round_trip_exactly(shelf: Shelf, tmp_path: Path, language: str, rows: list[dict[str, Any]]) -> None:
    world, file = shelf.world, tmp_path / "medicines.csv"
    for row in rows:
        with suppress(InvalidInput, AlreadyExists):
            run(world, commands.add_medicine, **row)
    activate(language)
    try:
        sheet = run(world, commands.export_medicines)
    finally:
        activate("en")
    if sheet.rows:
        write_table(file, sheet.header, sheet.rows)
        made = plan_medicines(world.db, file)
        assert [row for row in made.rows if row.kind is not RowKind.UNCHANGED] == []
        assert len(made.rows) == len(sheet.rows)


@pytest.mark.parametrize("engine_name", ["sqlite"])  # small files are brought in on both engines above
def test_five_thousand_medicines_in_a_few_seconds(world: World, tmp_path: Path) -> None:
    file = tmp_path / "medicines.csv"
    rows = ([f"M{n}", f"Medicine {n}", "tablet", "1", f"{n}.50", f"Generic {n}"] for n in range(5_000))
    write_table(file, ["code", "name", "unit", "cost", "price", "generic name"], rows)
    began = time.process_time()
    assert run(world, commands.import_medicines, plan=plan_medicines(world.db, file)) == 5_000
    assert time.process_time() - began < 20
