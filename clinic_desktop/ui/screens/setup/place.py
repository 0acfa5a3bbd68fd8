"""The hospital and its first branch: names, address, numbers, time zone and currency."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.setup import regions
from clinic_desktop.ui.screens.setup.file_edit import FileEdit
from clinic_desktop.ui.screens.setup.step import Step
from clinic_desktop.ui.widgets.choice import Choice, Notes
from clinic_desktop.ui.widgets.inputs import LineEdit, PhoneField


class PlaceStep(Step):
    """``fix_currency`` once the clinic stands: its currency cannot be changed any more."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        form = self.form
        form.add("name", _("Name of the hospital or practice"), LineEdit(limit=200), required=True)
        form.add("clinic_name", _("Name of this branch"), LineEdit(placeholder=_("for example Main Clinic"), limit=200), required=True)
        form.add("address", _("Address"), Notes(_("Address"), lines=2), span=2)
        form.add("phone", _("Phone"), PhoneField(_("Phone")))
        form.add("email", _("E-mail"), LineEdit(limit=254))
        form.add("tax_number", _("Tax number"), LineEdit(limit=40))
        form.add("licence_number", _("Licence number"), LineEdit(limit=80))
        logo = FileEdit(_("Logo"), kinds=_("Pictures (*.png *.jpg *.jpeg)"), placeholder=_("PNG or JPEG, up to 2 MB"))
        form.add("logo", _("Logo"), logo, span=2)
        zones, here = regions.zones(), regions.here()
        form.add("timezone", _("Time zone"), Choice("", [(one, one) for one in zones], placeholder=_("Choose")), required=True)
        form.add(
            "currency", _("Currency"), Choice("", [(one, one) for one in regions.currencies()], placeholder=_("Choose")), required=True
        )
        form["timezone"].set_value(here if here in zones else None)
        self._follow_zone()
        form["timezone"].currentIndexChanged.connect(self._follow_zone)
        self.settle()

    @property
    def zone(self) -> str:
        """The chosen time zone, or this computer's."""
        return str(self.form["timezone"].value() or regions.here())

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back; a place is not chosen again for a currency that was."""
        super().restore({name: raw for name, raw in draft.items() if name != "currency"})
        super().restore({"currency": draft["currency"]} if "currency" in draft else {})

    def fix_currency(self) -> None:
        """The hospital has its currency: every amount from now on is in it."""
        self.form["currency"].setEnabled(False)

    def _follow_zone(self, _place: int = 0) -> None:
        currency = regions.currency_of(self.zone)
        if currency is not None and self.form["currency"].isEnabled():
            self.form["currency"].set_value(currency)
