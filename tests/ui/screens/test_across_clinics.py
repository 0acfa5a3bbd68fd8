"""Counter and desk with what is another clinic's, of another site: found, told apart, served and paid; what is refused says why before."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.billing import commands, queries
from clinic_desktop.clinic.billing.models import Invoice
from clinic_desktop.clinic.billing.rules import PaymentMethod, Tender
from clinic_desktop.clinic.clinical.queries import prescription
from clinic_desktop.clinic.organisation.models import Clinic, Site
from clinic_desktop.clinic.patients.models import PatientDuplicate
from clinic_desktop.documents import compose
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.preferences import Preferences
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens import cashier, pharmacy
from clinic_desktop.ui.screens.cashier.payment import PaymentDialog
from clinic_desktop.ui.screens.organisation.numbering import NumberingScreen
from clinic_desktop.ui.screens.organisation.settings import SettingsOf, SettingsScreen
from clinic_desktop.ui.screens.organisation.workstations import WorkstationsScreen
from clinic_desktop.ui.screens.pharmacy.screen import PharmacyScreen
from clinic_desktop.ui.screens.reconcile.panels import AlikePanel
from clinic_desktop.ui.screens.reconcile.screen import ReconcileScreen
from clinic_desktop.ui.screens.staff.schedules import SchedulesScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.clinical.room import Room, line
from tests.clinic.pharmacy.counter import owed
from tests.clinic.stock.shelf import Shelf
from tests.clinic.world import World, money
from tests.documents.floor import EN, rows
from tests.sync.houses import all_rows, second_house
from tests.ui.screens.cash import Cash
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.texts import plain
from tests.ui.walk import unnamed

Wait = Callable[[], None]
Show = Callable[..., None]
KEY = Qt.Key


@pytest.fixture
def cash(front: FrontDesk, settle: Wait, show: Show, desk_as: Callable[[str], Desk], qtbot: QtBot) -> Cash:
    return Cash(front, settle, show, desk_as, qtbot)


@pytest.fixture
def north(world: World) -> Room:
    """A clinic with a shelf of its own, which belongs to another site once ``give_away`` was called."""
    there = second_house(world)
    return Room(there, Shelf.open(there, "Pharmacy North"))


def give_away(north: Room) -> None:
    """From here on that clinic's rows are written at a site of its own."""
    with north.world.db.write(north.world.system()) as tx:
        tx.command = "test.sites"
        site = tx.add(Site(id=new_id(), code="NORTH", name="North", keeps_shared_data=False, is_active=True))
        tx.session.get_one(Clinic, north.world.clinic_id).site_id = site.id


def to_pay(north: Room, *, is_issued: bool = True) -> UUID:
    """A bill of that clinic over 600, for a patient who has been with the doctor."""
    visit_id = north.visit(FrontDesk(north.world).patient("Meera", "Nair").id)
    north.sign(visit_id)
    (drafted,) = all_rows(north.world.db, Invoice, Invoice.visit_id == visit_id)
    if is_issued:
        north.world.db.run(north.world.actor("cashier"), commands.issue_invoice, key=new_id(), invoice_id=drafted.id)
    return drafted.id


def found(shell: Shell, text: str, settle: Wait) -> list[str]:
    """What the header finds."""
    shell.finder.start(text)
    settle()
    return [plain(shell.finder.list.item(at).text()) for at in range(shell.finder.list.count())]


