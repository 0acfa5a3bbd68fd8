"""``clinic audit``: the journal, verified."""

from __future__ import annotations

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer
from clinic_desktop.kernel.journal import verify


@click.group()
def audit() -> None:
    """The audit trail."""


@audit.command("verify")
@database_options
def verify_journal(url: str, as_json: bool) -> int:
    """Walk the hash chain and name the first broken link; exit code 1 when there is one."""
    with opened(url) as database, database.read() as session:
        outcome = verify(session)
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
    answer(found, as_json=as_json, human=human)
    return 0 if broken is None else 1
