"""Copies on computers as an administrator sees them, and a computer on which nobody is at work when the server goes away."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from socket import socket
from time import monotonic

import pytest
from pytestqt.qtbot import QtBot
from sqlalchemy import insert, select

from clinic_desktop.clinic.billing.commands import open_till
from clinic_desktop.kernel.clock import system_clock
from clinic_desktop.kernel.engines import parse_address
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.reach import ServerRefused
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.replica_files import file_for, place_of, write_note
from clinic_desktop.ui import copying
from clinic_desktop.ui.screens import organisation
from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.organisation.copies import CopiesDialog
from clinic_desktop.ui.screens.organisation.workstations import WorkstationsScreen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets import Button, Dialog
from tests.clinic.world import money
from tests.ui.lan_copies import Lan
from tests.ui.pages import page
from tests.ui.test_detached import close, go_on_with_the_copy, is_said, keep_a_copy, on_top, press, server
from tests.ui.test_setup_ways import log_in
from tests.ui.texts import plain
from tests.ui.walk import unnamed

__all__ = ["server"]
WORKSTATIONS = (next(one for one in organisation.SCREENS if one.code == "workstations"),)
SINCE = "Working on this computer\u2019s copy since"


@pytest.fixture
def start(server: Lan, run_program: Callable[..., Session]) -> Callable[[], Session]:
    """Start the program as a computer of the clinic does."""
    return lambda: run_program(server.url, registry=lambda: (WORKSTATIONS, ()))


def lost_laptop(server: Lan) -> None:
    """A second computer that was at work on its copy, as it last said, an hour ago."""
    away = {
        "site_id": new_id(),
        "database_id": new_id(),
        "code": "D2",
        "name": "laptop",
        "detached_at": system_clock() - timedelta(hours=1),
    }
    with server.db.read() as session:
        known = session.scalars(select(SyncPeer)).one()
        row = {one.name: getattr(known, one.name) for one in SyncPeer.__table__.c} | away
    with server.db.engine.execution_options(clinic_write=True).begin() as line:
        line.execute(insert(SyncPeer).values(**row))


def left_open(server: Lan) -> None:
    """The cashier's till on that laptop, with five hundred in it."""
    given = {"key": new_id(), "clinic_id": server.world.clinic_id, "opening_float": money(500)}
    server.db.run(server.world.actor("cashier"), open_till, **given)  # type: ignore[arg-type]
    with server.db.engine.execution_options(clinic_write=True).begin() as line:
        line.exec_driver_sql("UPDATE till_sessions SET series = 'D2'")


def told(dialog: CopiesDialog) -> list[tuple[str, str]]:
    return [(one.code, str(one.state(system_clock()))) for one in dialog.table.rows]


def test_copies_are_listed_and_a_lost_one_is_shut_out(
    start: Callable[[], Session], server: Lan, qtbot: QtBot, picture: Callable[..., Path]
) -> None:
    session = start()
    shell = log_in(session, qtbot, "admin")
    keep_a_copy(session, qtbot)
    lost_laptop(server)
    left_open(server)
    shell.open("workstations")
    qtbot.waitUntil(lambda: isinstance(shell.current, WorkstationsScreen))
    screen = shell.current
    assert isinstance(screen, WorkstationsScreen)
    press(screen.copies)
    dialog = on_top(CopiesDialog, qtbot)
    qtbot.waitUntil(lambda: len(dialog.table.rows) == 2, timeout=10_000)
    assert told(dialog)[0] in (("D1", "WELL"), ("D1", "BEHIND"))
    assert told(dialog)[1] == ("D2", "AWAY")
    assert dialog.table.grid.hasFocus()
    assert unnamed(dialog) == []
    dialog.table.select("D2")
    assert "Till open: Cashier One: \u20b9500.00" in plain(dialog.told.text())
    picture(dialog, "copies")
    press(dialog.shut_out)
    question = on_top(Dialog, qtbot)
    picture(question, "copies-shut-out")
    press(next(one for one in question.findChildren(Button) if one.text() == "Shut it out"))
    qtbot.waitUntil(lambda: told(dialog)[-1] == ("D2", "SHUT_OUT"), timeout=10_000)
    assert not dialog.shut_out.isEnabled()
    with server.db.read() as read:
        assert {one.code: one.revoked_at is not None for one in read.scalars(select(SyncPeer))} == {"D1": False, "D2": True}
    dialog.accept()
    session.window.activateWindow()
    nobody_is_at_work_when_the_server_goes(session, start, server, qtbot)


def nobody_is_at_work_when_the_server_goes(session: Session, start: Callable[[], Session], server: Lan, qtbot: QtBot) -> None:
    """The log-in of a server that is gone offers the copy, and after a start the copy has its own; the strip says on what one works."""
    session.log_out()
    page(session, LoginPage, qtbot)
    server.go()
    is_said(session, qtbot, "The clinic\u2019s server does not answer. This computer has a copy, complete until")
    go_on_with_the_copy(session, qtbot)
    qtbot.waitUntil(lambda: session.work.is_open and session.work.db.address.file is not None, timeout=15_000)
    log_in(session, qtbot, "admin")
    is_said(session, qtbot, SINCE)
    close(session)
    session = start()
    page(session, LoginPage, qtbot)
    is_said(session, qtbot, SINCE)
    assert isinstance(log_in(session, qtbot, "admin"), Shell)
    close(session)


def test_nobody_waits_long_for_a_server_that_says_nothing_where_there_is_a_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLINIC_STATE_FOLDER", str(tmp_path))
    with ExitStack() as lines:
        silent = lines.enter_context(socket())
        silent.bind(("127.0.0.1", 0))
        silent.listen(0)
        for _ in range(4):  # whoever knocks after these hears nothing
            waiting = lines.enter_context(socket())
            waiting.setblocking(False)
            waiting.connect_ex(silent.getsockname())
        url = f"postgresql+psycopg://pc@127.0.0.1:{silent.getsockname()[1]}/clinic"
        lan = place_of(parse_address(url))
        write_note(file_for(lan), lan=lan, code="D1", since=system_clock(), is_complete=True)
        file_for(lan).touch()
        began = monotonic()
        with pytest.raises(ServerRefused) as refused:
            copying.begin(url)
        assert refused.value.params["reason"] == "no_answer"  # at which the door offers the copy
        assert monotonic() - began < 5  # to connect and then to look why not would be ten seconds
