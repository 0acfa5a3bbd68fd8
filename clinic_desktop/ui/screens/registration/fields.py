"""The fields of registration, and its editors that read more than one thing from a line or offer what fits."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from PySide6.QtCore import QStringListModel, Qt
from PySide6.QtWidgets import QCompleter, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.details import NAME_LIMIT
from clinic_desktop.clinic.patients.legacy.dates import Birth
from clinic_desktop.clinic.patients.other_numbers import SYSTEM_LIMIT, VALUE_LIMIT
from clinic_desktop.clinic.patients.rules import BloodGroup, Gender
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.text import TEXT_LIMIT
from clinic_desktop.ui.screens.registration.typed import Name, read_birth, read_name
from clinic_desktop.ui.widgets import Choice, Form, LineEdit, Notes, PhoneField, SearchBox

_LONGEST_NAME = 3 * NAME_LIMIT + 2
"""First, middle and last name: what is kept must fit, or editing a record would cut it."""


class NameEdit(LineEdit):
    """A whole name on one line."""

    def value(self) -> Name | None:
        """The name, taken apart."""
        return read_name(self.text())


class BirthEdit(LineEdit):
    """An age or a birth date."""

    def __init__(self, name: str, *, today: date) -> None:
        super().__init__(name, placeholder=_("34, 8m, 1990 or 5/3/1990"), limit=20)
        self._today = today

    def value(self) -> Birth | None:
        """The birth date, exact or worked out; raises InvalidInput."""
        return read_birth(self.text(), self._today)


class SystemEdit(LineEdit):
    """Who gave a number: any text; what gave some before is completed as one types, and the arrows go through all of them."""

    def __init__(self, name: str = "", parent: QWidget | None = None) -> None:
        super().__init__(name, placeholder=_("Such as a laboratory"), limit=SYSTEM_LIMIT, parent=parent)
        self._offered = QStringListModel(self)
        completer = QCompleter(self._offered, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setCompletionMode(QCompleter.CompletionMode.InlineCompletion)
        self.setCompleter(completer)

    def offer(self, systems: Iterable[str]) -> None:
        """Offer these."""
        self._offered.setStringList(list(systems))


def add_main_fields(form: Form, today: date) -> None:
    """The four that are needed."""
    form.add("name", _("Name"), NameEdit(placeholder=_("First Middle Last, or Last, First"), limit=_LONGEST_NAME), required=True, span=3)
    genders = [(wording.status(one), one) for one in Gender]
    form.add("gender", _("Sex"), Choice("", genders, placeholder=_("Choose")), required=True)
    form.add("birth", _("Age or birth date"), BirthEdit("", today=today), required=True)
    form.add("phone", _("Phone"), PhoneField(""))


def add_more_fields(form: Form, family: SearchBox) -> None:
    """What is folded away."""
    add = form.add
    add("blood_group", _("Blood group"), Choice("", [(one.value, one) for one in BloodGroup], placeholder=_("Not known")))
    add("allergies", _("Allergies"), LineEdit(placeholder=_("Penicillin, peanuts"), limit=TEXT_LIMIT), span=2)
    add("emergency_contact_name", _("Emergency contact"), LineEdit())
    add("emergency_contact_phone", _("Phone of the emergency contact"), PhoneField(""))
    add("family", _("Shares the phone of"), family)
    add("email", _("E-mail"), LineEdit(limit=254))
    add("address", _("Address"), Notes("", lines=2), span=2)
    add("postal_code", _("Postal code"), LineEdit(limit=20))
    add("city", _("City"), LineEdit(limit=100))
    add("region", _("State or region"), LineEdit(limit=100))
    add("country", _("Country"), LineEdit(limit=100))
    add("remarks", _("Remarks"), Notes("", lines=2), span=2)
    add("national_id", _("National ID"), LineEdit(limit=60))
    add("number_system", _("Another number: who gave it"), SystemEdit())
    add("number", _("The number"), LineEdit(limit=VALUE_LIMIT))
