"""All open tills, as whoever answers for the cash sees them: the server's own, and one that was left open on a computer's copy."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from sqlalchemy import insert

from clinic_desktop.clinic.billing.rules import PaymentMethod as By
from clinic_desktop.clinic.billing.rules import Tender
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.sync.models import SyncTaken
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.cashier.open_tills import OpenTillsDialog
from clinic_desktop.ui.screens.cashier.screen import CashierScreen
from clinic_desktop.ui.screens.cashier.till import CloseTill
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.world import money
from tests.ui.screens.frontdesk import FrontDesk
from tests.ui.screens.test_settlement import dialog, open_till, take
from tests.ui.texts import plain
from tests.ui.walk import unnamed

Wait = Callable[[], None]
Open = Callable[[str], CashierScreen]
CLICK = Qt.MouseButton.LeftButton


@pytest.fixture
def at_desk(desk_as: Callable[[str], Desk], show: Callable[..., None], settle: Wait) -> Open:
    """The cashier's screen of somebody."""

    def come(role: str) -> CashierScreen:
        screen = CashierScreen(desk_as(role))
        show(screen)
        settle()
        return screen

    return come


def left_open_on_a_copy(front: FrontDesk) -> None:
    """The computer D1 took six hundred in a till of its own, and was heard of a quarter of an hour ago."""
    open_till(front)
    take(front, Tender(By.CASH, money(600)))
    now, me, database = front.world.db.clock(), new_id(), new_id()
    peer = {"site_id": me, "database_id": database, "code": "D1", "name": "front desk", "is_replica": True, "keeps_shared_data": False}
    told = {"public_key": b"key", "clinics": "[]", "program": "1", "revision": "1", "enrolled_at": now}
    heard = {"database_id": database, "site_id": me, "last_contact_at": now - timedelta(minutes=15)}
    with front.world.db.engine.execution_options(clinic_write=True).begin() as connection:
        connection.execute(insert(SyncPeer).values(**peer, **told))
        connection.execute(insert(SyncTaken).values(**heard))
        connection.exec_driver_sql("UPDATE till_sessions SET series = 'D1'")


def lines(tills: OpenTillsDialog) -> list[tuple[str, ...]]:
    model = tills.table.model
    return [tuple(plain(str(model.index(row, column).data())) for column in (0, 1, 3)) for row in range(model.rowCount())]


def test_a_till_left_open_on_a_copy_stands_in_the_list_of_open_tills_and_is_counted(
    front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot, picture: Callable[..., Path]
) -> None:
    left_open_on_a_copy(front)
    open_till(front)
    screen = at_desk("admin")
    QTest.mouseClick(screen.open_tills, CLICK)
    settle()
    tills = dialog(OpenTillsDialog, qtbot)
    assert isinstance(tills, OpenTillsDialog)
    assert unnamed(tills) == []
    assert tills.table.grid.hasFocus()
    as_of = "On copy D1 (front desk), as of "
    (own, away) = lines(tills)
    assert own == ("Cashier One", "Here", "\u20b9500.00")
    assert (away[0], away[2]) == ("Cashier One", "\u20b91,100.00")
    assert away[1].startswith(as_of)
    picture(tills, "open-tills")
    take(front, Tender(By.CASH, money(250)))
    qtbot.waitUntil(lambda: lines(tills)[0][2] == "\u20b9750.00")
    tills.table.select(tills.table.rows[1].till_session_id)
    QTest.mouseClick(tills.count, CLICK)
    counting = dialog(CloseTill, qtbot)
    assert isinstance(counting, CloseTill)
    counting.coins.setText("1100")
    QTest.mouseClick(counting.close_till, CLICK)
    settle()
    QTest.mouseClick(screen.open_tills, CLICK)
    settle()
    again = dialog(OpenTillsDialog, qtbot)
    assert isinstance(again, OpenTillsDialog)
    assert [one[1] for one in lines(again)] == ["Here"]
    again.accept()


def test_who_counts_only_the_own_till_is_not_asked_for_others(at_desk: Open) -> None:
    assert not at_desk("cashier").open_tills.isVisible()


@pytest.mark.parametrize(("language", "theme"), [("ar", "dark"), ("hi", "light")])
def test_it_can_be_looked_at(
    language: str, theme: str, front: FrontDesk, at_desk: Open, settle: Wait, qtbot: QtBot, qapp: QApplication, picture: Callable[..., Path]
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    left_open_on_a_copy(front)
    screen = at_desk("admin")
    QTest.mouseClick(screen.open_tills, CLICK)
    settle()
    tills = dialog(OpenTillsDialog, qtbot)
    assert isinstance(tills, OpenTillsDialog)
    assert "D1 (front desk)" in lines(tills)[0][1]
    assert picture(tills, f"open-tills-{language}-{theme}").stat().st_size > 5_000
    assert picture(screen, f"cashier-head-{language}-{theme}").stat().st_size > 5_000
    tills.accept()
