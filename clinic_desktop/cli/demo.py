"""``clinic demo``: a lived-in clinic to look at."""

from __future__ import annotations

import click
import msgspec

from clinic_desktop.cli.opening import database_options, opened
from clinic_desktop.cli.output import answer, progress
from clinic_desktop.clinic.simulation.demo import build_demo
from clinic_desktop.kernel.migrations import upgrade


@click.command()
@click.option("--patients", default=2000, show_default=True, type=click.IntRange(0, 1_000_000), help="How many patients with history.")
@database_options
def demo(url: str, as_json: bool, patients: int) -> None:
    """Fill an empty database with a demo clinic: staff of each role, services, medicines and patients with history."""
    with opened(url, create=True) as database, progress("Demo clinic", patients) as advance:
        upgrade(database)
        report = build_demo(database, patients=patients, progress=advance)
    human = (
        f"The demo clinic is ready: {report.doctors} doctors, {report.services} services, {report.medicines} medicines, "
        f"{report.patients} patients, {report.visits} visits.\n"
        f"Log in as {', '.join(report.usernames)}; the demo password of all of them is {report.password}"
    )
    answer(msgspec.to_builtins(report), as_json=as_json, human=human)
