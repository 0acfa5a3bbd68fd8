"""The head of the screen: the sentence that matters, the button beside it, and how far a backup is that is being made."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QProgressBar, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.backups.state import Told
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.icons import pixmap
from clinic_desktop.ui.theme.tokens import GAP_12, Tone
from clinic_desktop.ui.widgets import Button, Card, Label, directed, row
from clinic_desktop.wording.backups import step

_PICTURES = {Tone.GOOD: ("circle-check", "on_good"), Tone.WARN: ("triangle-alert", "on_warn"), Tone.BAD: ("triangle-alert", "on_bad")}
_VOICES = {Tone.GOOD: "good", Tone.WARN: "warn", Tone.BAD: "bad", Tone.NEUTRAL: "muted"}
_MOST_LINES = 7


class StateCard(Card):
    """Shows ``Told``, and a task while one is under way."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__("", parent)
        self.picture = QLabel(self)  # picture only
        self.headline = Label("", self, voice=Text.STRONG, wrap=True)
        self.lines = [Label("", self, tone="muted", wrap=True) for _place in range(_MOST_LINES)]
        self.run = Button(_("Back up now"), icon_name="save", role="primary", parent=self)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Backup"))
        self.bar.setFixedWidth(scaled(180))
        self.doing = Label("", self, tone="muted")
        self.cancel = Button(_("Cancel"), parent=self)
        self._may_run = False
        self._lay_out()
        self.show_task(None)

    def _lay_out(self) -> None:
        top = row(self.picture, self.headline, self.run, fill=True, gap=GAP_12)
        top.setStretch(1, 1)
        self.body.addLayout(top)
        going = row(self.bar, self.doing, self.cancel, fill=True)
        going.setStretch(1, 1)
        self.body.addLayout(going)
        for one in self.lines:
            one.hide()
            self.body.addWidget(one)

    def say(self, told: Told, *, may_run: bool) -> None:
        """Say how things stand."""
        name, colour = _PICTURES[told.tone]
        self.picture.setPixmap(pixmap(name, colour, size=22, ratio=self.devicePixelRatioF()))
        self.headline.setText(directed(told.headline))
        self.headline.set_tone("bad" if told.tone is Tone.BAD else None)
        for place, label in enumerate(self.lines):
            text, tone = told.lines[place] if place < len(told.lines) else ("", Tone.NEUTRAL)
            label.setText(directed(text))
            label.set_tone(_VOICES[tone])
            label.setVisible(bool(text))
        self._may_run = may_run and told.may_run
        self.run.setVisible(self._may_run and self.bar.isHidden())

    def show_task(self, task: Task | None) -> None:
        """Show how far a backup is; None: none is being made."""
        for widget in (self.bar, self.doing, self.cancel):
            widget.setVisible(task is not None)
        self.run.setVisible(self._may_run and task is None)
        if task is not None:
            self.cancel.setEnabled(True)
            self.advance(*task.how_far)

    def advance(self, done: int, total: int, label: str) -> None:
        """Show how far it is."""
        self.bar.setRange(0, total)
        self.bar.setValue(done)
        self.doing.setText(step(label))
