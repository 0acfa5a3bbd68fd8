"""What must be true of patients: numbers, what search finds, shared phones, wallets and merged records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec
from sqlalchemy import and_, case, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from clinic_desktop.clinic.organisation.checks import numbers_whole
from clinic_desktop.clinic.patients.card_design import SHIPPED, checked_layout, read_layout
from clinic_desktop.clinic.patients.commands.cards import CARD_NUMBER
from clinic_desktop.clinic.patients.commands.registration import PATIENT_NUMBER
from clinic_desktop.clinic.patients.models import (
    CardTemplate,
    ConsentTemplate,
    IdCard,
    Patient,
    PatientConsent,
    PatientMerge,
    WalletTransaction,
)
from clinic_desktop.clinic.patients.name_words import NameWord, NameWordKey, keys_of
from clinic_desktop.clinic.patients.names import name_key, search_text, sounds
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.rules import PatientStatus, WalletKind, full_name, phone_tail, search_key
from clinic_desktop.kernel.checks import Finding, check, finding, lies, looked_at, minor, or_zero
from clinic_desktop.kernel.errors import InvalidInput

_PAGE = 2_000


@check("N1 patient numbers")
def patient_numbers(session: Session) -> Finding:
    """Patient numbers are whole."""
    found = session.execute(select(Patient.patient_number, Patient.clinic_id).execution_options(yield_per=_PAGE))
    return numbers_whole(session, PATIENT_NUMBER, ((number, clinic_id) for number, clinic_id in found))


@check("N1 card numbers")
def card_numbers(session: Session) -> Finding:
    """Card numbers are whole."""
    found = session.scalars(select(IdCard.card_number).execution_options(yield_per=_PAGE))
    return numbers_whole(session, CARD_NUMBER, ((number, None) for number in found))


@check("P1 patient search columns")
def search_columns(session: Session) -> Finding:
    """What search reads of a patient is what the record says."""
    return Finding(looked_at(session, Patient), tuple(_stale_search(session)))


def _stale_search(session: Session) -> Iterator[str]:
    external = known_as(session)
    columns = (Patient.id, Patient.patient_number, Patient.first_name, Patient.middle_name, Patient.last_name, Patient.full_name)
    derived = (Patient.name_key, Patient.sounds, Patient.search_text, Patient.search_key, Patient.national_id)
    phone = (Patient.phone, Patient.phone_typed, Patient.phone_tail)
    for row in session.execute(select(*columns, *derived, *phone).execution_options(yield_per=_PAGE)):
        name = full_name(row.first_name, row.middle_name, row.last_name)
        words_of = [*external.get(row.id, ()), *([row.national_id] if row.national_id else [])]
        words = search_text(name, row.patient_number, row.phone, row.phone_typed, words_of)
        wanted: dict[str, object] = {
            "full_name": name,
            "name_key": name_key(name),
            "sounds": sounds(name),
            "search_text": words,
            "search_key": search_key(row.id),
            "phone_tail": phone_tail(row.phone) if row.phone else None,
        }
        for column, told in wanted.items():
            if getattr(row, column) != told:
                yield f"{row.patient_number}: {column} is {getattr(row, column)}, the record says {told}"


@check("P1 words of names")
def words_of_names(session: Session) -> Finding:
    """The words in which misspelt names are looked for are those of the patients, no more and no fewer."""
    spoken: dict[str, str] = {}
    for text in session.scalars(select(Patient.sounds).execution_options(yield_per=_PAGE)):
        spoken |= msgspec.json.decode(text)
    known = dict(session.execute(select(NameWord.word, NameWord.sound)).all())
    keys: dict[str, set[str]] = defaultdict(set)
    for key, word in session.execute(select(NameWordKey.key, NameWordKey.word)):
        keys[word].add(key)
    told = [f"“{word}” is not among the words of names" for word in sorted(spoken.keys() - known.keys())]
    told += [f"nobody is called “{word}” any more" for word in sorted(known.keys() - spoken.keys())]
    both = sorted(spoken.keys() & known.keys())
    told += [f"“{word}” sounds like {spoken[word]}, not like {known[word]}" for word in both if spoken[word] != known[word]]
    told += [
        f"“{word}” has other keys than its own" for word in sorted(known.keys() | keys.keys()) if keys.get(word, set()) != keys_of(word)
    ]
    return Finding(len(known), tuple(told))


@check("P3 card designs")
def card_designs(session: Session) -> Finding:
    """Every design can be read and printed, and every card names one that is there."""
    broken: list[str] = []
    for name, version, layout in session.execute(select(CardTemplate.name, CardTemplate.version, CardTemplate.layout)):
        try:
            checked_layout(read_layout(layout))
        except InvalidInput as error:
            broken.append(f"card design {name}, version {version}: {error}")
    shipped = select(IdCard.card_number, IdCard.template).where(IdCard.template_id.is_(None), IdCard.template.not_in(SHIPPED))
    return finding(looked_at(session, IdCard), broken, lies(session, shipped, "{card_number} was issued with {template}, which nobody has"))


@check("P2 shared phones")
def shared_phones(session: Session) -> Finding:
    """A shared number is the number of the patient who owns it."""
    owner = aliased(Patient)
    strange = or_(owner.phone.is_distinct_from(Patient.phone), owner.phone_owner_id.is_not(None))
    found = (
        select(Patient.patient_number, Patient.phone, owner.patient_number.label("owner"), owner.phone.label("other"))
        .join(owner, owner.id == Patient.phone_owner_id)
        .where(strange, owner.status != PatientStatus.MERGED)
    )
    wording = "{patient_number} shares {phone} with {owner}, whose own number is {other}"
    return Finding(looked_at(session, Patient, Patient.phone_owner_id.is_not(None)), tuple(lies(session, found, wording)))


@check("P3 consents")
def consents(session: Session) -> Finding:
    """What was signed names its text by kind, language and version."""
    text, signed = ConsentTemplate, PatientConsent
    told = func.concat(text.language, " ", text.version)
    found = (
        select(Patient.patient_number, signed.type, signed.template_version, told.label("told"), text.type.label("kind"))
        .join(Patient, Patient.id == signed.patient_id)
        .join(text, text.id == signed.template_id)
        .where(or_(signed.template_version != told, signed.type != text.type))
    )
    wording = "{patient_number} signed {type} in version {template_version}, but the text is {kind} {told}"
    return Finding(looked_at(session, signed), tuple(lies(session, found, wording)))


@check("M5 wallets")
def wallets(session: Session) -> Finding:
    """Each balance is the one before it plus or minus the amount; no entry is missing and none goes below zero."""
    wallet, order = (WalletTransaction.patient_id, WalletTransaction.clinic_id), WalletTransaction.sequence
    amount = minor(WalletTransaction.amount)
    signed = case((WalletTransaction.type.in_((WalletKind.DEPOSIT, WalletKind.REFUND)), amount), else_=-amount)
    steps = select(
        WalletTransaction.patient_id,
        WalletTransaction.sequence,
        WalletTransaction.type,
        WalletTransaction.amount,
        WalletTransaction.balance_after,
        signed.label("signed"),
        func.row_number().over(partition_by=wallet, order_by=order).label("place"),
        or_zero(func.lag(minor(WalletTransaction.balance_after)).over(partition_by=wallet, order_by=order)).label("before"),
    ).subquery()
    broken = or_(
        steps.c.sequence != steps.c.place,
        minor(steps.c.balance_after) != steps.c.before + steps.c.signed,
        minor(steps.c.balance_after) < 0,
    )
    found = select(Patient.patient_number, steps.c.sequence, steps.c.type, steps.c.amount, steps.c.balance_after)
    wording = "wallet of {patient_number}: entry {sequence} ({type} {amount}) leaves {balance_after}, which does not follow"
    told = lies(session, found.join(steps, steps.c.patient_id == Patient.id).where(broken), wording)
    return Finding(looked_at(session, WalletTransaction), tuple(told))


@check("C3 merged patients")
def merged_patients(session: Session) -> Finding:
    """A merged record has a merge that was not undone, and only a merged one has."""
    standing = exists().where(and_(PatientMerge.merged_id == Patient.id, PatientMerge.undone_at.is_(None)))
    is_merged = Patient.status == PatientStatus.MERGED
    found = select(Patient.patient_number, Patient.status)
    return finding(
        looked_at(session, Patient, is_merged),
        lies(session, found.where(is_merged, ~standing), "{patient_number} is {status} without a merge that stands"),
        lies(session, found.where(~is_merged, standing), "{patient_number} is {status}, but its merge was not undone"),
    )
