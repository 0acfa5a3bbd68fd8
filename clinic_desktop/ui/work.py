"""The one way from a screen to the core: commands and queries run off the UI thread, answers return on it."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import shiboken6
from PySide6.QtCore import QMetaMethod, QObject, Qt, Signal, Slot

from clinic_desktop.kernel.errors import PasswordNeeded, SessionEnded
from clinic_desktop.ui.executor import Answer, Executor, Job
from clinic_desktop.ui.heartbeat import HEARTBEAT, Heartbeat
from clinic_desktop.ui.pending import Failed, Pending, Question, Then
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.side_thread import SideThread
from clinic_desktop.ui.subscription import Subscription

if TYPE_CHECKING:  # importing the database imports SQLAlchemy: the login window must not wait for it
    from clinic_desktop.kernel.db import Database
    from clinic_desktop.kernel.security import Actor

log = logging.getLogger(__name__)


class Work(QObject):
    """Runs commands and queries on the database thread and long jobs on a second one."""

    changed = Signal(list)
    """The events of one commit, or that others have committed, on the UI thread."""
    refused = Signal(object)
    """A ClinicError that the asking screen does not handle: shown as a toast."""
    failed = Signal(object)
    """A Trouble: shown in the one dialog for unexpected failures."""
    ended = Signal(object)
    """A SessionEnded: the session of whoever is at work stands no more. Once a session."""
    rights_changed = Signal(object)
    """The Actor at work with other rights, roles or name than before."""
    password_wanted = Signal(object)
    """A Question: whoever came in by PIN is asked for the password, and the act goes on."""
    reachable = Signal(bool)
    """The database has stopped answering, or answers again."""
    busy = Signal(bool)
    """Whether anything is under way."""
    _committed = Signal(list)
    _reached = Signal(bool)

    def __init__(self, db: Database | None = None, actor: Actor | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._db: Database | None = None
        self._actor: Actor | None = None
        self._ended: UUID | None = None
        self._pending: dict[int, Pending] = {}
        self._latest: dict[tuple[int, str], int] = {}
        self._numbers = 0
        self._database_thread = Executor("database", self)
        self._background_thread = Executor("background", self)
        for executor in (self._database_thread, self._background_thread):
            executor.answered.connect(self._settle)
        self._heartbeat = Heartbeat(self._database_thread.ask, self)
        self._committed.connect(self.changed, Qt.ConnectionType.QueuedConnection)
        self._reached.connect(self._note_reach, Qt.ConnectionType.QueuedConnection)
        self._is_down = False
        self.is_reachable = True
        if db is not None:
            self.attach(db)
        self.actor = actor

    @property
    def actor(self) -> Actor | None:
        """Who is at work; None while nobody is."""
        return self._actor

    @actor.setter
    def actor(self, actor: Actor | None) -> None:
        self._actor = actor
        self._heartbeat.watch(self._db, actor)

    @property
    def db(self) -> Database:
        """The open database."""
        if self._db is None:
            raise RuntimeError("no database is open yet")
        return self._db

    @property
    def is_open(self) -> bool:
        """Whether a database is attached."""
        return self._db is not None

    @property
    def is_busy(self) -> bool:
        """Whether anything is under way."""
        return bool(self._pending)

    def attach(self, db: Database) -> None:
        """Use an open database, and hear its commits from whatever thread or program they come."""
        if self._db is not db:
            self._stop_hearing()
            db.subscribe(self._heard)
            db.follow(self._reached.emit)
        self._db = db

    def detach(self) -> None:
        """Forget the database, which somebody else closes."""
        self._stop_hearing()
        self.actor, self._db = None, None

    def _stop_hearing(self) -> None:
        self.is_reachable = True
        if self._db is not None:
            self._db.unfollow()
            self._db.unsubscribe(self._heard)

    def do(
        self,
        owner: QObject,
        command: Callable[..., Any],
        /,
        *,
        then: Then | None = None,
        failed: Failed | None = None,
        settled: Callable[[], object] | None = None,
        **params: Any,
    ) -> None:
        """Run a command as the actor; ``then(result)`` or ``failed(error)`` follows on the UI thread while ``owner`` lives.

        ``settled()`` follows either of them, and unexpected failures too: buttons stop being busy there.
        """
        db, actor = self.db, self.actor
        if actor is None:
            raise RuntimeError("nobody is logged in")
        self._ask(self._database_thread, Pending(owner, then, failed, settled, None), lambda: db.run(actor, command, **params))

    def read(
        self,
        owner: QObject,
        query: Callable[..., Any],
        /,
        *,
        then: Then,
        failed: Failed | None = None,
        settled: Callable[[], object] | None = None,
        latest: str | None = None,
        **params: Any,
    ) -> None:
        """Run ``query(session, **params)``; with ``latest`` only the newest read of that name answers."""
        db, actor = self.db, self.actor

        def run() -> Any:
            with db.read(actor) as session:
                return query(session, **params)

        key = (id(owner), latest) if latest is not None else None
        self._ask(self._database_thread, Pending(owner, then, failed, settled, key), run)

    def call(
        self,
        owner: QObject,
        function: Callable[..., Any],
        /,
        *,
        then: Then | None = None,
        failed: Failed | None = None,
        settled: Callable[[], object] | None = None,
        **params: Any,
    ) -> None:
        """Run any function on the database thread."""
        self._ask(self._database_thread, Pending(owner, then, failed, settled, None), partial(function, **params))

    def background(
        self,
        owner: QObject,
        function: Callable[..., Any],
        /,
        *,
        then: Then | None = None,
        failed: Failed | None = None,
        settled: Callable[[], object] | None = None,
        progress: Progress | None = None,
        **params: Any,
    ) -> None:
        """Run ``function(**params)`` on the second thread; it gets ``progress=`` as well when one is given."""
        if progress is not None:
            params["progress"] = progress
        pending = Pending(owner, then, failed, settled, None, progress=progress)
        self._ask(self._background_thread, pending, partial(function, **params))

    def on(self, owner: QObject, *event_types: type, then: Callable[[list[Any]], object]) -> None:
        """Call ``then(events)`` once per commit that holds events of these types, or elsewhere their tables, while ``owner`` lives."""
        Subscription(owner, event_types, then, self.changed)

    def shut_down(self) -> None:
        """Cancel long jobs, finish the running ones, end all threads and forget the database."""
        if self._is_down:
            return
        self._is_down = True
        self._heartbeat.watch(None, None)
        for pending in self._pending.values():
            if pending.progress is not None:
                pending.progress.cancel()
        for side in self.findChildren(SideThread, options=Qt.FindChildOption.FindDirectChildrenOnly):
            side.end()
        self._database_thread.join()
        self._background_thread.join()
        self._pending.clear()
        self._latest.clear()
        self._stop_hearing()

    def _ask(self, executor: Executor, pending: Pending, function: Callable[[], Any]) -> None:
        if self._is_down:
            return
        pending.actor = self._actor
        pending.asked = executor, function
        self._numbers += 1
        number, latest, key = self._numbers, self._latest, pending.key
        self._pending[number] = pending
        if key is None:
            executor.ask(Job(number, function))
        else:
            latest[key] = number
            executor.ask(Job(number, function, lambda: latest.get(key) != number))
        if len(self._pending) == 1:
            self.busy.emit(True)

    def _heard(self, events: list[object]) -> None:
        # Any thread may have committed; a queued signal carries the list over. The copy is ours alone.
        self._committed.emit(list(events))

    @Slot(object)
    def _settle(self, answer: Answer) -> None:
        if answer.number == HEARTBEAT:
            self._look_at_actor(answer, self._heartbeat.answered(answer))
            return
        pending = self._pending.pop(answer.number, None)
        if pending is None:
            return
        self._look_at_actor(answer, pending.actor)
        overtaken = pending.key is not None and self._latest.get(pending.key) != answer.number
        if pending.key is not None and not overtaken:
            del self._latest[pending.key]
        try:
            self._deliver(answer, pending, overtaken)
        finally:
            if not self._pending:
                self.busy.emit(False)

    def _look_at_actor(self, answer: Answer, asked_for: Actor | None) -> None:
        """Whoever is at work has the rights that the database thread has just read, or none any more."""
        actor = self._actor
        if actor is None or asked_for is None or actor.session_id is None or asked_for.session_id != actor.session_id:
            return
        if not isinstance(answer.refusal, SessionEnded):
            self._actor = self.db.vouching.now(actor)
            if self._actor != actor:
                self.rights_changed.emit(self._actor)
        elif actor.session_id != self._ended:
            self._ended = actor.session_id
            self._heartbeat.watch(None, None)
            self.ended.emit(answer.refusal)

    def _deliver(self, answer: Answer, pending: Pending, overtaken: bool) -> None:
        if answer.trouble is not None:
            self.failed.emit(answer.trouble)
        if not shiboken6.isValid(pending.owner):
            return
        finish = partial(self._finish, answer, pending, overtaken)
        is_asked = self.isSignalConnected(QMetaMethod.fromSignal(self.password_wanted))
        if isinstance(answer.refusal, PasswordNeeded) and pending.asked is not None and is_asked and not overtaken:
            self.password_wanted.emit(Question(partial(self._ask, pending.asked[0], pending, pending.asked[1]), finish))
        else:
            finish()

    def _finish(self, answer: Answer, pending: Pending, overtaken: bool) -> None:
        if not shiboken6.isValid(pending.owner):
            return
        try:
            if not overtaken and not answer.dropped:
                self._hand_over(answer, pending)
        finally:
            if pending.settled is not None and shiboken6.isValid(pending.owner):
                pending.settled()

    @Slot(bool)
    def _note_reach(self, is_reached: bool) -> None:
        self.is_reachable = is_reached
        self.reachable.emit(is_reached)

    def _hand_over(self, answer: Answer, pending: Pending) -> None:
        if answer.refusal is not None:
            if pending.failed is not None:
                pending.failed(answer.refusal)
            elif not isinstance(answer.refusal, SessionEnded):  # ``ended`` has told it
                log.info("refused: %s", answer.refusal)
                self.refused.emit(answer.refusal)
        elif answer.trouble is None and pending.then is not None:
            pending.then(answer.value)
