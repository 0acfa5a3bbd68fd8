"""A chain of sites as an operator may find it: one of each kind of trouble."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete, insert, update

from clinic_desktop.kernel.ids import new_id
from clinic_desktop.sync.models import SyncParked, SyncTaken
from clinic_desktop.sync.overseeing import head_of
from clinic_desktop.sync.peers import SyncContact, SyncPeer
from clinic_desktop.sync.wire import WireChange, WireRow, pack
from tests.server.serving import Member, Served

NAMES = {
    "EAST": "East gate",
    "HILL": "Hill road polyclinic",
    "NTH": "North clinic",
    "PORT": "Old port",
    "STH": "South clinic",
    "WEST": "West end",
}


def lay_out(served: Served) -> dict[str, Member]:
    """Six sites: one silent for 12 minutes, one lost for 2 days, one behind, one with a parked change, two well."""
    members = {code: served.joined(code=code, name=name) for code, name in NAMES.items()}
    minutes = {"EAST": 0, "HILL": 12, "NTH": 1, "PORT": 2880, "STH": 3, "WEST": 0}
    with served.database.read() as session:
        head = head_of(session)
    for code, member in members.items():
        heard = served.database.clock() - timedelta(minutes=minutes[code])
        behind, unsent = (340, 27) if code == "STH" else (0, 0)
        hear(served, member, heard, read=head - behind if behind < head else 0, unsent=unsent)
    park(served, members["NTH"], "parent_missing", "visits.patient_id")
    return members


def hear(served: Served, member: Member, at: datetime, *, read: int, unsent: int = 0, conflicts: int = 0) -> None:
    """What central knows of a site that was last heard of then."""
    with served.database.engine.execution_options(clinic_write=True).begin() as connection:
        peer, contact = (update(one).where(one.site_id == member.enrolled.site_id) for one in (SyncPeer, SyncContact))
        connection.execute(peer.values(enrolled_at=at - timedelta(days=90)))
        connection.execute(contact.values(last_token_at=at))
        taken = {"database_id": member.database_id, "site_id": member.enrolled.site_id, "taken_seq": 18_204, "taken_hash": b""}
        taken |= {"conflicts": conflicts, "read_seq": read, "head_seq": 18_204 + unsent, "is_former": False, "last_contact_at": at}
        connection.execute(delete(SyncTaken).where(SyncTaken.database_id == member.database_id))
        connection.execute(insert(SyncTaken).values(**taken))


def park(served: Served, member: Member, reason: str, detail: str, *, seq: int = 18_205) -> UUID:
    """A change set of that site that could not be taken."""
    row = {"id": new_id(), "site_id": member.enrolled.site_id, "database_id": member.database_id, "origin_seq": seq}
    strange = WireRow("no_such_table", new_id(), "I", "{}")
    change = WireChange(seq, seq - 1, 1, b"x", served.database.clock(), None, "x", None, "patients.edit_patient", None, [strange])
    row |= {"reason": reason, "detail": detail, "body": pack(change), "parked_at": served.database.clock() - timedelta(hours=5)}
    with served.database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(insert(SyncParked).values(**row))
    return UUID(str(row["id"]))
