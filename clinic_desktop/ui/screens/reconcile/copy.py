"""The panel of this computer's copy of the server's data: keep one, see how far it is, feed it now, remove it."""

from __future__ import annotations

import shiboken6
from PySide6.QtWidgets import QProgressBar, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated, number_text
from clinic_desktop.kernel.i18n import N_, _, ngettext
from clinic_desktop.sync.errors import Refused
from clinic_desktop.ui.away_words import at
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.keeping import CopyState, Keeping
from clinic_desktop.ui.screens.organisation.copies import CopiesDialog, may_list
from clinic_desktop.ui.screens.reconcile.facts import Facts
from clinic_desktop.ui.syncing import SyncState, syncing_of
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Dialog, Label, ask, directed, keyed
from clinic_desktop.wording.sync import WORDS

_BYTES = 1_000_000
_NOT_HANDED_OVER, _OFFLINE = "not_handed_over", "central_offline"
_WHY_NOT = {
    "not_a_server": N_("The clinic\u2019s data is on this computer already."),
    "no_service": WORDS["no_service"],
    "no_permission": N_("Whoever manages the organisation turns this on."),
    "locked": N_("The clinic\u2019s keys are locked here. Log out, and log in with a password."),
}


class CopyDialog(Dialog):
    """Opens at once and follows what happens; closing it stops nothing."""

    def __init__(self, desk: Desk, parent: QWidget, keeping: Keeping) -> None:
        super().__init__(parent, _("This computer\u2019s copy"), width=560)
        self._desk, self._keeping = desk, keeping
        self._why: str | None = ""
        self.facts = Facts()
        self.head, self.text = Label(voice=Text.STRONG, wrap=True), Label(wrap=True)
        self.why = Label(tone="warn", wrap=True)
        self.bar = QProgressBar()
        self.bar.setAccessibleName(_("First load"))
        self.bar.setFixedHeight(scaled(6))
        for widget in (self.head, self.text, self.bar, self.why):
            self.body.addWidget(widget)
        self.body.addLayout(self.facts)
        self.body.addStretch(1)  # a window that was higher a moment ago keeps its lines together
        self.remove_button = self.add_button(_("Remove the copy\u2026"), None, self._ask_removal)
        self.stop_button = self.add_button(_("Stop loading"), None, keeping.cancel)
        self.all_button = self.add_button(_("All copies…"), None, self._show_all)
        self.all_button.setVisible(may_list(desk))
        self.now = self.add_button(_("Update now"), None, self._update)
        self.leave_button = self.add_button(_("To the server without its work\u2026"), None, self._ask_leaving)
        self.keep_button = self.add_button(_("Keep a copy on this computer"), "primary", keeping.keep)
        self.add_button(_("Close"), None, self.accept)
        keyed(self.now, "F5")
        syncing = syncing_of(desk.work)
        if syncing is not None:
            syncing.changed.connect(self._show_sync)
        keeping.changed.connect(self._show)
        self._show(keeping.state)
        keeping.ask_why_not(self._answered)

    def _answered(self, why: str | None) -> None:
        if not shiboken6.isValid(self):  # it was closed, and taken apart, before the server had answered
            return
        self._why = why
        self._show(self._keeping.state)

    # What it shows

    def _show_sync(self, _state: SyncState) -> None:
        self._show(self._keeping.state)

    def _show(self, state: CopyState) -> None:
        loads, is_here = state.part is not None, state.at_work is not None
        kept, may = state.kept, self._why is None and not is_here
        self.head.setText(self._headline(state))
        self.text.setText(directed(self._explained(state)))
        self.text.setVisible(bool(self.text.text()))
        why = self._trouble(state)
        self.why.setText(directed(why))
        self.why.setVisible(bool(why))
        self.bar.setVisible(loads)
        if state.part is not None:
            self.bar.setRange(0, state.part[1])  # nothing known yet: it moves to and fro
            self.bar.setValue(state.part[0])
        self.facts.tell(self._lines(state))
        self.keep_button.setText(_("Keep a copy on this computer") if kept is None else _("Go on loading"))
        self.keep_button.setVisible(may and not loads and (kept is None or not kept.is_complete))
        self.stop_button.setVisible(loads)
        self.remove_button.setVisible(may and not loads and kept is not None)
        self.now.setVisible(state.is_whole or is_here)
        self.leave_button.setVisible(is_here and isinstance(None if self._sync.phase is None else self._sync.phase.error, Refused))

    def _headline(self, state: CopyState) -> str:
        if state.at_work is not None:
            return _("You are working on this computer\u2019s copy.")
        if state.part is not None:
            done, total = state.part
            parts = {"done": number_text(done), "total": number_text(total)}
            return _("Loading: {done} of {total} tables").format(**parts) if total else _("Loading\u2026")
        if state.kept is None:
            return _("This computer keeps no copy.")
        if not state.kept.is_complete:
            return _("The first load is not complete")
        if state.kept.detached_at is not None:
            return _("Work done on the copy is not handed over yet.")
        return _("Complete until {time}").format(time=isolated(self._at(state)))

    def _explained(self, state: CopyState) -> str:
        if state.at_work is not None:
            return _("What is done here is handed over when the clinic\u2019s server is back.")
        if state.part is not None:
            return _("Work goes on meanwhile, and this window may be closed. What has arrived stays, and loading goes on from there.")
        if state.kept is None:
            return _(
                "When the clinic\u2019s server cannot be reached, this computer can go on with a copy of its data. It is encrypted, opens "
                "with everybody\u2019s usual password, and is brought up to date by itself as long as the server is there."
            )
        if not state.kept.is_complete:
            return _("What has arrived is kept. Loading goes on from there.")
        if state.kept.detached_at is not None:
            return _("Close the program and start it again to go on with the copy, and hand its work over.")
        return _("When the clinic\u2019s server cannot be reached, this computer can go on with it.")

    def _trouble(self, state: CopyState) -> str:
        error = state.trouble or (None if state.phase is None else state.phase.error)
        if state.at_work is not None:
            error = None if self._sync.phase is None else self._sync.phase.error
        if error is not None and error.code == _OFFLINE:
            return _("The clinic\u2019s server does not answer. It is tried again by itself.")
        if error is not None:
            return wording.sentence(error)
        return _(_WHY_NOT[self._why]) if self._why and state.part is None else ""

    def _lines(self, state: CopyState) -> list[tuple[str, str]]:
        if state.at_work is not None:
            unsent = 0 if self._sync.phase is None else self._sync.phase.unsent
            return [
                (_("Since"), at(state.at_work.detached_at, self._desk.place.timezone)),
                (_("Complete until"), at(state.at_work.fed_until, self._desk.place.timezone)),
                (_("Not sent yet"), ngettext("{n} change", "{n} changes", unsent).format(n=number_text(unsent))),
                (_("In its numbers"), isolated(state.at_work.code)),
            ]
        kept = state.kept
        if kept is None or state.part is not None:
            return []
        lines = [(_("Kept since"), at(kept.since, self._desk.place.timezone)), (_("Size"), _megabytes(kept.size))]
        return [*lines, (_("In its numbers"), isolated(kept.code))] if kept.code else lines

    @property
    def _sync(self) -> SyncState:
        syncing = syncing_of(self._desk.work)
        return SyncState() if syncing is None else syncing.state

    def _at(self, state: CopyState) -> str:
        return at(state.until, self._desk.place.timezone)

    # What it does

    def _show_all(self) -> None:
        CopiesDialog(self._desk, self).open()

    def _update(self) -> None:
        syncing = syncing_of(self._desk.work)
        if self._keeping.state.at_work is None:
            self._keeping.update()
        elif syncing is not None:
            syncing.now()

    def _ask_leaving(self) -> None:
        text = _("What was done on this computer\u2019s copy stays in it, and nobody at the server sees it.")
        ask(self, _("Leave the copy?"), text, yes=_("To the server"), role="danger", then=self._leave_copy)

    def _leave_copy(self) -> None:
        self.accept()
        self._keeping.left.emit()

    def _ask_removal(self) -> None:
        text = _("The file is deleted from this computer. While the server cannot be reached nobody can work here then.")
        ask(self, _("Remove the copy?"), text, yes=_("Remove the copy"), role="danger", then=self._remove)

    def _remove(self, *, anyway: bool = False) -> None:
        self._keeping.forget(anyway=anyway, then=self._removed, failed=self._refused)

    def _removed(self) -> None:
        self._desk.toast(_("The copy is removed."), tone=Tone.GOOD)

    def _refused(self, error: ClinicError) -> None:
        if error.code != _NOT_HANDED_OVER:
            self._desk.work.refused.emit(error)
            return
        text = wording.sentence(error) + "\n\n" + _("Removed now, this work is lost for good.")
        ask(self, _("Lose this work?"), text, yes=_("Remove it all the same"), role="danger", then=lambda: self._remove(anyway=True))


def _megabytes(size: int) -> str:
    return _("{n} MB").format(n=number_text(max(1, round(size / _BYTES))))
