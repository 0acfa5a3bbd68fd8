"""Preview, print and save of any document: made off the UI thread, marked when printed again, noted in the audit trail."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Protocol
from uuid import UUID

from PySide6.QtCore import QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter, QPixmap
from PySide6.QtWidgets import QDialog, QScrollArea, QVBoxLayout, QWidget

from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.printers import PrinterProfile
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import Language, _, active
from clinic_desktop.ui.files import ask_place, pdf_files
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import Label, keyed
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.widgets.text import plain_tooltip

log = logging.getLogger(__name__)
LOGO, WITH_LOGO = late("clinic_desktop.clinic.organisation.logo:logo"), late("clinic_desktop.documents.compose:with_logo")
STORE_OF, WITH_PICTURES = late("clinic_desktop.kernel.store:store_of"), late("clinic_desktop.documents.compose:with_pictures")
PRINTER_FOR = late("clinic_desktop.clinic.organisation.queries:printer_for")
_SCREEN_DPI, _PRINTER_DPI, _POINTS = 110, 300, 72
_MOST_SHOWN = 24
"""Pages of a batch that somebody looks at before it is printed."""
_AROUND_PAGES = 220
"""Title, note, buttons and margins of the preview."""
_UNSAFE = re.compile(r"[^\w.-]+")


class Document(Protocol):
    """A finished document (``documents.compose.Composed``)."""

    kind: Any
    entity_type: str
    entity_id: Any
    number: str
    pdf: bytes
    is_reprint: bool


@dataclass(frozen=True, slots=True)
class Recorded:
    """The command that records a print in place of the usual one, and what it is given besides ``way``."""

    command: Callable[..., Any]
    params: dict[str, Any]


def show_document(
    screen: Screen, title: str, compose: Callable[..., Document], *, record: Callable[[Document], Recorded] | None = None, **params: Any
) -> None:
    """Compose a document in the background and show it for printing; refusals become a toast."""
    language, now = active(), screen.desk.now()
    screen.work.background(
        screen,
        _made,
        then=lambda made: _preview(screen, title, *made, record=record(made[0]) if record else None),
        work=screen.work,
        compose=compose,
        language=language,
        now=now,
        workstation_id=screen.desk.place.workstation_id,
        params=params,
    )


def _preview(
    screen: Screen, title: str, document: Document, pages: list[QImage], printer: PrinterProfile | None, *, record: Recorded | None
) -> None:
    if document.kind == What.PRESCRIPTION:
        screen.desk.record_read(document.entity_type, document.entity_id, What.PRESCRIPTION)
    Preview(screen, title, document, pages, printer, record=record).open()


def letterhead_picture(db: Any) -> bytes | None:
    """The logo; a receipt is printed without it rather than not at all."""
    try:
        return LOGO(db)  # type: ignore[no-any-return]
    except ClinicError:
        log.warning("the logo cannot be read from the document store", exc_info=True)
        return None


def with_stored_pictures(session: Any, db: Any) -> None:
    """Let what is composed in this session show the logo and photos; a document is printed without one rather than not at all."""
    WITH_LOGO(session, letterhead_picture(db))
    WITH_PICTURES(session, partial(_stored, db))


def _stored(db: Any, sha256: str) -> bytes | None:
    try:
        return STORE_OF(db).get(sha256)  # type: ignore[no-any-return]
    except ClinicError:
        log.warning("a picture cannot be read from the document store", exc_info=True)
        return None


def _made(
    *, work: Any, compose: Callable[..., Document], language: Language, now: datetime, workstation_id: UUID | None, params: dict[str, Any]
) -> tuple[Document, list[QImage], PrinterProfile | None]:
    with work.db.read() as session:
        with_stored_pictures(session, work.db)
        document = compose(session, language=language, now=now, **params)
        printer = PRINTER_FOR(session, workstation_id=workstation_id, kind=str(document.kind)) if workstation_id is not None else None
    return document, page_images(document.pdf, _SCREEN_DPI, most=_MOST_SHOWN), printer


def page_images(pdf: bytes, dpi: int, *, most: int | None = None) -> list[QImage]:
    """Each page as a picture, or the first so many."""
    import pypdfium2  # noqa: PLC0415 - only needed once something is printed

    pages = pypdfium2.PdfDocument(pdf)
    try:
        return [
            _image(pages[number].render(scale=dpi / _POINTS, rev_byteorder=True)) for number in range(min(len(pages), most or len(pages)))
        ]
    finally:
        pages.close()


def _image(bitmap: Any) -> QImage:
    form = QImage.Format.Format_RGB888 if bitmap.n_channels == 3 else QImage.Format.Format_RGBX8888
    # copy(): the picture must outlive the renderer's buffer
    return QImage(bytes(bitmap.buffer), bitmap.width, bitmap.height, bitmap.stride, form).copy()


class Preview(Dialog):
    """The pages as they will be printed, with Print and Save."""

    def __init__(
        self,
        screen: Screen,
        title: str,
        document: Document,
        pages: list[QImage],
        printer: PrinterProfile | None = None,
        *,
        record: Recorded | None = None,
    ) -> None:
        super().__init__(screen, title, width=560)
        self._screen, self._document, self._pages, self._own = screen, document, pages, printer
        self._record = record
        if len(pages) == _MOST_SHOWN:
            self.body.addWidget(Label(_("The first {n} pages are shown; all of them are printed.").format(n=_MOST_SHOWN), tone="muted"))
        if document.is_reprint:
            self.body.addWidget(Label(_("This was printed before: it is marked as a copy."), tone="muted"))
        self.body.addWidget(self._paper(), 1)
        self._take_room(screen.window())
        self.add_button(_("Close"), None, self.reject)
        keyed(self.add_button(_("Save as PDF…"), None, self._ask_where), "Ctrl+S")
        if printer is not None:
            keyed(self.add_button(_("Other printer…"), None, self._ask_printer), "Ctrl+Shift+P")
        printing = self.add_button(_("Print"), "primary", self._print, default=True)
        keyed(printing, "Ctrl+P")
        if printer is not None:
            told = _("on {printer}").format(printer=printer.printer)
            printing.setToolTip(f"{printing.toolTip()}  {plain_tooltip(told)}")
            self.body.addWidget(Label(told, tone="muted"))
        printing.setFocus()

    def _take_room(self, window: QWidget) -> None:
        """As wide and as high as the pages, where the window has the room."""
        widest = max((page.width() for page in self._pages), default=0)
        high = sum(page.height() + GAP_16 for page in self._pages) + scaled(_AROUND_PAGES)
        width = min(max(widest + scaled(96), scaled(560)), window.width() - GAP_16)
        self.resize(width, min(high, window.height() - 3 * GAP_16))

    def _paper(self) -> QScrollArea:
        sheets = QWidget()
        column = QVBoxLayout(sheets)
        column.setSpacing(GAP_16)
        for number, picture in enumerate(self._pages, start=1):
            page = Label("")
            page.setPixmap(QPixmap.fromImage(picture))
            page.setAlignment(Qt.AlignmentFlag.AlignHCenter)
            page.setAccessibleName(_("Page {number} of {count}").format(number=number, count=len(self._pages)))
            column.addWidget(page)
        column.addStretch(1)
        area = QScrollArea()
        area.setAccessibleName(_("Preview"))
        area.setWidget(sheets)
        area.setWidgetResizable(True)
        return area

    def _ask_where(self) -> None:
        name = _UNSAFE.sub("-", f"{self._document.kind}-{self._document.number}").strip("-")
        ask_place(self, _("Save as PDF"), pdf_files(), self.save, name=f"{name}.pdf")

    def save(self, path: Path) -> None:
        """Write the PDF to a file and note it."""
        self._screen.work.background(
            self._screen, path.write_bytes, then=lambda _size: self._note("file", _("Saved.")), data=self._document.pdf
        )

    def _print(self) -> None:
        """On the workstation's own printer for this kind of document; where it has none, or it is not there, ask."""
        from PySide6.QtPrintSupport import QPrinterInfo  # noqa: PLC0415 - loads the print system

        if self._own is None:
            self._ask_printer()
        elif QPrinterInfo.printerInfo(self._own.printer).isNull():
            said = _("The printer {name} is not there. Choose another one.").format(name=isolated(self._own.printer))
            self._screen.desk.toast(said, tone=Tone.WARN)
            self._ask_printer()
        else:
            self._make_printer().setPrinterName(self._own.printer)
            self._printer.setCopyCount(self._own.copies)
            self._send()

    def _make_printer(self) -> Any:
        from PySide6.QtPrintSupport import QPrinter  # noqa: PLC0415 - loads the print system

        self._printer = QPrinter(QPrinter.PrinterMode.HighResolution)  # kept: the dialog does not own it
        self._printer.setPageLayout(self._layout())
        self._printer.setDocName(self._document.number)
        return self._printer

    def _ask_printer(self) -> None:
        from PySide6.QtPrintSupport import QPrintDialog  # noqa: PLC0415 - loads the print system

        dialog = QPrintDialog(self._make_printer(), self)
        dialog.accepted.connect(self._send)
        QDialog.open(dialog)  # QPrintDialog's own open() wants a receiver

    def _layout(self, page: QImage | None = None) -> QPageLayout:
        """Paper of the size of the first page, or of one that is to be painted."""
        size = QSizeF(self._pages[0].size()) * (_POINTS / _SCREEN_DPI) if page is None else QSizeF(page.size()) * (_POINTS / _PRINTER_DPI)
        return QPageLayout(QPageSize(size, QPageSize.Unit.Point), QPageLayout.Orientation.Portrait, QMarginsF())

    def _send(self) -> None:
        """Render again at the printer's resolution, off the UI thread, then paint."""
        self._screen.work.background(self._screen, page_images, then=self._paint, pdf=self._document.pdf, dpi=_PRINTER_DPI)

    def _paint(self, pages: list[QImage]) -> None:
        painter = QPainter()
        if not painter.begin(self._printer):
            self._screen.desk.toast(_("The printer does not answer. Nothing was printed; try again or save as PDF."), tone=Tone.BAD)
            return
        for number, picture in enumerate(pages):
            if number:
                if picture.size() != pages[number - 1].size():  # cards that stand among cards that lie
                    self._printer.setPageLayout(self._layout(picture))
                self._printer.newPage()
            painter.drawImage(QRectF(painter.viewport()), picture)
        painter.end()
        self._note("printer", _("Sent to the printer."))

    def _note(self, way: str, text: str) -> None:
        document = self._document
        usual = {
            "kind": str(document.kind),
            "entity_type": document.entity_type,
            "entity_id": document.entity_id,
            "number": document.number,
        }
        record = self._record or Recorded(organisation.record_print, usual)
        then = partial(self._screen.desk.toast, text, tone=Tone.GOOD)
        self._screen.work.do(self._screen, record.command, then=lambda _answer: then(), way=way, **record.params)
        self.accept()
