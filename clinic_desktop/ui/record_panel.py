"""The side of a list where one record stands: its title, its form, what else belongs to it, and the buttons at the foot."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Row
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12, GAP_16
from clinic_desktop.ui.widgets import BusyButton, Button, Card, Form, Label, keyed, line, scrolled

_CHANGES = ("textChanged", "currentIndexChanged", "valueChanged", "toggled")
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)


class RecordPanel(Card):
    """Form and foot of one record; ``typed()`` when an editor changes."""

    typed = Signal()

    def __init__(self, form_columns: int, parent: QWidget) -> None:
        super().__init__(" ", parent)
        inside = QWidget()
        self.form = Form(columns=form_columns, parent=inside)
        self.below = QVBoxLayout()
        self.save = BusyButton(_("Save"), icon_name="save")
        self.cancel = Button(_("Cancel"))
        self.problem = Label(tone="bad", wrap=True)
        self.closed = Label(tone="muted", wrap=True)
        self._foot, self._second = QHBoxLayout(), QHBoxLayout()
        self._actions: list[tuple[QWidget, Callable[[Row], bool]]] = []
        self._is_open, self._no_right = True, ""
        self._why_closed: Callable[[Row], str] = lambda _row: ""
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(self.form)
        self.below.setSpacing(GAP_12)
        column.addLayout(self.below)
        column.addStretch(1)
        self.title.setWordWrap(True)
        self._lay_out(inside)

    def _lay_out(self, inside: QWidget) -> None:
        scrolled(inside, self.body, 1)
        for words in (self.closed, self.problem):
            words.hide()
            self.body.addWidget(words)
        self._line = line()
        self.body.addWidget(self._line)
        self._foot.setSpacing(GAP_8)
        self._foot.addWidget(self.save)
        self._foot.addWidget(self.cancel)
        self._foot.addStretch(1)
        self.body.addLayout(self._foot)
        self._second.setSpacing(GAP_8)
        self._second.addStretch(1)
        self.body.addLayout(self._second)

    def begin(self, *, may_change: bool, why_not: str, closed: Callable[[Row], str] = lambda _row: "") -> None:
        """Every field is there."""
        self._why_closed = closed
        self._no_right = "" if may_change else why_not or _("You may look at this but not change it.")
        for widget in (self.save, self.cancel, self._line):
            widget.setVisible(may_change)
        self._tell_closed(None)
        for field in self.form.fields.values():
            for change in _CHANGES:
                if hasattr(field.editor, change):
                    getattr(field.editor, change).connect(lambda *_what: self.typed.emit())
        keyed(self.save, "Ctrl+S")
        keyed(self.cancel, "Esc")

    def add_action(self, button: QWidget, shown: Callable[[Row], bool]) -> None:
        """A further button at the end of the foot."""
        self._actions.append((button, shown))
        self._foot.addWidget(button)
        button.hide()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        super().resizeEvent(event)
        self._place_actions()

    def _place_actions(self) -> None:
        """Behind Save and Cancel where there is room, else on a line of their own."""
        shown = [button for button, _shown in self._actions if not button.isHidden()]
        taken = sum(one.sizeHint().width() + GAP_8 for one in (self.save, self.cancel, *shown))
        line_of = self._foot if taken <= self.contentsRect().width() - 2 * GAP_16 else self._second
        for button in shown:
            line_of.addWidget(button)

    def head(self, title: str, row: Row | None) -> None:
        """Another record stands here, fresh; None for a new one."""
        self.title.setText(title)
        self.tell_problem("")
        self._tell_closed(row)
        for field in self.form.fields.values():
            field.set_error(None)
        for button, is_shown in self._actions:
            button.setVisible(self._is_open and row is not None and is_shown(row))
        self._place_actions()

    def _tell_closed(self, row: Row | None) -> None:
        """Say above the buttons why this cannot be changed, before somebody types."""
        why = self._no_right or ("" if row is None else self._why_closed(row))
        self._is_open = not why
        self.form.setEnabled(self._is_open)
        self.closed.setText(why)
        self.closed.setVisible(bool(why))

    def tell_problem(self, text: str) -> None:
        """Say above the buttons what is refused and belongs to no field; nothing takes it away."""
        self.problem.setText(text)
        self.problem.setVisible(bool(text))

    def enter(self) -> None:
        """The keyboard goes to the first field."""
        first = next((one for one in self.form.fields.values() if one.editor.isEnabled() and one.isVisibleTo(self)), None)
        if first is not None and self._is_open:
            first.editor.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802
        """Enter goes on to the next field: lines of text and choices leave it to us."""
        within = self.focusWidget()
        if event.key() in _ENTER and isinstance(within, (QLineEdit, QComboBox)):
            self.focusNextChild()
        else:
            super().keyPressEvent(event)
