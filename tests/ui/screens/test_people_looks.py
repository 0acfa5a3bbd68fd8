"""Every screen of people opens for who may use it, is named for screen readers, and is worth a look."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtWidgets import QApplication, QWidget

from clinic_desktop.clinic.access import commands, queries
from clinic_desktop.clinic.messages.rules import TEMPLATES, BodyForm
from clinic_desktop.clinic.messages.sealing import set_text_service
from clinic_desktop.kernel.i18n import activate
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.people import SCREENS
from clinic_desktop.ui.screens.people.account import AccountDialog, PasswordDialog, PinDialog
from clinic_desktop.ui.screens.people.approving import ApproveDialog
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.screens.people.first_password import FirstPasswordDialog
from clinic_desktop.ui.screens.people.role_dialog import NewRoleDialog
from clinic_desktop.ui.screens.people.users import UsersScreen
from clinic_desktop.ui.screens.people.why import WhyDialog
from clinic_desktop.ui.spec import ScreenSpec
from clinic_desktop.ui.theme.apply import apply_theme
from tests.clinic.access.people import come_in, give_password
from tests.clinic.world import World
from tests.ui.screens.conftest import LOOKS, Look
from tests.ui.walk import unnamed

Wait = Callable[[], None]


@pytest.fixture
def lived_in(world: World) -> World:
    """Somebody is at work, somebody is shut out, and the clinic has a role of its own."""
    admin = world.actor("admin")
    for role in ("receptionist", "cashier", "doctor"):
        give_password(world, role)
        come_in(world, role, at="front desk" if role == "receptionist" else "cashier" if role == "cashier" else None)
    world.db.run(admin, commands.disable_user, user_id=world.users["nurse"])
    code = world.db.run(admin, commands.copy_role, name="Desk lead", copied_from="receptionist")
    world.db.run(admin, commands.assign_roles, user_id=world.users["receptionist"], roles=["receptionist", code])
    return world


@pytest.mark.parametrize(("theme", "language"), LOOKS)
@pytest.mark.parametrize("spec", SCREENS, ids=lambda one: one.code)
def test_a_screen_opens_and_is_named(lived_in: World, look: Look, spec: ScreenSpec, theme: str, language: str) -> None:
    look(spec, theme, language)


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_the_dialogs_are_named(
    qapp: QApplication,
    lived_in: World,
    desk: Desk,
    show: Callable[..., None],
    settle: Wait,
    picture: Callable[[QWidget, str], Any],
    theme: str,
    language: str,
) -> None:
    activate(language)
    apply_theme(qapp, theme, right_to_left=language == "ar")
    screen = UsersScreen(desk)
    show(screen, 962, 690)
    settle()
    with lived_in.db.read() as session:
        person = next(one for one in queries.users(session) if one.username == "receptionist")
    text = "Asha chooses “Forgotten password” on the log-in page, types “asha” and this code. It works once, until 10:42."
    dialogs = {
        "why": WhyDialog(screen, person),
        "code": CodeDialog(screen, "Code for a new password", text, "7QK4M 2ZRT9"),
        "first": FirstPasswordDialog(screen, person),
        "account": AccountDialog(desk, screen),
        "pin": PinDialog(desk, screen),
        "password": PasswordDialog(desk, "admin", screen),
        "approve": ApproveDialog(desk, screen),
        "role": NewRoleDialog(screen, [], None),
    }
    for name, dialog in dialogs.items():
        dialog.open()
        settle()
        picture(dialog, f"people-{name}-{theme}-{language}")
        assert unnamed(dialog) == [], name
        dialog.close()


@pytest.mark.parametrize(("theme", "language"), LOOKS)
def test_the_text_message_service_is_named(
    world: World, look: Look, settle: Wait, picture: Callable[[QWidget, str], Any], theme: str, language: str
) -> None:
    service = {"url": "https://sms.example.com/v2/messages", "form": BodyForm.JSON, "template": TEMPLATES[BodyForm.JSON]}
    set_text_service(world.db, world.actor("admin"), **service, header="Authorization", sender="SUNRSE", secret=None)  # type: ignore[arg-type]
    screen = look(next(one for one in SCREENS if one.code == "messages"), theme, language)
    screen.tabs.setCurrentWidget(screen.texts)
    screen.texts.form["sender"].clear()
    screen.texts.save.click()
    settle()
    picture(screen, f"messages-texts-{theme}-{language}")
    assert unnamed(screen) == []
    assert screen.texts.form.fields["sender"].error
