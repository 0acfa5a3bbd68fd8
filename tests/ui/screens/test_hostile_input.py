"""Whatever is typed or pasted anywhere at the front desk: kept as it was, or refused at its field with everything still there."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, Qt
from PySide6.QtGui import QAction, QTextDocument
from PySide6.QtGui import Qt as Gui
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from shiboken6 import isValid
from sqlalchemy import select

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.patients import queries as people
from clinic_desktop.clinic.staff import commands as staff
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.kernel.journal import AuditLog, ChangeSet, JournalHead
from clinic_desktop.kernel.text import clean_text
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens import collected
from clinic_desktop.ui.screens.registration.screen import RegistrationScreen
from clinic_desktop.ui.spec import ScreenSpec
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.widgets import Button, DateField, Dialog, FormField, PhoneField
from clinic_desktop.ui.widgets.times import TimeField
from tests.clinic.world import money
from tests.ui.hands import enter
from tests.ui.screens.frontdesk import TODAY, FrontDesk, at
from tests.ui.screens.hostile import BOXES, FOLDERS, FORMS, LEFT_OUT, MARK, WAVES, Place, kinds

Settle = Callable[[], None]
Editor = QLineEdit | QPlainTextEdit
RIGHT = {"email": "a@b.example", "birth": "34", "body": "Dear {patient_name}"}
"""What a field takes that does not take just any words."""


def editors(root: QWidget) -> list[Editor]:
    """The fields that hands can type into, filters of lists left out: those look at what is shown and ask nobody."""
    found = [*root.findChildren(QLineEdit), *root.findChildren(QPlainTextEdit)]
    within = (QAbstractSpinBox, QComboBox, TableView)
    return [
        one
        for one in found
        if one.isVisibleTo(root) and one.isEnabled() and not one.isReadOnly() and not isinstance(one.parentWidget(), within)
    ]


def words(editor: Editor) -> str:
    return editor.text() if isinstance(editor, QLineEdit) else editor.toPlainText()


def put(editor: Editor, text: str) -> None:
    """Put words in place of what is there: typed key by key where hands would, pasted otherwise."""
    editor.setFocus()
    editor.selectAll()
    if isinstance(editor, QLineEdit) and len(text) < 30:
        QTest.keyClick(editor, Qt.Key.Key_Delete)
        enter(editor, text)
        return
    QApplication.clipboard().setText(text)
    QTest.keyClick(editor, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def squeezed(text: str) -> str:
    return "".join(clean_text(text).split())


def error_at(editor: Editor) -> str:
    around = editor.parentWidget()
    return around.error if isinstance(around, FormField) else ""


def save(place: Place, root: QWidget) -> None:
    if place.save is not None:
        place.save(root)
        return
    button = [one for one in root.findChildren(Button) if one.property("role") in ("primary", "danger") and one.isVisibleTo(root)][-1]
    assert button.isEnabled(), f"{button.text()} cannot be pressed"
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def seen(text: str) -> str:
    """What is left of a text where Qt looks for letters that are keys."""
    return re.sub("&(.)", r"\1", text)


def interpreted(root: QWidget) -> list[str]:
    """Where our mark is shown otherwise than it is written."""
    wrong = []
    for one in [root, *root.findChildren(QWidget)]:
        shown = []
        if isinstance(one, QLabel):
            rich = one.textFormat() != Qt.TextFormat.PlainText and Gui.mightBeRichText(one.text())
            shown.append(_plain(one.text()) if rich else seen(one.text()) if one.buddy() is not None else one.text())
        if isinstance(one, QAbstractButton):
            shown.append(seen(QAbstractButton.text(one)))
        if isinstance(one, QAbstractItemView) and one.model() is not None:
            model = one.model()
            columns = range(1 if isinstance(one, QListView) else model.columnCount())
            cells = [model.index(line, column) for line in range(min(model.rowCount(), 30)) for column in columns]
            shown += [_tip(str(cell.data(Qt.ItemDataRole.ToolTipRole) or "")) for cell in cells]
        shown += [_tip(one.toolTip()), *(seen(action.text()) for action in one.actions() if isinstance(action, QAction))]
        wrong += [f"{type(one).__name__}: {text}" for text in shown if "Zqx" in text and MARK not in text]
    return wrong


def _tip(text: str) -> str:
    return _plain(text) if Gui.mightBeRichText(text) else text


def _plain(text: str) -> str:
    document = QTextDocument()
    document.setHtml(text)
    return document.toPlainText()


class Room:
    """One place, and the hands at it."""

    def __init__(self, front: FrontDesk, settle: Settle, show: Callable[..., None], qtbot: QtBot) -> None:
        self.front, self.settle, self.show, self.qtbot = front, settle, show, qtbot
        self._turn = 0

    def come(self, place: Place, screen: Screen) -> QWidget:
        root = place.open(screen, self.front)
        if isinstance(root, Dialog):
            root.open()
        else:
            self.show(root)
        self.settle()
        return root

    def leave(self, root: QWidget) -> None:
        if isValid(root):
            root.reject() if isinstance(root, Dialog) else root.hide()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def type_all(self, root: QWidget, wave: str) -> dict[Editor, str]:
        """Type it into every field; what does not go in whole is said at the field."""
        typed = {}
        for editor in editors(root):
            put(editor, wave)
        QCoreApplication.processEvents()
        for editor in editors(root):
            typed[editor] = words(editor)
            told = error_at(editor) or not isinstance(editor.parentWidget(), FormField)
            assert told or squeezed(typed[editor]) == squeezed(wave), f"{editor.objectName()} took {typed[editor][:40]!r} without a word"
        return typed

    def _right(self, editor: Editor) -> str:
        """What a field takes that does not take just any words; another one each time."""
        self._turn += 1
        if isinstance(editor, DateField):
            return "02/03/2026"
        if isinstance(editor, TimeField):
            hour, minute = divmod(19 * 60 + 15 + 9 * self._turn, 60)
            return f"{hour}:{minute:02}"
        if isinstance(editor, PhoneField):
            return f"98200 11{self._turn:03}"
        return RIGHT.get(editor.objectName(), "Plain words")

    def save(self, place: Place, root: QWidget, typed: dict[Editor, str]) -> None:
        """Save until it is saved, mending what is refused: each time at its field, and nothing else is gone."""
        mended = []
        for _attempt in range(25):
            save(place, root)
            self.settle()
            if not isValid(root) or not root.isVisible() or place.done(root):
                return
            wrong = [one.editor for one in root.findChildren(FormField) if one.error]
            mended += [(one.name, one.error) for one in root.findChildren(FormField) if one.error]
            said = [
                one.text() for one in root.findChildren(QLabel) if one.property("tone") == "bad" and one.isVisibleTo(root) and one.text()
            ]
            assert wrong, f"{type(root).__name__}: refused, and no field says why: {said}"
            assert {one.objectName(): words(one) for one in typed} == {one.objectName(): text for one, text in typed.items()}
            for editor in wrong:
                assert isinstance(editor, (QLineEdit, QPlainTextEdit)), editor
                put(editor, self._right(editor))
                typed[editor] = words(editor)
        raise AssertionError(f"{type(root).__name__} is never saved: {mended}")


@pytest.fixture
def room(front: FrontDesk, settle: Settle, show: Callable[..., None], qtbot: QtBot) -> Room:
    return Room(front, settle, show, qtbot)


def written(front: FrontDesk, since: int) -> str:
    """Every text that was written since, and the reasons."""
    with front.world.db.read() as session:
        changes = session.scalars(select(AuditLog.changes).where(AuditLog.seq > since)).all()
        reasons = session.scalars(select(ChangeSet.reason).where(ChangeSet.seq > since)).all()
        return "\n".join([*(one or "" for one in reasons), *_texts([json.loads(one) for one in changes])])


def _texts(value: Any) -> list[str]:
    if isinstance(value, dict):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list):
        return [text for one in value for text in _texts(one)]
    return [value] if isinstance(value, str) else []


def head(front: FrontDesk) -> int:
    with front.world.db.read() as session:
        return session.scalars(select(JournalHead.seq)).one()


def test_no_place_is_left_out() -> None:
    known = {place.kind for place in (*FORMS, *BOXES)}
    assert {kind.__name__ for kind in kinds()} - {kind.__name__ for kind in known} - LEFT_OUT.keys() == set()


@pytest.mark.parametrize("place", FORMS, ids=lambda place: place.kind.__name__)
def test_what_is_typed_is_kept_or_refused_at_its_field(
    place: Place, desk_as: Callable[[str], Desk], front: FrontDesk, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QApplication, "doubleClickInterval", lambda: 0)  # hands that are faster than a person's, on purpose
    screen = Screen(desk_as(place.role))
    room.show(screen)
    for wave in WAVES:
        root = room.come(place, screen)
        typed = room.type_all(root, wave)
        assert typed
        names = {one: one.objectName() for one in typed}
        dated = {one for one in typed if isinstance(one, (DateField, TimeField, PhoneField))}
        since = head(front)
        room.save(place, root, typed)
        kept = squeezed(written(front, since))
        for editor, text in typed.items():
            if editor not in dated and names[editor] not in place.unkept:
                assert squeezed(text) in kept, f"{names[editor]} lost {text[:40]!r}"
        assert interpreted(screen.window()) == []
        if isValid(root):
            assert interpreted(root.window()) == []
        room.leave(root)


@pytest.mark.parametrize("place", BOXES, ids=lambda place: place.kind.__name__)
def test_what_is_looked_for_may_be_anything(place: Place, desk_as: Callable[[str], Desk], front: FrontDesk, room: Room) -> None:
    front.patient(MARK, "Hostel")
    screen = Screen(desk_as(place.role))
    room.show(screen)
    root = room.come(place, screen)
    for wave in WAVES:
        typed = room.type_all(root, wave)
        room.settle()
        assert {one: words(one) for one in typed} == typed
        assert interpreted(root) == []
    room.leave(root)


@pytest.mark.parametrize("spec", [one for one in collected()[0] if one.factory.split(".")[3] in FOLDERS], ids=lambda spec: spec.code)
def test_a_name_is_shown_as_it_is_written(spec: ScreenSpec, desk_as: Callable[[str], Desk], front: FrontDesk, room: Room) -> None:
    who = front.patient(MARK, MARK, allergies=MARK, phone="98200 11001")
    front.patient(MARK, MARK, date_of_birth=who.date_of_birth)
    add = {"code": "ZQX", "price": money(100), "duration_minutes": 15, "category": ServiceCategory.CONSULTATION}
    service_id = front.run("admin", staff.add_service, name=MARK, **add)
    front.book(who, at(12), service_id=service_id, reason=MARK)
    front.book(who, at(12, day=TODAY + timedelta(days=1)), reason=MARK)
    front.run("nurse", frontdesk.hold, visit_id=front.walk_in(front.patient(MARK, "Held")).visit_id, reason=MARK)
    front.walk_in(front.patient(MARK, "Waits"), service_id=service_id)
    role = "receptionist" if spec.is_for(front.world.actor("receptionist")) else "admin"
    screen = spec.build(desk_as(role), home := QWidget())
    screen.open(**({"patient_id": who.id} if spec.code in ("booking", "patient") else {}))
    room.show(home)
    screen.resize(home.size())
    screen.show()
    room.settle()
    assert interpreted(home) == []
    for table in screen.findChildren(TableView):
        table.select_first()
        room.settle()
    assert interpreted(home) == []


def test_what_is_kept_fits_the_form_and_is_not_cut_by_saving_it(front: FrontDesk, desk_as: Callable[[str], Desk], room: Room) -> None:
    long = {"allergies": "Penicillin, " * 300, "remarks": "r" * 5_000, "emergency_contact_phone": "+91 (0) 98200 - 11001 / 11 - 12"}
    name = {"first": "A" * 100, "middle_name": "B" * 100, "last": "C" * 100}
    who = front.patient(**name, **long, national_id="7" * 60, address="Road " * 190)
    screen = RegistrationScreen(desk_as("receptionist"))
    screen.open(patient_id=who.id)
    room.show(screen)
    room.settle()
    put(screen.form.more["city"], "Pune")
    screen.save.click()
    room.settle()
    now = front.ask(people.patient, who.id)
    assert (now.city, now.row_version) == ("Pune", who.row_version + 1)
    kept = ("full_name", "national_id", "address", *long)
    assert {one: getattr(now, one) for one in kept} == {one: getattr(who, one) for one in kept}
