"""``clinic keys``: who can open the data, the printed recovery key, and a new data key."""

from __future__ import annotations

import sys
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.opening import asked_secret, database_options, opened
from clinic_desktop.cli.output import answer, say
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.errors import DatabaseUnavailable, InvalidInput
from clinic_desktop.kernel.keys import (
    CODE,
    DEVICE,
    PASSPHRASE,
    RECOVERY,
    USER,
    DataKey,
    Passphrase,
    RecoveryKey,
    Secret,
    key_file_path,
    new_recovery_key,
    opens,
    read_key_file,
)
from clinic_desktop.kernel.lan.copies import FOLDER
from clinic_desktop.kernel.lan.running import default_folder
from clinic_desktop.kernel.recovery_key import recovery_bytes
from clinic_desktop.kernel.rekey import rekey as renew
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.kernel.vault import NotEncrypted, SlotRow, VaultLocked, rows_of
from clinic_desktop.server.lan import is_set_up, read_service
from clinic_desktop.sync.copies import service_of
from clinic_desktop.sync.overseeing import OpenCodeRow, open_codes

_KINDS = {PASSPHRASE: "passphrase", USER: "password of", DEVICE: "computer", RECOVERY: "printed recovery key", CODE: "one-time code for"}
_TRIES = 3


@click.group()
def keys() -> None:
    """Who can open the clinic's data. Secrets are asked for, or taken from CLINIC_PASSPHRASE."""


@keys.command("list")
@click.option("--names", is_flag=True, help="Also whose they are: this needs a secret.")
@database_options
def list_slots(url: str, as_json: bool, names: bool) -> None:
    """List the ways to open the data."""
    rows = _rows_with_names(url) if names else _rows(url)
    lines = [_line(row) for row in rows] or ["Nothing opens it yet."]
    answer([_plain(row) for row in rows], as_json=as_json, human="\n".join(lines))


@keys.command("add-recovery")
@database_options
def add_recovery(url: str, as_json: bool) -> None:
    """Make a new printed recovery key; the older one opens nothing any more."""
    with opened(url, typed=True) as database:
        printed = _give_recovery(database)
    answer({"recovery_key": printed}, as_json=as_json, human=_told(printed))


@keys.command()
@click.argument("kind", type=click.Choice([USER, PASSPHRASE, DEVICE, RECOVERY, CODE]))
@click.argument("name", required=False)
@database_options
def remove(url: str, as_json: bool, kind: str, name: str | None) -> None:
    """Take a way to open the data away: a person's (KIND user, NAME), or this computer's (KIND device).

    Whoever used it may have kept the data key: “clinic keys rekey” makes a new one.
    """
    if kind in (USER, CODE) and not name:
        raise click.UsageError(f"say whose: clinic keys remove {kind} NAME")
    with opened(url, typed=True) as database:
        if kind != DEVICE and not database.vault.has(kind, name):
            raise click.UsageError("there is no such way to open the data")
        database.vault.remove(kind, name)
        rows = database.vault.slots()
    answer([_plain(row) for row in rows], as_json=as_json, human="It opens nothing any more.")


@keys.command()
@click.option("--folder", type=click.Path(file_okay=False, path_type=Path), help="Of the server that this computer runs.")
@click.option("--without-service", is_flag=True, help="Also where the server's service loses its key and has to be set up again.")
@database_options
def rekey(url: str, as_json: bool, folder: Path | None, without_service: bool) -> None:
    """Encrypt everything anew; all but the secret given here, this computer and a new recovery key stop working.

    Nobody else may have a database file open. Who lost their way in gets it again when they next log in. On a clinic's own server
    run it on that computer: the service there keeps its key, and goes on.
    """
    load_departments()
    for keeper in _KEEPERS:
        import_module(f"clinic_desktop.{keeper}")
    secret = asked_secret(_existing(url), typed=True)
    assert not isinstance(secret, DataKey)
    service, codes = _looked_at(url, secret, folder or default_folder())
    if service.is_there and service.secret is None and not without_service:
        raise click.ClickException(_AWAY)
    keep = [secret] if service.secret is None else [service.secret, secret]
    done = renew(url, secret, keep=keep, reached=lambda step: say(f"  {_STEPS[step]}"))
    with closing(Database.open(url, secret=secret)) as database:
        printed = _give_recovery(database)
    lost = [row for row in done.lost if row.kind != RECOVERY]
    human = [f"The data has a new key; {done.documents} documents were encrypted anew.", *(f"Lost: {_line(row)}" for row in lost)]
    human += [f"Withdrawn: the code for {one.site_code} ({one.site_name}). Make another one." for one in codes]
    if service.is_there and service.secret is None:
        human.append(_LOST_SERVICE)
    withdrawn = [one.site_code for one in codes]
    found = {"documents": done.documents, "lost": [_plain(row) for row in lost], "withdrawn": withdrawn, "recovery_key": printed}
    answer(found, as_json=as_json, human="\n".join([*human, _told(printed)]))