def test_a_prescription_of_another_clinic_is_found_told_apart_and_handed_out(
    north: Room,
    world: World,
    desk_as: Callable[[str], Desk],
    preferences: Preferences,
    show: Show,
    settle: Wait,
    hands: Hands,
    picture: Callable[[QWidget, str], Path],
) -> None:
    here = Room(world, Shelf.open(world))
    medicine, item = here.shelf.medicine("Paracetamol 500")
    here.shelf.receive(item, 50)
    ids = [room.active(line(medicine)) for room in (here, north)]
    give_away(north)
    with world.db.read() as session:
        own, other = (prescription(session, one) for one in ids)
    shell = Shell(desk_as("pharmacist"), preferences, Drafts(), [pharmacy.SCREEN], [pharmacy.SEARCH])
    show(shell)
    shell.open_home()
    settle()
    screen = shell.current
    assert isinstance(screen, PharmacyScreen)
    hit = f"RX-NTH-2026-00001   {other.patient_name}, Active  ·  North Clinic"
    assert found(shell, "rx-nth-2026", settle)[1:] == [hit]
    assert found(shell, other.patient_name.lower(), settle)[1:] == [hit]
    QTest.keyClick(shell.finder.box, KEY.Key_Return)
    settle()
    counter = screen.counter
    assert (
        plain(counter.of_clinic.text())
        == "Prescribed at North Clinic. What is handed out here comes from the stock here, and goes on a bill of its own."
    )
    assert picture(shell, "pharmacy-of-another-clinic").stat().st_size > 10_000
    assert unnamed(screen) == []
    screen.setFocus()
    hands.press(KEY.Key_F10)
    settle()
    assert owed(north, other.id) == ("DISPENSED", [0])
    (bill,) = all_rows(world.db, Invoice, Invoice.clinic_id == world.clinic_id, Invoice.visit_id.is_(None))
    assert (bill.total.minor, bill.patient_id) == (2_500, other.patient_id)
    assert screen.scanned(own.patient_number)
    settle()
    assert (counter.prescription_id, counter.of_clinic.isHidden()) == (own.id, True)


def test_a_bill_of_another_clinic_is_found_and_paid_and_money_goes_back_where_it_was_taken(
    north: Room, cash: Cash, hands: Hands, qapp: QApplication, picture: Callable[[QWidget, str], Path]
) -> None:
    paid_there, unpaid, draft = to_pay(north), to_pay(north), to_pay(north, is_issued=False)
    there = north.world
    run = {"key": new_id(), "clinic_id": there.clinic_id, "opening_float": money(100)}
    there.db.run(there.actor("cashier"), commands.open_till, **run)
    half = (Tender(PaymentMethod.CASH, money(300)),)
    there.db.run(there.actor("cashier"), commands.take_payment, key=new_id(), invoice_id=paid_there, tenders=half)
    give_away(north)
    cash.open_till()  # the same person's other one is counted there
    screen = cash.screen()
    bill, number = screen.bill, cash.front.ask(queries.invoice, unpaid).patient_number
    assert screen.scanned(number)
    cash.settle()
    assert (bill.invoice_id, bill.pay.isEnabled(), bill.refund.isEnabled()) == (unpaid, True, False)
    assert plain(bill.of_clinic.text()).startswith("This is a bill of North Clinic. Money taken here goes into the till here")
    hands.press(KEY.Key_F10)
    cash.dialog(PaymentDialog)
    hands.press(KEY.Key_Return)
    cash.dialog(Preview).reject()
    cash.back(screen)
    (paid,) = cash.front.ask(queries.invoice, unpaid).payments
    assert (paid.clinic_name, paid.amount) == ("Main Clinic", money(600))
    with there.db.read() as session:
        now = there.db.clock()
        slip = rows(compose.receipt(session, language=EN, now=now, receipt_number=paid.receipt_number))
    assert (slip[0], [one for one in slip if "Billed" in one]) == ("Main Clinic", ["Billed by North Clinic"])
    assert plain(bill.sums.history.text()).endswith("Main Clinic")
    assert bill.refund.isEnabled()
    assert picture(screen, "cashier-of-another-clinic").stat().st_size > 10_000
    screen.open(invoice_id=paid_there)  # the half that was taken there goes back there; the rest is paid here
    cash.settle()
    assert (bill.pay.isEnabled(), bill.refund.isEnabled()) == (True, False)
    assert plain(bill.of_clinic.text()).endswith("What North Clinic took is given back there.")
    screen.open(invoice_id=draft)
    cash.settle()
    assert [one.isEnabled() for one in (bill.pay, bill.issue, bill.discount)] == [False, False, False]
    assert plain(bill.of_clinic.text()).endswith("It is not issued yet. That is done there, and then it can be paid here.")
    activate("ar")
    apply_theme(qapp, "dark", right_to_left=True)
    seen = cash.screen()
    seen.open(invoice_id=paid_there)
    cash.settle()
    assert picture(seen, "cashier-of-another-clinic-ar-dark").stat().st_size > 10_000


