"""Duplicates: who may be registered twice, both records beside each other, and what was merged."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QProgressBar, QTabWidget, QWidget

from clinic_desktop.clinic.patients.commands import offer_pairs
from clinic_desktop.clinic.patients.events import DuplicateDismissed, DuplicatesFound, MergeUndone, PatientChanged, PatientsMerged
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.backups.task import Task, task_of
from clinic_desktop.ui.screens.duplicates.merges import MergesPanel
from clinic_desktop.ui.screens.duplicates.pairs import PairsPanel
from clinic_desktop.ui.screens.duplicates.reading import Review, review
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Page, keep_if, keyed
from clinic_desktop.wording import sentence

LOOK = late("clinic_desktop.ui.screens.duplicates.reading:look")
_TASK = "look for duplicates"
_BAR = 160


class DuplicatesScreen(Screen):
    """The list to review and the merges; looking the register over goes on behind it."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._sought: UUID | None = None
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setFixedWidth(scaled(_BAR))
        self.look = Button(_("Look for duplicates"), icon_name="search", parent=self)
        self.stop = Button(_("Stop"), icon_name="x", parent=self)
        self.page = Page(self, _("Duplicates"), actions=(self.bar, self.stop, self.look))
        self.tabs = QTabWidget(self)
        self.tabs.setDocumentMode(True)
        self.tabs.tabBar().setDrawBase(False)
        self.pairs, self.merges = PairsPanel(self, self.tabs), MergesPanel(self, self.tabs)
        self.tabs.addTab(self.pairs, _("To review"))
        self.tabs.addTab(self.merges, _("Merged"))
        self.page.body.addWidget(self.tabs, 1)
        keyed(self.look, "Ctrl+L")
        keep_if(self.look, desk.may(offer_pairs))
        self.look.clicked.connect(self._look)
        self.stop.clicked.connect(self._stop)
        begin_at(self, self.pairs.table)
        self._follow(task_of(self.work, _TASK))
        self.watch(PatientsMerged, MergeUndone, DuplicateDismissed, DuplicatesFound, PatientChanged)

    def refresh(self) -> None:
        """Read the lists again."""
        self.work.read(self, review, latest="review", then=self._show)

    def open(self, *, patient_id: UUID | None = None, **_what: Any) -> None:
        """Show the pairs, one of this patient first."""
        self._sought = patient_id
        self.tabs.setCurrentWidget(self.pairs)
        self.refresh()

    def _show(self, found: Review) -> None:
        self.pairs.show_all(found.pairs)
        self.merges.show_all(found.merges)
        self.tabs.setTabText(0, f"{_('To review')} ({found.waiting})" if found.waiting else _("To review"))
        self.desk.badge("duplicates", found.waiting)
        if self._sought is not None:
            self.pairs.select(self._sought)
            self._sought = None

    # Looking the register over

    def _look(self) -> None:
        if task_of(self.work, _TASK) is None:
            self._follow(Task(self.work, _TASK, LOOK, actor=self.desk.actor))

    def _follow(self, task: Task | None) -> None:
        """Show how far it is, in a screen that was opened meanwhile too."""
        self._busy(task is not None)
        if task is not None:
            self._advance(*task.how_far)
            task.advanced.connect(self._advance)
            task.succeeded.connect(self._looked)
            task.failed.connect(self._failed)
            task.ended.connect(self._ended)

    def _stop(self) -> None:
        task = task_of(self.work, _TASK)
        if task is not None:
            task.cancel()

    def _busy(self, is_busy: bool) -> None:
        self.bar.setVisible(is_busy)
        self.stop.setVisible(is_busy)
        self.look.setEnabled(not is_busy)

    def _advance(self, done: int, total: int, _label: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _looked(self, found: int) -> None:
        if found:
            text = ngettext("{n} pair is new in the list.", "{n} pairs are new in the list.", found).format(n=found)
        else:
            text = _("Looked the whole register over: no new pair.")
        self.desk.toast(text, tone=Tone.GOOD)

    def _failed(self, error: ClinicError) -> None:
        self.desk.toast(sentence(error), tone=Tone.WARN)

    def _ended(self) -> None:
        self._busy(False)
        self.refresh()
