"""The panel of sync: how it stands, what waits, why it stands still and what to do, and the way in and out of a chain."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QProgressBar, QWidget

from clinic_desktop.clinic.reconciling.commands import DECIDE, link_site
from clinic_desktop.kernel.formats import isolated, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keeping import keeping_of
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.reconcile.chain import JoinChainDialog
from clinic_desktop.ui.screens.reconcile.copy import CopyDialog
from clinic_desktop.ui.screens.reconcile.facts import Facts
from clinic_desktop.ui.sync_words import ago, headline, trouble
from clinic_desktop.ui.syncing import SyncState, syncing_of
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Dialog, Label, ask, directed, keyed

if TYPE_CHECKING:
    from clinic_desktop.sync.overview import Overview

OVERVIEW = late("clinic_desktop.sync.overview:overview")
LEAVE = late("clinic_desktop.sync.joining:leave")


class SyncDialog(Dialog):
    """Opens at once and fills as it reads; closing it stops nothing."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent, _("Sync with the other sites"), width=560)
        self._desk, self._syncing = desk, syncing_of(desk.work)
        self._found: Overview | None = None
        self.head = Label(voice=Text.STRONG)
        self.why = Label(tone="warn", wrap=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("Sync"))
        self.bar.setRange(0, 0)
        self.bar.setFixedHeight(scaled(6))
        self.bar.setTextVisible(False)
        self.moving = Label(tone="muted")
        self.facts = Facts()
        self._lay_out()
        self.join_button = self.add_button(_("Join a chain…"), "primary", self._join)
        self.leave_button = self.add_button(_("Leave the chain…"), None, self._leave)
        self.decide_button = self.add_button(_("Reconcile"), None, self._reconcile)
        self.copy_button = self.add_button(_("This computer\u2019s copy\u2026"), None, self._copy)
        self.now = self.add_button(_("Sync now"), "primary", self._now)
        self.add_button(_("Close"), None, self.accept)
        keyed(self.now, "F5")
        for button in (self.join_button, self.leave_button, self.decide_button, self.now):
            button.hide()
        self.copy_button.setVisible(keeping_of(desk.work) is not None and desk.work.db.address.file is None)
        self._show_state(SyncState() if self._syncing is None else self._syncing.state)
        if self._syncing is not None:
            self._syncing.changed.connect(self._show_state)
        self._read()

    def _lay_out(self) -> None:
        for widget in (self.head, self.why, self.bar, self.moving):
            self.body.addWidget(widget)
        self.body.addLayout(self.facts)
        self.body.addStretch(1)  # a window that was higher a moment ago keeps its lines together

    # What it shows

    def _show_state(self, state: SyncState) -> None:
        told, phase, why = headline(state), state.phase, trouble(state)
        self.head.setText(told.text if not state.is_alone else _("This database stands alone: no other site sees what is done here."))
        self.head.setWordWrap(True)
        self.head.set_tone("warn" if told.needs_attention else None)
        self.why.setText(directed(why))
        self.why.setVisible(bool(why))
        is_working = phase is not None and phase.is_working
        self.bar.setVisible(is_working)
        self.moving.setVisible(is_working)
        if phase is not None and is_working:
            self.moving.setText(_("{sent} sent, {read} read").format(sent=number_text(phase.pushed), read=number_text(phase.pulled)))
        if not is_working:
            self._read()

    def _read(self) -> None:
        self._desk.work.read(self, OVERVIEW, latest="overview", then=self._show, failed=lambda _error: None, now=self._desk.now())

    def _show(self, found: Overview) -> None:
        self._found = found
        linked, may_link = found.link.is_linked, self._desk.may(link_site)
        self.facts.tell(self._lines(found) if linked else [])
        self.join_button.setVisible(not linked and may_link)
        self.leave_button.setVisible(linked and may_link)
        self.now.setVisible(linked)
        self.decide_button.setVisible(linked and bool(found.conflicts or found.parked) and self._desk.actor.may(DECIDE))

    def _lines(self, found: Overview) -> list[tuple[str, str]]:
        link, now, zone = found.link, self._desk.now(), self._desk.place.timezone
        state = SyncState() if self._syncing is None else self._syncing.state
        unsent = 0 if state.phase is None else state.phase.unsent
        lines = [
            (_("Site"), f"{isolated(link.site_name or '–')} ({link.site_code})"),
            (_("Shared data"), _("may be changed here") if link.keeps_shared_data else _("is changed at other sites and read here")),
            (_("Sites of the chain"), number_text(found.sites)),
            (_("Central server"), isolated((link.address or "").removeprefix("https://"))),
            (_("Last contact"), ago(found.last_contact_at, now, zone)),
            (_("Last complete sync"), ago(found.last_synced_at, now, zone)),
            (_("Not sent yet"), ngettext("{n} change", "{n} changes", unsent).format(n=number_text(unsent))),
            (
                _("Position"),
                _("sent up to {sent} of {here}, read up to {read}").format(
                    sent=number_text(found.pushed_seq), here=number_text(found.head_seq), read=number_text(found.pulled_seq)
                ),
            ),
            (_("To decide"), number_text(found.conflicts)),
            (_("Set aside here"), number_text(found.parked)),
        ]
        until = found.is_held_elsewhere_until
        if state.phase is not None and state.phase.is_elsewhere and until is not None:
            lines.append((_("Who syncs"), _("another computer, which was last heard of a moment ago")))
        return lines

    # What it does

    def _now(self) -> None:
        if self._syncing is not None:
            self._syncing.now()

    def _reconcile(self) -> None:
        self.accept()
        self._desk.open("reconcile")

    def _copy(self) -> None:
        keeping = keeping_of(self._desk.work)
        if keeping is not None:
            CopyDialog(self._desk, self, keeping).open()

    def _join(self) -> None:
        JoinChainDialog(self._desk, self, self._joined).open()

    def _joined(self) -> None:
        self._read()

    def _leave(self) -> None:
        text = _(
            "Nothing more is sent to the other sites, and nothing of theirs is read. All that is here stays, with its numbers. "
            "To come back, this site needs a new code from whoever runs the central server."
        )
        ask(self, _("Leave the chain?"), text, yes=_("Leave the chain"), role="danger", then=self._go)

    def _go(self) -> None:
        work = self._desk.work
        work.call(self, LEAVE, db=work.db, actor=self._desk.actor, then=lambda _nothing: self._left())

    def _left(self) -> None:
        self._desk.toast(_("This database stands alone now."), tone=Tone.GOOD)
        self._read()
