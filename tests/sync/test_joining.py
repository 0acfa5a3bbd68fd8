"""The site's side of enrolling: what becomes of the database, who may, what is refused, and leaving again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import select

from clinic_desktop.clinic.access.models import PermissionRecord
from clinic_desktop.clinic.access.queries import actor_of
from clinic_desktop.clinic.organisation.commands import add_clinic
from clinic_desktop.clinic.organisation.queries import clinics, sites
from clinic_desktop.clinic.reconciling.rules import OtherSite
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, NotFound, PermissionDenied
from clinic_desktop.kernel.security import Actor, declared_permissions
from clinic_desktop.sync import enrolment, joining, patience, site
from clinic_desktop.sync.credentials import Enrol, EnrolmentCode, read_code, sign_enrolment
from clinic_desktop.sync.errors import Busy, Refused
from clinic_desktop.sync.http_channel import Joined
from clinic_desktop.sync.models import THE_ONE, SyncLink
from clinic_desktop.sync.patience import Patient
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.standing import standing
from clinic_desktop.ui.chain import load_chain
from clinic_desktop.ui.progress import Cancelled, Progress
from clinic_desktop.ui.way import Way
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import drop, fresh
from tests.sync.chain import Chain, Direct, renewed

KEY = bytes(32)
SYSTEM = Actor.system("test")


class Central:
    """Central's door without a network: what it is asked is what travels."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.keys: list[bytes] = []

    def code(self, code: str, **more: Any) -> str:
        """A code for a site."""
        return self.database.run(SYSTEM, enrolment.make_code, KEY, code=code, name=f"Site {code}", pin=None, **more).text

    def ask(
        self, _url: str, code: EnrolmentCode, key: Ed25519PrivateKey, database_id: UUID, *, program: str, revision: str, clinics: list[str]
    ) -> Joined:
        """Enrol."""
        public = key.public_key().public_bytes_raw()
        self.keys.append(key.private_bytes_raw())
        asked = Enrol(code.secret, database_id, public, sign_enrolment(key, code.secret, database_id), program, revision, clinics)
        return Joined(self.database.run(SYSTEM, enrolment.enrol, KEY, asked), b"pin")

    def enrol(self, site: Database, code: str, actor: Actor = SYSTEM) -> Any:
        """Have a database enrol."""
        return joining.enrol(site, actor, address="central.example", code=code, ask=self.ask)


@pytest.fixture
def made(tmp_path: Path, clock: FrozenClock) -> Iterator[Callable[..., tuple[Database, Any]]]:
    """Fresh databases of their own."""
    opened: list[Database] = []

    def make(engine: str, **recipe: Any) -> tuple[Database, Any]:
        db, built = fresh(engine, tmp_path, clock, **recipe)
        renewed(db)
        opened.append(db)
        return db, built

    yield make
    for one in opened:
        drop(one)


@pytest.fixture
def central(made: Callable[..., tuple[Database, Any]]) -> Central:
    """An empty central server."""
    return Central(made("sqlite")[0])


@pytest.fixture
def world(made: Callable[..., tuple[Database, Any]]) -> World:
    """An encrypted clinic."""
    db, built = made("sqlcipher", recipe="world", build=build_world)
    found: World = built.at(db)
    return found


class Crowded(Direct):
    """A way to a central server that has too much to do at every other question."""

    asked = 0

    def ask(self, verb: str, body: bytes) -> bytes:
        self.asked += 1
        if self.asked % 2:
            raise Busy(retry_after=0.001)
        return super().ask(verb, body)


def link_of(db: Database) -> joining.Link:
    with db.read() as session:
        return joining.link(session)


def test_the_first_site_founds_and_the_second_loads_cut_and_gone_on(
    central: Central, world: World, made: Callable[..., tuple[Database, Any]]
) -> None:
    enrolled = central.enrol(world.db, central.code("MAIN"))
    assert (enrolled.founds, enrolled.site_code) == (True, "MAIN")
    first = link_of(world.db)
    assert (first.address, first.site_name, first.is_joining, first.has_clinic) == (
        "https://central.example:8443",
        "Site MAIN",
        False,
        True,
    )
    with world.db.read() as session:
        assert {one.site_id for one in clinics(session)} == {enrolled.site_id}
    all_of_it = standing(world.db).unsent
    with pytest.MonkeyPatch.context() as small:
        small.setattr(site, "PAGE_BYTES", 500)  # more than a page: those of which nothing travels may be counted, too
        assert all_of_it <= standing(world.db).unsent <= all_of_it + 3
    Site(world.db, Direct(central.database, world.db)).round()
    assert standing(world.db).unsent == 0

    city, _ = made("sqlcipher")
    second = central.enrol(city, central.code("CITY"))
    assert not second.founds
    assert link_of(city).is_joining
    way = Way(lambda db: Direct(central.database, db))
    progress = Progress()
    progress.advanced.connect(lambda done, _total, _label: progress.cancel() if done == 20 else None)
    with pytest.raises(Cancelled):
        load_chain(city, way, progress)
    assert not link_of(city).is_loaded
    found = load_chain(city, Way(lambda db: Crowded(central.database, db)), Progress())
    assert (found.is_joining, found.has_people, found.clinics) == (True, True, ())  # loaded, but no clinic is its own
    with city.read() as session:  # nobody has started the program here since
        in_force = set(session.scalars(select(PermissionRecord.code).where(PermissionRecord.is_active)))
        assert "patients.create" in actor_of(session, world.users["receptionist"], clinic_id=None).permissions
    assert in_force == {one.code for one in declared_permissions()}
    Site(world.db, Direct(central.database, world.db)).round()
    with pytest.raises(NotFound):
        world.db.run(SYSTEM, add_clinic, code="CTY", name="City", timezone="Asia/Kolkata", site_id=UUID(int=9))
    own = world.db.run(SYSTEM, add_clinic, code="CTY", name="City", timezone="Asia/Kolkata", site_id=second.site_id)
    chain = Chain(central.database, {name: Site(db, Direct(central.database, db)) for name, db in (("MAIN", world.db), ("CITY", city))})
    chain.settle()
    assert chain.differences() == []
    assert not link_of(city).is_joining
    with city.read() as session:
        assert [one.id for one in clinics(session, here=True)] == [own]
        assert [(one.code, one.is_here) for one in sites(session)] == [("CITY", True), ("MAIN", False)]


