"""A clinic's server for tests: a cluster with TLS and SCRAM, set up as the command line sets one up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

from clinic_desktop.clinic.access import passwords
from clinic_desktop.clinic.access.commands import set_password
from clinic_desktop.clinic.access.computers import Invitation, invite
from clinic_desktop.clinic.access.server_logins import login_of
from clinic_desktop.clinic.server_setup import settle, within
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import UserPassword
from clinic_desktop.kernel.lan import covering, hba, names
from clinic_desktop.kernel.lan.certificates import make_certificates
from clinic_desktop.kernel.lan.joining import Joined, join, read_address
from clinic_desktop.kernel.lan.scram import person_secret
from clinic_desktop.kernel.lan.settling import as_owner, connected
from clinic_desktop.kernel.security import Actor
from tests.clinic.world import World, build_world
from tests.postgres import Cluster, cluster

PASSWORD = "blue-Elephant-42"
HOSTS = ["localhost", "127.0.0.1"]
DATABASE = "clinic"
OPENS = "admin"
"""Whose password opens the clinic's vault."""


_secret = cache(person_secret)


@dataclass(frozen=True, slots=True)
class LanServer:
    """A cluster with a clinic in it: its administrator's address, and the clinic's ids."""

    cluster: Cluster
    admin: str
    world: World
    joined: Joined

    @property
    def port(self) -> int:
        return int(make_url(self.admin).port or 0)

    @property
    def place(self) -> str:
        """What a person types as the address."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The joined computer's address with its secret."""
        return secret_in(self.joined)

    @property
    def admin_inside(self) -> str:
        """The administrator's address of the clinic's own database."""
        return within(self.admin, DATABASE)

    def owner(self) -> Database:
        """The clinic's database by the administrator's connection."""
        return as_owner(Database.open(self.admin_inside))

    def invite(self) -> Invitation:
        database = Database.open(self.admin_inside)
        try:
            return replace(invite(database, Actor.system("test")), address=self.place)
        finally:
            database.close()

    def run(self, statement: str, *values: Any) -> None:
        """A statement as the server's superuser."""
        with psycopg.connect(self.admin_inside, autocommit=True) as line:
            line.execute(statement.encode(), values)

    def person(self, role: str) -> psycopg.Connection[Any]:
        """Somebody of that role with SQL instead of the program: with their own login, over TLS."""
        user_id = self.world.users[role]
        url = make_url(self.url).set(username=names.person(DATABASE, user_id), password=_secret(user_id, PASSWORD))
        return psycopg.connect(url.render_as_string(hide_password=False), autocommit=True)

    def foreign_authority(self, folder: Path) -> Path:
        """An authority that has nothing to do with the server."""
        return make_certificates(folder, HOSTS).authority

    def device(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self.url, autocommit=True)


def secret_in(joined: Joined) -> str:
    return make_url(joined.url).set(password=joined.secret).render_as_string(hide_password=False)


@contextmanager
def lan_server() -> Iterator[LanServer]:
    """A server with the tests' clinic, everybody's password set, and one computer joined."""
    with cluster() as made:
        with connected(made.address) as admin:
            certificates = covering.cover(admin, HOSTS)
        settle(made.address, DATABASE, authority=certificates.authority.read_text(encoding="ascii"))
        with connected(made.address) as admin:
            door = hba.apply(admin, DATABASE)
            ours = door.read_text(encoding="utf-8").partition("end\n")[0]
            door.write_text(f"{ours}end\nhost all clinic 127.0.0.1/32 trust\n", encoding="utf-8")
            hba.reload(admin)
        owner = as_owner(Database.open(within(made.address, DATABASE)))
        try:
            world = build_world(owner)
            for username, user_id in world.users.items():
                hashed = passwords.new(PASSWORD, username=username, login_of=login_of(owner, user_id))
                owner.run(Actor.system("test"), set_password, user_id=user_id, password=hashed, must_change_password=False)
            # As set up: otherwise whoever logs in first by the program, in whichever test, would be the only one whose password opens it.
            owner.vault.add(UserPassword(OPENS, PASSWORD))
            invitation = invite(owner, Actor.system("test"))
        finally:
            owner.close()
        place = read_address(f"127.0.0.1:{make_url(made.address).port}")
        yield LanServer(made, made.address, world, join(place, invitation.code, name="front desk"))
