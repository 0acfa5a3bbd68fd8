"""Who runs sync, and when: one program for a database at a time, again and again, backing off when central is away or busy.

It works on a thread of its own; nobody waits for it. Whoever wants to know is told a ``Phase`` on that thread.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from clinic_desktop.kernel.beside import Beside, Rest
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.sync.channel import Channel
from clinic_desktop.sync.comparing import go_on
from clinic_desktop.sync.documents import Documents
from clinic_desktop.sync.errors import Busy, Offline, Refused
from clinic_desktop.sync.rounds import catch_up
from clinic_desktop.sync.seen import Round
from clinic_desktop.sync.site import Fenced, Site
from clinic_desktop.sync.standing import standing

log = logging.getLogger(__name__)

REST = timedelta(seconds=20)
"""Between two rounds when nothing calls for one sooner."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=2), timedelta(minutes=5)
PROOF_AFTER = timedelta(days=1)
"""About how long a comparison of both ends is good for; sites do not all compare at once."""
PROOF_SECONDS, BREATH = 5.0, timedelta(seconds=1)
"""For how long it compares before it looks again for what is new, and how soon it goes on."""
STUCK_WAIT = timedelta(minutes=2)
"""After a refusal that only a person can end: it is tried again now and then, since that may have happened at central."""


@dataclass(frozen=True, slots=True)
class Phase:
    """How sync stands at this moment."""

    is_online: bool = False
    is_working: bool = False
    is_elsewhere: bool = False
    """Another program runs sync for this database."""
    last_synced_at: datetime | None = None
    unsent: int = 0
    parked: int = 0
    pushed: int = 0
    pulled: int = 0
    """Change sets moved in the round under way, or in the last one."""
    clock_ahead: bool = False
    error: ClinicError | None = None


def next_wait(failures: int, error: ClinicError | None, chance: random.Random) -> timedelta:
    """How long to wait: longer after each failure in a row, by chance spread so that sites do not all come back at once."""
    if error is None:
        return REST * chance.uniform(0.8, 1.2)
    if isinstance(error, Busy):
        return timedelta(seconds=float(error.params.get("retry_after", 5.0)) * chance.uniform(1.0, 1.5))
    if isinstance(error, Refused):
        return STUCK_WAIT * chance.uniform(0.8, 1.2)
    longest = min(LONGEST_WAIT, FIRST_WAIT * (1 << min(failures - 1, 12)))
    return max(FIRST_WAIT, longest * chance.random())


class Runner(Beside):
    """The sync of one database, on a thread of its own from ``start`` to ``stop``."""

    name = "sync"

    def __init__(
        self,
        database: Database,
        channel: Channel,
        told: Callable[[Phase], None] = lambda _phase: None,
        *,
        runner_id: UUID | None = None,
        chance: random.Random | None = None,
    ) -> None:
        super().__init__()
        self.database, self._told = database, told
        self.site = Site(database, channel, runner_id=runner_id or new_id())
        self.documents = Documents(database, channel)
        self._chance = chance or random.Random()  # noqa: S311 - spreads load, guards nothing
        self._failures = 0
        self.phase = Phase()

    def leave(self) -> None:
        """Let another program take over."""
        try:
            if not self._is_left:
                self.site.let_go()
        except ClinicError as error:
            log.info("sync ended without giving its place back: %s", error.code)

    def once(self) -> Rest:
        """One round. When a crowded central says when to come again, neither a commit nor a person makes it sooner."""
        error: ClinicError | None = None
        self._tell(replace(self.phase, is_working=True, pushed=0, pulled=0))
        done, is_proving = Round(), False
        try:
            self.site.take_hold()
            done = catch_up(self.site, self._progress)
            self.documents.step()
            is_proving = self._prove(done)
        except Fenced:
            return self._stand_by()
        except (Offline, Busy, Refused) as refusal:
            error = refusal
        except ClinicError as trouble:  # the database itself does not answer
            error = trouble
        except Exception:  # a mistake of the program, or a disk that fails: the next round may do better, and none would be worse
            log.exception("sync failed")
            error = ClinicError()
        self._failures = self._failures + 1 if error is not None else 0
        self._end(done, error)
        return Rest(BREATH if is_proving else next_wait(self._failures, error, self._chance), fixed=isinstance(error, Busy))

    def _prove(self, done: Round) -> bool:
        """Hold both ends against one another: about once a day, and after central came back from a backup. Whether it is to go on."""
        if not done.is_complete or not self.site.is_proof_due(PROOF_AFTER * self._chance.uniform(0.8, 1.2)):
            return False
        compared = go_on(self.site, PROOF_SECONDS)
        if compared.is_proof:
            self.documents.try_all_again()
        return compared.is_under_way

    def _stand_by(self) -> Rest:
        self._failures = 0
        self._tell(replace(self._standing(), is_online=self.phase.is_online, is_elsewhere=True))
        return Rest(REST)

    def _progress(self, done: Round) -> None:
        self._tell(replace(self.phase, is_online=True, pushed=done.pushed, pulled=done.pulled))
        if self._ended.is_set():
            raise Offline(reason="stopped")

    def _end(self, done: Round, error: ClinicError | None) -> None:
        if error is not None and self.phase.error is None:
            log.info("sync: %s", error)
        if self._is_left:
            return
        try:
            self.site.note_error(None if error is None else msgspec.json.encode([error.code, _plain(error)]).decode())
            phase = self._standing()
        except ClinicError:
            phase = self.phase
        is_online = error is None or isinstance(error, (Refused, Busy))
        self._tell(
            replace(
                phase,
                is_online=is_online,
                is_working=False,
                pushed=done.pushed,
                pulled=done.pulled,
                clock_ahead=done.clock_ahead,
                error=error,
            )
        )

    def _standing(self) -> Phase:
        now = standing(self.database)
        return Phase(last_synced_at=now.last_synced_at, unsent=now.unsent, parked=now.parked)

    def _tell(self, phase: Phase) -> None:
        self.phase = phase
        if not self._is_left:
            self._told(phase)


def _plain(error: ClinicError) -> dict[str, str]:
    return {name: str(value) for name, value in error.params.items()}
