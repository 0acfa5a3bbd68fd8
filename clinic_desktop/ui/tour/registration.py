"""A new patient from the keyboard: who is meant already stands beside the form, a slip is said at its field, and the card is printed."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop import wording
from clinic_desktop.clinic.patients import queries as patients
from clinic_desktop.clinic.patients.queries import PatientHit
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.registration.screen import RegistrationScreen

NAMES = {"en": "Kavita Ramesh Deshpande", "ar": "ليلى يوسف حداد", "hi": "कविता रमेश देशपांडे"}


def screen_of(driver: Driver) -> RegistrationScreen:
    """The open registration."""
    return cast("RegistrationScreen", driver.screen("registration"))


def live_duplicates(driver: Driver) -> None:
    """Somebody who is registered already, typed a little differently."""
    known = _known(driver)
    driver.press("Ctrl+F", "F2")
    screen = screen_of(driver)
    driver.snap("registration-empty")
    driver.type(known.full_name.lower())
    driver.press("Tab")
    driver.choose_here(wording.status(known.gender))
    driver.press("Tab")
    driver.type("40")
    driver.press("Tab")
    driver.type((known.phone or "")[-10:])
    driver.patience.rest()
    driver.patience.until(lambda: screen.candidates.shown, "who may be the same")
    driver.snap("registration-duplicates")
    driver.click(_("Start over"))
    driver.snap("registration-start-over")
    driver.click(_("Leave it"))
    driver.no_dialog()


def refused_at_the_field(driver: Driver) -> None:
    """What cannot be is refused where it was typed; what was typed stays."""
    screen = screen_of(driver)
    screen.form.main["name"].setFocus()
    driver.type(NAMES[driver.story.language])
    driver.press("Tab", "Tab")
    driver.type("31/2/1990")
    driver.press("F9")
    driver.snap("registration-refused")
    driver.click(_("Start over"))
    driver.click(_("Leave it"))
    driver.no_dialog()


def register(driver: Driver) -> None:
    """The whole registration from the keyboard, counted."""
    screen = screen_of(driver)
    screen.form.main["name"].setFocus()
    before = driver.keys
    driver.type(NAMES[driver.story.language])
    driver.press("Tab")
    driver.choose_here(wording.status(Gender.FEMALE))
    driver.press("Tab")
    driver.type("34")
    driver.press("Tab")
    driver.type("9822014477")
    driver.snap("registration-filled")
    driver.press("F9")
    driver.patience.until(screen.saved.isVisible, "the new number")
    driver.story.registration_keys = driver.keys - before
    patient = screen.saved.patient
    if patient is None:
        raise StepFailed("nobody was registered")
    driver.story.patient_id = patient.id
    driver.snap("registered")


def id_card(driver: Driver) -> None:
    """The card for the new patient."""
    driver.click(_("ID card"))
    driver.save_document("id-card")


def patient_file(driver: Driver) -> None:
    """The file of the new patient, whose number cannot be proved before messages can leave."""
    driver.click(_("Open"))
    driver.screen("patient")
    driver.snap("patient-file")
    driver.click(_("Verify…"))
    driver.dialog("ProveDialog")
    driver.snap("patient-proof")
    driver.press("Escape")
    driver.no_dialog()


def edit(driver: Driver) -> None:
    """The allergy that came up while talking."""
    driver.press("F3")
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.editing is not None, "the patient in the form")
    driver.click(driver.reveal(screen.form.more["allergies"]))
    driver.type("Penicillin")
    driver.snap("patient-edit")
    driver.press("F9")
    driver.screen("patient")
    driver.snap("patient-edited")


def other_numbers(driver: Driver) -> None:
    """The laboratory's number, from the file."""
    driver.press("Ctrl+Shift+N")
    driver.dialog("NumbersDialog")
    driver.type("lab")
    driver.press("Tab")
    driver.type("LB 77-1203")
    driver.press("Return")
    driver.snap("patient-numbers")
    driver.press("Escape")
    driver.no_dialog()


def changes(driver: Driver) -> None:
    """Who changed what of the details."""
    driver.press("Ctrl+Shift+H")
    driver.dialog("ChangesDialog")
    driver.snap("patient-changes")
    driver.press("Escape")
    driver.no_dialog()


def _known(driver: Driver) -> PatientHit:
    found: list[PatientHit] = driver.ask(patients.search, text="a", limit=40)
    known = next((one for one in found if one.phone and one.full_name.isascii() and " " in one.full_name), None)
    if known is None:
        raise StepFailed("nobody with a phone is registered")
    return known


PART = Part("registration", None, (live_duplicates, refused_at_the_field, register, id_card, patient_file, edit, other_numbers, changes))
