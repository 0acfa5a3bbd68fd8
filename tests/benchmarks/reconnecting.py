"""Two hundred sites that come back to one central server at the same moment, and what somebody who asks it something meanwhile feels."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import cycle, islice
from pathlib import Path
from queue import Empty
from tempfile import TemporaryDirectory
from time import monotonic, sleep
from typing import Any
from uuid import uuid4

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from clinic_desktop.clinic.organisation.commands import add_clinic
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.key_secrets import Passphrase
from clinic_desktop.kernel.migrations import upgrade
from clinic_desktop.server.founding import Wanted, found
from clinic_desktop.sync.errors import Busy
from clinic_desktop.sync.http_channel import HttpChannel
from clinic_desktop.sync.site import Site
from tests.benchmarks.bench import SQLITE, Bench
from tests.benchmarks.crowd import Back, Chair, Signals, Way, be, play, registered
from tests.benchmarks.measuring import Figure, timed
from tests.benchmarks.witness import Witness
from tests.clinic.processes import ready_processes
from tests.clinic.world import TIMEZONE, World, build_world
from tests.databases import PASSPHRASE
from tests.postgres import MEMORY
from tests.server.serving import PASSWORD, Served, started

NEWS = 20
"""Change sets that are at central and that none of them has read."""
PARTS = 2
"""Processes that play the sites."""
_QUIET = 20
"""How often the witness looks before the others come."""
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def chain(bench: Bench) -> Iterator[Figure]:
    """One central process with TLS; the floor of what a witness asks is the same answer before the others come."""
    for engine in bench.engines:
        with ExitStack() as kept:
            made = _Chain(kept.enter_context(_central(bench, engine)), bench.sites, kept)
            lone = made.lone()
            witness, backs = made.come_back()
        yield from _figures(engine, bench.sites, witness, backs, lone)


def _figures(engine: str, sites: int, witness: Witness, backs: list[Back], lone: float) -> Iterator[Figure]:
    crowd = f"{sites} sites at once"
    for name, meanwhile in witness.meanwhile.items():
        alone = tuple(islice(cycle(witness.before[name]), len(meanwhile)))
        yield Figure("meanwhile", f"{crowd}: {name}", engine, tuple(meanwhile), alone, size=sites)
    sent, last = tuple(sorted(one.sent for one in backs)), max(one.agreed for one in backs)
    yield Figure("back", f"{crowd}: work sent, news read", engine, sent, (lone,) * sites, size=sites, unit="s")
    yield Figure("agreed", f"{crowd}: all proved to agree", engine, (last,), (lone * sites,), size=sites, unit="s")
    asked, busy = (float(sum(getattr(one, name) for one in backs)) for name in ("asked", "busy"))
    yield Figure("turned away", f"{crowd}: answers 429, of all", engine, (busy,), (asked,), size=sites, unit="")
    told = (float(witness.turned_away),)
    yield Figure("turned away", f"{crowd}: 429 for the witness, of all", engine, told, (float(witness.asked),), size=sites, unit="")


@contextmanager
def _central(bench: Bench, engine: str) -> Iterator[Served]:
    """A central server as it runs in earnest."""
    with ExitStack() as kept:
        folder = Path(kept.enter_context(TemporaryDirectory(prefix="clinic-central-", dir=bench.folder)))
        url = None if engine == SQLITE else kept.enter_context(bench.address(engine))
        wanted = Wanted(folder / "central", Passphrase(PASSPHRASE), PASSWORD, 8443, url=url, hosts=("127.0.0.1", "localhost"))
        yield kept.enter_context(started(folder, found(wanted)))


class _Chain:
    """Central with the site that founded it, and all the others, of which each has read everything so far."""

    def __init__(self, served: Served, sites: int, kept: ExitStack) -> None:
        self._served, self._kept = served, kept
        self._folder = Path(self._kept.enter_context(TemporaryDirectory(prefix="clinic-sites-", dir=MEMORY)))
        self._main, world = self._founding()
        self.quiet, self._template = self._enrolled("QUIET"), self._enrolled("NEW")
        self._chairs = self._with_clinics(world, sites)
        self._way = self._template_of_all()
        registered(self._main.database, world.clinic_id, NEWS)

    def _site(self, database: Database, chair: Chair) -> Site:
        channel = HttpChannel(self._served.address, chair.asking, pin=self._served.pin)
        self._kept.callback(channel.close)
        return Site(database, channel)

    def _database(self, name: str) -> Database:
        made = Database.open(f"sqlcipher:///{self._folder / name}.db", passphrase=PASSPHRASE, clock=system_clock)
        self._kept.callback(made.close)
        upgrade(made)
        return made

    def _enrolled(self, code: str, *, is_first: bool = False) -> Chair:
        """Enrol by a code over the wire; whoever comes too often from one address waits as he is told."""
        key, database_id, made = Ed25519PrivateKey.generate(), uuid4(), self._served.code(code=code, keeps_shared_data=is_first)
        while True:
            try:
                enrolled = self._served.enrol(made, key, database_id, ["MAIN"] if is_first else None)
            except Busy as busy:
                sleep(float(busy.params["retry_after"]))
                continue
            return Chair(enrolled.site_id, database_id, code, key.private_bytes_raw())

    def _founding(self) -> tuple[Site, World]:
        database = self._database("main")
        world = build_world(database)
        chair = self._enrolled("MAIN", is_first=True)
        be(database, chair)
        main = self._site(database, chair)
        main.round()
        return main, world

    def _with_clinics(self, world: World, sites: int) -> list[Chair]:
        """So many sites, each with a clinic of its own."""
        chairs = [self._enrolled(f"S{number:03}") for number in range(sites)]
        self._main.round()  # it learns of the sites
        for number, chair in enumerate(chairs):
            code = "".join(_LETTERS[number // 26**place % 26] for place in (2, 1, 0))
            name = f"Clinic {number}"
            clinic_id = world.db.run(world.system(), add_clinic, code=code, name=name, timezone=TIMEZONE, site_id=chair.site_id)
            chairs[number] = replace(chair, clinic_id=clinic_id)
        self._main.round()
        return chairs

    def _template_of_all(self) -> Way:
        database = self._database("new")
        be(database, self._template)
        site = self._site(database, self._template)
        site.round()
        site.note_proof()  # each proves its agreement once a day, and not in the same minute as all others
        data_key, file = database.data_key, database.address.file
        assert data_key is not None
        assert file is not None
        database.close()
        return Way(self._served.address, self._served.pin, file, data_key, self._folder)

    def lone(self) -> float:
        """Seconds that a site's round takes when nobody else is there."""
        return timed(self._main.round) / 1000

    def come_back(self) -> tuple[Witness, list[Back]]:
        """Let them all come, with a witness who asks before and meanwhile."""
        context, parts = ready_processes(), min(PARTS, len(self._chairs))
        signals, results = Signals(context, parts, len(self._chairs)), context.Queue()
        shares = [self._chairs[number::parts] for number in range(parts)]
        crowd = [context.Process(target=play, args=(self._way, share, signals, results), daemon=True) for share in shares]
        for one in crowd:
            one.start()
        signals.ready.wait(signals.patience)
        witness = Witness(self._served, self.quiet.asking)
        self._kept.callback(witness.close)
        for _ in range(_QUIET):
            witness.look(witness.before)
        with witness.looking():
            signals.go.wait(signals.patience)
            found = [_result(results, crowd, 2 * signals.patience) for _ in crowd]
        for one in crowd:
            one.join(30)
        backs = [back for part, _cpu in found for back in part]
        if broken := [f"{one.code}: {one.broke}" for one in backs if one.broke]:
            raise RuntimeError(f"{len(broken)} sites did not come through: {broken[:3]}")
        return witness, backs


def _result(results: Any, crowd: list[Any], patience: float) -> Any:
    """What one part of the crowd came back with; none waits long for a part that has died."""
    until = monotonic() + patience
    while True:
        try:
            return results.get(timeout=1)
        except Empty:
            if died := [one.exitcode for one in crowd if one.exitcode]:
                raise RuntimeError(f"parts of the crowd died: {died}") from None
            if monotonic() > until:
                raise
