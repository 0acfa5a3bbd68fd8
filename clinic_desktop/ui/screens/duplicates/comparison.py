"""Two records side by side: what they say differently stands out, and how much hangs on each."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QSizePolicy, QWidget

from clinic_desktop.clinic.patients.combining import differences
from clinic_desktop.clinic.patients.queries import Compared, Side
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.duplicates import words as say
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_16
from clinic_desktop.ui.widgets import Button, Label, directed, row

_CAPTION, _MARK, _LINE = 130, 16, 28


class _Line:
    """A caption, the sign of a difference, and what each of the two records says."""

    def __init__(self, grid: QGridLayout, place: int, caption: str, parent: QWidget) -> None:
        self.caption = Label(caption, parent, tone="muted")
        self.mark = Label("", parent, tone="warn", voice=Text.STRONG)
        self.sides = [Label("", parent, wrap=True), Label("", parent, wrap=True)]
        for column, label in enumerate((self.caption, self.mark, *self.sides)):
            grid.addWidget(label, place, column, Qt.AlignmentFlag.AlignTop)
        for label in (self.caption, self.mark, *self.sides):
            label.setMinimumHeight(scaled(_LINE))  # letters of two scripts in one line stand at one height
            label.setAlignment(Qt.AlignmentFlag.AlignLeading | Qt.AlignmentFlag.AlignVCenter)
        for label in self.sides:
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)

    def tell(self, texts: tuple[str, str], *, differs: bool) -> None:
        """Show both; a line of which neither says anything is left out."""
        for label, text in zip(self.sides, texts, strict=True):
            label.setText(directed(text or "–"))
            label.setFont(font(Text.STRONG if differs else Text.BODY))
        self.mark.setText("≠" if differs else "")
        self.mark.setAccessibleName(_("differs") if differs else "")
        for label in (self.caption, self.mark, *self.sides):
            label.setVisible(any(texts))


class ComparisonGrid(QWidget):
    """The older record first, the newer one beside it."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        super().__init__(parent)
        self._desk = desk
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, GAP_8, 0)
        grid.setHorizontalSpacing(GAP_16)
        grid.setVerticalSpacing(0)
        grid.setColumnMinimumWidth(0, scaled(_CAPTION))
        grid.setColumnMinimumWidth(1, scaled(_MARK))
        for column in (2, 3):
            grid.setColumnStretch(column, 1)
        self.heads = [Label("", self, voice=Text.STRONG), Label("", self, voice=Text.STRONG)]
        self.openers = [Button(_("Open"), icon_name="user", role="quiet", parent=self) for _side in self.heads]
        for column, (label, opener) in enumerate(zip(self.heads, self.openers, strict=True)):
            grid.addWidget(label, 0, 2 + column)
            grid.addLayout(row(opener), len(say.FIELDS) + 4, 2 + column)
        self.lines = {name: _Line(grid, 1 + place, _(caption), self) for place, (name, caption) in enumerate(say.FIELDS.items())}
        grid.setRowMinimumHeight(len(self.lines) + 1, GAP_4)
        self.since = _Line(grid, len(self.lines) + 2, _("Registered"), self)
        self.hangs = _Line(grid, len(self.lines) + 3, _("Belongs to it"), self)
        grid.setRowStretch(len(self.lines) + 5, 1)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def show_pair(self, both: Compared) -> None:
        """Show two records."""
        sides, today = (both.older, both.newer), self._desk.today()
        differ = {one.field for one in differences(both.older.values, both.newer.values)}
        for label, opener, side in zip(self.heads, self.openers, sides, strict=True):
            label.setText(directed(side.patient.patient_number))
            opener.setAccessibleName(_("Open {name}").format(name=side.patient.patient_number))
        for name, line in self.lines.items():
            line.tell(_texts(sides, lambda side, name=name: say.value(name, side, today)), differs=name in differ)
        self.since.tell(_texts(sides, lambda side: date_text(side.registered_at.date())), differs=False)
        self.hangs.tell(_texts(sides, lambda side: say.counted(side.counts) or _("nothing yet")), differs=False)


def _texts(sides: tuple[Side, Side], text: object) -> tuple[str, str]:
    assert callable(text)
    return str(text(sides[0])), str(text(sides[1]))
