"""Restricted records: opened with a reason, reviewed, and restricted from the patient's file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QMenu, QWidget

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import openings, privacy_requests
from clinic_desktop.clinic.privacy.rules import IdentityCheck
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.screens.privacy.glass import GlassDialog
from clinic_desktop.ui.screens.privacy.openings import ReviewDialog
from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen
from clinic_desktop.ui.widgets import Dialog
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.privacy_desk import CLICK, KEY, Wait, at_desk, dialog, someone, world

__all__ = ["at_desk", "world"]


def offered(screen: PatientScreen) -> QMenu:
    """The menu of the file."""
    QTest.mouseClick(screen.file.more, CLICK)
    (more,) = [one for one in screen.findChildren(QMenu) if one.isVisible()]
    return more


def choose(menu: QMenu, text: str) -> None:
    """Click on an entry of a menu."""
    (entry,) = [one for one in menu.actions() if one.text() == text]
    QTest.mouseClick(menu, CLICK, pos=menu.actionGeometry(entry).center())


def test_an_opening_is_reviewed_by_another_administrator(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    patient_id, _number = someone(world)
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient_id, is_restricted=True, reason="Works here")
    for role in ("admin", "doctor2"):
        world.db.run(world.actor(role), commands.break_glass, patient_id=patient_id, reason=f"{role} must know")
    screen = at_desk("admin", "openings")
    assert "(2)" in screen.tabs.tabText(1)
    rows = {one.reason: one for one in screen.openings.table.rows}
    screen.openings.table.select(rows["admin must know"].id)
    assert not screen.openings.review.isEnabled()
    screen.openings.table.select(rows["doctor2 must know"].id)
    QTest.keyClick(screen, KEY.Key_F4)
    asked = dialog(screen, ReviewDialog)
    QTest.mouseClick(asked.save, CLICK)
    assert asked.field.error
    asked.note.setPlainText("The patient was unconscious")
    QTest.mouseClick(asked.save, CLICK)
    settle()
    with world.db.read() as session:
        assert [one.reason for one in openings(session, waiting=True)] == ["admin must know"]
    assert "(1)" in screen.tabs.tabText(1)


def test_the_glass_is_broken_from_the_doctors_room(
    world: World,
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Wait,
    clock: FrozenClock,
    picture: Callable[[QWidget, str], Any],
) -> None:
    patient_id, _number = someone(world)
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient_id, is_restricted=True, reason="Works here")
    arrived = world.db.run(
        world.actor("receptionist"),
        frontdesk.walk_in,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        patient_id=patient_id,
        service_id=world.services["CONS"],
    )
    screen = ConsultationScreen(desk_as("doctor2"))
    show(screen, 1170, 684)
    settle()
    screen.open(visit_id=arrived.visit_id)
    settle()
    asked = dialog(screen, GlassDialog)
    picture(asked, "privacy-glass")
    assert screen.casework.case is None
    QTest.mouseClick(asked.open_record, CLICK)
    assert asked.field.error
    QTest.keyClicks(asked.reason, "Collapsed in the corridor")
    QTest.keyClick(asked.reason, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    settle()
    assert screen.casework.case is not None
    assert screen.casework.case.visit.visit_id == arrived.visit_id


def test_a_patients_file_starts_requests_and_restricts(
    world: World,
    desk_as: Callable[[str], Desk],
    show: Callable[..., None],
    settle: Wait,
    no_warnings: list[str],
    picture: Callable[[QWidget, str], Any],
) -> None:
    patient_id, number = someone(world)
    screen = PatientScreen(desk_as("admin"))
    show(screen, 1170, 684)
    screen.open(patient_id=patient_id)
    settle()
    picture(screen, "privacy-patient-file")
    menu = offered(screen)
    assert [one.text() for one in menu.actions()][-3:] == ["Copy of all data…", "Erasure on request…", "Who reads the record…"]
    choose(menu, "Copy of all data…")
    form = dialog(screen, RequestDialog)
    form.form["identity_check"].set_value(IdentityCheck.KNOWN)
    QTest.mouseClick(form.save, CLICK)
    settle()
    with world.db.read() as session:
        assert privacy_requests(session)[0].patient_number == number
    choose(offered(screen), "Who reads the record…")
    settle()
    (asked,) = [one for one in screen.findChildren(Dialog) if one.isVisible()]
    notes = asked.findChild(QWidget, "reason")
    QTest.keyClicks(notes, "A public person")
    (restrict,) = [one for one in asked.findChildren(QAbstractButton) if one.text() == "Restrict"]
    QTest.mouseClick(restrict, CLICK)
    settle()
    with world.db.read() as session:
        assert session.get_one(Patient, patient_id).is_restricted
    no_warnings[:] = [one for one in no_warnings if "grabbing the keyboard" not in one]  # the offscreen platform and menus
