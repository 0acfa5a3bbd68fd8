"""The registration form: four fields that are needed, the rest folded away, and a family's shared number."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import convert, to_builtins
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients.other_numbers import OtherNumber
from clinic_desktop.clinic.patients.queries import PatientRow
from clinic_desktop.clinic.patients.rules import PhoneDoubt, phone_doubt
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.registration.fields import add_main_fields, add_more_fields
from clinic_desktop.ui.screens.registration.typed import Typed, birth_line, birth_text, name_text
from clinic_desktop.ui.theme.icons import icon
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets import Button, Choice, ElidedLabel, Form, FormField, Notes, SearchBox, keyed, row

MORE_FIELDS = (
    *("blood_group", "national_id", "email", "allergies", "address", "city", "region", "postal_code", "country", "remarks"),
    *("emergency_contact_name", "emergency_contact_phone"),
)
DOUBTS = {
    PhoneDoubt.TOO_SHORT: N_("This is shorter than a phone number. Please check it."),
    PhoneDoubt.TOO_LONG: N_("This is longer than a phone number. Please check it."),
    PhoneDoubt.UNKNOWN: N_("This is not a phone number of its country. Please check it."),
}
_FIELD_OF = {"first_name": "name", "middle_name": "name", "last_name": "name", "date_of_birth": "birth", "age": "birth"} | {
    "phone_owner_id": "phone"
}


@dataclass(frozen=True, slots=True)
class Relative:
    """A family member whose phone number may be shared."""

    id: UUID
    name: str
    phone: str | None = None


class PatientForm(QWidget):
    """Reads, fills and keeps what is typed about one patient; ``changed`` after every change."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = desk.today()
        self.owner: Relative | None = None
        self.offered: Relative | None = None
        self.main = Form(columns=3)
        self.more = Form(columns=3)
        self.understood = ElidedLabel(tone="muted")
        self.share = Button(_("Same family"), icon_name="users")
        self.unshare = Button(_("Do not share"), role="quiet")
        self.sharing = ElidedLabel(tone="good")
        self.fold = Button(_("More details"), icon_name="chevron-down", role="quiet")
        self.fold.setProperty("flush", True)
        self.family = SearchBox(_("Search the family member"), placeholder=_("Name or phone"))
        add_main_fields(self.main, self._today)
        add_more_fields(self.more, self.family)
        self._lay_out()
        self._wire()
        self._show_family()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.main)
        column.addWidget(self.understood)
        column.addLayout(row(self.sharing, self.share, self.unshare))
        column.addLayout(row(self.fold))
        column.addWidget(self.more)
        self.more.hide()

    def _wire(self) -> None:
        keyed(self.fold, "Ctrl+D")
        keyed(self.share, "Ctrl+G")
        self.fold.clicked.connect(self._toggle_fold)
        self.share.clicked.connect(lambda: self.set_owner(self.offered))
        self.unshare.clicked.connect(lambda: self.set_owner(None))
        self.main["phone"].textEdited.connect(self._phone_edited)
        for form in (self.main, self.more):
            for field in form.fields.values():
                editor = field.editor
                signal = editor.currentIndexChanged if isinstance(editor, QComboBox) else editor.textChanged  # type: ignore[attr-defined]
                signal.connect(lambda *_change: self._note_change())

    def _note_change(self) -> None:
        parts = []
        for name, words in (("name", name_text), ("birth", lambda birth: birth_text(birth, self._today))):
            try:
                found = self.main.fields[name].editor.value()  # type: ignore[attr-defined]
            except InvalidInput:
                continue
            parts += [words(found)] if found is not None else []
        self.understood.setText("   ·   ".join(isolated(part) for part in parts))
        self.changed.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        # Enter goes on to the next field, as on every paper form; saving has its own keys.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and isinstance(self.focusWidget(), (QLineEdit, QComboBox)):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)

    def unfold(self, shown: bool) -> None:
        """Show the further details, or fold them away."""
        self.more.setVisible(shown)
        self.fold.setIcon(icon("chevron-up" if shown else "chevron-down"))
        self.fold.setText(_("Fewer details") if shown else _("More details"))

    def _toggle_fold(self) -> None:
        self.unfold(not self.more.isVisibleTo(self))
        if self.more.isVisibleTo(self):
            self.more["blood_group"].setFocus()

    # A family's number

    def offer_share(self, relative: Relative | None) -> None:
        """Offer to share the number with the person who has it."""
        self.offered = relative
        self._show_family()

    def set_owner(self, relative: Relative | None) -> None:
        """Share this person's number, or nobody's."""
        self.owner = relative
        if relative is not None and relative.phone and not self.main["phone"].text().strip():
            self.main["phone"].setText(relative.phone)
        self.main.fields["phone"].set_error(None)
        self._show_family()
        self.changed.emit()

    def _phone_edited(self) -> None:
        self.owner = self.offered = None
        self._show_family()

    def doubt_phones(self, region: str) -> None:
        """From now on say beside a number, once it is typed, what speaks against it in this country; it is kept all the same."""
        for field in (self.main.fields["phone"], self.more.fields["emergency_contact_phone"]):
            field.editor.editingFinished.connect(partial(_doubt, field, region))  # type: ignore[attr-defined]

    def _show_family(self) -> None:
        owner, offered = self.owner, self.offered
        self.sharing.setVisible(owner is not None)
        self.unshare.setVisible(owner is not None)
        self.share.setVisible(owner is None and offered is not None)
        if owner is not None:
            self.sharing.setText(_("Shares the number of {name}.").format(name=owner.name))
        if offered is not None:
            self.share.setText(_("Same family: share the number of {name}").format(name=offered.name))
            keyed(self.share, "Ctrl+G")

    # Reading and filling

    def typed(self) -> Typed | None:
        """What is typed, read; None when something is missing or cannot be read: the errors stand at the fields."""
        main = self.main.values()
        more = self.more.values()
        if more is None:
            self.more.show()
        if main is None or more is None:
            self.focus_first_error()
            return None
        details = {name: more[name] for name in MORE_FIELDS}
        return Typed(main["name"], main["gender"], main["birth"], main["phone"], details, _number(more["number_system"], more["number"]))

    def focus_first_error(self) -> None:
        """Put the cursor into the first field that is wrong."""
        for form in (self.main, self.more):
            for field in form.fields.values():
                if field.error:
                    field.editor.setFocus()
                    return

    def refuse(self, error: ClinicError) -> bool:
        """Show a refusal at its field; False when it names none."""
        name = _FIELD_OF.get(error.field or "", error.field or "")
        form = self.main if name in self.main.fields else self.more if name in self.more.fields else None
        if form is None:
            return False
        if form is self.more:
            self.unfold(True)
        form.fields[name].set_error(wording.sentence(error))
        form[name].setFocus()
        return True

    def fill(self, patient: PatientRow) -> None:
        """Show a patient for editing."""
        self.clear()
        self.main["name"].setText(patient.full_name)
        self.main["gender"].set_value(patient.gender)
        self.main["birth"].setText(birth_line(patient, self._today))
        self.main["phone"].setText(patient.phone_typed or patient.phone or "")
        for name in MORE_FIELDS:
            value, editor = getattr(patient, name), self.more[name]
            if isinstance(editor, (Choice, Notes)):
                editor.set_value(value)
            else:
                editor.setText(value or "")
        self.unfold(True)

    def clear(self) -> None:
        """Empty everything."""
        for form in (self.main, self.more):
            form.clear()
            for field in form.fields.values():
                field.set_hint(None)
        self.unfold(False)
        self.owner = self.offered = None
        self._show_family()

    def draft(self) -> dict[str, Any]:
        """What stands in the editors, as plain values."""
        owner = to_builtins(self.owner)
        return {"main": self.main.draft(), "more": self.more.draft(), "owner": owner, "unfolded": self.more.isVisibleTo(self)}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put a draft back."""
        self.main.restore(draft["main"])
        self.more.restore(draft["more"])
        self.set_owner(convert(draft["owner"], Relative | None))
        self.unfold(draft["unfolded"])


def _doubt(field: FormField, region: str) -> None:
    doubt = phone_doubt(field.editor.text(), region)  # type: ignore[attr-defined]
    field.set_hint(None if doubt is None else _(DOUBTS[doubt]))


def _number(system: str | None, value: str | None) -> tuple[OtherNumber, ...]:
    """The number that is to be added, if any; what is missing of it the command says."""
    return (OtherNumber(system or "", value or ""),) if system or value else ()
