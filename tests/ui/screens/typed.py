"""Dialogs with something typed into them; nothing of it saves itself meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries as money_queries
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow
from clinic_desktop.clinic.billing.rules import PaymentMethod
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind
from clinic_desktop.clinic.patients import queries as people
from clinic_desktop.clinic.patients.card_design import STANDARD
from clinic_desktop.clinic.patients.commands import issue_id_card
from clinic_desktop.clinic.patients.intake.kinds import MediaType
from clinic_desktop.clinic.patients.queries import ConsentRow, DocumentRow, PatientRow, TemplateRow
from clinic_desktop.clinic.patients.rules import AccessLevel, ConsentType, DocumentCategory
from clinic_desktop.clinic.patients.signing import SignedAs
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.booking.added_slots import AddedSlotsDialog
from clinic_desktop.ui.screens.booking.other_time import OtherTimeDialog
from clinic_desktop.ui.screens.booking.posting import Poster
from clinic_desktop.ui.screens.booking.reading import Wish
from clinic_desktop.ui.screens.booking.series import SeriesDialog
from clinic_desktop.ui.screens.booking.waiting import WaitDialog
from clinic_desktop.ui.screens.cards.replacing import ReplaceCard
from clinic_desktop.ui.screens.cards.save_design import SaveDesign
from clinic_desktop.ui.screens.cashier.payment import PaymentDialog
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.screens.consents.signing import SignDialog
from clinic_desktop.ui.screens.consents.withdrawing import WithdrawDialog
from clinic_desktop.ui.screens.consultation import autosave
from clinic_desktop.ui.screens.consultation.dialogs import AddendumDialog
from clinic_desktop.ui.screens.documents.attaching import AttachDialog
from clinic_desktop.ui.screens.documents.describing import DescribeDialog
from clinic_desktop.ui.screens.duplicates.merging import MergeDialog
from clinic_desktop.ui.screens.queue.day_end import CloseQueueDialog
from clinic_desktop.ui.screens.queue.dialogs import HoldDialog, TransferDialog
from clinic_desktop.ui.screens.queue.reading import Doctors
from clinic_desktop.ui.screens.queue.vitals import VitalsDialog
from clinic_desktop.ui.screens.reception.reading import patient_file
from clinic_desktop.ui.screens.registration.numbers import NumbersDialog
from clinic_desktop.ui.screens.settlement.reading import sheet
from clinic_desktop.ui.screens.settlement.sign_off import SignOff
from clinic_desktop.ui.widgets import BannerPatient, BusyButton, Dialog
from tests.clinic.world import money
from tests.ui.screens.frontdesk import TODAY, FrontDesk, at


@pytest.fixture(autouse=True)
def nothing_saves_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a slow machine it would be saved, and no draft any more, before a test has looked at it."""
    monkeypatch.setattr(autosave, "PAUSE_MS", 3_600_000)


def take_vitals(screen: Screen, front: FrontDesk) -> Dialog:
    return VitalsDialog(screen, VISIT, BannerPatient("Asha Rao", "PAT-2026-00001", "35 y", "Female", None))


def fill_vitals(dialog: Dialog) -> None:
    assert isinstance(dialog, VitalsDialog)
    QTest.keyClicks(dialog.form["systolic"], "120")
    QTest.keyClicks(dialog.form["temperature_c"], "37,5")


def transfer(screen: Screen, front: FrontDesk) -> Dialog:
    if not front.board():
        front.walk_in(front.patient())
    return TransferDialog(screen, front.board()[0], Doctors((), None))


def fill_transfer(dialog: Dialog) -> None:
    assert isinstance(dialog, TransferDialog)
    QTest.keyClicks(dialog.form["reason"], "Asked for her own doctor")


def hold(screen: Screen, front: FrontDesk) -> Dialog:
    if not front.board():
        front.walk_in(front.patient())
    return HoldDialog(screen, front.board()[0])


def fill_hold(dialog: Dialog) -> None:
    assert isinstance(dialog, HoldDialog)
    QTest.keyClicks(dialog.form["reason"], "Blood test")


def close_queue(screen: Screen, front: FrontDesk) -> Dialog:
    if not front.board():
        visit = front.walk_in(front.patient())
        front.run("doctor", frontdesk.call, visit_id=visit.visit_id, room="2")
        front.run("doctor", frontdesk.start_consultation, visit_id=visit.visit_id)
    return CloseQueueDialog(screen, front.board(), TODAY)


