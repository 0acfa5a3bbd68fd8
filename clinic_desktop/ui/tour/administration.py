"""The owner at the administration: every page of the area once, each with one of its records."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QDialogButtonBox, QLineEdit, QTabBar

from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.audit.screen import AuditScreen
    from clinic_desktop.ui.screens.backups.screen import BackupsScreen
    from clinic_desktop.ui.screens.people.mail import MailScreen
    from clinic_desktop.ui.screens.people.roles import RolesScreen
    from clinic_desktop.ui.screens.people.users import UsersScreen
    from clinic_desktop.ui.screens.privacy.screen import PrivacyScreen
    from clinic_desktop.ui.screens.reconcile.screen import ReconcileScreen
    from clinic_desktop.ui.screens.staff.doctors import DoctorsScreen
    from clinic_desktop.ui.screens.staff.medicines import MedicinesScreen
    from clinic_desktop.ui.screens.staff.schedules import SchedulesScreen

_AREA = "administration"


def go_to(driver: Driver, code: str) -> Any:
    """A page of the area, by the column that lists them."""
    driver.click(driver.reveal(driver.shell.indexes[_AREA].buttons[code]))
    screen = driver.screen(code)
    driver.patience.rest()
    return screen


def _pick(driver: Driver, records: Any, place: int = 0) -> None:
    """One record of a list with a form."""
    driver.patience.until(lambda: len(records.table.rows) > place, "records")
    wanted = records.table.rows[place]
    driver.pick_row(records.table, lambda row: row is wanted)


def _tab(driver: Driver, tabs: QTabBar, place: int) -> None:
    driver.click(tabs, at=tabs.tabRect(place).center())


def _choose_file(driver: Driver, file: Path) -> None:
    """Type the name of a file into the dialog that asks for one."""
    dialog = driver.dialog("QFileDialog")
    name = dialog.findChild(QLineEdit, "fileNameEdit")
    name.setCompleter(None)  # its list of what is in the folder comes and goes between two keys
    driver.click(name)
    driver.type(str(file))
    driver.press_down(dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Open))


def area(driver: Driver) -> None:
    """From the rail into the area; some letters find a page."""
    driver.click(driver.shell.rail.buttons[_AREA])
    driver.patience.rest()
    driver.snap("administration")
    index = driver.shell.indexes[_AREA]
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
    ):
        _pick(driver, go_to(driver, code).records, place)
        driver.snap(name)


def settings(driver: Driver) -> None:
    """A setting is found by words, and says where its value comes from."""
    screen = go_to(driver, "settings")
    driver.click(screen.records.table.filter)
    driver.type("lock")
    _pick(driver, screen.records)
    driver.snap("admin-settings-search")


def staff(driver: Driver) -> None:
    """Services, specialties and leave."""
    for code, name, place in (("services", "admin-services", 2), ("specialties", "admin-specialties", 0)):
        _pick(driver, go_to(driver, code).records, place)
        driver.snap(name)


def doctors(driver: Driver) -> None:
    """A doctor: the person, the fees, the hours."""
    screen: DoctorsScreen = go_to(driver, "doctors")
    _pick(driver, screen.records)
    driver.snap("admin-doctor")
    _tab(driver, screen.tabs, 1)
    driver.snap("admin-doctor-fees")
    _tab(driver, screen.tabs, 2)
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
    _pick(driver, screen.records, 1)
    driver.snap("admin-medicine")
    rows = screen.records.table.rows
    lines = ["code,name,unit,cost,price"]
    lines += [f"{row.code},{row.name},{row.unit},{row.cost.amount},{row.price.amount + 5}" for row in rows[:3]]
    lines += ["ORS-LEMON,ORS lemon sachet,sachet,12,18.50", f"{rows[4].code},{rows[4].name},{rows[4].unit},9,dear"]
    with TemporaryDirectory(prefix="clinic-tour-") as folder:
        file = Path(folder, "prices.csv")
        file.write_text("\n".join(lines), encoding="utf-8")
        driver.press("Ctrl+I")
        _choose_file(driver, file)
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
    _tab(driver, messages.tabs.tabBar(), 1)
    driver.snap("admin-text-messages")


def trail(driver: Driver) -> None:
    """The audit trail: an entry in full, and the proof that none is missing."""
    screen: AuditScreen = go_to(driver, "audit")
    driver.patience.until(lambda: screen.table.rows, "entries")
    driver.pick_row(screen.table, lambda entry: entry.subject is not None)
    driver.patience.until(lambda: screen.detail.told is not None, "the entry in full")
    driver.snap("admin-audit")
    driver.press("F8")
    dialog = driver.dialog("VerifyDialog")
    driver.patience.until(lambda: not dialog.outcome.isHidden(), "the end of the verification")
    driver.snap("admin-audit-verified")
    driver.press("Escape")
    driver.no_dialog()


def backups(driver: Driver) -> None:
    """A backup now, and the way back: looked at, not gone."""
    screen: BackupsScreen = go_to(driver, "backups")
    driver.patience.until(lambda: screen.looked is not None, "the backups")
    driver.snap("admin-backups")
    if screen.looked is None or screen.looked.is_plain:
        return
    driver.press("F2")
    driver.patience.until(lambda: screen.table.rows, "the backup", times=3)
    driver.pick_row(screen.table, lambda _one: True)
    driver.snap("admin-backed-up")
    driver.press("F9")
    dialog = driver.dialog("RestoreDialog")
    driver.snap("admin-restore")
    driver.click(dialog.look)
    driver.patience.until(lambda: dialog.wanted is not None, "a look into the backup", times=3)
    driver.snap("admin-restore-preview")
    driver.press("Escape")
    driver.no_dialog()


def privacy(driver: Driver) -> None:
    """A request for one's own data, restricted records, and how long is kept."""
    screen: PrivacyScreen = go_to(driver, "privacy")
    driver.press("Insert")
    form = driver.dialog("RequestDialog").form
    if driver.story.patient_id is None:  # the patient of the story, when the whole day is played
        driver.press("Escape")
    else:
        patient = driver.ask(patients.patient, patient_id=driver.story.patient_id)
        form["number"].setText(patient.patient_number)  # typed at the pace of a tour it would be a scanned card
        driver.click(form["asked_by"])
        driver.type(patient.full_name)
        form["identity_check"].setFocus()
        driver.press("Down")
        driver.click(form["identity_note"])
        driver.type("Passport")
        driver.snap("admin-privacy-request")
        driver.press("Return")
    driver.no_dialog()
    if driver.story.patient_id is not None:
        driver.pick_row(screen.requests.table, lambda _request: True)
    driver.snap("admin-privacy")
    for place, name in ((1, "admin-privacy-restricted"), (2, "admin-privacy-retention")):
        _tab(driver, screen.tabs.tabBar(), place)
        if place == 2:
            driver.press("F9")
            driver.patience.until(lambda: screen.retention.plan is not None, "what may leave")
        driver.snap(name)


def chain(driver: Driver) -> None:
    """What sites would disagree about, how sync stands, and the way into a chain."""
    screen: ReconcileScreen = go_to(driver, "reconcile")
    driver.snap("admin-reconcile")
    _tab(driver, screen.tabs.tabBar(), 2)
    driver.snap("admin-reconcile-alike")
    driver.press("Ctrl+Shift+Y")
    panel = driver.dialog("SyncDialog")
    driver.patience.until(lambda: panel.join_button.isVisible(), "how sync stands")
    driver.snap("sync-panel")
    driver.click(panel.join_button)
    driver.dialog("JoinChainDialog")
    driver.snap("sync-join")
    driver.press("Escape")
    driver.press("Escape")
    driver.no_dialog()


def first_steps(driver: Driver) -> None:
    """What is left to do."""
    go_to(driver, "first_steps")
    driver.snap("admin-first-steps")


PART = Part(
    "administration",
    "owner",
    (
        *(area, clinic, settings, staff, doctors, week, leave, medicines),
        *(users, roles, access, trail, backups, privacy, chain, first_steps),
    ),
)
