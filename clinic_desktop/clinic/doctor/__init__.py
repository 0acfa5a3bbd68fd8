"""The doctor: one look over everything that can go wrong with a clinic's database, the gravest in plain words with what to do."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from clinic_desktop.clinic.departments import load_checks
from clinic_desktop.clinic.doctor.contents import PAGES, examine_contents
from clinic_desktop.clinic.doctor.finding import Finding, Health, bad, good
from clinic_desktop.clinic.doctor.keys import examine_keys
from clinic_desktop.clinic.doctor.safety import examine_safety
from clinic_desktop.clinic.doctor.server import SERVER, examine_server
from clinic_desktop.clinic.doctor.storage import FILE, examine_place
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.engines import Address, parse_address
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable

__all__ = ["Finding", "Health", "examine"]


def examine(url: str, open_database: Callable[[], Database], *, thorough: bool = False) -> Iterator[Finding]:
    """Look at everything in turn, and go on as far as what was found allows.

    ``open_database`` asks for the secret where one is needed; it is called only when the place of the database is sound.
    """
    load_checks()
    address = parse_address(url)
    hopeless = False
    for found in _outside(address):
        hopeless = hopeless or found.code in ("network_share", "folder_missing", "file_missing", "key_file_missing", "key_file_damaged")
        yield found
    if hopeless:
        return
    try:
        database = open_database()
    except ClinicError as refusal:
        yield _closed(address, refusal)
        return
    try:
        yield from _inside(database, thorough=thorough)
    finally:
        database.close()


def _outside(address: Address) -> Iterator[Finding]:
    if address.file is None:
        return
    yield from examine_place(address.file)
    if address.kind == "sqlcipher" and address.file.exists():
        yield from examine_keys(address.file)


def _closed(address: Address, refusal: ClinicError) -> Finding:
    """Why a database did not open."""
    reason = str(refusal.params.get("reason", ""))
    if isinstance(refusal, DatabaseUnavailable) and reason in ("not_a_clinic_file", "damaged"):
        return bad(PAGES, "file_damaged", path=str(address.file))
    if isinstance(refusal, DatabaseUnavailable) and address.file is None:
        return bad(SERVER, "server_silent", address=address.url.render_as_string(hide_password=True))
    return bad(FILE, "does_not_open", refusal=refusal)


def _inside(database: Database, *, thorough: bool) -> Iterator[Finding]:
    yield good(FILE if database.address.file else SERVER, "opens")
    if database.address.file is None:
        yield from examine_server(database)
    yield from examine_contents(database, thorough=thorough)
    yield from examine_safety(database)
