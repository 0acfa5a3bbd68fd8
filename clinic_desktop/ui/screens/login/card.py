"""The frame of the pages before the shell: one card in the middle of a calm window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, SignalInstance
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLineEdit, QProgressBar, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_16, GAP_24
from clinic_desktop.ui.widgets.buttons import BusyButton, Button
from clinic_desktop.ui.widgets.form import Form
from clinic_desktop.ui.widgets.text import Label


class CardPage(QWidget):
    """A heading, a form, a place for what went wrong, and one button that Enter presses once."""

    def __init__(self, heading: str, text: str, button: str, *, columns: int = 1, width: int = 380) -> None:
        super().__init__()
        self.form = Form(columns=columns, starred=False)
        self.trouble = Label(tone="bad", wrap=True)
        self.trouble.hide()
        self.button = BusyButton(button)
        self.button.clicked.connect(lambda: self.submit())
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(scaled(width))
        self.body = QVBoxLayout(card)
        self.body.setContentsMargins(GAP_24 + 8, GAP_24 + 8, GAP_24 + 8, GAP_24 + 8)
        self.body.setSpacing(GAP_16)
        top = QVBoxLayout()
        top.setSpacing(GAP_4)
        self.heading = Label(heading, voice=Text.TITLE, wrap=True)
        top.addWidget(self.heading)
        self.text = Label(text, tone="muted", wrap=True)
        if not text:
            self.text.hide()
        top.addWidget(self.text)
        self.body.addLayout(top)
        self.body.addWidget(self.form)
        self.body.addWidget(self.trouble)
        self.body.addWidget(self.button)
        self.links = QVBoxLayout()
        self.links.setSpacing(0)
        self.body.addLayout(self.links)
        self.foot = QHBoxLayout()
        outer = QVBoxLayout(self)
        outer.setContentsMargins(GAP_24, GAP_24, GAP_24, GAP_16)
        outer.addStretch(2)
        # Stretches, not an alignment: an aligned item would forget that wrapped text needs more height at this width.
        across = QHBoxLayout()
        across.addStretch(1)
        across.addWidget(card)
        across.addStretch(1)
        outer.addLayout(across)
        outer.addStretch(3)
        outer.addLayout(self.foot)

    def secret(self, name: str, label: str) -> PasswordEdit:
        """Add a field for a password."""
        edit = PasswordEdit(label)
        field = self.form.add(name, label, edit, required=True)
        edit.caps_lock.connect(lambda on: field.set_hint(_("Caps Lock is on") if on else None))
        return edit

    def add_link(self, text: str, then: SignalInstance) -> Button:
        """Add another way out below the button."""
        link = Button(text, role="quiet")
        link.clicked.connect(lambda: then.emit())
        self.links.addWidget(link)
        return link

    def enter_submits(self) -> None:
        """Make Enter in any field press the button, and Tab go through the fields to it."""
        editors = [field.editor for field in self.form.fields.values()]
        for editor, following in zip(editors, [*editors[1:], self.button], strict=True):
            QWidget.setTabOrder(editor, following)
            if isinstance(editor, QLineEdit):
                editor.returnPressed.connect(self.button.click)

    def submit(self) -> None:
        """Read the form; pages say what follows."""
        raise NotImplementedError

    def wait(self, waiting: bool) -> None:
        """Wait for an answer, or stop waiting."""
        self.button.set_busy(waiting)
        if waiting:
            self.say(None)

    def say(self, text: str | None) -> None:
        """Show what went wrong, or take it away."""
        self.trouble.setText(text or "")
        self.trouble.setVisible(bool(text))

    def refuse(self, error: ClinicError) -> None:
        """Show a refusal at its field or below the form."""
        self.wait(False)
        if not self.form.refuse(error):
            self.say(wording.sentence(error))


class WaitPage(QWidget):
    """Something takes a moment: what, how far, and where it makes sense a way to stop it."""

    def __init__(self, text: str, *, cancel: Callable[[], object] | None = None) -> None:
        super().__init__()
        self._text = Label(text, tone="muted")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._column = QVBoxLayout(self)
        self._column.addStretch(1)
        self._column.addWidget(self._text)
        self._bar = QProgressBar()
        self._bar.setAccessibleName(text)
        self._bar.setFixedWidth(scaled(320))
        self._bar.hide()
        self._column.addWidget(self._bar, 0, Qt.AlignmentFlag.AlignHCenter)
        if cancel is not None:
            button = Button(_("Cancel"))
            button.clicked.connect(lambda: cancel())
            self._column.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self._column.addStretch(1)

    def advance(self, done: int, total: int, label: str = "") -> None:
        """Show how far it is."""
        self._bar.show()
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)
        if label:
            self._text.setText(label)
