"""A new site of a chain on this computer: a code, an empty encrypted database, the first load, and a clinic of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screens.login.card import WaitPage
from clinic_desktop.ui.syncing import CHANNEL_OF, syncing_of

if TYPE_CHECKING:
    from clinic_desktop.ui.chain import Started
    from clinic_desktop.ui.door import Door
    from clinic_desktop.ui.opening import Opened

_CHAIN = "clinic_desktop.ui.chain:"
_PAGES = "clinic_desktop.ui.screens.setup.chain:"
_LOOK_AGAIN_MS = 15_000


class Chaining(QObject):
    """Leads from the first page to a database that people of the chain can log in to; it goes on where it was cut."""

    def __init__(self, door: Door) -> None:
        super().__init__(door)
        self._door, self._window, self._work = door, door.window, door.work
        self._way: Any = None
        self._progress: Progress | None = None
        self._timer = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._timer.timeout.connect(self._look)

    def begin(self) -> None:
        """Ask for the central server and a code."""
        page = load(_PAGES + "ChainPage")(has_data=self._work.is_open)
        page.left.connect(self._door.back)
        page.entered.connect(lambda given: self._join(page, given))
        self._window.show_page(page)

    def go_on(self) -> None:
        """Load what is missing of the chain's data."""
        progress = self._progress = Progress(self)
        page = WaitPage(_("Loading the data of the other sites…"), cancel=progress.cancel)
        progress.advanced.connect(page.advance)
        self._window.show_page(page)
        syncing = syncing_of(self._work)
        self._way = load("clinic_desktop.ui.way:Way")(CHANNEL_OF if syncing is None else syncing.channel_of)

        def settled() -> None:
            self._progress = None
            progress.deleteLater()
            if self._window.centralWidget() is page:
                self._pause(_("What has arrived is kept. Loading goes on from there."))

        self._work.background(
            self,
            late(_CHAIN + "load_chain"),
            progress=progress,
            db=self._work.db,
            way=self._way,
            then=self._loaded,
            failed=lambda error: self._pause(wording.sentence(error)),
            settled=settled,
        )

    def end(self) -> None:
        """The program ends: nobody waits for the server's answer."""
        self._timer.stop()
        if self._progress is not None:
            self._progress.cancel()
        if self._way is not None:
            self._way.cut()

    def _join(self, page: Any, given: dict[str, Any]) -> None:
        db = self._work.db if self._work.is_open else None
        self._work.call(
            page, late(_CHAIN + "start"), db=db, url=self._door.url, **given, then=self._started, failed=lambda error: page.refuse(error)
        )

    def _started(self, started: Started) -> None:
        if not self._work.is_open:
            self._work.attach(started.db)
        if started.founds:  # central has nothing yet: this site brings the beginning
            self._door.beginning.begin_setup(has_keys=True)
        else:
            self.go_on()

    def _pause(self, text: str) -> None:
        page = load(_PAGES + "PausedPage")(_("The first load is not complete"), text, _("Go on loading"))
        page.entered.connect(self.go_on)
        self._window.show_page(page)

    def _loaded(self, found: Opened) -> None:
        self._timer.stop()
        if not found.is_joining:
            self._door.go_on()
            return
        if not found.has_people:  # central has nothing yet: this site was to bring the beginning
            self._door.beginning.begin_setup(has_keys=True)
            return
        text = _(
            "Everything has arrived. Now this site needs a clinic: at a site that keeps the shared data an administrator adds one "
            "under Clinics and chooses this site for it. This page goes on by itself."
        )
        page = load(_PAGES + "PausedPage")(_("This site has no clinic yet"), text, _("Look again"))
        page.entered.connect(self._look)
        self._window.show_page(page)
        self._timer.start()

    def _look(self) -> None:
        page: Any = self._window.centralWidget()
        if not hasattr(page, "wait") or self._work.is_busy:
            return
        page.wait(True)

        def refused(error: ClinicError) -> None:
            page.say(wording.sentence(error))

        self._work.background(
            page,
            late(_CHAIN + "look"),
            db=self._work.db,
            way=self._way,
            then=lambda found: None if found.is_joining else self._loaded(found),
            failed=refused,
            settled=lambda: page.wait(False),
        )
