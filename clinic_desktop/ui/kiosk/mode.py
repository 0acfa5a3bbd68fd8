"""The program as a kiosk: how it becomes one, how it is one again after a restart, and how only staff gets out of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any
from uuid import UUID

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QApplication

from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.idle import Idle
from clinic_desktop.ui.late import late, load

if TYPE_CHECKING:
    from clinic_desktop.kernel.security import Actor
    from clinic_desktop.ui.kiosk.kiosk import Kiosk
    from clinic_desktop.ui.opening import ClinicFacts
    from clinic_desktop.ui.session import Session

_ENTERING = "clinic_desktop.ui.entering:"
BACK_AFTER_SECONDS = 45
"""A login page that nobody uses must not stay in the hall."""


class KioskMode(QObject):
    """What a ``Session`` is while patients use it."""

    def __init__(self, app: QApplication, session: Session) -> None:
        super().__init__(session)
        self._session, self._window, self._work, self._preferences = session, session.window, session.work, session.preferences
        self.is_opening = False
        """Whether the session at this desk is being narrowed: the rights that change by it make no new desk."""
        self._place: Place | None = None
        self._session_id: UUID | None = None
        self._may_close: Callable[[], bool] | None = None
        self._back = Idle(app, self)
        self._back.passed.connect(self.come_back)

    @property
    def is_on(self) -> bool:
        """Whether this computer is a kiosk now, also while its login page is shown."""
        return self._place is not None

    @property
    def page(self) -> Kiosk | None:
        """The kiosk, while it is shown."""
        page = self._window.centralWidget()
        return page if self.is_on and type(page).__name__ == "Kiosk" else None  # type: ignore[return-value]

    def hand_over(self, clinic: ClinicFacts) -> None:
        """Make the session at this desk a kiosk's; what is typed is kept for whoever comes back."""

        def go(actor: Actor) -> None:
            self._session.clear_desk()
            self._begin(clinic, actor)

        def settled() -> None:
            self.is_opening = False

        self.is_opening = True
        opening = late(_ENTERING + "open_kiosk")
        self._work.call(self, opening, db=self._work.db, actor=self._work.actor, then=go, settled=settled)

    def resume(self, clinics: tuple[ClinicFacts, ...]) -> None:
        """Be a kiosk again where the program ended as one, and its session still stands."""
        kept = self._preferences.kiosk
        clinic = None if kept is None else next((one for one in clinics if one.id == kept[1]), None)
        if kept is None or clinic is None or self.is_on:
            return

        def go(actor: Actor | None) -> None:
            if actor is None:
                self._preferences.remember_kiosk(None)
            elif self._work.actor is None:
                self._begin(clinic, actor)

        self._work.call(
            self,
            late(_ENTERING + "resume_kiosk"),
            db=self._work.db,
            session_id=kept[0],
            clinic_id=clinic.id,
            then=go,
            failed=lambda _error: None,  # a person logs in, and opens it anew
        )

    def _begin(self, clinic: ClinicFacts, actor: Actor) -> None:
        self._work.actor = actor
        self._place = Place(clinic.id, actor.workstation_id, clinic.name, clinic.hospital_name, clinic.timezone, clinic.currency)
        self._session_id = actor.session_id
        assert actor.session_id is not None
        self._preferences.remember_kiosk((actor.session_id, clinic.id))
        if self._window.may_close != self._refuse_close:
            self._may_close, self._window.may_close = self._window.may_close, self._refuse_close
        self._window.on_trouble = self._say_trouble
        self._show()
        self._window.showFullScreen()
        self._session.housekeeping.start(self._place, only_clock=self._session.away.is_on_copy)

    def _show(self) -> None:
        assert self._place is not None
        self._back.stop()
        page: Kiosk = load("clinic_desktop.ui.kiosk.kiosk:Kiosk")(self._work, self._place)
        page.staff_wanted.connect(self.ask_staff)
        self._window.show_page(page)

    def _refuse_close(self) -> bool:
        """Nobody closes a kiosk but staff, or the computer that shuts down."""
        app = QApplication.instance()
        if isinstance(app, QApplication) and app.isSavingSession():
            return True
        if self.page is not None:
            self.ask_staff()
        return False

    def ask_staff(self) -> None:
        """Show the login: whoever comes in there takes the computer back."""
        assert self._place is not None
        self._work.actor = None
        self._back.start(BACK_AFTER_SECONDS)
        lock, name = self._session.desk_lock, self._preferences.username
        lock.show(name, clinic_id=self._place.clinic_id, workstation_id=self._place.workstation_id)

    def come_back(self) -> None:
        """Nobody came in: it is a kiosk again."""
        if self._place is None or self._session_id is None or self._work.actor is not None:
            return
        self._work.call(
            self,
            late(_ENTERING + "resume_kiosk"),
            db=self._work.db,
            session_id=self._session_id,
            clinic_id=self._place.clinic_id,
            then=self._came_back,
            failed=lambda _error: self._back.start(BACK_AFTER_SECONDS),
        )

    def _came_back(self, actor: Actor | None) -> None:
        if actor is None:
            self.end()  # the login page stays: this is a desk again
        elif self.is_on and self._work.actor is None:
            self._work.actor = actor
            self._show()

    def end(self) -> bool:
        """This computer is a desk again; whether it was none."""
        if not self.is_on:
            return False
        self._place = self._session_id = None
        self._back.stop()
        self._preferences.remember_kiosk(None)
        self._window.may_close, self._may_close = self._may_close, None
        self._window.on_trouble = None
        self._window.showNormal()
        return True

    def take_scan(self, code: str) -> None:
        """Give a scanned code to whatever is shown."""
        if self._window.shell is not None:
            self._window.shell.take_scan(code)
        elif self.page is not None:
            self.page.scanned(code)

    def _say_trouble(self, _trouble: Any) -> bool:
        if self.page is not None:
            self.page.say_trouble()
        return self.page is not None
