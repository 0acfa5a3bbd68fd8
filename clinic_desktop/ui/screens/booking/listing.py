"""What the booking screen's dialogs have in common: a list, its acts, and a line that says how it went."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.rows import Column, Row
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.widgets import BusyButton, Dialog, Label, keyed


class ListDialog(Dialog):
    """A list that is worked through by keyboard: each act is of the row that is chosen, and the next row is chosen after it."""

    def __init__(
        self, screen: Screen, title: str, text: str, columns: Sequence[Column], *, key: Callable[[Row], Any], empty: str, width: int = 860
    ) -> None:
        super().__init__(screen, title, text, width=width)
        self.screen_, self.desk, self.work = screen, screen.desk, screen.work
        self.table = TableView(title, columns, key=key, empty=empty, empty_icon="circle-check", filterable=False, parent=self)
        self.table.setMinimumHeight(scaled(320))
        self.said = Label(tone="bad", wrap=True)
        self.said.hide()
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.said)
        self.acts: list[tuple[BusyButton, Callable[[Row], bool]]] = []
        self.table.selected.connect(lambda _row: self.offer())
        self.add_button(_("Close"), None, self.leave)
        self.table.setFocus()

    def act(
        self, text: str, icon_name: str, keys: str, does: Callable[[Row], object], *, when: Callable[[Row], bool] | None = None
    ) -> BusyButton:
        """Add an act of the chosen row, and the key for it."""
        button = BusyButton(text, icon_name=icon_name, role=None)
        keyed(button, keys)
        button.clicked.connect(lambda: None if self.table.current is None else does(self.table.current))
        self.table.tools.addWidget(button)
        self.acts.append((button, when or (lambda _row: True)))
        return button

    def offer(self) -> None:
        """Offer the acts that fit the chosen row."""
        row = self.table.current
        for button, fits in self.acts:
            button.setEnabled(row is not None and fits(row))

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show these; where the chosen one is gone, the one in its place is chosen."""
        place = self.table.grid.currentIndex().row()
        was_empty = not self.table.rows
        self.table.set_rows(rows)
        if self.table.current is None and rows:
            self.table.select(self.table.model.key(rows[min(max(place, 0), len(rows) - 1)]))
        self.offer()
        held = self.focusWidget()
        if rows and was_empty and held is not None and self.table.isAncestorOf(held):
            self.table.setFocus()  # it is the rows that somebody came for, not the menu beside them

    def run(self, button: BusyButton, command: Callable[..., Any], *, then: Callable[[Any], object] | None = None, **params: Any) -> None:
        """Run a command for a row; what stands in its way is said below the list."""

        def done(result: Any) -> None:
            self.say("")
            if then is not None:
                then(result)
            self.read()

        button.run(self.work, self, command, then=done, failed=self.refuse, **params)

    def refuse(self, error: ClinicError) -> None:
        """Say why nothing happened, and show how things are."""
        self.say(wording.sentence(error))
        self.read()

    def say(self, text: str) -> None:
        """Say it below the list, or nothing."""
        self.said.setText(text)
        self.said.setVisible(bool(text))

    def read(self) -> None:
        """Read the list again."""
        raise NotImplementedError
