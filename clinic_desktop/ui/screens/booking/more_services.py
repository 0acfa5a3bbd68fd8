"""Further services of one appointment: each chosen one a line that can be taken out again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from uuid import UUID

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.tokens import GAP_4
from clinic_desktop.ui.widgets import Button, Choice, ElidedLabel


class Picker(Choice):
    """A choice that takes nothing while arrows or letters go through it: only a click in its list, or Enter; then ``taken``."""

    taken = Signal()

    def __init__(self, name: str, *, placeholder: str) -> None:
        super().__init__(name, placeholder=placeholder)
        self._is_from_list = False
        self.activated.connect(lambda _place: self._take_from_list())

    def hidePopup(self) -> None:  # noqa: N802
        # Qt closes the list first and then says what was chosen in it.
        self._is_from_list = True
        QTimer.singleShot(0, self, self._forget)
        super().hidePopup()

    def _take_from_list(self) -> None:
        if self._is_from_list:
            self.taken.emit()

    def _forget(self) -> None:
        self._is_from_list = False

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.value() is not None:
            self.taken.emit()
        else:
            super().keyPressEvent(event)


class MoreServices(QWidget):
    """A choice that adds, and above it what was added; ``changed`` with either."""

    changed = Signal()

    def __init__(self, name: str) -> None:
        super().__init__()
        self._offered: dict[UUID, ServiceRow] = {}
        self._first: UUID | None = None
        self._chosen: list[UUID] = []
        self._wanted: list[str] = []
        self.lines: list[tuple[ElidedLabel, Button]] = []
        self.add = Picker(name, placeholder=_("Add a service"))
        self.add.taken.connect(self._take)
        self._above = QVBoxLayout()
        self._above.setSpacing(GAP_4)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_4)
        column.addLayout(self._above)
        column.addWidget(self.add)
        self.setFocusProxy(self.add)

    def offer(self, services: Sequence[ServiceRow]) -> None:
        """Offer these; what was wanted before they were known is chosen now."""
        self._offered = {one.id: one for one in services}
        wanted, self._wanted = [one for one in self._offered if str(one) in self._wanted], []
        self._chosen = [one for one in self._chosen if one in self._offered] or wanted
        self._show()

    def leave_out(self, first: UUID | None) -> None:
        """The first service is no further one."""
        self._first = first
        if first in self._chosen:
            self._chosen.remove(first)
        self._show()

    def value(self) -> tuple[UUID, ...]:
        """What was added, in its order."""
        return tuple(self._chosen)

    def set_value(self, services: Iterable[UUID]) -> None:
        """Show these as added."""
        self._chosen = list(services)
        self._show()
        self.changed.emit()

    def draft(self) -> list[str]:
        """What was added, for a draft."""
        return [str(one) for one in self._chosen] or self._wanted

    def restore(self, raw: list[str]) -> None:
        """Put a draft back, now or when the services are known."""
        self._wanted = raw
        self._chosen = [one for one in self._offered if str(one) in raw]
        self._show()

    def _take(self) -> None:
        chosen = self.add.value()
        if chosen is not None:
            self.set_value([*self._chosen, chosen])

    def _drop(self, service: UUID) -> None:
        self.add.setFocus()  # else the focus went with the line
        self.set_value([one for one in self._chosen if one != service])

    def _show(self) -> None:
        while (item := self._above.takeAt(0)) is not None:
            gone = item.widget()
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        self.lines = [self._line(self._offered[one]) for one in self._chosen if one in self._offered]
        left = [one for one in self._offered.values() if one.id not in self._chosen and one.id != self._first]
        self.add.set_options([(one.name, one.id) for one in left])
        self.add.set_value(None)

    def _line(self, service: ServiceRow) -> tuple[ElidedLabel, Button]:
        home = QWidget(self)
        across = QHBoxLayout(home)
        across.setContentsMargins(0, 0, 0, 0)
        label, drop = ElidedLabel(_("+ {service}").format(service=service.name)), Button("", icon_name="x", role="quiet")
        drop.setAccessibleName(_("Take out {service}").format(service=service.name))
        drop.setToolTip(drop.accessibleName())
        drop.clicked.connect(lambda: self._drop(service.id))
        across.addWidget(label, 1)
        across.addWidget(drop)
        self._above.addWidget(home)
        return label, drop
