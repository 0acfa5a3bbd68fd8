"""A clinic in which everything that the checks look at has happened at least once, and ways to lie in its database."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access import commands as access
from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.resets import request_reset_mail
from clinic_desktop.clinic.backups import commands as backups
from clinic_desktop.clinic.backups.rules import BackupReason
from clinic_desktop.clinic.billing import commands as billing
from clinic_desktop.clinic.billing import queries
from clinic_desktop.clinic.billing.commands.credits import CreditLine
from clinic_desktop.clinic.billing.models import Payment
from clinic_desktop.clinic.billing.rules import InvoiceStatus, LineKind
from clinic_desktop.clinic.clinical import commands as clinical
from clinic_desktop.clinic.clinical.models import Consultation
from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.frontdesk.models import Visit
from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.rules import Outgoing
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation.rules import WorkstationKind
from clinic_desktop.clinic.patients import commands as patients
from clinic_desktop.clinic.patients.models import ConsentTemplate, Patient, WalletTransaction
from clinic_desktop.clinic.patients.rules import Gender, WalletKind
from clinic_desktop.clinic.pharmacy import commands as pharmacy
from clinic_desktop.clinic.pharmacy.models import DispensingItem
from clinic_desktop.clinic.pharmacy.rules import ReturnLine
from clinic_desktop.clinic.privacy import commands as privacy
from clinic_desktop.clinic.privacy.rules import IdentityCheck, RequestKind
from clinic_desktop.clinic.reconciling import commands as reconciling
from clinic_desktop.clinic.reconciling.rules import Decision
from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.stock import commands as stock
from clinic_desktop.clinic.stock.models import Batch
from clinic_desktop.kernel.archived import Contents
from clinic_desktop.kernel.capture import mapped_tables
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.mending import ConflictKind, Task
from clinic_desktop.kernel.money import Money
from tests.clinic.simulation.clinic import furnish
from tests.clinic.world import World
from tests.databases import drop, on

PLAYED = date(2026, 3, 2)
EVENING = datetime(2026, 3, 2, 17, 0, tzinfo=UTC)
EVENING = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)
NEXT_DAY = datetime(2026, 3, 3, 4, 0, tzinfo=UTC)


@on("furnished", furnish)
def live(database: Database, furnished: World) -> World:
    """Play a day, then do by hand what a day does not."""
    own, world = database.clock, furnished.at(database)
    _before(world)
    simulate_day(database, patients=14, seed=2, day=PLAYED)
    try:
        database.clock = lambda: EVENING
        _reviews(world)
        database.clock = lambda: NEXT_DAY
        _money(world)
        _backup(world)
        _people(world)
        _time(world)
        _stock(world)
        _privacy(world)
        _conflict(world)
    finally:
        database.clock = own
    return world


def _all(world: World, *columns: Any) -> list[Any]:
    with world.db.read() as session:
        return list(session.execute(select(*columns)))


def _before(world: World) -> None:
    """One batch is recalled before anything is handed out."""
    batch = min(_all(world, Batch.item_id, Batch.batch_number), key=lambda row: row.batch_number)
    recalled = {"item_id": batch.item_id, "batch_number": batch.batch_number}
    world.db.run(world.actor("pharmacist"), stock.recall_batch, reason="Maker's letter", **recalled)


def _money(world: World) -> None:
    """A refund, a returned medicine with its credit note, and a settled doctor."""
    cashier = world.actor("cashier")
    till = {"key": new_id(), "clinic_id": world.clinic_id, "opening_float": Money(50_000, "INR")}
    world.db.run(cashier, billing.open_till, **till)
    payment = max(_all(world, Payment.id, Payment.receipt_number), key=lambda row: row.receipt_number)
    world.db.run(cashier, billing.refund, key=new_id(), payment_id=payment.id, amount=Money(500, "INR"), reason="Overcharged")
    _return(world, cashier)
    world.db.run(
        world.actor("admin"),
        billing.settle_doctor,
        key=new_id(),
        clinic_id=world.clinic_id,
        doctor_id=world.doctor_id,
        period_to=PLAYED,
    )
    world.db.run(
        cashier, billing.close_till, key=new_id(), clinic_id=world.clinic_id, counted=(), note="The drawer was locked up uncounted"
    )
    world.db.run(cashier, billing.settle_day, key=new_id(), clinic_id=world.clinic_id, day=date(2026, 3, 3), note="To be counted tomorrow")


def _return(world: World, cashier: Any) -> None:
    for row in _all(world, DispensingItem.id, DispensingItem.dispensing_id, DispensingItem.quantity, DispensingItem.quantity_returned):
        found = _charged(world, row.id)
        if found is None or row.quantity_returned:
            continue
        lines = (ReturnLine(row.id, 1, resaleable=True),)
        pharmacist = world.actor("pharmacist")
        world.db.run(pharmacist, pharmacy.return_medicine, key=new_id(), dispensing_id=row.dispensing_id, lines=lines, reason="Not needed")
        credit = [CreditLine(found[1], Money(100, "INR"))]
        world.db.run(cashier, billing.credit_note, key=new_id(), invoice_id=found[0], reason="Returned", lines=credit, refund_excess=True)
        return
    raise AssertionError("no dispensed line was paid for")


def _charged(world: World, item_id: UUID) -> tuple[UUID, UUID] | None:
    """The paid invoice and its line for a dispensed item, if it costs enough."""
    with world.db.read() as session:
        for (visit_id,) in session.execute(select(Consultation.visit_id)):
            for head in queries.visit_invoices(session, visit_id):
                for line in queries.invoice(session, head.id).lines:
                    fits = line.kind is LineKind.MEDICINE and line.source_id == item_id and line.total.minor > 200
                    if fits and head.status is InvoiceStatus.PAID:
                        return head.id, line.id
    return None


def _backup(world: World) -> None:
    """A backup was made, as its record has it."""
    admin = world.actor("admin")
    made = world.db.run(admin, backups.begin_backup, folder="/media/usb", reason=BackupReason.MANUAL)
    world.db.run(admin, backups.finish_backup, backup_id=made, file="clinic.clinicbackup", seq=2, row_count=100, byte_count=4096)


def _people(world: World) -> None:
    """A password, a family with one phone, a wallet, a signed consultation with an addendum, a setting."""
    quick = passwords.new("lake road 12", username="cashier")
    world.db.run(world.actor("admin"), access.set_password, user_id=world.users["cashier"], password=quick)
    _message(world)
    reception = world.actor("receptionist")
    person = {"clinic_id": world.clinic_id, "last_name": "Ghosh", "gender": Gender.FEMALE, "age_years": 40, "phone": "9822012345"}
    mother = world.db.run(reception, patients.register_patient, key=new_id(), first_name="Ila", **person)
    world.db.run(reception, patients.register_patient, key=new_id(), first_name="Uma", phone_owner_id=mother.id, **person)
    with world.db.write(world.system()) as tx:
        tx.command = "test.wallet"
        for sequence, kind, amount, after in ((1, WalletKind.DEPOSIT, 5000, 5000), (2, WalletKind.PAYMENT, 2000, 3000)):
            entry = {"patient_id": mother.id, "clinic_id": world.clinic_id, "sequence": sequence, "type": kind}
            tx.add(WalletTransaction(**entry, amount=Money(amount, "INR"), balance_after=Money(after, "INR")))
            tx.session.flush()
    (consultation_id,) = _all(world, Consultation.id)[0]
    world.db.run(world.actor("doctor"), clinical.add_addendum, consultation_id=consultation_id, text="Telephoned: feels better")
    world.db.run(world.actor("admin"), organisation.set_setting, key="queue.skip_behind", value=4)


def _conflict(world: World) -> None:
    """Central said that sites did something at once; somebody has settled it."""
    (patient_id,) = min(_all(world, Patient.id))
    task = Task(ConflictKind.DELETED, "patients", patient_id, patient_id, {"number": "PAT-2026-00001"})
    with world.db.write(world.system()) as tx:
        tx.command = "sync.push"
        reconciling.open_tasks(tx, tasks=[task])
    world.db.run(
        world.actor("receptionist"), reconciling.decide, key=new_id(), conflict_id=task.id, decision=Decision.DONE, note="Asked her"
    )


def _message(world: World) -> None:
    """The cashier forgets the password; the mail is sent."""
    details = {"username": "cashier", "full_name": "Cashier One", "email": "cashier@clinic.example"}
    world.db.run(world.actor("admin"), access.edit_user, user_id=world.users["cashier"], **details)
    request_reset_mail(world.db, "cashier")

    class Postman:
        def send(self, message: Outgoing) -> str:
            return str(message.message_id)

    assert deliver_due(world.db, Postman()).sent == 1


def _time(world: World) -> None:
    """Leaves, added slots, an appointment that was given up, two at the same time, and somebody who waits for a place."""
    doctor, admin = world.doctor_id, world.actor("admin")
    for first, last in ((date(2026, 5, 4), date(2026, 5, 6)), (date(2026, 5, 11), date(2026, 5, 12))):
        world.db.run(admin, staff.request_leave, doctor_id=doctor, first_day=first, last_day=last)
    for start in (time(20), time(20, 30)):
        slot = {"doctor_id": doctor, "clinic_id": world.clinic_id, "day": date(2026, 4, 6), "start": start}
        world.db.run(admin, staff.add_time_slot, end=start.replace(minute=start.minute + 20), **slot)
    people = [row.id for row in _all(world, Patient.id)]
    desk, start = world.actor("receptionist"), datetime(2026, 4, 7, 5, 0, tzinfo=UTC)
    wish = {"clinic_id": world.clinic_id, "service_id": world.services["CONS"], "start": start}
    booked = world.db.run(desk, frontdesk.book, key=new_id(), doctor_id=doctor, patient_id=people[0], **wish)
    world.db.run(desk, frontdesk.resize_appointment, appointment_id=booked.appointment_id, end=booked.start + timedelta(minutes=10))
    world.db.run(desk, frontdesk.cancel, appointment_id=booked.appointment_id, reason="Moved away")
    for who, patient_id in zip(world.doctors, people[1:], strict=False):
        more = [world.services["ECG"]]
        world.db.run(desk, frontdesk.book, key=new_id(), doctor_id=who, patient_id=patient_id, more_services=more, **wish)
    waits = {"clinic_id": world.clinic_id, "service_id": world.services["CONS"], "first_day": start.date(), "last_day": start.date()}
    world.db.run(desk, frontdesk.add_waiting, key=new_id(), patient_id=people[0], note="Can come at once", **waits)


def _stock(world: World) -> None:
    """An adjustment."""
    batch = max(_all(world, Batch.id, Batch.location_id, Batch.batch_number), key=lambda row: row.batch_number)
    lines = (stock.AdjustmentLine(batch.id, -2),)
    world.db.run(
        world.actor("pharmacist"), stock.adjust_stock, key=new_id(), location_id=batch.location_id, reason="Broken strip", lines=lines
    )


def _privacy(world: World) -> None:
    """A patient who is erased on request, one who consents, and an archive that took nothing."""
    somebody = {"clinic_id": world.clinic_id, "first_name": "Zubin", "last_name": "Irani", "gender": Gender.MALE, "age_years": 50}
    person = world.db.run(world.actor("receptionist"), patients.register_patient, key=new_id(), phone="9822054321", **somebody)
    asked = {"kind": RequestKind.ERASURE, "asked_by": "Zubin Irani", "identity_check": IdentityCheck.KNOWN}
    request_id = world.db.run(
        world.actor("admin"), privacy.record_request, key=new_id(), clinic_id=world.clinic_id, patient_id=person.id, **asked
    )
    world.db.run(world.actor("super_admin"), privacy.erase_patient, request_id=request_id, note="As the law asks")
    world.db.run(world.actor("admin"), patients.add_drafted_texts, clinic_id=world.clinic_id)
    (text, *_), (patient, *_) = _all(world, ConsentTemplate.id), _all(world, Patient.id)
    signing = {"clinic_id": world.clinic_id, "patient_id": patient.id, "template_id": text.id}
    world.db.run(world.actor("receptionist"), patients.sign_consent, key=new_id(), witness="Nurse One", **signing)
    nothing = privacy.ArchiveFile(new_id(), "2026-03-03-records.clinicarchive", "0" * 64, 0, PLAYED, 0, b"0" * 32)
    world.db.run(world.system(), privacy.archive_rows, file=nothing, contents=Contents({}, {}))


class Disarmed:
    """A lived-in clinic, opened by somebody who first took every trigger and constraint away that can be taken."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._postgres = database.engine.dialect.name == "postgresql"
        self._connection = database.engine.execution_options(clinic_write=True).connect()
        if not self._postgres:
            self._raw("PRAGMA foreign_keys = OFF")
            self._raw("PRAGMA ignore_check_constraints = ON")
        with self._connection.begin():
            for statement in self._of_postgres() if self._postgres else self._of_sqlite():
                self._connection.exec_driver_sql(statement)

    def find(self, statement: str) -> str:
        """The one value that a statement finds, as text."""
        with self._connection.begin():
            return str(self._connection.exec_driver_sql(self._spelled(statement)).scalar_one())

    @contextmanager
    def lied(self, *statements: str) -> Iterator[Session]:
        """The clinic after these statements; at the end it is as it was."""
        with self._connection.begin() as transaction, Session(self._connection, join_transaction_mode="rollback_only") as session:
            for statement in statements:
                self._raw(self._spelled(statement))
            yield session
            transaction.rollback()

    def close(self) -> None:
        """Free the room."""
        self._connection.invalidate()  # nobody else of the pool inherits the pragmas
        self._connection.close()
        drop(self._database)

    def _spelled(self, statement: str) -> str:
        return statement.replace("{uuid}", "::uuid" if self._postgres else "")

    def _raw(self, statement: str) -> None:
        self._connection.connection.driver_connection.execute(statement)  # type: ignore[union-attr]

    def _of_sqlite(self) -> list[str]:
        found = self._connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name NOT LIKE '%search%'")
        return [f'DROP TRIGGER "{name}"' for (name,) in found]

    def _of_postgres(self) -> list[str]:
        found = self._connection.exec_driver_sql(
            "SELECT conrelid::regclass, conname FROM pg_constraint c JOIN pg_class t ON t.oid = c.conrelid"
            " WHERE contype IN ('c', 'x') AND t.relnamespace = 'public'::regnamespace"
        )
        constraints = [f'ALTER TABLE {table} DROP CONSTRAINT "{name}"' for table, name in found]
        return [f"ALTER TABLE {table} DISABLE TRIGGER ALL" for table in mapped_tables()] + constraints


def _reviews(world: World) -> None:
    """Two patients rate their visits at a kiosk, on the evening of the day."""
    hall = {"clinic_id": world.clinic_id, "name": "Hall", "kind": WorkstationKind.KIOSK}
    world.workstations["hall"] = world.db.run(world.actor("admin"), organisation.add_workstation, **hall)
    kiosk = world.actor("receptionist", workstation="hall")
    seen = _all(world, Visit.id, Visit.end_time)
    ended = sorted((at, visit_id) for visit_id, at in seen if at is not None and at > EVENING - timedelta(hours=20))
    for stars, (_at, visit_id) in enumerate(ended[:2], start=4):
        said = {"rating": stars, "comment": "Quick", "is_anonymous": stars == 4}
        world.db.run(kiosk, frontdesk.rate_visit, key=new_id(), visit_id=visit_id, **said)