def test_whoever_waits_for_a_crowded_server_can_stop(central: Central, world: World) -> None:
    crowded = Crowded(central.database, world.db)
    stopped = Progress()

    def look() -> None:
        stopped.cancel()
        stopped.report(0, 1)

    with pytest.raises(Cancelled):
        Patient(crowded, look).ask("hello", b"")
    with pytest.MonkeyPatch.context() as short:
        short.setattr(patience, "LONGEST", 0.0)
        with pytest.raises(Busy):  # not for ever
            Patient(Crowded(central.database, world.db), lambda: None).ask("hello", b"")
    assert crowded.asked == 1


def test_the_key_is_sealed_and_opens_again(central: Central, world: World) -> None:
    central.enrol(world.db, central.code("MAIN"))
    with world.db.read() as session:
        sealed = session.get_one(SyncLink, THE_ONE).sealed_key
    assert sealed is not None
    assert central.keys[0] not in sealed
    channel = joining.channel_of(world.db)
    assert channel is not None
    assert channel._site.key.private_bytes_raw() == central.keys[0]
    channel.close()
    with world.db.write(SYSTEM) as tx:
        tx.command = "test"
        row = tx.session.get_one(SyncLink, THE_ONE)
        row.sealed_key = bytes(60)
    with pytest.raises(joining.SiteKeyLost):
        joining.channel_of(world.db)


def refused(act: Callable[[], object]) -> ClinicError:
    with pytest.raises(ClinicError) as caught:
        act()
    return caught.value


def test_who_may_not_and_what_is_wrong_changes_nothing(central: Central, world: World, made: Callable[..., tuple[Database, Any]]) -> None:
    good = central.code("MAIN")
    assert isinstance(refused(lambda: central.enrol(world.db, good, world.actor("receptionist"))), PermissionDenied)
    typo = refused(lambda: central.enrol(world.db, "ABC"))
    assert isinstance(typo, InvalidInput)
    assert typo.field == "code"
    assert refused(lambda: joining.enrol(world.db, SYSTEM, address="http://x", code=good, ask=central.ask)).field == "address"
    wrong = refused(lambda: central.enrol(world.db, "0" * 16))
    assert isinstance(wrong, Refused)
    assert wrong.reason == "code_wrong"
    plain, _ = made("sqlite")
    assert refused(lambda: central.enrol(plain, good)).params["reason"] == "site_key_needs_encryption"
    assert not link_of(world.db).is_linked
    assert joining.channel_of(world.db) is None

    central.enrol(world.db, good)
    assert isinstance(refused(lambda: central.enrol(world.db, central.code("NTH"))), joining.AlreadyLinked)
    key, code = Ed25519PrivateKey.generate(), read_code(central.code("STH"))
    bring = {"program": "1", "revision": "1", "clinics": ["OTH"]}
    late = refused(lambda: central.ask("", code, key, UUID(int=3), **bring))  # type: ignore[arg-type]
    assert isinstance(late, Refused)
    assert late.reason == "has_clinics"


def test_leaving_keeps_everything_and_only_the_same_site_comes_back(central: Central, world: World) -> None:
    central.enrol(world.db, central.code("MAIN"))
    joining.leave(world.db, SYSTEM)
    left = link_of(world.db)
    assert (left.is_linked, left.site_code) == (False, "MAIN")
    assert joining.channel_of(world.db) is None
    assert isinstance(refused(lambda: joining.leave(world.db, SYSTEM)), joining.NotLinked)
    back = central.enrol(world.db, central.code("MAIN", again=True))
    assert back.site_code == "MAIN"
    joining.leave(world.db, SYSTEM)
    with pytest.raises(OtherSite):
        world.db.run(SYSTEM, joining.link_site, site_id=UUID(int=7), code="NTH", name="North", keeps_shared_data=False)
