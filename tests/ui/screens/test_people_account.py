"""One's own account, sessions, and the way of messages, under real hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import commands
from clinic_desktop.clinic.access.codes import confirm_approval
from clinic_desktop.clinic.access.resets import request_reset_mail
from clinic_desktop.clinic.access.rules import Act, LoginRefused
from clinic_desktop.clinic.messages.commands import claim_due
from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.rules import Channel, Security
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.people.account import AccountDialog, PasswordDialog, PinDialog
from clinic_desktop.ui.screens.people.approving import ApproveDialog
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.screens.people.mail import MailScreen
from clinic_desktop.ui.screens.people.sessions import SessionsScreen
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.work import Work
from tests.clinic.access.people import OTHER, SECRET, come_in, give_password
from tests.clinic.billing.desk import Desk as CashierDesk
from tests.clinic.billing.desk import build_at, rupees
from tests.clinic.messages.server import mail_server
from tests.clinic.world import World
from tests.ui.hands import modal
from tests.ui.screens.frontdesk import Hands
from tests.ui.screens.peoples_desk import CLICK, CTRL, KEY, Show, Wait, back, press, said, stored
from tests.ui.walk import unnamed

__all__ = ["said"]


# Sessions


def test_sessions_are_seen_and_ended(world: World, work: Work, desk: Desk, show: Show, settle: Wait, qtbot: QtBot, said: list[str]) -> None:
    for role in ("receptionist", "cashier", "admin"):
        give_password(world, role)
    work.actor = mine = come_in(world, "admin", at="room 1")
    theirs, other = come_in(world), come_in(world, "receptionist", at="cashier")
    screen = SessionsScreen(desk)
    show(screen, 962, 690)
    settle()
    texts = {tuple(column.text(row) for column in screen.table.model.columns[:2]) for row in screen.table.rows}
    assert texts == {("Administrator One", "room 1"), ("Receptionist One", "front desk"), ("Receptionist One", "cashier")}
    assert mine.session_id is not None
    screen.table.select(mine.session_id)
    assert not screen.end.isEnabled()  # one's own ends by logging out
    assert theirs.session_id is not None
    screen.table.select(theirs.session_id)
    QTest.mouseClick(screen.end, CLICK)
    settle()
    settle()
    with pytest.raises(ClinicError), world.db.read(theirs):
        pass
    with world.db.read(other):
        pass
    assert other.session_id is not None
    screen.table.select(other.session_id)
    QTest.mouseClick(screen.end_all, CLICK)
    press(modal(Dialog, qtbot), "End all")
    settle()
    settle()
    back(screen, qtbot)
    assert [row.id for row in screen.table.rows] == [mine.session_id]


# My account


@pytest.fixture
def cashier_desk(world: World) -> CashierDesk:
    """A till in the same clinic, with a patient."""
    return build_at(world)


@pytest.fixture
def account(world: World, work: Work, desk: Desk, show: Show, settle: Wait, qtbot: QtBot) -> Iterator[AccountDialog]:
    """The administrator looks at their own account."""
    give_password(world, "admin")
    work.actor = come_in(world, "admin")
    home = QWidget()
    show(home, 800, 600)
    dialog = AccountDialog(desk, home)
    dialog.open()
    settle()
    yield dialog
    dialog.close()


def test_ones_own_password_is_changed_and_the_work_goes_on(
    account: AccountDialog, world: World, work: Work, settle: Wait, qtbot: QtBot, said: list[str], hands: Hands
) -> None:
    assert unnamed(account) == []
    QTest.mouseClick(account.password, CLICK)
    dialog = modal(PasswordDialog, qtbot)
    for name, text in (("current", "not this one"), ("password", OTHER), ("again", OTHER + "x")):
        dialog.form[name].setText(text)
    QTest.mouseClick(dialog.post, CLICK)
    assert dialog.form.fields["again"].error == "The two are not the same."
    dialog.form["again"].setText(OTHER)
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    assert dialog.form.fields["current"].error == "This is not your password."
    dialog.form["current"].setText(SECRET)
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    settle()
    assert said == ["Your password is changed."]
    assert work.actor is not None
    with world.db.read(work.actor):  # the session at hand goes on
        pass
    with pytest.raises(LoginRefused):
        come_in(world, "admin", at="cashier")
    assert come_in(world, "admin", at="cashier", password=OTHER)


def test_ones_own_address_is_proved_by_the_code_that_was_sent_there(
    world: World, work: Work, desk: Desk, show: Show, settle: Wait, hands: Hands
) -> None:
    give_password(world, "admin")
    details = {"username": "admin", "full_name": "Administrator One", "email": "admin@clinic.example"}
    world.db.run(world.system(), commands.edit_user, user_id=world.users["admin"], **details)
    work.actor = come_in(world, "admin")
    home = QWidget()
    show(home, 800, 600)
    dialog = AccountDialog(desk, home)
    dialog.open()
    settle()
    QTest.mouseClick(dialog.mail.entry.send, CLICK)
    settle()
    (sent,) = world.db.run(world.system(), claim_due, channels=(Channel.EMAIL,), limit=5)
    code = sent.body.partition("code ")[2][:7]
    hands.type("000000" if code != "000 000" else "111111")
    hands.press(KEY.Key_Return)
    settle()
    assert dialog.mail.entry.problem.text() == "This is not the code. 4 more tries."
    dialog.mail.entry.code.setText(code)
    hands.press(KEY.Key_Return)
    settle()
    settle()
    assert stored(world)["admin"].email_verified
    assert dialog.mail.entry.send.isHidden()
    dialog.close()


def test_an_act_is_approved_from_ones_own_desk(
    world: World, work: Work, desk: Desk, show: Show, settle: Wait, qtbot: QtBot, hands: Hands, cashier_desk: CashierDesk
) -> None:
    invoice_id = cashier_desk.issued()
    number = cashier_desk.invoice(invoice_id).number
    home = QWidget()
    show(home, 800, 600)
    dialog = ApproveDialog(desk, home)
    dialog.open()
    settle()
    assert unnamed(dialog) == []
    hands.type("INV-1999-00001")
    dialog.form["amount"].setText("120")
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    assert dialog.form.fields["number"].error == "The invoice is not there any more. Refresh the list and try again."
    dialog.form["number"].setText(str(number).lower())
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    settle()
    code = modal(CodeDialog, qtbot)
    give_password(world, "admin")
    act = Act("billing.refund", invoice_id, rupees(12_000))
    second = confirm_approval(world.db, "admin", code.code.text(), act, asking=world.actor("cashier"))
    assert second.approval_id is not None
    press(code, "Close")


@pytest.mark.parametrize(("role", "may_approve"), [("admin", True), ("cashier", False)])
def test_the_user_menu_leads_to_the_account(
    role: str, may_approve: bool, house: Callable[[str], Shell], settle: Wait, qtbot: QtBot
) -> None:
    shell = house(role)
    actions = {one.text(): one for one in shell.header.user.menu().actions()}
    assert ("Approve for somebody" in actions) is may_approve
    actions["My account"].trigger()
    modal(AccountDialog, qtbot).close()
    settle()


def test_ones_own_pin_is_set_and_taken_away(account: AccountDialog, world: World, settle: Wait, qtbot: QtBot, said: list[str]) -> None:
    assert account.pin.text() == "Choose a PIN…"
    assert account.no_pin.isHidden()
    QTest.mouseClick(account.pin, CLICK)
    dialog = modal(PinDialog, qtbot)
    for name, text in (("current", SECRET), ("pin", "1234"), ("again", "1234")):
        dialog.form[name].setText(text)
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    assert dialog.form.fields["pin"].error == "This PIN is too easy to guess. Avoid rows, repeats and years."
    for name in ("pin", "again"):
        dialog.form[name].setText("7391")
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    settle()
    assert stored(world)["admin"].has_pin
    account.activateWindow()
    assert account.pin.text() == "Change my PIN…"
    QTest.mouseClick(account.no_pin, CLICK)
    settle()
    settle()
    assert not stored(world)["admin"].has_pin


# Messages


def test_the_mail_server_is_set_up_tried_and_used(
    world: World, desk: Desk, show: Show, settle: Wait, hands: Hands, said: list[str]
) -> None:
    screen = MailScreen(desk)
    show(screen, 962, 690)
    settle()
    assert not screen.mail.test.isEnabled()
    with mail_server() as (box, host, port):
        screen.setFocus()
        hands.type(host)
        screen.mail.form["security"].set_value(Security.UNPROTECTED)
        assert screen.mail.form["port"].value() == 25
        screen.mail.form["port"].setValue(port)
        hands.press(KEY.Key_S, CTRL)
        settle()
        assert screen.mail.form.fields["sender"].error == "Please fill this in."
        assert screen.draft() is not None
        screen.mail.form["sender"].setText("desk@sunrise.example")
        hands.press(KEY.Key_S, CTRL)
        settle()
        settle()
        assert (said, screen.draft()) == (["Saved."], None)
        QTest.mouseClick(screen.mail.test, CLICK)
        settle()
        assert said[-1] == "The server took the test message."
        details = {"username": "cashier", "full_name": "Cashier One", "email": "gone@clinic.example"}
        world.db.run(world.system(), commands.edit_user, user_id=world.users["cashier"], **details)
        request_reset_mail(world.db, "cashier")
        deliver_due(world.db)
        settle()
        settle()
        (row,) = screen.table.rows
        texts = [column.text(row) for column in screen.table.model.columns[:3]]
        assert texts == ["gone@clinic.example", "New password", "Given up"]
        assert not screen.again.isEnabled()
    assert [mail["Subject"] for mail in box.mails] == ["Test message"]
