"""The set-up of a clinic as a person goes through it: keys and clicks on the real page."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit
from pytestqt.qtbot import QtBot

from clinic_desktop.ui.screens.login.pages import LoginPage
from clinic_desktop.ui.screens.setup.choose import NEW, ChoosePage
from clinic_desktop.ui.screens.setup.page import SetupPage
from clinic_desktop.ui.session import Session
from tests.ui.pages import page

USERNAME, PASSWORD = "asha", "blue-Elephant-42"
ORDER = ("you", "recovery", "place", "hours", "departments", "tax", "summary")


class Founder:
    """Somebody who sets a clinic up in one session of the program."""

    def __init__(self, session: Session, qtbot: QtBot) -> None:
        self.session, self._qtbot = session, qtbot
        self.key = ""

    def begin(self) -> None:
        """Choose a new clinic on the first page."""
        choose: ChoosePage = page(self.session, ChoosePage, self._qtbot)
        QTest.mouseClick(choose.tiles[NEW], Qt.MouseButton.LeftButton)
        self.at("you")

    def log_in(self) -> None:
        """Come back to a set-up that was interrupted."""
        login: LoginPage = page(self.session, LoginPage, self._qtbot)
        if not login.username.text():
            QTest.keyClicks(login.username, USERNAME)
        QTest.keyClicks(login.password, PASSWORD)
        QTest.keyClick(login.password, Qt.Key.Key_Return)

    def at(self, code: str) -> Any:
        """The step of that code, once it stands there and nothing is under way."""
        self._qtbot.waitUntil(lambda: self._code() == code and not self.session.work.is_busy, timeout=120_000)
        return self.page.step

    @property
    def page(self) -> SetupPage:
        """The page of the set-up."""
        now = self.session.window.centralWidget()
        assert isinstance(now, SetupPage), now
        return now

    def _code(self) -> str:
        now = self.session.window.centralWidget()
        return now.code if isinstance(now, SetupPage) else ""

    def type(self, **texts: str) -> None:
        """Type into fields of the step, over what stands in them."""
        step = self.page.step
        assert step is not None
        for name, text in texts.items():
            editor = step.form[name]
            editor.setFocus()
            assert isinstance(editor, (QLineEdit, QPlainTextEdit))
            editor.selectAll()
            QTest.keyClicks(editor, text)

    def go_on(self) -> None:
        """Click Continue."""
        QTest.mouseClick(self.page.forward, Qt.MouseButton.LeftButton)

    def go_back(self) -> None:
        """Click Back."""
        QTest.mouseClick(self.page.back, Qt.MouseButton.LeftButton)

    # One step each, from its beginning to the next

    def you(self) -> None:
        """Name, username, password."""
        self.type(full_name="Dr. Asha Rao", username=USERNAME, password=PASSWORD, again=PASSWORD)
        QTest.keyClick(self.page.step.form["again"], Qt.Key.Key_Return)  # type: ignore[union-attr]
        self.at("recovery")

    def recovery(self) -> None:
        """Note the key, type two groups of it back."""
        step = self.at("recovery")
        self._qtbot.waitUntil(lambda: step.has_key)
        self.key = "-".join(step.groups)
        self.go_on()
        for number, field in step.typed_back.fields.items():
            QTest.keyClicks(field.editor, self.key.split("-")[int(number)].lower())
        self.go_on()
        self.at("place")

    def place(self) -> None:
        """The hospital and its branch."""
        self.type(name="Sunrise Hospital", clinic_name="Main Clinic", address="12 Hill Road", phone="022 1234")
        self.page.step.form["timezone"].set_value("Asia/Kolkata")  # type: ignore[union-attr]
        self.go_on()
        self.at("hours")

    def hours(self) -> None:
        """The usual hours."""
        self.go_on()
        self.at("departments")

    def departments(self) -> None:
        """The common ones and one more."""
        self.type(names="Ayurveda")
        self.go_on()
        self.at("tax")

    def tax(self) -> None:
        """GST, on top."""
        step = self.page.step
        assert step is not None
        step.form["kind"].set_value("gst")
        self.type(rate_basis_points="18")
        self.go_on()
        self.at("summary")

    def up_to(self, code: str) -> None:
        """Go through the steps before that one."""
        for one in ORDER[ORDER.index(self.page.code) : ORDER.index(code)]:
            steps: dict[str, Callable[[], None]] = {
                "you": self.you,
                "recovery": self.recovery,
                "place": self.place,
                "hours": self.hours,
                "departments": self.departments,
                "tax": self.tax,
            }
            steps[one]()


def url_of(folder: Path) -> str:
    """A database that is not there yet, in a folder that is not there either."""
    return f"sqlcipher:///{(folder / 'data' / 'clinic.db').as_posix()}"
