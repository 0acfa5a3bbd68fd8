"""The ticket on paper: on the kiosk's own printer, without a question; where there is none, the number on the screen does."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter

from clinic_desktop.clinic.frontdesk import commands
from clinic_desktop.clinic.frontdesk.commands import ArrivalRow
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.ui.desk import Place
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import PRINTER_FOR, WITH_LOGO, letterhead_picture, page_images
from clinic_desktop.ui.work import Work

log = logging.getLogger(__name__)
QUEUE_TOKEN = late("clinic_desktop.documents.compose:queue_token")
_DPI, _POINTS = 203, 72
"""What the heads of thermal printers have."""


class TicketPrinter(QObject):
    """``sent`` once a ticket went to a printer that is there."""

    sent = Signal()

    def __init__(self, work: Work, place: Place, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._place = work, place

    def print(self, arrival: ArrivalRow, language: Language) -> None:
        """Print a ticket, if this workstation has a printer for it."""
        self._work.background(
            self,
            _made,
            then=lambda made: self._paint(arrival, made),
            failed=self._not_made,
            work=self._work,
            language=language,
            now=self._work.db.clock(),
            workstation_id=self._place.workstation_id,
            visit_id=arrival.visit_id,
        )

    def _not_made(self, error: ClinicError) -> None:
        log.warning("the ticket cannot be printed: %s", error)

    def _paint(self, arrival: ArrivalRow, made: tuple[PrinterProfile, list[QImage]] | None) -> None:
        from PySide6.QtPrintSupport import QPrinter, QPrinterInfo  # noqa: PLC0415 - loads the print system

        if made is None or QPrinterInfo.printerInfo(made[0].printer).isNull():
            return
        profile, pages = made
        printer = QPrinter(QPrinter.PrinterMode.HighResolution)
        size = QSizeF(pages[0].width(), pages[0].height()) * (_POINTS / _DPI)
        printer.setPageLayout(QPageLayout(QPageSize(size, QPageSize.Unit.Point), QPageLayout.Orientation.Portrait, QMarginsF()))
        printer.setPrinterName(profile.printer)
        painter = QPainter()
        if not painter.begin(printer):
            log.warning("the printer %s does not answer", profile.printer)
            return
        painter.drawImage(QRectF(painter.viewport()), pages[0])
        painter.end()
        self.sent.emit()
        number = str(arrival.queue_number)
        self._work.do(self, commands.note_ticket_printed, failed=self._not_made, visit_id=arrival.visit_id, number=number)


def _made(
    *, work: Any, language: Language, now: datetime, workstation_id: UUID | None, visit_id: UUID
) -> tuple[PrinterProfile, list[QImage]] | None:
    if workstation_id is None:
        return None
    with work.db.read() as session:
        profile = PRINTER_FOR(session, workstation_id=workstation_id, kind="queue_token")
        if profile is None:
            return None
        WITH_LOGO(session, letterhead_picture(work.db))
        document = QUEUE_TOKEN(session, language=language, now=now, visit_id=visit_id)
    return profile, page_images(document.pdf, _DPI)
