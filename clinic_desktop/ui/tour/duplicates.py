"""Somebody who was registered twice: the register is looked over, the two records are compared and merged."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop import wording
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.registration import NAMES, screen_of
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.duplicates.screen import DuplicatesScreen


def _screen(driver: Driver) -> DuplicatesScreen:
    return cast("DuplicatesScreen", driver.screen("duplicates"))


def register_again(driver: Driver) -> None:
    """In a hurry, with a slip in the phone: what stands beside the form is not looked at."""
    driver.press("Alt+1", "Ctrl+F", "F2")
    screen = screen_of(driver)
    screen.form.main["name"].setFocus()
    driver.type(NAMES[driver.story.language])
    driver.press("Tab")
    driver.choose_here(wording.status(Gender.FEMALE))
    driver.press("Tab")
    driver.type("34")
    driver.press("Tab")
    driver.type("9822014478")
    driver.press("F9")
    driver.patience.until(screen.saved.isVisible, "the new number")


def look_over(driver: Driver) -> None:
    """Nobody saw it; the look over the whole register does."""
    driver.click(_("Duplicates"))
    shown = _screen(driver)
    driver.snap("duplicates-none")
    driver.click(shown.look)
    driver.patience.until(lambda: shown.pairs.both is not None and shown.look.isEnabled(), "a pair")
    driver.snap("duplicates")


def merge(driver: Driver) -> None:
    """Two keys, and one way back."""
    driver.press("Ctrl+Return")
    driver.dialog("MergeDialog")
    driver.snap("merge")
    driver.press("Ctrl+Return")
    driver.no_dialog()
    driver.snap("merged")


def past_merges(driver: Driver) -> None:
    """What was merged can be undone."""
    shown = _screen(driver)
    bar = shown.tabs.tabBar()
    driver.click(bar, at=bar.tabRect(1).center())
    shown.merges.table.select_first()
    driver.snap("merges")
    driver.press("Ctrl+Z")
    driver.snap("merge-undo")
    driver.press("Escape")
    driver.no_dialog()
    driver.quiet()


def old_number(driver: Driver) -> None:
    """The number of the merged record under the scanner opens the file of the one in use, which says so."""
    (row,) = _screen(driver).merges.table.rows
    driver.scan(row.merged_number)
    driver.screen("patient")
    driver.patience.rest()
    driver.snap("merged-scanned")


PART = Part("duplicates", None, (register_again, look_over, merge, past_merges, old_number))
