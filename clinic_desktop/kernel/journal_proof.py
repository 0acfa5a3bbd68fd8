"""The proof that the journal is what was committed: its chain of hashes is walked, and held against a head that is known from elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.kernel.archived import Archive, ArchivedHead, archived_head
from clinic_desktop.kernel.journal import INSERT, AuditLog, ChangeSet, Header, JournalHead, change_set_hash

GENESIS = bytes(32)
"""The hash before the first change set."""


@dataclass(frozen=True, slots=True)
class Anchor:
    """The journal's head as it can be printed and compared later."""

    seq: int
    hash: str


def head(session: Session) -> Anchor:
    """The newest change set."""
    found = session.execute(select(JournalHead.seq, JournalHead.hash)).one()
    return Anchor(found.seq, bytes(found.hash).hex())


@dataclass(frozen=True, slots=True)
class BrokenLink:
    """The first change set that is not what was committed; ``problem`` is missing, altered, truncated or replaced."""

    seq: int
    problem: str


@dataclass(frozen=True, slots=True)
class Verification:
    """Outcome of walking the chain: how many change sets, and the first broken link if any."""

    change_sets: int
    head_seq: int
    head_hash: str
    broken: BrokenLink | None


@dataclass(frozen=True, slots=True)
class Walked:
    """How far a walk along the chain has come; it goes on from here, in another read scope if need be."""

    seq: int = 0
    hash: bytes = GENESIS
    is_end: bool = False
    broken: BrokenLink | None = None


def verify(session: Session, *, page: int = 500) -> Verification:
    """Walk the whole chain from the rows and name the first broken link."""
    walked = Walked()
    while not walked.is_end:
        walked = walk(session, walked, page=page)
    newest = head(session)
    return Verification(walked.seq, newest.seq, newest.hash, walked.broken)


def walk(session: Session, so_far: Walked, *, page: int = 500) -> Walked:
    """Go one page further; the end of the chain is held against the head, its beginning against the newest archive of the journal."""
    seen, previous, archived = so_far.seq, so_far.hash, archived_head(session)
    begins = 0 if archived is None else archived.seq
    is_start = seen <= begins
    if archived is not None and is_start:
        seen, previous = archived.seq, archived.hash
        if not _is_vouched(session, archived):
            return Walked(seen, previous, True, BrokenLink(seen, "replaced"))
    found = _change_sets(session, 0 if is_start else seen, page)
    for seq, hlc, digest, header, rows in found:
        if seq != seen + 1:
            return Walked(seen, previous, True, BrokenLink(seen + 1, "missing"))
        if change_set_hash(previous, seq, hlc, header, rows) != digest:
            return Walked(seen, previous, True, BrokenLink(seq, "altered"))
        seen, previous = seq, digest
    if len(found) == page:
        return Walked(seen, previous)
    newest = head(session)
    if seen != newest.seq or previous.hex() != newest.hash:
        return Walked(seen, previous, True, BrokenLink(seen + 1 if seen < newest.seq else seen, "truncated"))
    return Walked(seen, previous, True, _stray_rows(session, begins, seen))


def _is_vouched(session: Session, archived: ArchivedHead) -> bool:
    """Whether the journal itself says that an archive took its beginning, up to this change set."""
    entry = (AuditLog.entity_type == Archive.__tablename__, AuditLog.entity_id == archived.archive_id, AuditLog.operation == INSERT)
    told = [msgspec.json.decode(changes) for changes in session.scalars(select(AuditLog.changes).where(*entry))]
    return [(one.get("last_seq"), one.get("last_hash")) for one in told] == [(archived.seq, archived.hash.hex())]


def against(session: Session, anchor: Anchor) -> BrokenLink | None:
    """Hold the chain against a head that was written down elsewhere; the first sixteen figures of its hash are enough.

    What has left into an archive cannot be held against anything but that.
    """
    archived = archived_head(session)
    if archived is not None and anchor.seq <= archived.seq:
        is_other = anchor.seq == archived.seq and not archived.hash.hex().startswith(anchor.hash)
        return BrokenLink(anchor.seq, "replaced") if is_other else None
    found = session.scalar(select(ChangeSet.hash).where(ChangeSet.seq == anchor.seq))
    if found is None:
        return BrokenLink(anchor.seq, "truncated")
    return None if bytes(found).hex().startswith(anchor.hash) else BrokenLink(anchor.seq, "replaced")


def _stray_rows(session: Session, begins: int, last: int) -> BrokenLink | None:
    stray = session.scalar(select(AuditLog.seq).where((AuditLog.seq > last) | (AuditLog.seq <= begins)).order_by(AuditLog.seq).limit(1))
    return None if stray is None else BrokenLink(stray, "altered")


_Links = list[tuple[int, int, bytes, Header, list[tuple[str, UUID, str, str]]]]


def _change_sets(session: Session, after: int, page: int) -> _Links:
    """Sequence, clock, hash, header and rows of the change sets that follow."""
    c, r = ChangeSet, AuditLog
    headers = select(c.seq, c.hlc, c.hash, c.at, c.actor_id, c.actor_name, c.workstation_id, c.command, c.reason)
    # From the very first on, what stands before it must be seen too.
    found = session.execute((headers.where(c.seq > after) if after else headers).order_by(c.seq).limit(page)).all()
    rows: dict[int, list[tuple[str, UUID, str, str]]] = {one.seq: [] for one in found}
    if found:
        between = select(r.seq, r.entity_type, r.entity_id, r.operation, r.changes).where(r.seq >= found[0].seq, r.seq <= found[-1].seq)
        for seq, kind, key, operation, changes in session.execute(between.order_by(r.seq, r.ordinal)):
            if seq in rows:
                rows[seq].append((kind, key, operation, changes))
    return [(one.seq, one.hlc, bytes(one.hash), Header(*one[3:]), rows[one.seq]) for one in found]
