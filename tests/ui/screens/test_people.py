"""Users, roles, sessions and one's own account, under real hands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from clinic_desktop.clinic.access import commands, queries
from clinic_desktop.clinic.access.codes import confirm_approval
from clinic_desktop.clinic.access.login import log_in
from clinic_desktop.clinic.access.queries import UserRow
from clinic_desktop.clinic.access.resets import request_reset_mail, reset_password
from clinic_desktop.clinic.access.rules import Act, LoginRefused, UserStatus
from clinic_desktop.clinic.messages.commands import claim_due
from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.rules import Channel, Security
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.people.account import AccountDialog, PasswordDialog, PinDialog
from clinic_desktop.ui.screens.people.approving import ApproveDialog
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.screens.people.first_password import FirstPasswordDialog
from clinic_desktop.ui.screens.people.mail import MailScreen
from clinic_desktop.ui.screens.people.matrix_view import MatrixView
from clinic_desktop.ui.screens.people.role_dialog import NewRoleDialog
from clinic_desktop.ui.screens.people.roles import RolesScreen
from clinic_desktop.ui.screens.people.sessions import SessionsScreen
from clinic_desktop.ui.screens.people.users import UsersScreen
from clinic_desktop.ui.screens.people.why import WhyDialog
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.widgets.dialogs import Dialog
from clinic_desktop.ui.work import Work
from tests.clinic.access.people import OTHER, SECRET, come_in, give_password
from tests.clinic.billing.desk import Desk as CashierDesk
from tests.clinic.billing.desk import build_at, rupees
from tests.clinic.messages.server import mail_server
from tests.clinic.world import World
from tests.ui.screens.frontdesk import Hands
from tests.ui.walk import unnamed

Wait = Callable[[], None]
Show = Callable[..., None]
D = TypeVar("D", bound=Dialog)
KEY = Qt.Key
CLICK = Qt.MouseButton.LeftButton
CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def menus(no_warnings: list[str]) -> Iterator[None]:
    """A menu grabs the keyboard, which the offscreen platform remarks on."""
    yield
    no_warnings[:] = [text for text in no_warnings if "grabbing the keyboard" not in text]


@pytest.fixture
def said(desk: Desk) -> list[str]:
    """What the toasts said."""
    told: list[str] = []
    desk.toasted.connect(lambda text, _tone, _undo: told.append(text))
    return told


def dialog_of(kind: type[D], qtbot: QtBot) -> D:
    qtbot.waitUntil(lambda: isinstance(QApplication.activeModalWidget(), kind), timeout=5_000)
    found = QApplication.activeModalWidget()
    assert isinstance(found, kind)
    qtbot.waitUntil(found.isActiveWindow)
    return found


def press(parent: QWidget, text: str) -> None:
    QTest.mouseClick(next(one for one in parent.findChildren(QPushButton) if one.text() == text), CLICK)


def back(screen: QWidget, qtbot: QtBot) -> None:
    screen.window().activateWindow()
    qtbot.waitUntil(screen.window().isActiveWindow)


def stored(world: World) -> dict[str, UserRow]:
    with world.db.read() as session:
        return {row.username: row for row in queries.users(session)}


# Users


@pytest.fixture
def users(desk: Desk, show: Show, settle: Wait) -> UsersScreen:
    screen = UsersScreen(desk)
    show(screen, 962, 690)
    settle()
    screen.setFocus()
    return screen


def choose(screen: UsersScreen, name: str) -> None:
    grid, rows = screen.records.table.grid, screen.records.table.rows
    place = next(i for i, one in enumerate(rows) if one.full_name == name)
    QTest.mouseClick(grid.viewport(), CLICK, pos=grid.visualRect(screen.records.table.model.index(place, 0)).center())


def test_a_new_person_gets_a_code_and_chooses_a_password(
    users: UsersScreen, world: World, hands: Hands, settle: Wait, qtbot: QtBot, said: list[str]
) -> None:
    hands.press(KEY.Key_F2)
    hands.type("Meera Joshi")
    hands.press(KEY.Key_Return)
    hands.type("Meera")
    form = users.records.form
    form["email"].setText("meera@clinic.example")
    QTest.mouseClick(
        users.boxes.boxes["nurse"], CLICK, pos=users.boxes.boxes["nurse"].rect().center() - users.boxes.boxes["nurse"].rect().center() / 1.1
    )
    assert users.boxes.value() == ("nurse",)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    settle()
    row = stored(world)["meera"]
    assert (row.full_name, row.roles, row.email, row.has_password) == ("Meera Joshi", ("nurse",), "meera@clinic.example", False)
    code = dialog_of(CodeDialog, qtbot)
    assert unnamed(code) == []
    reset_password(world.db, "meera", code.code.text(), SECRET)
    assert log_in(world.db, "meera", SECRET, clinic_id=world.clinic_id, workstation_id=None).roles == {"nurse"}
    press(code, "Close")
    back(users, qtbot)


def test_a_taken_username_is_said_at_the_field_and_nothing_is_lost(users: UsersScreen, hands: Hands, settle: Wait) -> None:
    hands.press(KEY.Key_F2)
    hands.type("Another Cashier")
    hands.press(KEY.Key_Return)
    hands.type("cashier")
    hands.press(KEY.Key_S, CTRL)
    settle()
    assert users.records.form.fields["username"].error == "This username is taken."
    assert users.records.form["full_name"].text() == "Another Cashier"
    draft = users.draft()
    assert draft is not None
    assert draft["form"]["username"] == "cashier"


def test_roles_are_changed_and_the_rights_are_explained(
    users: UsersScreen, world: World, hands: Hands, settle: Wait, qtbot: QtBot, said: list[str]
) -> None:
    choose(users, "Cashier One")
    box = users.boxes.boxes["receptionist"]
    box.setFocus()
    hands.press(KEY.Key_Space)
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert stored(world)["cashier"].roles == ("cashier", "receptionist")
    QTest.mouseClick(users.account_actions.why, CLICK)
    why = dialog_of(WhyDialog, qtbot)
    settle()
    texts = {row.code: why.table.model.columns[2].text(row) for row in why.table.rows}
    assert texts["billing.refund"] == "Cashier"
    assert texts["patients.create"] == "Receptionist"
    assert texts["access.own_account"] == "Cashier, Receptionist"
    assert texts["access.users"] == "Not allowed"
    hands.type("duplicate")  # letters go to the filter
    hands.press(KEY.Key_Escape)
    back(users, qtbot)


def test_a_draft_of_an_account_comes_back(users: UsersScreen, desk: Desk, show: Show, settle: Wait, hands: Hands) -> None:
    choose(users, "Cashier One")
    users.records.form["full_name"].setText("Cashier Uno")
    users.boxes.boxes["nurse"].setChecked(True)
    draft = users.draft()
    assert draft is not None
    again = UsersScreen(desk)
    again.restore(draft)
    show(again, 962, 690)
    settle()
    assert again.records.form["full_name"].text() == "Cashier Uno"
    assert again.boxes.value() == ("cashier", "nurse")
    assert again.draft() == draft


def menu(users: UsersScreen, name: str) -> None:
    """Choose from the menu More, with the mouse."""
    QTest.mouseClick(users.account_actions.more, CLICK)
    shown = users.account_actions.menu
    action = users.account_actions.actions[name]
    assert action.isVisible()
    QTest.mouseClick(shown, CLICK, pos=shown.actionGeometry(action).center())


def test_disabling_asks_first_and_enabling_does_not(
    menus: None, users: UsersScreen, world: World, settle: Wait, qtbot: QtBot, said: list[str]
) -> None:
    give_password(world, "cashier")
    actor = come_in(world, "cashier", at="cashier")
    choose(users, "Cashier One")
    menu(users, "disable")
    question = dialog_of(Dialog, qtbot)
    press(question, "Disable")
    settle()
    settle()
    back(users, qtbot)
    assert stored(world)["cashier"].status is UserStatus.DISABLED
    with pytest.raises(ClinicError), world.db.read(actor):
        pass
    choose(users, "Cashier One")
    menu(users, "enable")
    settle()
    settle()
    assert stored(world)["cashier"].status is UserStatus.ACTIVE
    assert said[-2:] == ["\u2068Cashier One\u2069 is disabled.", "\u2068Cashier One\u2069 may log in again."]


def test_a_first_password_obeys_the_rules_and_is_to_be_changed(
    menus: None, users: UsersScreen, world: World, settle: Wait, qtbot: QtBot, hands: Hands
) -> None:
    choose(users, "Cashier One")
    menu(users, "password")
    dialog = dialog_of(FirstPasswordDialog, qtbot)
    assert unnamed(dialog) == []
    hands.type("password123")
    hands.press(KEY.Key_Return)
    settle()
    assert dialog.form.fields["password"].error == "This password is too common."
    dialog.form["password"].setText(SECRET)
    hands.press(KEY.Key_Return)
    settle()
    settle()
    back(users, qtbot)
    row = stored(world)["cashier"]
    assert (row.has_password, row.must_change_password) == (True, True)


def test_who_may_not_give_roles_sees_them_only(world: World, desk_as: Callable[[str], Desk], show: Show, settle: Wait) -> None:
    system = world.system()
    world.db.run(system, commands.define_role, code="clerk", name="Clerk", permissions=["access.users"])
    world.db.run(system, commands.assign_roles, user_id=world.users["auditor"], roles=["clerk"])
    screen = UsersScreen(desk_as("auditor"))
    show(screen, 962, 690)
    settle()
    assert not screen.boxes.isEnabled()
    assert screen.records.form["full_name"].isEnabled()


# Roles


@pytest.fixture
def roles(desk: Desk, show: Show, settle: Wait) -> RolesScreen:
    screen = RolesScreen(desk)
    show(screen, 962, 690)
    settle()
    screen.setFocus()
    return screen


def held(world: World, code: str) -> set[str]:
    with world.db.read() as session:
        return set(next(row for row in queries.roles(session) if row.code == code).permissions)


def cell(screen: RolesScreen, role: str, permission: str) -> Any:
    column = 1 + next(i for i, one in enumerate(screen.model.roles) if one.code == role)
    place = next(i for i, one in enumerate(screen.model.lines) if one.permission == permission)
    return screen.model.index(place, column)


def click(screen: RolesScreen, role: str, permission: str) -> None:
    view: MatrixView = screen.view
    index = cell(screen, role, permission)
    view.scrollTo(index)
    QTest.mouseClick(view.viewport(), CLICK, pos=view.visualRect(index).center())


def test_rights_are_ticked_and_saved_together(roles: RolesScreen, world: World, hands: Hands, settle: Wait, said: list[str]) -> None:
    click(roles, "nurse", "billing.discount")
    click(roles, "cashier", "billing.refund")
    assert (roles.typed.text(), held(world, "nurse") & {"billing.discount"}) == ("2 changes are not saved", set())
    assert roles.draft() == {"changes": {"nurse": {"billing.discount": True}, "cashier": {"billing.refund": False}}}
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert "billing.discount" in held(world, "nurse")
    assert "billing.refund" not in held(world, "cashier")
    assert {"access.own_account", "access.own_drafts"} <= held(world, "cashier")
    assert roles.draft() is None
    assert not roles.save.isEnabled()


def test_the_keyboard_ticks_too_and_a_second_time_takes_it_back(roles: RolesScreen, hands: Hands) -> None:
    roles.view.setFocus()
    roles.view.setCurrentIndex(cell(roles, "nurse", "billing.discount"))
    hands.press(KEY.Key_Space)
    assert roles.draft() == {"changes": {"nurse": {"billing.discount": True}}}
    hands.press(KEY.Key_Space)
    assert roles.draft() is None


@pytest.mark.parametrize(
    ("role", "permission"), [("super_admin", "billing.refund"), ("admin", "billing.refund"), ("nurse", "access.own_account")]
)
def test_what_holds_by_rule_cannot_be_ticked(roles: RolesScreen, role: str, permission: str) -> None:
    click(roles, role, permission)
    assert roles.draft() is None


def test_ticks_are_discarded_and_drafts_come_back(roles: RolesScreen, desk: Desk, show: Show, settle: Wait) -> None:
    click(roles, "nurse", "billing.discount")
    draft = roles.draft()
    assert draft is not None
    QTest.mouseClick(roles.discard, CLICK)
    assert roles.draft() is None
    again = RolesScreen(desk)
    again.restore(draft)
    show(again, 962, 690)
    settle()
    assert again.draft() == draft


def test_the_matrix_is_searched_and_shows_what_a_role_lacks(roles: RolesScreen, hands: Hands) -> None:
    roles.search.setFocus()
    hands.type("refund")
    assert [line.permission for line in roles.model.lines if line.permission] == ["billing.approve", "billing.refund"]
    roles.lacking.set_value("cashier")
    assert [line.permission for line in roles.model.lines if line.permission] == ["billing.approve"]


def test_a_role_of_the_clinics_own_is_a_copy_to_be_changed(
    roles: RolesScreen, world: World, hands: Hands, settle: Wait, qtbot: QtBot
) -> None:
    roles.view.setCurrentIndex(cell(roles, "receptionist", "patients.create"))
    hands.press(KEY.Key_F2)
    dialog = dialog_of(NewRoleDialog, qtbot)
    assert dialog.source.value() == "receptionist"
    hands.type("Night desk")
    QTest.mouseClick(dialog.post, CLICK)
    settle()
    settle()
    back(roles, qtbot)
    assert held(world, "night_desk") == held(world, "receptionist")
    assert roles.model.roles[-1].name == "Night desk"
    click(roles, "night_desk", "patients.create")
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert "patients.create" not in held(world, "night_desk")
    assert "patients.create" in held(world, "receptionist")


def test_a_role_is_taken_out_of_use_and_keeps_its_rights(
    roles: RolesScreen, world: World, settle: Wait, said: list[str], hands: Hands
) -> None:
    before = held(world, "nurse")
    roles.view.setCurrentIndex(cell(roles, "nurse", "patients.create"))
    assert roles.chosen.text() == "Nurse: 1 person"
    QTest.mouseClick(roles.switch, CLICK)
    settle()
    settle()
    assert world.actor("nurse").permissions == frozenset()
    click(roles, "nurse", "billing.discount")  # also while it is not in use
    hands.press(KEY.Key_S, CTRL)
    settle()
    settle()
    assert held(world, "nurse") == before | {"billing.discount"}
    assert roles.switch.text() == "Put back into use"


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
    press(dialog_of(Dialog, qtbot), "End all")
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
    dialog = dialog_of(PasswordDialog, qtbot)
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
    code = dialog_of(CodeDialog, qtbot)
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
    dialog_of(AccountDialog, qtbot).close()
    settle()


def test_ones_own_pin_is_set_and_taken_away(account: AccountDialog, world: World, settle: Wait, qtbot: QtBot, said: list[str]) -> None:
    assert account.pin.text() == "Choose a PIN…"
    assert account.no_pin.isHidden()
    QTest.mouseClick(account.pin, CLICK)
    dialog = dialog_of(PinDialog, qtbot)
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
