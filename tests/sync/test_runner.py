"""Who runs sync and when: one program for a database, sooner when called, later when central is away."""

from __future__ import annotations

import random
from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.sync.errors import Busy, Offline, Refused
from clinic_desktop.sync.runner import FIRST_WAIT, LONGEST_WAIT, REST, Phase, Runner, next_wait
from clinic_desktop.sync.site import LEASE, Fenced, Site
from tests.conftest import FrozenClock
from tests.sync.chain import Chain, Direct
from tests.sync.test_comparing import lie, somebody


class Line(Direct):
    """A way that is broken while it is."""

    is_down = False

    def ask(self, verb: str, body: bytes) -> bytes:
        if self.is_down:
            raise Offline(reason="unreachable")
        return super().ask(verb, body)


def runner_of(chain: Chain, code: str, phases: list[Phase]) -> Runner:
    database = chain.sites[code].database
    return Runner(database, Line(chain.central, database), phases.append, chance=random.Random(1))


def test_waits_grow_while_central_is_away_and_are_spread() -> None:
    chance = random.Random(3)
    for failures in range(1, 40):
        waits = {next_wait(failures, Offline(reason="x"), chance) for _ in range(50)}
        assert min(waits) >= FIRST_WAIT
        assert max(waits) <= LONGEST_WAIT
        assert failures < 3 or len(waits) > 20, "sites would all come back at once"
    assert max(next_wait(40, Offline(reason="x"), chance) for _ in range(50)) > timedelta(minutes=3)
    assert next_wait(0, None, chance) <= REST * 1.2
    busy = [next_wait(1, Busy(retry_after=30.0), chance) for _ in range(50)]
    assert min(busy) >= timedelta(seconds=30)
    assert len(set(busy)) > 20


def test_34_of_two_runners_one_is_fenced_off(chain: Chain, clock: FrozenClock) -> None:
    first, second = (Site(chain.sites["MAIN"].database, chain.sites["MAIN"].channel, runner_id=uuid4()) for _ in range(2))
    first.take_hold()
    with pytest.raises(Fenced):
        second.take_hold()
    with pytest.raises(Fenced):
        second.round()

    clock.now += LEASE + timedelta(seconds=1)  # the first one's computer fell asleep
    second.take_hold()
    with pytest.raises(Fenced):
        first.round()
    assert second.round().is_complete
    second.let_go()
    first.take_hold()


def test_the_runner_tells_how_it_stands_and_recovers_by_itself(chain: Chain) -> None:
    phases: list[Phase] = []
    runner = runner_of(chain, "MAIN", phases)
    assert isinstance(runner.site.channel, Line)
    runner.site.channel.is_down = True
    runner.once()
    assert phases[0].is_working
    assert not phases[-1].is_online
    assert not phases[-1].is_working
    assert phases[-1].unsent > 50
    assert isinstance(phases[-1].error, Offline)

    runner.site.channel.is_down = False
    runner.once()
    assert phases[-1].is_online
    assert phases[-1].unsent == 0
    assert phases[-1].error is None
    assert phases[-1].last_synced_at is not None
    assert any(one.pushed > 0 for one in phases if one.is_working), "a long round shows how far it is"


def test_a_refusal_stays_visible_and_local_work_goes_on(chain: Chain) -> None:
    class Revoking(Direct):
        def ask(self, verb: str, body: bytes) -> bytes:
            raise Refused("revoked")

    database = chain.sites["MAIN"].database
    phases: list[Phase] = []
    runner = Runner(database, Revoking(chain.central, database), phases.append)
    runner.once()
    assert isinstance(phases[-1].error, Refused)
    with database.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.session.get_one(Patient, somebody(database)).remarks = "came in"
    unsent = phases[-1].unsent
    runner.once()
    assert phases[-1].unsent == unsent + 1


@pytest.mark.parametrize("engine_name", ["sqlite"])
def test_the_thread_goes_when_it_is_woken_and_ends_when_it_is_told(chain: Chain) -> None:
    settled, phases = Event(), []

    def told(phase: Phase) -> None:
        phases.append(phase)
        if not phase.is_working and phase.unsent == 0:
            settled.set()

    database = chain.sites["MAIN"].database
    runner = Runner(database, Direct(chain.central, database), told)
    runner.start()
    assert settled.wait(30)
    settled.clear()
    with database.write(chain.world.system()) as tx:
        tx.command = "test"
        tx.session.get_one(Patient, somebody(database)).remarks = "came in"
    runner.wake()
    assert settled.wait(30)
    runner.stop()
    with chain.central.read() as session:
        assert session.get_one(Patient, somebody(database)).remarks == "came in"
    other = Site(database, Direct(chain.central, database), runner_id=uuid4())
    other.take_hold()  # it gave its place back


def test_the_runner_proves_that_both_ends_hold_the_same_and_repairs(chain: Chain, clock: FrozenClock) -> None:
    phases: list[Phase] = []
    runner, database = runner_of(chain, "MAIN", phases), chain.sites["MAIN"].database
    runner.once()
    person = somebody(database)
    lie(database, person, "Nowhere")
    runner.once()
    assert "MAIN: patients" in chain.differences(), "it compares at every round"
    clock.now += timedelta(days=1)
    runner.once()
    assert "MAIN: patients" not in chain.differences()


def test_when_a_crowded_central_says_when_to_come_again_the_rest_is_fixed(chain: Chain) -> None:
    class Crowded(Direct):
        def ask(self, verb: str, body: bytes) -> bytes:
            raise Busy(retry_after=600.0)

    database = chain.sites["MAIN"].database
    rest = Runner(database, Crowded(chain.central, database)).once()
    assert rest.fixed
    assert rest.wait >= timedelta(seconds=600)
