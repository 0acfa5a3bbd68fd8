"""Copies of a LAN clinic's database on its computers: kept and fed while the server is there, worked on when it is gone.

To the sync engine the LAN database is central and the copy a site with a peer id of its own, whose rows are the LAN site's. Nobody
writes in a copy until a person detaches it; then it gives numbers of a series of its own and leaves alone what is the server's
(``kernel.sharing.refuse_in_copy``). When the server is back everything is handed over (``returning``) and the copy is fed again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from threading import Event
from typing import Any

from sqlalchemy import select

from clinic_desktop.clinic.access.commands.logins import accept_login
from clinic_desktop.clinic.access.login import desk_at, read_actor
from clinic_desktop.clinic.organisation.commands import MANAGE
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DatabaseIdentity
from clinic_desktop.kernel.key_secrets import SlotSecret
from clinic_desktop.kernel.schema import is_current
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.sharing import remember_series
from clinic_desktop.sync import joining, replica_files
from clinic_desktop.sync.copies import NoService as NoService
from clinic_desktop.sync.copies import allow_copy, forget_copy, service_of
from clinic_desktop.sync.enrolment import own_key
from clinic_desktop.sync.errors import Offline
from clinic_desktop.sync.feeding import Feeder as Feeder
from clinic_desktop.sync.http_channel import enrol as ask_service
from clinic_desktop.sync.loading import Progress, load
from clinic_desktop.sync.replica_files import Kept as Kept
from clinic_desktop.sync.replica_files import place_of, read_note, write_note
from clinic_desktop.sync.replica_files import replica_for as replica_for
from clinic_desktop.sync.replica_standing import Connect, channel_to, is_whole, note, open_copy
from clinic_desktop.sync.replica_standing import CopyNotComplete as CopyNotComplete
from clinic_desktop.sync.replica_standing import NotHandedOver as NotHandedOver
from clinic_desktop.sync.replica_standing import Standing as Standing
from clinic_desktop.sync.replica_standing import standing as standing
from clinic_desktop.sync.replica_standing import standing_of as standing_of
from clinic_desktop.sync.returning import Returned as Returned
from clinic_desktop.sync.returning import attach as attach
from clinic_desktop.sync.returning import hand_over as hand_over
from clinic_desktop.sync.scope import link_of, writing
from clinic_desktop.sync.site import Site

Told = Callable[[Progress], None]


def kept(lan: Database) -> Kept | None:
    """The copy of a server's database on this computer."""
    return read_note(replica_files.file_for(place_of(lan.address)))


def secret_of(found: Kept) -> SlotSecret:
    """What opens a copy on this computer."""
    return replica_files.secret_of(found.file)


def is_replica(db: Database) -> bool:
    """Whether an open database is a computer's copy of a server's."""
    return standing_of(db) is not None


def may_keep(lan: Database, actor: Actor) -> str | None:
    """Why no copy can be turned on: not_a_server, no_permission, no_service or locked; None where it can."""
    if lan.address.file is not None:
        return "not_a_server"
    if not actor.may(MANAGE):
        return "no_permission"
    if service_of(lan) is None:
        return "no_service"
    return "locked" if lan.data_key is None else None


def keep(
    lan: Database,
    actor: Actor,
    *,
    name: str,
    told: Told = lambda _progress: None,
    ended: Event | None = None,
    ask: joining.Asked = ask_service,
    connect: Connect = joining.channel_of,
) -> Kept:
    """Make the copy of a server's database on this computer, or go on with it where it was cut, up to the proof that it is whole.

    Raises NoService, Offline (also when ``ended`` is set), Busy or Refused.
    """
    actor.require(MANAGE, "sync.keep_copy")
    there = place_of(lan.address)
    file = replica_files.file_for(there)
    if read_note(file) is None:
        write_note(file, lan=there, code="", since=lan.clock(), is_complete=False)
    replica = open_copy(file, lan.clock)
    try:
        if not is_replica(replica):
            _enrol(lan, actor, replica, name, ask)
        note(replica)
        if not standing(replica).is_complete:
            _load(replica, connect, told, ended or Event())
        note(replica)
    finally:
        replica.close()
    made = read_note(file)
    assert made is not None
    return made


