"""How every subcommand finds and opens its database."""

from __future__ import annotations

import functools
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.device_keys import DeviceKeyUnavailable, device_key
from clinic_desktop.kernel.engines import Address, parse_address
from clinic_desktop.kernel.errors import DatabaseUnavailable
from clinic_desktop.kernel.keys import (
    DEVICE,
    PASSPHRASE,
    DeviceKey,
    Passphrase,
    RecoveryKey,
    Secret,
    UserPassword,
    key_file_path,
    read_key_file,
    ways_to_open,
)
from clinic_desktop.kernel.lan.joining import with_secret
from clinic_desktop.kernel.lan.kept import kept_secret
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.kernel.soundness import refuse_damaged, refuse_moved

PASSPHRASE_VARIABLE = "CLINIC_PASSPHRASE"  # noqa: S105 - where the secret is, not what it is
URL_VARIABLE = "CLINIC_DATABASE_URL"
_WAY = "clinic_desktop.way_to_open"


def database_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options that all subcommands share: which database, who opens it, and what the answer looks like."""

    @click.option("--db", "url", envvar=URL_VARIABLE, help="sqlite:///path, sqlcipher:///path or postgresql://…")
    @click.option("--user", "way_user", metavar="NAME", help="Open encrypted data with this person's password.")
    @click.option("--recovery-key", "way_printed", is_flag=True, help="Open encrypted data with the printed recovery key.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
    @functools.wraps(function)
    def wrapped(*args: Any, url: str | None, way_user: str | None, way_printed: bool, **kwargs: Any) -> Any:
        if not url:
            raise click.UsageError(f"no database: give --db URL or set {URL_VARIABLE}")
        click.get_current_context().meta[_WAY] = (way_user, way_printed)
        return function(*args, url=url, **kwargs)

    return wrapped


def file_options(function: Callable[..., Any]) -> Callable[..., Any]:
    """The options of subcommands that need no database: who opens an encrypted file, and what the answer looks like."""

    @click.option("--user", "way_user", metavar="NAME", help="Open encrypted data with this person's password.")
    @click.option("--recovery-key", "way_printed", is_flag=True, help="Open encrypted data with the printed recovery key.")
    @click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
    @functools.wraps(function)
    def wrapped(*args: Any, way_user: str | None, way_printed: bool, **kwargs: Any) -> Any:
        load_departments()
        click.get_current_context().meta[_WAY] = (way_user, way_printed)
        return function(*args, **kwargs)

    return wrapped


def asked_secret_of_file() -> Secret:
    """What opens an encrypted file that stands for itself, such as a backup: as the options say, else its passphrase."""
    user, printed = click.get_current_context().meta.get(_WAY, (None, False))
    if printed:
        return RecoveryKey(_asked("Recovery key"))
    return Passphrase(asked_passphrase(new=False)) if user is None else UserPassword(user, _asked(f"Password of {user}"))


@contextmanager
def opened(url: str, *, create: bool = False, typed: bool = False, moved: bool = False) -> Iterator[Database]:
    """The database behind a URL, closed afterwards; it must exist and be up to date unless ``create``, and no moved one but for ``moved``.

    With ``typed`` a person must say a secret, on a server too: a computer's own key is not enough to change keys.
    """
    load_departments()
    address = parse_address(url := with_kept_secret(url))
    if not create and not address.exists:
        raise DatabaseUnavailable(reason="missing", path=str(address.file))
    secret = asked_secret(address, typed=typed) if address.needs_passphrase or (typed and address.file is None) else None
    database = Database.open(url, secret=secret)
    try:
        refuse_damaged(database)
        if not create and not is_current(database):
            raise DatabaseUnavailable(reason="not_migrated")
        if not moved:
            refuse_moved(database)
        yield database
    finally:
        database.close()


def with_kept_secret(url: str) -> str:
    """The address of the server that this computer has joined, with the secret that it keeps; any other as it is."""
    if not url.startswith("postgres") or ":" in url.partition("://")[2].rpartition("@")[0]:
        return url
    kept = kept_secret(url)
    return url if kept is None else with_secret(url, kept)


def asked_secret(address: Address, *, typed: bool = False) -> Secret:
    """What opens the database: as the options say, else this computer's own key if it may, else the passphrase."""
    user, printed = click.get_current_context().meta.get(_WAY, (None, False))
    if printed:
        return RecoveryKey(_asked("Recovery key"))
    if user is not None:
        return UserPassword(user, _asked(f"Password of {user}"))
    ways = ways_to_open(address.file) if address.file is not None else frozenset()
    if not typed and PASSPHRASE_VARIABLE not in os.environ and DEVICE in ways and address.file is not None and _has_key(address.file):
        return DeviceKey()
    if ways and PASSPHRASE not in ways:
        raise click.UsageError("no passphrase opens this database: say whose password with --user NAME, or --recovery-key")
    return Passphrase(asked_passphrase(new=not address.exists))


def asked_passphrase(*, new: bool) -> str:
    """The passphrase from the environment or a person, twice when it is a new one."""
    return _asked("Passphrase", confirmed=new)


def asked_new_password(whose: str) -> str:
    """A person's new password, typed twice or taken from the environment."""
    return _asked(f"New password of {whose}", confirmed=True)


def asked_password(prompt: str) -> str:
    """A secret that somebody types, or the environment gives."""
    return _asked(prompt)


def _asked(prompt: str, *, confirmed: bool = False) -> str:
    given = os.environ.get(PASSPHRASE_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"the database is encrypted: set {PASSPHRASE_VARIABLE}")
    return str(click.prompt(prompt, hide_input=True, confirmation_prompt=confirmed, err=True))


def _has_key(file: Path) -> bool:
    try:
        return bool(device_key(read_key_file(key_file_path(file)).id))
    except DeviceKeyUnavailable:
        return False
