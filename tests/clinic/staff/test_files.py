"""Price list and services by file: a dry run that says everything, all or nothing, and export → import changes nothing."""

from __future__ import annotations

import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import AlreadyExists, TaxScope
from clinic_desktop.clinic.staff import commands, queries
from clinic_desktop.clinic.staff.events import ServicesImported
from clinic_desktop.clinic.staff.importing import plan_prices, plan_services
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.clinic.staff.rules import PricingModel, ServiceCategory, ToothChartUse
from clinic_desktop.kernel.errors import InvalidInput, PermissionDenied
from clinic_desktop.kernel.i18n import SHIPPED_CODES, activate
from clinic_desktop.kernel.journal import AuditLog
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.plans import ImportOutdated, ImportRefused, Plan, PlannedRow, RowKind, Sheet
from clinic_desktop.kernel.tabular import write_table
from tests.clinic.world import World, money


def services(world: World) -> dict[str, ServiceRow]:
    with world.db.read() as session:
        return {row.code: row for row in queries.services(session, with_inactive=True)}


def told(row: PlannedRow) -> list[tuple[str, str]]:
    return [(problem.title, problem.error.reason) for problem in row.problems]


@pytest.fixture
def plan(world: World, tmp_path: Path) -> Callable[..., Plan]:
    """What a file with that text would do."""

    def look(text: str, plan_file: Callable[..., Plan] = plan_services, encoding: str = "utf-8") -> Plan:
        file = tmp_path / "list.csv"
        file.write_bytes(text.encode(encoding))
        return plan_file(world.db, file)

    return look


def carry_out(world: World, plan: Plan, command: Any = commands.import_services) -> int:
    written = world.db.run(world.actor("admin"), command, plan=plan)
    assert isinstance(written, int)
    return written


def export(world: World, command: Any = commands.export_services) -> Sheet:
    made = world.db.run(world.actor("admin"), command)
    assert isinstance(made, Sheet)
    return made


def test_each_row_is_new_changed_unchanged_or_refused(world: World, plan: Callable[..., Plan]) -> None:
    made = plan(
        "code;name;category;price;tax;share;minutes;doctor's share %;colour\n"
        "ecg;ECG;procedure;350,00;GST 18 %;;15;20;red\n"
        "XRAY;Chest X-ray;IMAGING;500;gst 18 %;;25;10;\n"
        "MRI;MRI scan;imaging;1,25,000.00;;;60;;\n"
        "NEB;Nebulisation;magic;-1;VAT;;481;101;\n"
        "MRI;MRI again;IMAGING;1;;;1;;\n"
    )
    assert [(row.number, row.code, row.kind) for row in made.rows] == [
        (2, "ECG", RowKind.UNCHANGED),
        (3, "XRAY", RowKind.CHANGED),
        (4, "MRI", RowKind.NEW),
        (5, "NEB", RowKind.REFUSED),
        (6, "MRI", RowKind.REFUSED),
    ]
    assert made.ignored == ("share", "colour")
    assert [(c.title, c.old, c.new) for c in made.rows[1].changes] == [
        ("Name", "X-ray chest", "Chest X-ray"),
        ("Price", "450.00", "500.00"),
        ("Minutes", "20", "25"),
    ]
    assert told(made.rows[3]) == [
        ("Category", "not_one_of"),
        ("Price", "negative_amount"),
        ("Tax", "not_known"),
        ("Minutes", "out_of_range"),
        ("Doctor's share %", "not_a_percentage"),
    ]
    assert told(made.rows[4]) == [("Code", "twice")]


def test_a_plan_with_a_refused_row_writes_nothing(world: World, plan: Callable[..., Plan]) -> None:
    before = services(world)
    made = plan("code,name,category,price\nNEW1,New,OTHER,1\nNEW2,New,OTHER,x\n")
    with pytest.raises(ImportRefused) as refused:
        carry_out(world, made)
    assert refused.value.params == {"count": 1}
    assert services(world) == before


