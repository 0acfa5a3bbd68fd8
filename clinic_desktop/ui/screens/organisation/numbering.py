"""How numbers such as INV-2026-00001 look, for each clinic, with the next one as it would be printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.organisation import commands, events
from clinic_desktop.clinic.organisation.numbering import LONGEST, SHORTEST, Reset
from clinic_desktop.clinic.organisation.queries import NumberFormatRow, clinics, number_formats
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.organisation.elsewhere import Elsewhere, elsewhere, why_closed
from clinic_desktop.ui.theme.fonts import Text, scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Choice, Label, LineEdit, NumberField, Page


@dataclass(frozen=True, slots=True)
class Formats:
    """The formats of a clinic, the clinics there are, and those of other sites."""

    rows: Sequence[NumberFormatRow]
    clinics: Sequence[tuple[str, UUID]]
    elsewhere: Elsewhere


def read_formats(session: Any, *, clinic_id: UUID, now: datetime) -> Formats:
    """What the screen shows."""
    places = [(one.name, one.id) for one in clinics(session)]
    return Formats(number_formats(session, clinic_id=clinic_id, now=now), places, elsewhere(session))


class NumberingScreen(Screen):
    """List of the kinds of numbers, and the format of one of them; a change holds from the next number on."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._wanted, self._asked = "", desk.clinic_id
        self._elsewhere: Elsewhere = {}
        self.clinic = Choice(_("Clinic"), [(desk.place.clinic_name, desk.clinic_id)])
        self.clinic.setMinimumWidth(scaled(180))
        page = Page(self, _("Numbers"), actions=[self.clinic])
        self.records = RecordList(
            self,
            _("Kinds of numbers"),
            _columns(),
            fill=self._fill,
            save=self._save,
            key=lambda one: (one.clinic_id, one.kind.code),
            form_width=360,
        )
        form = self.records.form
        form.add("prefix", _("Begins with"), LineEdit(limit=6), required=True)
        form.add("width", _("Digits"), NumberField(SHORTEST, LONGEST))
        form.add("reset", _("Starts again at 1"), Choice(_("Starts again at 1"), [(wording.status(one), one) for one in Reset]), span=2)
        self.preview = Label(voice=Text.FIGURE)
        self.records.below.addWidget(Label(_("The next number"), tone="muted"))
        self.records.below.addWidget(self.preview)
        told = _("What is printed keeps its number. The count goes on, so no two numbers are ever alike.")
        self.records.below.addWidget(Label(told, tone="muted", wrap=True))
        self.usual = Button(_("As delivered"), icon_name="rotate-ccw")
        self.usual.clicked.connect(self._take_usual)
        self.records.add_action(self.usual, shown=lambda row: row.is_changed)
        self.records.begin(may_change=desk.may(commands.set_number_format), closed=lambda row: why_closed(self._elsewhere, row.clinic_id))
        self.records.panel.typed.connect(self._preview)
        self.clinic.currentIndexChanged.connect(self._choose_clinic)
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.NumberFormatChanged, events.ClinicAdded, events.ClinicChanged)

    def refresh(self) -> None:
        """Read the formats again."""
        self._asked = self.clinic.value()
        self.work.read(self, read_formats, latest="rows", then=self._show, clinic_id=self._asked, now=self.desk.now())

    def _choose_clinic(self, _place: int) -> None:
        if self.clinic.value() != self._asked:  # offering clinics is no choice of one
            self.refresh()

    def draft(self) -> dict[str, Any] | None:
        """What is typed, and for which clinic."""
        typed = self.records.draft()
        return None if typed is None else {"clinic": self.clinic.code(), **typed}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back once its clinic is read."""
        self._wanted = str(draft["clinic"])
        self.records.restore(draft)

    def _show(self, found: Formats) -> None:
        self._elsewhere = found.elsewhere
        self.clinic.set_options(found.clinics)
        self.clinic.setVisible(len(found.clinics) > 1)
        wanted = next((key for _name, key in found.clinics if str(key) == self._wanted), self.clinic.value())
        self._wanted = ""
        if wanted != self.clinic.value():
            self.clinic.set_value(wanted)
        else:
            self.records.set_rows(found.rows)

    def _fill(self, row: NumberFormatRow | None) -> None:
        if row is not None:
            self._put(row.prefix, row.width, row.reset)
            self.preview.setText(row.next)

    def _put(self, prefix: str, width: int, reset: Reset) -> None:
        form = self.records.form
        form["prefix"].setText(prefix)
        form["width"].setValue(width)
        form["reset"].set_value(reset)

    def _take_usual(self) -> None:
        row = self.records.record
        if row is not None:
            self._put(row.kind.prefix, row.kind.width, row.kind.reset)

    def _preview(self) -> None:
        row, form = self.records.record, self.records.form
        if row is not None:
            prefix = form["prefix"].text().strip().upper() or "…"
            self.preview.setText(row.next_text(prefix, form["width"].value(), form["reset"].value()))

    def _save(self, values: dict[str, Any], row: NumberFormatRow | None) -> Act | None:
        return None if row is None else (commands.set_number_format, {"clinic_id": row.clinic_id, "kind": row.kind.code, **values})


def _columns() -> list[Column]:
    return [
        Column(_("Numbers of"), lambda one: _(one.kind.title), width=0),
        Column(_("The next number"), lambda one: one.next, width=176),
        Column(_("Starts again"), lambda one: wording.status(one.reset), width=104),
        Column(
            _("Format"),
            lambda one: _("Changed") if one.is_changed else "",
            chip=lambda one: Tone.INFO if one.is_changed else None,
            width=96,
        ),
    ]
