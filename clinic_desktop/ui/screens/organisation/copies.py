"""Which computers keep a copy of the server's data, how far each is, and how one that was lost is shut out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, isolated, money_text, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.away_words import at
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.sync_words import ago
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, Label, ask, directed

if TYPE_CHECKING:
    from clinic_desktop.sync.copies import CopyRow

COPIES = late("clinic_desktop.sync.copies:copies")
FORGET = late("clinic_desktop.sync.copies:forget_copy")
_LOOK_AGAIN_MS = 15_000
_SHUT_OUT = "SHUT_OUT"
_TONES = {_SHUT_OUT: Tone.NEUTRAL, "AWAY": Tone.WARN, "SILENT": Tone.WARN, "BEHIND": Tone.INFO, "WELL": Tone.GOOD}


class CopiesDialog(Dialog):
    """Reads again every few seconds while it is open."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        text = _(
            "These computers can go on with a copy of the clinic\u2019s data when the server cannot be reached. Each copy is encrypted."
        )
        super().__init__(parent, _("Copies on computers"), text, width=1100)
        self._desk = desk
        self.table = TableView(
            _("Copies on computers"),
            self._columns(),
            key=lambda one: one.code,
            empty=_("No computer keeps a copy. Turn it on at the computer itself, in the panel of sync."),
            empty_icon="hard-drive",
            filterable=False,
            parent=self,
        )
        self.table.setMinimumHeight(260)
        self.told = Label(tone="muted", wrap=True)
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.told)
        self.shut_out = BusyButton(_("Shut out\u2026"), icon_name="x", role=None)
        self.shut_out.clicked.connect(self._ask)
        self.buttons.addWidget(self.shut_out)
        self.add_button(_("Close"), None, self.accept)
        self.table.selected.connect(lambda _one: self._tell())
        self._clock = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._clock.timeout.connect(self._read)
        self._clock.start()
        self._tell()
        self._read()
        self.table.setFocus()

    def _columns(self) -> list[Column]:
        return [
            Column(_("Computer"), lambda one: one.name, width=0),
            Column(_("In its numbers"), lambda one: one.code, width=116),
            Column(_("State"), self._state, chip=self._tone, width=230, tooltip=self._state),
            Column(_("Last heard of"), self._heard, width=130, tooltip=self._heard, sort_key=lambda one: one.last_contact_at or one.since),
            Column(_("Behind"), self._behind, align=END, width=104, sort_key=lambda one: one.behind),
            Column(_("Open till"), self._till, width=170, tooltip=self._till),
            Column(_("Kept since"), self._since, width=120, sort_key=lambda one: one.since),
        ]

    def _read(self) -> None:
        self._desk.work.read(self, COPIES, latest="copies", then=self._show, actor=self._desk.actor)

    def _show(self, rows: list[CopyRow]) -> None:
        self.table.set_rows(rows)
        self._tell()

    # What it says

    def _state(self, one: CopyRow) -> str:
        away = at(one.detached_at, self._desk.place.timezone)
        return {
            _SHUT_OUT: _("Shut out"),
            "AWAY": _("Worked on since {time}").format(time=away),
            "SILENT": _("Switched off or away"),
            "BEHIND": _("Is brought up to date"),
            "WELL": _("Up to date"),
        }[one.state(self._desk.now())]

    def _tone(self, one: CopyRow) -> Tone:
        return _TONES[one.state(self._desk.now())]

    def _heard(self, one: CopyRow) -> str:
        return ago(one.last_contact_at, self._desk.now(), self._desk.place.timezone)

    def _since(self, one: CopyRow) -> str:
        return date_text(business_date(one.since, self._desk.place.timezone))

    @staticmethod
    def _behind(one: CopyRow) -> str:
        if one.revoked_at is not None or not one.behind:
            return ""
        return ngettext("{n} change", "{n} changes", one.behind).format(n=number_text(one.behind))

    @staticmethod
    def _till(one: CopyRow) -> str:
        return ", ".join(f"{isolated(till.cashier_name)}: {isolated(money_text(till.expected))}" for till in one.tills)

    def _tell(self) -> None:
        chosen: CopyRow | None = self.table.current
        is_in = chosen is not None and chosen.revoked_at is None
        self.shut_out.setEnabled(is_in and not self.shut_out.is_busy)
        said = [_("Work that was done on it, and that it has not handed over, would be lost.")] if is_in and self._is_away(chosen) else []
        if chosen is not None and chosen.tills:
            said.append(_("Till open: {tills}. It is counted under Cashier, Open tills.").format(tills=self._till(chosen)))
        self.told.setText(directed(" ".join(said)))

    def _is_away(self, one: CopyRow | None) -> bool:
        return one is not None and one.state(self._desk.now()) in ("AWAY", "SILENT")

    # What it does

    def _ask(self) -> None:
        chosen: CopyRow | None = self.table.current
        if chosen is None:
            return
        text = _(
            "The server takes nothing from the copy on {name} any more, and tells it nothing. What the copy has read stays on that "
            "computer, encrypted: change the passwords of those who used it. Later a new copy can be kept there."
        ).format(name=isolated(chosen.name))
        if self._is_away(chosen):
            text += "\n\n" + _("Work that was done on it, and that it has not handed over, would be lost.")
        ask(self, _("Shut this copy out?"), text, yes=_("Shut it out"), role="danger", then=partial(self._go, chosen))

    def _go(self, chosen: CopyRow) -> None:
        self.shut_out.set_busy(True)
        done = partial(self._done, chosen.name)
        self._desk.work.do(self, FORGET, code=chosen.code, then=lambda _nothing: done(), settled=self._settled)

    def _done(self, name: str) -> None:
        self._desk.toast(_("The copy on {name} is shut out.").format(name=isolated(name)), tone=Tone.GOOD)
        self._read()

    def _settled(self) -> None:
        self.shut_out.set_busy(False)
        self._tell()


def may_list(desk: Desk) -> bool:
    """Whether there can be copies: of a server's data, and only for whoever manages the organisation."""
    return desk.work.db.address.file is None and "organisation.manage" in desk.actor.permissions
