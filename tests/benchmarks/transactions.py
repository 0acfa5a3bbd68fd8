"""Registering, booking, billing and prescribing: whole commands with permission, journal and hash chain."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from uuid import UUID

from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing.queries import invoice
from clinic_desktop.clinic.billing.rules import LineKind, NewLine, PaymentMethod, Tender
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from tests.benchmarks.bench import Bench, statements
from tests.benchmarks.floors import floor_of, newest, written_since
from tests.benchmarks.measuring import Action, Figure, alternate
from tests.benchmarks.people import People, at_work
from tests.clinic.clinical.room import line
from tests.clinic.world import money

Recipe = Callable[[People], Callable[[], Action]]
"""Sets a clinic up once and returns what makes the next action ready."""


def register(bench: Bench) -> Iterator[Figure]:
    """A patient at the desk."""
    return _measured(bench, "register", "register a patient", _registering)


def book(bench: Bench) -> Iterator[Figure]:
    """Appointment, visit, queue number and draft invoice."""
    return _measured(bench, "book", "book an appointment", _booking)


def bill(bench: Bench) -> Iterator[Figure]:
    """Three commands: create, issue and pay."""
    return _measured(bench, "bill", "invoice of 3 lines: create, issue, pay", _billing)


def prescribe(bench: Bench) -> Iterator[Figure]:
    """Three commands: write, activate and dispense."""
    return _measured(bench, "prescribe", "prescription of 3 items: write, activate, dispense", _prescribing)


def _measured(bench: Bench, name: str, work: str, recipe: Recipe) -> Iterator[Figure]:
    for engine in bench.engines:
        with at_work(bench, engine) as people:
            following = recipe(people)
            following()()
            action, before = following(), newest(people.db)
            with statements(people.db) as sent:
                action()
            writes = written_since(people.db, before)
            with floor_of(people.db) as floor:
                ours, raw = alternate(bench.rounds, lambda _round: (following(), lambda: floor.write(writes)))  # noqa: B023
            yield Figure(name, work, engine, ours, raw, statements=len(sent))


def _registering(people: People) -> Callable[[], Action]:
    def following() -> Action:
        form = people.form()
        return lambda: people.run("receptionist", patients.register_patient, **form)

    return following


def _booking(people: People) -> Callable[[], Action]:
    def following() -> Action:
        wish = people.wish()
        return lambda: people.run("receptionist", frontdesk.book, **wish)

    return following


def _billing(people: People) -> Callable[[], Action]:
    people.open_till()
    patient_id, clinic_id = people.patient(), people.world.clinic_id
    lines = tuple(_line(people, code) for code in ("CONS", "ECG", "GLUC"))

    def create_issue_pay() -> None:
        invoice_id = people.run("cashier", billing.open_invoice, clinic_id=clinic_id, patient_id=patient_id, lines=lines)
        people.run("cashier", billing.issue_invoice, invoice_id=invoice_id)
        people.run("cashier", billing.take_payment, invoice_id=invoice_id, tenders=(Tender(PaymentMethod.CASH, due),))

    probe = people.run("cashier", billing.open_invoice, clinic_id=clinic_id, patient_id=patient_id, lines=lines)
    with people.db.read() as session:
        due = invoice(session, probe).total
    return lambda: create_issue_pay


def _line(people: People, code: str) -> NewLine:
    taxed = code != "CONS"
    return NewLine(
        kind=LineKind.SERVICE if taxed else LineKind.CONSULTATION,
        source_type="services",
        source_id=people.world.services[code],
        description=code,
        quantity=1,
        unit_price=money(350),
        tax_configuration_id=people.world.taxes["GST 18 %"] if taxed else None,
        doctor_id=people.world.doctor_id,
        doctor_share_basis_points=4000,
    )


def _prescribing(people: People) -> Callable[[], Action]:
    shelf, medicines = people.stock()
    items = tuple(line(medicine_id) for medicine_id in medicines)

    def following() -> Action:
        visit_id = people.in_room()
        people.run("doctor", clinical.sign_consultation, visit_id=visit_id)
        return lambda: prescribe_and_dispense(visit_id)

    def prescribe_and_dispense(visit_id: UUID) -> None:
        saved = people.run("doctor", clinical.write_prescription, visit_id=visit_id, items=items)
        people.run("doctor", clinical.activate_prescription, prescription_id=saved.prescription_id)
        people.run("pharmacist", pharmacy.dispense, prescription_id=saved.prescription_id, location_id=shelf.location_id)

    return following
