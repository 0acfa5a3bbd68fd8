"""What the command line says: one JSON object on standard output when asked, messages on standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

messages = Console(stderr=True, highlight=False)
"""Where people read: progress and remarks never mix with what a program reads."""


def say(text: str) -> None:
    """One line for a person, on standard error."""
    messages.print(text, markup=False, soft_wrap=True)


def answer(result: Any, *, as_json: bool, human: str) -> None:
    """The result: the object when ``--json`` was given, else the text."""
    click.echo(msgspec.json.format(msgspec.json.encode(result), indent=2).decode() if as_json else human)


@contextmanager
def progress(title: str, total: int) -> Iterator[Any]:
    """A progress bar on standard error where a person watches; yields ``advance(done, total)``."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal) as bar:
        task = bar.add_task(title, total=total)

        def advance(done: int, of: int) -> None:
            bar.update(task, completed=done, total=of)

        yield advance


@contextmanager
def stages(titles: Mapping[str, str]) -> Iterator[Callable[[int, int, str], None]]:
    """A progress bar whose title follows the work; yields ``advance(done, total, label)``."""
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=messages, transient=True, disable=not messages.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def advance(done: int, of: int, label: str) -> None:
            bar.update(task, description=titles.get(label, label), completed=done, total=of)

        yield advance
