"""What is declared about merging: every table says it, every word of it is true of the table, and no rule can meet a clash unprepared."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import BigInteger, Integer, Table, UniqueConstraint

from clinic_desktop.clinic.billing.merging import issued_status
from clinic_desktop.clinic.billing.rules import InvoiceStatus
from clinic_desktop.clinic.departments import load_queries
from clinic_desktop.clinic.patients.merging import whole_patient
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.rules import Gender, PatientStatus, parse_phone
from clinic_desktop.kernel.capture import mapped_tables
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.merging import Kind, Policy, policies, policy_of
from clinic_desktop.kernel.tables import Base, MoneyColumn

load_queries()
TRAVELS = {name: policy for name, policy in sorted(policies().items()) if policy.kind is not Kind.LOCAL}


def test_every_journalled_table_says_how_its_rows_are_merged() -> None:
    assert sorted(policies()) == mapped_tables()


def table_of(name: str) -> Table:
    return Base.metadata.tables[name]


def leads_to(name: str, owner: str) -> str:
    (key,) = table_of(name).c[owner].foreign_keys
    return key.column.table.name


@pytest.mark.parametrize("name", [name for name, policy in TRAVELS.items() if policy.owner])
def test_every_owner_leads_to_a_clinic(name: str) -> None:
    policy = policy_of(name)
    for first in filter(None, (policy.owner, policy.or_owner)):
        at, column, steps = name, first, 0
        while (at := leads_to(at, column)) != "clinics":
            column, steps = str(policy_of(at).owner), steps + 1
            assert steps < 5, f"{name}.{first} leads round in a circle"
            assert not table_of(at).c[column].nullable, f"{at}.{column} may be empty: nobody would own {name}"


def test_a_row_without_an_owner_is_meant_to_be_the_chains() -> None:
    """What an empty owner column leaves to whoever keeps shared data."""
    nullable = {name for name, policy in TRAVELS.items() if policy.owner and table_of(name).c[policy.owner].nullable}
    assert nullable == {"hospital_settings", "holidays"}


def named_columns(policy: Policy) -> Iterator[str]:
    for names in (
        policy.open_columns,
        policy.counters,
        policy.by_person,
        policy.inactive,
        policy.stays_here,
        policy.begins,
        policy.derived,
    ):
        yield from names
    for clash in policy.clashes:
        yield from clash.columns


@pytest.mark.parametrize("name", TRAVELS)
def test_a_declaration_is_true_of_its_table(name: str) -> None:
    policy, columns = policy_of(name), table_of(name).c
    assert set(named_columns(policy)) <= set(columns.keys())
    for counter in policy.counters:
        assert isinstance(columns[counter].type, (Integer, BigInteger, MoneyColumn))
        assert not columns[counter].nullable
    assert {one for one in policy.stays_here if not columns[one].nullable} == set(policy.begins)
    assert policy.counters.isdisjoint(policy.open_columns | policy.by_person | policy.derived | set(policy.inactive))
    assert bool(policy.derived) == (policy.derive is not None or name in MENDED)
    assert not (policy.kind is Kind.LEDGER and (policy.counters or policy.open_columns or policy.sealed or policy.clashes))
    assert (policy.kind is Kind.LEDGER) == bool(table_of(name).info.get("append_only")) or name in NEVER_CHANGED


MENDED = {"medicine_batches"}
"""What follows from other rows: a mend works it out where they meet."""

NEVER_CHANGED = {"card_signing_keys"}
"""Ledgers in how they are used; no trigger guards them."""

WITH_CODE = "its number carries the code of its clinic, and codes are unique across the chain"
IMPOSSIBLE = {
    "patients(patient_number)": WITH_CODE,
    "id_cards(card_number)": WITH_CODE,
    "invoices(number)": WITH_CODE,
    "credit_notes(number)": WITH_CODE,
    "refunds(number)": WITH_CODE,
    "payments(receipt_number,tender_index)": WITH_CODE,
    "appointments(booking_id)": WITH_CODE,
    "prescriptions(number)": WITH_CODE,
    "privacy_requests(number)": WITH_CODE,
    "patients(search_key)": "62 random bits of its id",
    "card_signing_keys(key_number)": "31 random bits, and a chain has a key a site",
    "permissions(code)": "its id follows from its code: the same row",
    "documents(sha256)": "its id follows from its content: the same row",
    "patient_identifiers(system,value)": "its id follows from both: the same row",
    "patient_duplicates(a_id,b_id)": "its id follows from both: the same row",
    "hospital_settings(hospital_id,key)": "its id follows from both: the same row",
    "hospital_settings(workstation_id,key)": "a workstation is one site's",
    "holidays(hospital_id,day)": "written where shared data is kept",
    "prescription_template_items(template_id,position)": "written with its template, in the same change set",
    "consultations(visit_id)": "begun by the site of the visit's clinic, which is its own",
    "visits(appointment_id)": "an appointment and its visit are of one clinic",
    "appointment_queue(visit_id)": "a visit and its queue entry are of one clinic",
    "reviews(appointment_id)": "an appointment and its visit are of one clinic",
    "invoices(visit_id)": "a draft is written by the site of the visit's clinic",
}


def uniques(table: Table) -> Iterator[tuple[str, ...]]:
    for constraint in table.constraints:
        if isinstance(constraint, UniqueConstraint):
            yield tuple(column.name for column in constraint.columns)
    for index in table.indexes:
        if index.unique:
            yield tuple(column.name for column in index.columns)


def unprepared() -> Iterator[str]:
    """Values that two sites may both give, and nothing says what then."""
    for name, policy in TRAVELS.items():
        if policy.kind is Kind.SHARED:
            continue  # written in one place, or at the central office's own risk
        for columns in uniques(table_of(name)):
            of_one_site = policy.owner in columns and not table_of(name).c[str(policy.owner)].nullable
            has_rule = any(set(clash.columns) == set(columns) for clash in policy.clashes)
            if not of_one_site and not has_rule:
                yield f"{name}({','.join(columns)})"


def test_no_unique_value_can_be_given_twice_unprepared() -> None:
    """Beside the owner's own numbers, rules for a clash, and these reasons; none of the reasons has outlived its index."""
    owned_settings = {"hospital_settings(clinic_id,key)", "holidays(clinic_id,day)"}  # a clinic is one site's
    assert set(unprepared()) - owned_settings == set(IMPOSSIBLE)


