"""The counter: one prescription with its patient, its warnings, its lines, and the button that hands them out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.clinical.rules import PrescriptionStatus, PrescriptionWarned
from clinic_desktop.clinic.pharmacy import commands
from clinic_desktop.clinic.pharmacy.commands import DispensedRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text, datetime_text, isolated, money_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.money import total
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.pharmacy.lines import PickedLine, PickedLines
from clinic_desktop.ui.screens.pharmacy.other_batch import OtherBatchDialog
from clinic_desktop.ui.screens.pharmacy.reading import Counter, counter, usable_batches
from clinic_desktop.ui.screens.pharmacy.warnings import Warnings
from clinic_desktop.ui.screens.reception.words import banner_of
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import (
    BusyButton,
    Button,
    Card,
    Chip,
    ElidedLabel,
    EmptyState,
    Label,
    PatientBanner,
    beside,
    directed,
    keep_if,
    keyed,
    row,
)

PRESCRIPTION = late("clinic_desktop.documents.compose:prescription")
TONES = {PrescriptionStatus.ACTIVE: Tone.INFO, PrescriptionStatus.PARTIALLY_DISPENSED: Tone.WARN, PrescriptionStatus.DISPENSED: Tone.GOOD}


class CounterView(QWidget):
    """What lies on the counter; ``dispensed(prescription_id)`` once medicines went out."""

    dispensed = Signal(object)

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen, self._desk, self._work = screen, screen.desk, screen.work
        self.counter: Counter | None = None
        self._coming: UUID | None = None
        self._keep: dict[UUID, int] = {}
        self._then: Callable[[], object] | None = None
        self.place_id: UUID | None = None
        self.banner = PatientBanner()
        self.status = Chip("–", Tone.NEUTRAL)
        self.number = Label(voice=Text.STRONG)
        self.heading = ElidedLabel(tone="muted")
        self.of_clinic = Label(tone="warn", voice=Text.STRONG, wrap=True)
        self.warnings = Warnings()
        self.lines = PickedLines()
        self.nothing = EmptyState("", icon_name="pill")
        self.done = Label(tone="good", voice=Text.STRONG, wrap=True)
        self.handed_out = Label(tone="muted", wrap=True)
        self.sum = Label(voice=Text.FIGURE)
        self.print = Button(_("Prescription"), icon_name="printer")
        self.dispense = BusyButton(_("Dispense"), icon_name="check")
        self.middle = QStackedWidget()
        self._lay_out()
        self._wire()
        self.clear()

    def _lay_out(self) -> None:
        self.middle.addWidget(self.lines)
        self.middle.addWidget(self.nothing)
        card = Card()
        card.body.addLayout(row(self.status, self.number, gap=GAP_12))
        card.body.addWidget(self.heading)
        card.body.addWidget(self.of_clinic)
        card.body.addWidget(self.warnings)
        card.body.addWidget(self.middle, 1)
        card.body.addWidget(self.handed_out)
        card.body.addWidget(self.done)
        self.foot = QWidget()
        across = row(self.sum, Label(_("to the bill, before tax"), tone="muted"), self.print, self.dispense, stretch_at=2)
        across.setContentsMargins(0, 0, 0, 0)
        self.foot.setLayout(across)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(card, 1)
        column.addWidget(self.foot)

    def _wire(self) -> None:
        keyed(self.dispense, "F10")
        keyed(self.print, "F8")
        keep_if(self.dispense, self._desk.may(commands.dispense))
        self.dispense.clicked.connect(self._dispense)
        self.print.clicked.connect(self._print)
        self.lines.changed.connect(self._add_up)
        self.lines.batch_wanted.connect(self._ask_batch)

    # What the screen does with it

    @property
    def prescription_id(self) -> UUID | None:
        """The prescription on the counter, or about to be."""
        return self._coming if self.counter is None else self.counter.prescription.id

    def clear(self) -> None:
        """Nothing lies on the counter."""
        self.counter, self._coming = None, None
        self.banner.show_patient(None)
        self.heading.setText("")
        self.of_clinic.hide()
        self.number.setText("")
        self.status.hide()
        self.warnings.show_warnings(())
        self.lines.show_lines([])
        self.nothing.set_text(_("Choose a prescription from the list, or scan one."))
        self.middle.setCurrentWidget(self.nothing)
        self.done.hide()
        self.handed_out.hide()
        self.print.setEnabled(False)
        self._add_up()

    def load(self, prescription_id: UUID, *, keep: dict[UUID, int] | None = None, then: Callable[[], object] | None = None) -> None:
        """Put a prescription on the counter; ``keep`` are units that were changed by hand."""
        if self.place_id is None:
            self.clear()
            self.nothing.set_text(_("No place with stock is set up in this clinic. An administrator can add one."))
            return
        if prescription_id != self.prescription_id:
            # A key pressed meanwhile must not hand out what is still on screen.
            self.counter, self._coming, self._then = None, prescription_id, None
            self.dispense.setEnabled(False)
            self.done.hide()
            self.warnings.reason.clear()

        self._keep, self._then = keep or {}, then or self._then  # what is heard meanwhile reads once more, for the same purpose

        def show(found: Counter) -> None:
            after, self._then = self._then, None
            self._show(found, self._keep)
            if after is not None:
                after()

        day, now = self._desk.today(), self._desk.now()
        self._work.read(
            self, counter, latest="counter", then=show, prescription_id=prescription_id, place_id=self.place_id, now=now, day=day
        )

    def reload(self) -> None:
        """Read again what lies there; units changed by hand and batches chosen by hand stay."""
        if self.prescription_id is not None and not self.dispense.is_busy:
            if self._coming is not None:
                self.load(self._coming, keep=self._keep)
            elif not any(line.batch is not None for line in self.lines.lines):
                self.load(self.prescription_id, keep=self.lines.quantities())

    def take_barcode(self, code: str) -> None:
        """A box was scanned: find its line, or warn that it is not on the prescription."""
        found = self.lines.line_where(lambda line: line.plan.barcode == code)
        if found is None:
            self._desk.toast(_("This item is not on the prescription, or nothing of it is owed."), tone=Tone.BAD)
        else:
            found.mark_scanned()

    def focus_lines(self) -> None:
        """Put the hand on the first quantity."""
        first = next((line.quantity for line in self.lines.lines if line.quantity.isEnabled()), None)
        (first or self.dispense).setFocus()
        if first is not None:
            first.selectAll()

    # How it is shown

    def _show(self, found: Counter, keep: dict[UUID, int]) -> None:
        self._coming = None
        self.counter, written, today = found, found.prescription, self._desk.today()
        self._desk.record_read("prescriptions", written.id, What.PRESCRIPTION)
        self.banner.show_patient(banner_of(found.patient, today, same_name=found.same_name))
        day = date_text(written.business_date)
        self.status.show_status(wording.status(written.status), TONES.get(written.status, Tone.NEUTRAL))
        self.status.show()
        self.number.setText(written.number)
        self.heading.setText(beside(written.doctor_name, day, written.diagnosis))
        self._show_clinic(found)
        may = found.may_dispense(today)
        self.warnings.show_warnings(found.warnings if may else ())
        items = {item.id: item for item in written.items}
        lines = [PickedLine(items[plan.prescription_item_id], plan, self._desk.place.currency) for plan in found.plan] if may else []
        self.lines.show_lines(lines)
        self.lines.put_quantities(keep)
        self.nothing.set_text(_nothing_text(found))
        self.middle.setCurrentWidget(self.lines if lines else self.nothing)
        self.print.setEnabled(True)
        self._show_handed_out(found)
        self._add_up()

    def _show_clinic(self, found: Counter) -> None:
        """Whose prescription it is, where that is another clinic."""
        is_of_another = found.prescription.clinic_id != self._desk.clinic_id
        told = _("Prescribed at {clinic}. What is handed out here comes from the stock here, and goes on a bill of its own.")
        self.of_clinic.setText(directed(told.format(clinic=isolated(found.prescription.clinic_name))) if is_of_another else "")
        self.of_clinic.setVisible(is_of_another)

    def _show_handed_out(self, found: Counter) -> None:
        zone = self._desk.place.timezone
        texts = [
            _("Handed out {time}: {list}").format(
                time=datetime_text(one.dispensed_at, timezone=zone),
                list=", ".join(isolated(f"{number_text(each.quantity)} × {each.medicine} [{each.batch_number}]") for each in one.lines),
            )
            for one in found.handed_out
        ]
        self.handed_out.setText("\n".join(map(directed, texts)))
        self.handed_out.setVisible(bool(texts))

    def _add_up(self) -> None:
        amount = total((line.amount for line in self.lines.lines), self._desk.place.currency)
        self.sum.setText(money_text(amount))
        self.dispense.setEnabled(bool(self.lines.wanted()))

    # What the keys do

    def _ask_batch(self, line: PickedLine) -> None:
        def ask(batches: Any) -> None:
            dialog = OtherBatchDialog(self._screen, line, batches)
            dialog.chosen.connect(line.take_batch)
            dialog.open()

        self._work.read(line, usable_batches, then=ask, item_id=line.plan.item_id, place_id=self.place_id, day=self._desk.today())

    def _dispense(self) -> None:
        wanted, found = self.lines.wanted(), self.counter
        if found is None or not wanted:
            return
        self.dispense.run(
            self._work,
            self,
            commands.dispense,
            then=lambda done: self._dispensed(found, done),
            failed=self._refused,
            prescription_id=found.prescription.id,
            location_id=self.place_id,
            lines=wanted,
            override_reason=self.warnings.reason.value(),
        )

    def _dispensed(self, found: Counter, done: DispensedRow) -> None:
        added = _("{amount} before tax was added to the bill of {name}.").format(
            amount=money_text(done.total), name=found.prescription.patient_name
        )
        owed = _("{n} units stay owed.").format(n=number_text(done.owed)) if done.owed else ""
        self.done.setText(directed(f"{added} {owed}".strip()))
        self.done.show()
        self._desk.toast(added, tone=Tone.GOOD)
        self.warnings.reason.clear()
        self.load(found.prescription.id)
        self.dispensed.emit(found.prescription.id)

    def _refused(self, error: ClinicError) -> None:
        if isinstance(error, PrescriptionWarned):
            self.warnings.show_warnings(error.params["warnings"])
            self.warnings.ask()
            return
        self._work.refused.emit(error)
        # The shelf or the prescription changed meanwhile: show it as it is now.
        if self.prescription_id is not None:
            self.load(self.prescription_id, keep=self.lines.quantities())

    def _print(self) -> None:
        if self.prescription_id is not None:
            show_document(self._screen, _("Prescription"), PRESCRIPTION, prescription_id=self.prescription_id)


def _nothing_text(found: Counter) -> str:
    if found.prescription.status is PrescriptionStatus.DISPENSED:
        return _("Everything on this prescription was handed out.")
    return _("This prescription cannot be dispensed ({status}).").format(status=wording.status(found.prescription.status))
