"""A document leaves the program: as a copy in a folder, or on paper; each leaves a trace first."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.patients.filing import Opened, opened
from clinic_desktop.clinic.patients.intake.kinds import SUFFIXES
from clinic_desktop.clinic.patients.queries import DocumentRow
from clinic_desktop.kernel.errors import FileNotWritten
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.files import ask_place
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.words import KINDS
from clinic_desktop.ui.theme.tokens import Tone

PAPER = late("clinic_desktop.documents.compose:folder_paper")


def save_copy(parent: QWidget, screen: Screen, row: DocumentRow) -> None:
    """Ask where to, and write the file as it is."""
    suffixes = SUFFIXES[row.media_type]
    kinds = {_("{kind} files").format(kind=KINDS[row.media_type]) + f" (*{suffixes[0]})": suffixes[0]}
    ask_place(parent, _("Save a copy"), kinds, lambda path: write_copy(screen, row, path), name=row.name)


def write_copy(screen: Screen, row: DocumentRow, path: Path) -> None:
    """Leave the trace, then write: without a trace nothing leaves the clinic."""

    def write() -> None:
        work = screen.work
        work.background(
            screen,
            _write,
            then=lambda _nothing: screen.desk.toast(_("Saved as {name}.").format(name=path.name), tone=Tone.GOOD),
            db=work.db,
            actor=screen.desk.actor,
            document_id=row.id,
            path=path,
        )

    screen.desk.record_export(screen, what=What.DOCUMENT, rows=1, then=write, way="file", entity_type="patient_documents", entity_id=row.id)


def _write(*, db: Any, actor: Any, document_id: UUID, path: Path) -> None:
    data = opened(db, actor, document_id=document_id).data
    try:
        path.write_bytes(data)
    except OSError as error:
        raise FileNotWritten(path=str(path), detail=error.strerror or "") from error


def print_document(screen: Screen, row: DocumentRow) -> None:
    """Show it as paper, for printing."""

    def show(found: Opened) -> None:
        if row.is_sensitive:
            screen.desk.record_read("patient_documents", row.id, What.DOCUMENT)
        show_document(screen, row.name, PAPER, row=found.row, data=found.data)

    work = screen.work
    work.background(screen, opened_for, then=show, db=work.db, actor=screen.desk.actor, document_id=row.id)


def opened_for(*, db: Any, actor: Any, document_id: UUID) -> Opened:
    """The file and its content, for this person."""
    return opened(db, actor, document_id=document_id)
