"""A PIN of one's own, and coming back to a locked desk with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.entrance import leave, password, type_login
from clinic_desktop.ui.tour.story import Part
from clinic_desktop.ui.widgets import Button

if TYPE_CHECKING:  # the program imports its pages when it shows them, and that is watched
    from clinic_desktop.ui.screens.login.lock import LockPage

PIN = "24680"
"""Two of them in a row, at the pace of a tour, must not look like eight digits from a scanner."""


def own_account(driver: Driver) -> None:
    """The receptionist looks at her account."""
    driver.with_menu(driver.shell.header.user, lambda: driver.choose_in_menu(_("My account")))
    driver.dialog("AccountDialog")
    driver.snap("my-account")
    driver.press("Escape")
    driver.no_dialog()


def choose_pin(driver: Driver) -> None:
    """She and the cashier choose a PIN: both work at this desk, and neither logs out in between."""
    _choose_pin(driver, "pin-chosen")
    driver.press("Ctrl+L")
    driver.click(_lock_page(driver).other)
    type_login(driver, "cashier", password())
    driver.patience.until(lambda: driver.session.window.shell is not None, "the desk of the cashier")
    driver.patience.rest()
    _choose_pin(driver)


def lock(driver: Driver) -> None:
    """The locked desk: who may come back, a wrong PIN, the right one."""
    driver.press("Ctrl+L")
    page = _lock_page(driver)
    driver.snap("locked")
    driver.type("13579")
    driver.press("Return")
    driver.patience.until(lambda: page.trouble.isVisible(), "the refusal of the PIN")
    driver.snap("locked-wrong-pin")
    driver.click(page.people["reception"])
    driver.type(PIN)
    driver.press("Return")
    driver.patience.until(lambda: driver.session.window.shell is not None, "the desk of the receptionist")
    driver.snap("back-by-pin")


def forgotten(driver: Driver) -> None:
    """A forgotten password is no end: an administrator gives a code."""
    leave(driver)
    driver.click(driver.find(Button, _("I have forgotten my password")))
    driver.snap("login-forgotten")
    driver.click(driver.find(Button, _("Back to the login")))


def _choose_pin(driver: Driver, picture: str | None = None) -> None:
    driver.with_menu(driver.shell.header.user, lambda: driver.choose_in_menu(_("My account")))
    account = driver.dialog("AccountDialog")
    driver.click(account.pin)
    dialog = driver.dialog("PinDialog")
    for name, text in (("current", password()), ("pin", PIN), ("again", PIN)):
        driver.click(dialog.form[name])
        driver.type(text)
    if picture is not None:
        driver.snap(picture)
    driver.press("Return")
    driver.dialog("AccountDialog")
    driver.press("Escape")
    driver.no_dialog()


def _lock_page(driver: Driver) -> LockPage:
    window = driver.session.window
    driver.patience.until(lambda: type(window.centralWidget()).__name__ == "LockPage", "the locked desk")
    driver.patience.rest()
    return cast("LockPage", window.centralWidget())


PART = Part("account", "reception", (own_account, choose_pin, lock, forgotten))
