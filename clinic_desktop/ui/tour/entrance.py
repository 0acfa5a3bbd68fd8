"""The first start, logging in with a slip of the fingers, and the door that locks after too many of them."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import load
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.setup.choose import DEMO, NEW, ChoosePage
from clinic_desktop.ui.screens.setup.page import SetupPage
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.eyes import StepFailed
from clinic_desktop.ui.tour.story import Part
from clinic_desktop.ui.widgets import LineEdit


def first_start(driver: Driver) -> None:
    """An empty database: a look at the demo clinic."""
    window = driver.session.window
    driver.patience.until(lambda: not isinstance(window.centralWidget(), WaitPage), "the database")
    driver.patience.rest()
    if not isinstance(window.centralWidget(), ChoosePage):
        return
    driver.snap("first-start")
    driver.click(driver.find(ChoosePage).tiles[NEW])
    driver.find(SetupPage)
    driver.snap("set-up-you")
    driver.click(driver.find(SetupPage).back)
    driver.press_down(driver.find(ChoosePage).tiles[DEMO])
    driver.patience.until(lambda: isinstance(window.centralWidget(), LoginPage), "the demo clinic", times=6)
    driver.snap("demo-ready")
    driver.press("Return")
    driver.no_dialog()


def mistyped_password(driver: Driver) -> None:
    """One wrong letter in the password: said at once, and the next try replaces it."""
    type_login(driver, "reception", "sunrise-demo-2025")
    driver.find(LoginPage)
    driver.snap("login-refused")
    driver.type(password())
    driver.press("Return")
    driver.screen("reception")


def locked_out(driver: Driver) -> None:
    """Too many wrong passwords for one name."""
    leave(driver)
    for _attempt in range(8):
        page = driver.find(LoginPage)
        if not page.button.isEnabled():
            break
        type_login(driver, "auditor", "guess")
    else:
        raise StepFailed("eight wrong passwords did not lock the login")
    driver.snap("login-locked")


def log_in(driver: Driver, username: str) -> None:
    """Log out whoever is there and log in as another person."""
    leave(driver)
    type_login(driver, username, password())
    driver.patience.until(lambda: driver.session.window.shell is not None, f"the desk of {username}")
    driver.patience.rest()


def leave(driver: Driver) -> None:
    """Log out by the user menu."""
    if driver.session.window.shell is not None:
        driver.with_menu(driver.shell.header.user, lambda: driver.choose_in_menu(_("Log out")))
    driver.patience.until(lambda: isinstance(driver.session.window.centralWidget(), LoginPage), "the login page")
    driver.patience.rest()


def type_login(driver: Driver, username: str, secret: str) -> None:
    """Type name and password into the log-in page, and Enter."""
    driver.click(driver.find(LineEdit, _("Username")))
    driver.clear()
    driver.type(username)
    driver.press("Tab")
    driver.clear()
    driver.type(secret)
    driver.press("Return")


def password() -> str:
    """The password of everybody in the demo clinic."""
    return str(load("clinic_desktop.clinic.simulation.demo:DEMO_PASSWORD"))


PART = Part("entrance", None, (first_start, mistyped_password))
LOCKED = Part("lockout", None, (locked_out,))
