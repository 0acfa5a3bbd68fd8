"""What the reception does in a simulated day: registers, books, checks in, and knows who did not come."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, BookingSource, NotBookable, PatientBusy, Priority, SlotTaken
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.rules import PhoneTaken
from clinic_desktop.clinic.simulation.journeys import Fate, How, Journey
from clinic_desktop.clinic.simulation.people import Person, registered
from clinic_desktop.clinic.simulation.rooms import Rooms
from clinic_desktop.clinic.simulation.work import Work
from clinic_desktop.kernel.ids import new_id

_EXCUSES = ("Cannot come, works late", "Feels better", "Travelling", "Wants another day")
_KINDS = {How.BOOKED: AppointmentKind.REGULAR, How.FOLLOW_UP: AppointmentKind.FOLLOW_UP}


class Reception:
    """The front desk."""

    def __init__(self, work: Work, rooms: Rooms) -> None:
        self._work = work
        self._rooms = rooms

    def register(self, journey: Journey) -> None:
        """Register someone new, and give them their card."""
        work, person = self._work, journey.person
        if journey.patient_id is not None or person is None:
            return

        def register_one(who: Person) -> Any:
            return work.run(work.crew.reception, patients.register_patient, key=new_id(), clinic_id=work.clinic_id, **who.details)

        journey.patient_id = registered(person, register_one, PhoneTaken, work.rng).id

    def give_card(self, journey: Journey) -> None:
        """Print the card of someone new, at the desk."""
        work = self._work
        if journey.person is None:
            return
        card = work.run(work.crew.reception, patients.issue_id_card, key=new_id(), clinic_id=work.clinic_id, patient_id=journey.patient)
        work.run(work.crew.reception, patients.record_card_printed, card_id=card.id)

    def book(self, journey: Journey) -> None:
        """Book by telephone; on a day without working hours the doctor opens it with a reason. A place just taken: come without."""
        self.register(journey)
        work, room = self._work, journey.room
        assert journey.slot is not None
        try:
            booked = work.run(
                work.crew.reception if room.is_regular else room.actor,
                frontdesk.book,
                key=new_id(),
                clinic_id=work.clinic_id,
                doctor_id=room.doctor.id,
                patient_id=journey.patient,
                service_id=(work.crew.follow_up if journey.how is How.FOLLOW_UP else work.crew.consultation).id,
                start=journey.slot,
                kind=_KINDS[journey.how],
                source=BookingSource.PHONE if work.chance(0.8) else BookingSource.ONLINE,
                override_reason=None if room.is_regular else "Emergency hours on a closed day",
            )
        except (SlotTaken, PatientBusy, NotBookable):
            journey.slot, journey.how = None, How.WALK_IN
            return
        journey.visit_id, journey.appointment_id = booked.visit_id, booked.appointment_id

    def expect(self, journey: Journey) -> None:
        """Put on the agenda what will become of a patient who is to come."""
        agenda = self._work.agenda
        if journey.appointment_id is None:
            agenda.at(journey.arrives, lambda: self.take_walk_in(journey))
            return
        if journey.fate is Fate.CANCELS:
            agenda.at(journey.arrives - timedelta(minutes=45), lambda: self._cancel(journey))
        elif journey.fate is Fate.NO_SHOW:
            agenda.at(self._slot_planned(journey) + timedelta(minutes=25), lambda: self._miss(journey))
        else:
            if not journey.is_confirmed and self._work.chance(0.5):
                agenda.at(journey.arrives - timedelta(minutes=90), lambda: self._confirm(journey))
            agenda.at(journey.arrives, lambda: self._check_in(journey))

    def _slot_planned(self, journey: Journey) -> Any:
        assert journey.slot is not None
        return self._work.clock.planned(journey.slot)

    def _confirm(self, journey: Journey) -> None:
        assert journey.appointment_id is not None
        self._work.run(self._work.crew.reception, frontdesk.confirm, appointment_id=journey.appointment_id)

    def _cancel(self, journey: Journey) -> None:
        assert journey.appointment_id is not None
        reason = self._work.rng.choice(_EXCUSES)
        self._work.run(self._work.crew.reception, frontdesk.cancel, appointment_id=journey.appointment_id, reason=reason)

    def _miss(self, journey: Journey) -> None:
        assert journey.appointment_id is not None
        if self._work.clock.now < (journey.slot or self._work.clock.now):
            return  # the evening was too short: it is still to come
        self._work.run(self._work.crew.reception, frontdesk.mark_no_show, appointment_id=journey.appointment_id)

    def _check_in(self, journey: Journey) -> None:
        work = self._work
        work.run(work.crew.reception, frontdesk.check_in, visit_id=journey.visit)
        self.give_card(journey)
        self._rooms.receive(journey)

    def take_walk_in(self, journey: Journey) -> None:
        """Someone comes without an appointment, or straight from an accident."""
        self.register(journey)
        work = self._work
        emergency = journey.how is How.EMERGENCY
        arrived = work.run(
            work.crew.reception,
            frontdesk.walk_in,
            key=new_id(),
            clinic_id=work.clinic_id,
            doctor_id=journey.room.doctor.id,
            patient_id=journey.patient,
            service_id=work.crew.consultation.id,
            priority=Priority.EMERGENCY if emergency else None,
        )
        journey.visit_id = arrived.visit_id
        if not emergency:
            self.give_card(journey)
        self._rooms.receive(journey)
