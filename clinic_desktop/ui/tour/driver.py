"""The hands of the tour: keys and clicks through the windows, as the platform delivers them; and the pictures of what follows."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QComboBox, QDialog, QMenu, QScrollArea, QWidget

from clinic_desktop.kernel.i18n import active
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.session import Session
from clinic_desktop.ui.shell import Shell
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.tour.album import Album
from clinic_desktop.ui.tour.eyes import Patience, StepFailed, W, find, is_over
from clinic_desktop.ui.tour.fitting import cut_texts
from clinic_desktop.ui.tour.story import DayClock, RealClock, Story

if TYPE_CHECKING:  # what a print action imports is watched when it does
    from clinic_desktop.ui.printing import Preview

Kind: TypeAlias = type[W]
_LEFT, _NONE = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Driver:
    """Types, presses, clicks, waits and takes pictures; ``keys`` counts what was pressed."""

    def __init__(self, app: QApplication, session: Session, album: Album, story: Story, clock: DayClock | RealClock) -> None:
        self.session, self.album, self.story, self.clock = session, album, story, clock
        self.patience = Patience(app, session.work)
        self.keys = 0
        self.size = session.window.size()
        self.errors: list[str] = []

    # Where we are

    @property
    def is_demo_day(self) -> bool:
        """Whether this is the day that every tour of the fresh demo shows."""
        return isinstance(self.clock, DayClock)

    @property
    def shell(self) -> Shell:
        """The shell of whoever is logged in."""
        shell = self.session.window.shell
        if shell is None:
            raise StepFailed("nobody is logged in")
        return shell

    def screen(self, code: str) -> Screen:
        """The open screen, which must be that one."""
        self.patience.until(lambda: self.shell.current_code == code, f"the screen {code} (open is {self.shell.current_code})")
        screen = self.shell.current
        assert screen is not None
        return screen

    # Keys

    def type(self, text: str) -> None:
        """Type a text, key by key."""
        for character in text:
            self._key(character)
            self.patience.breathe()
        self.patience.rest()

    def press(self, *keys: str) -> None:
        """Press keys such as ``Ctrl+K`` or ``Down``, one after the other, and wait for what follows."""
        for one in keys:
            pressed = QKeySequence(one)[0]  # type: ignore[index]
            self.keys += 1
            QTest.keyClick(self._window(), pressed.key(), pressed.keyboardModifiers())
            self.patience.rest()

    @property
    def ahead(self) -> str:
        """The key that leads on along a line, as the language runs."""
        return "Left" if active().is_right_to_left else "Right"

    def scan(self, code: str) -> None:
        """Hold a code under the scanner: its letters some milliseconds apart, as the platform stamps them, then Enter."""
        window, stamp = self._window(), time.monotonic_ns() // 1_000_000 % 0x3FFFFFFF
        for place, character in enumerate(f"{code}\r"):
            key = Qt.Key.Key_Return if character == "\r" else ord(character.upper())
            for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, _NONE, character)
                event.setTimestamp(stamp + 5 * place)
                QCoreApplication.sendEvent(window, event)
        self.patience.rest()

    def clear(self) -> None:
        """Select all that stands in the field and delete it."""
        self.press("Ctrl+A", "Backspace")

    def _key(self, character: str) -> None:
        self.keys += 1
        shift = Qt.KeyboardModifier.ShiftModifier if character.isupper() else _NONE
        if character.isascii():
            QTest.keyClick(self._window(), ord(character), shift)
            return
        # QTest's own keys know ASCII only.
        for kind in (QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            QCoreApplication.sendEvent(self._window(), QKeyEvent(kind, 0, shift, character))

    def _window(self) -> QWindow:
        window, desk = QGuiApplication.focusWindow(), self.session.window
        popup, active = QApplication.activePopupWidget(), QApplication.activeWindow()
        if popup is not None:
            return popup.windowHandle()
        if window is None or active is None or not is_over(active, desk):
            # The offscreen platform has no window manager that would do this after a dialog is gone.
            wanted = QApplication.activeModalWidget() or desk
            wanted.activateWindow()
            self.patience.until(wanted.isActiveWindow, "an active window")
            window = wanted.windowHandle()
        return window

    # The mouse

    def click(self, target: QWidget | str, *, at: QPoint | None = None) -> None:
        """Click a control, or the button of that name, and wait for what follows."""
        widget = self.find(QAbstractButton, target) if isinstance(target, str) else target
        self._mouse(widget, at or widget.rect().center(), QTest.mouseClick)
        self.patience.rest()

    def press_down(self, widget: QWidget) -> None:
        """Click a control without waiting for what follows: it takes long."""
        self._window()
        self._mouse(widget, widget.rect().center(), QTest.mouseClick)

    def find(self, kind: Kind[W], name: str | None = None) -> W:
        """The visible control of a kind in the window on top, and of a name when one is given."""
        self._window()
        return find(kind, name)

    def double_click(self, widget: QWidget, at: QPoint) -> None:
        """Double click into a control."""
        for kind in (QTest.mouseClick, QTest.mouseDClick, QTest.mouseRelease):
            self._mouse(widget, at, kind)
        self.patience.rest()

    def with_menu(self, button: QWidget, act: Callable[[], None]) -> None:
        """Click a button that opens a menu, and act while it is open: such a menu has an event loop of its own."""
        failures: list[StepFailed] = []

        def begin() -> None:
            try:
                self.patience.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), "a menu")
                act()
            except StepFailed as error:
                failures.append(error)
            finally:
                self._shut_menus()

        QTimer.singleShot(0, button, begin)
        self.click(button)
        if failures:
            raise failures[0]

    def choose_in_menu(self, text: str) -> None:
        """Click an entry of the open menu."""
        self.patience.until(lambda: isinstance(QApplication.activePopupWidget(), QMenu), f"a menu with {text}")
        menu = find(QMenu)
        action = next((one for one in menu.actions() if one.text().replace("&", "") == text), None)
        if action is None:
            raise StepFailed(f"the menu has no {text}: {[one.text() for one in menu.actions()]}")
        place = menu.actionGeometry(action).center()
        self._mouse(menu, place, QTest.mouseMove)
        self._mouse(menu, place, QTest.mouseClick)
        self.patience.rest()

    def _mouse(self, widget: QWidget, at: QPoint, do: Callable[..., None]) -> None:
        if not widget.isEnabled():
            raise StepFailed(f"{widget.accessibleName() or type(widget).__name__} cannot be clicked now")
        window = widget.window()
        place = widget.mapTo(window, at)
        if do is QTest.mouseMove:
            do(window.windowHandle(), place)
        else:
            do(window.windowHandle(), _LEFT, _NONE, place)

    # Fields and lists

    def enter(self, name: str, text: str) -> None:
        """Go to the field of a name by a click and type over what stands in it."""
        editor = self.reveal(self.find(QWidget, name))
        self.click(editor)
        self.clear()
        self.type(text)
        self.patience.rest()

    def dialog(self, kind: str) -> Any:
        """The dialog of that class, once it stands there."""
        self.patience.until(lambda: type(QApplication.activeModalWidget()).__name__ == kind, f"the dialog {kind}")
        self.patience.rest()
        return QApplication.activeModalWidget()

    def no_dialog(self) -> None:
        """Wait until nothing stands over the window any more."""
        self.patience.until(lambda: QApplication.activeModalWidget() is None, "the end of the dialog")
        self._window()
        self.patience.rest()

    def choose(self, name: str, text: str) -> None:
        """Go to the choice of a name and press letters until a text that begins so is chosen."""
        box = self.find(QComboBox, name)
        self.reveal(box).setFocus(Qt.FocusReason.TabFocusReason)
        self.choose_here(text)

    def choose_here(self, text: str) -> None:
        """In the choice that has the focus: press the first letter until a text that begins so is chosen."""
        box = QApplication.focusWidget()
        if not isinstance(box, QComboBox):
            raise StepFailed(f"a choice with {text} should have the focus, not {box}")
        for _try in range(box.count() + 1):
            if box.currentText().startswith(text):
                return
            self.type(text[0])
        raise StepFailed(f"{box.accessibleName()} does not offer {text}")

    def reveal(self, widget: QWidget) -> QWidget:
        """Scroll a control into view."""
        parent = widget.parentWidget()
        while parent is not None:
            if isinstance(parent, QScrollArea):
                parent.ensureWidgetVisible(widget)
            parent = parent.parentWidget()
        self.patience.breathe()
        return widget

    def pick_row(self, table: TableView, is_it: Callable[[Any], bool]) -> None:
        """Click the row of a list that is it."""
        self.patience.until(lambda: any(is_it(row) for row in table.rows), f"a row in {table.grid.accessibleName()}")
        place = next(i for i, row in enumerate(table.rows) if is_it(row))
        index = table.model.index(place, 0)
        table.grid.scrollTo(index)
        self.patience.breathe()
        rect: QRect = table.grid.visualRect(index)
        self.click(table.grid.viewport(), at=QPoint(rect.left() + 12, rect.center().y()))

    # Results

    def snap(self, name: str, widget: QWidget | None = None) -> None:
        """Take a picture of the main window with all that stands over it, or of another window."""
        self.patience.rest()
        self.album.snap(name, widget or self.session.window)
        self._check_size()
        if widget is None:
            faults = self.album.unwatched(lambda: cut_texts(self.session.window))
            self.errors += [f"{self.album.step}: {self.album.pictures[-1]}: {fault}" for fault in faults]

    def _check_size(self) -> None:
        """The window must not grow: on a screen of this size its foot would be out of sight."""
        window, size = self.session.window, self.size
        if window.size() != size:
            grown = f"{window.width()}x{window.height()}"
            self.errors.append(f"{self.album.step}: {self.album.pictures[-1]} does not fit the window, which grew to {grown}")
            window.resize(size)

    def save_document(self, name: str) -> None:
        """See the preview that a print action opened, and save its PDF."""
        preview = cast("Preview", self.dialog("Preview"))
        self.snap(f"preview-{name}")
        path: Path = self.album.document(name)
        preview.save(path)
        self.no_dialog()
        self.quiet()

    def quiet(self) -> None:
        """As after some seconds: the messages at the foot of the window are gone."""
        shell = self.session.window.shell
        if shell is not None:
            for toast in shell.toasts.toasts:
                # In an event of its own, as from its timer: what it deletes is gone with the next events.
                QTimer.singleShot(0, toast, toast.leave)
            self.patience.until(shell.toasts.isHidden, "the end of the messages")

    def _shut_menus(self) -> None:
        while (popup := QApplication.activePopupWidget()) is not None:
            popup.close()

    def close_all(self) -> None:
        """After a step that failed: shut menus and dialogs."""
        for _try in range(8):
            self._shut_menus()
            modal = QApplication.activeModalWidget()
            if isinstance(modal, QDialog):
                modal.reject()
            elif modal is not None:
                modal.close()
            else:
                return
            self.patience.breathe()

    def ask(self, query: Callable[..., Any], **params: Any) -> Any:
        """The answer of a query, read off the UI thread like everything else."""
        answers: list[Any] = []
        self.session.work.read(self.session, query, then=answers.append, **params)
        self.patience.until(lambda: answers, f"the answer of {query.__name__}")
        return answers[0]
