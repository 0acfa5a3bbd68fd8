"""The pharmacy: the worklist, the batch that expires first, a reason for the warning, and handing out."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.pharmacy.screen import PharmacyScreen


def screen_of(driver: Driver) -> PharmacyScreen:
    """The open pharmacy."""
    return cast("PharmacyScreen", driver.screen("pharmacy"))


def worklist(driver: Driver) -> None:
    """Who waits for medicines."""
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.table.rows, "a prescription that waits")
    driver.snap("pharmacy")


def choose_place(driver: Driver) -> None:
    """The medicines come from the shelves of the pharmacy, not from the store behind it."""
    screen = screen_of(driver)
    if screen.place.isVisible():
        screen.place.setFocus()
        driver.choose_here("Pharmacy")


def on_the_counter(driver: Driver) -> None:
    """One prescription with the batches that its medicines come from."""
    screen = screen_of(driver)
    driver.pick_row(screen.table, lambda row: row.prescription.patient_id == driver.story.patient_id)
    driver.patience.until(lambda: screen.counter.lines.lines, "the lines of the prescription")
    driver.snap("pharmacy-counter")


def other_batch(driver: Driver) -> None:
    """Another batch than the one that expires first needs a reason: asked, not done."""
    screen = screen_of(driver)
    driver.click(driver.reveal(screen.counter.lines.lines[0].other))
    driver.press("Return", "Return")
    driver.snap("pharmacy-other-batch")
    driver.press("Escape")
    driver.no_dialog()


def refused_without_reason(driver: Driver) -> None:
    """The allergy again: nothing goes out without a reason."""
    driver.press("F10")
    driver.snap("pharmacy-refused")


def dispense(driver: Driver) -> None:
    """Handed out, and on the bill."""
    screen = screen_of(driver)
    driver.type("Asked Dr. Deshmukh, she confirmed it")
    driver.press("F10")
    driver.patience.until(screen.counter.done.isVisible, "the medicines to be handed out")
    driver.snap("pharmacy-dispensed")


PART = Part("pharmacy", "pharmacy", (worklist, choose_place, on_the_counter, other_batch, refused_without_reason, dispense))