@keys.command("unlock-check")
@database_options
def unlock_check(url: str, as_json: bool) -> None:
    """Say whether a secret opens the data: try the printed recovery key once a year."""
    _existing(url)
    with opened(url, create=True, typed=True) as database:
        if database.data_key is None:
            raise VaultLocked
    answer({"opens": True}, as_json=as_json, human="It opens the data.")


_KEEPERS = ("clinic.messages.sealing", "sync.joining", "sync.enrolment", "server.certifying")
"""Who keeps secrets in the database that a rekey seals anew."""
_AWAY = "this clinic's server has a service whose key is not here: run this on the server's computer (--folder), or add --without-service"
_LOST_SERVICE = "The server's service opens nothing any more. On the server's computer: clinic lan serve --set-up --user NAME"
_STEPS = {
    "copied": "The data was copied under the new key and checked.",
    "announced": "Both keys are known.",
    "swapped": "The new data is in place.",
    "renewed": "The old key is gone.",
    "resealed": "The documents are encrypted anew.",
}


@dataclass(frozen=True, slots=True)
class _Service:
    """The service beside a clinic's server, as far as this computer knows it."""

    is_there: bool
    secret: Passphrase | None
    """What it opens the data with: on its own computer it is to be had, and stays."""


def _looked_at(url: str, secret: Secret, folder: Path) -> tuple[_Service, list[OpenCodeRow]]:
    """The service of a server, and the codes that a new data key withdraws."""
    with closing(Database.open(url, secret=secret)) as database:
        if not is_current(database):
            return _Service(is_there=False, secret=None), []
        with database.read() as session:
            codes = [one for one in open_codes(session, database.clock()) if not one.is_lost]
        if database.address.file is not None:
            return _Service(is_there=False, secret=None), codes
        own = Passphrase(read_service(folder / FOLDER).passphrase) if is_set_up(folder / FOLDER) else None
        file = database.vault.present()
        is_own = own is not None and file is not None and opens(file, own, database.clock())
        return _Service(service_of(database) is not None, own if is_own else None), codes


def _existing(url: str) -> Any:
    address = parse_address(url)
    if not address.exists:
        raise DatabaseUnavailable(reason="missing", path=str(address.file))
    if address.file is not None and not address.needs_passphrase:
        raise NotEncrypted
    return address


def _rows(url: str) -> tuple[SlotRow, ...]:
    address = _existing(url)
    if address.file is not None:
        return rows_of(read_key_file(key_file_path(address.file)), None)
    with closing(Database.open(url)) as database:
        return database.vault.slots()


def _rows_with_names(url: str) -> tuple[SlotRow, ...]:
    _existing(url)
    with opened(url, typed=True) as database:
        return database.vault.slots()


def _give_recovery(database: Database) -> str:
    """A new recovery key; a person types it back before the older one stops working."""
    printed = new_recovery_key()
    if sys.stdin.isatty():
        say(f"Write this down and keep it locked away:\n\n    {printed}\n")
        _typed_back(printed)
    database.vault.add(RecoveryKey(printed))
    return printed


def _typed_back(printed: str) -> None:
    for _ in range(_TRIES):
        try:
            if recovery_bytes(click.prompt("Type it", err=True)) == recovery_bytes(printed):
                return
            say("This is another key.")
        except InvalidInput as error:
            group = error.params.get("group")
            say(f"There is a typing error in group {group}." if group else "It is not complete.")
    raise click.Abort


def _told(printed: str) -> str:
    return f"The recovery key, for the safe and nowhere else:\n{printed}"


def _line(row: SlotRow) -> str:
    what = " ".join(part for part in (_KINDS[row.kind], row.name) if part)
    until = f", until {_minute(row.expires_at)}" if row.expires_at else ""
    return f"{what}{until}"


def _minute(instant: datetime) -> str:
    return instant.astimezone().strftime("%Y-%m-%d %H:%M")


def _plain(row: SlotRow) -> dict[str, Any]:
    return {"kind": row.kind, "name": row.name or None, "created_at": row.created_at, "expires_at": row.expires_at}
