"""Accounts: who may log in, with which roles; and what to do when somebody cannot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop.clinic.access import commands, events
from clinic_desktop.clinic.access.queries import RoleRow, UserRow, roles, users
from clinic_desktop.clinic.access.rules import UserStatus
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, datetime_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.late import late
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.people.account_actions import AccountActions
from clinic_desktop.ui.screens.people.role_boxes import RoleBoxes
from clinic_desktop.ui.screens.people.words import in_order, role_name
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Label, LineEdit, Page

_FORGET_SLOT = late("clinic_desktop.clinic.access.slots:forget")


@dataclass(frozen=True, slots=True)
class People:
    """Accounts and the roles that there are."""

    users: list[UserRow]
    roles: list[RoleRow]


def people(session: Any) -> People:
    """Every account, those in use first, and every role."""
    return People(sorted(users(session), key=lambda one: one.status is not UserStatus.ACTIVE), in_order(roles(session)))


def _when(one: UserRow) -> float:
    return one.last_login_at.timestamp() if one.last_login_at is not None else 0.0


class UsersScreen(Screen):
    """List and form of the accounts."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._roles: dict[str, RoleRow] = {}
        page = Page(self, _("Users"))
        self.records = RecordList(
            self,
            _("Users"),
            [
                Column(_("Name"), lambda one: one.full_name, width=0),
                Column(_("Roles"), self._role_names, width=130, tooltip=self._role_names),
                Column(_("Status"), self._status, chip=self._tone, width=130),
                Column(
                    _("Last login"), self._last_login, width=124, sort_key=lambda one: (one.last_login_at is not None, one.last_login_at)
                ),
                Column(_("Username"), lambda one: one.username, width=120, hidden=True),
                Column(_("E-mail"), lambda one: one.email or "", width=180, hidden=True),
            ],
            fill=self._fill,
            save=self._save,
            new=_("New user"),
            empty=_("No accounts yet. Press F2 to add the first one."),
            form_columns=2,
            form_width=384,
        )
        self._build_form()
        self.account_actions = AccountActions(self, self.records)
        self.records.begin(may_change=desk.may(commands.save_account))
        self.boxes.setEnabled(desk.may(commands.assign_roles))
        self.records.saved.connect(self._saved)
        page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self._new_code_for: UUID | None = None
        self._former_name: str | None = None
        self.watch(events.UserCreated, events.UserChanged, events.RoleChanged, events.LoggedIn)

    def _build_form(self) -> None:
        form = self.records.form
        form.add("full_name", _("Name"), LineEdit(limit=200), required=True, span=2)
        form.add("username", _("Username"), LineEdit(limit=40), required=True)
        form.add("phone", _("Telephone"), LineEdit(limit=40))
        form.add("email", _("E-mail"), LineEdit(limit=254), span=2)
        self.boxes = RoleBoxes()
        form.add("roles", _("Roles"), self.boxes, span=2)
        self.state = Label(tone="muted", wrap=True)
        self.records.below.addWidget(self.state)

    def refresh(self) -> None:
        """Read the accounts and the roles again."""
        self.work.read(self, people, latest="rows", then=self._show)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def open(self, **what: Any) -> None:
        """Show one account: ``user_id``."""
        if "user_id" in what:
            self.records.choose(what["user_id"])

    def _show(self, found: People) -> None:
        self._roles = {row.code: row for row in found.roles}
        self.boxes.set_roles(found.roles)
        self.records.set_rows(found.users)
        person = next((one for one in found.users if one.id == self._new_code_for), None)
        if person is not None:
            self._new_code_for = None
            self.account_actions.issue_code(person)

    # What a row says

    def _role_names(self, one: UserRow) -> str:
        return ", ".join(role_name(code, self._roles[code].name if code in self._roles else "") for code in one.roles)

    def _is_locked(self, one: UserRow) -> bool:
        return one.locked_until is not None and one.locked_until > self.desk.now()

    def _status(self, one: UserRow) -> str:
        if one.status is not UserStatus.ACTIVE:
            return _("Disabled")
        if self._is_locked(one):
            return _("Locked")
        return _("Active") if one.has_password else _("No password")

    def _tone(self, one: UserRow) -> Tone:
        if one.status is not UserStatus.ACTIVE:
            return Tone.NEUTRAL
        return Tone.BAD if self._is_locked(one) else Tone.GOOD if one.has_password else Tone.WARN

    def _last_login(self, one: UserRow) -> str:
        zone = self.desk.place.timezone
        return _("Never") if one.last_login_at is None else date_text(business_date(one.last_login_at, zone))

    def _state_text(self, one: UserRow) -> str:
        said = []
        if self._is_locked(one) and one.locked_until is not None:
            until = datetime_text(one.locked_until, timezone=self.desk.place.timezone)
            said.append(_("Locked after wrong passwords until {time}.").format(time=until))
        if not one.has_password:
            said.append(_("Has no password yet: give a reset code."))
        elif one.must_change_password:
            said.append(_("Must choose a new password at the next login."))
        if one.has_pin:
            said.append(_("Has a PIN."))
        return " ".join(said)

    # What the form does

    def _fill(self, row: UserRow | None) -> None:
        form = self.records.form
        for name in ("full_name", "username", "phone", "email"):
            form[name].setText((getattr(row, name) or "") if row else "")
        self.boxes.set_value(row.roles if row else ())
        self.state.setText(self._state_text(row) if row else _("A code for the first password is shown once the account is saved."))
        self.state.setVisible(bool(self.state.text()))

    def _save(self, values: dict[str, Any], row: UserRow | None) -> Act:
        self._former_name = row.username if row is not None else None
        return commands.save_account, {"user_id": row.id if row is not None else None, **values}

    def _saved(self, answer: UUID) -> None:
        if self._former_name is None:
            self._new_code_for = answer
        elif self._former_name != self.records.form["username"].text().strip().casefold():
            # The old name opens the encrypted data no more; the new one does after the next login with it.
            self.work.call(self, _FORGET_SLOT, db=self.work.db, username=self._former_name)
