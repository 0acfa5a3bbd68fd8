"""The way from a file to a server: where to, what it means for everybody, and the password."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QProgressBar, QVBoxLayout

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late, load
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.backups.task import Task
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.theme.tokens import GAP_4
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit, directed

HERE, THERE = "here", "there"
_LOOKED_AT = late("clinic_desktop.ui.moving:looked_at")
_WRONG_PASSWORD = "login_refused"  # noqa: S105 - the name of an error
_OF_SERVER = ("address", "login", "login_password")


class MoveDialog(Dialog):
    """Asks, and looks whether it would go; what follows happens without the desk."""

    def __init__(self, desk: Desk, screen: Screen) -> None:
        text = _("All computers of the clinic then work with the same data at the same time.")
        super().__init__(screen, _("Move the clinic to a server"), text, width=640)
        self._desk, self._work = desk, desk.work
        self._task: Task | None = None
        self.form = self._make_form()
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.bar.setRange(0, 0)
        self.bar.hide()
        self.problem = Label("", self, tone="bad", wrap=True)
        self.problem.hide()
        lines = QVBoxLayout()
        lines.setSpacing(GAP_4)
        for said in _what_happens():
            lines.addWidget(Label(directed(f"•  {said}"), self, wrap=True))
        self.body.addLayout(lines)
        for widget in (self.form, self.bar, self.problem):
            self.body.addWidget(widget)
        self.add_button(_("Cancel"), None, self.leave)
        self.go = BusyButton(_("Move the clinic"), role="primary", parent=self)
        self.go.setDefault(True)
        self.go.clicked.connect(self._look)
        self.buttons.addWidget(self.go)
        self.rejected.connect(self._stop)
        self._follow_way()
        self.form["way"].setFocus()

    def resizeEvent(self, event: QResizeEvent) -> None:  # noqa: N802
        """The fields of a server make it higher: its foot stays in reach on a small screen."""
        super().resizeEvent(event)
        if self.isVisible():
            self._stay_on_screen()

    def _make_form(self) -> Form:
        form = Form(columns=2, starred=False, parent=self)
        ways = ((_("This computer becomes the server"), HERE), (_("A server that is there already"), THERE))
        form.add("way", _("Where to"), Choice("", ways), span=2)
        address = LineEdit(limit=300)
        address.setPlaceholderText("192.168.1.10")
        form.add("address", _("Address of the server"), address, required=True, span=2)
        form.add("login", _("Administrator of the database there"), LineEdit(limit=63), required=True)
        form.add("login_password", _("Password there"), PasswordEdit(_("Password there")))
        for name in ("address", "login"):  # neither is ever written from right to left
            form[name].setLayoutDirection(Qt.LayoutDirection.LeftToRight)
        whose = _("Password of {name}").format(name=isolated(self._desk.actor.name))
        password = PasswordEdit(whose)
        field = form.add("password", whose, password, required=True, span=2)
        password.caps_lock.connect(lambda on: field.set_hint(_("Caps Lock is on") if on else None))
        form["way"].currentIndexChanged.connect(self._follow_way)
        return form

    def _follow_way(self, *_place: object) -> None:
        is_there = self.form["way"].value() == THERE
        for name in _OF_SERVER:
            self.form.fields[name].setVisible(is_there)
            self.form.fields[name].required = is_there and name != "login_password"
        self.problem.hide()

    def _look(self) -> None:
        given = None if self._task is not None else self.form.values()
        if given is None:
            return
        told = {name: given[name] or "" for name in _OF_SERVER} if given["way"] == THERE else {}
        wanted = load("clinic_desktop.ui.moving:Wanted")(password=given["password"], **told)
        self._wait(True)
        self._task = task = Task(self._work, "", _LOOKED_AT, actor=self._desk.actor, wanted=wanted)
        task.succeeded.connect(self._go)
        task.failed.connect(self._refuse)
        task.ended.connect(self._looked)

    def _wait(self, waiting: bool) -> None:
        self.go.set_busy(waiting)
        self.bar.setVisible(waiting)
        self.form.setEnabled(not waiting)
        self.problem.hide()

    def _looked(self) -> None:
        self._task = None

    def _go(self, wanted: object) -> None:
        desk = self._desk
        self.accept()
        desk.move_wanted.emit(wanted)

    def _refuse(self, error: ClinicError) -> None:
        self._wait(False)
        if error.code == _WRONG_PASSWORD:
            self.form.fields["password"].set_error(wording.sentence(error))
            self.form["password"].setFocus()
        elif not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()

    def _stop(self) -> None:
        if self._task is not None:
            self._task.cancel()


def may_move(desk: Desk) -> bool:
    """Whether this clinic is in an encrypted file, and this person manages it."""
    db = desk.work.db
    return db.address.file is not None and db.data_key is not None and "organisation.manage" in desk.actor.permissions


def _what_happens() -> list[str]:
    return [
        _("Everything goes to the server: records, documents, the audit trail, and the numbers go on from there."),
        _("This file is kept as it is, and takes nothing more. If the move fails, work goes on here as before."),
        _("You log in at the server with the password that you have. Everybody else needs a new one from you."),
        _("Every other computer joins with a code. Nobody can work while the clinic moves."),
    ]
