"""The line above the calendar: which days, which view, whose, and what of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from clinic_desktop.clinic.staff.queries import DoctorRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.choosing import KINDS, kind_text
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12
from clinic_desktop.ui.widgets import Button, Choice, ElidedLabel, keyed


class View(StrEnum):
    """The three pictures of time."""

    DAY = "day"
    WEEK = "week"
    CLINIC = "clinic"


class Bar(QWidget):
    """Days, views and filters; ``moved(steps)``, ``view_chosen(View)`` and the widgets' own signals."""

    moved = Signal(int)
    view_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.back = Button("", icon_name="chevron-left", role="quiet")
        self.on = Button("", icon_name="chevron-right", role="quiet")
        self.today = Button(_("Today"), role=None)
        self.title = ElidedLabel(voice=Text.STRONG)
        self.views = {
            View.DAY: Button(_("Day")),
            View.WEEK: Button(_("Week")),
            View.CLINIC: Button(_("Clinic week")),
        }
        self.doctor = Choice(_("Doctor"))
        self.doctor.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)  # the line has room for whole names
        self.doctor.setMaximumWidth(scaled(260))
        self.doctors = Button(_("Doctors"), icon_name="users")
        self.kind = Choice(_("Appointments shown"), [(kind_text(kind), kind) for kind in KINDS])
        self.kind.setMinimumWidth(scaled(150))
        self.further = Button("", icon_name="minus", role="quiet")
        self.nearer = Button("", icon_name="plus", role="quiet")
        for button, name in ((self.further, _("Further away")), (self.nearer, _("Nearer"))):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self._lay_out()
        self.back.clicked.connect(lambda: self.moved.emit(-1))
        self.on.clicked.connect(lambda: self.moved.emit(1))
        for view, button in self.views.items():
            button.clicked.connect(lambda _checked=False, view=view: self.view_chosen.emit(view))

    def _lay_out(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_8)
        for button in (self.back, self.today, self.on):
            across.addWidget(button)
        across.addSpacing(GAP_4)
        across.addWidget(self.title, 1)
        together = QHBoxLayout()
        together.setSpacing(0)
        for one in self.views.values():
            together.addWidget(one)
        across.addLayout(together)
        across.addSpacing(GAP_12)
        filters: tuple[QWidget, ...] = (self.doctor, self.doctors, self.kind, self.further, self.nearer)
        for widget in filters:
            across.addWidget(widget)

    def show_view(self, view: View, title: str) -> None:
        """Say which days are shown, and in which view."""
        self.title.setText(title)
        for one, button in self.views.items():
            mark(button, "role", "primary" if one is view else None)
            button.setAccessibleDescription(_("shown") if one is view else "")
        names = (_("Day before"), _("Next day")) if view is View.DAY else (_("Week before"), _("Next week"))
        for button, name in zip((self.back, self.on), names, strict=True):
            button.setAccessibleName(name)
            button.setToolTip(name)
        self.doctor.setVisible(view is View.WEEK)
        self.doctors.setVisible(view is not View.WEEK)
        for button in (self.further, self.nearer):
            button.setVisible(view is not View.CLINIC)

    def offer_doctors(self, everyone: Sequence[DoctorRow], chosen: UUID | None, hidden: Collection[UUID]) -> None:
        """Whose week can be shown, and on the button how many of all have a column."""
        self.doctor.blockSignals(True)
        self.doctor.set_options([(one.full_name, one.id) for one in everyone])
        self.doctor.set_value(chosen)
        self.doctor.blockSignals(False)
        left = sum(one.id not in hidden for one in everyone)
        all_shown = left == len(everyone)
        self.doctors.setText(_("Doctors") if all_shown else _("Doctors: {n} of {all}").format(n=left, all=len(everyone)))
        keyed(self.doctors, "Ctrl+D")
