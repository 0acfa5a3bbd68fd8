"""``clinic central``: the server that the sites of a chain agree through."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import click

from clinic_desktop.cli.opening import asked_passphrase, asked_secret
from clinic_desktop.cli.output import answer, say
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.key_secrets import DeviceKey, Passphrase, Secret
from clinic_desktop.server import founding
from clinic_desktop.server.folder import PORT, Central, opened, read_config
from clinic_desktop.sync import enrolment, overseeing
from clinic_desktop.sync.credentials import pin_text
from clinic_desktop.sync.overseeing import SiteRow, State

FOLDER_VARIABLE = "CLINIC_CENTRAL_FOLDER"
PASSWORD_VARIABLE = "CLINIC_OPERATOR_PASSWORD"  # noqa: S105 - where the secret is, not what it is
_STATES = {
    State.WELL: "up to date",
    State.BEHIND: "catching up",
    State.SILENT: "silent",
    State.LOST: "no contact",
    State.REVOKED: "revoked",
}
NEEDED = ("starlette", "uvicorn", "prometheus_client")


@click.group()
def central() -> None:
    """Set up, run and look after the central server of a chain of sites."""


def _folder_options(function: Callable[..., Any]) -> Callable[..., Any]:
    folder = click.option("--dir", "folder", envvar=FOLDER_VARIABLE, default=".", type=click.Path(path_type=Path), help="Its folder.")
    plain = click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
    return folder(_passphrase_option(plain(function)))


def _passphrase_option(function: Callable[..., Any]) -> Callable[..., Any]:
    said = "Read the passphrase of the data from this open file descriptor."
    return click.option("--passphrase-fd", "descriptor", type=int, help=said)(function)


@central.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--self-signed", "hosts", multiple=True, metavar="HOST", help="Make a certificate for this name or address; may be repeated.")
@click.option("--certificate", type=click.Path(path_type=Path), help="Serve with this certificate (PEM, with its chain).")
@click.option("--key", type=click.Path(path_type=Path), help="The private key of --certificate.")
@click.option(
    "--db", "url", help="postgresql://… instead of an encrypted file in the folder; its password comes from PGPASSWORD or .pgpass."
)
@click.option("--port", default=PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option("--device-key", is_flag=True, help="Open the data with this computer's keyring instead of a passphrase.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output.")
@_passphrase_option
def init(folder: Path, hosts: tuple[str, ...], descriptor: int | None, device_key: bool, as_json: bool, **given: Any) -> None:
    """Set a central server up in FOLDER: database, identity, certificate, operator's password."""
    secret = DeviceKey() if device_key else Passphrase(_read(descriptor) if descriptor is not None else asked_passphrase(new=True))
    password = _operator_password()
    founded = founding.found(founding.Wanted(folder, secret, password, hosts=hosts, **given))
    pin = pin_text(founded.pin) if founded.pin else None
    told = {"central_id": founded.central_id, "pin": pin, "metrics_token": founded.metrics_token}
    human = [
        f"The central server is ready in {folder}.",
        f"Pin of its certificate: {pin}" if pin else "An authority vouches for its certificate: codes carry no pin.",
        f"Token for /metrics, shown once: {founded.metrics_token}",
        f"Start it with: clinic central serve --dir {folder}",
    ]
    answer(told, as_json=as_json, human="\n".join(human))


@central.command()
@_folder_options
@click.option("--host", default="0.0.0.0", show_default=True, help="The address to listen at.")  # noqa: S104 - sites come from outside
@click.option("--port", type=click.IntRange(0, 65535), help="Another port than the one chosen at init; 0 takes a free one.")
@click.option("--workers", default=1, show_default=True, help="Processes; more than one needs Postgres.")
def serve(folder: Path, descriptor: int | None, as_json: bool, host: str, port: int | None, workers: int) -> None:
    """Serve until stopped. What is running then ends whole."""
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        raise click.ClickException(f"{', '.join(missing)} missing: install clinic-desktop[central]")
    with _opened(folder, descriptor) as central_:

        def listening(bound: int) -> None:
            told = {"host": host, "port": bound, "pin": pin_text(central_.pin) if central_.pin else None}
            answer(told, as_json=as_json, human=f"Serving at https://{host}:{bound} — operator's page: /operator")
            sys.stdout.flush()

        run = import_module("clinic_desktop.server.running")  # a desktop has none of what it needs
        run.serve(central_, host=host, port=central_.config.port if port is None else port, workers=workers, listening=listening)


@central.command()
@_folder_options
@click.option("--code", required=True, help="The site's code: two to five capitals and digits.")
@click.option("--name", help="What the site is called.")
@click.option("--keeps-shared-data", is_flag=True, help="It may change prices, medicines and users for all sites.")
@click.option("--again", is_flag=True, help="For a site that is enrolled and lost its key.")
def enrol(folder: Path, descriptor: int | None, as_json: bool, code: str, name: str | None, keeps_shared_data: bool, again: bool) -> None:
    """Make a one-time code by which a site enrols, good for 72 hours."""
    with _opened(folder, descriptor) as found:
        called = name or next((one.name for one in _rows(found) if again and one.code == code.strip().upper()), "")
        made = found.database.run(
            enrolment.operator(),
            enrolment.make_code,
            found.codes_key,
            code=code,
            name=called,
            pin=found.pin,
            keeps_shared_data=keeps_shared_data,
            again=again,
        )
    answer({"code": made.text}, as_json=as_json, human=f"Enter this at the clinic; it works once, for 72 hours:\n\n    {made.text}\n")


