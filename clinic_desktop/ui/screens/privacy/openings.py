"""Who opened restricted records, and what an administrator made of it."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import OpeningRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, FormField, Notes, keep_if, keyed
from clinic_desktop.wording import sentence


class OpeningsPanel(QWidget):
    """Those that nobody has looked at stand first."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._screen = screen
        self.table = TableView(
            _("Openings of restricted records"),
            _columns(screen.desk.place.timezone),
            empty=_("Nobody has opened a restricted record without treating the patient."),
            empty_icon="shield-check",
            parent=self,
        )
        self.review = Button(_("Review…"), icon_name="eye", role="primary", parent=self)
        self.table.tools.addWidget(self.review)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.addWidget(self.table)
        keep_if(self.review, screen.desk.may(commands.review_opening))
        self.review.setEnabled(False)
        keyed(self.review, "F4")
        self.review.clicked.connect(self._review)
        self.table.selected.connect(self._offer)
        self.table.activated.connect(lambda _row: self._review())

    def show_all(self, rows: list[OpeningRow]) -> None:
        """Show these openings."""
        self.table.set_rows(rows)
        self._offer(self.table.current)

    def _offer(self, one: OpeningRow | None) -> None:
        mine = one is not None and one.user_id == self._screen.desk.actor.user_id
        self.review.setEnabled(one is not None and one.reviewed_at is None and not mine)
        self.review.setToolTip(_("Another administrator must look at what you opened yourself.") if mine else f"{self.review.text()}  (F4)")

    def _review(self) -> None:
        if self.table.current is not None and self.review.isEnabled():
            ReviewDialog(self._screen, self.table.current).open()


class ReviewDialog(Dialog):
    """The reason that was given, and a remark."""

    def __init__(self, screen: Screen, opening: OpeningRow) -> None:
        told = _("{user} opened the record of {patient} ({number}): {reason}")
        told = told.format(user=opening.user, patient=opening.patient_name, number=opening.patient_number, reason=opening.reason)
        super().__init__(screen, _("Review"), told, width=520)
        self._screen, self._opening = screen, opening
        self.note = Notes(_("What came of it"), lines=3)
        self.field = FormField("note", _("What came of it"), self.note, required=True)
        self.body.addWidget(self.field)
        self.add_button(_("Cancel"), None, self.leave)
        self.save = BusyButton(_("Reviewed"))
        keyed(self.save, "Ctrl+Return")
        self.save.clicked.connect(self._save)
        self.buttons.addWidget(self.save)
        self.note.setFocus()

    def _save(self) -> None:
        note = self.note.value()
        if note is None:
            self.field.set_error(_("Please fill this in."))
            self.note.setFocus()
            return
        self.save.run(
            self._screen.work,
            self,
            commands.review_opening,
            then=lambda _answer: self.accept(),
            failed=self._refuse,
            opening_id=self._opening.id,
            note=note,
        )

    def _refuse(self, error: ClinicError) -> None:
        self.field.set_error(sentence(error))


def _columns(zone: str) -> list[Column]:
    return [
        Column(_("Opened"), lambda one: datetime_text(one.opened_at, timezone=zone), width=170, sort_key=lambda one: one.opened_at),
        Column(_("By"), lambda one: one.user, width=150),
        Column(_("Patient"), lambda one: f"{one.patient_name} · {one.patient_number}", width=230),
        Column(_("Reason"), lambda one: one.reason, width=0, tooltip=lambda one: one.reason),
        Column(
            _("Review"),
            lambda one: one.reviewed_by or _("Waiting"),
            width=150,
            chip=lambda one: Tone.WARN if one.reviewed_at is None else None,
            tooltip=lambda one: one.review_note or "",
        ),
    ]
