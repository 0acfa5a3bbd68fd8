"""The doctor's room: call, write, prescribe against a warning, sign, print."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop.clinic.clinical.rules import Frequency
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.consultation.screen import ConsultationScreen


def screen_of(driver: Driver) -> ConsultationScreen:
    """The open doctor's room."""
    return cast("ConsultationScreen", driver.screen("consultation"))


def home(driver: Driver) -> None:
    """The doctor's patients of the day."""
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.days.rows.rows, "the doctor's patients")
    driver.snap("doctor")


def call(driver: Driver) -> None:
    """One key calls the next patient; the waiting room sees it."""
    screen = screen_of(driver)
    driver.press("F8")
    driver.patience.until(lambda: screen.casework.case is not None, "the called patient")
    case = screen.casework.case
    assert case is not None
    driver.story.visit_id, driver.story.patient_id = case.visit.visit_id, case.visit.patient_id
    driver.snap("doctor-called")


def write_notes(driver: Driver) -> None:
    """The consultation, field by field from the keyboard."""
    screen = screen_of(driver)
    driver.press("F6")
    driver.patience.until(lambda: screen.casework.is_open, "the consultation")
    driver.type("Fever since three days, sore throat, no cough.")
    driver.press("Tab")
    driver.type("Temp 39.6, throat red, no neck stiffness, lungs clear.")
    driver.press("Tab")
    driver.type("Acute pharyngitis")
    driver.press("Return", "Tab")
    driver.type("Fluids, rest. Come back at once if breathing gets hard.")
    driver.click(screen.notes.follow_up)
    driver.type("17/3/2026" if driver.is_demo_day else "")
    driver.snap("consultation")


def prescribe(driver: Driver) -> None:
    """Two medicines; the quantities compute themselves, and the second one raises a warning."""
    screen = screen_of(driver)
    driver.press("Ctrl+2")
    driver.click(screen.prescription.entry.medicine)
    driver.type("dolo")
    driver.snap("prescription-search")
    _rest_of_line(driver, Frequency.TDS, "5", "after food")
    driver.snap("prescription-line")
    driver.type("augm")
    driver.press("Return")
    driver.snap("prescription-warning")
    _finish_line(driver, Frequency.BD, "7", "after food")
    if not screen.prescription.has_warnings:
        # Not the patient with the allergy, as on a clinic's own database: the same substance twice is as good.
        driver.type("calpol 500")
        _rest_of_line(driver, Frequency.BD, "3", "after food")
    if not screen.prescription.has_warnings:
        raise StepFailed("neither the allergy nor a doubled substance raised a warning")


def sign_needs_a_reason(driver: Driver) -> None:
    """A warning without a reason: the signature is refused, and the cursor stands where the reason goes."""
    driver.press("F10")
    driver.snap("sign-refused")


def sign(driver: Driver) -> None:
    """With a reason, asked once more, it is signed."""
    screen = screen_of(driver)
    driver.type("Tolerated amoxicillin in 2024 without any reaction")
    driver.press("F10")
    driver.snap("sign-question")
    driver.press("Return")
    driver.no_dialog()
    driver.patience.until(lambda: screen.casework.case is not None and screen.casework.case.is_signed, "the signature")
    driver.snap("signed")


def print_prescription(driver: Driver) -> None:
    """The prescription on paper."""
    driver.press("Ctrl+P")
    driver.save_document("prescription")


def history(driver: Driver) -> None:
    """Vital signs and earlier visits."""
    driver.press("Ctrl+3")
    driver.snap("consultation-vitals")
    driver.press("Ctrl+4")
    driver.snap("consultation-history")


def _rest_of_line(driver: Driver, frequency: Frequency, days: str, instructions: str) -> None:
    driver.press("Return")
    _finish_line(driver, frequency, days, instructions)


def _finish_line(driver: Driver, frequency: Frequency, days: str, instructions: str) -> None:
    """From the dose on: Enter takes what stands there and goes to the next field."""
    driver.press("Return")
    driver.choose_here(frequency.value)
    driver.press("Return")
    driver.type(days)
    driver.press("Return")
    driver.type(instructions)
    driver.press("Return")


PART = Part("doctor", "anjali", (home, call, write_notes, prescribe, sign_needs_a_reason, sign, print_prescription, history))
