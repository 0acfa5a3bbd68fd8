"""Setting a new clinic up: each step is one transaction in the name of its first administrator.

Like ``entering`` this is imported on the database thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import create_user, keep_drafts
from clinic_desktop.clinic.access.locking import LOCK_MINUTES
from clinic_desktop.clinic.access.login import log_in, read_actor
from clinic_desktop.clinic.access.queries import username_of
from clinic_desktop.clinic.access.rules import SUPER_ADMIN, check_password, username_form
from clinic_desktop.clinic.organisation import commands as organisation
from clinic_desktop.clinic.organisation import queries
from clinic_desktop.clinic.organisation.hours import WORKING_HOURS
from clinic_desktop.clinic.organisation.logo import keep_logo
from clinic_desktop.clinic.organisation.pictures import MOST_BYTES, logo_picture
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.keys import RecoveryKey, UserPassword, key_file_path, new_recovery_key
from clinic_desktop.kernel.recovery_key import plain_code
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui import entering, opening
from clinic_desktop.ui.address import file_of
from clinic_desktop.ui.opening import ClinicFacts

DRAFT = "setup"
"""Under this name the unfinished set-up stands among the drafts of whoever began it."""
_HOSPITAL = ("name", "address", "phone", "email", "tax_number", "licence_number")


@dataclass(frozen=True, slots=True)
class Begun:
    """The database of a new clinic, open, and its first administrator, logged in."""

    db: Database
    actor: Actor
    has_keys: bool
    """Whether the data is encrypted, so that a recovery key makes sense."""


@dataclass(frozen=True, slots=True)
class Founded:
    """A clinic that is set up: who stands in it."""

    clinics: tuple[ClinicFacts, ...]
    actor: Actor
    username: str
    lock_minutes: int


@dataclass(frozen=True, slots=True)
class Standing:
    """What of the clinic is there already."""

    place: queries.ClinicRow | None
    working_hours: str
    departments: tuple[str, ...]
    taxes: tuple[queries.TaxRow, ...]
    opens_by_itself: bool | None
    """Whether this computer opens the encrypted data without a question; None where it is not encrypted."""


def look_at_password(username: str, password: str) -> None:
    """Raise InvalidInput when the password would be refused."""
    check_password(password, username=username)


def begin(db: Database | None, *, url: str, full_name: str, username: str, password: str) -> Begun:
    """Make the database unless an empty one is open, and in it the first administrator; nothing is left of a refused one."""
    hashed = passwords.new(password, username=username_form(username))
    secret = UserPassword(username_form(username), password)
    made = db if db is not None else _make(url, secret)
    try:
        made.run(
            Actor.system("set-up"),
            create_user,
            username=username,
            full_name=full_name,
            roles=(SUPER_ADMIN,),
            password=hashed,
            must_change_password=False,
        )
        actor = log_in(made, username, password, clinic_id=None, workstation_id=None)
        entering.keep_keys(made, actor, username=username, password=password)
    except BaseException:
        if db is None:
            made.close()
        raise
    return Begun(made, actor, made.data_key is not None)


def _make(url: str, secret: UserPassword) -> Database:
    file = file_of(url)
    if file is not None and not file.exists():
        put_aside(key_file_path(file))
    return opening.open_database(url, secret=secret).db


def put_aside(keys: Path) -> None:
    """Keys whose database is not here open nothing here; they may belong to one that comes back, so they are kept."""
    if keys.exists():
        number = next(n for n in range(1, 10_000) if not keys.with_name(f"{keys.name}.kept-{n}").exists())
        keys.rename(keys.with_name(f"{keys.name}.kept-{number}"))


def fresh_key() -> str:
    """A new recovery key; it opens nothing before it was typed back."""
    return new_recovery_key()


def confirm_key(db: Database, *, key: str, typed: Mapping[str, str]) -> None:
    """Make the recovery key one, when the groups that were asked for are on the sheet; raises InvalidInput at the wrong one."""
    groups = key.split("-")
    for number, text in typed.items():
        if plain_code(text) not in (plain_code(groups[int(number)]), plain_code(key)):
            raise InvalidInput(number, "not_that_group")
    db.vault.add(RecoveryKey(key))


def keep_place(db: Database, actor: Actor, *, form: Mapping[str, Any]) -> None:
    """Create the hospital and its first branch, or change what an earlier visit to this step made of them."""
    logo = _picture(form["logo"]) if form.get("logo") else None
    db.run(actor, _keep_place, form)
    db.recall_currency()
    if logo is not None:
        keep_logo(db, actor, logo)


def _picture(path: str) -> bytes:
    """The logo's bytes, looked at before anything is saved; one that is far too large is not even read."""
    try:
        with Path(path).expanduser().open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise InvalidInput("logo", "not_a_picture") from error
    logo_picture(data)
    return data


