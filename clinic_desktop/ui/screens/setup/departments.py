"""The departments of the clinic: the common ones ticked, one's own typed."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_16
from clinic_desktop.ui.widgets.choice import Notes

_COLUMNS = 3


def _common() -> tuple[tuple[str, bool], ...]:
    """Departments that many clinics have, and whether most do."""
    return (
        (_("General medicine"), True),
        (_("Paediatrics"), False),
        (_("Gynaecology"), False),
        (_("Dentistry"), False),
        (_("Eye clinic"), False),
        (_("Ear, nose and throat"), False),
        (_("Orthopaedics"), False),
        (_("Skin"), False),
        (_("Physiotherapy"), False),
        (_("Laboratory"), False),
        (_("Pharmacy"), True),
        (_("Optical shop"), False),
    )


class Departments(Step):
    """Ticks and a field for further names, one a line."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, columns=1)
        grid = QGridLayout()
        grid.setHorizontalSpacing(GAP_16)
        grid.setVerticalSpacing(GAP_8)
        self.ticks: list[QCheckBox] = []
        for place, (name, is_usual) in enumerate(_common()):
            tick = QCheckBox(name, self)
            tick.setChecked(is_usual)
            tick.toggled.connect(self.typed)
            grid.addWidget(tick, *divmod(place, _COLUMNS))
            self.ticks.append(tick)
        for column in range(_COLUMNS):
            grid.setColumnStretch(column, 1)
        self.column.insertLayout(0, grid)
        self.form.add("names", _("Further departments, one on each line"), Notes("", lines=3))
        self.settle()

    def start(self) -> None:
        """Begin with the first tick."""
        self.ticks[0].setFocus()

    def read(self) -> dict[str, Any] | None:
        """The names, each once."""
        typed = (line.strip() for line in self.form["names"].toPlainText().splitlines())
        ticked = (tick.text() for tick in self.ticks if tick.isChecked())
        unique = {name.casefold(): name for name in (*ticked, *typed) if name}
        return {"names": list(unique.values())}

    def refuse(self, error: ClinicError) -> bool:
        """A name that will not do: said at the field for names."""
        return self.form.refuse(type(error)("names", **error.params)) if error.field == "name" and not error.params.get("reason") else False

    def draft(self) -> dict[str, Any]:
        """Which are ticked, by name, and what is typed."""
        return {"ticked": [tick.text() for tick in self.ticks if tick.isChecked()], **self.form.draft()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put them back; a name of another language stays as a typed one."""
        ticked = set(draft["ticked"])
        for tick in self.ticks:
            tick.setChecked(tick.text() in ticked)
        strange = ticked - {tick.text() for tick in self.ticks}
        typed = [*draft["names"].splitlines(), *sorted(strange)]
        self.form.restore({"names": "\n".join(line for line in typed if line)})
