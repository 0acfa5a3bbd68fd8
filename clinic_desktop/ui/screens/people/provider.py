"""A card that sets up one way by which messages leave, and tries it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import BusyButton, Card, Form, Label, keyed, row, scrolled


class ProviderCard(Card):
    """Form, Save and a test message; override ``save_changes``, ``try_out`` and ``put``.

    ``secret`` is the field that no draft keeps and no reading fills; ``aside`` one that is for the test alone.
    """

    secret = ""
    aside = ""

    def __init__(self, screen: Screen, fields: Callable[[Form], None], hint: str) -> None:
        super().__init__("", screen)
        self._screen = screen
        self._clean: dict[str, Any] = {}
        self._waiting: dict[str, Any] | None = None
        self._is_set_up = False
        inside = QWidget()
        self.form = Form(columns=2, parent=inside)
        fields(self.form)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.save = BusyButton(_("Save"), icon_name="save")
        self.test = BusyButton(_("Send a test message"), icon_name="mail", role=None)
        self.test.setEnabled(False)
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.form)
        column.addWidget(Label(hint, tone="muted", wrap=True))
        column.addStretch(1)
        scrolled(inside, self.body, 1)
        self.body.addWidget(self.problem)
        self.body.addLayout(row(self.save, self.test))
        self.save.clicked.connect(self._save)
        self.test.clicked.connect(self._try_out)
        keyed(self.save, "Ctrl+S")

    # What each of them does for itself

    def save_changes(self, values: dict[str, Any], **hooks: Any) -> None:
        """Set it up."""
        raise NotImplementedError

    def try_out(self, **hooks: Any) -> None:
        """Send a test message."""
        raise NotImplementedError

    def put(self, found: Any) -> None:
        """Show in the form what is set up."""
        raise NotImplementedError

    # Reading, and what is typed

    def show_found(self, found: Any) -> None:
        """Show what is set up, unless something is typed; a draft that waits comes back over it."""
        self._is_set_up = found.is_set_up
        self.test.setEnabled(self._is_set_up and not self.test.is_busy)
        if self.draft() is None or self._waiting is not None:
            self.put(found)
            self.form[self.secret].clear()
            self._clean = self._typed()
        if self._waiting is not None:
            self.form.restore(self._waiting)
            self._waiting = None

    def draft(self) -> dict[str, Any] | None:
        """What is typed, but for the secret."""
        if self._waiting is not None:
            return self._waiting
        typed = self._typed()
        return typed if self._clean and typed != self._clean else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once what is set up is read."""
        self.form.restore(draft)
        self._waiting = draft

    def _typed(self) -> dict[str, Any]:
        return {name: value for name, value in self.form.draft().items() if name != self.secret}

    def _has_changes(self) -> bool:
        """Whether anything is typed that a test message would not go by."""
        changed = {name for name, value in self._typed().items() if self._clean and value != self._clean[name]}
        return bool(changed - {self.aside} or self.form[self.secret].text())

    # What can be done

    def _save(self) -> None:
        values = self.form.values()
        if values is not None and self._begin(self.save):
            values.pop(self.aside, None)
            self.save_changes(values, **self._hooks(self.save, self._saved))

    def _try_out(self) -> None:
        if self._has_changes():
            self.problem.setText(_("Save first: a test message goes by what is saved."))
            self.problem.show()
        elif self._begin(self.test):
            self.try_out(**self._hooks(self.test, self._tried))

    def _begin(self, button: BusyButton) -> bool:
        self.problem.hide()
        if button.is_busy:
            return False
        button.set_busy(True)
        return True

    def _hooks(self, button: BusyButton, then: Callable[[], None]) -> dict[str, Any]:
        return {"then": lambda _nothing: then(), "failed": self._refuse, "settled": lambda: button.set_busy(False)}

    def _saved(self) -> None:
        self._clean = {}
        self._screen.desk.toast(_("Saved."), tone=Tone.GOOD)
        self._screen.refresh()

    def _tried(self) -> None:
        self._screen.desk.toast(self.took, tone=Tone.GOOD)

    @property
    def took(self) -> str:
        """What is said of a test message that was taken."""
        raise NotImplementedError

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()