def _enrol(lan: Database, actor: Actor, replica: Database, name: str, ask: joining.Asked) -> None:
    """The server lets this computer in by a code made a moment ago, and the file becomes a copy of it."""
    service = service_of(lan)
    if service is None:
        raise NoService
    code = lan.run(actor, allow_copy, key=own_key(lan, "codes"), name=name, pin=service.pin)
    with lan.read(actor if actor.session_id is not None else None) as session:
        of_lan = session.execute(select(DatabaseIdentity.site_id, DatabaseIdentity.site_code)).one()
    address = service.address_for(lan)
    link = joining.ask_to_join(replica, address, code, ask)
    with writing(replica, "sync.keep_copy") as tx:
        _become_copy(tx, of_lan, address, link)
    remember_series(replica.engine, link.joined.enrolled.site_code)


def _become_copy(tx: Tx, of_lan: Any, address: str, link: joining.Sealed) -> None:
    identity = tx.session.scalars(select(DatabaseIdentity).with_for_update()).one()
    identity.site_id, identity.site_code = of_lan.site_id, of_lan.site_code
    row, new = link_of(tx), link.joined.enrolled
    row.address, row.pin, row.sealed_key, row.central_id = address, link.joined.pin, link.key, new.central_id
    row.peer_id, row.series, row.last_error = new.site_id, new.site_code, None


def _load(replica: Database, connect: Connect, told: Told, ended: Event) -> None:
    with channel_to(replica, connect, ended) as channel:
        site = Site(replica, channel, runner_id=new_id())

        def goes_on(progress: Progress) -> None:
            told(progress)
            if ended.is_set():
                raise Offline(reason="stopped")

        site.take_hold()
        try:
            load(site, goes_on)
            site.round()
        finally:
            site.let_go()


def forget(lan: Database, actor: Actor, *, kept: Kept, anyway: bool = False) -> None:
    """Turn the copy off: the server refuses it from now on, and it is taken away here.

    Raises NotHandedOver while there is work in it that the server does not have, unless ``anyway``.
    """
    actor.require(MANAGE, "sync.forget_copy")
    if not anyway:
        _refuse_unsent(kept)
    if kept.code:
        lan.run(actor, forget_copy, code=kept.code)
    replica_files.remove(kept.file)


def _refuse_unsent(found: Kept) -> None:
    replica = Database.open(found.url, secret=secret_of(found))
    try:
        if is_current(replica) and (there := standing_of(replica)) is not None and there.unsent:
            raise NotHandedOver(unsent=there.unsent, reason="unsent")
    finally:
        replica.close()


def detach(replica: Database, who: Actor) -> None:
    """From now on people work on the copy; ``who`` decided it, at the server or here. Raises CopyNotComplete."""
    with replica.write(replace(who, session_id=None, is_system=True)) as tx:
        tx.command = "sync.detach"
        link, identity = link_of(tx), tx.session.scalars(select(DatabaseIdentity)).one()
        if link.peer_id is None or not is_whole(link):
            raise CopyNotComplete
        if link.detached_at is not None:
            return
        link.detached_at = tx.now
        tx.note("copy_detached", "sites", identity.site_id, code=link.series, fed_until=link.last_synced_at)
    note(replica)


def go_on(replica: Database, who: Actor) -> Actor | None:
    """A session on the copy for whoever has one on the lost server; None where they must log in, or may not."""
    if who.user_id is None or who.by_pin:
        return None
    owner = replace(who, session_id=None, is_system=True)
    accepted = replica.run(owner, accept_login, user_id=who.user_id, desk=desk_at(who.workstation_id))
    return None if accepted.session_id is None else read_actor(replica, accepted.session_id, who.clinic_id)
