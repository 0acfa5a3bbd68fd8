"""The demo as the server of a copy: what the service would answer over the network is answered by a call."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync import enrolment, replica_files, replicas
from clinic_desktop.sync.callers import Caller
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.credentials import Enrol, EnrolmentCode, sign_enrolment
from clinic_desktop.sync.http_channel import Joined
from clinic_desktop.sync.lineage import identity
from clinic_desktop.sync.models import THE_ONE, SyncLink, SyncService
from clinic_desktop.sync.replica_files import Kept
from clinic_desktop.sync.scope import writing

_PIN = bytes(32)
_NOBODY = 1
"""A port at which nothing answers."""


class _Near(Channel):
    def __init__(self, demo: Database, copy: Database) -> None:
        self._demo = demo
        with copy.read() as session:
            link = session.get_one(SyncLink, THE_ONE)
            assert link.peer_id is not None
            self._caller = Caller(link.peer_id, identity(session.connection()).database_id)

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask the demo."""
        return answer(self._demo, self._caller, verb, body)

    def cut(self) -> None:
        """There is nothing to cut."""

    def close(self) -> None:
        """There is nothing to close."""


def keep(demo: Database, actor: Actor, name: str) -> Kept:
    """Make a copy of the demo, whole and proved."""

    def ask(_url: str, code: EnrolmentCode, key: Any, database_id: UUID, *, program: str, revision: str, clinics: list[str]) -> Joined:
        public, signed = key.public_key().public_bytes_raw(), sign_enrolment(key, code.secret, database_id)
        asked = Enrol(code.secret, database_id, public, signed, program, revision, clinics)
        return Joined(demo.run(enrolment.doorkeeper(), enrolment.enrol, enrolment.own_key(demo, "codes"), asked), _PIN)

    with writing(demo, "sync.service") as tx:
        tx.session.add(SyncService(id=THE_ONE, port=_NOBODY, pin=_PIN, seen_at=tx.now))
    return replicas.keep(demo, actor, name=name, ask=ask, connect=lambda copy: _Near(demo, copy))


def remove(url: str) -> None:
    """Take it away."""
    kept = replicas.replica_for(url)
    if kept is not None:
        replica_files.remove(kept.file)
