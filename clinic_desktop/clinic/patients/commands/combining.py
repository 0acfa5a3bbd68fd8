"""Putting two records of one person together, and taking them apart again as they were.

The merged record becomes an alias (``queries/person.py`` says why no row is moved). What the survivor takes over, and whatever else
had to change so that the person has one phone and one card, is kept with the merge: each column as it was and as the merge left it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import or_, select

from clinic_desktop.clinic.patients.combining import FIELDS, Choice, both, chosen
from clinic_desktop.clinic.patients.commands.mending import look_alike
from clinic_desktop.clinic.patients.commands.phones import give_one_owner
from clinic_desktop.clinic.patients.commands.taking_apart import (
    Kept,
    PairKept,
    fields_as_they_were,
    history_of_both,
    newer_merge,
    pairs_as_they_were,
    whose_history,
)
from clinic_desktop.clinic.patients.events import MergeUndone, PatientChanged, PatientsMerged
from clinic_desktop.clinic.patients.matching import THRESHOLD, compare
from clinic_desktop.clinic.patients.models import IdCard, Patient, PatientDuplicate, PatientMerge
from clinic_desktop.clinic.patients.queries.known_as import known_as
from clinic_desktop.clinic.patients.queries.likeness import comparable_person
from clinic_desktop.clinic.patients.queries.records import patient_row
from clinic_desktop.clinic.patients.queries.survivors import check_in_use
from clinic_desktop.clinic.patients.rules import (
    DUPLICATE_STATES,
    PATIENT_STATES,
    REVOKED_BY_MERGE,
    DuplicateStatus,
    MergeRefused,
    PatientStatus,
)
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound, StaleRecord
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission
from clinic_desktop.kernel.text import required_line

MERGE = permission("patients.merge", N_("Merge two records of one person, and undo it"), "receptionist")
REASON_LIMIT = 500


@command(MERGE, idempotent=True)
def merge_patients(
    tx: Tx,
    *,
    key: UUID,
    kept_id: UUID,
    kept_version: int,
    merged_id: UUID,
    merged_version: int,
    choices: Mapping[str, Choice],
    reason: str,
) -> UUID:
    """Make one record an alias of another, which takes over what was chosen; returns the merge's id, with which it is undone."""
    why = tx.reason = required_line(reason, "reason", limit=REASON_LIMIT)
    kept, merged = _two(tx, {kept_id: kept_version, merged_id: merged_version}, kept_id, merged_id)
    before = {one.id: _image(one) for one in _touched(tx, kept, merged)}
    taken = chosen(_values(kept), _values(merged), choices)
    histories = whose_history(kept, merged)
    _take_over(tx, kept, merged, taken)
    cards = _revoke_second_card(tx, kept, merged)
    pair, offered = _settle_pairs(tx, kept, merged)
    merge = PatientMerge(kept_id=kept.id, merged_id=merged.id, reason=why, merged_by=tx.actor.user_id, merged_at=tx.now)
    changed = {str(key): found for key, was in before.items() if (found := _changes(was, _image(tx.session.get_one(Patient, key))))}
    merge.field_choices = msgspec.json.encode(Kept(taken, histories, changed, cards, pair, offered)).decode()
    tx.add(merge)
    tx.session.flush()
    tx.emit(PatientsMerged(merge.id, kept.id, merged.id))
    tx.emit(PatientChanged(kept.id))
    return merge.id


