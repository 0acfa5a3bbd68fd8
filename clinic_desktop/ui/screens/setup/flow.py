"""The run of the set-up: which step follows, what is kept of it, and where it goes on after an interruption."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject, QTimer, Signal

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk, Place
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.screens.setup import regions
from clinic_desktop.ui.screens.setup.headings import headings, summary_lines
from clinic_desktop.ui.screens.setup.page import SetupPage
from clinic_desktop.ui.screens.setup.place import PlaceStep
from clinic_desktop.ui.screens.setup.recovery import Recovery
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.screens.setup.summary import Summary
from clinic_desktop.ui.screens.setup.you import You
from clinic_desktop.ui.work import Work

if TYPE_CHECKING:
    from clinic_desktop.ui.founding import Begun, Founded, Standing

_FOUNDING = "clinic_desktop.ui.founding:"
_PIECES = "clinic_desktop.ui.screens.setup."
AUTOSAVE_MS = 2_000
YOU, RECOVERY, PLACE, HOURS, DEPARTMENTS, TAX, SUMMARY = "you", "recovery", "place", "hours", "departments", "tax", "summary"
log = logging.getLogger(__name__)


class Setup(QObject):
    """Runs the steps on a page; ``begun`` when the database is there, ``finished`` when the clinic is, ``left`` back to the choice."""

    begun = Signal(object)
    finished = Signal(object)
    left = Signal()

    def __init__(self, work: Work, url: str, parent: QObject, *, kept: str | None = None, has_keys: bool = True) -> None:
        super().__init__(parent)
        self._work, self._url = work, url
        state = json.loads(kept) if kept else {}
        self._typed: dict[str, dict[str, Any]] = state.get("typed", {})
        self._done: list[str] = state.get("done", [])
        self.saved = kept
        self._order = [one.code for one in headings(has_keys=has_keys)]
        self._steps: dict[str, Step] = {}
        place = Place(UUID(int=0), None, "", "", regions.here(), "XXX")
        self.page = SetupPage(Desk(work, place, self), headings(has_keys=has_keys))
        self.page.continued.connect(self._continue)
        self.page.went_back.connect(self._go_back)
        self._pulse = QTimer(self, interval=AUTOSAVE_MS)
        self._pulse.timeout.connect(self.keep)
        self._first = state.get("step", self._order[0])

    def start(self) -> None:
        """Show the step where the set-up stands; the page must be in its window by now."""
        self._show(self._first if self._first in self._order else self._order[0])
        self._pulse.start()

    def keep(self) -> None:
        """Keep where we are and what is typed, encrypted with all else; before there is a database there is nowhere to."""
        actor = self._work.actor
        if actor is None or actor.user_id is None or not self._work.is_open:
            return
        state = json.dumps({"step": self.page.code, "typed": self._drafts(), "done": self._done})
        if state != self.saved:
            self.saved = state
            command = load("clinic_desktop.clinic.access.commands:keep_drafts")
            changed = {load(_FOUNDING + "DRAFT"): state}
            self._work.do(self, command, failed=self._keep_again, changed=changed, open_screen=None)

    def stop(self) -> None:
        """The set-up is over, or goes on another time."""
        self._pulse.stop()
        self.deleteLater()

    def _keep_again(self, error: ClinicError) -> None:
        self.saved = None
        log.info("the set-up is kept at the next turn: %s", error)

    def _drafts(self) -> dict[str, dict[str, Any]]:
        if self.page.step is not None:
            self._typed[self.page.code] = self.page.step.draft()
        return self._typed

    def _show(self, code: str) -> None:
        step = self._steps.get(code)
        if step is None:
            step = self._steps[code] = self._make(code)
            self._put_back(code, step)
        # Who began is the owner of the data already: from there on the way back ends at the step after it.
        goes_back = code == YOU or self._order[self._order.index(code) - 1] != YOU
        self.page.show_step(code, step, done=self._done, back=goes_back, button=self._button(step))
        self._prepare(code, step)

    def _put_back(self, code: str, step: Step) -> None:
        if code in self._typed:
            try:
                step.restore(self._typed[code])
            except Exception:  # kept by another version of the program: the step is filled in again
                log.warning("what was typed into %s cannot be put back", code, exc_info=True)

    def _button(self, step: Step) -> str:
        if isinstance(step, Recovery):
            return step.button_text
        return _("Open the clinic") if isinstance(step, Summary) else _("Continue")

    def _make(self, code: str) -> Step:
        host = self.page.host()
        match code:
            case "you":
                you = You(host)
                you.password_typed.connect(lambda username, password: self._look_at_password(you, username, password))
                step: Step = you
            case "recovery":
                recovery = Recovery(host)
                recovery.print_wanted.connect(self._print)
                recovery.turned.connect(lambda: self.page.forward.setText(recovery.button_text))
                step = recovery
            case "place":
                step = PlaceStep(host)
            case "hours":
                zone = self._zone()
                made = load(_PIECES + "hours:Hours")(host, first_day=regions.first_day(zone), working_days=regions.working_days(zone))
                step = made
            case "departments":
                step = load(_PIECES + "departments:Departments")(host)
            case "tax":
                step = load(_PIECES + "tax:Tax")(host, today=self.page.desk.today())
            case _:
                step = Summary(host)
        step.entered.connect(self.page.forward.click)
        return step

    def _zone(self) -> str:
        return str(self._typed.get(PLACE, {}).get("timezone") or regions.here())

    def _prepare(self, code: str, step: Step) -> None:
        """What a step must be told before it can be filled in."""
        if isinstance(step, Recovery) and code in self._done:
            step.show_made()
        elif isinstance(step, Recovery) and not step.has_key:
            self._work.call(step, late(_FOUNDING + "fresh_key"), then=step.show_key)
        elif isinstance(step, PlaceStep) and code in self._done:
            step.fix_currency()
        elif isinstance(step, Summary):
            self._work.call(step, late(_FOUNDING + "standing"), db=self._work.db, then=lambda it: self._show_summary(step, it))

    def _show_summary(self, step: Summary, found: Standing) -> None:
        step.show_lines(summary_lines(found))

    def _look_at_password(self, you: You, username: str, password: str) -> None:
        self._work.call(you, late(_FOUNDING + "look_at_password"), failed=you.say_weakness, username=username, password=password)

    def _print(self, key: str) -> None:
        compose = late("clinic_desktop.documents.compose.recovery:recovery_sheet")
        actor = self.page.desk.actor
        load("clinic_desktop.ui.printing:show_document")(
            self.page, _("Recovery key"), compose, key=key, name=actor.name, user_id=actor.user_id, timezone=regions.here()
        )

    # Going on and back

    def _go_back(self) -> None:
        place = self._order.index(self.page.code)
        if place == 0:
            self.left.emit()
            return
        self._drafts()
        self._show(self._order[place - 1])

    def _continue(self) -> None:
        step, code = self.page.step, self.page.code
        if step is None or self.page.forward.is_busy:
            return
        self.page.say(None)
        entered = step.read()
        if entered is None:
            return
        if code == RECOVERY and code in self._done:
            self._go_on(code)
            return
        self.page.forward.set_busy(True)
        self._ask(code, entered)

    def _ask(self, code: str, entered: dict[str, Any]) -> None:
        function, then = self._deed(code)
        given: dict[str, Any] = {"form": entered} if code == PLACE else dict(entered)
        given["db"] = self._work.db if self._work.is_open else None
        if code == YOU:
            given["url"] = self._url
        elif code != RECOVERY:
            given["actor"] = self._work.actor
        self._work.call(
            self.page,
            late(_FOUNDING + function),
            **given,
            then=then,
            failed=self.page.refuse,
            settled=lambda: self.page.forward.set_busy(False),
        )

    def _deed(self, code: str) -> tuple[str, Callable[[Any], object]]:
        """What a step does on the database thread, and what follows."""
        match code:
            case "you":
                return "begin", self._begun
            case "recovery":
                return "confirm_key", lambda _nothing: self._go_on(code)
            case "summary":
                return "finish", self._finished
            case _:
                return f"keep_{code}", lambda _nothing: self._go_on(code)

    def _begun(self, begun: Begun) -> None:
        if not self._work.is_open:
            self._work.attach(begun.db)
        self._work.actor = begun.actor
        self._typed.pop(YOU, None)
        if not begun.has_keys:
            self._order = [code for code in self._order if code != RECOVERY]
        self.begun.emit(begun)
        self._go_on(YOU)

    def _finished(self, founded: Founded) -> None:
        self._pulse.stop()
        self.finished.emit(founded)

    def _go_on(self, code: str) -> None:
        if code not in self._done:
            self._done.append(code)
        self._drafts()
        self._show(self._order[self._order.index(code) + 1])
        self.keep()
