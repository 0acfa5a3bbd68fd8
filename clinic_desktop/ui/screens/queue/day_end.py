"""Closing the queue: who still stands in it is shown first, and nobody else is touched."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QCheckBox

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ClosedRow
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import VisitStatus
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text, listed
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reception.words import TONES
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Dialog, FormField, Label, LineEdit, keyed


class CloseQueueDialog(Dialog):
    """Everyone up to ``day`` who waits, was called or is in a room."""

    def __init__(self, screen: Screen, rows: list[VisitRow], day: date) -> None:
        is_old = all(row.business_date < day for row in rows)
        title = _("Close the queue of earlier days") if is_old else _("Close the queue")
        super().__init__(screen, title, _("Whoever still waits or was called has left unseen; nothing is charged."), width=760)
        self._screen, self._rows = screen, rows
        self.table = TableView(
            _("Still in the queue"),
            _columns(),
            key=lambda row: row.visit_id,
            empty=_("Nobody stands in the queue any more."),
            filterable=False,
            parent=self,
        )
        self.table.set_rows(rows)
        self.table.setMinimumHeight(scaled(220))
        self.body.addWidget(self.table)
        inside = [row for row in rows if row.status is VisitStatus.IN_PROGRESS]
        said = ngettext(
            "End the consultation of {n} patient, too: the fee is owed, the notes can be signed later",
            "End the consultations of {n} patients, too: the fees are owed, the notes can be signed later",
            len(inside),
        )
        self.ends_rooms = QCheckBox(said.format(n=len(inside)))
        self.ends_rooms.setVisible(False)
        self.body.addWidget(self.ends_rooms)
        self.ends_rooms.setVisible(bool(inside))
        self.reason = LineEdit(_("Reason"), limit=120)
        self.reason.setText(_("End of the day"))
        self.body.addWidget(FormField("reason", _("Reason"), self.reason))
        self._trouble = Label(tone="bad", wrap=True)
        self._trouble.setVisible(False)
        self.body.addWidget(self._trouble)
        self._clean = self._typed()
        self.add_button(_("Cancel"), None, self.leave)
        self.close_queue = BusyButton(_("Close the queue"), role="danger")
        keyed(self.close_queue, "Ctrl+Return")
        self.close_queue.clicked.connect(self._close)
        self.buttons.addWidget(self.close_queue)
        self.reason.setFocus()
        screen.keep_typing(f"close queue {min((row.business_date for row in rows), default=day)}", self)

    def draft(self) -> dict[str, Any] | None:
        """What is typed and ticked, and not done."""
        typed = self._typed()
        return None if typed == self._clean else typed

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back; where nobody is in a room any more there is nothing to tick."""
        self.reason.setText(str(draft["reason"]))
        self.ends_rooms.setChecked(draft["ends_rooms"] is True and not self.ends_rooms.isHidden())

    def _typed(self) -> dict[str, Any]:
        return {"reason": self.reason.text(), "ends_rooms": self.ends_rooms.isChecked()}

    def _close(self) -> None:
        wanted = [row.visit_id for row in self._rows if row.status is not VisitStatus.IN_PROGRESS or self.ends_rooms.isChecked()]
        self.close_queue.run(
            self._screen.work,
            self,
            commands.close_queue,
            then=self._closed,
            failed=self._refuse,
            clinic_id=self._screen.desk.clinic_id,
            visit_ids=wanted,
            reason=self.reason.value(),
        )

    def _closed(self, row: ClosedRow) -> None:
        parts = [ngettext("{n} patient left unseen", "{n} patients left unseen", row.left).format(n=row.left)]
        if row.ended:
            parts.append(ngettext("{n} consultation ended", "{n} consultations ended", row.ended).format(n=row.ended))
        self._screen.desk.toast(_("The queue is closed: {what}.").format(what=listed(parts)), tone=Tone.GOOD)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        self._trouble.setText(wording.sentence(error))
        self._trouble.show()


def _columns() -> list[Column]:
    return [
        Column(_("Day"), lambda row: date_text(row.business_date), width=120, sort_key=lambda row: row.business_date),
        Column(_("No."), lambda row: str(row.queue_number or ""), align=END, width=56, sort_key=lambda row: row.queue_number or 0),
        Column(_("Patient"), lambda row: row.patient_name, width=0),
        Column(
            _("Status"),
            lambda row: _("On hold") if row.held_at is not None else wording.status(row.status),
            chip=lambda row: TONES[row.status],
            width=130,
        ),
        Column(_("Doctor"), lambda row: row.doctor_name, width=150),
    ]
