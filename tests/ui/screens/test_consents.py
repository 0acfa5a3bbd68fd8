"""Consents under real hands: the pad, a child's guardian, a witness, withdrawing, the paper; and the texts under Administration."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QInputDevice, QPointingDevice, QTabletEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.queries import ConsentRow, PatientRow
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.patients.signing import SignedAs, is_signature
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.store import store_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.printing import Preview
from clinic_desktop.ui.screens.consents import SCREENS
from clinic_desktop.ui.screens.consents.pad import SignaturePad
from clinic_desktop.ui.screens.consents.part import ConsentsPart
from clinic_desktop.ui.screens.consents.signing import SignDialog
from clinic_desktop.ui.screens.consents.texts import ConsentTextsScreen
from clinic_desktop.ui.screens.consents.withdrawing import WithdrawDialog
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.patients.folder import signed, texts
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.folder_desk import OpenFile, draw, open_file, part
from tests.ui.screens.frontdesk import FrontDesk, Hands
from tests.ui.screens.reception_desk import asha
from tests.ui.walk import unnamed

__all__ = ["asha", "open_file"]
Wait = Callable[[], None]
KEY, CLICK = Qt.Key, Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


def consents(screen: object) -> ConsentsPart:
    found = part(screen, "consents")  # type: ignore[arg-type]
    assert isinstance(found, ConsentsPart)
    return found


def stored(world: World, patient_id: Any) -> list[ConsentRow]:
    with world.db.read() as session:
        return queries.consents_of(session, patient_id=patient_id)


def states(tab: ConsentsPart) -> list[tuple[str, str]]:
    model = tab.kinds.model
    return [(model.index(n, 0).data(), model.index(n, 1).data()) for n in range(model.rowCount())]


def test_a_missing_consent_is_told_on_the_file_signed_on_the_pad_and_printed(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    texts(world)
    screen = open_file(asha, "visits")
    told = screen.file.consents
    assert told.text() == "2 consents are missing"
    QTest.mouseClick(told, CLICK)
    settle()
    tab = consents(screen)
    assert states(tab)[:2] == [("Examination and treatment", "Missing"), ("Use of personal data", "Missing")]
    hands.press(KEY.Key_F2)
    dialog = modal(SignDialog, qtbot)
    assert unnamed(dialog) == []
    assert dialog.title.text() == "Consent to examination and treatment"
    hands.press(KEY.Key_Return, CTRL)  # in a hurry: nothing is signed yet
    settle()
    assert dialog.form.fields["witness"].error == "Let the patient sign above, or enter a witness."
    QTest.mouseClick(dialog.pad, CLICK, pos=dialog.pad.rect().center())
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert "no signature yet" in dialog.problem.text()
    QTest.mouseClick(dialog.clear, CLICK)
    assert dialog.pad.is_empty
    draw(dialog.pad)
    QTest.mouseClick(dialog.sign, CLICK)
    settle()
    settle()
    (row,) = stored(world, asha.id)
    assert (row.signed_as, row.witness, row.withdrawn_at) == (SignedAs.PATIENT, None, None)
    assert row.signature_sha256 is not None
    ink = QImage.fromData(store_of(world.db).get(row.signature_sha256))
    assert 0 < sum(ink.pixelColor(x, y).lightness() < 128 for x in range(0, ink.width(), 3) for y in range(0, ink.height(), 3)) < 3000
    screen.activateWindow()
    qtbot.waitUntil(screen.isActiveWindow)
    settle()
    assert told.text() == "1 consent is missing"
    tab.signed.grid.setFocus()
    hands.press(KEY.Key_P, CTRL)
    settle()
    modal(Preview, qtbot).reject()
    screen.activateWindow()


def test_a_childs_guardian_is_asked_for_and_a_witness_stands_in_for_a_hand(
    open_file: OpenFile, front: FrontDesk, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    texts(world)
    child = front.patient("Kiran", "Rao", date_of_birth=date(2019, 5, 1))
    screen = open_file(child, "consents")
    hands.press(KEY.Key_F2)
    dialog = modal(SignDialog, qtbot)
    dialog.form["witness"].setFocus()
    hands.type("Nurse One")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert dialog.form.fields["guardian"].error == "Please fill this in."
    assert dialog.form["guardian"].hasFocus()
    hands.type("Meera Rao")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    settle()
    (row,) = stored(world, child.id)
    assert (row.signed_as, row.guardian, row.witness, row.signature_sha256) == (SignedAs.GUARDIAN, "Meera Rao", "Nurse One", None)
    screen.activateWindow()


def test_a_consent_is_withdrawn_since_a_day_that_can_be(
    open_file: OpenFile, asha: PatientRow, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    signed(world, asha.id, texts(world)[ConsentType.MESSAGES, "en"])
    screen = open_file(asha, "consents")
    tab = consents(screen)
    tab.signed.grid.setFocus()
    hands.press(KEY.Key_Delete, CTRL)
    dialog = modal(WithdrawDialog, qtbot)
    assert unnamed(dialog) == []
    hands.type("By telephone")
    dialog.form["on"].setFocus()
    dialog.form["on"].selectAll()
    hands.type("01/03/2026")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    assert dialog.form.fields["on"].error == "This is before the consent was signed."
    dialog.form["on"].selectAll()
    hands.type("02/03/2026")
    hands.press(KEY.Key_Return, CTRL)
    settle()
    settle()
    (row,) = stored(world, asha.id)
    assert row.withdrawn_at is not None
    assert row.withdrawal_reason == "By telephone"
    assert ("Messages", "Withdrawn") in states(tab)
    assert not tab.withdraw.isEnabled()
    screen.activateWindow()


def test_a_pen_writes_one_stroke_and_a_firm_hand_writes_thicker(show: Callable[..., None]) -> None:
    ink = []
    for pressure in (0.1, 1.0):
        pad = SignaturePad()
        show(pad, 600, 200)
        pen = QPointingDevice(
            "pen", 1, QInputDevice.DeviceType.Stylus, QPointingDevice.PointerType.Pen, QInputDevice.Capability.Pressure, 1, 1
        )
        kinds = (QTabletEvent.Type.TabletPress, *[QTabletEvent.Type.TabletMove] * 20, QTabletEvent.Type.TabletRelease)
        for number, kind in enumerate(kinds):
            at = QPointF(60 + number * 20, 60 + (number % 3) * 10)
            none = Qt.KeyboardModifier.NoModifier
            event = QTabletEvent(kind, pen, at, pad.mapToGlobal(at), pressure, 0, 0, 0, 0, 0, none, CLICK, CLICK)
            QApplication.sendEvent(pad, event)
        assert len(pad.strokes) == 1
        assert is_signature(pad.strokes)
        drawn = QImage.fromData(pad.picture())
        ink.append(sum(drawn.pixelColor(x, y).lightness() < 128 for x in range(0, 900, 2) for y in range(0, drawn.height(), 2)))
    assert ink[1] > 1.3 * ink[0]


@pytest.fixture
def wording_room(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> ConsentTextsScreen:
    """The screen of the texts, the administrator before it."""
    screen = ConsentTextsScreen(desk_as("admin"))
    show(screen, 962, 690)
    settle()
    screen.setFocus()
    return screen


def test_drafts_are_put_in_and_a_change_is_a_new_version(
    wording_room: ConsentTextsScreen, world: World, front: FrontDesk, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    QTest.mouseClick(wording_room.drafts, CLICK)
    settle()
    settle()
    assert len(wording_room.records.table.rows) == 15
    assert not wording_room.drafts.isVisible()
    patient = front.patient()
    english = texts(world)[ConsentType.TREATMENT, "en"]
    signed(world, patient.id, english)
    wording_room.refresh()
    settle()
    assert wording_room.records.choose(english.id)
    assert wording_room.records.form["title"].text() == english.title
    wording_room.records.form["body"].setFocus()
    wording_room.records.form["body"].selectAll()
    hands.type("I agree to be treated here.")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    present = texts(world)[ConsentType.TREATMENT, "en"]
    assert (present.version, present.body, present.is_draft) == (2, "I agree to be treated here.", False)
    assert wording_room.records.record.id == present.id
    assert unnamed(wording_room) == []
    assert wording_room.records.choose(english.id)
    QTest.mouseClick(wording_room.preview, CLICK)
    settle()
    modal(Preview, qtbot).reject()
    wording_room.activateWindow()
    qtbot.waitUntil(wording_room.isActiveWindow)
    QTest.mouseClick(wording_room.signed, CLICK)
    settle()
    dialog = QApplication.activeModalWidget()
    assert dialog is not None
    assert [one.full_name for one in dialog.table.rows] == [patient.full_name]
    QTest.mouseClick(dialog.findChildren(QPushButton)[-1], CLICK)
    wording_room.activateWindow()
    qtbot.waitUntil(wording_room.isActiveWindow)
    QTest.mouseClick(wording_room.retire, CLICK)
    settle()
    assert (ConsentType.TREATMENT, "en") not in texts(world)


@pytest.mark.parametrize(("theme", "language"), [("dark", "en"), ("light", "ar"), ("light", "hi")])
def test_how_it_looks(
    open_file: OpenFile,
    front: FrontDesk,
    world: World,
    hands: Hands,
    settle: Wait,
    qtbot: QtBot,
    look: Callable[..., Any],
    picture: Callable[..., Path],
    qapp: QApplication,
    theme: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    found = texts(world)
    patient = front.patient("Kiran", "Rao", date_of_birth=date(2019, 5, 1))
    signed(world, patient.id, found[ConsentType.PHOTOGRAPHS, "en"], guardian="Meera Rao")
    screen = open_file(patient, "consents", width=1130, height=690)
    assert unnamed(consents(screen)) == []
    picture(screen, f"consents-{theme}-{language}")
    hands.press(KEY.Key_F2)
    dialog = modal(SignDialog, qtbot)
    draw(dialog.pad)
    picture(dialog, f"consent-sign-{theme}-{language}")
    dialog.reject()
    screen.close()
    look(SCREENS[0], theme, language)