def fill_close_queue(dialog: Dialog) -> None:
    assert isinstance(dialog, CloseQueueDialog)
    QTest.keyClicks(dialog.reason, ", power cut")
    QTest.keyClick(dialog.ends_rooms, Qt.Key.Key_Space)
    assert dialog.ends_rooms.isChecked()


def save_design(screen: Screen, front: FrontDesk) -> Dialog:
    return SaveDesign(screen, STANDARD, "Plain", is_default=False)


def fill_design(dialog: Dialog) -> None:
    assert isinstance(dialog, SaveDesign)
    QTest.keyClicks(dialog.form["name"], " with logo")
    QTest.keyClick(dialog.default, Qt.Key.Key_Space)


def write_addendum(screen: Screen, front: FrontDesk) -> Dialog:
    return AddendumDialog(screen, VISIT)


def fill_addendum(dialog: Dialog) -> None:
    assert isinstance(dialog, AddendumDialog)
    QTest.keyClicks(dialog._text, "He called: better.")


def close_till(screen: Screen, front: FrontDesk) -> Dialog:
    till = front.ask(money_queries.till, front.world.users["cashier"], front.world.clinic_id)
    if till is None:
        front.run("cashier", billing.open_till, clinic_id=front.world.clinic_id, opening_float=money(500))
        return close_till(screen, front)
    return CloseTill(screen, till)


def fill_till(dialog: Dialog) -> None:
    assert isinstance(dialog, CloseTill)
    dialog.counts[50_000].setValue(3)
    QTest.keyClicks(dialog.coins, "7.50")
    QTest.keyClicks(dialog.reason, "A note was torn")


def sign_off(screen: Screen, front: FrontDesk) -> Dialog:
    return SignOff(screen, front.ask(sheet, clinic_id=front.world.clinic_id, day=TODAY))


def fill_sign_off(dialog: Dialog) -> None:
    assert isinstance(dialog, SignOff)
    QTest.keyClicks(dialog.note, "Quiet day")


def pay(screen: Screen, front: FrontDesk) -> Dialog:
    return PaymentDialog(screen, invoice_of(front))


def invoice_of(front: FrontDesk) -> InvoiceRow:
    if not front.board():
        front.walk_in(front.patient())
    (head,) = front.ask(money_queries.visit_invoices, front.board()[0].visit_id)
    found = front.ask(money_queries.invoice, head.id)
    assert isinstance(found, InvoiceRow)
    return found


def fill_payment(dialog: Dialog) -> None:
    assert isinstance(dialog, PaymentDialog)
    dialog.rows[0].amount.setText("100")
    dialog.split.click()
    dialog.rows[1].method.set_value(PaymentMethod.UPI)
    QTest.keyClicks(dialog.rows[1].transaction, "U-77")


def note_number(screen: Screen, front: FrontDesk) -> Dialog:
    known = front.ask(people.search, "Numbered")
    patient = front.ask(people.patient, known[0].id) if known else front.patient("Asha", "Numbered")
    return NumbersDialog(screen, patient)


def fill_number(dialog: Dialog) -> None:
    assert isinstance(dialog, NumbersDialog)
    QTest.keyClicks(dialog.form["number_system"], "Scheme")
    QTest.keyClicks(dialog.form["number"], "77-12")


def lose_card(screen: Screen, front: FrontDesk) -> Dialog:
    found = front.ask(people.patient_by_number, "PAT-2026-00001") or front.patient()
    card = front.run("receptionist", issue_id_card, clinic_id=front.world.clinic_id, patient_id=found.id, only_first=True)
    return ReplaceCard(screen, found, card)


def fill_reason(dialog: Dialog) -> None:
    assert isinstance(dialog, ReplaceCard)
    dialog.form["why"].setCurrentIndex(3)
    QTest.keyClicks(dialog.form["reason"], "Eaten by the dog")


def wish(front: FrontDesk) -> Wish:
    return Wish(front.world.doctor_id, front.world.services["CONS"], None, AppointmentKind.REGULAR, TODAY)


def book_series(screen: Screen, front: FrontDesk) -> Dialog:
    return SeriesDialog(screen, VISIT, wish(front), 15, at(10))


def fill_series(dialog: Dialog) -> None:
    assert isinstance(dialog, SeriesDialog)
    dialog.form["until"].setText("1/5/2026")


def wait_for_a_place(screen: Screen, front: FrontDesk) -> Dialog:
    known = front.ask(people.search, "Asha")
    patient_id = known[0].id if known else front.patient("Asha").id
    return WaitDialog(screen, front.ask(patient_file, patient_id=patient_id, today=TODAY), wish(front), "Doctor One")


