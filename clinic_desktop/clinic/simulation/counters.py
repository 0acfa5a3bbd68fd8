"""What pharmacy and cashier do in a simulated day: dispensing, invoices, payments, returns, and the till at the end."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.rules import InvoiceStatus, LineKind, NewLine, PaymentMethod, Tender
from clinic_desktop.clinic.clinical.rules import PrescriptionWarned
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.queries import free_slots
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, PatientBusy, SlotTaken
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.clinic.pharmacy.queries import PlanLine, pick_plan
from clinic_desktop.clinic.pharmacy.rules import DispenseLine, ReturnLine
from clinic_desktop.clinic.simulation.catalogue import Case
from clinic_desktop.clinic.simulation.journeys import Journey
from clinic_desktop.clinic.simulation.tills import cash_tender, reference
from clinic_desktop.clinic.simulation.work import Work
from clinic_desktop.clinic.staff.queries import ServiceRow
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.money import Money

_WAYS = ((PaymentMethod.CASH, 45), (PaymentMethod.UPI, 40), (PaymentMethod.CARD, 15))


class Counters:
    """Pharmacy and cashier."""

    def __init__(self, work: Work) -> None:
        self._work = work
        self.books_from = work.day
        """Follow-ups that would fall before this day are not booked: a history that is played in leaps would never keep them."""

    def receive(self, journey: Journey, case: Case, prescription_ids: tuple[UUID, ...]) -> None:
        """A seen patient: to the pharmacy with a prescription (most buy here), then to the cashier."""
        work = self._work
        if prescription_ids and work.crew.pharmacy_id is not None and work.chance(0.85):
            work.agenda.after(work.rng.uniform(3, 9), lambda: self._dispense(journey, case, prescription_ids[0]))
        else:
            work.agenda.after(work.rng.uniform(2, 6), lambda: self._bill(journey, case))

    def pay_only(self, journey: Journey) -> None:
        """A patient who was seen before this day was played, and still has to pay."""
        self._work.agenda.after(1, lambda: self._bill(journey, None))

    def _dispense(self, journey: Journey, case: Case, prescription_id: UUID) -> None:
        work = self._work
        assert work.crew.pharmacy_id is not None
        plan = work.read(pick_plan, prescription_id, work.crew.pharmacy_id, now=work.clock.now)
        lines = self._wanted(plan)
        if lines:
            dispensing_id = self._hand_out(prescription_id, work.crew.pharmacy_id, lines)
            if work.chance(0.03):
                work.agenda.after(45, lambda: self._bring_back(journey, dispensing_id))
        work.agenda.after(work.rng.uniform(2, 5), lambda: self._bill(journey, case))

    def _wanted(self, plan: list[PlanLine]) -> tuple[DispenseLine, ...]:
        """What the patient takes: all that is there; some want only half of it now."""
        half = self._work.chance(0.07)
        wanted = []
        for line in plan:
            there = line.owed - line.missing
            units = max(1, there // 2) if half and there > 1 else there
            if units:
                wanted.append(DispenseLine(line.prescription_item_id, units))
        return tuple(wanted)

    def _hand_out(self, prescription_id: UUID, location_id: UUID, lines: tuple[DispenseLine, ...]) -> UUID:
        work, reason = self._work, None
        while True:
            try:
                return work.run(
                    work.crew.pharmacist,
                    pharmacy.dispense,
                    key=new_id(),
                    prescription_id=prescription_id,
                    location_id=location_id,
                    lines=lines,
                    override_reason=reason,
                ).dispensing_id
            except PrescriptionWarned:
                if reason is not None:
                    raise
                reason = "Confirmed with the doctor by telephone"

    def _bill(self, journey: Journey, case: Case | None) -> None:
        """Issue what the visit produced; a test that the doctor asked for is charged first."""
        work = self._work
        drafts = [one for one in work.read(queries.visit_invoices, journey.visit) if one.status is InvoiceStatus.DRAFT]
        for draft in drafts:
            for code in case.tests if case else ():
                if code in work.crew.tests and work.chance(0.4):
                    line = self._test_line(journey, work.crew.tests[code])
                    work.run(work.crew.cashier, billing.add_line, key=new_id(), invoice_id=draft.id, line=line)
            work.run(work.crew.cashier, billing.issue_invoice, key=new_id(), invoice_id=draft.id)
        self._take_money(journey, case)

    def _test_line(self, journey: Journey, service: ServiceRow) -> NewLine:
        doctor, share = journey.room.doctor, service.doctor_share_basis_points
        return NewLine(
            kind=LineKind.LAB if service.category.value == "LAB" else LineKind.SERVICE,
            source_type="services",
            source_id=service.id,
            description=service.name,
            quantity=1,
            unit_price=service.price,
            tax_configuration_id=service.tax_configuration_id,
            doctor_id=doctor.id,
            doctor_share_basis_points=doctor.share_basis_points if share is None else share,
        )

    def _owed(self, journey: Journey) -> Money:
        heads = self._work.read(queries.visit_invoices, journey.visit)
        owing = [one.balance for one in heads if one.status in (InvoiceStatus.PENDING, InvoiceStatus.PARTIAL, InvoiceStatus.OVERDUE)]
        return sum(owing, Money.zero(self._work.database.currency))

    def _take_money(self, journey: Journey, case: Case | None) -> None:
        work, owed = self._work, self._owed(journey)
        if owed.minor == 0:
            return
        way = work.rng.random()
        first, rest = owed.split([3, 2])
        if way < 0.80 or rest.minor == 0:
            self._pay(journey, [self._tender(owed)])
        elif way < 0.92:
            upi = Tender(PaymentMethod.UPI, rest, reference(work.rng, PaymentMethod.UPI))
            self._pay(journey, [Tender(PaymentMethod.CASH, first), upi])
        else:
            self._pay(journey, [self._tender(first)])
            if way < 0.98:
                work.agenda.after(work.rng.uniform(10, 40), lambda: self._pay(journey, [self._tender(self._owed(journey))]))
        if case is not None and case.follow_up and work.chance(0.2):
            work.agenda.after(2, lambda: self._book_again(journey, timedelta(days=case.follow_up or 7)))

    def _tender(self, amount: Money) -> Tender:
        rng = self._work.rng
        method = rng.choices([way for way, _ in _WAYS], [weight for _, weight in _WAYS])[0]
        if method is PaymentMethod.CASH:
            return cash_tender(rng, amount)
        return Tender(method, amount, reference(rng, method))

    def _pay(self, journey: Journey, tenders: list[Tender]) -> None:
        if all(tender.amount.minor for tender in tenders):
            self._work.run(self._work.crew.cashier, billing.take_payment, key=new_id(), visit_id=journey.visit, tenders=tenders)

    def _book_again(self, journey: Journey, later: timedelta) -> None:
        """The follow-up is booked on the way out, where the doctor has a place that day."""
        work, room = self._work, journey.room
        day = work.day + later
        if day < self.books_from:
            return
        slots = work.read(free_slots, clinic_id=work.clinic_id, doctor_id=room.doctor.id, day=day, now=work.clock.now, minutes=15)
        free = [slot.start for slot in slots if slot.is_free]
        if not free:
            return
        try:
            work.run(
                work.crew.reception,
                frontdesk.book,
                key=new_id(),
                clinic_id=work.clinic_id,
                doctor_id=room.doctor.id,
                patient_id=journey.patient,
                service_id=work.crew.follow_up.id,
                start=work.rng.choice(free),
                kind=AppointmentKind.FOLLOW_UP,
            )
        except (SlotTaken, PatientBusy):
            return

    def _bring_back(self, journey: Journey, dispensing_id: UUID) -> None:
        """Some bring a sealed pack back; what was charged for it is credited, and paid back where it was paid."""
        work = self._work
        known = work.read(queries.visit_invoices, journey.visit)
        for head in known:
            if head.status not in (InvoiceStatus.PAID, InvoiceStatus.PARTIAL):
                continue
            line = next((one for one in work.read(queries.invoice, head.id).lines if one.kind is LineKind.MEDICINE), None)
            if line is None or line.source_id is None or line.credited or not 0 < line.total.minor <= 50_000:
                continue
            returned = (ReturnLine(line.source_id, line.quantity, resaleable=True),)
            work.run(
                work.crew.pharmacist,
                pharmacy.return_medicine,
                key=new_id(),
                dispensing_id=dispensing_id,
                lines=returned,
                reason="Doctor changed the medicine",
            )
            work.run(
                work.crew.cashier,
                billing.credit_note,
                key=new_id(),
                invoice_id=head.id,
                reason="Medicine returned",
                lines=[CreditLine(line.id, line.total)],
                refund_excess=True,
            )
            return