def test_new_and_changed_services_are_written_and_journalled_row_by_row(world: World, plan: Callable[..., Plan]) -> None:
    heard: list[Any] = []
    world.db.subscribe(heard.extend)
    made = plan("Code,Service name,Type,Rate\nMRI,MRI scan,IMAGING,12500\nECG,ECG,PROCEDURE,400\nXRAY,X-ray chest,IMAGING,450\n")
    assert carry_out(world, made) == 2
    now = services(world)
    assert (now["MRI"].name, now["MRI"].price, now["MRI"].duration_minutes, now["MRI"].is_active) == ("MRI scan", money(12_500), 15, True)
    assert (now["ECG"].price, now["ECG"].doctor_share_basis_points) == (money(400), 2000)  # columns that are not there stay
    assert [event for event in heard if isinstance(event, ServicesImported)] == [ServicesImported(2)]
    with world.db.read() as session:
        newest = session.query(AuditLog).order_by(AuditLog.seq.desc()).limit(1).one().seq
        assert {row.entity_id for row in session.query(AuditLog).filter(AuditLog.seq == newest)} == {now["MRI"].id, now["ECG"].id}
        assert verify(session).broken is None
    again = plan("code,name,category,price\nMRI,MRI scan,IMAGING,12500\n")
    assert not again.changes_anything
    assert carry_out(world, again) == 0


def test_an_empty_cell_empties_and_a_missing_column_does_not(world: World, plan: Callable[..., Plan]) -> None:
    carry_out(world, plan("code,tax,doctor's share %\nECG,,\n"))
    now = services(world)["ECG"]
    assert (now.tax_configuration_id, now.doctor_share_basis_points, now.price) == (None, None, money(350))


def test_what_was_changed_meanwhile_is_not_overwritten(world: World, plan: Callable[..., Plan]) -> None:
    made = plan("code,name,category,price\nECG,ECG,PROCEDURE,400\n")
    world.db.run(world.actor("admin"), commands.change_price, service_id=world.services["ECG"], price=money(380))
    with pytest.raises(ImportOutdated) as outdated:
        carry_out(world, made)
    assert outdated.value.params == {"row": 2, "key": "ECG"}
    new = plan("code,name,category,price\nMRI,MRI,IMAGING,1\n")
    carry_out(world, new)
    with pytest.raises(ImportOutdated):
        carry_out(world, new)
    assert services(world)["ECG"].price == money(380)


def test_a_price_list_changes_prices_only(world: World, plan: Callable[..., Plan]) -> None:
    made = plan("code,name,price\nECG,ecg,400\nXRAY,X-ray chest,450.00\nMRI,MRI,1\nNEB,Vaccination,5\n", plan_prices)
    assert [row.kind for row in made.rows] == [RowKind.CHANGED, RowKind.UNCHANGED, RowKind.REFUSED, RowKind.REFUSED]
    assert told(made.rows[2]) == [("Code", "not_known")]
    assert told(made.rows[3]) == [("Name", "code_of_another")]
    carry_out(world, plan("code;price\nECG;400,50\n", plan_prices), commands.import_prices)
    now = services(world)["ECG"]
    assert (now.price, now.name) == (Money(40_050, "INR"), "ECG")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("name,price\nECG,1\n", "no_column"),
        ("code,name\nECG,ECG\n", "no_column"),
        ("code,price,Price\nECG,1,2\n", "column_twice"),
        ("code,price\n", "no_rows"),
    ],
)
def test_a_file_that_is_no_price_list_is_refused(plan: Callable[..., Plan], text: str, reason: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        plan(text, plan_prices)
    assert (refused.value.field, refused.value.reason) == ("file", reason)


def test_rows_that_slipped_are_refused(plan: Callable[..., Plan]) -> None:
    made = plan("code,name,category,price\nECG,ECG\nNEB,Nebulisation,PROCEDURE,150,9\n,x,OTHER,1\nNEB,Nebulisation,PROCEDURE,150,\n")
    assert [told(row)[:1] for row in made.rows] == [
        [("Code", "cells_missing")],
        [("Code", "cells_too_many")],
        [("Code", "required")],
        [("Code", "twice")],
    ]


@pytest.mark.parametrize("language", SHIPPED_CODES)
def test_what_is_exported_in_any_language_is_read_in_any_other(world: World, tmp_path: Path, language: str) -> None:
    file = tmp_path / "services.csv"
    activate(language)
    try:
        sheet = export(world)
    finally:
        activate("en")
    write_table(file, sheet.header, sheet.rows)
    made = plan_services(world.db, file)
    assert (len(made.rows), made.count(RowKind.UNCHANGED), made.ignored) == (8, 8, ())


def test_a_tax_of_several_rates_and_a_closed_department_come_back(world: World, tmp_path: Path) -> None:
    admin = world.actor("admin")
    rate = {"rate_basis_points": 1200, "is_inclusive": False, "applies_to": TaxScope.ALL, "valid_from": world.db.clock().date()}
    world.db.run(admin, organisation.add_tax, name="GST 18 %", **rate)
    file, sheet = tmp_path / "services.csv", export(world)
    write_table(file, sheet.header, sheet.rows)
    assert not plan_services(world.db, file).changes_anything
    prices = export(world, commands.export_prices)
    write_table(file, prices.header, prices.rows)
    assert prices.header == ("Code", "Name", "Price")
    assert not plan_prices(world.db, file).changes_anything


CELLS = st.text(st.characters(blacklist_categories=("Cs",)), max_size=40)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(
        st.fixed_dictionaries(
            {
                "code": CELLS.filter(str.strip),
                "name": CELLS,
                "category": st.sampled_from(ServiceCategory),
                "price": st.integers(0, 10**12).map(lambda minor: Money(minor, "INR")),
                "description": CELLS,
                "duration_minutes": st.integers(1, 480),
                "doctor_share_basis_points": st.none() | st.integers(0, 10_000),
                "pricing_model": st.sampled_from(PricingModel),
                "tooth_chart_use": st.sampled_from(ToothChartUse),
                "uses_doctor_fee": st.booleans(),
            }
        ),
        max_size=6,
    )
)
def test_export_and_import_round_trip_exactly(world: World, tmp_path: Path, rows: list[dict[str, Any]]) -> None:
    for row in rows:
        with suppress(InvalidInput, AlreadyExists):
            world.db.run(world.actor("admin"), commands.add_service, **row)
    before, file, sheet = services(world), tmp_path / "services.csv", export(world)
    write_table(file, sheet.header, sheet.rows)
    made = plan_services(world.db, file)
    assert [row for row in made.rows if row.kind is not RowKind.UNCHANGED] == []
    assert len(made.rows) == len(before)


