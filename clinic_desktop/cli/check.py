"""``clinic check``: recompute every invariant from the rows."""

from __future__ import annotations

import click

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer
from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.kernel.checks import CheckResult, run_checks

_SHOWN = 10
"""Failures a check prints for a person; the JSON holds all of them."""


@click.command()
@database_options
def check(url: str, as_json: bool) -> int:
    """Recompute what must always be true; exit code 1 on the first lie."""
    load_checks()
    with opened(url) as database, database.read() as session:
        results = list(run_checks(session))
    ok = all(result.ok for result in results)
    found = {"ok": ok, "checks": [{"name": r.name, "rows": r.rows, "failures": list(r.failures)} for r in results]}
    answer(found, as_json=as_json, human="\n".join(_line(result) for result in results))
    return 0 if ok else 1


def _line(result: CheckResult) -> str:
    head = f"{'ok  ' if result.ok else 'LIES'}  {result.name:<44} {result.rows:>9} rows"
    shown = "".join(f"\n      {failure}" for failure in result.failures[:_SHOWN])
    hidden = len(result.failures) - _SHOWN
    return head + shown + (f"\n      … and {hidden} more" if hidden > 0 else "")
