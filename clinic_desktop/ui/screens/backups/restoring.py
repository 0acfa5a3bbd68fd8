"""The way back: choose a backup or a moment, see what it would bring and cost, confirm. What follows happens without the desk."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtWidgets import QProgressBar

from clinic_desktop import wording
from clinic_desktop.clinic.backups.commands import announce_restore
from clinic_desktop.clinic.backups.looking import FoundBackup
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.backups.choosing import ChoosePane
from clinic_desktop.ui.screens.backups.previewing import PreviewPane
from clinic_desktop.ui.screens.backups.reading import Wanted, looked_into
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.widgets import BusyButton, Button, Dialog, Label

_CONFIRM = late("clinic_desktop.clinic.access.login:confirm_password")


class RestoreDialog(Dialog):
    """Two pages; the second asks for a reason, the password and a word."""

    def __init__(self, screen: Screen, backups: Sequence[FoundBackup], marked: FoundBackup | None) -> None:
        super().__init__(screen, _("Restore a backup"), _("Nothing is overwritten: what is here now is kept."), width=640)
        self._desk, self._work = screen.desk, screen.work
        self.wanted: Wanted | None = None
        self.preview: PreviewPane | None = None
        self._task: Task | None = None
        self._reason = ""
        self.choose = ChoosePane(self._desk, backups, marked, self)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.hide()
        self.problem = Label("", self, tone="bad", wrap=True)
        self.problem.hide()
        for widget in (self.choose, self.bar, self.problem):
            self.body.addWidget(widget)
        self.back = self.add_button(_("Back"), None, self._show_choice)
        self.close_button = self.add_button(_("Cancel"), None, self.leave)
        self.look = Button(_("Look at it"), role="primary", parent=self)
        self.look.setDefault(True)
        self.restore_button = BusyButton(_("Restore"), role="danger", parent=self)
        for button, action in ((self.look, self._look), (self.restore_button, self._confirm)):
            self.buttons.addWidget(button)
            button.clicked.connect(action)
        self.choose.changed.connect(self._forget_problem)
        self.rejected.connect(self._stop)
        self._show_choice()

    def draft(self) -> dict[str, Any] | None:
        """What is typed, but never the password."""
        reason = self._typed_reason
        if not reason and not self.choose.is_typed:
            return None
        return {"choose": self.choose.form.draft(), "reason": reason}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back; the reason once the preview is there again."""
        self.choose.form.restore(draft["choose"])
        self._reason = str(draft["reason"])

    @property
    def _typed_reason(self) -> str:
        return self._reason if self.preview is None else self.preview.form["reason"].text()

    # The first page

    def _show_choice(self) -> None:
        self._reason = self._typed_reason
        if self.preview is not None:
            self.preview.hide()
            self.preview.deleteLater()
            self.preview = None
        self._forget_problem()
        self.choose.show()
        self.look.show()
        self.back.hide()
        self.restore_button.hide()
        self.choose.setFocus()

    def _look(self) -> None:
        chosen = self.choose.value()
        if chosen is None or self._task is not None:
            return
        self._forget_problem()
        self.bar.setRange(0, 0)
        self.bar.show()
        self.look.setEnabled(False)
        self.choose.setEnabled(False)
        self._task = task = Task(self._work, "", looked_into, path=chosen.path, at=chosen.at)
        task.advanced.connect(self._advance)
        task.succeeded.connect(self._show_preview)
        task.failed.connect(self._refuse)
        task.ended.connect(self._looked)

    def _advance(self, done: int, total: int, _label: str) -> None:
        self.bar.setRange(0, total)
        self.bar.setValue(done)

    def _looked(self) -> None:
        self._task = None
        self.bar.hide()
        self.look.setEnabled(True)
        self.choose.setEnabled(True)

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()

    # The second one

    def _show_preview(self, wanted: Wanted) -> None:
        self.wanted = wanted
        is_server = self._work.db.address.file is None
        actor = self._desk.actor
        self.preview = PreviewPane(wanted.shown, self._desk.place.timezone, actor.name, is_server=is_server, parent=self)
        self.preview.form["reason"].setText(self._reason)
        self.body.insertWidget(1, self.preview)
        self.choose.hide()
        self.look.hide()
        self.preview.show()
        self.back.show()
        self.restore_button.show()
        self.preview.setFocus()

    def _confirm(self) -> None:
        if self.preview is None or self.restore_button.is_busy or not self.preview.is_confirmed:
            return
        self._forget_problem()
        self.restore_button.set_busy(True)
        self._work.call(
            self,
            _CONFIRM,
            db=self._work.db,
            actor=self._work.actor,
            password=self.preview.form["password"].text(),
            then=lambda _actor: self._announce(),
            failed=self._refuse_password,
        )

    def _refuse_password(self, error: ClinicError) -> None:
        self.restore_button.set_busy(False)
        if self.preview is not None:
            self.preview.form.fields["password"].set_error(wording.sentence(error))
            self.preview.form["password"].setFocus()

    def _announce(self) -> None:
        assert self.preview is not None
        assert self.wanted is not None
        self._work.do(
            self,
            announce_restore,
            reason=self.preview.form["reason"].text(),
            backup=self.wanted.plan.backup.path.name,
            then=lambda _nothing: self._go(),
            failed=self._refuse,
            settled=lambda: self.restore_button.set_busy(False),
        )

    def _go(self) -> None:
        wanted, desk = self.wanted, self._desk
        self.accept()
        desk.restore_wanted.emit(wanted)

    # Both

    def _refuse(self, error: ClinicError) -> None:
        if self.preview is not None and self.preview.form.refuse(error):
            return
        self.problem.setText(wording.sentence(error))
        self.problem.show()

    def _forget_problem(self) -> None:
        self.problem.hide()
