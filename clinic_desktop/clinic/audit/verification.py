"""Verifying the whole journal while the clinic goes on working: page by page, each in a read scope of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from clinic_desktop.clinic.audit.commands import record_verification
from clinic_desktop.clinic.audit.rights import READ_AUDIT
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import Diverged, Older, check_identity
from clinic_desktop.kernel.journal_proof import Anchor, BrokenLink, Verification, Walked, against, head, walk
from clinic_desktop.kernel.security import Actor

_PAGE = 1_000


def verify_journal(db: Database, actor: Actor, *, advance: Callable[[int, int], object] = lambda done, of: None) -> Verification:
    """Walk the chain to its end, hold it against the anchor that this computer keeps outside the database, and note what was found.

    ``advance(done, of)`` hears of each page; what it raises ends the walk.
    """
    actor.require(READ_AUDIT, "audit.verify_journal")
    walked = Walked()
    while not walked.is_end:
        with db.read(actor) as session:
            newest, walked = head(session), walk(session, walked, page=_PAGE)
        advance(walked.seq, newest.seq)
    found = Verification(walked.seq, newest.seq, newest.hash, walked.broken or _against_own_anchor(db, newest))
    broken = found.broken
    db.run(
        actor,
        record_verification,
        head_seq=found.head_seq,
        head_hash=found.head_hash,
        broken_seq=None if broken is None else broken.seq,
        problem=None if broken is None else broken.problem,
    )
    return found


def _against_own_anchor(db: Database, newest: Anchor) -> BrokenLink | None:
    """A chain that is whole in itself may lack its end, or be another: what was last seen here tells."""
    known = check_identity(db)
    if isinstance(known, Older):
        return BrokenLink(newest.seq + 1, "truncated")
    return BrokenLink(known.since, "replaced") if isinstance(known, Diverged) else None


def compare(db: Database, actor: Actor, *, written: Anchor) -> BrokenLink | None:
    """Hold the journal against a head that stands on paper; None when it is in the chain."""
    actor.require(READ_AUDIT, "audit.compare")
    with db.read(actor) as session:
        return against(session, replace(written, hash=written.hash.replace(" ", "").lower()))
