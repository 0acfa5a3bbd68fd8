"""The draft of one visit on its way to the database: notes and prescription, each saved by itself as they change."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Signal

from clinic_desktop.clinic.clinical import commands
from clinic_desktop.clinic.clinical import queries as clinical
from clinic_desktop.clinic.clinical.commands import DraftSaved, PrescriptionSaved
from clinic_desktop.clinic.clinical.queries import ConsultationRow
from clinic_desktop.clinic.clinical.rules import PrescriptionWarning
from clinic_desktop.clinic.stock import queries as stock
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, StaleRecord
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consultation.autosave import Autosave, Done, Failed
from clinic_desktop.ui.screens.consultation.glance import joined
from clinic_desktop.ui.screens.consultation.kept import KeptCase
from clinic_desktop.ui.screens.consultation.lines import line_of, warning_text
from clinic_desktop.ui.screens.consultation.notes import NotesPanel
from clinic_desktop.ui.screens.consultation.prescription import PrescriptionPanel
from clinic_desktop.ui.screens.consultation.reading import Case


class Casework(QObject):
    """Holds the open visit; ``state_changed`` when saving starts or ends, ``refused`` when it fails."""

    state_changed = Signal()
    refused = Signal(object)

    def __init__(self, screen: Screen, notes: NotesPanel, prescription: PrescriptionPanel) -> None:
        super().__init__(screen)
        self._screen, self._work = screen, screen.work
        self._notes, self._prescription = notes, prescription
        self.case: Case | None = None
        self.row_version: int | None = None
        self._prescription_id: UUID | None = None
        self._version = 0
        self._key = new_id()
        self._sent: dict[str, Any] = {}
        self.notes_save, self.prescription_save = Autosave(self._send_notes, self), Autosave(self._send_prescription, self)
        for one in (self.notes_save, self.prescription_save):
            one.changed.connect(self.state_changed)
            one.refused.connect(self._refuse)
        notes.changed.connect(lambda: self._note(self.notes_save))
        prescription.changed.connect(lambda: self._note(self.prescription_save))
        prescription.check_wanted.connect(self.check)
        prescription.entry.medicine.asked.connect(self._find_medicine)

    @property
    def is_open(self) -> bool:
        """Whether somebody writes."""
        return self.case is not None and self.case.is_open

    @property
    def is_settled(self) -> bool:
        """Whether everything that can be saved is saved."""
        return self.notes_save.is_settled and self.prescription_save.is_settled

    def take(self, case: Case) -> None:
        """Show a visit; what was there before has been saved."""
        self.case, found, draft = case, case.consultation, case.draft
        self.row_version = found.row_version if found is not None else None
        self._prescription_id = draft.id if draft is not None else None
        self._version, self._key = draft.version if draft is not None else 0, new_id()
        read_only = not case.is_open
        self._notes.show_consultation(found, case.summary.problems, read_only=read_only)
        shown = draft or case.printable
        lines = [line for item in shown.items if (line := line_of(item)) is not None] if shown is not None else []
        self._prescription.show_lines(lines, shown.override_reason if shown is not None else None, read_only=read_only)
        self._sent = self._prescribed()
        self.notes_save.forget()
        self.prescription_save.forget()
        self.check()

    def flush(self, then: Done) -> None:
        """Save everything, then go on."""
        if not self.is_open:
            then()
            return
        if self._prescription.lines and self._prescribed() != self._sent:  # the diagnosis stands on the prescription too
            self.prescription_save.is_dirty = True
        self.notes_save.flush(lambda: self.prescription_save.flush(then))

    def _note(self, save: Autosave) -> None:
        if self.is_open:
            save.note()

    # The notes

    def _send_notes(self, done: Done, failed: Failed) -> None:
        assert self.case is not None
        try:
            values = self._notes.values()
        except InvalidInput as error:
            failed(error)
            return

        def saved(answer: DraftSaved) -> None:
            self.row_version = answer.row_version
            done()

        visit_id = self.case.visit.visit_id
        self._work.do(
            self, commands.save_consultation, then=saved, failed=failed, visit_id=visit_id, row_version=self.row_version, **values
        )

    def keep_mine(self) -> None:
        """Somebody else saved in between, and the person wants the own text: write it over the other."""
        assert self.case is not None

        def again(found: ConsultationRow | None) -> None:
            self.row_version = found.row_version if found is not None else None
            self.notes_save.note()

        desk = self._screen.desk
        self._work.read(self, clinical.consultation, then=again, visit_id=self.case.visit.visit_id, actor=desk.actor, now=desk.now())

    # The prescription

    def _send_prescription(self, done: Done, failed: Failed) -> None:
        assert self.case is not None
        values = self._prescribed()
        items = values["items"]
        if self._prescription.is_blocked or values == self._sent or (not items and self._prescription_id is None):
            done()
            return

        def saved(answer: PrescriptionSaved) -> None:
            self._prescription_id, self._version, self._sent = answer.prescription_id, answer.version, values
            done()

        if not items:
            self._cancel(done, failed)
        elif self._prescription_id is None:
            visit_id = self.case.visit.visit_id
            self._work.do(self, commands.write_prescription, then=saved, failed=failed, key=self._key, visit_id=visit_id, **values)
        else:
            values_and_ids = {**values, "prescription_id": self._prescription_id, "version": self._version}
            self._work.do(self, commands.edit_prescription, then=saved, failed=failed, **values_and_ids)

    def _prescribed(self) -> dict[str, Any]:
        return {
            "items": tuple(line.item() for line in self._prescription.lines),
            "diagnosis": "; ".join(one.text for one in self._notes.diagnosis.values()) or None,
            "follow_up_date": self._notes.wanted_day,
            "override_reason": self._prescription.override_reason,
        }

    def _cancel(self, done: Done, failed: Failed) -> None:
        def gone(_nothing: object) -> None:
            self._prescription_id, self._key, self._sent = None, new_id(), self._prescribed()
            done()

        assert self._prescription_id is not None
        self._work.do(
            self,
            commands.cancel_prescription,
            then=gone,
            failed=failed,
            prescription_id=self._prescription_id,
            reason=_("All lines were taken away while writing"),
        )

    def check(self, then: Callable[[], object] | None = None) -> None:
        """Look up the warnings about everything that is or will be prescribed."""
        drugs = list(dict.fromkeys(drug.medicine_id for drug in self._prescription.drugs))
        if self.case is None or not drugs or not self.is_open:
            self._prescription.show_warnings({}, drugs)
            return

        def show(found: tuple[PrescriptionWarning, ...]) -> None:
            texts: dict[UUID, str] = {}
            for one in found:
                texts[one.medicine_id] = " · ".join(part for part in (texts.get(one.medicine_id), warning_text(one)) if part)
            was_blocked = self._prescription.is_blocked
            self._prescription.show_warnings(texts, drugs)
            if was_blocked and not self._prescription.is_blocked:
                self._note(self.prescription_save)
            if then is not None:
                then()

        self._work.read(
            self,
            clinical.prescription_warnings,
            latest="warnings",
            then=show,
            patient_id=self.case.visit.patient_id,
            medicine_ids=drugs,
            day=self._screen.desk.today(),
            visit_id=self.case.visit.visit_id,
            besides=self._prescription_id,
        )

    def _find_medicine(self, text: str) -> None:
        medicine = self._prescription.entry.medicine

        def offer(hits: list[stock.MedicineHit]) -> None:
            lines = [(hit.name, joined((hit.strength, hit.form, f"{hit.on_hand} {hit.unit}")), hit) for hit in hits]
            medicine.offer(text, lines, icon="pill")

        self._work.read(self, stock.medicine_hits, latest="medicine", then=offer, text=text, day=self._screen.desk.today())

    def _refuse(self, error: ClinicError) -> None:
        if not isinstance(error, StaleRecord) and self._notes.refuse(error):
            return
        self.refused.emit(error)

    # What is kept over lock, logout and crash

    def draft(self) -> KeptCase | None:
        """The visit, with what is not saved yet."""
        if self.case is None:
            return None
        unsaved = self.is_open and (not self.is_settled or self._prescription.is_blocked or not self._prescription.entry.is_empty)
        visit_id = self.case.visit.visit_id
        if not unsaved:
            return KeptCase(visit_id)
        return KeptCase(visit_id, self._notes.draft(), self._prescription.draft(), self.row_version, self._version)

    def restore(self, kept: KeptCase) -> None:
        """Put a draft back over the visit it belongs to."""
        if self.is_open and kept.notes is not None and kept.prescription is not None:
            self.row_version = kept.row_version  # where notes were saved since, their save asks whose are to stay
            self._notes.restore(kept.notes)
            if kept.version == self._version:
                self._prescription.restore(kept.prescription)
            else:
                self._prescription.entry.restore(kept.prescription.entry)
