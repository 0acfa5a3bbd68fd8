"""Numbers are known by their prefixes: those of the program, and those that the hospital chose."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries as bills
from clinic_desktop.clinic.organisation import commands
from clinic_desktop.clinic.organisation.numbering import Reset, declared_number_kinds
from clinic_desktop.clinic.organisation.queries import number_prefixes
from clinic_desktop.ui import numbers
from clinic_desktop.ui.scan import Scanner
from clinic_desktop.ui.screens.cashier.reading import find_invoices
from clinic_desktop.ui.shell import Shell
from tests.clinic.world import World
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.test_scan import Desk, Keyboard


@pytest.fixture(autouse=True)
def nothing_learned() -> Iterator[None]:
    numbers.learn({})
    yield
    numbers.learn({})


def change(world: World, kind: str, prefix: str) -> None:
    actor = world.actor("admin")
    told = {"clinic_id": world.clinic_id, "kind": kind, "prefix": prefix, "width": 5, "reset": Reset.YEARLY}
    world.db.run(actor, commands.set_number_format, **told)


def test_the_prefixes_are_those_that_the_departments_declare() -> None:
    declared = {kind.code: kind.prefix for kind in declared_number_kinds()}
    assert {kind: declared[kind] for kind in numbers.AS_DELIVERED} == numbers.AS_DELIVERED


@pytest.mark.parametrize(
    ("text", "kinds", "is_one"),
    [
        ("INV-2026-00001", ("invoice",), True),
        (" inv-nth-2026-00001 ", ("receipt", "invoice"), True),
        ("INV-2026-00001", ("receipt",), False),
        ("INV-", ("invoice",), False),
        ("INVOICE", ("invoice",), False),
        ("BILL-2026-00001", ("invoice",), False),
        ("", ("invoice",), False),
    ],
)
def test_a_number_is_of_its_kind(text: str, kinds: tuple[str, ...], is_one: bool) -> None:
    assert numbers.is_of(text, *kinds) is is_one


def test_a_card_is_a_signed_code_or_a_number() -> None:
    assert [numbers.is_card(one) for one in ("CLC1.abc", "PAT-2026-00001", "CRD-2026-000001", "INV-2026-00001", "Asha")] == [
        True,
        True,
        True,
        False,
        False,
    ]


def test_every_prefix_that_a_number_has_or_had_is_learned(world: World, front: FrontDesk) -> None:
    front.patient()
    change(world, "patient", "P")
    front.patient("Ravi", "Sen")
    change(world, "patient", "PP")
    with world.db.read() as session:
        found = number_prefixes(session)
    assert found["patient"] == ("P", "PAT", "PP")
    numbers.learn(found)
    assert all(numbers.is_of(f"{prefix}-2026-00002", "patient") for prefix in ("PAT", "P", "PP"))
    assert not numbers.is_of("P-2026-00002", "invoice")


def test_an_invoice_of_another_prefix_is_found_by_its_number(world: World, front: FrontDesk) -> None:
    change(world, "invoice", "BILL")
    visit_id = front.walk_in(front.patient()).visit_id
    (draft,) = front.ask(bills.visit_invoices, visit_id)
    front.run("cashier", billing.issue_invoice, invoice_id=draft.id)
    with world.db.read() as session:
        numbers.learn(number_prefixes(session))
        hits = find_invoices(session, text="bill-2026-00001", clinic_id=world.clinic_id, limit=5)
    assert [hit.open for hit in hits] == [{"invoice_id": draft.id}]


def test_the_program_learns_a_prefix_as_soon_as_it_is_chosen(house: Callable[[str], Shell], world: World, qtbot: QtBot) -> None:
    house("receptionist")
    assert not numbers.is_of("P-2026-00001", "patient")
    change(world, "patient", "P")
    qtbot.waitUntil(lambda: numbers.is_of("P-2026-00001", "patient"))


def test_a_scanner_reads_a_number_with_another_prefix(qapp: QApplication, show: Callable[[QWidget], None]) -> None:
    desk, heard = Desk(), list[str]()
    show(desk)
    scanner, keyboard = Scanner(qapp), Keyboard(desk)
    scanner.scanned.connect(heard.append)
    desk.line.setFocus()
    keyboard.type("BILL-2026-00007", gap=4)
    keyboard.enter()
    assert (heard, desk.line.text()) == ([], "BILL-2026-00007")  # nobody has numbers of this kind: it is typed
    desk.line.clear()
    numbers.learn({"invoice": ("BILL",)})
    keyboard.now += 1_000
    keyboard.type("bill-2026-00007", gap=4)
    keyboard.enter()
    assert (heard, desk.line.text()) == (["BILL-2026-00007"], "")
    desk.windowHandle().removeEventFilter(scanner)
    scanner.deleteLater()
