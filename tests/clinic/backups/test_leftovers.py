"""Documents that nothing names: removed after their days, on both engines, and never one that somebody is about to name."""

from __future__ import annotations

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from hashlib import sha256
from threading import Barrier
from uuid import uuid4

import pytest
from sqlalchemy import text

from clinic_desktop.clinic.backups import commands as backups
from clinic_desktop.clinic.backups.checks import stored_files
from clinic_desktop.clinic.backups.leftovers import LEFT_FOR, sweep_leftovers
from clinic_desktop.clinic.backups.rules import BackupReason
from clinic_desktop.clinic.patients.filing import drop_photo, keep_photo, opened
from clinic_desktop.kernel.errors import PermissionDenied
from clinic_desktop.kernel.security import Actor
from clinic_desktop.kernel.store import documents_folder, store_of
from tests.clinic.patients.desk import register
from tests.clinic.patients.folder import attach, unlock
from tests.clinic.patients.hostile_files import picture
from tests.clinic.world import World

SERVICE = Actor.system("backups")
ROUNDS = 12


def age(world: World, *names: str, days: float = LEFT_FOR.days + 1) -> None:
    """Let days pass for what is in the store: it counts them by the clock of its own place."""
    if world.db.address.file is None:
        with world.db.engine.begin() as connection:
            for name in names:
                aged = text("UPDATE document_blobs SET put_at = now() - make_interval(secs => :s) WHERE sha256 = :name")
                connection.execute(aged, {"s": days * 86_400, "name": name})
        return
    for name in names:
        file = documents_folder(world.db.address.file) / name[:2] / name
        then = file.stat().st_mtime - days * 86_400
        os.utime(file, (then, then))


def loose_ones(world: World) -> tuple[str, ...]:
    with world.db.read() as session:
        return stored_files(session).failures


def test_what_nothing_names_goes_after_its_days_and_all_else_stays(world: World) -> None:
    unlock(world)
    patient_id, desk, store = register(world).id, world.actor("receptionist"), store_of(world.db)
    attach(world, patient_id, data=picture(50, 40))
    keep_photo(world.db, desk, patient_id=patient_id, data=picture(90, 90))
    drop_photo(world.db, desk, patient_id=patient_id)  # a desk of a server takes nothing out of the store
    left, fresh = store.put(b"whose program ended before the row"), store.put(b"of just now")
    old = set(store.every()) - {fresh}
    age(world, *old, days=40)
    named = sha256(picture(50, 40)).hexdigest()
    assert len(loose_ones(world)) == len(old) - 1
    assert any(left in line for line in loose_ones(world))
    with pytest.raises(PermissionDenied):
        sweep_leftovers(world.db, desk)
    assert sweep_leftovers(world.db, SERVICE) == len(old) - 1
    assert set(store.every()) == {named, fresh}
    assert loose_ones(world) == ()


@pytest.mark.parametrize("why", ["backup", "parked", "put again"])
def test_nothing_goes_that_may_still_be_named(world: World, why: str) -> None:
    unlock(world)
    store = store_of(world.db)
    name = store.put(b"on its way")
    age(world, name)
    end: Callable[[], object] = lambda: age(world, name)  # noqa: E731
    if why == "backup":
        begun = world.db.run(SERVICE, backups.begin_backup, folder="/disk", reason=BackupReason.MANUAL)
        end = lambda: world.db.run(SERVICE, backups.fail_backup, backup_id=begun, error="cancelled")  # noqa: E731
    elif why == "parked":
        park(world)
        end = lambda: unpark(world)  # noqa: E731
    else:
        assert store.keeps(name)  # as a copy asks whose row comes later
    assert sweep_leftovers(world.db, SERVICE) == 0
    assert store.has(name)
    end()
    assert sweep_leftovers(world.db, SERVICE) == 1
    assert not store.has(name)


def park(world: World) -> None:
    values = {"id": uuid4(), "site": uuid4(), "database": uuid4()}
    keys = {name: key if world.db.address.file is None else key.hex for name, key in values.items()}
    statement = (
        "INSERT INTO sync_parked (id, site_id, database_id, origin_seq, reason, detail, body, parked_at)"
        " VALUES (:id, :site, :database, 1, 'refused', '', :body, '2026-03-01 10:00:00+00:00')"
    )
    with world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(text(statement), keys | {"body": b""})


def unpark(world: World) -> None:
    with world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(text("DELETE FROM sync_parked"))


def test_whoever_attaches_while_it_is_swept_has_the_file(world: World) -> None:
    """Each file lies in the store for days, named by nothing; then a desk attaches it in the very moment of the sweep."""
    unlock(world)
    patient_id, store = register(world).id, store_of(world.db)
    files = [picture(30 + n, 40) for n in range(ROUNDS)]
    names = [store.put(data) for data in files]
    age(world, *names)
    start = Barrier(2)

    def desk() -> list[object]:
        start.wait()
        return [attach(world, patient_id, data=data) for data in files]

    def service() -> None:
        start.wait()
        for _round in range(ROUNDS):
            sweep_leftovers(world.db, SERVICE)

    with ThreadPoolExecutor(2) as both:
        attached, swept = both.submit(desk), both.submit(service)
        keys = attached.result()
        swept.result()
    seen = [opened(world.db, world.actor("receptionist"), document_id=key).data for key in keys]  # type: ignore[arg-type]
    assert seen == files


def test_between_the_look_and_the_removal_a_document_is_put_once_more(world: World) -> None:
    """The same, step by step: it was seen that no row names it, and then somebody puts it."""
    unlock(world)
    store = store_of(world.db)
    name = store.put(b"letter")
    age(world, name)

    def sweep(tx: object) -> bool:
        store_of(world.db).put(b"letter")
        return store.let_go(name, timedelta(days=1), tx.session.connection())  # type: ignore[attr-defined]

    assert not world.db.run(SERVICE, sweep)
    assert store.get(name) == b"letter"
