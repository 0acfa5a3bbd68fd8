"""One thing to settle: both versions side by side in words, what each choice does, and a note; or a task with what is to be done."""

from __future__ import annotations

from datetime import datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QStackedLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.reconciling.commands import decide
from clinic_desktop.clinic.reconciling.queries import ConflictRow
from clinic_desktop.clinic.reconciling.rules import ConflictStatus, Decision
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.reconcile import words as say
from clinic_desktop.ui.theme.fonts import Text
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_16, Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Card, EmptyState, FormField, Label, LineEdit, beside, directed, keyed, row
from clinic_desktop.wording.audit import AuditWords


class VersionCard(Card):
    """One of two values, with the button that chooses it."""

    beside_wanted = Signal(int)
    """An arrow key leads to the other one: -1 or 1."""

    def __init__(self, title: str, effect: str, button: str, keys: str, parent: QWidget) -> None:
        super().__init__(title, parent)
        self.value = Label("", self, voice=Text.STRONG, wrap=True)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.written = Label("", self, tone="muted", wrap=True)
        self.effect = Label(effect, self, tone="muted", wrap=True)
        self.button = _Choice(button, self)
        keyed(self.button, keys)
        for widget in (self.value, self.written):
            self.body.addWidget(widget)
        self.body.addStretch(1)
        self.body.addWidget(self.effect)
        self.body.addLayout(row(self.button))

    def show_version(self, value: str, written: str, *, is_open: bool) -> None:
        """Show a value, and whether it can still be chosen."""
        self.value.setText(directed(value))
        self.written.setText(written)
        for widget in (self.effect, self.button):
            widget.setVisible(is_open)


class _Choice(BusyButton):
    """Arrow keys go to the other choice."""

    def __init__(self, text: str, card: VersionCard) -> None:
        super().__init__(text, role=None, parent=card)
        self._card = card

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        step = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}.get(Qt.Key(event.key()))
        if step is None:
            super().keyPressEvent(event)
        else:
            self._card.beside_wanted.emit(step)


