"""The clinic's server goes away and comes back: the list of copies, work on this computer's copy, and the way home.

A tour has no server to lose. The copy is a real one, of the demo; that the network is gone, or back, is told to the window as the
network would tell it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui import away_words
from clinic_desktop.ui.away_strip import Shown, tell_on
from clinic_desktop.ui.keeping import CopyState
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.syncing import syncing_of
from clinic_desktop.ui.tour.driver import Driver
from clinic_desktop.ui.tour.getting_about import go_to
from clinic_desktop.ui.tour.story import Part

if TYPE_CHECKING:
    from clinic_desktop.sync.replica_files import Kept

_COPIED = "clinic_desktop.ui.tour.copied:"


def keep(driver: Driver) -> None:
    """This computer keeps a copy, and an administrator sees the copies of all."""
    session, made = driver.session, list["Kept"]()
    work = session.work
    work.call(session, late(_COPIED + "keep"), demo=work.db, actor=work.actor, name=_("Reception"), then=made.append)
    driver.patience.until(lambda: made, "the copy", times=3)
    session.away.keeping.state = CopyState(made[0])
    driver.click(driver.shell.rail.buttons["administration"])
    go_to(driver, "workstations")
    load("clinic_desktop.ui.screens.organisation.copies:CopiesDialog")(driver.shell.desk, driver.shell).open()
    dialog = driver.dialog("CopiesDialog")
    driver.pick_row(dialog.table, lambda _one: True)
    driver.snap("copies-on-computers")
    driver.click(dialog.shut_out)
    driver.snap("copies-shut-out")
    driver.press("Escape")
    driver.press("Escape")
    driver.no_dialog()


def lose(driver: Driver) -> None:
    """The server is gone: the copy is offered, with what is possible on it and what is not."""
    strip = driver.session.window.strip
    driver.session.work.reachable.emit(False)
    driver.patience.until(strip.isVisible, "the strip")
    driver.snap("copy-offered")
    driver.click(strip.button)
    driver.snap("copy-question")
    driver.press("Return")
    driver.patience.until(lambda: driver.session.away.is_on_copy and strip.isVisible(), "the copy", times=3)


def work(driver: Driver) -> None:
    """At work on the copy: what is the server's alone is refused in words."""
    driver.patience.until(lambda: driver.session.window.shell is not None and driver.shell.current is not None, "the desk")
    driver.click(driver.shell.rail.buttons["reception"])
    driver.snap("copy-at-work")
    driver.click(driver.shell.rail.buttons["administration"])
    go_to(driver, "departments")
    driver.press("F2")
    driver.type("Dermatology")
    driver.press("Ctrl+S")
    driver.snap("copy-refused")
    driver.press("Ctrl+Shift+Y")
    driver.dialog("CopyDialog")
    driver.snap("copy-panel")
    driver.press("Escape")
    driver.no_dialog()


def come_back(driver: Driver) -> None:
    """The server answers again; what was done is handed over, and work goes on there."""
    session = driver.session
    syncing, state, strip = syncing_of(session.work), session.away.keeping.state, session.window.strip
    phase = None if syncing is None else syncing.state.phase

    def at(then: Any) -> str:
        return away_words.at(then, session.timezone)

    for name, handing in (("copy-back", None), ("copy-handing-over", (2, 3))):
        tell_on(strip, Shown.BACK, at, state, phase, handing, 0)
        driver.snap(name)
    session.away.leave_copy()
    driver.patience.until(lambda: not session.away.is_on_copy and not session.work.is_busy, "the way home", times=2)
    driver.patience.rest()
    session.work.call(session, late(_COPIED + "remove"), url=session.door.home)
    driver.patience.rest()


PART = Part("copies", "owner", (keep, lose, work, come_back))
