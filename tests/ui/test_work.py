"""Commands and queries run off the UI thread; answers come back on it, once, and only to the living."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.organisation.commands import add_department
from clinic_desktop.clinic.organisation.queries import departments
from clinic_desktop.kernel.db import Database, Tx
from clinic_desktop.kernel.errors import ClinicError, InvalidInput, PermissionDenied
from clinic_desktop.kernel.happenings import tells_of
from clinic_desktop.kernel.security import Actor
from clinic_desktop.ui.executor import Trouble
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.work import Work
from tests.clinic.world import World

Settle = Callable[[], None]


@pytest.fixture
def owner(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@tells_of("departments")
@dataclass(frozen=True, slots=True)
class Rang:
    count: int


def ring(tx: Tx, *, count: int) -> int:
    tx.emit(Rang(count))
    tx.note("rang", "tests", tx.actor.user_id or tx.session.info["missing"])
    tx.command = "tests.ring"
    return count


def test_a_command_runs_off_the_ui_thread_and_answers_on_it(work: Work, owner: QWidget, settle: Settle, world: World) -> None:
    where: list[Any] = []

    def remember(tx: Tx) -> str:
        where.append(threading.current_thread().ident)
        tx.command = "tests.remember"
        return "done"

    work.do(owner, remember, then=lambda result: where.append((result, threading.current_thread().ident)))
    settle()
    here = threading.current_thread().ident
    assert where[0] != here
    assert where[1] == ("done", here)


def test_a_committed_command_is_there_for_the_next_query(work: Work, owner: QWidget, settle: Settle, world: World) -> None:
    names: list[str] = []
    work.do(owner, add_department, name="Paediatrics")
    work.read(owner, departments, then=lambda rows: names.extend(row.name for row in rows))
    settle()
    assert "Paediatrics" in names


def test_a_refusal_goes_to_its_handler_and_nowhere_else(work: Work, owner: QWidget, settle: Settle, refusals: list[ClinicError]) -> None:
    got: list[ClinicError] = []
    work.do(owner, add_department, name="   ", then=got.append, failed=got.append)
    settle()
    assert [(type(e), e.field, e.params["reason"]) for e in got] == [(InvalidInput, "name", "required")]
    assert got[0].__traceback__ is None
    assert refusals == []


def test_a_refusal_without_handler_is_told_by_a_signal(work: Work, owner: QWidget, settle: Settle, refusals: list[ClinicError]) -> None:
    work.actor = Actor(None, "nobody")
    work.do(owner, add_department, name="Surgery")
    settle()
    assert isinstance(refusals.pop(), PermissionDenied)


def test_nobody_logged_in_may_not_ask_for_a_command(work: Work, owner: QWidget) -> None:
    work.actor = None
    with pytest.raises(RuntimeError):
        work.do(owner, add_department, name="Surgery")


def test_an_unexpected_failure_is_logged_with_its_report_and_still_settles(
    world: World, owner: QWidget, qtbot: QtBot, caplog: pytest.LogCaptureFixture, no_warnings: list[str]
) -> None:
    work = Work(world.db, world.actor("admin"))
    told: list[Trouble] = []
    settled: list[bool] = []
    work.failed.connect(told.append)
    work.read(owner, lambda session: 1 // 0, then=lambda _: settled.append(False), settled=lambda: settled.append(True))
    qtbot.waitUntil(lambda: not work.is_busy)
    work.shut_down()
    assert settled == [True]
    assert "ZeroDivisionError" in told[0].summary
    assert any(told[0].report in record.getMessage() for record in caplog.records)
    caplog.clear()


def test_only_the_newest_read_of_a_name_answers_and_stale_ones_are_not_run(work: Work, owner: QWidget, settle: Settle) -> None:
    gate, ran, answered = threading.Event(), [], []

    def look(session: object, *, text: str) -> str:
        ran.append(text)
        return text

    work.call(owner, gate.wait)
    for text in ("a", "as", "ash"):
        work.read(owner, look, latest="search", text=text, then=answered.append)
    work.read(owner, look, latest="other", text="x", then=answered.append)
    gate.set()
    settle()
    assert ran == ["ash", "x"]
    assert answered == ["ash", "x"]


def test_an_answer_that_is_overtaken_while_on_its_way_is_dropped(work: Work, owner: QWidget, settle: Settle) -> None:
    answered: list[str] = []
    done = threading.Event()

    def first(session: object) -> str:
        done.set()
        return "old"

    work.read(owner, first, latest="search", then=answered.append)
    assert done.wait(60)
    # Its answer waits in the event queue of this thread, which has not run yet.
    work.read(owner, lambda session: "new", latest="search", then=answered.append)
    settle()
    assert answered == ["new"]


def test_no_answer_reaches_a_widget_that_is_gone(work: Work, settle: Settle, qtbot: QtBot) -> None:
    gate, answered = threading.Event(), []
    short_lived = QWidget()
    work.call(short_lived, gate.wait, then=answered.append)
    short_lived.deleteLater()
    QCoreApplication.sendPostedEvents(short_lived, QEvent.Type.DeferredDelete.value)
    gate.set()
    settle()
    assert answered == []


def test_events_reach_subscribers_once_per_commit_until_they_are_gone(work: Work, settle: Settle, world: World) -> None:
    heard: list[list[Rang]] = []
    listener = QWidget()
    work.on(listener, Rang, then=heard.append)
    work.do(work, ring, count=1)
    settle()
    assert heard == [[Rang(1)]]
    listener.deleteLater()
    QCoreApplication.sendPostedEvents(listener, QEvent.Type.DeferredDelete.value)
    work.do(work, ring, count=2)
    settle()
    assert heard == [[Rang(1)]]


def test_events_of_another_thread_arrive_on_the_ui_thread(work: Work, ui_db: Database, qtbot: QtBot, owner: QWidget, world: World) -> None:
    where: list[int | None] = []
    work.on(owner, Rang, then=lambda _events: where.append(threading.current_thread().ident))
    actor = world.actor("nurse")
    other = threading.Thread(target=lambda: ui_db.run(actor, ring, count=3))
    other.start()
    other.join()
    qtbot.waitUntil(lambda: len(where) == 1)
    assert where == [threading.current_thread().ident]


def test_background_work_reports_and_can_be_cancelled(work: Work, owner: QWidget, qtbot: QtBot, settle: Settle) -> None:
    progress = Progress(owner)
    seen: list[tuple[int, int, str]] = []
    ended: list[str] = []
    progress.advanced.connect(lambda *step: (seen.append(step), progress.cancel()))
    cancelled = threading.Event()
    progress.advanced.connect(lambda *_step: cancelled.set())

    def long_job(*, progress: Progress) -> None:
        progress.report(1, 2, "half")
        assert cancelled.wait(60)
        progress.report(2, 2, "whole")

    work.background(owner, long_job, progress=progress, then=lambda _: ended.append("then"), settled=lambda: ended.append("settled"))
    settle()
    assert seen == [(1, 2, "half")]
    assert ended == ["settled"]


def test_shutting_down_finishes_what_was_asked_and_joins_both_threads(world: World, owner: QWidget, qtbot: QtBot) -> None:
    work = Work(world.db, world.actor("admin"))
    gate = threading.Event()
    work.call(owner, gate.wait)
    work.do(owner, add_department, name="Radiology")
    threading.Timer(0.05, gate.set).start()
    work.shut_down()
    with world.db.read() as session:
        assert "Radiology" in [row.name for row in departments(session)]
    work.read(owner, departments, then=lambda _rows: pytest.fail("answered after the end"))
    assert not work.is_busy