def fill_wait(dialog: Dialog) -> None:
    assert isinstance(dialog, WaitDialog)
    QTest.keyClicks(dialog.form["note"], "Can come at once")


def another_time(screen: Screen, front: FrontDesk) -> Dialog:
    return OtherTimeDialog(screen, VISIT, TODAY, Poster(screen, BusyButton("Book")), lambda _start, _why: None)


def fill_time(dialog: Dialog) -> None:
    assert isinstance(dialog, OtherTimeDialog)
    QTest.keyClicks(dialog.form["time"], "20:15")
    QTest.keyClicks(dialog.form["reason"], "Emergency of a neighbour")


def add_slot(screen: Screen, front: FrontDesk) -> Dialog:
    return AddedSlotsDialog(screen, front.world.doctor_id, "Doctor One", TODAY)


def fill_slot(dialog: Dialog) -> None:
    assert isinstance(dialog, AddedSlotsDialog)
    QTest.keyClicks(dialog.form["start"], "20:15")


def merge_two(screen: Screen, front: FrontDesk) -> Dialog:
    known = front.ask(people.search, "Twice Named")
    one_id, other_id = (
        (one.id for one in known) if len(known) == 2 else (front.patient(name, "Twice Named").id for name in ("Asha", "Usha"))
    )
    return MergeDialog(screen, front.ask(people.compared, one_id=one_id, other_id=other_id))


def fill_merge(dialog: Dialog) -> None:
    assert isinstance(dialog, MergeDialog)
    dialog.swap.click()
    dialog.reason.setText("Registered twice")


def attach(screen: Screen, front: FrontDesk) -> Dialog:
    return AttachDialog(screen, somebody(front), [])


def fill_words(dialog: Dialog) -> None:
    assert isinstance(dialog, (AttachDialog, DescribeDialog))
    dialog.form["description"].set_value("Left knee, standing")


def describe(screen: Screen, front: FrontDesk) -> Dialog:
    owner, kind = somebody(front), DocumentCategory.DIAGNOSTIC_IMAGES
    words = ("knee.png", kind, None, None, AccessLevel.STAFF, (), {}, False, at(9), None, MediaType.PNG, 1, "", 1)
    return DescribeDialog(screen, owner, DocumentRow(VISIT, owner.id, *words))


def sign(screen: Screen, front: FrontDesk) -> Dialog:
    text = TemplateRow(VISIT, ConsentType.TREATMENT, "en", 1, "Treatment", "I agree.", TODAY, False, True, None, at(9))
    return SignDialog(screen, somebody(front), [text])


def fill_witness(dialog: Dialog) -> None:
    assert isinstance(dialog, SignDialog)
    QTest.keyClicks(dialog.form["witness"], "Ila Rao")


def withdraw(screen: Screen, front: FrontDesk) -> Dialog:
    signed = (ConsentType.RESEARCH, None, "en 1", "Research", at(9), SignedAs.PATIENT, None, "Ila Rao", None, None, None, None, None)
    return WithdrawDialog(screen, ConsentRow(VISIT, VISIT, *signed))


def fill_withdrawal(dialog: Dialog) -> None:
    assert isinstance(dialog, WithdrawDialog)
    dialog.form["reason"].set_value("Changed her mind")


def somebody(front: FrontDesk) -> PatientRow:
    return front.ask(people.patient_by_number, "PAT-2026-00001") or front.patient()


VISIT = new_id()
DIALOGS: dict[type[Dialog], tuple[Callable[[Screen, FrontDesk], Dialog], Callable[[Any], None]]] = {
    VitalsDialog: (take_vitals, fill_vitals),
    TransferDialog: (transfer, fill_transfer),
    HoldDialog: (hold, fill_hold),
    CloseQueueDialog: (close_queue, fill_close_queue),
    SaveDesign: (save_design, fill_design),
    AddendumDialog: (write_addendum, fill_addendum),
    CloseTill: (close_till, fill_till),
    SignOff: (sign_off, fill_sign_off),
    PaymentDialog: (pay, fill_payment),
    NumbersDialog: (note_number, fill_number),
    ReplaceCard: (lose_card, fill_reason),
    SeriesDialog: (book_series, fill_series),
    WaitDialog: (wait_for_a_place, fill_wait),
    OtherTimeDialog: (another_time, fill_time),
    AddedSlotsDialog: (add_slot, fill_slot),
    MergeDialog: (merge_two, fill_merge),
    AttachDialog: (attach, fill_words),
    DescribeDialog: (describe, fill_words),
    SignDialog: (sign, fill_witness),
    WithdrawDialog: (withdraw, fill_withdrawal),
}
