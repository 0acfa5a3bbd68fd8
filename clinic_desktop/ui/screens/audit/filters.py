"""What to look for: one line for what is asked daily, a second that unfolds."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QTimer, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop.clinic.audit.queries import AuditFilter
from clinic_desktop.clinic.audit.rules import BACKSTAGE, Only
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.screens.audit.reading import Offered
from clinic_desktop.ui.theme.tokens import GAP_8, GAP_12
from clinic_desktop.ui.widgets import Button, Choice, DateField, Form, LineEdit, keyed, row
from clinic_desktop.wording.actions import ACTIONS
from clinic_desktop.wording.audit import ONLY, AuditWords
from clinic_desktop.wording.entities import ENTITIES

_TYPED_MS = 300


class Filters(QWidget):
    """``changed`` when something else is to be looked for; errors stand at the dates."""

    changed = Signal()

    def __init__(self, desk: Desk, words: AuditWords, parent: QWidget) -> None:
        super().__init__(parent)
        self._zone = desk.place.timezone
        self._is_quiet = False
        self._left: dict[str, Any] | None = None
        self.daily = Form(columns=5, starred=False, parent=self)
        self.rare = Form(columns=5, starred=False, parent=self)
        self.more = Button(_("More"), icon_name="sliders-horizontal", parent=self)
        self.clear_button = Button(_("Clear"), icon_name="x", role="quiet", parent=self)
        self._fill(desk, words)
        self._lay_out()
        self._wire()

    def _fill(self, desk: Desk, words: AuditWords) -> None:
        today = desk.today()
        actions = sorted((words.action(code), code) for code in ACTIONS)
        kinds = sorted((words.kind(name), name) for name in ENTITIES if name not in BACKSTAGE)
        self.daily.add("person_id", _("Person"), Choice(_("Person"), placeholder=_("Everybody")))
        self.daily.add("first", _("From"), DateField(_("From"), today=today, past=True))
        self.daily.add("last", _("To"), DateField(_("To"), today=today, past=True))
        self.daily.add("only", _("Only"), Choice(_("Only"), [(_(ONLY[one]), one) for one in Only], placeholder=_("Everything")))
        self.daily.add("number", _("Number"), LineEdit(_("Number"), placeholder=_("PAT-…, INV-…, RCT-…"), limit=60))
        self.rare.add("command", _("Action"), Choice(_("Action"), actions, placeholder=_("Every action")))
        self.rare.add("entity_type", _("Kind of record"), Choice(_("Kind of record"), kinds, placeholder=_("Every kind")))
        self.rare.add("workstation_id", _("Workstation"), Choice(_("Workstation"), placeholder=_("Any workstation")))

    def _lay_out(self) -> None:
        self.rare.hide()
        self.clear_button.hide()
        buttons = QVBoxLayout()
        buttons.addStretch(1)
        buttons.addLayout(row(self.more, self.clear_button, gap=GAP_8))
        across = row(self.daily, fill=True, gap=GAP_12)
        across.setStretch(0, 1)
        across.addLayout(buttons)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_8)
        column.addLayout(across)
        column.addWidget(self.rare)
        self.setFocusProxy(self.daily["number"])

    def _wire(self) -> None:
        self._typing = QTimer(self, singleShot=True, interval=_TYPED_MS)
        self._typing.timeout.connect(self._tell)
        keyed(self.more, "Ctrl+M")
        self.more.clicked.connect(lambda: self._unfold(self.rare.isHidden()))
        self.clear_button.clicked.connect(self.clear)
        for form in (self.daily, self.rare):
            for field in form.fields.values():
                if isinstance(field.editor, Choice):
                    field.editor.currentIndexChanged.connect(lambda _place: self._tell())
                elif isinstance(field.editor, LineEdit):
                    field.editor.textChanged.connect(lambda _text: self._typing.start())
                    field.editor.returnPressed.connect(self._tell)

    def offer(self, offered: Offered) -> None:
        """Offer these people and workstations; what is chosen stays chosen."""
        with self._quiet():
            self.daily["person_id"].set_options(offered.people)
            self.rare["workstation_id"].set_options(offered.workstations)
        left, self._left = self._left, None
        if left is not None:
            self.restore(left)
            self._left = None
            self._tell()

    def wanted(self) -> AuditFilter | None:
        """What to look for; None when a date cannot be read, which then stands at its field."""
        daily, rare = self.daily.values(), self.rare.values()
        if daily is None or rare is None:
            return None
        found = AuditFilter(timezone=self._zone, **daily, **rare)
        # Two dates the wrong way round are what somebody meant all the same.
        is_turned = found.first is not None and found.last is not None and found.first > found.last
        return replace(found, first=found.last, last=found.first) if is_turned else found

    def clear(self) -> None:
        """Look for everything again."""
        with self._quiet():
            self.daily.clear()
            self.rare.clear()
        self._tell()

    def draft(self) -> dict[str, Any]:
        """What is chosen and typed, as plain values."""
        return {**self.daily.draft(), **self.rare.draft()}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back; people and workstations once they are offered."""
        self._left = draft
        with self._quiet():
            self.daily.restore(draft)
            self.rare.restore(draft)
        self._unfold(any(draft.get(name) for name in self.rare.fields))
        self._mark()

    def _unfold(self, is_open: bool) -> None:
        self.rare.setVisible(is_open)

    @contextmanager
    def _quiet(self) -> Iterator[None]:
        self._is_quiet = True
        yield
        self._typing.stop()
        self._is_quiet = False

    def _tell(self) -> None:
        self._typing.stop()
        if not self._is_quiet:
            self._mark()
            self.changed.emit()

    def _mark(self) -> None:
        self.clear_button.setVisible(any(self.draft().values()))
