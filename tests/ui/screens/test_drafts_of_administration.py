"""Every draft of the administration comes back whole through JSON: each screen and dialog with something in every field."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtWidgets import QCheckBox, QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.queries import doctors, leaves, schedules
from clinic_desktop.clinic.staff.rules import LeaveStatus
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.backups.restoring import RestoreDialog
from clinic_desktop.ui.screens.backups.screen import BackupsScreen
from clinic_desktop.ui.screens.cards.design_screen import DesignScreen
from clinic_desktop.ui.screens.consents.texts import ConsentTextsScreen
from clinic_desktop.ui.screens.notices.texts import TextsScreen
from clinic_desktop.ui.screens.organisation.clinics import ClinicsScreen
from clinic_desktop.ui.screens.organisation.departments import DepartmentsScreen
from clinic_desktop.ui.screens.organisation.holidays import HolidaysScreen
from clinic_desktop.ui.screens.organisation.hospital import HospitalScreen
from clinic_desktop.ui.screens.organisation.numbering import NumberingScreen
from clinic_desktop.ui.screens.organisation.settings import SettingsScreen
from clinic_desktop.ui.screens.organisation.taxes import TaxesScreen
from clinic_desktop.ui.screens.organisation.workstations import WorkstationsScreen
from clinic_desktop.ui.screens.people.mail import MailScreen
from clinic_desktop.ui.screens.people.roles import RolesScreen
from clinic_desktop.ui.screens.people.users import UsersScreen
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.screens.staff.deciding import DecideLeave
from clinic_desktop.ui.screens.staff.doctors import DoctorsScreen
from clinic_desktop.ui.screens.staff.fees import FeeDialog
from clinic_desktop.ui.screens.staff.hours_dialogs import ChangeHours, CopyDay, EndHours, HoursForm, NewHours
from clinic_desktop.ui.screens.staff.leaves import LeavesScreen
from clinic_desktop.ui.screens.staff.medicines import MedicinesScreen
from clinic_desktop.ui.screens.staff.services import ServicesScreen
from clinic_desktop.ui.screens.staff.specialties import SpecialtiesScreen
from clinic_desktop.ui.widgets import Choice, Dialog, Form
from tests.clinic.world import World
from tests.ui.screens.frontdesk import TODAY

Wait = Callable[[], None]


def fill(form: Form) -> None:
    """Something in every field, whether or not it can be read."""
    for place, field in enumerate(form.fields.values()):
        editor = field.editor
        if isinstance(editor, QPlainTextEdit):
            editor.setPlainText(f"Zoë शिवाजी \ud800\n{place}")
        elif isinstance(editor, QLineEdit):
            editor.setText(f"{place}7 شارع")
        elif isinstance(editor, Choice) and editor.isEnabled():
            editor.setCurrentIndex(editor.count() - 1)
        elif isinstance(editor, QCheckBox):
            editor.toggle()


def type_a_new_one(screen: Any) -> None:
    screen.records.start_new()
    fill(screen.records.form)


def type_over(screen: Any) -> None:
    fill(screen.records.form)


def type_both_ways(screen: Any) -> None:
    fill(screen.mail.form)
    fill(screen.texts.form)


def type_the_hospital(screen: Any) -> None:
    fill(screen.form)


def change_a_value(screen: Any) -> None:
    records = screen.records
    records.choose(next(records.table.model.key(one) for one in records.table.rows if one.row.key == "display.ticker"))
    records.form["display.ticker"].restore("Wash your hands \ud800")


def tick(screen: Any) -> None:
    model = screen.model
    line = next(i for i, one in enumerate(model.lines) if one.permission == "billing.discount")
    column = next(i for i, one in enumerate(model.roles, start=1) if one.code == "nurse")
    model.tick(model.index(line, column))


def type_times(screen: Any) -> None:
    screen.settings.form["backups.times"].setText("13:00 25:00")


def move_a_field(screen: Any) -> None:
    screen.design.choose(3)
    screen.design.move(-2, 1)


SCREENS: dict[type[Screen], Callable[[Any], None]] = {
    ClinicsScreen: type_a_new_one,
    DepartmentsScreen: type_a_new_one,
    HolidaysScreen: type_a_new_one,
    TaxesScreen: type_a_new_one,
    WorkstationsScreen: type_a_new_one,
    NumberingScreen: type_over,
    HospitalScreen: type_the_hospital,
    SettingsScreen: change_a_value,
    UsersScreen: type_a_new_one,
    RolesScreen: tick,
    MailScreen: type_both_ways,
    ServicesScreen: type_a_new_one,
    SpecialtiesScreen: type_a_new_one,
    DoctorsScreen: type_a_new_one,
    LeavesScreen: type_a_new_one,
    MedicinesScreen: type_a_new_one,
    BackupsScreen: type_times,
    ConsentTextsScreen: type_a_new_one,
    TextsScreen: type_over,
    DesignScreen: move_a_field,
}


@pytest.mark.parametrize("kind", SCREENS, ids=lambda kind: kind.__name__)
def test_a_screen_comes_back_as_it_was(kind: type[Screen], desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> None:
    screen = kind(desk_as("admin"))
    show(screen)
    settle()
    settle()
    assert screen.draft() is None
    SCREENS[kind](screen)
    kept = screen.kept()
    assert kept is not None
    assert kept["is_typed"]
    text = json.dumps(kept)
    screen.hide()
    again = kind(desk_as("admin"))
    again.put_back(json.loads(text))
    assert json.dumps(again.kept()) == text, "lost while it is being put back"
    show(again)
    settle()
    settle()
    assert json.dumps(again.kept()) == text


def new_hours(screen: Screen, world: World) -> Dialog:
    return NewHours(screen, world.doctors[0], world.clinic_id, 0, "1", {})


def change_hours(screen: Screen, world: World) -> Dialog:
    return ChangeHours(screen, asked(world, schedules)[0], "1")


def end_hours(screen: Screen, world: World) -> Dialog:
    return EndHours(screen, asked(world, schedules)[0])


def copy_day(screen: Screen, world: World) -> Dialog:
    return CopyDay(screen, world.doctors[0], world.clinic_id, 0)


def decide_leave(screen: Screen, world: World) -> Dialog:
    day = TODAY + timedelta(days=9)
    found = asked(world, leaves, first=day)
    if not found:
        world.db.run(world.actor("admin"), staff.request_leave, doctor_id=world.doctors[0], first_day=day, last_day=day)
        found = asked(world, leaves, first=day)
    return DecideLeave(screen, found[0], 2, LeaveStatus.APPROVED)


def set_fee(screen: Screen, world: World) -> Dialog:
    return FeeDialog(screen, asked(world, doctors)[0], None)


def record_request(screen: Screen, _world: World) -> Dialog:
    return RequestDialog(screen)


def bring_back(screen: Screen, _world: World) -> Dialog:
    dialog = RestoreDialog(screen, (), None)
    screen.keep_typing("restore", dialog)
    return dialog


def asked(world: World, query: Callable[..., Any], **params: Any) -> list[Any]:
    with world.db.read() as session:
        found = query(session, **params)
        assert isinstance(found, list)
        return found


def fill_form(dialog: Any) -> None:
    fill(dialog.form)


def fill_days(dialog: Any) -> None:
    fill(dialog.form)
    name = "weekdays" if "weekdays" in dialog.form.fields else "to_weekdays"
    dialog.form[name].set_value([1, 3])


def fill_note(dialog: Any) -> None:
    dialog.note.setPlainText("Bring a stand-in \ud800")


def fill_moment(dialog: Any) -> None:
    dialog.choose.form["way"].setCurrentIndex(1)
    fill(dialog.choose.form)


DIALOGS: dict[type[Dialog], tuple[Callable[[Screen, World], Dialog], Callable[[Any], None]]] = {
    NewHours: (new_hours, fill_days),
    ChangeHours: (change_hours, fill_form),
    EndHours: (end_hours, fill_form),
    CopyDay: (copy_day, fill_days),
    DecideLeave: (decide_leave, fill_note),
    FeeDialog: (set_fee, fill_form),
    RequestDialog: (record_request, fill_form),
    RestoreDialog: (bring_back, fill_moment),
}
ABSTRACT = {HoursForm}


@pytest.mark.parametrize("kind", DIALOGS, ids=lambda kind: kind.__name__)
def test_a_dialog_comes_back_when_it_is_opened_again(
    kind: type[Dialog], desk_as: Callable[[str], Desk], world: World, show: Callable[..., None], settle: Wait, qtbot: QtBot
) -> None:
    build, typed = DIALOGS[kind]
    desk = desk_as("admin")
    screen = Screen(desk)
    show(screen)
    dialog = build(screen, world)
    assert screen.kept() is None
    opened(dialog, qtbot)
    typed(dialog)
    text = json.dumps(screen.kept())
    assert text != "null"
    dialog.hide()
    screen.hide()
    again = Screen(desk)
    again.put_back(json.loads(text))
    show(again)
    assert json.dumps(again.kept()) == text, "lost before the dialog was opened"
    second = build(again, world)
    assert json.dumps(again.kept()) == text
    opened(second, qtbot)
    second.reject()
    settle()
    assert again.kept() is None


def opened(dialog: Dialog, qtbot: QtBot) -> None:
    """Open a dialog and wait until it stands there."""
    dialog.open()
    qtbot.waitUntil(dialog.isActiveWindow)
