"""``clinic audit``: the audit trail, searched, written to a file, and verified."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, progress
from clinic_desktop.clinic.audit import queries
from clinic_desktop.clinic.audit.queries import AuditEntry, AuditFilter
from clinic_desktop.clinic.audit.rules import Only
from clinic_desktop.clinic.organisation import queries as organisation
from clinic_desktop.documents.compose.audit import export_audit
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.i18n import active
from clinic_desktop.kernel.journal_proof import Anchor, Verification, Walked, against, head, walk
from clinic_desktop.kernel.security import Actor
from clinic_desktop.wording.audit import PROBLEMS, AuditWords

_PAGE = 1_000
_ONLY = {one.value.lower(): one for one in Only}


@click.group()
def audit() -> None:
    """The audit trail."""


class _Head(click.ParamType[Anchor]):
    """A head as it stands on a settlement sheet: the entry's number, a colon, and at least 16 figures of its hash."""

    name = "entry:hash"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Anchor:
        seq, _colon, digest = str(value).partition(":")
        plain = digest.replace(" ", "").lower()
        if not seq.isdigit() or len(plain) < 16 or not all(one in "0123456789abcdef" for one in plain):
            self.fail("give it as 1234:0123456789abcdef", param, ctx)
        return Anchor(int(seq), plain)


@audit.command("verify")
@click.option("--head", "written", type=_Head(), help="A head on paper that must be in the chain, such as 1234:0123456789abcdef.")
@database_options
def verify_journal(url: str, as_json: bool, written: Anchor | None) -> int:
    """Walk the hash chain and name the first broken link; exit code 1 when there is one. Writes nothing."""
    with opened(url) as database:
        outcome = _walked(database, written)
    broken = None if outcome.broken is None else {"seq": outcome.broken.seq, "problem": outcome.broken.problem}
    found = {
        "ok": broken is None,
        "change_sets": outcome.change_sets,
        "head": {"seq": outcome.head_seq, "hash": outcome.head_hash},
        "broken": broken,
    }
    if outcome.broken is None:
        human = f"The journal is whole: {outcome.change_sets} change sets, head {outcome.head_hash[:16]}…"
    else:
        human = f"The journal is broken at change set {outcome.broken.seq}: {outcome.broken.problem}."
        human += f" {active().gettext(PROBLEMS[outcome.broken.problem]).format(seq=outcome.broken.seq)}"
    answer(found, as_json=as_json, human=human)
    return 0 if broken is None else 1


def _walked(database: Database, written: Anchor | None) -> Verification:
    walked = Walked()
    with database.read() as session:
        newest = head(session)
    with progress("Verifying", newest.seq) as advance:
        while not walked.is_end:
            with database.read() as session:
                newest, walked = head(session), walk(session, walked, page=_PAGE)
            advance(walked.seq, newest.seq)
    with database.read() as session:
        other = against(session, written) if written is not None and walked.broken is None else None
    return Verification(walked.seq, newest.seq, newest.hash, walked.broken or other)


def _filters(function: Any) -> Any:
    day = click.DateTime(["%Y-%m-%d"])
    for option in (
        click.option("--number", help="A number on paper; a patient's stands for all that belongs to the patient."),
        click.option("--person", "username", help="The username of a person."),
        click.option("--action", "command", help="The name of a command, such as billing.take_payment."),
        click.option("--kind", "entity_type", help="A table, such as invoices."),
        click.option("--from", "first", type=day, help="The first day, such as 2026-03-01."),
        click.option("--to", "last", type=day, help="The last day."),
        click.option("--only", type=click.Choice(sorted(_ONLY)), help="One kind of entry."),
    ):
        function = option(function)
    return function


def _wanted(
    database: Database, *, username: str | None, first: datetime | None, last: datetime | None, only: str | None, **plain: Any
) -> AuditFilter:
    with database.read() as session:
        zone = organisation.clinics(session)[0].timezone
        person = None if username is None else queries.person(session, username)
    begins, ends = (None if day is None else day.date() for day in (first, last))
    return AuditFilter(timezone=zone, person_id=person, first=begins, last=ends, only=_ONLY[only] if only else None, **plain)


@audit.command("list")
@_filters
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@database_options
def list_entries(url: str, as_json: bool, limit: int, **asked: Any) -> int:
    """Entries, newest first."""
    actor = Actor.system("command line")
    with opened(url) as database:
        wanted = _wanted(database, **asked)
        with database.read() as session:
            page = queries.audit_page(session, actor, wanted, limit=limit)
    words = AuditWords(wanted.timezone)
    rows = [_row(entry, words) for entry in page.entries]
    human = "\n".join("  ".join(str(row[name]) for name in ("seq", "time", "person", "action", "record")) for row in rows)
    answer({"entries": rows, "more": page.after is not None}, as_json=as_json, human=human or "Nothing like this has happened.")
    return 0


def _row(entry: AuditEntry, words: AuditWords) -> dict[str, Any]:
    return {
        "seq": entry.seq,
        "at": entry.at.isoformat(),
        "time": words.when(entry.at),
        "person": words.who(entry),
        "workstation": entry.workstation,
        "command": entry.command,
        "action": words.what(entry),
        "record": words.record(entry.subject),
        "reason": entry.reason,
    }


@audit.command("export")
@click.argument("path", type=click.Path(dir_okay=False, path_type=Path))
@_filters
@database_options
def export_entries(url: str, as_json: bool, path: Path, **asked: Any) -> int:
    """Write entries with every field to PATH, a .csv or a .pdf; the export stands in the trail itself."""
    actor = Actor.system("command line")
    with opened(url) as database:
        wanted = _wanted(database, **asked)
        with database.read() as session:
            clinic = organisation.clinics(session)[0]
        title = " · ".join(str(value) for value in asked.values() if value) or active().gettext("The whole audit trail")
        with progress("Reading", 0) as advance:
            count, is_all = export_audit(
                database, actor, wanted, path=path, clinic_id=clinic.id, asked=title, language=active(), advance=advance
            )
    left = "" if is_all else " There are more: ask for fewer days at a time."
    answer({"entries": count, "all": is_all, "path": str(path)}, as_json=as_json, human=f"{count} entries written to {path}.{left}")
    return 0
