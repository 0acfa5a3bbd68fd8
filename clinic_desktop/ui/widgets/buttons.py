"""Buttons; those that post stay busy until the answer and carry one key per intent."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeyEvent, QPaintEvent
from PySide6.QtWidgets import QPushButton, QWidget

from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.ui.theme.fonts import Text, font
from clinic_desktop.ui.theme.icons import icon, icon_size
from clinic_desktop.ui.theme.mark import mark
from clinic_desktop.ui.theme.ring import paint_ringed
from clinic_desktop.ui.widgets.text import literal
from clinic_desktop.ui.work import Work

_INK = {"primary": "on_accent", "danger": "on_danger"}


class Button(QPushButton):
    """A button with an icon; ``role`` is primary, danger, quiet or None."""

    def __init__(self, text: str, *, icon_name: str | None = None, role: str | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(text)
        self.setAutoDefault(False)
        if role is not None:
            self.setProperty("role", role)
        self.setFont(font(Text.STRONG if role in ("primary", "danger") else Text.BODY))
        if icon_name is not None:
            gap = 4 if text else 0
            self.setIcon(icon(icon_name, _INK.get(role or "", "text"), gap=gap))
            self.setIconSize(icon_size(gap=gap))
        if not text and icon_name is not None:
            self.setAccessibleName(icon_name)

    def setText(self, text: str) -> None:  # noqa: N802
        """Show the text as it is: ``&`` would make a key of the letter behind it."""
        super().setText(literal(text))

    def text(self) -> str:
        """The text as it is seen."""
        return super().text().replace("&&", "&")

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802
        if self.hasFocus() and self.property("role") in _INK:
            paint_ringed(self)
        else:
            super().paintEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        # Qt leaves Enter to the default button of a dialog; hands on the keyboard expect it of whatever has the focus.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            if not event.isAutoRepeat():
                self.click()
        else:
            super().keyPressEvent(event)


class BusyButton(Button):
    """A button that posts: a second click before the answer does nothing, and the key makes it one effect anyway."""

    def __init__(self, text: str, *, icon_name: str | None = None, role: str | None = "primary", parent: QWidget | None = None) -> None:
        super().__init__(text, icon_name=icon_name, role=role, parent=parent)
        self.key: UUID = new_id()
        self._is_busy = False

    @property
    def is_busy(self) -> bool:
        """Whether an answer is awaited."""
        return self._is_busy

    def run(
        self,
        work: Work,
        owner: QObject,
        command: Callable[..., Any],
        /,
        *,
        then: Callable[[Any], object] | None = None,
        failed: Callable[[ClinicError], object] | None = None,
        **params: Any,
    ) -> None:
        """Run a command, once; ``key=`` is added for idempotent ones."""
        if self._is_busy:
            return
        if getattr(command, "idempotent", False):
            params.setdefault("key", self.key)

        def succeed(result: Any) -> None:
            self.key = new_id()
            if then is not None:
                then(result)

        def refuse(error: ClinicError) -> None:
            # After a refusal nothing happened; when the database went away we cannot know, and the same key asks again.
            if not isinstance(error, DatabaseUnavailable):
                self.key = new_id()
            if failed is not None:
                failed(error)
            else:
                work.refused.emit(error)

        self.set_busy(True)
        work.do(owner, command, then=succeed, failed=refuse, settled=lambda: self.set_busy(False), **params)

    def set_busy(self, busy: bool) -> None:
        """Wait for an answer, or stop waiting."""
        # Not disabled: that would throw the focus to the next control under the hands of a person who types.
        self._is_busy = busy
        self.setAccessibleDescription(_("Please wait") if busy else "")
        mark(self, "busy", busy)
