"""Short messages that need no answer: they stand over the foot of the window and go by themselves."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.theme.fonts import Text, font, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_8, GAP_12, Tone
from clinic_desktop.ui.widgets.text import Label

_ICONS = {Tone.GOOD: "circle-check", Tone.WARN: "triangle-alert", Tone.BAD: "circle-x", Tone.INFO: "info"}
_LASTS, _LASTS_WITH_UNDO, _MOST = 6_000, 10_000, 3


class Toast(QFrame):
    """One message."""

    def __init__(self, text: str, tone: Tone, undo: Callable[[], object] | None, parent: QWidget) -> None:
        super().__init__(parent)
        self.text = text
        self.setProperty("role", "toast")
        self.setAccessibleName(text)
        across = QHBoxLayout(self)
        across.setContentsMargins(GAP_12, GAP_8, GAP_12, GAP_8)
        across.setSpacing(GAP_8)
        if tone in _ICONS:
            picture = QLabel()
            picture.setPixmap(pixmap(_ICONS[tone], "on_toast", ratio=self.devicePixelRatioF()))
            across.addWidget(picture, 0, Qt.AlignmentFlag.AlignVCenter)
        words = Label(text, wrap=len(text) > 60)
        words.setMaximumWidth(scaled(460))
        if words.wordWrap():
            # Left alone it would be about as high as wide.
            words.setMinimumWidth(scaled(400))
        across.addWidget(words, 1)
        self.undo_button: QPushButton | None = None
        if undo is not None:
            self.undo_button = QPushButton(_("Undo"))
            self.undo_button.setToolTip("Ctrl+Z")
            self.undo_button.setFont(font(Text.STRONG))
            self.undo_button.clicked.connect(self.leave)
            self.undo_button.clicked.connect(lambda: undo())
            across.addWidget(self.undo_button)
        self._life = QTimer(self, singleShot=True, interval=_LASTS if undo is None else _LASTS_WITH_UNDO)
        self._life.timeout.connect(self.leave)
        self._life.start()

    def leave(self) -> None:
        """Go away."""
        self._life.stop()
        self.hide()
        self.setParent(None)
        self.deleteLater()


class ToastArea(QWidget):
    """Where the messages of a window stand; clicks between them reach what is below."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self.setAccessibleName(_("Messages"))
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP_8)
        window.installEventFilter(self)
        # A field that is typed into keeps the key for its own typing.
        undo = QShortcut(QKeySequence("Ctrl+Z"), self)
        undo.setAutoRepeat(False)
        undo.setWhatsThis(_("Undo"))
        undo.activated.connect(self._undo_last)
        self.hide()

    @property
    def toasts(self) -> list[Toast]:
        """The messages that stand now, oldest first."""
        return [one for one in self.children() if isinstance(one, Toast)]

    def show_toast(self, text: str, tone: Tone = Tone.NEUTRAL, undo: Callable[[], object] | None = None) -> Toast:
        """Show a message; at most three stand at once."""
        for former in self.toasts[: -(_MOST - 1)]:
            former.leave()
        toast = Toast(text, tone, undo, self)
        toast.destroyed.connect(self._place)
        self._column.addWidget(toast, 0, Qt.AlignmentFlag.AlignHCenter)
        # The layout would show it later where other messages stand already, and its place must be made now.
        toast.show()
        self.show()
        self.raise_()
        self._place()
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, text))
        return toast

    def _undo_last(self) -> None:
        """Take back what the newest message says that can be taken back."""
        button = next((one.undo_button for one in reversed(self.toasts) if one.undo_button is not None), None)
        if button is not None:
            button.click()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self, *_gone: object) -> None:
        if not self.toasts:
            self.hide()
            return
        window = self._window
        self._column.activate()
        size = self._column.sizeHint()
        # Over the empty middle of the status line: the foot of a page is where its buttons are.
        self.setGeometry((window.width() - size.width()) // 2, window.height() - size.height() - GAP_4, size.width(), size.height())
