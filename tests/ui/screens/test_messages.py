"""The text message service on the Messages screen, under real hands, against a real gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QTabBar

from clinic_desktop.clinic.messages.delivery import deliver_due
from clinic_desktop.clinic.messages.queries import text_service
from clinic_desktop.clinic.messages.rules import BodyForm
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.people.mail import MailScreen
from tests.clinic.messages.gateway_server import Answer, text_gateway
from tests.clinic.messages.test_gateway_queue import queue_texts, set_up
from tests.clinic.world import World
from tests.ui.screens.frontdesk import Hands

Wait = Callable[[], None]
KEY, CTRL, CLICK = Qt.Key, Qt.KeyboardModifier.ControlModifier, Qt.MouseButton.LeftButton


@pytest.fixture
def said(desk: Desk) -> list[str]:
    """What the toasts said."""
    told: list[str] = []
    desk.toasted.connect(lambda text, _tone, _undo: told.append(text))
    return told


@pytest.fixture
def screen(desk: Desk, show: Callable[..., None], settle: Wait) -> MailScreen:
    """The screen with the text message service in front."""
    found = MailScreen(desk)
    show(found, 962, 690)
    settle()
    bar: QTabBar = found.tabs.tabBar()
    QTest.mouseClick(bar, CLICK, pos=bar.tabRect(1).center())
    assert found.texts.isVisible()
    return found


def texts_of(screen: MailScreen) -> list[str]:
    (row,) = screen.table.rows
    return [column.text(row) for column in screen.table.model.columns[:3]]


def test_the_service_is_set_up_tried_and_used(world: World, screen: MailScreen, settle: Wait, hands: Hands, said: list[str]) -> None:
    form = screen.texts.form
    assert not screen.texts.test.isEnabled()
    with text_gateway(Answer(200), Answer(400, b"sender SUNRSE is not registered"), Answer(400, b"number")) as gateway:
        form["url"].setFocus()
        hands.type(gateway.url)
        hands.press(KEY.Key_Tab)
        hands.press(KEY.Key_Down)
        assert form["template"].toPlainText() == '{"to": "{to}", "text": "{text}", "from": "{sender}"}'
        hands.press(KEY.Key_S, CTRL)
        settle()
        assert form.fields["sender"].error == "Please fill this in."
        assert screen.draft() is not None
        hands.type("SUNRSE")
        hands.press(KEY.Key_S, CTRL)
        settle()
        settle()
        assert (said, screen.draft()) == (["Saved."], None)
        with world.db.read() as session:
            found = text_service(session)
        assert (found.url, found.form, found.sender) == (gateway.url, BodyForm.JSON, "SUNRSE")

        QTest.mouseClick(screen.texts.test, CLICK)
        settle()
        assert form.fields["recipient"].error == "Please fill this in."
        hands.type("98765 43210")
        QTest.mouseClick(screen.texts.test, CLICK)
        settle()
        assert said[-1] == "The service took the test message."
        assert gateway.requests[0].json["to"] == "+919876543210"
        assert form["recipient"].text() == "98765 43210"

        QTest.mouseClick(screen.texts.test, CLICK)
        settle()
        assert "400 Bad Request: sender SUNRSE is not registered" in screen.texts.problem.text()
        assert screen.texts.problem.text().startswith("The text message service did not take the message: ")

        queue_texts(world)
        deliver_due(world.db)
        settle()
        settle()
        assert texts_of(screen) == ["\u2066+919876543200\u2069", "test", "Given up"]


def test_what_is_typed_is_neither_tested_nor_lost_until_it_is_saved(
    world: World, screen: MailScreen, settle: Wait, hands: Hands, said: list[str]
) -> None:
    with text_gateway() as gateway:
        set_up(world, gateway.url)
        settle()
        settle()
        form = screen.texts.form
        assert form["url"].text() == gateway.url
        form["sender"].setFocus()
        hands.type("X")
        form["recipient"].setFocus()
        hands.type("9876543210")
        QTest.mouseClick(screen.texts.test, CLICK)
        settle()
        assert screen.texts.problem.text() == "Save first: a test message goes by what is saved."
        queue_texts(world)  # what others do reads the screen again
        deliver_due(world.db)
        settle()
        settle()
        assert texts_of(screen)[2] == "Sent"
        assert (form["sender"].text(), form["recipient"].text()) == ("SUNRSEX", "9876543210")
        assert len(gateway.requests) == 1
        assert said == []


@pytest.mark.parametrize(
    ("field", "typed", "error"),
    [
        ("url", "http://sms.example.com/", "Only a service on this computer itself may do without https."),
        ("template", '{"to": "{to}"}', "\u2068{text}\u2069 is missing: the message needs it."),
        ("template", "to: {to}", 'This cannot be read as JSON. Texts and places such as "{to}" stand in double quotes.'),
        ("header", "X Key", "This is no name that a header can have here, as “Authorization” is."),
        ("secret", "k7Hq-20", "A password is kept in an encrypted database only."),
    ],
)
def test_a_refusal_stands_at_its_field_and_nothing_typed_is_lost(
    world: World, screen: MailScreen, settle: Wait, hands: Hands, field: str, typed: str, error: str
) -> None:
    set_up(world, "https://sms.example.com/", header="Authorization")
    settle()
    settle()
    form = screen.texts.form
    form[field].setFocus()
    form[field].selectAll()
    hands.type(typed)
    QTest.mouseClick(screen.texts.save, CLICK)
    settle()
    assert form.fields[field].error == error
    assert _text(form[field]) == typed
    with world.db.read() as session:
        found = text_service(session)
    assert (found.url, found.header, found.sealed) == ("https://sms.example.com/", "Authorization", None)


def _text(editor: Any) -> str:
    return str(editor.toPlainText() if hasattr(editor, "toPlainText") else editor.text())
