"""What nurse and doctors do in a simulated day: vitals, calls, consultations, prescriptions, signatures."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from uuid import UUID

from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical.queries import consultation
from clinic_desktop.clinic.clinical.rules import NewVitals, PrescriptionWarned
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.queries import visit
from clinic_desktop.clinic.frontdesk.rules import QueueEmpty
from clinic_desktop.clinic.simulation.catalogue import Case, case_for, medicines
from clinic_desktop.clinic.simulation.counters import Counters
from clinic_desktop.clinic.simulation.crew import Room
from clinic_desktop.clinic.simulation.journeys import Fate, How, Journey, adopt
from clinic_desktop.clinic.simulation.work import Work
from clinic_desktop.kernel.ids import new_id

_OVERRUN = timedelta(minutes=45)
"""How long a doctor stays on after a session for those who still wait."""


class Rooms:
    """The consulting rooms and the patients in the building."""

    def __init__(self, work: Work, counters: Counters) -> None:
        self._work = work
        self._counters = counters
        self._here: dict[UUID, Journey] = {}
        self._generic = {line.code: line.generic.casefold() for line in medicines()}

    def open(self) -> None:
        """Doctors look at their queue when a session begins."""
        for room in self._work.crew.rooms:
            for start, _ in room.hours:
                self._work.agenda.at(start, lambda room=room: self._next(room))  # type: ignore[misc]

    def receive(self, journey: Journey) -> None:
        """A patient has arrived: vitals soon, and the doctor when free."""
        self._here[journey.visit] = journey
        work = self._work
        if journey.how is How.EMERGENCY:
            work.agenda.after(0.5, lambda: self._next(journey.room))
            return
        work.agenda.after(work.rng.uniform(2, 6), lambda: self._vitals(journey))
        work.agenda.after(0.2, lambda: self._next(journey.room))

    def resume(self, journey: Journey, *, is_inside: bool) -> None:
        """Go on with a patient who was called, or already sits with the doctor."""
        self._here[journey.visit] = journey
        journey.room.is_busy = journey.is_resumed = True
        go_on = self._finish if is_inside else self._begin
        self._work.agenda.after(2, lambda: go_on(journey))

    def _vitals(self, journey: Journey) -> None:
        if journey.has_vitals:
            return
        journey.has_vitals = True
        self._work.run(self._work.crew.nurse, clinical.record_vitals, visit_id=journey.visit, reading=self._reading(journey))

    def _reading(self, journey: Journey) -> NewVitals:
        rng, case = self._work.rng, self._case(journey)
        is_child = journey.age < 16
        height = 75 + journey.age * 6 if is_child else int(rng.gauss(163, 8))
        weight = Decimal(max(9, int(8 + journey.age * 2.4))) if is_child else Decimal(int(rng.gauss(66, 10)))
        high = 25 if case.pressure else 0
        return NewVitals(
            height_cm=Decimal(max(70, min(height, 195))),
            weight_kg=max(weight, Decimal(9)) if is_child else max(weight, Decimal(38)),
            temperature_c=Decimal(rng.randrange(380, 395) if case.fever else rng.randrange(364, 371)) / 10,
            pulse=rng.randrange(84, 118) if case.fever or is_child else rng.randrange(66, 92),
            systolic=None if journey.age < 5 else rng.randrange(92, 110) if is_child else rng.randrange(108, 138) + high,
            diastolic=None if journey.age < 5 else rng.randrange(58, 70) if is_child else rng.randrange(66, 86) + high // 3,
            spo2=rng.randrange(96, 100),
            respiratory_rate=rng.randrange(22, 28) if journey.age < 5 else rng.randrange(14, 20),
            glucose_mg_dl=rng.randrange(135, 245) if case.sugar else None,
        )

    def _case(self, journey: Journey) -> Case:
        # The same visit brings the same complaint whoever asks first.
        if journey.case is None:
            journey.case = case_for(journey.room.doctor.specialty, journey.age, self._work.rng.random())
        return journey.case

    def _is_in(self, room: Room, moment: datetime) -> bool:
        sessions = [start for start, end in room.hours if start <= moment]
        if not sessions:
            return False
        last_end = next(end for start, end in room.hours if start == sessions[-1])
        return moment <= last_end + _OVERRUN or len(sessions) == len(room.hours)

    def _next(self, room: Room) -> None:
        work = self._work
        if room.is_busy or not self._is_in(room, work.agenda.now):
            return
        try:
            ticket = work.run(room.actor, frontdesk.call_next, clinic_id=work.clinic_id, doctor_id=room.doctor.id, room=room.name)
        except QueueEmpty:
            return
        room.is_busy = True
        journey = self._here.get(ticket.visit_id) or self._stranger(ticket.visit_id)
        if journey.fate in (Fate.MISSES_CALL, Fate.LEAVES) and not journey.has_missed:
            journey.has_missed = True
            work.agenda.after(1.5 * self._haste(room), lambda: self._call_again(journey))
        else:
            work.agenda.after(0.8 * self._haste(room), lambda: self._begin(journey))

    def _haste(self, room: Room) -> float:
        """On a crowded day everything goes faster."""
        return min(1.0, room.visit_minutes / 9)

    def _stranger(self, visit_id: UUID) -> Journey:
        """A waiting patient whom this day did not plan is seen all the same."""
        journey, _ = next(adopt(self._work, [self._work.read(visit, visit_id)]))
        journey.is_counted = False
        self._here[visit_id] = journey
        return journey

    def _call_again(self, journey: Journey) -> None:
        work, room = self._work, journey.room
        work.run(room.actor, frontdesk.recall, visit_id=journey.visit)
        if journey.fate is Fate.MISSES_CALL and work.chance(0.5):
            work.agenda.after(0.8 * self._haste(room), lambda: self._begin(journey))
        else:
            work.agenda.after(1.2 * self._haste(room), lambda: self._pass_over(journey))

    def _pass_over(self, journey: Journey) -> None:
        work, room = self._work, journey.room
        work.run(room.actor, frontdesk.skip, visit_id=journey.visit, reason="Did not answer")
        if journey.fate is Fate.LEAVES:
            journey.has_vitals = True  # nobody is there to be measured
            work.run(work.crew.reception, frontdesk.leave_unseen, visit_id=journey.visit, reason="Could not wait any longer")
        room.is_busy = False
        self._next(room)

    def _begin(self, journey: Journey) -> None:
        work, room = self._work, journey.room
        self._vitals(journey)
        work.run(room.actor, frontdesk.start_consultation, visit_id=journey.visit)
        work.agenda.after(max(0.02, work.rng.gauss(room.visit_minutes, room.visit_minutes / 4)), lambda: self._finish(journey))

    def _finish(self, journey: Journey) -> None:
        work, room, case = self._work, journey.room, self._case(journey)
        comes_back = work.day + timedelta(days=case.follow_up) if case.follow_up else None
        work.run(
            room.actor,
            clinical.save_consultation,
            visit_id=journey.visit,
            complaint=case.complaint,
            findings=case.findings,
            diagnosis=case.text,
            treatment=case.treatment or None,
            follow_up_date=comes_back,
            diagnoses=(clinical.NewDiagnosis(case.text, case.code, "ICD-10"),),
            row_version=self._draft_version(journey),
        )
        self._prescribe(journey, case)
        signed = work.run(room.actor, clinical.sign_consultation, visit_id=journey.visit)
        room.is_busy = False
        self._counters.receive(journey, case, signed.prescription_ids)
        work.agenda.after(0.7 * self._haste(room), lambda: self._next(room))

    def _draft_version(self, journey: Journey) -> int | None:
        """The version of a draft that somebody began before this day was played."""
        if not journey.is_resumed:
            return None
        draft = self._work.read(consultation, journey.visit, actor=journey.room.actor, now=self._work.clock.now)
        return draft.row_version if draft else None

    def _prescribe(self, journey: Journey, case: Case) -> None:
        """Prescribe what the case asks for; what the patient must not have is left out, as its warning says."""
        items = self._items(case)
        while items:
            try:
                self._write(journey, case, tuple(items.values()))
            except PrescriptionWarned as warned:
                for warning in warned.params["warnings"]:
                    items.pop(warning.medicine_id, None)
            else:
                return

    def _write(self, journey: Journey, case: Case, items: tuple[clinical.NewItem, ...]) -> None:
        self._work.run(
            journey.room.actor, clinical.write_prescription, key=new_id(), visit_id=journey.visit, items=items, diagnosis=case.text
        )

    def _items(self, case: Case) -> dict[UUID, clinical.NewItem]:
        known, items = self._work.crew.medicines, {}
        for line in case.rx:
            medicine_id = known.get(line.code) or known.get(self._generic.get(line.code, ""))
            if medicine_id is not None:
                quantity = line.quantity if line.code in known else line.quantity or 10
                items[medicine_id] = clinical.NewItem(
                    medicine_id, line.dose, line.unit, line.route, line.frequency, line.days, quantity, line.instructions or None
                )
        return items
