"""Which appointment is being moved."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QWidget

from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.widgets import Button, Label, keyed


class MoveNotice(QWidget):
    """Says what is moved from when; ``given_up`` by Esc."""

    given_up = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._zone = desk.place.timezone
        self.text = Label(tone="accent", wrap=True)
        self.following = QCheckBox(_("And those that follow"))
        self.keep = Button(_("Do not move it"), role="quiet")
        keyed(self.keep, "Esc")
        self.keep.clicked.connect(self.given_up)
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.addWidget(self.text, 1)
        across.addWidget(self.following)
        across.addWidget(self.keep)
        self.hide()

    def show_visit(self, visit: VisitRow | None) -> None:
        """Say which one, or nothing."""
        self.setVisible(visit is not None)
        self.following.setVisible(visit is not None and visit.series_id is not None)
        if visit is None or visit.series_id is None:
            self.following.setChecked(False)
        if visit is not None:
            old = datetime_text(visit.planned_at, timezone=self._zone)
            self.text.setText(_("Moving {booking} from {when}: choose a new place.").format(booking=visit.booking_id, when=old))