class DetailView(QWidget):
    """``settled`` when the chosen one was decided."""

    settled = Signal()

    def __init__(self, screen: Screen, words: AuditWords) -> None:
        super().__init__(screen)
        self._screen, self._words = screen, words
        self.one: ConflictRow | None = None
        self.title, self.facts = Label(voice=Text.STRONG, wrap=True), Label(tone="muted", wrap=True)
        self.task, self.outcome = Label(wrap=True), Label(wrap=True)
        keep, take = _("Nothing changes in the record; all sites learn of it."), _("Writes this value into the record, at all sites.")
        self.kept = VersionCard(_("What stands now"), keep, _("Keep this"), "Ctrl+1", self)
        self.other = VersionCard(_("The other value"), take, _("Take this"), "Ctrl+2", self)
        self.note = LineEdit(limit=500)
        self.field = FormField("note", _("Note"), self.note)
        self.said = Label(tone="bad", wrap=True)
        self.said.hide()
        self.open_record = Button(_("Open the record"), icon_name="arrow-right")
        self.done = BusyButton(_("It is done"))
        self._lay_out()
        self._wire()
        self.show_one(None, screen.desk.now())

    def _lay_out(self) -> None:
        whole = QWidget(self)
        column = QVBoxLayout(whole)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        head = QHBoxLayout()
        head.setSpacing(GAP_12)
        head.addWidget(self.title, 1)
        head.addWidget(self.open_record)
        column.addLayout(head)
        for label in (self.facts, self.task, self.outcome):
            column.addWidget(label)
        self._pair = QWidget(whole)
        sides = QHBoxLayout(self._pair)
        sides.setContentsMargins(0, 0, 0, 0)
        sides.setSpacing(GAP_16)
        for card in (self.kept, self.other):
            sides.addWidget(card, 1)
        column.addWidget(self._pair, 3)
        self._foot = QWidget(whole)
        foot = QHBoxLayout(self._foot)
        foot.setContentsMargins(0, 0, 0, 0)
        foot.setSpacing(GAP_12)
        foot.addWidget(self.field, 1)
        foot.addWidget(self.done, 0, Qt.AlignmentFlag.AlignBottom)
        self.field.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Maximum)
        self._foot.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        column.addWidget(self._foot)
        column.addWidget(self.said)
        column.addStretch(1)
        self._stack = QStackedLayout(self)
        text = _("Choose something in the list to see both sides.")
        self._stack.addWidget(EmptyState(text, icon_name="arrow-right-left"))
        self._stack.addWidget(whole)

    def _wire(self) -> None:
        keyed(self.open_record, "Ctrl+O")
        keyed(self.done, "Ctrl+Return")
        self.open_record.clicked.connect(self._open)
        self.kept.button.clicked.connect(lambda: self._decide(self.kept.button, Decision.KEPT))
        self.other.button.clicked.connect(lambda: self._decide(self.other.button, Decision.OTHER))
        self.done.clicked.connect(lambda: self._decide(self.done, Decision.DONE))
        for card in (self.kept, self.other):
            card.beside_wanted.connect(self._go_beside)
        QWidget.setTabOrder(self.kept.button, self.other.button)
        QWidget.setTabOrder(self.other.button, self.note)
        QWidget.setTabOrder(self.note, self.done)

    def show_one(self, one: ConflictRow | None, now: datetime) -> None:
        """Show something to settle, or that was settled; what is typed into the note stays while it is the same one."""
        is_same = one is not None and self.one is not None and one.id == self.one.id
        self.one = one
        self._stack.setCurrentIndex(0 if one is None else 1)
        if not is_same:
            self.note.clear()
            self.said.hide()
            self.field.set_error(None)
        if one is None:
            return
        words, is_open, is_field = self._words, one.status is ConflictStatus.OPEN, one.field is not None
        self.title.setText(directed(f"{say.about(one, words) or wording.status(one.kind)} — {say.record(one, words)}"))
        since = _("waits for {time}").format(time=say.waits(one.detected_at, now)) if is_open else ""
        self.facts.setText(beside(say.patient(one, words), since))
        self.task.setText("" if is_field else directed(say.task(one, self._screen.desk.place.currency)))
        self.task.setVisible(not is_field)
        self.outcome.setText(directed(say.outcome(one, words)))
        self.outcome.setVisible(not is_open)
        self._pair.setVisible(is_field)
        self.kept.show_version(say.value(one, one.kept, words), say.written(one.kept, words), is_open=is_open)
        self.other.show_version(say.value(one, one.other, words), say.written(one.other, words), is_open=is_open)
        self._foot.setVisible(is_open)
        self.done.setVisible(is_open and not is_field)

    def begin(self) -> None:
        """The hands go to the decision."""
        if self.one is not None and self.one.status is ConflictStatus.OPEN:
            (self.kept.button if self.one.field is not None else self.note).setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _go_beside(self, step: int) -> None:
        is_rtl = self.layoutDirection() == Qt.LayoutDirection.RightToLeft
        to_other = (step > 0) != is_rtl
        (self.other if to_other else self.kept).button.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _open(self) -> None:
        if self.one is not None:
            screen, what = say.way_to(self.one)
            self._screen.desk.open(screen, **what)

    def _decide(self, button: BusyButton, decision: Decision) -> None:
        one = self.one
        if one is None or one.status is not ConflictStatus.OPEN or (one.field is None) != (decision is Decision.DONE):
            return
        note = self.note.text().strip() or None
        if decision is Decision.DONE and note is None:
            self.field.set_error(_("Please say what was done."))
            self.note.setFocus()
            return
        self.said.hide()
        button.run(
            self._screen.work,
            self,
            decide,
            then=lambda _nothing: self._decided(),
            failed=self._refused,
            conflict_id=one.id,
            decision=decision,
            note=note,
        )

    def _decided(self) -> None:
        self.note.clear()
        self._screen.desk.toast(_("Settled. The other sites learn of it."), tone=Tone.GOOD)
        self.settled.emit()

    def _refused(self, error: ClinicError) -> None:
        self.said.setText(wording.sentence(error))
        self.said.show()
        self._screen.refresh()
