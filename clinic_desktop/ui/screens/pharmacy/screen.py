"""The pharmacy: who waits on one side, the counter on the other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from msgspec import convert
from PySide6.QtCore import QModelIndex, QTimer
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.clinical.events import PrescriptionActivated, PrescriptionChanged
from clinic_desktop.clinic.clinical.queries import PrescriptionRow
from clinic_desktop.clinic.pharmacy.events import MedicineDispensed, MedicineReturned
from clinic_desktop.clinic.pharmacy.queries import WorkRow
from clinic_desktop.clinic.stock.events import BatchStatusChanged, StockMoved
from clinic_desktop.kernel.formats import date_text, isolated, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.card_warning import heeded, warning_of
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.numbers import is_card, is_of
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.pharmacy.counter import CounterView
from clinic_desktop.ui.screens.pharmacy.reading import Theirs, Waiting, find_prescriptions, of_patient, waiting
from clinic_desktop.ui.screens.pharmacy.words import STOCK_TONES, stock_text, waited, waited_text
from clinic_desktop.ui.spec import Hit
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Choice, Page, directed, row

_EVENTS = (PrescriptionActivated, PrescriptionChanged, MedicineDispensed, MedicineReturned, StockMoved, BatchStatusChanged)


class PharmacyScreen(Screen):
    """The worklist and the counter."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.place = Choice(_("Place that the medicines come from"))
        self.place.setMinimumWidth(scaled(170))
        self.days = Choice(_("Days"), [(_("Today"), False), (_("All that is owed"), True)])
        self.table = TableView(
            _("Prescriptions that wait"),
            self._columns(),
            key=lambda row: row.prescription.id,
            empty=_("No prescription waits. They appear here as soon as a doctor signs."),
            empty_icon="pill",
        )
        self.counter = CounterView(self)
        self._rows: list[WorkRow] = []
        self._wanted: UUID | None = None
        self._draft: dict[str, Any] | None = None
        self._keep: dict[UUID, int] = {}
        self._reason = ""
        self._is_marking = False
        self._lay_out()
        self._wire()
        self.watch(*_EVENTS)

    def _columns(self) -> list[Column]:
        desk = self.desk
        return [
            Column(
                _("Patient"),
                lambda w: w.prescription.patient_name,
                width=0,
                tooltip=lambda w: f"{w.prescription.patient_name}\n{w.prescription.patient_number}\n{w.prescription.number}",
            ),
            # The doctor stands on the counter; in the list it would take the room of the patient's name.
            Column(_("Doctor"), lambda w: w.prescription.doctor_name, width=160, hidden=True),
            Column(_("Items"), lambda w: number_text(len(w.prescription.items)), align=END, width=68),
            Column(_("Stock"), stock_text, chip=lambda w: STOCK_TONES[w.stock], width=134),
            Column(
                _("Waiting"),
                lambda w: waited_text(w, desk.now(), desk.today()),
                align=END,
                width=84,
                sort_key=lambda w: waited(w, desk.now()),
            ),
            Column(_("Prescription"), lambda w: w.prescription.number, width=150, hidden=True),
        ]

    def _lay_out(self) -> None:
        page = Page(self, _("Pharmacy"), actions=[self.place], subtitle=date_text(self.desk.today(), weekday=True))
        self.table.tools.addWidget(self.days)
        sides = row(self.table, self.counter, fill=True, gap=24)
        sides.setStretch(0, 1)
        sides.setStretch(1, 1)
        page.body.addWidget(self.counter.banner)
        page.body.addLayout(sides, 1)

    def _wire(self) -> None:
        self.table.selected.connect(self._choose)
        self.table.activated.connect(lambda _row: self.counter.focus_lines())
        self.days.currentIndexChanged.connect(lambda _place: self._show_rows())
        self.place.currentIndexChanged.connect(lambda _place: self._move())
        self.counter.dispensed.connect(lambda _id: self.table.grid.setFocus())
        begin_at(self, self.table)
        find = QShortcut(QKeySequence("Ctrl+F"), self)
        find.setWhatsThis(_("Find in the list"))
        find.activated.connect(self.table.filter.setFocus)
        minute = QTimer(self, interval=30_000)
        minute.timeout.connect(self.table.grid.viewport().update)
        minute.start()

    # What the shell does with it

    def refresh(self) -> None:
        """Read the list again, and the stock of what lies on the counter."""
        self.work.read(
            self,
            waiting,
            latest="waiting",
            then=self._show,
            clinic_id=self.desk.clinic_id,
            day=self.desk.today(),
            place_id=self.place.value(),
        )
        self.counter.reload()

    def open(self, *, prescription_id: UUID | None = None, **_what: Any) -> None:
        """Put a prescription on the counter."""
        if prescription_id is None:
            return
        if self.counter.place_id is None:  # nothing is read yet: open it as soon as it is known where medicines lie
            self._wanted = prescription_id
            return
        self._mark(prescription_id)
        self.counter.load(prescription_id, then=self.counter.focus_lines)

    def scanned(self, code: str) -> bool:
        """A prescription's number opens it, a patient's card what may be handed out; the barcode of a box selects its line."""
        if is_of(code, "prescription"):
            self.work.read(
                self,
                find_prescriptions,
                latest="scan",
                then=lambda hits: self._found(code, hits),
                text=code,
                clinic_id=self.desk.clinic_id,
                limit=1,
            )
            return True
        if is_card(code):
            self.work.read(
                self,
                of_patient,
                latest="scan",
                then=lambda found: self._take_card(code, found),
                text=code,
                clinic_id=self.desk.clinic_id,
                today=self.desk.today(),
            )
            return True
        if code.isdigit() and self.counter.lines.lines:
            self.counter.take_barcode(code)
            return True
        return False

    def draft(self) -> dict[str, Any] | None:
        """The prescription on the counter with the units that were changed and the reason that was typed."""
        if self._draft is not None:
            return self._draft
        quantities, reason = self.counter.lines.quantities(), self.counter.warnings.reason.text()
        if self.counter.prescription_id is None or not (quantities or reason):
            return None
        units = {str(item_id): units for item_id, units in quantities.items()}
        return {"prescription_id": str(self.counter.prescription_id), "quantities": units, "reason": reason}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the counter back as it was."""
        self._keep, self._reason = convert(draft["quantities"], dict[UUID, int]), str(draft["reason"])
        self._draft, self._wanted = draft, UUID(draft["prescription_id"])

    # How it behaves

    def _found(self, code: str, hits: list[Hit]) -> None:
        if hits:
            self.open(**hits[0].open)
        else:
            self.desk.toast(_("Nothing belongs to {code}.").format(code=code), tone=Tone.WARN)

    def _take_card(self, code: str, found: Theirs) -> None:
        heeded(self, warning_of(found.fault), lambda: self._open_first(code, found.prescriptions))

    def _open_first(self, code: str, found: list[PrescriptionRow]) -> None:
        """Of a scanned card: the newest prescription of this clinic, or else of another one."""
        if not found:
            self.desk.toast(_("Nothing can be handed out for {code}.").format(code=code), tone=Tone.WARN)
            return
        self.open(prescription_id=found[0].id)
        if len(found) > 1:
            told = ngettext("{n} more prescription of {name} waits.", "{n} more prescriptions of {name} wait.", len(found) - 1)
            self.desk.toast(directed(told.format(n=number_text(len(found) - 1), name=isolated(found[0].patient_name))), tone=Tone.INFO)

    def _show(self, found: Waiting) -> None:
        self.place.blockSignals(True)
        self.place.set_options([(place.name, place.id) for place in found.places])
        self.place.set_value(found.place_id)
        self.place.blockSignals(False)
        self.place.setVisible(len(found.places) > 1)
        self.counter.place_id = found.place_id
        self._rows = found.work
        self._show_rows()
        today = sum(1 for one in found.work if one.prescription.business_date == self.desk.today())
        self.desk.badge("pharmacy", today)
        self._open_wanted()

    def _show_rows(self) -> None:
        everything, today = self.days.value(), self.desk.today()
        # What was just handed out leaves the list: the next patient must not slip onto the counter by that.
        self._is_marking = True
        self.table.set_rows(one for one in self._rows if everything or one.prescription.business_date == today)
        self._mark(self.counter.prescription_id)

    def _mark(self, prescription_id: UUID | None) -> None:
        """Select the row of what lies on the counter; none when it is not in the list."""
        self._is_marking = True
        if prescription_id is None or not self.table.select(prescription_id):
            self.table.grid.setCurrentIndex(QModelIndex())
        self._is_marking = False

    def _open_wanted(self) -> None:
        wanted, self._wanted = self._wanted, None
        if wanted is None:
            return
        if self._draft is None:
            self.open(prescription_id=wanted)
            return
        self._mark(wanted)
        self.counter.load(wanted, keep=self._keep, then=self._restored)

    def _restored(self) -> None:
        self._draft = None
        self.counter.warnings.reason.setText(self._reason)

    def _choose(self, chosen: WorkRow | None) -> None:
        if chosen is not None and not self._is_marking and chosen.prescription.id != self.counter.prescription_id:
            self.counter.load(chosen.prescription.id)

    def _move(self) -> None:
        if self.place.value() not in (None, self.counter.place_id):
            self.refresh()
