"""The set-up of a new clinic, page by page, in a database of its own that is thrown away after the tour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.setup.choose import CHAIN, JOIN, NEW, RESTORE, ChoosePage
from clinic_desktop.ui.screens.setup.page import SetupPage
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.entrance import leave, password
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:  # the program imports its steps when it shows them, and that is watched
    from clinic_desktop.ui.screens.setup.recovery import Recovery

P = TypeVar("P", bound=QWidget)


def leave_demo(driver: Driver) -> None:
    """Back to the choice how to begin; the other ways to a clinic, seen from outside."""
    leave(driver)
    driver.click(driver.find(LoginPage).leave)
    _page(driver, ChoosePage)
    for way, name in ((JOIN, "join"), (CHAIN, "join-chain"), (RESTORE, "restore")):
        driver.click(driver.find(ChoosePage).tiles[way])
        driver.snap(name)
        driver.click(_("Back"))
        _page(driver, ChoosePage)


def you(driver: Driver) -> None:
    """Who sets it up: a password that is too easy is refused as soon as its field is left."""
    driver.click(driver.find(ChoosePage).tiles[NEW])
    page = _page(driver, SetupPage)
    _type(driver, full_name="Asha Verma", username="asha", password="qwerty")  # noqa: S106 - refused
    driver.press("Tab")
    driver.snap("set-up-refused")
    _type(driver, password=password(), again=password())
    driver.click(page.forward)
    _step(driver, "recovery")


def recovery(driver: Driver) -> None:
    """The key on paper, and two of its groups typed back."""
    step: Recovery = _step(driver, "recovery")
    driver.patience.until(lambda: step.has_key, "the key")
    driver.snap("set-up-recovery")
    driver.click(step.print)
    driver.save_document("recovery-key")
    page = driver.find(SetupPage)
    driver.click(page.forward)
    for number, field in step.typed_back.fields.items():
        driver.click(field.editor)
        driver.type(step.groups[int(number)])
    driver.snap("set-up-recovery-typed-back")
    driver.click(page.forward)
    _step(driver, "place")


def place(driver: Driver) -> None:
    """The hospital and its first branch."""
    step = _step(driver, "place")
    _type(driver, name="Lakeside Practice", clinic_name="Lakeside", address="4 Hill Street", phone="+91 20 5550 0142")
    step.form["timezone"].set_value("Asia/Kolkata")  # a list of hundreds: letters would lead past all of Asia
    driver.snap("set-up-place")
    driver.click(driver.find(SetupPage).forward)
    _step(driver, "hours")


def hours(driver: Driver) -> None:
    """When it is open, and which departments it has."""
    page = driver.find(SetupPage)
    driver.snap("set-up-hours")
    driver.click(page.forward)
    step = _step(driver, "departments")
    driver.click(step.ticks[3])
    driver.snap("set-up-departments")
    driver.click(page.forward)
    _step(driver, "tax")


def tax(driver: Driver) -> None:
    """Which tax."""
    page = driver.find(SetupPage)
    driver.choose(_("Tax on what the clinic sells"), "GST")
    _type(driver, rate_basis_points="18")
    driver.snap("set-up-tax")
    driver.click(page.forward)
    _step(driver, "summary")


def open_clinic(driver: Driver) -> None:
    """Everything at a glance; then the clinic is open and says what is left to do."""
    driver.snap("set-up-summary")
    driver.click(driver.find(SetupPage).forward)
    driver.patience.until(lambda: driver.session.window.shell is not None, "the new clinic", times=3)
    driver.screen("first_steps")
    driver.snap("first-steps")


def _page(driver: Driver, kind: type[P]) -> P:
    window = driver.session.window
    driver.patience.until(lambda: isinstance(window.centralWidget(), kind), f"the page {kind.__name__}")
    driver.patience.rest()
    return driver.find(kind)


def _step(driver: Driver, code: str) -> Any:
    """The step of the set-up that is open, which must be that one."""
    page = driver.find(SetupPage)
    driver.patience.until(lambda: page.code == code, f"the step {code} (open is {page.code}: {page.trouble.text()})", times=2)
    driver.patience.rest()
    return page.step


def _type(driver: Driver, **texts: str) -> None:
    """Type over what stands in the fields of the open step."""
    step = driver.find(SetupPage).step
    assert step is not None
    for name, text in texts.items():
        driver.click(driver.reveal(step.form[name]))
        driver.clear()
        driver.type(text)


PART = Part("founding", None, (leave_demo, you, recovery, place, hours, tax, open_clinic))