def test_bills_of_all_clinics_are_found_by_number_and_by_patient(
    north: Room, front: FrontDesk, desk_as: Callable[[str], Desk], preferences: Preferences, show: Show, settle: Wait
) -> None:
    to_pay(north)
    give_away(north)
    shell = Shell(desk_as("cashier"), preferences, Drafts(), [cashier.SCREEN], [cashier.SEARCH])
    show(shell)
    settle()
    hit = "INV-NTH-2026-00001   Meera Nair, ₹600.00  ·  North Clinic"
    assert [found(shell, text, settle)[1:] for text in ("inv-nth-2026", "nair")] == [[hit], [hit]]


def test_what_another_site_sets_up_says_so_before_anybody_types(
    north: Room, desk_as: Callable[[str], Desk], show: Show, settle: Wait, picture: Callable[[QWidget, str], Path]
) -> None:
    """Workstations, numbers, settings and hours of a clinic of another site: to look at, with the reason, and a new one stands here."""
    give_away(north)
    there, desk = north.world.clinic_id, desk_as("admin")
    reason = "North Clinic belongs to another site. This is changed there."
    stations = WorkstationsScreen(desk)
    show(stations)
    settle()
    assert stations.records.form.isEnabled()  # the clinic's own come first
    stations.records.choose(north.world.workstations["room 1"])
    assert (stations.records.form.isEnabled(), stations.retire_button.isHidden()) == (False, True)
    assert plain(stations.records.panel.closed.text()) == reason
    assert picture(stations, "workstation-of-another-site").stat().st_size > 10_000
    stations.records.start_new()
    choice = stations.records.form["clinic_id"]
    assert (stations.records.form.isEnabled(), [choice.itemText(at) for at in range(choice.count())]) == (True, ["Main Clinic"])
    numbers, settings, hours = NumberingScreen(desk), SettingsScreen(desk), SchedulesScreen(desk)
    for screen, choice, value in ((numbers, numbers.clinic, there), (settings, settings.place, SettingsOf(there))):
        show(screen)
        settle()
        assert screen.records.form.isEnabled()
        choice.set_value(value)
        settle()
        assert (screen.records.form.isEnabled(), plain(screen.records.panel.closed.text())) == (False, reason)
    show(hours)
    settle()
    assert (hours.new.isEnabled(), hours.closed.isHidden()) == (True, True)
    hours.clinic.set_value(there)
    settle()
    assert (hours.new.isEnabled(), hours.week.isEnabled(), plain(hours.closed.text())) == (False, False, reason)


def test_two_records_that_are_alike_are_told_apart_here_and_put_together_where_they_are_compared(
    front: FrontDesk, desk_as: Callable[[str], Desk], show: Show, settle: Wait, picture: Callable[[QWidget, str], Path]
) -> None:
    one, other = front.patient("Meera", "Nair").id, front.patient("Mira", "Nair").id
    with front.world.db.write(front.world.system()) as tx:
        tx.command = "test.alike"
        tx.add(PatientDuplicate(a_id=one, b_id=other, score=88, reasons="name_alike"))
    screen = ReconcileScreen(desk_as("admin"))
    show(screen)
    screen.open(tab="alike")
    settle()
    panel = screen.panel("alike")
    assert isinstance(panel, AlikePanel)
    assert panel.told.isHidden()
    panel.table.select_first()
    settle()
    assert "compare the records and merge them" in panel.told.text()
    assert [widget.isHidden() for widget in (panel.told, panel.first, panel.second, panel.different)] == [False] * 4
    assert picture(screen, "reconcile-alike").stat().st_size > 10_000
    assert unnamed(screen) == []
    QTest.mouseClick(panel.different, Qt.MouseButton.LeftButton)
    settle()
    settle()
    assert (len(panel.table.rows), panel.told.isHidden()) == (0, True)
