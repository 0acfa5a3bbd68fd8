"""The computer in the hall: patients check in, take a number and say how it was; staff take it back by PIN."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from clinic_desktop.clinic.frontdesk import queries as frontdesk
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.account import PIN
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.entrance import leave, log_in
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its pages when it shows them, and that is watched
    from clinic_desktop.ui.kiosk.kiosk import Kiosk
    from clinic_desktop.ui.screens.login.lock import LockPage

_SOON, _JUST_NOW = timedelta(minutes=110), timedelta(minutes=25)


def open_it(driver: Driver) -> None:
    """The receptionist hands the computer in the hall over to patients."""
    session = driver.session
    places = driver.ask(organisation.workstations)
    hall = next((one for one in places if one.kind is WorkstationKind.KIOSK), None)
    if hall is None:
        raise StepFailed("the clinic has no kiosk")
    leave(driver)
    session.preferences.set_workstation(hall.id)
    log_in(driver, "reception")
    driver.with_menu(driver.shell.header.user, lambda: driver.choose_in_menu(_("Open as a kiosk")))
    driver.patience.until(lambda: session.kiosk.page is not None, "the kiosk")
    driver.snap("kiosk-start")


def check_in(driver: Driver) -> None:
    """Somebody with an appointment and a phone."""
    visit = _expected(driver)
    _page(driver, "StartPage")
    driver.click(kiosk(driver).page.by_phone)  # type: ignore[union-attr]
    _digits(driver, (visit.patient_phone or "")[-10:], "kiosk-phone")
    _digits(driver, str(_born(driver, visit.patient_id).year), "kiosk-year")
    page = _page(driver, "VisitsPage")
    driver.snap("kiosk-visits")
    driver.click(page.arrive[visit.visit_id])
    _page(driver, "TicketPage")
    driver.snap("kiosk-ticket")
    driver.click(_("Finish"))


def card(driver: Driver) -> None:
    """A card that was printed this morning, held to the scanner, and one that somebody made."""
    found = _card_in_use(driver)
    driver.scan(found.qr_payload)
    _page(driver, "VisitsPage")
    driver.snap("kiosk-card")
    driver.click(kiosk(driver).over)
    driver.scan(f"{found.qr_payload[:-6]}AAAAAA")
    _page(driver, "MessagePage")
    driver.snap("kiosk-card-refused")
    driver.click(_("Finish"))


def take_number(driver: Driver) -> None:
    """Somebody without appointment, where the clinic gives numbers here."""
    known = _without_visit(driver)
    driver.click(kiosk(driver).page.by_phone)  # type: ignore[union-attr]
    _digits(driver, (known.phone or "")[-10:])
    _digits(driver, str(_born(driver, known.id).year))
    page = _page(driver, "VisitsPage")
    driver.snap("kiosk-take-a-number")
    driver.click(next(iter(page.doctors.values())))
    _page(driver, "TicketPage")
    driver.snap("kiosk-number-taken")
    driver.click(_("Finish"))


def rate(driver: Driver) -> None:
    """How it was: by ticket number and year of birth."""
    visit: VisitRow = driver.ask(frontdesk.visit, visit_id=driver.story.visit_id)
    driver.click(kiosk(driver).page.rate)  # type: ignore[union-attr]
    page = _page(driver, "WaysPage")
    driver.snap("kiosk-ways")
    driver.click(page.by_ticket)
    _digits(driver, str(visit.queue_number))
    _digits(driver, str(_born(driver, visit.patient_id).year))
    page = _page(driver, "RatingPage")
    driver.click(page.faces[4])
    driver.click(page.comment)
    driver.type(_("Very kind"))
    driver.click(page.nameless)
    driver.snap("kiosk-rating")
    driver.click(page.send)
    _page(driver, "MessagePage")
    driver.snap("kiosk-thanks")
    driver.click(_("Finish"))


def take_back(driver: Driver) -> None:
    """No key leads out of it; a PIN does."""
    session = driver.session
    driver.press("Escape", "F11", "Ctrl+K", "Alt+F4")
    _page(driver, "StartPage")
    driver.click(kiosk(driver).staff)
    driver.patience.until(lambda: type(session.window.centralWidget()).__name__ == "LockPage", "the page that asks for a PIN")
    page = cast("LockPage", session.window.centralWidget())
    driver.click(page.people["reception"])
    driver.snap("kiosk-staff")
    driver.type(PIN)
    driver.press("Return")
    driver.patience.until(lambda: session.window.shell is not None, "the desk of the receptionist")
    driver.snap("kiosk-left")
    session.preferences.set_workstation(None)


def kiosk(driver: Driver) -> Kiosk:
    """The open kiosk."""
    page = driver.session.kiosk.page
    if page is None:
        raise StepFailed("the computer is no kiosk now")
    return page


def _page(driver: Driver, kind: str) -> Any:
    driver.patience.until(lambda: type(kiosk(driver).page).__name__ == kind, f"the page {kind}")
    driver.patience.rest()
    return kiosk(driver).page


def _digits(driver: Driver, digits: str, picture: str | None = None) -> None:
    """By finger, key by key."""
    page = _page(driver, "PadPage")
    for digit in digits:
        driver.click(page.keys[digit])
    if picture is not None:
        driver.snap(picture)
    driver.click(page.go)


def _born(driver: Driver, patient_id: UUID) -> date:
    born: date = driver.ask(patients.patient, patient_id=patient_id).date_of_birth
    return born


def _expected(driver: Driver) -> Any:
    now, board = driver.clock(), _of_today(driver)
    soon = (one for one in board if one.status is VisitStatus.SCHEDULED and now - _JUST_NOW < one.planned_at < now + _SOON)
    return _first(soon, lambda one: one.patient_phone and _is_alone(board, one), "nobody is expected")


def _is_alone(board: Iterable[VisitRow], visit: VisitRow) -> bool:
    return visit.date_of_birth is not None and sum(one.patient_id == visit.patient_id for one in board) == 1


def _without_visit(driver: Driver) -> Any:
    here = {one.patient_id for one in _of_today(driver)}
    found = driver.ask(patients.search, text="a", limit=40)
    return _first(found, lambda one: one.phone and one.id not in here and one.date_of_birth is not None, "everybody is here")


def _card_in_use(driver: Driver) -> Any:
    known = driver.ask(patients.search, text="a", limit=12)
    cards = (driver.ask(patients.card_in_use, patient_id=one.id) for one in known)
    return _first(cards, lambda one: one is not None, "nobody has a card")


def _of_today(driver: Driver) -> list[VisitRow]:
    place = kiosk(driver)
    rows: list[VisitRow] = driver.ask(frontdesk.day_board, clinic_id=place.clinic_id, day=place.today())
    return rows


def _first(rows: Iterable[Any], is_it: Callable[[Any], object], otherwise: str) -> Any:
    found = next((one for one in rows if is_it(one)), None)
    if found is None:
        raise StepFailed(otherwise)
    return found


PART = Part("kiosk", "reception", (open_it, check_in, card, take_number, rate, take_back))
