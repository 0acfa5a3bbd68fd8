"""The certificate that a server makes for itself: kept in its database, and laid into its folder, from which it is served.

What is in the database is in every backup; a server that was restored on another machine is known again by the same pin.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from clinic_desktop.kernel.certificates import Issued, new_authority, new_certificate, pin_of_pem, relocked
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.durable import write_durably
from clinic_desktop.kernel.sealing import renews
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.enrolment import key_for, own_key
from clinic_desktop.sync.peers import ServerCertificate

AUTHORITY, AUTHORITY_KEY, CERTIFICATE, KEY = "authority.pem", "authority.key", "server.pem", "server.key"
_COLUMNS = {AUTHORITY: "authority", AUTHORITY_KEY: "authority_key", CERTIFICATE: "certificate", KEY: "certificate_key"}
_PURPOSE = "certificate"
_AUTHORITY = "Clinic Desktop central server"
Files = dict[str, bytes]


def key_password(database: Database) -> bytes:
    """What the keys of certificates are encrypted with: whoever cannot open the data cannot serve in its name."""
    return own_key(database, _PURPOSE).hex().encode()


def make_certificate(place: Path, hosts: Sequence[str], database: Database, *, anew: bool = False) -> bytes:
    """Make a certificate with an authority of its own, both under a key of the database's; returns its pin.

    The key of one before stays, and with it the pin, unless it is to be made ``anew``.
    """
    password, now, before = key_password(database), database.clock(), {} if anew else kept(database)
    authority = Issued(before[AUTHORITY], before[AUTHORITY_KEY]) if before else new_authority(_AUTHORITY, now=now, password=password)
    made = new_certificate(authority, hosts, now=now, password=password, key=before.get(KEY))
    files = {
        AUTHORITY: authority.certificate,
        AUTHORITY_KEY: authority.key,
        CERTIFICATE: made.certificate + authority.certificate,
        KEY: made.key,
    }
    database.run(Actor.system("central"), _keep, hosts=hosts, files=files)
    _lay(place, files)
    return pin_of_pem(made.certificate)


def lay_out(place: Path, hosts: Sequence[str], database: Database) -> None:
    """Have the folder hold what the database keeps; a server of an older program kept it in the folder alone."""
    renew(database)
    files = kept(database)
    if not files and (place / KEY).is_file():
        files = {name: (place / name).read_bytes() for name in _COLUMNS}
        database.run(Actor.system("central"), _keep, hosts=hosts, files=files)
    _lay(place, files)


def kept(database: Database) -> Files:
    """The files as the database keeps them; none where the server was given its certificate."""
    with database.read() as session:
        row = session.get(ServerCertificate, ServerCertificate.THE_ONE)
        return {} if row is None else {name: getattr(row, column).encode() for name, column in _COLUMNS.items()}


@renews(ServerCertificate.__tablename__)
def renew(database: Database) -> None:
    """Have the keys open with what the present data key derives: on a clinic's own server nobody but its service may."""
    present, *earlier = (key_for(one, _PURPOSE).hex().encode() for one in database.vault.keys().values())
    if not earlier:
        return
    with database.read() as session:
        row = session.get(ServerCertificate, ServerCertificate.THE_ONE)
        hosts = [] if row is None else msgspec.json.decode(row.hosts, type=list[str])
    files = kept(database)
    renewed = {name: relocked(files[name], earlier, present) for name in (AUTHORITY_KEY, KEY) if files}
    if any(renewed.values()):
        files |= {name: key for name, key in renewed.items() if key is not None}
        database.run(Actor.system("central"), _keep, hosts=hosts, files=files)


def _keep(tx: Tx, *, hosts: Sequence[str], files: Files) -> None:
    tx.command = "sync.keep_certificate"
    values = {column: files[name].decode() for name, column in _COLUMNS.items()} | {"hosts": msgspec.json.encode(list(hosts)).decode()}
    row = tx.session.get(ServerCertificate, ServerCertificate.THE_ONE, with_for_update=True)
    if row is None:
        tx.add(ServerCertificate(id=ServerCertificate.THE_ONE, **values))
        return
    for name, value in values.items():
        setattr(row, name, value)


def _lay(place: Path, files: Files) -> None:
    if files:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in files.items():
        path = place / name
        if not path.is_file() or path.read_bytes() != content:
            write_durably(path, content)
