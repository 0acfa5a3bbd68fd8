"""The left rail: the departments that the actor may use, with counts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.spec import Area, ScreenSpec
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import icon, icon_size
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, GAP_16
from clinic_desktop.ui.widgets.text import Label

_WIDTH, _NARROW = 196, 60


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
        self._badge = Label()
        self._badge.setProperty("role", "badge")
        self._badge.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._badge.hide()
        self._across = QHBoxLayout(self)
        self._across.addStretch(1)
        self._across.addWidget(self._badge)
        self.set_narrow(False)
        self.toggled.connect(lambda _on: self._show_icon())

    @property
    def badge(self) -> str:
        """The count that is shown, or nothing."""
        return self._badge.text()

    def set_narrow(self, on: bool) -> None:
        """Show the icon alone, its words as a tip and its count in the corner; or all of it in a line."""
        mark(self, "narrow", on)
        icons, both = Qt.ToolButtonStyle.ToolButtonIconOnly, Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        self.setToolButtonStyle(icons if on else both)
        self._gap = 0 if on else 6
        self.setIconSize(icon_size(gap=self._gap))
        self._show_icon()
        self.setToolTip(self.accessibleName() if on else "")
        mark(self._badge, "narrow", on)
        self._badge.setFixedHeight(scaled(15 if on else 20))
        across, middle = Qt.AlignmentFlag.AlignTrailing, Qt.AlignmentFlag.AlignVCenter
        self._across.setAlignment(self._badge, across | (Qt.AlignmentFlag.AlignTop if on else middle))
        self._across.setContentsMargins(0 if on else GAP_8, 0, 0 if on else GAP_12, 0)

    def set_badge(self, count: int) -> None:
        """Show a count, or none for 0."""
        self._badge.setText(("99+" if count > 99 else str(count)) if count else "")
        self._badge.setVisible(bool(count))
        title = _(self.spec.title)
        self.setAccessibleName(_("{title}, {count} open").format(title=title, count=count) if count else title)
        if self.toolTip():
            self.setToolTip(self.accessibleName())

    def _show_icon(self) -> None:
        self.setIcon(icon(self.spec.icon, "on_accent_soft" if self.isChecked() else "muted", gap=self._gap))

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
        self.is_narrow = False
        """Whether only the icons show."""
        self.buttons: dict[str, RailButton] = {}
        self._group = QButtonGroup(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP_8, GAP_16, GAP_8, GAP_8)
        column.setSpacing(GAP_4 // 2)
        self._name = Label(hospital, voice=Text.STRONG, wrap=True)
        self._name.setContentsMargins(GAP_16, 0, GAP_8, 0)
        column.addWidget(self._name)
        column.addSpacing(GAP_12)
        for spec in screens:
            button = RailButton(spec)
            button.clicked.connect(lambda _checked, code=spec.code: self.chosen.emit(code))
            self._group.addButton(button)
            column.addWidget(button)
            self.buttons[spec.code] = button
        column.addStretch(1)

    def set_narrow(self, on: bool) -> None:
        """Make room for what stands beside: icons only, or icons with their words."""
        if on == self.is_narrow:
            return
        self.is_narrow = on
        self.setFixedWidth(scaled(_NARROW if on else _WIDTH))
        self._name.setVisible(not on)
        for button in self.buttons.values():
            button.set_narrow(on)

    def mark(self, code: str) -> None:
        """Show which department is open; none for a page that is not in the rail."""
        self._group.setExclusive(False)
        for one, button in self.buttons.items():
            button.setChecked(one == code)
        self._group.setExclusive(True)