@pytest.mark.parametrize("engine_name", ["sqlite"])  # small files are brought in on both engines above
def test_five_thousand_rows_in_a_few_seconds(world: World, tmp_path: Path) -> None:
    file = tmp_path / "services.csv"
    heard: list[tuple[int, int]] = []
    write_table(file, ["code", "name", "category", "price"], ([f"S{n}", f"Service {n}", "OTHER", f"{n}.50"] for n in range(5_000)))
    began = time.process_time()
    made = plan_services(world.db, file, progress=lambda done, total: heard.append((done, total)))
    assert carry_out(world, made) == 5_000
    assert len(services(world)) == 5_008
    assert time.process_time() - began < 20
    assert (heard[0], heard[-1]) == ((0, 5_000), (5_000, 5_000))


def test_a_cancelled_import_leaves_nothing(world: World, plan: Callable[..., Plan]) -> None:
    class Stopped(Exception):
        """The person cancelled."""

    def stop(done: int, _total: int) -> None:
        if done:
            raise Stopped

    text = "code,name,category,price\n" + "".join(f"S{n},Service,OTHER,1\n" for n in range(600))
    with pytest.raises(Stopped):
        world.db.run(world.actor("admin"), commands.import_services, plan=plan(text), progress=stop)
    assert len(services(world)) == 8


def test_the_export_is_noted(world: World) -> None:
    export(world)
    with world.db.read() as session:
        newest = session.query(AuditLog).order_by(AuditLog.seq.desc()).limit(1).one()
    assert msgspec.json.decode(newest.changes) == {"event": "exported", "what": "Services", "rows": 8, "way": "csv"}


@pytest.mark.parametrize("role", ["receptionist", "doctor", "cashier"])
def test_who_does_not_set_prices_neither_imports_nor_exports_them(world: World, plan: Callable[..., Plan], role: str) -> None:
    made = plan("code,name,category,price\nECG,ECG,PROCEDURE,1\n")
    for command, params in (
        (commands.import_services, {"plan": made}),
        (commands.import_prices, {"plan": made}),
        (commands.export_prices, {}),
    ):
        with pytest.raises(PermissionDenied):
            world.db.run(world.actor(role), command, **params)
