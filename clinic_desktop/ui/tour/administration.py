"""The owner at the administration: every page of the area once, each with one of its records."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from clinic_desktop.ui.tour.cards import design
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.getting_about import AREA, choose_file, go_to, pick, tab
from clinic_desktop.ui.tour.safety import backups, chain, privacy, trail
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.people.mail import MailScreen
    from clinic_desktop.ui.screens.people.roles import RolesScreen
    from clinic_desktop.ui.screens.people.users import UsersScreen
    from clinic_desktop.ui.screens.staff.doctors import DoctorsScreen
    from clinic_desktop.ui.screens.staff.medicines import MedicinesScreen
    from clinic_desktop.ui.screens.staff.schedules import SchedulesScreen


def area(driver: Driver) -> None:
    """From the rail into the area; some letters find a page."""
    driver.click(driver.shell.rail.buttons[AREA])
    driver.patience.rest()
    driver.snap("administration")
    index = driver.shell.indexes[AREA]
    driver.click(index.box)
    driver.type("tax")
    driver.snap("administration-find")
    driver.clear()


def clinic(driver: Driver) -> None:
    """The group of the clinic itself."""
    go_to(driver, "clinic_details")
    driver.snap("admin-hospital")
    for code, name, place in (
        ("clinics", "admin-clinics", 0),
        ("departments", "admin-departments", 1),
        ("taxes", "admin-taxes", 0),
        ("holidays", "admin-holidays", 0),
        ("workstations", "admin-workstations", 1),
        ("numbering", "admin-numbers", 0),
        ("message_texts", "admin-message-texts", 1),
    ):
        pick(driver, go_to(driver, code).records, place)
        driver.snap(name)
    _ask_to_move(driver)


def _ask_to_move(driver: Driver) -> None:
    """What the clinic's way to a server would be."""
    screen = go_to(driver, "workstations")
    if not screen.to_server.isVisible():  # the tour of a server's own clinic
        return
    driver.click(screen.to_server)
    dialog = driver.dialog("MoveDialog")
    driver.snap("admin-move-here")
    dialog.form["way"].setCurrentIndex(1)
    driver.snap("admin-move-there")
    driver.press("Escape")
    driver.no_dialog()


def settings(driver: Driver) -> None:
    """A setting is found by words, and says where its value comes from."""
    screen = go_to(driver, "settings")
    driver.click(screen.records.table.filter)
    driver.type("lock")
    pick(driver, screen.records)
    driver.snap("admin-settings-search")


def staff(driver: Driver) -> None:
    """Services, specialties and leave."""
    for code, name, place in (("services", "admin-services", 2), ("specialties", "admin-specialties", 0)):
        pick(driver, go_to(driver, code).records, place)
        driver.snap(name)


def doctors(driver: Driver) -> None:
    """A doctor: the person, the fees, the hours."""
    screen: DoctorsScreen = go_to(driver, "doctors")
    pick(driver, screen.records)
    driver.snap("admin-doctor")
    tab(driver, screen.tabs, 1)
    driver.snap("admin-doctor-fees")
    tab(driver, screen.tabs, 2)
    driver.snap("admin-doctor-hours")


def week(driver: Driver) -> None:
    """The week of a doctor, and hours to add."""
    screen: SchedulesScreen = go_to(driver, "schedules")
    driver.patience.until(lambda: screen.doctor.count(), "the doctors")
    driver.snap("admin-weekly-hours")
    driver.press("F2")
    driver.snap("admin-new-hours")
    driver.press("Escape")
    driver.no_dialog()


def leave(driver: Driver) -> None:
    """Leave is asked for, and says whom it would hit."""
    go_to(driver, "leaves")
    driver.press("F2")
    driver.choose_here("Dr. Anjali")
    driver.press("Tab")
    driver.type("11/3/2026" if driver.is_demo_day else "")
    driver.press("Tab")
    driver.type("12/3/2026" if driver.is_demo_day else "")
    driver.press("Ctrl+S")
    driver.snap("admin-leave")


def medicines(driver: Driver) -> None:
    """A medicine, and a list of prices from a file: looked at first."""
    screen: MedicinesScreen = go_to(driver, "medicines_list")
    pick(driver, screen.records, 1)
    driver.snap("admin-medicine")
    rows = screen.records.table.rows
    lines = ["code,name,unit,cost,price"]
    lines += [f"{row.code},{row.name},{row.unit},{row.cost.amount},{row.price.amount + 5}" for row in rows[:3]]
    lines += ["ORS-LEMON,ORS lemon sachet,sachet,12,18.50", f"{rows[4].code},{rows[4].name},{rows[4].unit},9,dear"]
    with TemporaryDirectory(prefix="clinic-tour-") as folder:
        file = Path(folder, "prices.csv")
        file.write_text("\n".join(lines), encoding="utf-8")
        driver.press("Ctrl+I")
        choose_file(driver, file)
        dialog = driver.dialog("BringDialog")
        driver.patience.until(lambda: dialog.table.rows, "what the file would do")
        driver.snap("admin-import")
        driver.press("Escape")
        driver.no_dialog()


def users(driver: Driver) -> None:
    """An account, and why its owner may do what she may."""
    screen: UsersScreen = go_to(driver, "users")
    driver.pick_row(screen.records.table, lambda row: row.username == "reception")
    driver.snap("admin-user")
    driver.click(screen.account_actions.why)
    dialog = driver.dialog("WhyDialog")
    driver.patience.until(lambda: dialog.table.rows, "the permissions")
    driver.snap("admin-why")
    driver.press("Escape")
    driver.no_dialog()
    driver.click(screen.account_actions.code)
    driver.dialog("CodeDialog")
    driver.snap("admin-reset-code")
    driver.press("Escape")
    driver.no_dialog()


def roles(driver: Driver) -> None:
    """The matrix: a change waits for Save, and is thrown away here."""
    screen: RolesScreen = go_to(driver, "roles")
    driver.patience.until(lambda: screen.model.roles, "the roles")
    column = next(i for i, role in enumerate(screen.model.roles, start=1) if role.code == "cashier")
    line = next(i for i, one in enumerate(screen.model.lines) if one.permission is not None)
    driver.click(screen.view.viewport(), at=screen.view.visualRect(screen.model.index(line, column)).center())
    driver.snap("admin-roles")
    driver.click(screen.discard)


def access(driver: Driver) -> None:
    """Who is logged in where, and the mail."""
    sessions = go_to(driver, "sessions")
    driver.patience.until(lambda: sessions.table.rows, "the sessions")
    driver.press("Tab", "Down")
    driver.snap("admin-sessions")
    messages: MailScreen = go_to(driver, "messages")
    driver.snap("admin-messages")
    tab(driver, messages.tabs.tabBar(), 1)
    driver.snap("admin-text-messages")


def first_steps(driver: Driver) -> None:
    """What is left to do."""
    go_to(driver, "first_steps")
    driver.snap("admin-first-steps")


PART = Part(
    "administration",
    "owner",
    (
        *(area, clinic, design, settings, staff, doctors, week, leave, medicines),
        *(users, roles, access, trail, backups, privacy, chain, first_steps),
    ),
)
