"""What belongs to the whole chain, or to a clinic of another site: a site that may not change it refuses at once.

Central would refuse it anyway, hours or weeks later and with everything that was built on it. Asked only of transactions that
touch such rows, and in the same transaction, so that a right that was granted or taken a moment ago counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from uuid import UUID

from sqlalchemy import Engine, select, text
from sqlalchemy.orm import Session

from clinic_desktop.kernel.capture import VERSION
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import NOTE, UPDATE, Entry
from clinic_desktop.kernel.merging import Kind, Policy, policies
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tables import Base, declared_tables, id_parameter

_PROGRAMS_OWN = ("sync.", "kernel.", "access.sync_permissions", "reconciling.link_site", "reconciling.unlink_site")
"""Commands by which the program brings rows that every database of its version has, or that central has decided."""
_KEEPS = text("SELECT s.keeps_shared_data FROM sites s JOIN database_identity i ON i.site_id = s.id")

_IS_ELSEWHERE = text(
    "SELECT 1 FROM clinics c CROSS JOIN database_identity i WHERE c.id = :clinic AND c.site_id IS NOT NULL AND c.site_id <> i.site_id"
).bindparams(id_parameter("clinic"))
_CLINIC = "clinic_id"
_SERIES = text("SELECT series FROM sync_link WHERE peer_id IS NOT NULL")
_DETACHED = text("SELECT 1 FROM sync_link WHERE detached_at IS NOT NULL")
_KNOWN = "clinic_series"


class SharedElsewhere(ClinicError):
    """This site works with what the chain shares and does not change it: param ``table``."""

    code = "shared_elsewhere"


class OwnedElsewhere(ClinicError):
    """This belongs to a clinic of another site: param ``table``."""

    code = "owned_elsewhere"


class CopyOnly(ClinicError):
    """This is the copy of a clinic's database that a computer keeps: nobody works on it until a person goes on with it."""

    code = "copy_only"


class NotWhileDetached(ClinicError):
    """This is done on the clinic's server only, not on a computer's copy of its data: param ``table``."""

    code = "not_while_detached"


def series_of(session: Session) -> str:
    """The code that this database's numbers carry: of a computer's copy of a clinic's database; empty for every other."""
    connection = session.connection()
    known = getattr(connection.dialect, _KNOWN, None)
    if known is None:
        known = connection.execute(_SERIES).scalar_one_or_none() or ""
        remember_series(connection.engine, known)
    return str(known)


def series_index(series: str) -> int:
    """1 of ``D1``; 0 of the server itself."""
    return int(series[1:]) if series else 0


def remember_series(engine: Engine, series: str) -> None:
    """What a database is does not change while it is open, but when a copy is made."""
    setattr(engine.dialect, _KNOWN, series)


def is_detached(session: Session) -> bool:
    """Whether people work on this copy, away from the clinic's server."""
    return bool(series_of(session)) and session.connection().execute(_DETACHED).first() is not None


def refuse_in_copy(session: Session, command: str | None, entries: Iterable[Entry]) -> None:
    """Raise CopyOnly when somebody writes in a copy that nobody works on, and NotWhileDetached for what is the server's alone."""
    if (command is not None and command.startswith(_PROGRAMS_OWN)) or not series_of(session):
        return
    rules = policies()
    told = [one for one in entries if one.entity_type in rules and _travels(rules[one.entity_type], one)]
    if told and not is_detached(session):
        raise CopyOnly
    for entry in told:
        if _is_servers(rules[entry.entity_type], entry):
            raise NotWhileDetached(table=entry.entity_type)


def _travels(policy: Policy, entry: Entry) -> bool:
    """Whether this is work: not what stays in this database, and not what a person may do at the door of any."""
    if entry.operation == NOTE or policy.kind is Kind.LOCAL:
        return False
    door = policy.stays_here | {VERSION} | (policy.open_columns if policy.kind is Kind.SHARED else frozenset())
    return entry.operation != UPDATE or not door.issuperset(entry.changes)


