"""Merging two records: which one stays, whose value it has where they differ, what comes along, and why."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.combining import Choice, differences
from clinic_desktop.clinic.patients.queries import Compared, Side
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.duplicates import words as say
from clinic_desktop.ui.screens.duplicates.choosing import ChoiceRow, ChoiceRows
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_8, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, FormField, Label, LineEdit, beside, directed, keyed, line, row, scrolled
from clinic_desktop.wording import sentence

REASON_LIMIT = 500


class MergeDialog(Dialog):
    """``merged(merge id)`` once it is done. The older record stays unless they are exchanged."""

    merged = Signal(object)

    def __init__(self, screen: Screen, both: Compared) -> None:
        super().__init__(screen, _("Merge two records of one person"), width=760)
        self._screen, self._both = screen, both
        self.kept, self.gone = both.older, both.newer
        self.stays, self.goes = Label(voice=Text.STRONG, wrap=True), Label(tone="muted", wrap=True)
        self.swap = Button(_("Keep the other"), icon_name="arrow-right-left", parent=self)
        self.rows = ChoiceRows(self)
        self.moves, self.same = Label(wrap=True), Label(_("The two records say the same in every field."), tone="muted")
        self.reason = LineEdit(limit=REASON_LIMIT)
        self.field = FormField("reason", _("Reason"), self.reason, required=True)
        self.said = Label(tone="bad", wrap=True)
        self.go = BusyButton(_("Merge"), icon_name="users", parent=self)
        self._lay_out()
        self._wire()
        self._first_reason = say.reasons(both.reasons) or _("The same person")
        self.reason.setText(self._first_reason)
        self._tell()
        (self.rows.begin if self.rows.options else self.go.setFocus)()
        screen.keep_typing(f"merge {both.older.patient.id} {both.newer.patient.id}", self)

    def _lay_out(self) -> None:
        told = QVBoxLayout()
        told.setSpacing(GAP_8)
        told.addWidget(self.stays)
        told.addWidget(self.goes)
        head = row(fill=True)
        head.addLayout(told, 1)
        head.addWidget(self.swap, 0, Qt.AlignmentFlag.AlignTop)
        self.body.addLayout(head)
        self.body.addWidget(line())
        self.body.addWidget(self.same)
        area = scrolled(self.rows)
        area.setMinimumHeight(min(self.rows.height_of(len(differences(self.kept.values, self.gone.values))), self.rows.height_of(7)))
        self.body.addWidget(area, 1)
        self.body.addWidget(line())
        self.body.addWidget(self.moves)
        self.body.addWidget(self.field)
        self.body.addWidget(self.said)
        self.said.hide()
        self.add_button(_("Cancel"), None, self.reject)
        self.buttons.addWidget(self.go)
        self.go.setDefault(True)

    def _wire(self) -> None:
        keyed(self.swap, "Ctrl+T")
        keyed(self.go, "Ctrl+Return")
        self.swap.clicked.connect(self._exchange)
        self.go.clicked.connect(self._merge)

    def _exchange(self) -> None:
        """The other record stays; what was chosen stays chosen, as it is the person's."""
        chosen = self.rows.chosen()
        self.kept, self.gone = self.gone, self.kept
        self._tell()
        flipped = {Choice.KEPT: Choice.MERGED, Choice.MERGED: Choice.KEPT, Choice.BOTH: Choice.BOTH}
        self.rows.choose({field: flipped[choice] for field, choice in chosen.items()})

    def _tell(self) -> None:
        self.stays.setText(directed(_("Stays: {record}").format(record=_named(self.kept))))
        self.goes.setText(directed(_("Is merged into it, and leads to it from then on: {record}").format(record=_named(self.gone))))
        today, differ = self._screen.desk.today(), differences(self.kept.values, self.gone.values)
        order = list(say.FIELDS)
        shown = sorted(differ, key=lambda one: order.index(one.field))
        self.rows.show_rows(
            [
                ChoiceRow(one, _(say.FIELDS[one.field]), say.value(one.field, self.kept, today), say.value(one.field, self.gone, today))
                for one in shown
            ],
            (self.kept.patient.patient_number, self.gone.patient.patient_number),
        )
        self.same.setVisible(not differ)
        self.moves.setText(directed(" ".join(_what_follows(self.kept, self.gone))))

    def draft(self) -> dict[str, Any] | None:
        """Which one stays, what was chosen by hand, and the reason."""
        is_swapped = self.kept is not self._both.older
        reason = self.reason.text()
        if not is_swapped and reason == self._first_reason and not self.rows.is_touched:
            return None
        return {"swapped": is_swapped, "reason": reason, "choices": {name: one.value for name, one in self.rows.chosen().items()}}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        choices = {str(name): Choice(value) for name, value in draft["choices"].items()}
        if bool(draft["swapped"]):
            self._exchange()
        self.reason.setText(str(draft["reason"]))
        self.rows.choose(choices, by_hand=True)

    def _merge(self) -> None:
        self.said.hide()
        if not self.reason.text().strip():
            self.field.set_error(_("Please give a reason."))
            self.reason.setFocus()
            return
        self.field.set_error(None)
        self.go.run(
            self._screen.work,
            self,
            commands.merge_patients,
            then=self._done,
            failed=self._refuse,
            kept_id=self.kept.patient.id,
            kept_version=self.kept.patient.row_version,
            merged_id=self.gone.patient.id,
            merged_version=self.gone.patient.row_version,
            choices=self.rows.chosen(),
            reason=self.reason.text(),
        )

    def _refuse(self, error: ClinicError) -> None:
        if error.field == self.field.name:
            self.field.set_error(sentence(error))
            self.reason.setFocus()
            return
        self.said.setText(sentence(error))
        self.said.show()

    def _done(self, merge_id: UUID) -> None:
        desk = self._screen.desk
        undo = _undoing(self._screen, merge_id) if desk.may(commands.undo_merge) else None
        text = _("Merged: {record} is the one record now.").format(record=_named(self.kept))
        self.accept()
        desk.toast(text, tone=Tone.GOOD, undo=undo)
        self.merged.emit(merge_id)


def _undoing(screen: Screen, merge_id: UUID) -> Any:
    desk, work = screen.desk, screen.work
    told = _("Undone right after the merge")

    def undo() -> None:
        work.do(
            desk,
            commands.undo_merge,
            then=lambda _nothing: desk.toast(_("Undone: they are two records again."), tone=Tone.GOOD),
            merge_id=merge_id,
            reason=told,
        )

    return undo


def _named(side: Side) -> str:
    return beside(side.patient.full_name, side.patient.patient_number)


def _what_follows(kept: Side, gone: Side) -> Sequence[str]:
    """What comes along, and what happens to cards."""
    counted = say.counted(gone.counts)
    told = [_("With it come: {things}.").format(things=counted) if counted else _("Nothing else hangs on it.")]
    if kept.counts.get("id_cards") and gone.counts.get("id_cards"):
        told.append(_("A card of the merged record that is in use is revoked; scanned, it still leads to the patient."))
    told.append(_("Nothing is lost: the merge can be undone."))
    return told
