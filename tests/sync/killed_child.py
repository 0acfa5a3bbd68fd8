"""A site and its central server as processes of their own that talk through a socket; each can be killed at a point of its own.

A point is ``before N`` or ``after N``: SIGKILL just before or just after the N-th commit of that process that takes change sets from
the other end; ``-`` for none.
"""

from __future__ import annotations

import os
import signal
import socket
import struct
from pathlib import Path
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import event

from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.callers import Caller
from clinic_desktop.sync.central import answer
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.errors import Offline, Refused
from clinic_desktop.sync.lineage import identity
from clinic_desktop.sync.loading import load
from clinic_desktop.sync.rounds import catch_up
from clinic_desktop.sync.site import Site
from tests.faults.saying import say

NOWHERE = "-"


def kill_at(database: Database, point: str) -> None:
    """Have this process killed at a point of its work with a database."""
    if point == NOWHERE:
        return
    where, number = point.split()
    left, is_taking = int(number), False

    def execute(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        nonlocal is_taking
        is_taking = is_taking or statement.startswith("INSERT INTO journal_origins")

    def commit(_connection: Any) -> None:
        nonlocal left, is_taking
        left, is_taking = left - is_taking, False
        if left == 0 and where == "before":
            os.kill(os.getpid(), signal.SIGKILL)

    def give_back(*_connection: Any) -> None:
        if left <= 0 and where == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(database.engine, "before_cursor_execute", execute)
    event.listen(database.engine, "commit", commit)
    event.listen(database.engine, "checkin", give_back)


def read_exactly(line: socket.socket, size: int) -> bytes:
    """So many bytes; raises Offline when the other end is gone."""
    data = b""
    while len(data) < size:
        part = line.recv(size - len(data))
        if not part:
            raise Offline(reason="closed")
        data += part
    return data


def receive(line: socket.socket) -> bytes:
    """One message."""
    (size,) = struct.unpack("!I", read_exactly(line, 4))
    return read_exactly(line, size)


def send(line: socket.socket, message: bytes) -> None:
    """One message."""
    try:
        line.sendall(struct.pack("!I", len(message)) + message)
    except OSError as error:
        raise Offline(reason="closed") from error


class Piped(Channel):
    """A site's way to central through a socket."""

    def __init__(self, place: str, who: Caller) -> None:
        self.who, self._line = who, socket.socket(socket.AF_UNIX)
        self._line.connect(place)

    def ask(self, verb: str, body: bytes) -> bytes:
        """Ask central; raises Offline or Refused."""
        send(self._line, msgspec.msgpack.encode((tuple(self.who), verb, body)))
        reason, answered = msgspec.msgpack.decode(receive(self._line), type=tuple[str, bytes])
        if reason:
            raise Refused(reason)
        return answered


def serve(url: str, place: str, point: str) -> None:
    """Be central for one site, until it is gone."""
    database = Database.open(url)
    kill_at(database, point)
    listener = socket.socket(socket.AF_UNIX)
    Path(place).unlink(missing_ok=True)
    listener.bind(place)
    listener.listen()
    say("listening")
    line, _ = listener.accept()
    while True:
        try:
            who, verb, body = msgspec.msgpack.decode(receive(line), type=tuple[Caller, str, bytes])
        except Offline:
            return
        try:
            told = ("", answer(database, who, verb, body))
        except Refused as refused:
            told = (refused.reason, b"")
        send(line, msgspec.msgpack.encode(told))


def one_turn(url: str, place: str, point: str, what: str) -> None:
    """A site's ``round``, or its first ``load``."""
    database = Database.open(url)
    with database.engine.connect() as connection:
        me = identity(connection)
    kill_at(database, point)
    site = Site(database, Piped(place, Caller(me.site_id, me.database_id)))
    try:
        load(site) if what == "load" else catch_up(site)
        say("done")
    except (Offline, Refused) as trouble:
        say(f"broke off: {trouble}")


def desk(url: str, clinic: str, name: str, stop: str) -> None:
    """Register patients at a clinic, one after the other, until a file is there; say how many."""
    database, clinic_id, number = Database.open(url), UUID(clinic), 0
    while not Path(stop).exists():
        number += 1
        details = {"first_name": f"{name} {number}", "gender": Gender.FEMALE, "age_years": 40}
        database.run(Actor.system("desk", clinic_id=clinic_id), register_patient, key=new_id(), clinic_id=clinic_id, **details)
    say(f"kept {number}")
