"""The left rail: the departments that the actor may use, with counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.spec import Area, ScreenSpec
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import icon, icon_size
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16
from clinic_desktop.ui.widgets.text import Label

_WIDTH = 196


class RailButton(QToolButton):
    """One department; Up and Down go to its neighbours."""

    def __init__(self, spec: ScreenSpec | Area) -> None:
        super().__init__()
        self.spec = spec
        self.setProperty("role", "rail")
        self.setCheckable(True)
        self.setText(_(spec.title))
        self.setAccessibleName(_(spec.title))
        self.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setIcon(icon(spec.icon, "muted", gap=6))
        self.setIconSize(icon_size(gap=6))
        self._badge = Label()
        self._badge.setProperty("role", "badge")
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.setFixedHeight(scaled(20))
        self._badge.hide()
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_8, 0, GAP_12, 0)
        across.addStretch(1)
        across.addWidget(self._badge, 0, Qt.AlignmentFlag.AlignVCenter)
        self.toggled.connect(lambda on: self.setIcon(icon(spec.icon, "on_accent_soft" if on else "muted", gap=6)))

    @property
    def badge(self) -> str:
        """The count that is shown, or nothing."""
        return self._badge.text()

    def set_badge(self, count: int) -> None:
        """Show a count, or none for 0."""
        self._badge.setText(("99+" if count > 99 else str(count)) if count else "")
        self._badge.setVisible(bool(count))
        title = _(self.spec.title)
        self.setAccessibleName(_("{title}, {count} open").format(title=title, count=count) if count else title)

    def sizeHint(self) -> QSize:  # noqa: N802
        # The layout for the badge would otherwise decide the size, and cut the text.
        return QToolButton.sizeHint(self).expandedTo(QSize(0, scaled(34)))


class Rail(QWidget):
    """The departments, one below the other."""

    chosen = Signal(str)

    def __init__(self, hospital: str, screens: Sequence[ScreenSpec | Area], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "rail")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedWidth(scaled(_WIDTH))
        self.buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_8, GAP_16, GAP_8, GAP_8)
        column.setSpacing(GAP_4 // 2)
        name = Label(hospital, voice=Text.STRONG, wrap=True)
        name.setContentsMargins(GAP_16, 0, GAP_8, 0)
        column.addWidget(name)
        column.addSpacing(GAP_12)
        for spec in screens:
            button = RailButton(spec)
            button.clicked.connect(lambda _checked, code=spec.code: self.chosen.emit(code))
            self._group.addButton(button)
            column.addWidget(button)
            self.buttons[spec.code] = button
        column.addStretch(1)

    def mark(self, code: str) -> None:
        """Show which department is open; none for a page that is not in the rail."""
        self._group.setExclusive(False)
        for one, button in self.buttons.items():
            button.setChecked(one == code)
        self._group.setExclusive(True)
