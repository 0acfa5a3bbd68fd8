"""What a file would do to a list, row by row, before any of it is done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import shiboken6
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QProgressBar

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.plans import Plan, PlannedRow, RowKind
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.rows import END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.table import TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Chip, Dialog, Label, row

if TYPE_CHECKING:
    from clinic_desktop.kernel.db import Database
    from clinic_desktop.kernel.security import Actor

_MOST_SHOWN = 2_000
_TONES = {RowKind.NEW: Tone.GOOD, RowKind.CHANGED: Tone.INFO, RowKind.REFUSED: Tone.BAD, RowKind.UNCHANGED: Tone.NEUTRAL}
_ORDER = (RowKind.REFUSED, RowKind.CHANGED, RowKind.NEW, RowKind.UNCHANGED)


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the file as the list shows it."""

    number: int
    code: str
    name: str
    kind: RowKind
    told: str


@dataclass(frozen=True, slots=True)
class Looked:
    """A plan and the lines that are worth reading, those that keep it from being carried out first."""

    plan: Plan
    lines: tuple[Line, ...]
    counts: Counter[RowKind]

    @property
    def to_write(self) -> int:
        """How many rows would be written."""
        return self.counts[RowKind.NEW] + self.counts[RowKind.CHANGED]


def look(*, db: Database, plan: Callable[..., Plan], path: Path, progress: Progress) -> Looked:
    """Read the file and compare it with the list."""
    made = plan(db, path, progress=progress.report)
    counts = Counter(one.kind for one in made.rows)
    worth_reading = (one for one in made.rows if one.kind is not RowKind.UNCHANGED)
    first = sorted(worth_reading, key=lambda one: _ORDER.index(one.kind))[:_MOST_SHOWN]
    return Looked(made, tuple(Line(one.number, one.code, one.name, one.kind, _told(one)) for one in first), counts)


def carry_out(*, db: Database, actor: Actor, command: Any, plan: Plan, progress: Progress) -> int:
    """Write it all, or nothing."""
    return int(db.run(actor, command, plan=plan, progress=progress.report))


def _told(one: PlannedRow) -> str:
    problems = [f"{_(problem.title)}: {wording.sentence(problem.error)}" for problem in one.problems]
    changes = [f"{_(change.title)}: {isolated(_short(change.old))} → {isolated(_short(change.new))}" for change in one.changes]
    return "  ·  ".join(problems or changes)


def _short(text: str) -> str:
    return (text[:60] + "…" if len(text) > 60 else text) or "–"


