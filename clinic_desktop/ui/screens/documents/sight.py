"""Looking at a document: the page as large as there is room, with what leads to the next one."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPixmap
from PySide6.QtWidgets import QPlainTextEdit, QSizePolicy, QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.patients.queries import DocumentRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.rendering import Shown
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_8
from clinic_desktop.ui.widgets import Button, EmptyState, Label, row

PAGE_OF = late("clinic_desktop.ui.screens.documents.rendering:page_of")


class PageView(QWidget):
    """A picture, as large as fits; ``zoom`` times as large in a viewer that scrolls."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._picture = QPixmap()
        self.zoom = 0.0
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(scaled(120), scaled(90))

    def show_picture(self, picture: QImage | None) -> None:
        """Show another one."""
        self._picture = QPixmap() if picture is None else QPixmap.fromImage(picture)
        self.set_zoom(self.zoom)

    def set_zoom(self, zoom: float) -> None:
        """So many screen pixels for one of the picture; 0 fits it into the room."""
        self.zoom = zoom
        size = self._picture.size() * zoom if zoom else QSize()
        self.setMinimumSize(size.expandedTo(QSize(scaled(120), scaled(90))))
        self.update()

    def sizeHint(self) -> QSize:  # noqa: N802
        return QSize(scaled(280), scaled(240))

    def paintEvent(self, _event: QPaintEvent) -> None:  # noqa: N802
        if self._picture.isNull():
            return
        room = QSize(self._picture.size())
        if self.zoom:
            room = room * self.zoom
        elif room.width() > self.width() or room.height() > self.height():
            room.scale(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = QRectF((self.width() - room.width()) / 2, (self.height() - room.height()) / 2, room.width(), room.height())
        painter.drawPixmap(place, self._picture, QRectF(self._picture.rect()))


class Sight(QWidget):
    """One document at a time; ``side`` is how many pixels a page is drawn with. Opening a sensitive one leaves a trace."""

    shown = Signal(object)
    """The DocumentRow that is seen now."""

    def __init__(self, screen: Screen, *, side: int, name: str, nothing: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._screen, self._side, self._nothing = screen, side, nothing
        self._row: DocumentRow | None = None
        self.page = 0
        self.view = PageView()
        self.view.setAccessibleName(name)
        self.text = QPlainTextEdit()
        self.text.setReadOnly(True)
        self.text.setAccessibleName(name)
        self.empty = EmptyState(nothing, icon_name="file-text")
        self.before = Button("", icon_name="chevron-left", role="quiet")
        self.before.setAccessibleName(_("Page before"))
        self.after = Button("", icon_name="chevron-right", role="quiet")
        self.after.setAccessibleName(_("Next page"))
        self.where = Label(tone="muted")
        self._stack = QStackedWidget()
        for page in (self.empty, self.framed(self.view), self.text):
            self._stack.addWidget(page)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addWidget(self._stack, 1)
        self._turning = QWidget()
        self._turning.setLayout(row(self.before, self.where, self.after))
        column.addWidget(self._turning)
        self.before.clicked.connect(lambda: self.turn(-1))
        self.after.clicked.connect(lambda: self.turn(1))
        self._turning.hide()

    def framed(self, view: PageView) -> QWidget:
        """What stands around the page."""
        return view

    def look_at(self, row: DocumentRow | None, page: int = 0) -> None:
        """Look at another document, or at none."""
        if row is None or self._row is None or row.id != self._row.id:
            self._forget(self._nothing if row is None else "")
        self._row, self.page = row, page
        if row is None:
            return
        self._turning.setVisible(row.pages > 1)
        self._tell_page()
        key, work = (row.id, page), self._screen.work
        work.background(
            self,
            PAGE_OF,
            then=lambda shown: self._show(key, shown),
            failed=lambda error: self._fail(key, error),
            db=work.db,
            actor=self._screen.desk.actor,
            document_id=row.id,
            page=page,
            side=self._side,
        )

    def turn(self, by: int) -> None:
        """Go on so many pages."""
        if self._row is not None and 0 <= self.page + by < self._row.pages:
            self.look_at(self._row, self.page + by)

    def _is_awaited(self, key: tuple[object, int]) -> bool:
        return self._row is not None and key == (self._row.id, self.page)

    def _show(self, key: tuple[object, int], shown: Shown) -> None:
        if not self._is_awaited(key):
            return
        if shown.row.is_sensitive:
            self._screen.desk.record_read("patient_documents", shown.row.id, What.DOCUMENT)
        if shown.picture is None:
            self.text.setPlainText(shown.text)
            self._stack.setCurrentWidget(self.text)
        else:
            self.view.show_picture(shown.picture)
            self._stack.setCurrentIndex(1)
        self.shown.emit(shown.row)

    def _fail(self, key: tuple[object, int], error: ClinicError) -> None:
        if self._is_awaited(key):
            self._forget(wording.sentence(error))

    def _forget(self, said: str) -> None:
        self.view.show_picture(None)
        self.text.clear()
        self.empty.set_text(said)
        self._stack.setCurrentWidget(self.empty)
        self._turning.hide()

    def _tell_page(self) -> None:
        count = self._row.pages if self._row else 0
        self.where.setText(_("Page {number} of {count}").format(number=number_text(self.page + 1), count=number_text(count)))
        self.before.setEnabled(self.page > 0)
        self.after.setEnabled(self.page + 1 < count)
