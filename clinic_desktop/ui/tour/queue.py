"""The nurse's board: vital signs, calling and what the waiting room sees on the second screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtWidgets import QMenu, QWidget

from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.queue.screen import QueueScreen


def screen_of(driver: Driver) -> QueueScreen:
    """The open board."""
    return cast("QueueScreen", driver.screen("queue"))


def board(driver: Driver) -> None:
    """Who waits, in call order."""
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.table.rows, "somebody who waits")
    driver.snap("queue")


def open_display(driver: Driver) -> None:
    """The display goes full screen on the second screen."""
    screen = screen_of(driver)
    driver.press("Ctrl+D")
    driver.patience.until(lambda: screen.display.window.isFullScreen(), "the display")
    driver.snap("display-before-calls", screen.display.window)


def vital_signs(driver: Driver) -> None:
    """Vital signs; a fever is questioned as it is typed."""
    screen = screen_of(driver)
    driver.pick_row(screen.table, lambda row: row.visit_id == driver.story.visit_id)
    driver.press("F2")
    driver.dialog("VitalsDialog")
    for value in ("128", "84", "96", "39.6", "98", "18", "61.5", "162"):
        driver.type(value)
        driver.press("Return")
    driver.press("Ctrl+Return")
    driver.snap("vitals-questioned")
    driver.press("Ctrl+Return")
    driver.no_dialog()
    driver.snap("vitals-saved")


def vitals_refused(driver: Driver) -> None:
    """What cannot be is refused at its field."""
    driver.press("F2")
    driver.dialog("VitalsDialog")
    driver.type("80")
    driver.press("Return")
    driver.type("120")
    driver.press("Return")
    driver.press("Ctrl+Return")
    driver.snap("vitals-refused")
    driver.press("Escape", "Tab", "Return")  # asked first: something was typed
    driver.no_dialog()


def transfer(driver: Driver) -> None:
    """To another doctor: asked, not done."""
    driver.press("F4")
    driver.snap("queue-transfer")
    driver.press("Escape")
    driver.no_dialog()


def with_a_doctor(driver: Driver) -> None:
    """Whoever is with a doctor is not transferred: why, and what to do instead."""
    screen = screen_of(driver)
    inside = [one for one in screen.rooms.cards.values() if one.visit is not None and one.visit.status is VisitStatus.IN_PROGRESS]
    if not inside:
        raise StepFailed("nobody is with a doctor")
    driver.click(inside[0].more)
    driver.choose_in_menu(_("Transfer…"))
    driver.snap("queue-with-a-doctor")
    driver.press("Escape")
    driver.no_dialog()


def send(driver: Driver) -> None:
    """To the ECG, called there, and back where the doctor's queue has come to."""
    screen = screen_of(driver)
    screen.table.select_first()
    driver.press("F4")
    driver.choose_here("ECG")
    driver.snap("queue-to-the-ecg")
    driver.press("Return")
    driver.no_dialog()
    driver.choose(_("Doctor"), "ECG")
    driver.patience.until(lambda: [row.service_room for row in screen.table.rows] == ["ECG"], "the queue of the ECG")
    driver.press("F8")
    driver.patience.until(lambda: _called(screen), "the call to the ECG")
    driver.snap("queue-at-the-ecg")
    driver.snap("display-to-the-ecg", screen.display.window)
    driver.press("F6")
    driver.patience.until(lambda: not _called(screen), "the way back")
    screen.doctor.setCurrentIndex(0)
    driver.patience.until(lambda: screen.table.rows, "those who wait")


def priority(driver: Driver) -> None:
    """The patient is called before the others."""
    screen = screen_of(driver)
    driver.pick_row(screen.table, lambda row: row.visit_id == driver.story.visit_id)
    driver.click(screen.priority)
    driver.snap("queue-priority")
    menu = driver.find(QMenu)
    driver.choose_in_menu(menu.actions()[0].text())
    driver.type(_("High fever"))
    driver.press("Ctrl+Return")
    driver.no_dialog()
    driver.snap("queue-after-priority")


def call_next(driver: Driver) -> None:
    """One key calls the next; the waiting room sees and hears it."""
    screen = screen_of(driver)
    display = screen.display.window
    driver.press("F8")
    driver.patience.until(lambda: _called(screen) and display.call.call is not None, "the call")
    driver.snap("queue-called")
    driver.snap("display-called", display)
    driver.press("F9")
    driver.snap("queue-recalled")


def skip(driver: Driver) -> None:
    """Nobody came: the call ends, the patient waits again."""
    screen = screen_of(driver)
    driver.press("F7")
    driver.patience.until(lambda: not _called(screen), "the end of the call")
    driver.snap("queue-skipped")
    driver.snap("display-after-skip", screen.display.window)


def hold(driver: Driver) -> None:
    """Out for a moment: the place stays, nobody calls."""
    screen = screen_of(driver)
    screen.table.select_first()
    driver.press("F3")
    driver.type(_("Blood test"))
    driver.snap("queue-hold")
    driver.press("Return")
    driver.no_dialog()
    driver.patience.until(lambda: _held(screen), "the patient on hold")
    driver.snap("queue-on-hold")
    driver.click(_held(screen)[0])
    driver.patience.until(lambda: not _held(screen), "the patient back")


def close_queue(driver: Driver) -> None:
    """Who would be left at the end of the day: looked at, not done."""
    driver.click(screen_of(driver).close_queue)
    driver.dialog("CloseQueueDialog")
    driver.snap("queue-close")
    driver.press("Escape")
    driver.no_dialog()


def left(driver: Driver) -> None:
    """Gone without being seen: asked first."""
    screen = screen_of(driver)
    screen.table.select_first()
    driver.press("Shift+F7")
    driver.snap("queue-left")
    driver.click(_("Cancel"))
    driver.no_dialog()


def _held(screen: QueueScreen) -> list[QWidget]:
    return [card.resume for card in screen.rooms.cards.values() if card.resume.isVisible()]


def _called(screen: QueueScreen) -> bool:
    return any(card.visit is not None and card.visit.status is VisitStatus.CALLED for card in screen.rooms.cards.values())


PART = Part(
    "queue",
    "nurse",
    (board, open_display, vital_signs, vitals_refused, transfer, with_a_doctor, call_next, skip, send, hold, close_queue, left, priority),
)