@central.command()
@_folder_options
def sites(folder: Path, descriptor: int | None, as_json: bool) -> None:
    """List the sites: how each stands, what it has not read and not sent, what is parked."""
    with _opened(folder, descriptor) as found:
        rows, now = _rows(found), found.database.clock()
    lines = [_line(one, now) for one in rows] or ["No site is enrolled."]
    answer([_plain(one, now) for one in rows], as_json=as_json, human="\n".join(lines))


@central.command()
@_folder_options
@click.argument("code")
@click.option("--reason", required=True, help="Why; it stands in the journal.")
def revoke(folder: Path, descriptor: int | None, as_json: bool, code: str, reason: str) -> None:
    """Refuse the site CODE from now on. What it has sent stays."""
    with _opened(folder, descriptor) as found:
        row = next((one for one in _rows(found) if one.code == code.strip().upper()), None)
        if row is None:
            raise click.UsageError(f"there is no site {code}")
        found.database.run(enrolment.operator(), enrolment.revoke, site_id=row.site_id, reason=reason)
    answer({"revoked": row.code}, as_json=as_json, human=f"{row.code} · {row.name} is refused from now on.")


@central.command("operator-password")
@_folder_options
def operator_password(folder: Path, descriptor: int | None, as_json: bool) -> None:
    """Give the operator's page a new password; every browser has to log in again."""
    with _opened(folder, descriptor) as found:
        founding.set_password(found, _operator_password())
    answer({"changed": True}, as_json=as_json, human="The operator's password is changed.")


@central.command("metrics-token")
@_folder_options
def metrics_token(folder: Path, descriptor: int | None, as_json: bool) -> None:
    """Make a new token for /metrics; the older one reads nothing any more."""
    with _opened(folder, descriptor) as found:
        token = founding.new_metrics_token(found)
    answer({"metrics_token": token}, as_json=as_json, human=token)


@central.command()
@_folder_options
@click.option("--self-signed", "hosts", multiple=True, metavar="HOST", help="Other names than the ones it has.")
def certificate(folder: Path, descriptor: int | None, as_json: bool, hosts: tuple[str, ...]) -> None:
    """Renew the certificate that the server made for itself; key and pin stay, so sites notice nothing."""
    with _opened(folder, descriptor) as found:
        pin = pin_text(founding.renew_certificate(found, hosts))
    answer({"pin": pin}, as_json=as_json, human=f"Renewed; serve it by starting the server again. Its pin is still {pin}")


@contextmanager
def _opened(folder: Path, descriptor: int | None) -> Iterator[Central]:
    with opened(folder, _secret(folder, descriptor)) as found:
        yield found


def _secret(folder: Path, descriptor: int | None) -> Secret:
    if descriptor is not None:
        return Passphrase(_read(descriptor))
    return asked_secret(parse_address(read_config(folder).database))


def _read(descriptor: int) -> str:
    try:
        with os.fdopen(descriptor, encoding="utf-8") as handed:
            return handed.readline().rstrip("\r\n")
    except OSError as error:
        raise click.UsageError(f"nothing can be read from file descriptor {descriptor}") from error


def _operator_password() -> str:
    given = os.environ.get(PASSWORD_VARIABLE)
    if given:
        return given
    if not sys.stdin.isatty():
        raise click.UsageError(f"the operator needs a password: set {PASSWORD_VARIABLE}")
    say("The operator's password opens the page of the central server: at least 12 characters.")
    return str(click.prompt("Operator's password", hide_input=True, confirmation_prompt=True, err=True))


def _rows(found: Central) -> list[SiteRow]:
    with found.database.read() as session:
        return overseeing.sites(session)


def _line(one: SiteRow, now: datetime) -> str:
    heard = one.heard_at.astimezone().strftime("%Y-%m-%d %H:%M")
    counts = f"to read {one.lag}, to send {one.unsent}, parked {one.parked}, conflicts {one.conflicts}"
    return f"{one.code:5}  {_STATES[one.state(now)]:11}  last contact {heard}  {counts}  {one.name}"


def _plain(one: SiteRow, now: datetime) -> dict[str, Any]:
    names = ("site_id", "code", "name", "keeps_shared_data", "clinics", "enrolled_at", "revoked_at", "heard_at", "taken_seq", "read_seq")
    counts = {"lag": one.lag, "unsent": one.unsent, "parked": one.parked, "conflicts": one.conflicts}
    return {name: getattr(one, name) for name in names} | counts | {"state": one.state(now).value.lower()}