@command(MERGE)
def undo_merge(tx: Tx, *, merge_id: UUID, reason: str) -> None:
    """Make two records of a merge two again: each has what was its own; what was typed since stays where it was typed."""
    tx.reason = required_line(reason, "reason", limit=REASON_LIMIT)
    merge = tx.session.get(PatientMerge, merge_id, with_for_update=True, populate_existing=True)
    if merge is None:
        raise NotFound(entity="patient_merges", key=str(merge_id))
    if merge.undone_at is not None:
        raise MergeRefused(reason="undone")
    kept, merged = _locked(tx, merge.kept_id, merge.merged_id)
    if kept.erased_at is not None or merged.erased_at is not None:
        raise MergeRefused(reason="erased")
    later = newer_merge(tx.session, merge)
    if later is not None:  # in the order in which they were made, each leaves what the one before it left
        raise MergeRefused(reason="later_merge", number=later)
    stored = msgspec.json.decode(merge.field_choices, type=Kept)
    phones = {kept.phone, merged.phone}
    fields_as_they_were(tx, stored, kept, merged)
    phones |= {kept.phone, merged.phone}
    for phone in sorted(phones - {None}):  # type: ignore[type-var]
        give_one_owner(tx, phone=phone or "")
    _cards_as_they_were(tx, stored, merge)
    pairs_as_they_were(tx, stored)
    merge.undone_at, merge.undone_by = tx.now, tx.actor.user_id
    tx.session.flush()
    _found_by(tx, kept, merged)
    tx.emit(MergeUndone(merge.id, kept.id, merged.id))
    for one in (kept, merged):  # what waits for either goes to its own number again
        tx.emit(PatientChanged(one.id))


def _locked(tx: Tx, *ids: UUID) -> list[Patient]:
    """The records, locked in one order by whoever comes."""
    found = {key: tx.session.get(Patient, key, with_for_update=True, populate_existing=True) for key in sorted(ids)}
    return [found[key] or _missing(key) for key in ids]


def _missing(key: UUID) -> Patient:
    raise NotFound(entity="patients", key=str(key))


def _two(tx: Tx, versions: Mapping[UUID, int], kept_id: UUID, merged_id: UUID) -> tuple[Patient, Patient]:
    """Two records that may be put together."""
    if kept_id == merged_id:
        raise MergeRefused(reason="same")
    kept, merged = _locked(tx, kept_id, merged_id)
    for one in (kept, merged):
        check_in_use(tx.session, one, one.id)
        if one.erased_at is not None:
            raise MergeRefused(reason="erased")
    for one in (kept, merged):
        if one.row_version != versions[one.id]:
            raise StaleRecord(entity="patients", key=str(one.id))
    return kept, merged


def _touched(tx: Tx, kept: Patient, merged: Patient) -> list[Patient]:
    """All whom a merge may change: the two, and who shares a number with either."""
    phones = [phone for phone in {kept.phone, merged.phone} if phone]
    sharing = select(Patient).where(Patient.phone.in_(phones), Patient.status != PatientStatus.MERGED).order_by(Patient.id)
    return list({one.id: one for one in (kept, merged, *tx.session.scalars(sharing.with_for_update()))}.values())


_UNDOABLE = (*dict.fromkeys(column for columns in FIELDS.values() for column in columns), "is_restricted", "merged_into_id")
"""The medical history is not among them: nobody reads it in a log. What the merge added to it is known from the merged record."""


def _image(one: Patient) -> dict[str, Any]:
    image: dict[str, Any] = msgspec.to_builtins({name: getattr(one, name) for name in _UNDOABLE})
    return image


def _changes(was: dict[str, Any], now: dict[str, Any]) -> dict[str, list[Any]]:
    return {name: [was[name], now[name]] for name in _UNDOABLE if was[name] != now[name]}


def _values(one: Patient) -> dict[str, Any]:
    return {name: getattr(one, name) for name in (*_UNDOABLE, "updated_at")}