def _is_servers(policy: Policy, entry: Entry) -> bool:
    """Whether only the server writes this row so."""
    is_update = entry.operation == UPDATE
    if policy.kind is Kind.SHARED:
        return not (is_update and (policy.open_columns | policy.stays_here | {VERSION}).issuperset(entry.changes))
    if policy.attached_only is None:
        return False
    if is_update and (policy.counters | policy.derived | policy.stays_here | {VERSION}).issuperset(entry.changes):
        return False
    return policy.attached_only({name: value[1] for name, value in entry.changes.items()} if is_update else entry.changes)


def keeps_shared_data(session: Session) -> bool:
    """Whether this database may change what all sites share: every one may that is no enrolled site, and those that central lets."""
    found = session.connection().execute(_KEEPS).scalar_one_or_none()
    return found is None or bool(found)


def refuse_shared(session: Session, command: str | None, entries: Iterable[Entry]) -> None:
    """Raise SharedElsewhere when a transaction changed what is kept elsewhere."""
    if command is not None and command.startswith(_PROGRAMS_OWN):
        return
    rules = _rules(len(Base.metadata.tables))
    for entry in entries:
        policy = rules.get(entry.entity_type)
        if policy is not None and _is_kept(session, policy, entry) and not keeps_shared_data(session):
            raise SharedElsewhere(table=entry.entity_type)


def refuse_owned(session: Session, actor: Actor, command: str | None, entries: Iterable[Entry]) -> None:
    """Raise OwnedElsewhere when a person changed what only another site may change; work in the own clinic costs no question."""
    if actor.user_id is None or (command is not None and command.startswith(_PROGRAMS_OWN)):
        return
    for entry in entries:
        clinic_id = _clinic_of(entry)
        if clinic_id not in (None, actor.clinic_id) and session.connection().execute(_IS_ELSEWHERE, {"clinic": clinic_id}).first():
            raise OwnedElsewhere(table=entry.entity_type)


def _clinic_of(entry: Entry) -> UUID | None:
    """The clinic that a written row names itself; None where it names none, or only free columns changed."""
    free = _owned(len(Base.metadata.tables)).get(entry.entity_type)
    if free is None or entry.operation == NOTE or (entry.operation == UPDATE and free.issuperset(entry.changes)):
        return None
    if entry.operation == UPDATE:
        return entry.clinic_id
    told: UUID | None = entry.changes.get(_CLINIC)
    return told


@cache
def _owned(_tables: int) -> dict[str, frozenset[str]]:
    """The tables whose rows name the clinic that they belong to, with their columns that every site may change."""
    owned = {name: one for name, one in policies().items() if one.kind in (Kind.OWNED, Kind.LEDGER) and one.owner == _CLINIC}
    return {
        name: ((one.open_columns | one.counters | one.derived) - one.closed) | one.stays_here | {VERSION} for name, one in owned.items()
    }


@cache
def _rules(_tables: int) -> dict[str, Policy]:
    """The tables that are shared, and those of which a row without an owner is."""
    # By the number of tables: departments declare theirs as they are imported.
    columns = {table.name: table.c for table in declared_tables()}
    may_be = {name for name, one in policies().items() if one.kind is Kind.OWNED and columns[name][str(one.owner)].nullable}
    return {name: policy for name, policy in policies().items() if policy.kind is Kind.SHARED or name in may_be}


def _is_kept(session: Session, policy: Policy, entry: Entry) -> bool:
    if entry.operation == NOTE:
        return False
    free = policy.open_columns | policy.stays_here | {VERSION}
    if entry.operation == UPDATE and free.issuperset(entry.changes):
        return False
    return policy.kind is Kind.SHARED or _is_the_chains(session, policy, entry)


def _is_the_chains(session: Session, policy: Policy, entry: Entry) -> bool:
    """Whether no owner is named; an update does not tell, so its row is asked."""
    names = [name for name in (policy.owner, policy.or_owner) if name is not None]
    if entry.operation != UPDATE:
        return all(entry.changes.get(name) is None for name in names)
    table = Base.metadata.tables[entry.entity_type]
    owners = session.connection().execute(select(*(table.c[name] for name in names)).where(table.c.id == entry.entity_id)).one()
    return all(owner is None for owner in owners)
