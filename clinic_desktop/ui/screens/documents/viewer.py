"""A document as large as the window: zoom, pages by key, a copy to save, and paper."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QScrollArea, QWidget

from clinic_desktop.clinic.patients.queries import DocumentRow
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.documents.handing_out import print_document, save_copy
from clinic_desktop.ui.screens.documents.sight import PageView, Sight
from clinic_desktop.ui.screens.documents.words import told
from clinic_desktop.ui.theme.tokens import GAP_16, GAP_24
from clinic_desktop.ui.widgets import Button, Dialog, Label, keyed

_SIDE = 2000
_STEPS = (0.0, 0.5, 0.75, 1.0, 1.5, 2.0)


class _LargeSight(Sight):
    """A sight whose page scrolls."""

    def framed(self, view: PageView) -> QWidget:
        self.area = QScrollArea()
        self.area.setAccessibleName(_("Document"))
        self.area.setWidget(view)
        self.area.setWidgetResizable(True)
        return self.area


class Viewer(Dialog):
    """One document, large."""

    def __init__(self, screen: Screen, row: DocumentRow) -> None:
        super().__init__(screen, row.name, width=640)
        self._screen, self._row = screen, row
        self.body.addWidget(Label(told(row), tone="muted", wrap=True))
        if row.description:
            self.body.addWidget(Label(row.description, wrap=True))
        self.sight = _LargeSight(screen, side=_SIDE, name=_("Document"), nothing="")
        self.body.addWidget(self.sight, 1)
        for place, (icon_name, name, keys, by) in enumerate((("minus", _("Smaller"), "Ctrl+-", -1), ("plus", _("Larger"), "Ctrl++", 1))):
            button = Button("", icon_name=icon_name, role="quiet")
            button.setAccessibleName(name)
            keyed(button, keys)
            button.clicked.connect(self._zoomer(by))
            self.buttons.insertWidget(place, button)
        close = self.add_button(_("Close"), None, self.reject)
        keyed(self.add_button(_("Save a copy…"), None, lambda: save_copy(self, screen, row)), "Ctrl+S")
        keyed(self.add_button(_("Print"), "primary", lambda: print_document(screen, row)), "Ctrl+P")
        window = screen.window()
        self.resize(window.width() - 4 * GAP_24, window.height() - 4 * GAP_16)
        self.sight.look_at(row)
        close.setFocus()  # the page is not there yet, and zoom is not what Enter is for

    def _zoomer(self, by: int) -> Callable[[], None]:
        def zoom() -> None:
            view = self.sight.view
            place = _STEPS.index(view.zoom) if view.zoom in _STEPS else 0
            view.set_zoom(_STEPS[min(max(place + by, 0), len(_STEPS) - 1)])

        return zoom

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        turned = {Qt.Key.Key_PageDown: 1, Qt.Key.Key_PageUp: -1}.get(Qt.Key(event.key()))
        if turned is None:
            super().keyPressEvent(event)
        else:
            self.sight.turn(turned)
