"""How every subcommand finds and opens its database."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.schema import is_current

PASSPHRASE_VARIABLE = "CLINIC_PASSPHRASE"  # noqa: S105 - where the secret is, not what it is
URL_VARIABLE = "CLINIC_DATABASE_URL"


def database_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The two options that all subcommands share."""

    @click.option("--db", "url", envvar=URL_VARIABLE, help="sqlite:///path, sqlcipher:///path or postgresql://…")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
    @functools.wraps(function)
    def wrapped(*args: Any, url: str | None, **kwargs: Any) -> Any:
        if not url:
            raise click.UsageError(f"no database: give --db URL or set {URL_VARIABLE}")
        return function(*args, url=url, **kwargs)

    return wrapped


@contextmanager
def opened(url: str, *, create: bool = False) -> Iterator[Database]:
    """The database behind a URL, closed afterwards; it must exist and be up to date unless ``create``."""
    load_departments()
    address = parse_address(url)
    if not create and not address.exists:
        raise DatabaseUnavailable(reason="missing", path=str(address.file))
    passphrase = _passphrase(new=not address.exists) if address.needs_passphrase else None
    database = Database.open(url, passphrase=passphrase)
    try:
        if not create and not is_current(database):
            raise DatabaseUnavailable(reason="not_migrated")
        yield database
    finally:
        database.close()


def _passphrase(*, new: bool) -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"the database is encrypted: set {PASSPHRASE_VARIABLE}")
    return str(click.prompt("Passphrase", hide_input=True, confirmation_prompt=new, err=True))
