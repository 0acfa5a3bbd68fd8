"""``clinic doctor``: what is wrong with a clinic's database, in plain words, and what to do."""

from __future__ import annotations

from typing import Any

import click
from rich.markup import escape
from rich.table import Table

from clinic_desktop.cli.opening import asked_secret, database_options
from clinic_desktop.cli.output import answer, messages
from clinic_desktop.clinic.doctor import Finding, Health, examine
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.wording import doctor as words

_COLOURS = {Health.GOOD: "green", Health.WARN: "yellow", Health.BAD: "bold red"}
_MARKS = {Health.GOOD: "ok", Health.WARN: "see to it", Health.BAD: "in danger"}


@click.command()
@click.option("--thorough", is_flag=True, help="Also walk the whole journal and recompute every invariant.")
@database_options
def doctor(url: str, as_json: bool, thorough: bool) -> int:
    """Examine a database, its disk, keys, journal, clock and backups; exit code 1 when something is in danger."""

    def open_database() -> Database:
        address = parse_address(url)
        return Database.open(url, secret=asked_secret(address) if address.needs_passphrase else None)

    found = list(examine(url, open_database, thorough=thorough))
    ok = all(one.health is not Health.BAD for one in found)
    answer({"ok": ok, "findings": [_plain(one) for one in found]}, as_json=as_json, human=_summary(found))
    if not as_json:
        messages.print(_table(found))
    return 0 if ok else 1


def _plain(one: Finding) -> dict[str, Any]:
    said, advice = words.said(one.code, one.params), words.advice(one.code, one.params)
    return {"topic": one.topic, "health": one.health.value, "code": one.code, "said": said, "advice": advice}


def _summary(found: list[Finding]) -> str:
    """What is to be done, the gravest first."""
    heads = {Health.BAD: "In danger", Health.WARN: "To see to"}
    wanted = [(heads[health], one) for health in heads for one in found if one.health is health]
    told = [f"{head}: {words.said(one.code, one.params)}\n  {words.advice(one.code, one.params)}" for head, one in wanted]
    return "\n".join(told or ["All is well."])


def _table(found: list[Finding]) -> Table:
    table = Table(show_header=False, box=None, padding=(0, 1))
    for one in found:
        colour = _COLOURS[one.health]
        table.add_row(f"[{colour}]{_MARKS[one.health]}[/]", words.topic(one.topic), escape(words.said(one.code, one.params)))
    return table
