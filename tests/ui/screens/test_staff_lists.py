"""Services, specialties and medicines under real hands: by form, and by prices typed one after the other."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.staff import queries
from clinic_desktop.clinic.stock import commands as stock
from clinic_desktop.clinic.stock import queries as stock_queries
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.staff.medicines import MedicinesScreen
from clinic_desktop.ui.screens.staff.services import ServicesScreen
from clinic_desktop.ui.screens.staff.specialties import SpecialtiesScreen
from clinic_desktop.ui.theme.apply import apply_theme
from clinic_desktop.ui.widgets.toast import ToastArea
from tests.clinic.world import World, money
from tests.ui.hands import double_click
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.staffroom import CLICK, CTRL, KEY, Wait, opener, services
from tests.ui.walk import unnamed


@pytest.fixture
def come(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Callable[..., Any]:
    """Opens a screen, the hands on it."""
    return opener(desk_as, show, settle)


def test_a_service_is_added_changed_and_withdrawn_by_keyboard(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(ServicesScreen)
    form = screen.records.form
    assert screen.records.panel.title.text() == "Blood sugar"
    hands.press(KEY.Key_F2)
    hands.type("mri")
    hands.press(KEY.Key_Return)
    hands.type("12500")
    hands.press(KEY.Key_Return)
    hands.type("MRI scan")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    made = services(world)["MRI"]
    assert (made.name, made.price, made.duration_minutes) == ("MRI scan", money(12_500), 15)
    assert screen.records.panel.title.text() == "MRI scan"
    hands.press(KEY.Key_Return)
    form["price"].setFocus()
    form["price"].selectAll()
    hands.type("13000")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert services(world)["MRI"].price == money(13_000)
    withdraw = next(button for button, _shown in screen.records.panel._actions if button.isVisible())
    double_click(withdraw)
    settle()
    settle()
    assert not services(world)["MRI"].is_active
    assert screen.records.table.rows[-1].code == "MRI"  # those that are not offered stand last
    assert unnamed(screen) == []


def test_what_is_refused_is_said_at_its_field(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(ServicesScreen)
    hands.press(KEY.Key_F2)
    hands.type("ecg")
    form = screen.records.form
    form["price"].setText("1")
    form["name"].setText("Heart")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert form.fields["code"].error == "There is already a service named \u2068ECG\u2069."
    form["duration_minutes"].setText("999")
    form["code"].setText("NEW")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert form.fields["duration_minutes"].error == "Please enter a number from 1 to 480."
    assert (form["name"].text(), len(services(world))) == ("Heart", 8)


def test_a_tax_of_an_older_rate_is_shown_as_the_tax_and_stays(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    rate = {"rate_basis_points": 1200, "is_inclusive": False, "valid_from": world.db.clock().date()}
    newer = world.db.run(world.actor("admin"), organisation.add_tax, name="GST 18 %", **rate)
    screen = come(ServicesScreen)
    screen.open(service_id=world.services["ECG"])
    assert screen.records.form["tax_configuration_id"].currentText() == "GST 18 %"
    assert screen.records.form["tax_configuration_id"].value() == newer
    screen.records.form["name"].setText("ECG 12 leads")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert services(world)["ECG"].tax_configuration_id == newer


def test_prices_are_typed_one_after_the_other_in_the_list(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(ServicesScreen)
    hands.press(KEY.Key_F4)
    assert (screen.price.isVisible(), screen.price.hasFocus(), screen.price.text()) == (True, True, "80.00")
    hands.type("85")
    hands.press(KEY.Key_Return)  # saved, and on to the consultation
    settle()
    settle()
    assert (services(world)["GLUC"].price, screen.price.row.code) == (money(85), "CONS")
    hands.press(KEY.Key_Down)  # as it is
    hands.type("x9,")
    hands.press(KEY.Key_Return)  # "9,": no price, so it stays to be corrected
    assert (screen.price.isVisible(), screen.price.row.code) == (True, "ECG")
    hands.press(KEY.Key_Escape)
    settle()
    assert (screen.price.isVisible(), services(world)["ECG"].price) == (False, money(350))
    assert screen.records.table.grid.hasFocus()


def test_a_typed_price_can_be_taken_back(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(ServicesScreen)
    toasts = ToastArea(screen)
    screen.desk.toasted.connect(toasts.show_toast)
    hands.press(KEY.Key_F4)
    hands.type("85")
    hands.press(KEY.Key_Return)
    settle()
    settle()
    toast = toasts.toasts[-1]
    assert toast.text == "\u2068Blood sugar\u2069 costs ₹85.00 now."
    QTest.mouseClick(toast.undo_button, CLICK)
    settle()
    settle()
    assert services(world)["GLUC"].price == money(80)


def test_specialties_in_use_stay_and_others_go(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(SpecialtiesScreen)
    hands.press(KEY.Key_F2)
    hands.type("ENT")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert [one.name for one in screen.records.table.rows] == ["Cardiologist", "ENT", "General Physician"]
    for name, told in (("ENT", ""), ("Cardiologist", "Doctors who see patients have this specialty: 1. Give them another one first.")):
        screen.records.choose(next(one.id for one in screen.records.table.rows if one.name == name))
        double_click(next(button for button, _shown in screen.records.panel._actions if button.isVisible()))
        settle()
        settle()
        assert screen.records.panel.problem.text() == told
    with world.db.read() as session:
        assert [one.name for one in queries.specialties(session)] == ["Cardiologist", "General Physician"]


def test_a_medicine_is_added_scanned_and_changed(come: Any, world: World, hands: Hands, settle: Wait) -> None:
    screen = come(MedicinesScreen, "pharmacist")
    hands.press(KEY.Key_F2)
    assert screen.scanned("8901234567890")
    form = screen.records.form
    assert form["barcode"].text() == "8901234567890"
    for name, text in {
        "code": "pcm",
        "name": "Calpol",
        "generic_name": "Paracetamol",
        "unit": "tablet",
        "price": "2.5",
        "cost": "1",
    }.items():
        form[name].setText(text)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    with world.db.read() as session:
        (made,) = stock_queries.medicines(session)
    assert (made.code, made.ingredients, made.pack_size, made.max_stock) == ("PCM", "Paracetamol", 1, None)
    form["max_stock"].setText("5")
    form["min_stock"].setText("9")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert form.fields["max_stock"].error == "Please enter a number from 9 to 10000000."
    form["max_stock"].setText("50")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    with world.db.read() as session:
        assert stock_queries.medicines(session)[0].max_stock == 50
    screen.records.start_new()
    assert screen.scanned("8901234567890")
    assert screen.records.record.code == "PCM"
    assert not screen.scanned("PAT-2026-00001")
    assert unnamed(screen) == []


def test_many_medicines_are_listed_and_filtered(come: Any, world: World, settle: Wait, qtbot: QtBot) -> None:
    with world.db.write(world.system()) as tx:
        for n in range(300):
            details = {"name": f"Medicine {n:04d}", "unit": "tablet", "cost": money(1), "price": money(2)}
            stock.add_medicine(tx, code=f"M{n:04d}", **details)
    screen = come(MedicinesScreen)
    assert len(screen.records.table.rows) == 300
    screen.records.table.filter.setText("0042")
    qtbot.waitUntil(lambda: [one.code for one in screen.records.table.rows] == ["M0042"])


@pytest.mark.parametrize(("kind", "role"), [(ServicesScreen, "receptionist"), (MedicinesScreen, "cashier")])
def test_who_may_only_look_is_offered_nothing_else(come: Any, kind: type[Screen], role: str) -> None:
    screen = come(kind, role)
    assert not screen.records.new_button.isVisible()
    assert not screen.records.panel.save.isVisible()
    assert not screen.files.bring.isVisible()
    assert not screen.files.take.isVisible()


def test_typing_is_kept_over_a_lock(come: Any, hands: Hands, settle: Wait) -> None:
    screen = come(ServicesScreen)
    hands.press(KEY.Key_F2)
    hands.type("mri")
    kept = screen.kept()
    other = come(ServicesScreen)
    other.put_back(kept)
    other.refresh()
    settle()
    assert (other.records.is_new, other.records.form["code"].text()) == (True, "mri")


@pytest.mark.parametrize("look", ["en-dark", "ar-light"])
@pytest.mark.parametrize("kind", [ServicesScreen, SpecialtiesScreen, MedicinesScreen])
def test_it_fits_and_looks_the_same_in_each_language_and_theme(
    come: Any, kind: type[Screen], look: str, qapp: QApplication, picture: Callable[[QWidget, str], Path]
) -> None:
    code, theme = look.split("-")
    activate(code)
    apply_theme(qapp, theme)
    screen = come(kind)
    assert screen.minimumSizeHint().width() <= 940
    assert picture(screen, f"{kind.__name__}-{look}").exists()
