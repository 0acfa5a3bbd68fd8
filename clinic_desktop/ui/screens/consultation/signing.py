"""What ends a consultation or follows it: the signature, an addendum, the printed prescription, the next appointment, templates."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical.queries import PrescriptionItemRow, TemplateItemRow, TemplateRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consultation.casework import Casework
from clinic_desktop.ui.screens.consultation.dialogs import AddendumDialog, TemplateDialog
from clinic_desktop.ui.screens.consultation.lines import line_of
from clinic_desktop.ui.screens.consultation.notes import NotesPanel
from clinic_desktop.ui.screens.consultation.prescription import PrescriptionPanel
from clinic_desktop.ui.screens.consultation.reading import Own
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, ask, ask_reason, directed
from clinic_desktop.ui.widgets.text import literal
from clinic_desktop.wording import sentence

PRESCRIPTION = late("clinic_desktop.documents.compose:prescription")


class Signing(QObject):
    """``attend(panel)`` asks for a panel to be shown; ``ended`` when the visit must be read again."""

    attend = Signal(object)
    ended = Signal()
    own_changed = Signal()

    def __init__(self, screen: Screen, casework: Casework, notes: NotesPanel, prescription: PrescriptionPanel, button: BusyButton) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self._casework, self._notes, self._prescription, self._button = casework, notes, prescription, button
        self.own = Own(None, (), ())

    # The signature

    def sign(self) -> None:
        """Sign, with a question only where something is unusual."""
        if not self._casework.is_open or self._button.is_busy:
            return
        entry = self._prescription.entry
        if not entry.is_empty and not entry.finish():  # a line that is complete counts, another must not be lost
            self.attend.emit(self._prescription)
            self._desk.toast(_("A medicine is not finished: complete the line or clear it, then sign."), tone=Tone.WARN)
            return
        if self._prescription.lines and not self._prescription.is_checked:
            self._casework.check(then=self._checked)
        else:
            self._checked()

    def _checked(self) -> None:
        if self._prescription.is_blocked:
            self.attend.emit(self._prescription)
            self._prescription.reason.setFocus()
            self._desk.toast(_("Read the warnings of this prescription and give a reason to go on."), tone=Tone.WARN)
            return
        self._casework.flush(self._confirm)

    def _confirm(self) -> None:
        case, unusual = self._casework.case, self._unusual()
        text = "\n".join(directed(f"•  {one}") for one in unusual)
        if case is not None and self.own.is_other(case.visit):
            self._ask_on_behalf(case.visit.doctor_name, text)
        elif unusual:
            ask(self._screen, _("Sign all the same?"), text, yes=_("Sign"), then=self._sign)
        else:
            self._sign()

    def _ask_on_behalf(self, doctor: str, unusual: str) -> None:
        said = _("{doctor} has this patient. Your name will stand under the consultation and on the prescription; the reason is recorded.")
        text = "\n\n".join(part for part in (directed(said.format(doctor=doctor)), unusual) if part)
        title = _("Sign in place of {doctor}?").format(doctor=doctor)
        ask_reason(self._screen, title, text, yes=_("Sign"), role="primary", then=self._sign)

    def _unusual(self) -> list[str]:
        found = []
        if not self._notes.diagnosis.values():
            found.append(_("There is no diagnosis."))
        if self._prescription.has_warnings:
            found.append(_("Medicines are prescribed in spite of warnings: {reason}").format(reason=self._prescription.override_reason))
        short = [
            line.drug.title for line in self._prescription.lines if line.drug.on_hand is not None and line.drug.on_hand < line.quantity
        ]
        if short:
            found.append(_("The pharmacy has not enough of: {medicines}").format(medicines=", ".join(short)))
        return found

    def _sign(self, on_behalf_reason: str | None = None) -> None:
        case = self._casework.case
        if case is not None:
            self._button.run(
                self._work,
                self,
                commands.sign_consultation,
                then=lambda _signed: self._signed(case.visit.patient_name),
                failed=self._refuse,
                visit_id=case.visit.visit_id,
                row_version=self._casework.row_version,
                on_behalf_reason=on_behalf_reason,
            )

    def _signed(self, name: str) -> None:
        self._desk.toast(_("Signed. {name} goes on to the cashier.").format(name=name), tone=Tone.GOOD)
        self.ended.emit()

    def _refuse(self, error: ClinicError) -> None:
        if error.code == "nothing_to_sign":
            self.attend.emit(self._notes)
            self._notes.fields["complaint"].set_error(sentence(error))
            self._notes.text("complaint").setFocus()
            return
        self._desk.toast(sentence(error), tone=Tone.WARN)
        self._casework.check()

    # Afterwards

    def ask_addendum(self) -> None:
        """Add to what is signed."""
        case = self._casework.case
        if case is None or case.consultation is None:
            return
        dialog = AddendumDialog(self._screen, case.consultation.id)
        dialog.accepted.connect(self.ended)
        dialog.open()

    def print_prescription(self) -> None:
        """Show the prescription for printing."""
        case = self._casework.case
        if case is not None and case.printable is not None:
            show_document(self._screen, _("Prescription"), PRESCRIPTION, prescription_id=case.printable.id)

    def book_next(self) -> None:
        """The next appointment, with everything known filled in."""
        case = self._casework.case
        if case is not None:
            what = {"patient_id": case.visit.patient_id, "doctor_id": case.visit.doctor_id, "day": self._notes.wanted_day}
            self._casework.flush(lambda: self._desk.open("booking", kind=AppointmentKind.FOLLOW_UP, **what))

    # Templates

    def show_templates(self) -> None:
        """Offer templates and what the patient takes already."""
        menu = self.template_menu()
        menu.aboutToHide.connect(menu.deleteLater)
        below = self._prescription.templates
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def template_menu(self) -> QMenu:
        """The menu of templates."""
        menu = QMenu(self._prescription.templates)
        for template in self.own.templates:
            menu.addAction(literal(template.name), partial(self._add_items, template.items))
        case = self._casework.case
        running = case.summary.prescriptions if case is not None else ()
        if running:
            menu.addSeparator()
        for one in running:
            text = _("Repeat {number} of {date}").format(number=one.number, date=date_text(one.business_date))
            menu.addAction(text, partial(self._add_items, one.items))
        menu.addSeparator()
        keep = menu.addAction(_("Save as template…"), self.ask_template_name)
        keep.setEnabled(bool(self._prescription.lines))
        drop = menu.addMenu(_("Delete a template"))
        drop.setEnabled(any(one.doctor_id is not None for one in self.own.templates))
        for template in self.own.templates:
            if template.doctor_id is not None:
                drop.addAction(literal(template.name), partial(self._ask_drop, template))
        return menu

    def _add_items(self, items: Iterable[PrescriptionItemRow | TemplateItemRow]) -> None:
        self._prescription.add_lines(line for item in items if (line := line_of(item)) is not None)

    def _ask_drop(self, template: TemplateRow) -> None:
        ask(
            self._screen,
            _("Delete the template?"),
            template.name,
            yes=_("Delete"),
            role="danger",
            then=lambda: self._work.do(
                self, commands.drop_template, then=lambda _nothing: self.own_changed.emit(), template_id=template.id
            ),
        )

    def ask_template_name(self) -> None:
        """Keep the lines under a name."""
        diagnosis = next((one.text for one in self._notes.diagnosis.values()), None)
        items = tuple(line.item() for line in self._prescription.lines)
        dialog = TemplateDialog(self._screen, items, diagnosis, self.own.doctor.id if self.own.doctor is not None else None)
        dialog.accepted.connect(self._template_saved)
        dialog.open()

    def _template_saved(self) -> None:
        self.own_changed.emit()
        self._desk.toast(_("The template is saved."), tone=Tone.GOOD)