def _take_over(tx: Tx, kept: Patient, merged: Patient, taken: Mapping[str, Choice]) -> None:
    """Set what was chosen on the survivor; the merged record keeps all its own and is in use no more."""
    phones = sorted({kept.phone, merged.phone} - {None})  # type: ignore[type-var]
    for field, choice in taken.items():
        for name in FIELDS[field]:
            if field == "phone" or choice is Choice.KEPT:
                continue
            mine, theirs = getattr(kept, name), getattr(merged, name)
            setattr(kept, name, both(mine, theirs) if choice is Choice.BOTH else theirs)
    kept.medical_history = history_of_both(kept, merged)
    kept.is_restricted = kept.is_restricted or merged.is_restricted
    takes_phone = taken.get("phone") is Choice.MERGED
    if takes_phone:
        kept.set_phone(None, None)
    merged.status, merged.merged_into_id = PATIENT_STATES.check(merged.status, PatientStatus.MERGED), kept.id
    tx.session.flush()  # its number is free from here on
    if takes_phone:
        kept.phone, kept.phone_typed, kept.phone_tail = merged.phone, merged.phone_typed, merged.phone_tail
        kept.phone_verified = merged.phone_verified
        kept.phone_owner_id = None if merged.phone is None else merged.phone_owner_id or merged.id
    for phone in phones:
        give_one_owner(tx, phone=phone or "", heir_id=kept.id)
    _found_by(tx, kept)


def _found_by(tx: Tx, *people: Patient) -> None:
    tx.session.flush()
    known = known_as(tx.session, [one.id for one in people])
    for one in people:
        one.refresh_search(known.get(one.id, ()))
    tx.session.flush()


def _revoke_second_card(tx: Tx, kept: Patient, merged: Patient) -> list[UUID]:
    """A person has one card in use; that of the merged record is it where there is no other."""
    in_use = select(IdCard).where(IdCard.patient_id.in_((kept.id, merged.id)), IdCard.revoked_at.is_(None)).with_for_update()
    cards = {card.patient_id: card for card in tx.session.scalars(in_use)}
    if len(cards) < 2:
        return []
    second = cards[merged.id]
    second.revoked_at, second.revoked_reason = tx.now, REVOKED_BY_MERGE
    return [second.id]


def _cards_as_they_were(tx: Tx, stored: Kept, merge: PatientMerge) -> None:
    for card in tx.session.scalars(select(IdCard).where(IdCard.id.in_(stored.cards)).with_for_update()):
        if card.revoked_reason == REVOKED_BY_MERGE and card.revoked_at == merge.merged_at:
            card.revoked_at = card.revoked_reason = None


def _settle_pairs(tx: Tx, kept: Patient, merged: Patient) -> tuple[PairKept | None, list[UUID]]:
    """Close the pair of the two; whoever else the merged record resembles is held against the survivor."""
    near = or_(PatientDuplicate.a_id.in_((kept.id, merged.id)), PatientDuplicate.b_id.in_((kept.id, merged.id)))
    pairs = list(tx.session.scalars(select(PatientDuplicate).where(near).with_for_update()))
    other = {pair.id: ({pair.a_id, pair.b_id} - {kept.id, merged.id}) for pair in pairs}
    own = next((pair for pair in pairs if not other[pair.id]), None)
    was = None if own is None else PairKept(own.id, own.status, own.decided_by, own.decided_at)
    if own is not None:
        own.status = DUPLICATE_STATES.check(own.status, DuplicateStatus.MERGED)
        own.decided_by, own.decided_at = tx.actor.user_id, tx.now
    known = {key for pair in pairs if kept.id in (pair.a_id, pair.b_id) for key in other[pair.id]}
    wanted = {key for pair in pairs if pair.status is DuplicateStatus.OPEN for key in other[pair.id]} - known
    return was, [_offer(tx, kept, tx.session.get_one(Patient, key)) for key in sorted(wanted) if _is_alike(tx, kept, key)]


def _is_alike(tx: Tx, kept: Patient, other_id: UUID) -> bool:
    other = tx.session.get_one(Patient, other_id)
    if other.status is PatientStatus.MERGED or other.erased_at is not None:
        return False
    return compare(comparable_person(patient_row(kept)), comparable_person(patient_row(other))).bits >= THRESHOLD


def _offer(tx: Tx, kept: Patient, other: Patient) -> UUID:
    pair = look_alike(kept.id, other.id, compare(comparable_person(patient_row(kept)), comparable_person(patient_row(other))))
    return tx.add(pair).id
