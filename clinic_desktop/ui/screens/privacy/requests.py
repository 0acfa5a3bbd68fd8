"""Requests of patients about their own data, and what must happen to each now."""

from __future__ import annotations

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.privacy import commands
from clinic_desktop.clinic.privacy.queries import RequestRow
from clinic_desktop.clinic.privacy.rules import RequestKind, RequestStatus
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.privacy.asking import RequestDialog
from clinic_desktop.ui.screens.privacy.deciding import ErasureDialog
from clinic_desktop.ui.screens.privacy.exporting import ExportDialog
from clinic_desktop.ui.screens.privacy.files import forget_files
from clinic_desktop.ui.screens.privacy.words import TONES, next_step
from clinic_desktop.ui.table import Column, TableView
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, keep_if, keyed

STATEMENT = late("clinic_desktop.documents.compose:erasure_statement")


class RequestsPanel(QWidget):
    """The list, and the next step of the chosen request."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(parent or screen)
        self._screen, self._desk = screen, screen.desk
        self.table = TableView(
            _("Requests"),
            _columns(screen.desk.place.timezone),
            empty=_("No patient has asked for anything yet."),
            empty_icon="inbox",
            parent=self,
        )
        self.new = Button(_("New request"), icon_name="plus", parent=self)
        self.export = Button(_("Hand out…"), icon_name="download", role="primary", parent=self)
        self.decide = Button(_("Decide…"), icon_name="user-x", role="primary", parent=self)
        self.finish = BusyButton(_("Erase the rest"), icon_name="trash-2", role="danger", parent=self)
        self.statement = Button(_("Statement"), icon_name="printer", parent=self)
        for button in (self.new, self.export, self.decide, self.finish, self.statement):
            self.table.tools.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, GAP_12, 0, 0)
        column.addWidget(self.table)
        keep_if(self.new, screen.desk.may(commands.record_request))
        keyed(self.new, "Insert")
        self.new.clicked.connect(lambda: RequestDialog(self._screen).open())
        self.export.clicked.connect(self._export)
        self.decide.clicked.connect(self._decide)
        self.finish.clicked.connect(self._finish)
        self.statement.clicked.connect(self._print)
        self.table.selected.connect(self._offer)
        self.table.activated.connect(lambda _row: self._next())
        self._offer(None)

    def show_all(self, rows: list[RequestRow]) -> None:
        """Show these requests."""
        self.table.set_rows(rows)
        self._offer(self.table.current)

    def _offer(self, one: RequestRow | None) -> None:
        is_open = one is not None and one.status is RequestStatus.OPEN
        is_erased = one is not None and one.kind is RequestKind.ERASURE and one.status is RequestStatus.DONE
        is_due = is_erased and one is not None and one.next_due is not None and one.next_due <= self._desk.today()
        may_erase = self._desk.may(commands.erase_patient)
        self.export.setVisible(
            is_open and one is not None and one.kind is RequestKind.EXPORT and self._desk.may(commands.record_export_done)
        )
        self.decide.setVisible(is_open and one is not None and one.kind is RequestKind.ERASURE and may_erase)
        self.finish.setVisible(is_due and may_erase)
        self.statement.setVisible(is_erased)

    def _next(self) -> None:
        for button in (self.export, self.decide, self.statement):
            if button.isVisible():
                button.click()
                return

    def _export(self) -> None:
        if self.table.current is not None:
            ExportDialog(self._screen, self.table.current).open()

    def _decide(self) -> None:
        if self.table.current is not None:
            ErasureDialog(self._screen, self.table.current).open()

    def _finish(self) -> None:
        if self.table.current is not None:
            self.finish.run(
                self._screen.work,
                self,
                commands.finish_erasure,
                then=self._finished,
                request_id=self.table.current.id,
            )

    def _finished(self, files: tuple[str, ...]) -> None:
        forget_files(self._screen, files)
        self._desk.toast(_("The rest is erased."), tone=Tone.GOOD)

    def _print(self) -> None:
        if self.table.current is not None:
            show_document(self._screen, _("Erasure statement"), STATEMENT, request_id=self.table.current.id)


def _what_next(one: RequestRow) -> str:
    return next_step(one) or one.decision_note or ""


def _columns(zone: str) -> list[Column]:
    return [
        Column(_("Number"), lambda one: one.number, width=142),
        Column(_("Patient"), lambda one: f"{one.patient_name} · {one.patient_number}", width=0),
        Column(_("Wants"), lambda one: wording.status(one.kind), width=136),
        Column(_("Status"), lambda one: wording.status(one.status), chip=lambda one: TONES[one.status], width=136),
        Column(
            _("Asked"),
            lambda one: date_text(business_date(one.requested_at, zone)),
            width=112,
            sort_key=lambda one: one.requested_at,
            tooltip=lambda one: f"{datetime_text(one.requested_at, timezone=zone)} · {one.asked_by} · {wording.status(one.identity_check)}",
        ),
        Column(_("Recorded by"), lambda one: one.recorded_by, width=150, hidden=True),
        Column(_("Next step"), _what_next, width=186, tooltip=lambda one: one.decision_note or next_step(one)),
    ]
