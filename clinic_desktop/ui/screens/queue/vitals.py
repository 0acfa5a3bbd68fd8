"""Vital signs of one patient: the unusual is questioned once, the impossible refused."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any
from uuid import UUID

from PySide6.QtCore import QRegularExpression, Qt, QTimer
from PySide6.QtGui import QRegularExpressionValidator

from clinic_desktop import wording
from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.rules import NewVitals, VitalWarning, body_mass_index, check_vitals
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BannerPatient, BusyButton, Dialog, Form, Label, LineEdit, PatientBanner, keyed
from clinic_desktop.ui.widgets.inputs import latin_digits

_SAVE_KEYS = "Ctrl+Return"
_WHOLE = ("pulse", "systolic", "diastolic", "spo2", "respiratory_rate", "glucose_mg_dl")


class NumberField(LineEdit):
    """A measured number; ``value()`` is a Decimal, or an int for whole ones."""

    REFUSES = "not_a_measure"

    def __init__(self, *, whole: bool) -> None:
        super().__init__("", limit=7)
        self._is_whole = whole
        pattern = r"\p{Nd}{0,4}" if whole else r"\p{Nd}{0,4}([.,٫]\p{Nd}{0,2})?"
        self.setValidator(QRegularExpressionValidator(QRegularExpression(pattern), self))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    def value(self) -> Decimal | int | None:
        """The number; None when empty."""
        plain = latin_digits(self.text()).strip().replace(",", ".").replace("٫", ".")
        if not plain:
            return None
        try:
            return int(plain) if self._is_whole else Decimal(plain)
        except (ValueError, InvalidOperation) as error:
            raise InvalidInput(self.objectName(), "not_a_number" if self._is_whole else "not_a_measure") from error


def vital_titles() -> dict[str, str]:
    """Each sign with its unit, in the order in which they are taken."""
    return {
        "systolic": _("BP upper (mmHg)"),
        "diastolic": _("BP lower (mmHg)"),
        "pulse": _("Pulse (/min)"),
        "temperature_c": _("Temperature (°C)"),
        "spo2": _("SpO₂ (%)"),
        "respiratory_rate": _("Breaths (/min)"),
        "weight_kg": _("Weight (kg)"),
        "height_cm": _("Height (cm)"),
        "glucose_mg_dl": _("Glucose (mg/dL)"),
    }


class VitalsDialog(Dialog):
    """Entry of one reading; Enter goes on from field to field, Ctrl+Enter saves."""

    def __init__(self, screen: Screen, visit_id: UUID, patient: BannerPatient) -> None:
        super().__init__(screen, _("Vital signs"), width=620)
        self._screen, self._visit_id = screen, visit_id
        self._confirmed: frozenset[tuple[str, Decimal]] = frozenset()
        banner = PatientBanner()
        banner.show_patient(patient)
        self.body.addWidget(banner)
        self.form = Form(columns=3)
        for name, title in vital_titles().items():
            self.form.add(name, title, NumberField(whole=name in _WHOLE))
            editor = self.form[name]
            editor.editingFinished.connect(self._look)
            editor.returnPressed.connect(lambda editor=editor: editor.focusNextChild())
        self.body.addWidget(self.form)
        self._note = Label(tone="muted", wrap=True)
        self.body.addWidget(self._note)
        self.add_button(_("Cancel"), None, self.leave)
        self.save = BusyButton(_("Save"), icon_name="check")
        keyed(self.save, _SAVE_KEYS)
        self.save.clicked.connect(self._save)
        self.buttons.addWidget(self.save)
        self.form["systolic"].setFocus()
        screen.keep_typing(f"vitals {visit_id}", self)

    def draft(self) -> dict[str, Any] | None:
        """The readings."""
        return self.form.typed()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put them back; nothing is saved by itself."""
        self.form.restore(draft)
        self._look()

    def _reading(self) -> NewVitals | None:
        values = self.form.values()
        return None if values is None else NewVitals(**values)

    def _look(self) -> None:
        """Question what is unusual as it is entered."""
        warnings: dict[str, VitalWarning] = {}
        known: dict[str, Any] = {}
        for name, field in self.form.fields.items():
            try:
                known[name] = field.value()
                if known[name] is not None:
                    # One at a time: a half of the blood pressure alone is not yet a mistake.
                    pressure = {"systolic": 340, "diastolic": 15}
                    other = {"systolic": "diastolic", "diastolic": "systolic"}.get(name)
                    alone = {name: known[name], **({other: pressure[other]} if other else {})}
                    warnings.update({one.field: one for one in check_vitals(NewVitals(**alone)) if one.field == name})
                field.set_error(None)
            except InvalidInput as error:
                field.set_error(wording.sentence(error))
        self._hint(warnings)
        index = body_mass_index(known.get("height_cm"), known.get("weight_kg"))
        self._note.setText(_("Body mass index {index}").format(index=number_text(index)) if index is not None else "")

    def _hint(self, warnings: dict[str, VitalWarning]) -> None:
        for name, field in self.form.fields.items():
            one = warnings.get(name)
            usual = _("Unusual: mostly {low}–{high}")
            field.set_hint(usual.format(low=number_text(one.low), high=number_text(one.high)) if one is not None else None)

        QTimer.singleShot(0, self, self._grow)

    def _grow(self) -> None:
        # Qt does not make a dialog higher for texts that wrap.
        layout = self.layout()
        if layout is not None:
            layout.activate()
            self.resize(self.width(), max(self.height(), layout.totalHeightForWidth(self.width())))

    def _save(self) -> None:
        self._look()
        reading = self._reading()
        if reading is None:
            return
        try:
            warnings = check_vitals(reading)
        except InvalidInput as error:
            self._refuse(error)
            return
        unusual = frozenset((one.field, one.value) for one in warnings)
        if unusual and unusual != self._confirmed:
            self._confirmed = unusual
            self.save.setText(_("Save anyway"))
            keyed(self.save, _SAVE_KEYS)
            self._note.setText(_("Some values are unusual. Check them, then save once more."))
            return
        self.save.run(
            self._screen.work,
            self,
            commands.record_vitals,
            then=lambda _taken: self._saved(),
            failed=self._refuse,
            visit_id=self._visit_id,
            reading=reading,
        )

    def _saved(self) -> None:
        self._screen.desk.toast(_("The vital signs are saved."), tone=Tone.GOOD)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self._note.setText(wording.sentence(error) if error.field != "vitals" else _("Enter at least one value."))
