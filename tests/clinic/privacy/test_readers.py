"""Nobody asks for what a patient has by one record alone: the code is read, and each exception says why it is none.

``test_one_person`` proves of the readers that it knows that they show all; this finds the ones that nobody told it of.
"""

from __future__ import annotations

from collections import Counter

import pytest

from clinic_desktop.clinic.patients.queries.duplicates import ABOUT_RECORDS, references_to_patients
from tests.clinic.privacy.asking import COLUMN, asked_by_one, asked_in_program

_CHECK = "a check looks at each row by the record that it was written for"
_ALL_RECORDS = "``records`` and ``ids`` are those of ``one_person``, which the commands hand in"
_TICKS = "ticks of a list whose rows are those of survivors, against the same rows"
ALLOWED: dict[str, tuple[int, str]] = {
    "clinic/access/commands/codes.py:_owner": (1, "a code lives for minutes, and is shown for the record for which it was asked"),
    "clinic/access/queries/codes.py:sent_code": (1, "the same"),
    "clinic/access/queries/codes.py:proved_at": (1, "below patients: it is handed the records of the person"),
    "clinic/billing/checks/ledgers.py:payment_allocations": (1, _CHECK),
    "clinic/billing/tallies/shares.py:shares_of": (1, "grouped by invoice; the patient is only named"),
    "clinic/clinical/checks.py:signatures": (1, _CHECK),
    "clinic/clinical/checks.py:signed_diagnoses": (1, _CHECK),
    "clinic/frontdesk/checks/queue.py:open_entries": (2, _CHECK),
    "clinic/frontdesk/checks/reviews.py:reviews_and_visits": (1, _CHECK),
    "clinic/frontdesk/checks/times.py:cancelled_places": (2, _CHECK),
    "clinic/frontdesk/guards.py:_refusals": (1, "a database's last word knows no aliases; ``patient_is_busy`` asks before it"),
    "clinic/frontdesk/queries/planned.py:": (3, "for the many who were never merged; of the others ``_of_all_records`` asks again"),
    "clinic/frontdesk/queries/reviews.py:reviews": (1, "the name of whoever wrote it, unless that was not to be known"),
    "clinic/patients/checks.py:wallets": (1, _CHECK),
    "clinic/patients/commands/combining.py:_revoke_second_card": (1, "both records of a merge, while it is made"),
    "clinic/patients/other_numbers.py:_check_free": (1, "a number is unique among all records"),
    "clinic/patients/queries/cards_to_print.py:": (1, "for the many who were never merged; of the others ``card_in_use`` is asked"),
    "clinic/patients/queries/known_as.py:": (1, "it gathers the aliases itself, level by level"),
    "clinic/patients/queries/wallets.py:in_wallet": (1, "each record has a chain of its own; their newest balances are added up"),
    "clinic/privacy/checks.py:erased_patients": (1, _CHECK),
    "clinic/privacy/commands/requests.py:erase_patient": (1, _ALL_RECORDS),
    "clinic/privacy/erasing.py:check_nothing_open": (3, _ALL_RECORDS),
    "clinic/privacy/erasing.py:erasure_plan": (6, _ALL_RECORDS),
    "clinic/privacy/erasing.py:erase": (5, _ALL_RECORDS),
    "clinic/privacy/erasing.py:_drop_consents": (1, _ALL_RECORDS),
    "clinic/privacy/erasing.py:_drop_files": (1, _ALL_RECORDS),
    "clinic/privacy/rules/keeping.py:": (1, "a record is kept as long as it has money of its own, whichever record that is"),
    "clinic/simulation/journeys.py:known_patients": (1, "a simulated day merges nobody"),
    "ui/screens/cards/to_print.py:chosen": (1, _TICKS),
    "ui/screens/cards/to_print.py:_columns": (1, _TICKS),
    "ui/screens/cashier/screen.py:_open_owner": (1, "both are survivors: ``head_rows`` and ``scanned_card`` lead there"),
    "ui/screens/notices/of_patient.py:_show": (1, "whether an answer is of the patient that is still shown"),
    "ui/screens/reception/board.py:_is_shown": (1, "both are survivors: the board's rows, and ``patients_of_day`` of who has not signed"),
}
"""By module and function: how many such places, and why each is right."""


def test_every_reader_asks_for_all_records_of_a_person() -> None:
    found = list(asked_in_program())
    counts = Counter(one.where for one in found)
    wrong = [str(one) for one in found if counts[one.where] > ALLOWED.get(one.where, (0, ""))[0]]
    assert wrong == [], "a merge leaves aliases: ask with person_ids(), or say in ALLOWED why one record is right here"
    stale = {where: allowed for where, (allowed, _why) in ALLOWED.items() if counts[where] < allowed}
    assert stale == {}


def test_every_table_calls_its_patient_alike() -> None:
    """Else the readers of another name would not be found."""
    assert {str(one.name) for one in references_to_patients() if one.table.name not in ABOUT_RECORDS} == {COLUMN}


@pytest.mark.parametrize(
    ("source", "count"),
    [
        ("select(Visit).where(Visit.patient_id == patient_id)", 1),
        ("select(Visit).where(patient_id == Visit.patient_id)", 1),
        ("select(Visit).where(Visit.patient_id.in_([patient_id]))", 1),
        ("select(Visit).filter_by(patient_id=patient_id)", 1),
        ("select(Patient).where(exists().where(Visit.patient_id == Patient.id))", 1),
        ("select(Visit).join(Visit, Visit.patient_id == Patient.id)", 1),
        ("select(func.count(Visit.id)).group_by(Visit.patient_id)", 1),
        ("text('SELECT 1 FROM visits v WHERE v.patient_id = :one')", 1),
        ("[one for one in rows if one.patient_id == owner]", 1),
        ("def f(people):\n    select(Visit).where(Visit.patient_id.in_(people))\ndef g(one):\n    f([one])", 1),
        ("def f(one):\n    ids = {one}\n    select(Visit).where(Visit.patient_id.in_(ids))", 1),
        ("_P = bindparam('people')\n_S = select(Visit).where(Visit.patient_id.in_(_P))\nsession.execute(_S, {'people': [one]})", 1),
        ("_P = bindparam('people')\n_S = select(Visit).where(Visit.patient_id.in_(_P))\nrun(_S, {'people': person_ids(s, one)})", 0),
        (
            "def f(p):\n    select(Visit).where(Visit.patient_id.in_(p))\ndef g(s, one):\n    p = person_ids(s, one)\n    f(p)",
            0,
        ),
        ("def f(s, one):\n    leads = survivor_ids(s, one)\n    select(Visit).where(Visit.patient_id.in_(leads))", 0),
        ("select(Visit).where(Visit.patient_id.in_(queries.person_ids(session, patient_id)))", 0),
        ("select(Visit, Patient.full_name).join(Patient, Patient.id == Visit.patient_id)", 0),
        ("select(Code).where(Code.patient_id.is_(None), row.patient_id is not None)", 0),
    ],
)
def test_what_counts_as_asking_by_one_record(source: str, count: int) -> None:
    assert len(list(asked_by_one(source, "example.py"))) == count
