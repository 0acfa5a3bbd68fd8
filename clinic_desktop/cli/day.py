"""``clinic day``: simulate a clinic day through the real commands."""

from __future__ import annotations

from datetime import datetime

import click
import msgspec

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, progress
from clinic_desktop.clinic.simulation.day import DayReport, simulate_day


@click.command()
@click.option("--patients", default=60, show_default=True, type=click.IntRange(1, 5000), help="How many come that day.")
@click.option("--seed", default=1, show_default=True, type=int, help="The same seed gives the same day.")
@click.option("--at", "day", type=click.DateTime(["%Y-%m-%d"]), help="The date to simulate; today when left out.")
@database_options
def day(url: str, as_json: bool, patients: int, seed: int, day: datetime | None) -> None:
    """Let a day's patients walk through the whole clinic."""
    with opened(url) as database, progress("Patients", patients) as advance:
        report = simulate_day(database, patients=patients, seed=seed, day=day.date() if day else None, progress=advance)
    answer(msgspec.to_builtins(report), as_json=as_json, human=_summary(report))


def _summary(report: DayReport) -> str:
    return (
        f"{report.completed} of {report.patients} patients completed their visit: {report.commands} commands in {report.seconds:.1f} s, "
        f"{report.commands_per_second:.0f} a second, 95 % of them within {report.p95_ms:.1f} ms. "
        f"They waited {report.wait_minutes:.0f} minutes on average; what they were told on arrival was {report.wait_error_minutes:.1f} off."
    )
