"""Identity cards and the search of the window: a batch, a lost card, what is found and done by typing, and the design of the cards."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QPoint

from clinic_desktop.clinic.patients import queries
from clinic_desktop.clinic.patients.card_design import Item
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.getting_about import go_to
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its screens when it opens them, and that is watched
    from clinic_desktop.ui.screens.cards.design_screen import DesignScreen
    from clinic_desktop.ui.screens.cards.screen import CardsScreen
    from clinic_desktop.ui.screens.reception.patient_screen import PatientScreen


def find_and_do(driver: Driver) -> None:
    """A verb with a part of a name, and somebody in the queue by number."""
    driver.press("Ctrl+K")
    driver.type("book ka")
    driver.snap("search-verb")
    driver.clear()
    driver.type("#1")
    driver.snap("search-token")
    driver.press("Escape")


def batch(driver: Driver) -> None:
    """Those who were registered today and have no card: issued and printed in one go."""
    driver.click(driver.shell.rail.buttons["cards"])
    screen = cast("CardsScreen", driver.screen("cards"))
    driver.snap("cards-not-printed")
    screen.listed.setFocus()
    driver.press("Down")
    driver.patience.rest()
    driver.snap("cards-without")
    driver.press("Down")
    driver.patience.rest()
    driver.snap("cards-to-renew")
    driver.press("Down")
    driver.click(screen.add)
    for number in _some_numbers(driver):
        driver.type(number)
        driver.press("Return")
        driver.patience.until(lambda: not screen.add.text(), "the patient in the list")
    driver.choose(_("Paper"), _("A4 sheet, 10 cards with backs"))
    driver.snap("cards-chosen")
    driver.press("F9")
    driver.save_document("id-cards-a4")


def lost(driver: Driver) -> None:
    """The card of the patient who was registered is lost: whoever scans it is told before the patient opens."""
    card = driver.ask(queries.card_in_use, patient_id=driver.story.patient_id)
    driver.shell.desk.open("patient", patient_id=driver.story.patient_id)
    screen = cast("PatientScreen", driver.screen("patient"))
    driver.patience.until(lambda: screen.file.file is not None, "the file")
    spec = next(one for one in screen.file.more.specs if one.code == "replace_card")
    driver.with_menu(screen.file.more, lambda: driver.choose_in_menu(_(spec.title)))
    dialog = driver.dialog("ReplaceCard")
    driver.snap("card-lost")
    driver.click(dialog.revoke)
    driver.no_dialog()
    driver.scan(card.card_number)
    driver.dialog("Dialog")
    driver.snap("card-not-valid")
    driver.press("Return")
    driver.no_dialog()


def design(driver: Driver) -> None:
    """A field is chosen and moved until it is too near another; the back; a design for new cards."""
    screen: DesignScreen = go_to(driver, "card_design")
    driver.patience.until(lambda: screen.faces is not None, "the picture of the card")
    driver.snap("admin-card-design")
    place = next(number for number, one in enumerate(screen.design.elements) if one.item is Item.NUMBER)
    driver.click(screen.canvas, at=_middle(screen, place))
    driver.press("Down", "Down", "Down", "Down")
    driver.patience.rest()
    driver.snap("admin-card-overlap")
    driver.press("Ctrl+Z", "Ctrl+Z", "Ctrl+Z", "Ctrl+Z")
    driver.choose(_("Side"), _("Back"))
    driver.patience.rest()
    driver.snap("admin-card-back")
    driver.press("Ctrl+P")
    driver.save_document("id-card-test")


def _middle(screen: DesignScreen, place: int) -> QPoint:
    return screen.canvas.box(screen.design.elements[place]).center().toPoint()


def _some_numbers(driver: Driver) -> list[str]:
    found = driver.ask(queries.search, text="a", limit=12)
    if not found:
        raise StepFailed("nobody is registered")
    return [str(one.patient_number) for one in found]


PART = Part("cards", None, (find_and_do, batch, lost))
