"""``clinic tour``: the real screens through a demo day, as pictures and printed documents."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click
import msgspec

from clinic_desktop.cli.output import answer


@click.command()
@click.option("--out", "folder", type=click.Path(file_okay=False, path_type=Path), default=Path("build/tour"), show_default=True)
@click.option("--size", default="1366x768", show_default=True, help="Size of the main window, WIDTHxHEIGHT.")
@click.option("--lang", "language", type=click.Choice(["en", "ar", "hi"]), default="en", show_default=True)
@click.option("--theme", type=click.Choice(["light", "dark", "contrast"]), default="light", show_default=True)
@click.option("--db", "url", default=None, help="Show this database; a fresh demo clinic when left out.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
def tour(folder: Path, size: str, language: str, theme: str, url: str | None, as_json: bool) -> int:
    """Drive the screens through a day and save one picture a step, plus the printed PDFs."""
    width, _, height = size.partition("x")
    if not (width.isdigit() and height.isdigit() and 800 <= int(width) <= 7680 and 600 <= int(height) <= 4320):
        raise click.UsageError(f"--size is WIDTHxHEIGHT, from 800x600 to 7680x4320, not {size}")
    folder.mkdir(parents=True, exist_ok=True)
    # The desktop is a head of its own: it is started, not imported, and reports back in one file.
    arguments = ["--out", str(folder), "--size", size, "--lang", language, "--theme", theme, *(["--db", url] if url else [])]
    finished = subprocess.run([sys.executable, "-m", "clinic_desktop.ui.tour", *arguments], check=False, stdout=sys.stderr)  # noqa: S603
    report_file = folder / "tour.json"
    if finished.returncode not in (0, 1) or not report_file.exists():
        raise click.ClickException(f"the tour stopped early (code {finished.returncode})")
    report = msgspec.json.decode(report_file.read_bytes())
    stalls = f", {len(report['stalls'])} stalls of the screen over 100 ms" if report["stalls"] else ""
    human = f"{len(report['pictures'])} pictures and {len(report['documents'])} documents in {folder}{stalls}."
    answer(report, as_json=as_json, human=human)
    return finished.returncode
