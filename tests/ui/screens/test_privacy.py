"""The privacy screen with real keys and clicks: what leaves and why, requests to their end, openings reviewed, glass broken."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zipfile import ZipFile

import pypdfium2
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from sqlalchemy import select

from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import privacy_requests
from clinic_desktop.clinic.privacy.rules import IdentityCheck, RequestKind, RequestStatus
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screens.privacy import SCREEN
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.screens.privacy.deciding import ErasureDialog
from clinic_desktop.ui.screens.privacy.exporting import ExportDialog
from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.world import World
from tests.conftest import FrozenClock
from tests.ui.screens.privacy_desk import CLICK, KEY, Wait, at_desk, dialog, someone, world
from tests.ui.screens.staffroom import choose_file
from tests.ui.walk import unnamed

__all__ = ["at_desk", "world"]


def newcomer(world: World) -> UUID:
    """A patient who never came: nothing stands in the way of an erasure."""
    person = {"first_name": "Tara", "last_name": "Bose", "gender": Gender.FEMALE, "age_years": 33, "phone": "9822066666"}
    return world.db.run(world.actor("receptionist"), register_patient, key=new_id(), clinic_id=world.clinic_id, **person).id


def request(world: World, patient_id: UUID, kind: RequestKind, *, role: str = "admin") -> UUID:
    asked = {"kind": kind, "asked_by": "Tara Bose", "identity_check": IdentityCheck.KNOWN}
    return world.db.run(world.actor(role), commands.record_request, key=new_id(), clinic_id=world.clinic_id, patient_id=patient_id, **asked)


@pytest.mark.parametrize(("theme", "language"), [("light", "en"), ("dark", "ar")])
def test_it_opens_and_is_named(
    qapp: QApplication,
    world: World,
    clock: FrozenClock,
    at_desk: Callable[..., PrivacyScreen],
    settle: Wait,
    picture: Callable[[QWidget, str], Any],
    theme: str,
    language: str,
    subtests: pytest.Subtests,
) -> None:
    patient_id, _number = someone(world)
    request(world, patient_id, RequestKind.EXPORT)
    request(world, newcomer(world), RequestKind.ERASURE)
    world.db.run(world.actor("doctor"), commands.restrict_record, patient_id=patient_id, is_restricted=True, reason="Works here")
    world.db.run(world.actor("doctor2"), commands.break_glass, patient_id=patient_id, reason="Collapsed in the corridor")
    clock.now = datetime(2037, 3, 10, 4, 0, tzinfo=UTC)
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    for tab in ("requests", "openings", "retention"):
        with subtests.test(tab):
            screen = at_desk("super_admin", tab)
            if tab == "retention":
                QTest.mouseClick(screen.retention.ask, CLICK)
                settle()
            picture(screen, f"privacy-{tab}-{theme}-{language}")
            assert unnamed(screen) == []
            assert screen.draft() is None


def test_each_sees_the_parts_that_are_theirs(world: World, at_desk: Callable[..., PrivacyScreen]) -> None:
    assert SCREEN.is_for(world.actor("admin"))
    assert not SCREEN.is_for(world.actor("receptionist"))
    screen = at_desk("admin")
    assert [screen.tabs.tabText(place).split(" (")[0] for place in range(screen.tabs.count())] == [
        "Requests",
        "Restricted records",
        "Retention",
    ]


def test_a_request_is_recorded_with_its_errors_at_the_fields(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    _key, number = someone(world)
    screen = at_desk("admin", "requests")
    QTest.mouseClick(screen.requests.new, CLICK)
    form = dialog(screen, RequestDialog)
    QTest.mouseClick(form.save, CLICK)
    settle()
    assert form.form.fields["asked_by"].error
    form.form["number"].setText("PAT-1999-99999")
    form.form["asked_by"].setText("The patient")
    form.form["identity_check"].set_value(IdentityCheck.DOCUMENT)
    QTest.mouseClick(form.save, CLICK)
    settle()
    assert "no patient" in form.form.fields["number"].error
    form.form["number"].setText(number.lower())
    QTest.mouseClick(form.save, CLICK)
    settle()
    assert "which document" in form.form.fields["identity_note"].error
    form.form["identity_note"].setText("Passport")
    assert form.draft() is not None
    QTest.mouseClick(form.save, CLICK)
    settle()
    with world.db.read() as session:
        (one, _erased) = privacy_requests(session)
    assert (one.patient_number, one.kind, one.identity_note, one.status) == (number, RequestKind.EXPORT, "Passport", RequestStatus.OPEN)
    assert len(screen.requests.table.rows) == 2
    assert "(1)" in screen.tabs.tabText(0)


@pytest.mark.parametrize("place", [0, 1])
def test_data_is_handed_out(
    world: World,
    at_desk: Callable[..., PrivacyScreen],
    settle: Wait,
    tmp_path: Path,
    qtbot: QtBot,
    picture: Callable[[QWidget, str], Any],
    place: int,
) -> None:
    patient_id, _number = someone(world)
    request_id = request(world, patient_id, RequestKind.EXPORT)
    screen = at_desk("admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.export, CLICK)
    asked = dialog(screen, ExportDialog)
    asked.way.setCurrentIndex(place)
    path = tmp_path / "out"
    QTest.mouseClick(asked.write, CLICK)
    choose_file(path, qtbot)
    settle()
    settle()
    picture(asked, f"privacy-export-{place}")
    if place == 0:
        assert asked.password.isVisible()
        with pypdfium2.PdfDocument(path.with_suffix(".pdf"), password=asked.password.text()) as document:
            assert len(document) > 1
    else:
        assert not asked.password.isVisible()
        with ZipFile(path.with_suffix(".zip")) as archive:
            assert len(archive.namelist()) == 2
    QTest.mouseClick(asked.close_button, CLICK)
    settle()
    with world.db.read() as session:
        assert privacy_requests(session)[0].status is RequestStatus.DONE


def test_an_erasure_is_decided_by_a_second_person_who_sees_what_stays(
    world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait, picture: Callable[[QWidget, str], Any]
) -> None:
    patient_id = newcomer(world)
    request_id = request(world, patient_id, RequestKind.ERASURE)
    screen = at_desk("admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.decide, CLICK)
    settle()
    own = dialog(screen, ErasureDialog)
    assert not own.erase.isEnabled()
    assert "second person" in own.said.text()
    own.reject()
    screen.hide()
    screen = at_desk("super_admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.decide, CLICK)
    settle()
    asked = dialog(screen, ErasureDialog)
    picture(asked, "privacy-erase")
    assert "first name" in asked.taken.text()
    assert "Audit trail until" in asked.kept.text()
    QTest.mouseClick(asked.erase, CLICK)
    settle()
    assert asked.field.error
    asked.note.setPlainText("Lawful")
    QTest.keyClick(asked, KEY.Key_Return, Qt.KeyboardModifier.ControlModifier)
    settle()
    with world.db.read() as session:
        assert session.get_one(Patient, patient_id).full_name == "Erased on request"
    screen.requests.table.select(request_id)
    assert screen.requests.statement.isVisible()
    assert not screen.requests.decide.isVisible()


def test_what_stands_in_the_way_is_said(world: World, at_desk: Callable[..., PrivacyScreen], settle: Wait) -> None:
    with world.db.read() as session:
        owing = session.scalar(select(Patient.id).where(Patient.first_name == "Ila"))  # money in the wallet
    assert owing is not None
    request_id = request(world, owing, RequestKind.ERASURE)
    screen = at_desk("super_admin", "requests")
    screen.requests.table.select(request_id)
    QTest.mouseClick(screen.requests.decide, CLICK)
    settle()
    asked = dialog(screen, ErasureDialog)
    assert "wallet" in asked.said.text()
    assert not asked.erase.isEnabled()
    assert asked.refuse_button.isEnabled()
    asked.note.setPlainText("There is money to pay back first")
    QTest.mouseClick(asked.refuse_button, CLICK)
    settle()
    with world.db.read() as session:
        assert {one.id: one.status for one in privacy_requests(session)}[request_id] is RequestStatus.REFUSED