class BringDialog(Dialog):
    """The dry run, and the button that carries it out. ``another`` asks for another file."""

    another = Signal()

    def __init__(self, screen: Screen, title: str, plan: Callable[..., Plan], command: Any, path: Path) -> None:
        super().__init__(screen, _("Import: {list}").format(list=title), width=900)
        self._screen, self._command, self._path = screen, command, path
        self._looked: Looked | None = None
        self._progress = Progress(self)
        self._bar = QProgressBar(self)
        self._bar.setAccessibleName(_("Progress"))
        self._bar.setTextVisible(False)
        self.said = Label(tone="muted", wrap=True)
        self.chips = {kind: Chip("", _TONES[kind]) for kind in _ORDER}
        self.table = TableView(title, _columns(), key=lambda one: one.number, empty=_("Nothing would change."), parent=self)
        self.detail = Label(wrap=True)
        self.stop = self.add_button(_("Cancel"), None, self.leave)
        self.choose = Button(_("Choose another file…"), icon_name="folder-open")
        self.bring = BusyButton(_("Import"), icon_name="upload")
        self._lay_out()
        self._begin(_("{file} is being checked…"))
        screen.work.background(
            self, look, then=self._show, failed=self._refused, progress=self._progress, db=screen.work.db, plan=plan, path=path
        )

    def _lay_out(self) -> None:
        self.body.addWidget(self.said)
        self.body.addWidget(self._bar)
        self.body.addLayout(row(*self.chips.values()))
        self.body.addWidget(self.table, 1)
        self.body.addWidget(self.detail)
        self.table.setMinimumHeight(scaled(300))
        self.detail.setMinimumHeight(scaled(44))
        self.table.selected.connect(lambda one: self.detail.setText(one.told if one else ""))
        for chip in self.chips.values():
            chip.hide()
        for button in (self.choose, self.bring):
            self.buttons.addWidget(button)
            button.setEnabled(False)
        self.choose.clicked.connect(self._choose)
        self.bring.clicked.connect(self._carry_out)
        self._progress.advanced.connect(self._advance)

    def leave(self) -> None:
        """Close; what is under way stops, and nothing of it is written."""
        self._progress.cancel()
        self.reject()

    def _begin(self, text: str) -> None:
        self.said.setText(text.format(file=isolated(self._path.name)))
        self._bar.setRange(0, 0)
        self._bar.show()

    def _advance(self, done: int, total: int, _label: str) -> None:
        self._bar.setRange(0, max(total, 1))
        self._bar.setValue(done)

    def _choose(self) -> None:
        self.leave()
        self.another.emit()

    def _show(self, looked: Looked) -> None:
        self._looked = looked
        self._bar.hide()
        self.choose.setEnabled(True)
        for kind, chip in self.chips.items():
            chip.show_status(f"{wording.status(kind)}: {number_text(looked.counts[kind])}", _TONES[kind])
            chip.show()
        self.table.set_rows(looked.lines)
        self.said.setText(_summary(looked, self._path.name))
        count, is_ready = looked.to_write, bool(looked.to_write) and not looked.counts[RowKind.REFUSED]
        self.bring.setEnabled(is_ready)
        self.bring.setText(ngettext("Import {n} row", "Import {n} rows", count).format(n=number_text(count)) if is_ready else _("Import"))
        (self.bring if is_ready else self.choose).setFocus()

    def _refused(self, error: ClinicError) -> None:
        self._bar.hide()
        self.choose.setEnabled(True)
        self.bring.setEnabled(False)
        self.said.set_tone("bad")
        self.said.setText(wording.sentence(error))
        self.choose.setFocus()

    def _carry_out(self) -> None:
        if self._looked is None or self.bring.is_busy:
            return
        self.bring.set_busy(True)
        self.choose.setEnabled(False)
        self._begin(_("{file} is being imported…"))
        work = self._screen.work
        # The screen's, not the dialog's: a file that was written after all, a moment after Cancel, is told.
        work.background(
            self._screen,
            carry_out,
            then=self._done,
            failed=self._not_done,
            progress=self._progress,
            db=work.db,
            actor=work.actor,
            command=self._command,
            plan=self._looked.plan,
        )

    def _not_done(self, error: ClinicError) -> None:
        if shiboken6.isValid(self):
            self.bring.set_busy(False)
            self._refused(error)
        else:
            self._screen.work.refused.emit(error)

    def _done(self, count: int) -> None:
        text = ngettext("{n} row imported.", "{n} rows imported.", count)
        self._screen.desk.toast(text.format(n=number_text(count)), tone=Tone.GOOD)
        self._screen.refresh()
        if shiboken6.isValid(self):
            self.accept()


def _summary(looked: Looked, file: str) -> str:
    name, ignored = isolated(file), looked.plan.ignored
    if looked.counts[RowKind.REFUSED]:
        text = _("{file}: nothing is imported while rows are refused. Correct them in the file, then choose it again.").format(file=name)
    elif not looked.to_write:
        text = _("{file}: everything is as the list has it already.").format(file=name)
    else:
        text = _("{file}: look through what would change. All of it is imported, or nothing.").format(file=name)
    if looked.to_write + looked.counts[RowKind.REFUSED] > _MOST_SHOWN:
        text += " " + _("The first {n} rows are shown.").format(n=number_text(_MOST_SHOWN))
    if ignored:
        text += "\n" + _("Columns that are not used: {columns}").format(columns=", ".join(ignored)[:200])
    return text


def _columns() -> list[Column]:
    return [
        Column(_("Row"), lambda one: number_text(one.number), align=END, width=64, sort_key=lambda one: one.number),
        Column(_("Code"), lambda one: one.code, width=110),
        Column(_("Name"), lambda one: one.name, width=170),
        Column(_("Outcome"), lambda one: wording.status(one.kind), chip=lambda one: _TONES[one.kind], width=120),
        Column(_("Details"), lambda one: one.told, tooltip=lambda one: one.told, width=0),
    ]
