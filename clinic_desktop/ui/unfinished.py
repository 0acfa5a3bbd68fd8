"""What is typed on the screens of one desk and not saved: kept every two seconds, put back where a screen is made again."""

from __future__ import annotations

import logging
from collections.abc import Mapping

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.drafts import Drafts
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.spec import ScreenSpec
from clinic_desktop.ui.theme.tokens import Tone

AUTOSAVE_MS = 2_000
"""How much typing a crash may cost."""

log = logging.getLogger(__name__)


class Unfinished(QObject):
    """The drafts of whoever is at the desk, as the screens that are made give and take them."""

    def __init__(self, desk: Desk, drafts: Drafts, screens: Mapping[str, Screen], window: QWidget) -> None:
        super().__init__(window)
        self.drafts = drafts
        self._desk, self._user, self._screens, self._window = desk, desk.actor.user_id, screens, window
        self._not_put_back: set[str] = set()
        self.pulse = QTimer(self, interval=AUTOSAVE_MS)
        self.pulse.timeout.connect(self.autosave)
        self.pulse.start()
        desk.work.reachable.connect(self._keep_what_was_refused)

    def keep(self) -> None:
        """Keep what is typed and not saved, here and in the database."""
        self._collect()
        self.drafts.write(self._desk.work, again=True)

    def autosave(self) -> None:
        """The same, where something is new since the last time."""
        if self._window.isVisible():  # a shell that was left lives on until it is deleted
            self._collect()
            self.drafts.write(self._desk.work)

    def put_back(self, spec: ScreenSpec, screen: Screen) -> bool:
        """Give a new screen what was typed into the former one; False when it cannot take it, and must be made once more."""
        try:
            kept = self.drafts.draft(self._user, spec.code)
            if kept is not None:
                screen.put_back(kept)
        except Exception:  # written by another version of the program, mostly: nothing of it is shown, and it stays where it is
            log.warning("the draft of %s cannot be put back", spec.code, exc_info=True)
            self._not_put_back.add(spec.code)
            said = _("{screen}: what you had typed cannot be put back by this version of the program. It is kept.")
            self._desk.toast(said.format(screen=_(spec.title)), tone=Tone.WARN)
            return False
        return True

    def tell_what_is_back(self, specs: Mapping[str, ScreenSpec]) -> None:
        """After a crash, or at another computer: what was typed stands there again."""
        typed = self.drafts.typed_before(self._user)
        back = {code: at for code, at in typed.items() if code in specs and code not in self._not_put_back}
        if back:
            when = datetime_text(max(back.values()), timezone=self._desk.place.timezone)
            screens = ", ".join(_(specs[code].title) for code in back)
            self._desk.toast(_("As you left it on {when}: {screens}").format(when=when, screens=screens), tone=Tone.INFO)

    def _keep_what_was_refused(self, is_reachable: bool) -> None:
        if is_reachable and self._window.isVisible():
            self.keep()

    def _collect(self) -> None:
        for code, screen in self._screens.items():
            try:
                kept = screen.kept()
                if kept is not None or code not in self._not_put_back:
                    self.drafts.keep(self._user, code, kept)
            except Exception:  # one screen's mistake must not keep the program from being locked, nor the others from being kept
                log.exception("the draft of %s cannot be kept", code)
