"""An appointment for the new patient, with arrows and Enter, and the token to take home."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.booking.screen import BookingScreen


def screen_of(driver: Driver) -> BookingScreen:
    """The open booking."""
    return cast("BookingScreen", driver.screen("booking"))


def free_places(driver: Driver) -> None:
    """From the patient's file to the free places of the doctor's day."""
    driver.press("F7")
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.calendar.start is not None, "a free place with the focus")
    driver.snap("booking-places")


def book(driver: Driver) -> None:
    """Some places further, then Enter."""
    screen = screen_of(driver)
    driver.press(driver.ahead, driver.ahead, "Down")
    driver.press("Return")
    driver.patience.until(lambda: screen.note.booking is not None, "the booking")
    assert screen.note.booking is not None
    driver.story.visit_id = screen.note.booking.visit_id
    driver.snap("booked")


def token(driver: Driver) -> None:
    """The token of the booking."""
    driver.press("F8")
    driver.save_document("queue-token")


def cancel_needs_a_reason(driver: Driver) -> None:
    """Cancelling asks for a reason, and without one nothing happens."""
    screen = screen_of(driver)
    driver.click(screen.planned.cancel)
    driver.click(_("Cancel the appointment"))
    driver.snap("cancel-needs-reason")
    driver.press("Escape")
    driver.no_dialog()


_AROUND = (
    ("Ctrl+Shift+D", "SeriesDialog", "several-dates"),
    ("Ctrl+Shift+W", "WaitDialog", "put-on-waiting-list"),
    ("Ctrl+W", "WaitingListDialog", "waiting-list"),
    ("Ctrl+T", "ConfirmDialog", "to-be-confirmed"),
    ("Ctrl+Shift+N", "RebookDialog", "new-times-needed"),
    ("Ctrl+Shift+B", "MovedAwayDialog", "moved-away"),
    ("Ctrl+Shift+M", "MissedDialog", "did-not-come"),
    ("Ctrl+Shift+L", "DelayDialog", "doctor-late"),
    ("Ctrl+Shift+A", "AddedSlotsDialog", "added-times"),
    ("Ctrl+Shift+S", "ServicesDialog", "services-of-appointment"),
)


def around_a_booking(driver: Driver) -> None:
    """What is done around a booking, each by its key."""
    screen_of(driver)
    for keys, kind, name in _AROUND:
        driver.press(keys)
        driver.dialog(kind)
        driver.snap(name)
        driver.press("Escape")
        driver.no_dialog()


PART = Part("booking", None, (free_places, book, token, cancel_needs_a_reason, around_a_booking))
