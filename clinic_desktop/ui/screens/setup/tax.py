"""Whether the clinic charges a tax, which one, how much and since when."""

from __future__ import annotations

from datetime import date
from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.widgets.choice import Choice
from clinic_desktop.ui.widgets.inputs import DateField, LineEdit
from clinic_desktop.ui.widgets.percent import PercentEdit

NONE, GST, VAT, OTHER = "none", "gst", "vat", "other"
_NAMES = {GST: "GST", VAT: "VAT"}


class Tax(Step):
    """None, GST, VAT or another one."""

    def __init__(self, parent: QWidget, *, today: date) -> None:
        super().__init__(parent)
        kinds = ((_("No tax"), NONE), ("GST", GST), ("VAT", VAT), (_("Another tax"), OTHER))
        self.form.add("kind", _("Tax on what the clinic sells"), Choice("", kinds), span=2)
        self.form.add("name", _("Name on the bill"), LineEdit(limit=60), required=True)
        self.form.add("rate_basis_points", _("Rate in percent"), PercentEdit(_("Rate in percent")), required=True)
        ways = ((_("comes on top of the price"), False), (_("is in the price already"), True))
        self.form.add("is_inclusive", _("The tax"), Choice("", ways))
        self.form.add("valid_from", _("Valid from"), DateField(_("Valid from"), today=today), required=True)
        self.form["valid_from"].set_value(today.replace(month=1, day=1))
        self.form["kind"].currentIndexChanged.connect(self._follow_kind)
        self._follow_kind()
        self.settle()

    def read(self) -> dict[str, Any] | None:
        """The tax; ``None`` as its value where there is none."""
        if self.form["kind"].value() == NONE:
            return {"tax": None}
        found = self.form.values()
        return None if found is None else {"tax": {name: value for name, value in found.items() if name != "kind"}}

    def _follow_kind(self, _place: int = 0) -> None:
        kind = self.form["kind"].value()
        for name in ("name", "rate_basis_points", "is_inclusive", "valid_from"):
            self.form.fields[name].setVisible(kind != NONE)
        if kind in _NAMES:
            self.form["name"].setText(_NAMES[kind])
        elif self.form["name"].text() in _NAMES.values():
            self.form["name"].clear()
