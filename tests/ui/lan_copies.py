"""A clinic's server whose computers keep copies: its database behind a network that can be cut, and the service that answers copies."""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from time import monotonic, sleep
from typing import Any

import uvicorn
from sqlalchemy import insert, make_url
from starlette.applications import Starlette

from clinic_desktop.kernel.certificates import new_authority, new_certificate, pin_of_pem
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import DataKey, UserPassword
from clinic_desktop.server import asking
from clinic_desktop.server.admission import Admission, Limits
from clinic_desktop.server.figures import Figures
from clinic_desktop.server.running import _Connection
from clinic_desktop.server.serving import Serving, Spec
from clinic_desktop.sync.enrolment import own_key
from clinic_desktop.sync.lineage import identity
from clinic_desktop.sync.models import THE_ONE, SyncService
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock
from tests.databases import address_of, drop, fresh
from tests.kernel.proxy import Proxy
from tests.lan.server import LanServer, lan_server
from tests.lan.service import LanService, lan_service
from tests.postgres import free_port
from tests.ui.test_setup_ways import PASSWORD, let_in

_PAGES = "/rows"
"""How a first load asks for the tables."""
_NOWHERE = ("127.0.0.1", 1)


class Cable(Proxy):
    """The way to the database, which can be pulled out and put back."""

    def pull(self) -> None:
        """Every line ends, and no new one comes about."""
        self._there, self._server = self._server, _NOWHERE
        self._hang_up()

    def put_back(self) -> None:
        """New lines come about."""
        self._server = self._there


class Service:
    """What answers the copies: the real application behind real TLS, on a thread of this process."""

    def __init__(self, database: Database, folder: Path) -> None:
        folder.mkdir()
        authority = new_authority("Clinic", now=system_clock())
        made = new_certificate(authority, ("127.0.0.1",), now=system_clock())
        self._certificate, self._key = folder / "server.pem", folder / "server.key"
        self._certificate.write_bytes(made.certificate + authority.certificate)
        self._key.write_bytes(made.key)
        self.pin = pin_of_pem(made.certificate)
        assert database.data_key is not None
        self._spec = Spec(folder, address_of(database), database.data_key, self.pin, Limits())
        self.port = free_port()
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL)  # that it stops in the midst of something is what tests want
        self.is_slow = False
        """Whether an answer to a copy waits until it is no more."""

    def _application(self) -> Any:
        @asynccontextmanager
        async def lifespan(app: Starlette) -> AsyncIterator[None]:
            database = Database.open(self._spec.url, secret=DataKey(self._spec.data_key))
            with database.engine.connect() as line:
                me = identity(line).database_id
            keys = own_key(database, "codes"), own_key(database, "tokens")
            app.state.serving = serving = Serving(self._spec, database, me, *keys, Admission(Limits()), Figures())
            yield
            serving.end()

        answers = Starlette(routes=asking.routes(), lifespan=lifespan)

        async def application(scope: Any, receive: Any, send: Any) -> None:
            while self.is_slow and str(scope.get("path", "")).endswith(_PAGES):
                await asyncio.sleep(0.01)
            await answers(scope, receive, send)

        return application

    def start(self) -> None:
        """Answer."""
        config = uvicorn.Config(
            self._application(),
            host="127.0.0.1",
            port=self.port,
            ssl_certfile=self._certificate,
            ssl_keyfile=self._key,
            http=_Connection,
            ws="none",
            timeout_graceful_shutdown=1,
            loop="asyncio",
            log_config=None,
            access_log=False,
        )
        self._server = uvicorn.Server(config)
        self._thread = Thread(target=self._server.run, name="service", daemon=True)
        self._thread.start()
        end = monotonic() + 60
        while not self._server.started:
            assert monotonic() < end
            sleep(0.01)

    def stop(self) -> None:
        """Answer no more."""
        self._server.should_exit = True
        self._thread.join(20)


@dataclass
class Lan:
    """The clinic's server, as a computer sees it, and as it is."""

    world: World
    cable: Cable
    service: Service | LanService

    @property
    def url(self) -> str:
        """What the desktop is started with."""
        return self.cable.address

    @property
    def db(self) -> Database:
        """The server's own look at its database."""
        return self.world.db

    def go(self, last: Callable[[], object] = lambda: None) -> None:
        """The server is gone; ``last`` is done there, of which no copy hears any more."""
        self.service.stop()
        last()
        self.cable.pull()

    def come_back(self) -> None:
        """The server is back."""
        self.cable.put_back()
        self.service.start()


class RealLan(Lan):
    """The same in earnest: a cluster and a service of their own, TLS, and a login for everybody."""

    server: LanServer

    @property
    def url(self) -> str:
        return self.server.url

    def go(self, last: Callable[[], object] = lambda: None) -> None:
        self.service.stop()
        last()
        self.server.cluster.stop(signal.SIGQUIT)

    def come_back(self) -> None:
        self.server.cluster.start()
        self.service.start()


@contextmanager
def real_lan(folder: Path) -> Iterator[Lan]:
    """A clinic's server as ``clinic lan start`` makes one, with this computer joined."""
    with lan_server() as server, lan_service(server, folder / "service") as service:
        owner = server.owner()
        cable: Any = None
        made = RealLan(server.world.at(owner), cable, service)
        made.server = server
        yield made
        owner.close()


@contextmanager
def lan(folder: Path, clock: FrozenClock) -> Iterator[Lan]:
    """A clinic on a server with its service, whose administrator and receptionist can log in."""
    db, built = fresh("postgres", folder, clock, recipe="world", build=build_world)
    world: World = built.at(db)
    let_in(db, world, "admin", "receptionist")
    db.vault.add(UserPassword("admin", PASSWORD))
    db.clock = system_clock
    service = Service(db, folder / "service")
    with db.engine.execution_options(clinic_write=True).begin() as line:
        line.execute(insert(SyncService).values(id=THE_ONE, port=service.port, pin=service.pin, seen_at=system_clock()))
    service.start()
    try:
        cable = Cable(make_url(address_of(db)).render_as_string(hide_password=False))
        with cable:
            yield Lan(world, cable, service)
    finally:
        service.stop()
        drop(db)
