"""Extracts of the audit trail as files: read page by page, noted before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

from clinic_desktop.clinic.audit import queries, witness
from clinic_desktop.clinic.audit.queries import AuditFilter, ChangeSetRow
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.documents.audit_trail import AuditExtract, audit_pdf
from clinic_desktop.documents.compose.composed import letterhead
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import FileNotWritten
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.journal_proof import head
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.tabular import write_table
from clinic_desktop.wording.audit import AuditWords

MOST_IN_CSV, MOST_IN_PDF = 50_000, 2_000
"""Entries of one file; who needs more asks for fewer days at a time."""
_PAGE = 200

Advance = Callable[[int, int], object]


def export_audit(
    db: Database,
    actor: Actor,
    wanted: AuditFilter,
    *,
    path: Path,
    clinic_id: UUID,
    asked: str,
    language: Language,
    advance: Advance = lambda done, of: None,
) -> tuple[int, bool]:
    """Write what a filter finds as CSV or, by the name of the file, as PDF; returns how many entries, and whether those are all."""
    is_pdf = path.suffix.lower() == ".pdf"
    most = MOST_IN_PDF if is_pdf else MOST_IN_CSV
    rows, is_all = _read(db, actor, wanted, most, advance)
    kind = None if wanted.patient_id is None else "patients"
    words = AuditWords(wanted.timezone, language)
    pdf = _pdf(db, actor, rows, words, clinic_id=clinic_id, asked=asked, language=language) if is_pdf else b""
    witness.export(
        db, actor=actor, what=asked, rows=len(rows), way="pdf" if is_pdf else "csv", entity_type=kind, entity_id=wanted.patient_id
    )
    try:
        path.write_bytes(pdf) if is_pdf else write_table(path, _heading(words), _lines(rows, words))
    except OSError as error:
        raise FileNotWritten(path=str(path), detail=error.strerror or "") from error
    return len(rows), is_all


def _read(db: Database, actor: Actor, wanted: AuditFilter, most: int, advance: Advance) -> tuple[list[ChangeSetRow], bool]:
    rows: list[ChangeSetRow] = []
    after = None
    while True:
        with db.read(actor) as session:
            page = queries.audit_page(session, actor, wanted, after=after, limit=min(_PAGE, most - len(rows)))
            rows += queries.change_sets(session, actor, [entry.seq for entry in page.entries])
        after = page.after
        advance(len(rows), most)
        if after is None or len(rows) >= most:
            return rows, after is None


def _heading(words: AuditWords) -> list[str]:
    return words.columns()


def _lines(rows: list[ChangeSetRow], words: AuditWords) -> Iterator[list[str]]:
    """One line a field; an entry without any has one line all the same."""
    for row in rows:
        entry = row.entry
        first = [str(entry.seq), words.when(entry.at), words.who(entry), entry.workstation or "", words.what(entry), entry.reason or ""]
        told = False
        for record in row.records:
            about = [words.record(record.record), words.operation(record)]
            for change in record.fields:
                told = True
                yield [*first, *about, *words.change(record, change), row.hash]
        if not told:
            yield [*first, words.record(entry.subject), "", "", "", "", row.hash]


def _pdf(
    db: Database, actor: Actor, rows: list[ChangeSetRow], words: AuditWords, *, clinic_id: UUID, asked: str, language: Language
) -> bytes:
    with db.read(actor) as session:
        clinic = organisation.clinic(session, clinic_id)
        newest = head(session)
        headed = letterhead(session, clinic)
    extract = AuditExtract(
        letterhead=headed,
        asked=asked,
        rows=tuple(_row(row, words) for row in rows),
        entries=len(rows),
        made_by=actor.name,
        made_at=db.clock(),
        timezone=clinic.timezone,
        head_seq=newest.seq,
        head_hash=newest.hash,
    )
    return audit_pdf(extract, language)


def _row(row: ChangeSetRow, words: AuditWords) -> tuple[str, str, str, str]:
    entry = row.entry
    who = "\n".join(part for part in (words.who(entry), entry.workstation) if part)
    reason = f"“{entry.reason}”" if entry.reason else ""
    what = "\n".join(part for part in (words.what(entry), words.record(entry.subject), reason) if part)
    changes = "\n".join(f"{words.record(one.record)}: {said}" for one in row.records if (said := words.summary(one)))
    return f"{words.when(entry.at)}\n{entry.seq}", who, what, changes
