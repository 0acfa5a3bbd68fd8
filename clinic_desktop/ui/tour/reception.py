"""The reception's own screen: the day, finding people, a scanned card, a walk-in."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part
from clinic_desktop.ui.widgets import SearchBox


def home(driver: Driver) -> None:
    """The day at a glance."""
    driver.screen("reception")
    driver.snap("reception")


def one_doctor(driver: Driver) -> None:
    """The list of the day for one doctor, found by the filter of the list."""
    driver.press("Tab")
    driver.enter(_("Filter {list}").format(list=_("Today's patients")), "meera")
    driver.snap("reception-filtered")
    driver.clear()
    driver.type("zzz")
    driver.snap("reception-filter-empty")
    driver.press("Escape")


def figures(driver: Driver) -> None:
    """A figure shows only its patients."""
    driver.press("Ctrl+1")
    driver.snap("reception-expected")
    driver.press("Ctrl+1")


def reminders(driver: Driver) -> None:
    """Who is to be told of tomorrow."""
    driver.click(driver.shell.rail.buttons["reminders"])
    driver.screen("reminders")
    driver.patience.rest()
    driver.snap("reminders")
    driver.press("F8")
    driver.save_document("appointment-slip")
    driver.press("Alt+1", "Ctrl+F")


def find_by_name(driver: Driver) -> None:
    """Some letters of a name."""
    driver.press("Ctrl+F")
    driver.type("sha")
    driver.snap("search-by-name")
    driver.press("Escape")


def find_misspelt(driver: Driver) -> None:
    """A letter wrong: who is meant all the same."""
    known = [one.full_name for one in driver.ask(patients.search, text="a", limit=40) if one.full_name.isascii()]
    word = max((word for name in known for word in name.split()), key=len)
    driver.press("Ctrl+F")
    driver.type(f"{word[:-3]}{word[-2]}{word[-3]}{word[-1]}".lower())
    driver.snap("search-misspelt")
    driver.press("Escape")


def find_nobody(driver: Driver) -> None:
    """Nobody is called so: the way to a new patient."""
    driver.press("Ctrl+F")
    driver.type("zebulon")
    driver.snap("search-nobody")
    driver.press("Escape")


def find_everything(driver: Driver) -> None:
    """The search in the head of the window."""
    driver.press("Ctrl+K")
    driver.type("ra")
    driver.press("Down")
    driver.snap("search-everything")
    driver.press("Escape")
    driver.press("Ctrl+F")


def keys(driver: Driver) -> None:
    """F1 shows the keys."""
    driver.press("F1")
    driver.snap("keys")
    driver.press("Return")
    driver.no_dialog()


def user_menu(driver: Driver) -> None:
    """Theme and language in the user menu."""

    def look() -> None:
        driver.press("Down")
        driver.snap("user-menu")
        driver.press("Return")
        driver.snap("user-menu-theme")
        driver.press("Escape", "Down", "Return")
        driver.snap("user-menu-language")

    driver.with_menu(driver.shell.header.user, look)


def card_scan(driver: Driver) -> None:
    """A card under the scanner while the cursor is in the search: the file opens, Enter checks in."""
    driver.clock.pass_by(35)
    driver.press("Alt+1", "Ctrl+F")
    visit = _expected(driver)
    driver.scan(_card_code(driver, visit.patient_id))
    driver.snap("card-scanned")
    driver.press("Return")
    driver.patience.until(lambda: _visit(driver, visit.visit_id).status is VisitStatus.WAITING, "the check-in")
    driver.story.visit_id, driver.story.patient_id = visit.visit_id, visit.patient_id
    driver.snap("checked-in")


def unknown_card(driver: Driver) -> None:
    """A code that belongs to nothing."""
    driver.scan("PAT-2019-99999")
    driver.snap("scan-unknown")


def walk_in(driver: Driver) -> None:
    """Somebody without appointment."""
    driver.press("Ctrl+F")
    driver.type("agar")
    driver.press("F6")
    driver.snap("walk-in")
    driver.press("Return")
    driver.no_dialog()
    driver.snap("walk-in-added")


def _expected(driver: Driver) -> VisitRow:
    """The patient of the story, else somebody who is expected today."""
    expected = [one for one in _day(driver) if one.status is VisitStatus.SCHEDULED and one.appointment_id is not None]
    due = next((one for one in expected if one.visit_id == driver.story.visit_id), None) or next(iter(expected), None)
    if due is None:
        raise StepFailed("nobody is expected today any more")
    return due


def _day(driver: Driver) -> list[VisitRow]:
    desk = driver.shell.desk
    found: list[VisitRow] = driver.ask(frontdesk.day_board, clinic_id=desk.clinic_id, day=desk.today())
    return found


def _visit(driver: Driver, visit_id: UUID) -> VisitRow:
    found: VisitRow = driver.ask(frontdesk.visit, visit_id=visit_id)
    return found


def _card_code(driver: Driver, patient_id: UUID) -> str:
    card: Any = driver.ask(patients.card_in_use, patient_id=patient_id)
    if card is not None:
        return str(card.code128)
    return str(driver.ask(patients.patient, patient_id=patient_id).patient_number)


def search_box(driver: Driver) -> SearchBox:
    """The search of the screen."""
    return driver.find(SearchBox, _("Find a patient"))


PART = Part(
    "reception",
    None,
    (home, one_doctor, figures, find_by_name, find_misspelt, find_nobody, find_everything, reminders, keys, user_menu),
)
ARRIVAL = Part("arrival", None, (card_scan, unknown_card, walk_in))
