"""The tab of a patient's file with the documents: a list, a look at one, and what is done with it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.patients import commands, events
from clinic_desktop.clinic.patients.queries import DocumentRow, PatientRow, documents_of
from clinic_desktop.clinic.patients.rules import DocumentCategory, PatientStatus
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.files import ask_files
from clinic_desktop.ui.part import Part
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.attaching import AttachDialog
from clinic_desktop.ui.screens.documents.describing import DescribeDialog
from clinic_desktop.ui.screens.documents.listing import documents_table
from clinic_desktop.ui.screens.documents.scans import Scans
from clinic_desktop.ui.screens.documents.sight import Sight
from clinic_desktop.ui.screens.documents.thumbs import Thumbs
from clinic_desktop.ui.screens.documents.viewer import Viewer
from clinic_desktop.ui.screens.documents.words import categories
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16
from clinic_desktop.ui.widgets import BusyButton, Button, Card, Choice, ElidedLabel, keep_if, keyed, row

_SIDE = 700
"""Pixels of a page in the preview."""


class DocumentsPart(Part):
    """Files are dropped here, chosen, or taken from the scanner."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(screen, parent)
        self._rows: list[DocumentRow] = []
        self._new_scans: list[Path] = []
        self._wants_newest = False
        self._may_attach = self.desk.may(commands.attach_document)
        self.kind = Choice(_("Kind"), categories(), placeholder=_("All kinds"))
        self.place = Choice(_("Which documents"), [(_("In the folder"), False), (_("Put aside"), True)])
        self.attach = Button(_("Attach…"), icon_name="upload", role="primary")
        self.scans_button = Button("", icon_name="scan-barcode")
        self.thumbs = Thumbs(screen, self)
        self.table = documents_table(self.thumbs, may_attach=self._may_attach)
        self.name = ElidedLabel()
        self.sight = Sight(screen, side=_SIDE, name=_("Preview"), nothing=_("Choose a document to look at it."))
        self.enlarge = Button(_("Open"), icon_name="eye")
        self.describe = Button(_("Describe"), icon_name="pencil")
        self.put_aside = BusyButton(_("Put aside"), icon_name="archive", role=None)
        self.take_back = BusyButton(_("Take back"), icon_name="undo-2", role=None)
        self.scans = Scans(screen, self)
        self._lay_out()
        self._wire()
        self._offer(None)

    # What the file does with it

    def forget(self) -> None:
        """No rows, and nothing to look at."""
        self._rows = []
        self._show_rows()

    def offer(self) -> None:
        """Whoever was merged gets no more documents."""
        self._offer(self.table.current)

    def read_of(self, patient: PatientRow) -> None:
        """Read the folder, or what was put aside."""
        self.ask(
            documents_of,
            then=self._show,
            patient_id=patient.id,
            actor=self.desk.actor,
            now=self.desk.now(),
            archived=bool(self.place.value()),
        )

    # How it is built

    def _lay_out(self) -> None:
        self.table.tools.addWidget(self.scans_button)
        self.table.tools.addWidget(self.attach)
        self.kind.setMaximumWidth(scaled(170))
        self.place.setMaximumWidth(scaled(130))
        self.table.tools.insertWidget(0, self.place)
        self.table.tools.insertWidget(0, self.kind)
        self.scans_button.hide()
        beside = Card(parent=self)
        beside.body.addWidget(self.name)
        beside.body.addWidget(self.sight, 1)
        beside.body.addLayout(row(self.enlarge, self.describe, self.put_aside, self.take_back))
        across = QHBoxLayout()
        across.setSpacing(GAP_16)
        across.addWidget(self.table, 3)
        across.addWidget(beside, 2)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addLayout(across, 1)
        self.setAcceptDrops(self._may_attach)
        keep_if(self.attach, self._may_attach)

    def _wire(self) -> None:
        for button, keys, action in (
            (self.attach, "F2", self._choose),
            (self.scans_button, "Shift+F2", self._take_scans),
            (self.describe, "Ctrl+E", self._describe),
            (self.put_aside, "Ctrl+Del", self._put_aside),
            (self.take_back, "", self._take_back),
        ):
            button.clicked.connect(action)
            if keys:
                keyed(button, keys)
        self.enlarge.clicked.connect(self._open)
        self.table.activated.connect(lambda _row: self._open())
        self.table.selected.connect(self._look)
        self.kind.currentIndexChanged.connect(lambda _place: self._show_rows())
        self.place.currentIndexChanged.connect(lambda _place: self.read_again())
        self.thumbs.came.connect(self.table.grid.viewport().update)
        self.scans.found.connect(self._tell_scans)
        self.work.on(self, events.FolderChanged, then=lambda _events: self.read_again())

    # What is shown

    def _show(self, rows: list[DocumentRow]) -> None:
        self._rows = rows
        self._show_rows()
        if not self.place.value():
            self.counted.emit(len(rows))
        if self.table.current is None or self._wants_newest:
            self._wants_newest = False
            self.table.select_first()

    def _show_rows(self) -> None:
        kind: DocumentCategory | None = self.kind.value()
        self.table.set_rows([one for one in self._rows if kind is None or one.category is kind])
        self._look(self.table.current)

    def _look(self, chosen: DocumentRow | None) -> None:
        self._offer(chosen)
        self.name.setText(chosen.name if chosen else "")
        self.sight.look_at(chosen)

    def _offer(self, chosen: DocumentRow | None) -> None:
        is_active = self.patient is not None and self.patient.status is not PatientStatus.MERGED
        self.attach.setEnabled(is_active)
        self.scans_button.setEnabled(is_active)
        self.enlarge.setEnabled(chosen is not None)
        self.describe.setEnabled(chosen is not None)
        for button, shown in ((self.describe, True), (self.put_aside, chosen is None or not chosen.is_archived)):
            button.setVisible(self._may_attach and shown)
        self.put_aside.setEnabled(chosen is not None)
        self.take_back.setVisible(self._may_attach and chosen is not None and chosen.is_archived)

    def showEvent(self, event: QShowEvent) -> None:  # noqa: N802
        super().showEvent(event)
        if self._may_attach:
            self.scans.begin()

    def hideEvent(self, event: QHideEvent) -> None:  # noqa: N802
        self.scans.end()
        super().hideEvent(event)

    def _tell_scans(self, paths: list[Path]) -> None:
        self._new_scans = paths
        self.scans_button.setText(ngettext("{n} new scan", "{n} new scans", len(paths)).format(n=number_text(len(paths))))
        keyed(self.scans_button, "Shift+F2")
        self.scans_button.setVisible(bool(paths) and self._may_attach)

    # What is done

    def _open(self) -> None:
        if self.table.current is not None:
            Viewer(self._screen, self.table.current).open()

    def _describe(self) -> None:
        chosen: DocumentRow | None = self.table.current
        if chosen is not None and self.patient is not None:
            dialog = DescribeDialog(self._screen, self.patient, chosen)
            dialog.open()

    def _choose(self) -> None:
        kinds = _("Documents (*.pdf *.jpg *.jpeg *.png *.webp *.tif *.tiff *.txt);;All files (*)")
        ask_files(self, _("Attach documents"), kinds, self.take)

    def _take_scans(self) -> None:
        self.take(self._new_scans)

    def take(self, paths: list[Path]) -> None:
        """Ask what these files are, and attach them."""
        if self.patient is not None and paths:
            dialog = AttachDialog(self._screen, self.patient, paths)
            dialog.attached.connect(self._was_attached)
            dialog.open()

    def _was_attached(self, path: Path) -> None:
        self._wants_newest = True
        self.scans.attached(path)

    def _put_aside(self) -> None:
        chosen: DocumentRow | None = self.table.current
        if chosen is not None:
            self.put_aside.run(
                self.work, self, commands.archive_document, then=lambda _nothing: self._was_put_aside(chosen), document_id=chosen.id
            )

    def _was_put_aside(self, chosen: DocumentRow) -> None:
        said = _("{name} is put aside.").format(name=chosen.name)
        self.desk.toast(said, undo=lambda: self._restore(chosen.id))

    def _take_back(self) -> None:
        if self.table.current is not None:
            self._restore(self.table.current.id)

    def _restore(self, document_id: UUID) -> None:
        self.work.do(self, commands.restore_document, document_id=document_id)

    # Dropping files

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:  # noqa: N802
        if self.attach.isEnabled() and _files(event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:  # noqa: N802
        event.acceptProposedAction()
        self.take(_files(event.mimeData().urls()))


def _files(urls: list[QUrl]) -> list[Path]:
    return [Path(one.toLocalFile()) for one in urls if one.isLocalFile()]