def test_every_clash_is_of_an_index_that_is_there() -> None:
    for name, policy in TRAVELS.items():
        there = {frozenset(columns) for columns in uniques(table_of(name))}
        assert {frozenset(clash.columns) for clash in policy.clashes} <= there


# --- what a merged row derives --------------------------------------------------------------------------------------

NAMES = st.text(st.sampled_from("aāÉz' -مح‌पा0") | st.characters(codec="utf-8", categories=("L", "M")), min_size=1, max_size=8)
PHONES = (
    st.none()
    | st.from_regex(re.compile(r"(\+91 ?|0)?[6-9][0-9]{4}[ -]?[0-9]{5}"), fullmatch=True)
    | st.from_regex(r"[1-9][0-9]{5,16}", fullmatch=True)
)


def as_told(patient: Patient) -> dict[str, Any]:
    """The row as the journal spells it, without what is empty."""
    values = {column.name: getattr(patient, column.name, None) for column in Patient.__table__.columns}
    return {name: str(value) if isinstance(value, UUID) else value for name, value in values.items() if value is not None}


@given(NAMES, st.none() | NAMES, st.none() | NAMES, PHONES, st.none() | st.from_regex(r"[A-Z0-9]{4,12}", fullmatch=True))
def test_a_merged_patient_derives_what_the_program_writes(
    first: str, middle: str | None, last: str | None, typed: str | None, national: str | None
) -> None:
    """Whatever was written through the patient's own methods, deriving it anew changes nothing."""
    patient = Patient(first_name=first, middle_name=middle, last_name=last, gender=Gender.OTHER, patient_number="PAT-S07-2026-00012")
    patient.national_id, patient.status = national, PatientStatus.ACTIVE
    patient.set_phone(parse_phone(typed, "IN") if typed else None, new_id() if typed else None)
    patient.refresh_search(())
    told = as_told(patient)
    assert {name: value for name, value in whole_patient(told).items() if value is not None and told.get(name) != value} == {}
    assert all(told.get(name) == value for name, value in whole_patient(told).items())


def test_a_patient_merged_from_two_halves_is_whole() -> None:
    """Fields of two sites that a CHECK ties together."""
    row = as_told(patient_with("98765 43210"))
    assert whole_patient(row | {"phone": "+911234567890"})["phone_typed"] == "+911234567890"
    gone = whole_patient({name: value for name, value in row.items() if name != "phone"})
    assert (gone["phone_typed"], gone["phone_tail"], gone["phone_owner_id"]) == (None, None, None)
    assert whole_patient(row | {"merged_into_id": str(new_id()), "status": "ARCHIVED"})["status"] == "MERGED"
    assert whole_patient(row | {"status": "MERGED"})["status"] == "ACTIVE"
    assert whole_patient(row | {"status": "DECEASED"})["status"] == "DECEASED"


def patient_with(phone: str) -> Patient:
    patient = Patient(first_name="Asha", middle_name=None, last_name=None, gender=Gender.FEMALE, patient_number="PAT-2026-00001")
    patient.national_id, patient.status = None, PatientStatus.ACTIVE
    patient.set_phone(parse_phone(phone, "IN"), new_id())
    patient.refresh_search(())
    return patient


@pytest.mark.parametrize(
    ("paid", "credited", "before", "after"),
    [
        (0, 0, "PENDING", "PENDING"),
        (40, 0, "PENDING", "PARTIAL"),
        (40, 0, "OVERDUE", "OVERDUE"),
        (100, 0, "OVERDUE", "PAID"),
        (60, 60, "PARTIAL", "PAID"),
        (200, 0, "PAID", "PAID"),
        (0, 100, "PENDING", "CANCELLED"),
    ],
)
def test_an_invoice_stands_as_its_money_says(paid: int, credited: int, before: str, after: str) -> None:
    row = {"number": "INV-1", "total": 100, "paid": paid, "credited": credited, "balance": 100 - paid - credited, "status": before}
    assert issued_status(row) == {"status": InvoiceStatus(after).value}
    assert issued_status({name: value for name, value in row.items() if name != "number"}) == {}


def test_what_gives_way_can_stand_beside_the_other() -> None:
    """A row that gave way is no longer among those whose value must be unique, or has another value."""
    one, other = str(new_id()), str(new_id())
    rows: dict[str, dict[str, Any]] = {
        "patients": {"id": other, "phone": "+911234567890", "status": "ACTIVE"},
        "id_cards": {"id": other, "patient_id": one},
        "consultation_diagnoses": {"id": other, "consultation_id": one, "code_system": "", "code": "", "text": "Fever"},
    }
    for name, row in rows.items():
        (clash,) = policy_of(name).clashes
        assert clash.among(row)
        moved = clash.give_way(row, {**row, "id": one})
        assert moved
        assert not clash.among(row | moved)
