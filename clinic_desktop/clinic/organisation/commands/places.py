"""The hospital itself, and the steps that other set-up commands begin with."""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.commands.stored import stored_document
from clinic_desktop.clinic.organisation.events import HospitalChanged, HospitalCreated
from clinic_desktop.clinic.organisation.models import Hospital
from clinic_desktop.clinic.organisation.rules import HospitalExists, currency_code, email_address
from clinic_desktop.kernel.commands import command, step
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound, StaleRecord
from clinic_desktop.kernel.tables import Record
from clinic_desktop.kernel.text import optional_line, optional_text, required_line

R = TypeVar("R", bound=Record)


@command(MANAGE)
def create_hospital(
    tx: Tx,
    *,
    name: str,
    currency: str,
    address: str | None = None,
    licence_number: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    tax_number: str | None = None,
) -> UUID:
    """Create the one hospital of this database and fix its currency."""
    code = currency_code(currency)
    _refuse_second_hospital(tx)
    tx.choose_currency(code)  # locks: a second creator waits here, and is refused below
    _refuse_second_hospital(tx)
    hospital = Hospital(
        name=required_line(name, "name"),
        address=optional_text(address, "address", limit=1000),
        licence_number=optional_line(licence_number, "licence_number", limit=80),
        phone=optional_line(phone, "phone", limit=40),
        email=email_address(email),
        tax_number=optional_line(tax_number, "tax_number", limit=40),
        currency=code,
        logo_document_id=None,
    )
    tx.add(hospital)
    tx.session.flush()
    tx.emit(HospitalCreated(hospital.id))
    return hospital.id


def _refuse_second_hospital(tx: Tx) -> None:
    if tx.session.scalar(select(Hospital.id).limit(1)) is not None:
        raise HospitalExists


@step
def hospital_in_turn(tx: Tx) -> Hospital:
    """The hospital, locked so that set-up commands run one after the other."""
    wanted = select(Hospital).with_for_update(key_share=True).execution_options(populate_existing=True)
    hospital = tx.session.scalars(wanted).one_or_none()
    if hospital is None:
        raise NotFound(entity="hospitals", key="")
    return hospital


@step
def as_read(tx: Tx, kind: type[R], key: UUID, row_version: int) -> R:
    """A record, locked, as the form had it; raises NotFound, or StaleRecord when it was changed since."""
    record = tx.session.get(kind, key, with_for_update={"key_share": True}, populate_existing=True)
    if record is None:
        raise NotFound(entity=kind.__tablename__, key=str(key))
    if record.row_version != row_version:
        raise StaleRecord(entity=kind.__tablename__, key=str(key))
    return record


@command(MANAGE)
def change_hospital(
    tx: Tx,
    *,
    row_version: int,
    name: str,
    address: str | None = None,
    licence_number: str | None = None,
    phone: str | None = None,
    email: str | None = None,
    tax_number: str | None = None,
) -> None:
    """Replace what documents print of the hospital; its currency stays."""
    hospital = as_read(tx, Hospital, hospital_in_turn(tx).id, row_version)
    hospital.name = required_line(name, "name")
    hospital.address = optional_text(address, "address", limit=1000)
    hospital.licence_number = optional_line(licence_number, "licence_number", limit=80)
    hospital.phone = optional_line(phone, "phone", limit=40)
    hospital.email = email_address(email)
    hospital.tax_number = optional_line(tax_number, "tax_number", limit=40)
    tx.emit(HospitalChanged(hospital.id))


@command(MANAGE)
def set_logo(tx: Tx, *, sha256: str, size_bytes: int, media_type: str = "image/png") -> None:
    """Print a picture that is in the store already on every letterhead (``logo.keep_logo`` puts it there)."""
    hospital = hospital_in_turn(tx)
    hospital.logo_document_id = stored_document(tx, sha256=sha256, size_bytes=size_bytes, media_type=media_type)
    tx.emit(HospitalChanged(hospital.id))


@command(MANAGE)
def remove_logo(tx: Tx) -> None:
    """Print letterheads without a picture."""
    hospital = hospital_in_turn(tx)
    hospital.logo_document_id = None
    tx.emit(HospitalChanged(hospital.id))
