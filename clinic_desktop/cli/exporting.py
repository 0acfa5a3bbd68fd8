"""``clinic export``: lists as files that ``clinic import`` reads again."""

from __future__ import annotations

import click

from clinic_desktop.cli.lists import LISTS, exporter


@click.group("export")
def exporting() -> None:
    """Take lists out as CSV files."""


for one in LISTS:
    exporting.add_command(exporter(one))
