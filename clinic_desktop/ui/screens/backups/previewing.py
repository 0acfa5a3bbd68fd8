"""What a restore would bring and what it would cost, before anything happens; and the three things that confirm it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QGridLayout, QVBoxLayout, QWidget

from clinic_desktop.clinic.backups.previews import RestorePreviewRow
from clinic_desktop.kernel.formats import datetime_text, isolated, number_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screens.login.password import PasswordEdit
from clinic_desktop.ui.theme.tokens import GAP_4, GAP_12, GAP_24
from clinic_desktop.ui.widgets import Form, Label, LineEdit, directed, line
from clinic_desktop.wording.audit import AuditWords
from clinic_desktop.wording.backups import COUNTED, undone

Line = tuple[str, str]


class PreviewPane(QWidget):
    """Shows a preview; ``form`` asks for the reason, the password and the word."""

    def __init__(self, shown: RestorePreviewRow, zone: str, name: str, *, is_server: bool, parent: QWidget) -> None:
        super().__init__(parent)
        self.lines, self.costs = lines(shown, zone), costs(shown, zone)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        column.addWidget(_grid(self.lines, self))
        for text, tone in self.costs:
            column.addWidget(Label(directed(text), self, tone=tone, wrap=True))
        column.addWidget(line())
        self.after = Label(_after(is_server), self, wrap=True)
        column.addWidget(self.after)
        self.word = _("RESTORE")
        form = self.form = Form(columns=2, starred=False, parent=self)
        form.add("reason", _("Reason, for the audit trail"), LineEdit(limit=200), required=True, span=2)
        password = PasswordEdit(_("Password of {name}").format(name=isolated(name)))
        field = form.add("password", _("Password of {name}").format(name=isolated(name)), password, required=True)
        password.caps_lock.connect(lambda on: field.set_hint(_("Caps Lock is on") if on else None))
        form.add("word", _("To confirm, type {word}").format(word=self.word), LineEdit(limit=40), required=True)
        column.addWidget(form)
        self.setFocusProxy(form["reason"])

    @property
    def is_confirmed(self) -> bool:
        """Whether all three are there; else what is wrong stands at its field."""
        values = self.form.values()
        if values is None:
            return False
        if str(values["word"]).casefold() != self.word.casefold():
            self.form.fields["word"].set_error(_("Please type {word}.").format(word=self.word))
            self.form["word"].setFocus()
            return False
        return True


def _grid(shown: list[Line], parent: QWidget) -> QFrame:
    frame = QFrame(parent)
    grid = QGridLayout(frame)
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(GAP_24)
    grid.setVerticalSpacing(GAP_4)
    grid.setColumnStretch(1, 1)
    for place, (caption, text) in enumerate(shown):
        grid.addWidget(Label(caption, frame, tone="muted"), place, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(Label(directed(text), frame, wrap=True), place, 1)
    return frame


def lines(shown: RestorePreviewRow, zone: str) -> list[Line]:
    """What is in it."""
    found = [
        (_("Hospital"), shown.hospital or _("not set up yet")),
        (_("Backup of"), datetime_text(shown.taken_at, timezone=zone)),
    ]
    if shown.change_sets:
        said = ngettext("{n} saved change", "{n} saved changes", shown.change_sets)
        found.append((_("Added to it"), said.format(n=number_text(shown.change_sets))))
    if shown.last is not None:
        said = _("{what}, by {name}, {when}")
        what = AuditWords(zone).action(shown.last.command)
        when = datetime_text(shown.last.at, timezone=zone)
        found.append((_("Last change"), said.format(what=what, name=isolated(shown.last.actor_name), when=when)))
    counted = [f"{_(COUNTED[table])}: {number_text(count)}" for table, count in shown.counts.items() if table in COUNTED]
    return [*found, (_("It holds"), "  ·  ".join(counted))]


def costs(shown: RestorePreviewRow, zone: str) -> list[tuple[str, str]]:
    """What would be put aside, and what to look at twice: (text, tone)."""
    found = []
    if shown.is_other:
        found.append((_("What is here now went another way since: all of it would be put aside."), "bad"))
    elif shown.lost_change_sets and shown.lost_since is not None:
        said = ngettext(
            "{n} change since {when} would be put aside.", "{n} changes since {when} would be put aside.", shown.lost_change_sets
        )
        found.append((said.format(n=number_text(shown.lost_change_sets), when=datetime_text(shown.lost_since, timezone=zone)), "bad"))
    else:
        found.append((_("Nothing of what is here now would be put aside."), "good"))
    fewer = [f"{_(COUNTED[table])}: {-count:+d}" for table, count in shown.lost.items() if table in COUNTED]
    if fewer:
        found.append((_("Against now: {list}").format(list="  ·  ".join(fewer)), "bad"))
    if shown.undone_erasures:
        found.append((undone(shown.undone_erasures), "bad"))
    if shown.clock_set_back:
        said = _("The clock of a computer was set back on the way: look at the last change, whether this is the state you mean.")
        found.append((said, "warn"))
    return found


def _after(is_server: bool) -> str:
    if is_server:
        return _(
            "Everybody is logged out, and the program opens again at the login. "
            "What is on the server now is kept there, in a schema of its own."
        )
    return _("The program closes the database and opens the restored one at the login. What is here now is kept beside it.")
