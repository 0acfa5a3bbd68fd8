"""Reference data, people and rights belong to the whole chain: a site that may not keep them refuses to change them at once.

Central would refuse it anyway, hours or weeks later and with everything that was built on it. Asked only of transactions that
touch such rows, and in the same transaction, so that a right that was granted or taken a moment ago counts.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from clinic_desktop.kernel.capture import VERSION
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.journal import NOTE, UPDATE, Entry
from clinic_desktop.kernel.merging import Kind, Policy, policies
from clinic_desktop.kernel.tables import Base

_PROGRAMS_OWN = ("sync.", "kernel.", "access.sync_permissions", "reconciling.link_site", "reconciling.unlink_site")
"""Commands by which the program brings rows that every database of its version has, or that central has decided."""
_KEEPS = text("SELECT s.keeps_shared_data FROM sites s JOIN database_identity i ON i.site_id = s.id")


class SharedElsewhere(ClinicError):
    """This site works with what the chain shares and does not change it: param ``table``."""

    code = "shared_elsewhere"


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


@cache
def _rules(_tables: int) -> dict[str, Policy]:
    """The tables that are shared, and those of which a row without an owner is."""
    # By the number of tables: departments declare theirs as they are imported.
    columns = {name: table.c for name, table in Base.metadata.tables.items()}
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
