"""The screen of backups: how things stand, what there is, where and when they are made, and the way back."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.backups import commands, events
from clinic_desktop.clinic.backups.looking import FileState, FoundBackup, Looked
from clinic_desktop.clinic.backups.running import Outcome
from clinic_desktop.clinic.organisation.events import SettingChanged
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import datetime_text, number_text, size_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.backups.checking import CheckDialog
from clinic_desktop.ui.screens.backups.head import StateCard
from clinic_desktop.ui.screens.backups.reading import backed_up, overview
from clinic_desktop.ui.screens.backups.restoring import RestoreDialog
from clinic_desktop.ui.screens.backups.settings import SettingsPanel
from clinic_desktop.ui.screens.backups.state import STATE_TONES, ready, state_help, state_text, told
from clinic_desktop.ui.screens.backups.task import Task, task_of
from clinic_desktop.ui.table import END, Column, TableView
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import Button, Page, keyed

_TASK = "backup"
_LOOK_AGAIN_MS = 60_000
_FORM_WIDTH = 296


class BackupsScreen(Screen):
    """Head, list and settings."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self.looked: Looked | None = None
        self._is_looking = self._looks_again = False
        self._checked: dict[Path, ClinicError | None] = {}
        page = Page(self, _("Backups"))
        self.head = StateCard(self)
        self.table = TableView(
            _("Backups"),
            self._columns(),
            key=lambda one: one.path,
            empty=_("No backup is here yet."),
            empty_icon="hard-drive",
            filterable=False,
            parent=self,
        )
        self.check = Button(_("Check…"), icon_name="shield-check", parent=self)
        self.bring_back = Button(_("Restore…"), icon_name="rotate-ccw", parent=self)
        self.settings = SettingsPanel(desk, self)
        self.settings.setFixedWidth(scaled(_FORM_WIDTH))
        for button in (self.check, self.bring_back):
            self.table.tools.addWidget(button)
        left = QVBoxLayout()
        left.setSpacing(GAP_16)
        left.addWidget(self.head)
        left.addWidget(self.table, 1)
        across = QHBoxLayout()
        across.setSpacing(GAP_16)
        across.addLayout(left, 1)
        across.addWidget(self.settings)
        page.body.addLayout(across, 1)
        self._wire()

    def _wire(self) -> None:
        keyed(self.head.run, "F2")
        keyed(self.check, "F8")
        keyed(self.bring_back, "F9")
        self.head.run.clicked.connect(self._run)
        self.head.cancel.clicked.connect(self._cancel)
        self.check.clicked.connect(self._check)
        self.bring_back.clicked.connect(self._restore)
        self.check.setVisible(self.desk.may(commands.begin_backup))
        self.bring_back.setVisible(self.desk.may(commands.announce_restore))
        self.check.setEnabled(False)
        self.bring_back.setEnabled(False)
        self.table.selected.connect(lambda _row: self._tell_chosen())
        self._again = QTimer(self, interval=_LOOK_AGAIN_MS)
        self._again.timeout.connect(self._look_if_seen)
        self._again.start()
        self.watch(events.BackupMade, events.BackupFailedToFinish, SettingChanged)
        self._attach(task_of(self.work, _TASK))
        begin_at(self, self.table)

    def _columns(self) -> list[Column]:
        zone = self.desk.place.timezone
        return [
            Column(
                _("Made"),
                lambda one: datetime_text(one.taken_at, timezone=zone) if one.taken_at else _("unknown"),
                width=180,
                sort_key=lambda one: str(one.taken_at),
            ),
            Column(_("Why"), lambda one: wording.status(one.reason) if one.reason else "", width=92),
            Column(
                _("Size"),
                lambda one: size_text(one.byte_count) if one.byte_count is not None else "",
                END,
                78,
                sort_key=lambda one: one.byte_count or 0,
            ),
            Column(
                _("State"),
                lambda one: state_text(one.state),
                width=0,
                chip=lambda one: STATE_TONES[one.state],
                tooltip=lambda one: state_help(one, zone),
            ),
            Column(_("Where"), lambda one: one.path.parent.name or str(one.path.parent), width=108, tooltip=lambda one: str(one.path)),
            Column(_("Last change"), lambda one: number_text(one.seq) if one.seq is not None else "", END, 96, hidden=True),
            Column(_("Records"), lambda one: number_text(one.rows) if one.rows is not None else "", END, 96, hidden=True),
        ]

    # What the shell does with it

    def refresh(self) -> None:
        """Look into the folders again, and read the settings."""
        self.settings.refresh()
        self._look()

    def draft(self) -> dict[str, Any] | None:
        """What is typed into the settings."""
        return self.settings.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.settings.restore(draft)

    # How it behaves

    def _look_if_seen(self) -> None:
        if self.isVisible():
            self._look()

    def _look(self) -> None:
        if self._is_looking:  # the second thread may be busy with a backup: one look waits for it, not one a minute
            self._looks_again = True
            return
        self._is_looking = True
        self.work.background(self, overview, then=self._show, settled=self._has_looked, db=self.work.db, actor=self.desk.actor)

    def _has_looked(self) -> None:
        self._is_looking = False
        if self._looks_again:
            self._looks_again = False
            self._look()

    def _show(self, looked: Looked) -> None:
        self.looked = looked = replace(looked, backups=tuple(self._as_checked(one) for one in looked.backups))
        self.head.say(told(looked, self.desk.now(), self.desk.place.timezone), may_run=self.desk.may(commands.begin_backup))
        self.table.set_rows(looked.backups)
        is_bad = bool(looked.failing) or looked.state.is_overdue
        self.desk.badge("backups", int(is_bad and not looked.is_plain))
        self.bring_back.setEnabled(bool(ready(looked.backups)))
        self._tell_chosen()

    def _as_checked(self, one: FoundBackup) -> FoundBackup:
        """What a check of today has found goes before what the file says of itself."""
        problem = self._checked.get(one.path)
        return one if problem is None else replace(one, state=FileState.DAMAGED, problem=problem)

    def _tell_chosen(self) -> None:
        chosen = self.table.current
        self.check.setEnabled(chosen is not None and chosen.state in (FileState.READY, FileState.DAMAGED))

    def _run(self) -> None:
        if task_of(self.work, _TASK) is None:
            self._attach(Task(self.work, _TASK, backed_up, actor=self.desk.actor))

    def _attach(self, task: Task | None) -> None:
        """Show a backup that is being made, perhaps since before the desk was locked."""
        self.head.show_task(task)
        if task is not None:
            task.advanced.connect(self.head.advance)
            task.succeeded.connect(self._ran)
            task.failed.connect(self._refuse)
            task.ended.connect(self._ended)

    def _cancel(self) -> None:
        task = task_of(self.work, _TASK)
        if task is not None:
            self.head.cancel.setEnabled(False)
            task.cancel()

    def _ran(self, outcomes: list[Outcome]) -> None:
        failed = [one.error for one in outcomes if one.error is not None]
        if failed:
            self._refuse(failed[0])
        elif outcomes:
            self.desk.toast(_("Backed up: opened again, checked and counted."), tone=Tone.GOOD)
        else:
            self.desk.toast(_("No folder is chosen for the backups of this computer."), tone=Tone.WARN)

    def _refuse(self, error: ClinicError) -> None:
        self.desk.toast(wording.sentence(error), tone=Tone.NEUTRAL if error.code == "backup_cancelled" else Tone.BAD)

    def _ended(self) -> None:
        self.head.show_task(None)
        self._look()

    def _check(self) -> None:
        chosen = self.table.current
        if chosen is not None:
            dialog = CheckDialog(self, chosen)
            dialog.told.connect(self._note_check)
            dialog.open()

    def _note_check(self, path: Path, problem: ClinicError | None) -> None:
        self._checked[path] = problem
        self._look()

    def _restore(self) -> None:
        if self.looked is None:
            return
        chosen = self.table.current
        dialog = RestoreDialog(self, ready(self.looked.backups), chosen)
        self.keep_typing("restore", dialog)
        dialog.open()