def _keep_place(tx: Tx, form: Mapping[str, Any]) -> None:
    hospital = {name: form[name] for name in _HOSPITAL}
    branch = {"name": form["clinic_name"], "timezone": form["timezone"], "address": form["address"], "phone": form["phone"]}
    there = queries.clinics(tx.session)
    if there:
        organisation.change_hospital(tx, row_version=queries.hospital(tx.session).row_version, **hospital)
        organisation.change_clinic(tx, clinic_id=there[0].id, row_version=there[0].row_version, **branch)
    else:
        organisation.create_hospital(tx, currency=form["currency"], **hospital)
        organisation.add_clinic(tx, code="MAIN", **branch)


def keep_hours(db: Database, actor: Actor, *, working_hours: str) -> None:
    """Note when the clinic is open."""
    db.run(actor, organisation.set_setting, key=WORKING_HOURS.key, value=working_hours)


def keep_departments(db: Database, actor: Actor, *, names: Sequence[str]) -> None:
    """Have exactly these departments."""
    db.run(actor, _keep_departments, names)


def _keep_departments(tx: Tx, names: Sequence[str]) -> None:
    wanted = {name.casefold(): name for name in names}
    there = {row.name.casefold(): row for row in queries.departments(tx.session, with_inactive=True)}
    for key, row in there.items():
        if key not in wanted and row.is_active:
            organisation.close_department(tx, department_id=row.id, row_version=row.row_version)
        elif key in wanted and not row.is_active:
            organisation.reopen_department(tx, department_id=row.id, row_version=row.row_version)
    for key, name in wanted.items():
        if key not in there:
            organisation.add_department(tx, name=name)


def keep_tax(db: Database, actor: Actor, *, tax: Mapping[str, Any] | None) -> None:
    """Have this tax and no other; None: no tax at all."""
    db.run(actor, _keep_tax, tax)


def _keep_tax(tx: Tx, tax: Mapping[str, Any] | None) -> None:
    """An earlier visit's tax is put right: nothing was sold yet, so none stands on a bill."""
    there = queries.tax_rates(tx.session)
    if tax is not None and not there:
        organisation.add_tax(tx, **tax)
    for row in there:
        wanted = _past(tx, row) if tax is None or row is not there[0] else {**tax, "valid_to": None}
        organisation.correct_tax(tx, tax_configuration_id=row.id, row_version=row.row_version, applies_to=row.applies_to, **wanted)


def _past(tx: Tx, row: queries.TaxRow) -> dict[str, Any]:
    """The tax as one that is over: what was recorded is not taken out of the books."""
    over = queries.clinic_today(tx.session, queries.clinics(tx.session)[0].id, tx.now) - timedelta(days=1)
    return {
        "name": row.name,
        "rate_basis_points": row.rate_basis_points,
        "is_inclusive": row.is_inclusive,
        "valid_from": min(row.valid_from, over),
        "valid_to": over,
    }


def standing(db: Database) -> Standing:
    """What the summary shows."""
    with db.read() as session:
        clinics = queries.clinics(session)
        place = clinics[0] if clinics else None
        today = business_date(db.clock(), place.timezone) if place is not None else None
        return Standing(
            place=place,
            working_hours=str(queries.setting_value(session, WORKING_HOURS)),
            departments=tuple(row.name for row in queries.departments(session)),
            taxes=() if today is None else tuple(queries.taxes(session, on=today)),
            opens_by_itself=entering.opens_by_itself(db),
        )


def finish(db: Database, actor: Actor) -> Founded:
    """Open the doors: the set-up is no draft any more, and its administrator stands in the first branch."""
    db.run(actor, keep_drafts, changed={DRAFT: None}, open_screen=None)
    clinics = opening.clinics_of(db)
    assert actor.user_id is not None
    assert actor.session_id is not None
    with db.read() as session:
        username = username_of(session, actor.user_id)
    return Founded(clinics, read_actor(db, actor.session_id, clinics[0].id), username, LOCK_MINUTES.default)
