"""A first password for somebody, to be changed at the next login: where a code cannot be typed at the person's own desk."""

from __future__ import annotations

from PySide6.QtCore import Signal

from clinic_desktop import wording
from clinic_desktop.clinic.access.queries import UserRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import isolated
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.widgets import BusyButton, Dialog, Form, Label

_SET = late("clinic_desktop.clinic.access.accounts:set_password")


class FirstPasswordDialog(Dialog):
    """One field; ``done`` once the password is set."""

    done_for = Signal(object)

    def __init__(self, screen: Screen, person: UserRow) -> None:
        text = _("{name} logs in with it once and then chooses another. All of this person's sessions end.")
        super().__init__(screen, _("First password"), text.format(name=isolated(person.full_name)))
        self._screen, self._person = screen, person
        self.form = Form(columns=1)
        self.form.add("password", _("Password"), PasswordEdit(""), required=True)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.post = BusyButton(_("Set the password"), icon_name="key-round", parent=self)
        self.post.setDefault(True)
        self.buttons.addWidget(self.post)
        self.post.clicked.connect(self._post)
        self.form["password"].setFocus()

    def _post(self) -> None:
        values = self.form.values()
        if values is None or self.post.is_busy:
            return
        self.post.set_busy(True)
        work = self._screen.work
        work.call(
            self,
            _SET,
            db=work.db,
            actor=work.actor,
            user_id=self._person.id,
            password=values["password"],
            then=self._set,
            failed=self._refuse,
            settled=lambda: self.post.set_busy(False),
        )

    def _set(self, _nothing: object) -> None:
        self.done_for.emit(self._person)
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()
