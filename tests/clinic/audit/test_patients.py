"""Everything that happened to a patient: found through the models, so that no table is forgotten."""

from __future__ import annotations

from uuid import UUID

import pytest
from sqlalchemy import select

from clinic_desktop.clinic.audit import queries
from clinic_desktop.clinic.audit.commands import record_read
from clinic_desktop.clinic.audit.queries import AuditFilter
from clinic_desktop.clinic.audit.rules import What
from clinic_desktop.clinic.departments import load_queries
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.kernel.capture import mapped_tables
from clinic_desktop.kernel.journal import AuditLog
from tests.clinic.world import World

NOTHING_OF_PATIENTS = {
    *("sites", "card_templates", "consent_templates", "doctor_ratings"),
    *("hospitals", "clinics", "departments", "workstations", "hospital_settings", "holidays", "tax_configurations", "id_sequences"),
    *("number_formats", "former_number_formats"),  # how numbers are made
    *("users", "roles", "permissions", "user_roles", "role_permissions", "refresh_tokens", "password_resets", "login_failures"),
    *("specialties", "doctors", "doctor_fees", "doctor_schedules", "doctor_leaves", "doctor_delays", "time_slots", "services"),
    *("inventory_items", "medicines", "stock_locations", "medicine_batches", "suppliers", "stock_adjustments", "stock_adjustment_lines"),
    "stock_movements",  # of a dispensing: it stands in the same change set as that
    *("till_sessions", "daily_settlements", "daily_settlement_lines", "doctor_settlements"),
    *("prescription_templates", "prescription_template_items"),
    *("command_keys", "database_identity", "card_signing_keys"),
    *("doctor_ratings", "kiosk_tries"),  # numbers of reviews, and misses at a kiosk
    "documents",  # the row of the patient that names one stands in the same change set
    *("archives", "backups"),
    *("sync_peers", "sync_enrolment_codes", "server_certificates"),  # who takes part in a chain
    *("notification_templates", "channel_secrets"),
    "doctor_ratings",  # counts and averages of a doctor
}
"""A new table is either found by its foreign keys, or it is said here that it holds nothing of a patient."""


def history(world: World, patient_id: UUID) -> list[int]:
    with world.db.read() as session:
        page = queries.history_of_patient(session, world.actor("auditor"), patient_id, limit=1000)
    assert page.after is None
    return [entry.seq for entry in page.entries]


def people(world: World) -> list[UUID]:
    with world.db.read() as session:
        return list(session.scalars(select(Patient.id).order_by(Patient.patient_number)))


def test_every_table_is_known_to_belong_to_patients_or_not() -> None:
    load_queries()
    found = set(queries.tables_of_patients()) | {"patients"}
    assert found.isdisjoint(NOTHING_OF_PATIENTS)
    assert sorted(set(mapped_tables()) - found - NOTHING_OF_PATIENTS) == []
    assert {"invoice_items", "refunds", "prescription_versions", "pharmacy_return_items", "consultation_diagnoses"} <= found


def test_whatever_names_a_patient_is_in_the_history(lived: World) -> None:
    for patient_id in people(lived):
        with lived.db.read() as session:
            naming = (AuditLog.entity_id == patient_id) | AuditLog.changes.contains(str(patient_id))
            named = set(session.scalars(select(AuditLog.seq).where(naming, AuditLog.entity_type != "patients")))
            own = set(session.scalars(select(AuditLog.seq).where(AuditLog.entity_id == patient_id)))
        found = history(lived, patient_id)
        assert found == sorted(set(found), reverse=True)
        assert named | own <= set(found)
        assert own


def test_what_names_the_patient_only_through_others_is_there_too(lived: World) -> None:
    """Every refund, returned medicine, status step and addendum of the day stands in the history of exactly one patient."""
    histories = {patient_id: set(history(lived, patient_id)) for patient_id in people(lived)}
    kinds = ("refunds", "pharmacy_return_items", "credit_note_items", "appointment_status_log", "consultation_addenda", "invoice_items")
    with lived.db.read() as session:
        for kind in kinds:
            logs = list(session.execute(select(AuditLog.seq, AuditLog.entity_id).where(AuditLog.entity_type == kind)))
            assert logs, kind
            for seq, entity_id in logs:
                owner = queries.patient_of(session, kind, entity_id)
                assert [one for one, seqs in histories.items() if seq in seqs] == [owner], kind


def test_a_history_goes_on_page_by_page(lived: World) -> None:
    patient_id = people(lived)[0]
    seqs: list[int] = []
    after = None
    while True:
        with lived.db.read() as session:
            page = queries.history_of_patient(session, lived.actor("auditor"), patient_id, after=after, limit=5)
        seqs += [entry.seq for entry in page.entries]
        if page.after is None:
            break
        after = page.after
    assert seqs == history(lived, patient_id)
    assert len(seqs) > 5


def test_opening_the_file_is_part_of_the_history(lived: World) -> None:
    patient_id = people(lived)[0]
    before = history(lived, patient_id)
    lived.db.run(lived.actor("receptionist"), record_read, entity_type="patients", entity_id=patient_id, what=What.FILE)
    assert history(lived, patient_id)[1:] == before


def test_merged_records_share_one_history(lived: World) -> None:
    first, second, third, other = people(lived)[:4]
    apart = {seq for one in (first, second, third) for seq in history(lived, one)}
    with lived.db.write(lived.system()) as tx:
        tx.command = "test.merge"
        for merged, kept in ((first, second), (second, third)):
            row = tx.session.get_one(Patient, merged)
            row.status, row.merged_into_id = PatientStatus.MERGED, kept
    together = history(lived, first)
    assert history(lived, second) == history(lived, third) == together
    assert set(together[1:]) == apart
    assert together[0] not in history(lived, other)


def test_the_history_can_be_narrowed(lived: World) -> None:
    patient_id = people(lived)[0]
    with lived.db.read() as session:
        wanted = AuditFilter(patient_id=patient_id, person_id=lived.users["cashier"])
        page = queries.audit_page(session, lived.actor("auditor"), wanted)
    assert page.entries
    assert {entry.actor_name for entry in page.entries} == {"Cashier One"}
    assert {entry.seq for entry in page.entries} < set(history(lived, patient_id))


@pytest.mark.parametrize("kind", ["clinics", "nothing_like_it"])
def test_what_belongs_to_no_patient_has_none(lived: World, kind: str) -> None:
    with lived.db.read() as session:
        assert queries.patient_of(session, kind, lived.clinic_id) is None
