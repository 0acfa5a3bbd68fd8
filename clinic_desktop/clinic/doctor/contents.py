"""What is inside a database that opens: pages, references, journal, invariants, and the clock beside the newest entry."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.doctor.finding import Finding, bad, good, warn
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.schema import newest_revision, revision
from clinic_desktop.kernel.soundness import damages

PAGES, SCHEMA, JOURNAL, TRUTH, TIME = "pages", "version", "journal", "truth", "clock"
CLOCKS_DIFFER = timedelta(minutes=2)
LONG_SILENCE = timedelta(days=400)
"""No clinic is quiet for so long: the computer's year is wrong."""
_SHOWN = 3
_LATELY = 500
"""Change sets: whoever logs in while the clock is wrong writes an entry as wrong as the clock, so the last one alone proves nothing."""


def examine_contents(database: Database, *, thorough: bool) -> Iterator[Finding]:
    """Look inside; ``thorough`` also walks the whole journal and recomputes every invariant."""
    if database.engine.dialect.name == "sqlite":
        found = list(_pages(database.engine, thorough=thorough))
        yield from found or [good(PAGES, "pages_whole")]
        if found:
            return  # what else could be read would be hearsay
    yield from _version(database)
    if revision(database) != newest_revision():
        return
    with database.read() as session:
        yield clock_beside_journal(session, database.clock())
        if thorough:
            yield _journal(session)
            yield from _truth(session)


def _pages(engine: Engine, *, thorough: bool) -> Iterator[Finding]:
    with engine.connect() as connection:
        found = damages(connection, thorough=thorough)
        if found:
            yield bad(PAGES, "pages_damaged", count=len(found), first=found[0])
            return
        orphans = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        if orphans:
            yield bad(PAGES, "references_broken", count=len(orphans), table=str(orphans[0][0]))


def _version(database: Database) -> Iterator[Finding]:
    here, wanted = revision(database), newest_revision()
    if here is None:
        yield bad(SCHEMA, "empty")
    elif here > wanted:
        yield bad(SCHEMA, "newer_than_program", here=here, wanted=wanted)
    elif here < wanted:
        yield warn(SCHEMA, "older_than_program", here=here, wanted=wanted)
    else:
        yield good(SCHEMA, "current", here=here)


def clock_beside_journal(session: Session, now: datetime) -> Finding:
    """Whether this computer's clock can be true: the newest entry of the journal lies before it, and not years before."""
    lately = select(ChangeSet.at).order_by(ChangeSet.seq.desc()).limit(_LATELY).subquery()
    newest = session.scalar(select(func.max(lately.c.at)))
    if newest is None:
        return good(TIME, "clock_plausible")
    if newest - now > CLOCKS_DIFFER:
        return bad(TIME, "clock_behind", now=now, newest=newest)
    return warn(TIME, "clock_far_ahead", now=now, newest=newest) if now - newest > LONG_SILENCE else good(TIME, "clock_plausible")


def _journal(session: Session) -> Finding:
    told = verify(session)
    if told.broken is not None:
        return bad(JOURNAL, f"journal_{told.broken.problem}", seq=told.broken.seq)
    return good(JOURNAL, "journal_whole", count=told.change_sets, head=told.head_hash[:16])


def _truth(session: Session) -> Iterator[Finding]:
    results = list(run_checks(session))
    for result in results:
        if not result.ok:
            yield bad(TRUTH, "check_failed", name=result.name, count=len(result.failures), first="; ".join(result.failures[:_SHOWN]))
    if all(result.ok for result in results):
        yield good(TRUTH, "checks_passed", count=len(results), rows=sum(result.rows for result in results))
