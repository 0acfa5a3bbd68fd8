"""The desk's picture of time: the day, an appointment carried by keys, the week of a doctor and that of the clinic."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.calendar.screen import CalendarScreen


def screen_of(driver: Driver) -> CalendarScreen:
    """The open calendar."""
    return cast("CalendarScreen", driver.screen("calendar"))


def day(driver: Driver) -> None:
    """Today, a column a doctor."""
    driver.press("Alt+3")
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.grid.board is not None, "the day")
    driver.snap("calendar-day")


def carry(driver: Driver) -> None:
    """An appointment of the next day is taken up, said where it would stand, and put back."""
    screen = screen_of(driver)
    driver.press("PgDown")
    grid, board = screen.grid, screen.grid.board
    block = next((one for one in board.blocks if grid.taking.can_move(one.row)), None) if board is not None else None
    if block is None:
        raise StepFailed("nothing is booked on the next day")
    grid.scroll_to(block.rect)
    driver.click(grid.viewport(), at=grid.shown_rect(block.rect).center().toPoint())
    driver.snap("calendar-selected")
    driver.press("M", driver.ahead, "Down")
    driver.snap("calendar-carried")
    driver.press("Escape", "T")


def draw(driver: Driver) -> None:
    """A longer appointment is drawn by keys at a free place, and given up."""
    driver.press("PgDown", "N")
    screen = screen_of(driver)
    driver.patience.until(lambda: screen.grid.cursor_at is not None and screen.grid.cursor_at.is_empty, "a free place")
    driver.press("L", "Down", "Down")
    driver.snap("calendar-drawn")
    driver.press("Escape", "T")


def find(driver: Driver) -> None:
    """Who is looked for stands out."""
    driver.press("Ctrl+F")
    driver.type("sha")
    driver.snap("calendar-find")
    driver.press("Escape", "Down")


def weeks(driver: Driver) -> None:
    """The week of a doctor, and the clinic's."""
    screen = screen_of(driver)
    screen.grid.setFocus()
    driver.press("W")
    driver.snap("calendar-week")
    driver.press("A")
    driver.snap("calendar-clinic-week")
    driver.press(driver.ahead, "Space", "M", "Down", driver.ahead)
    driver.snap("calendar-clinic-carried")
    driver.press("Escape", "Return", "D", "T")
    driver.press("Alt+1")


PART = Part("calendar", None, (day, carry, draw, find, weeks))
