"""A house's database as the LAN database of its computers, and their copies: the service is a call."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import enrolment, replicas
from clinic_desktop.sync.callers import Caller
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.credentials import Enrol, EnrolmentCode, sign_enrolment
from clinic_desktop.sync.errors import Offline
from clinic_desktop.sync.http_channel import Joined
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.replicas import Kept
from clinic_desktop.sync.site import Site
from tests.clinic.clinical.room import Room
from tests.clinic.stock.shelf import Shelf
from tests.sync.chain import caller
from tests.sync.houses import House, Houses


@dataclass(slots=True)
class Near(Channel):
    """The way to the LAN's service as a call; ``is_there``: whether the server is."""

    lan: Database
    replica: Database
    is_there: bool = True

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask the service."""
        if not self.is_there:
            raise Offline(reason="unreachable")
        with self.replica.read() as session:
            peer_id = session.get_one(SyncLink, THE_ONE).peer_id
        assert peer_id is not None
        return answer(self.lan, Caller(peer_id, caller(self.replica).database_id), verb, body)


@dataclass
class Lan:
    """The main house's database as the LAN database of its computers."""

    houses: Houses
    folder: Path

    @property
    def db(self) -> Database:
        """The server's database."""
        return self.houses.main.db

    @property
    def boss(self) -> Actor:
        """Who may turn copies on."""
        return self.houses.main.room.world.actor("admin")

    def ask(
        self, _url: str, code: EnrolmentCode, key: Ed25519PrivateKey, database_id: UUID, *, program: str, revision: str, clinics: list[str]
    ) -> Joined:
        """The service's door."""
        asked = Enrol(
            code.secret,
            database_id,
            key.public_key().public_bytes_raw(),
            sign_enrolment(key, code.secret, database_id),
            program,
            revision,
            clinics,
        )
        return Joined(self.db.run(enrolment.doorkeeper(), enrolment.enrol, enrolment.own_key(self.db, "codes"), asked), b"pin")

    def connect(self, replica: Database) -> Near:
        """The way to the service."""
        return Near(self.db, replica)

    def keep(self, monkeypatch: pytest.MonkeyPatch, computer: str, **more: Any) -> Kept:
        """Turn a copy on at one of the computers."""
        monkeypatch.setenv("CLINIC_STATE_FOLDER", str(self.folder / computer))
        return replicas.keep(self.db, self.boss, name=computer, ask=self.ask, connect=self.connect, **more)

    def house(self, kept: Kept) -> House:
        """The clinic on a copy."""
        room = self.houses.main.room
        world = room.world.at(Database.open(kept.url, secret=replicas.secret_of(kept), clock=self.db.clock))
        return House(kept.code, Room(world, Shelf(world, room.shelf.location_id)), self.houses.main.medicines)

    def feed(self, house: House) -> None:
        """What the feeder does again and again."""
        Site(house.db, self.connect(house.db)).round()

    def hand_over(self, house: House) -> replicas.Returned:
        """The server is back."""
        return replicas.hand_over(house.db, connect=self.connect)
