"""Verifying the journal: progress, what was found, and a printed head to hold it against."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProgressBar

from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.kernel.journal_proof import BrokenLink, Verification
from clinic_desktop.ui.progress import Progress
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.audit.reading import compared, verified
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import Button, Chip, Dialog, Form, Label, LineEdit, line, row
from clinic_desktop.ui.widgets.inputs import latin_digits
from clinic_desktop.wording import sentence
from clinic_desktop.wording.audit import PROBLEMS


class VerifyDialog(Dialog):
    """Verifies at once; closing it cancels."""

    def __init__(self, screen: Screen) -> None:
        text = _("Each entry is computed again from what is stored, and must be the one that was written. You can go on working.")
        super().__init__(screen, _("Verify the audit trail"), text, width=520)
        self._screen, self._work = screen, screen.work
        self.progress = Progress(self)
        self.bar = QProgressBar(self)
        self.bar.setAccessibleName(_("Progress"))
        self.how_far = Label(tone="muted")
        self.outcome = Chip("", Tone.NEUTRAL)
        self.found = Label(wrap=True)
        self.head = Label(tone="muted", wrap=True)
        self.form = Form(columns=2, starred=False)
        self.compare_button = Button(_("Compare"), icon_name="check")
        self.compared = Label(wrap=True)
        self._lay_out()
        self.progress.advanced.connect(self._advance)
        self._work.background(
            self,
            verified,
            progress=self.progress,
            db=self._work.db,
            actor=screen.desk.actor,
            then=self._show,
            failed=self._refuse,
        )

    def _lay_out(self) -> None:
        self.form.add("seq", _("Entry on paper"), LineEdit(_("Entry on paper"), limit=18), required=True)
        self.form.add("digest", _("First 16 or more figures of the head"), LineEdit(_("Head"), limit=80), required=True)
        self.head.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for widget in (self.bar, self.how_far):
            self.body.addWidget(widget)
        self.body.addLayout(row(self.outcome))
        for label in (self.found, self.head):
            self.body.addWidget(label)
        self.paper = Label(_("Compare with a settlement sheet: its anchor names an entry and its head."), tone="muted", wrap=True)
        self._rule = line()
        self.body.addWidget(self._rule)
        self.body.addWidget(self.paper)
        self.body.addWidget(self.form)
        self.body.addLayout(row(self.compare_button))
        self.body.addWidget(self.compared)
        for part in (self.outcome, self.found, self.head, self.compared, self._rule, self.paper, self.form, self.compare_button):
            part.hide()
        self.compare_button.clicked.connect(self._compare)
        self.close_button = self.add_button(_("Cancel"), None, self.reject)

    def _advance(self, done: int, total: int, _label: str) -> None:
        self.bar.setRange(0, max(total, 1))
        self.bar.setValue(done)
        self.how_far.setText(_("{done} of {total} entries").format(done=done, total=total))

    def reject(self) -> None:
        """Close, and stop verifying."""
        self.progress.cancel()
        super().reject()

    def _show(self, found: Verification) -> None:
        is_whole = found.broken is None
        self.bar.hide()
        self.how_far.hide()
        self.outcome.show_status(_("Whole") if is_whole else _("Broken"), Tone.GOOD if is_whole else Tone.BAD)
        self.found.setText(
            _("All {n} entries are as they were written.").format(n=found.change_sets) if found.broken is None else problem(found.broken)
        )
        self.head.setText(_("Newest entry: {seq}, head {hash}").format(seq=found.head_seq, hash=grouped(found.head_hash)))
        for part in (self.outcome, self.found, self.head, self._rule, self.paper, self.form, self.compare_button):
            part.show()
        self.close_button.setText(_("Close"))
        self.form["seq"].setFocus()

    def _refuse(self, error: ClinicError) -> None:
        self.bar.hide()
        self.how_far.setText(sentence(error))
        self.close_button.setText(_("Close"))

    def _compare(self) -> None:
        values = self.form.values()
        if values is None:
            return
        plain = latin_digits(str(values["seq"])).replace(" ", "")
        digest = str(values["digest"]).replace(" ", "").lower()
        if not plain.isascii() or not plain.isdigit():
            self._refuse_field("seq", _("Please enter the number of the entry."))
        elif len(digest) < 16 or not all(one in "0123456789abcdef" for one in digest):
            self._refuse_field("digest", _("At least the first 16 of its figures 0–9 and a–f."))
        else:
            self._work.call(
                self,
                compared,
                then=lambda broken: self._show_compared(int(plain), broken),
                failed=self._refuse,
                db=self._work.db,
                actor=self._screen.desk.actor,
                seq=int(plain),
                digest=digest,
            )

    def _refuse_field(self, name: str, text: str) -> None:
        self.form.fields[name].set_error(text)
        self.form[name].setFocus()

    def _show_compared(self, seq: int, broken: BrokenLink | None) -> None:
        self.compared.set_tone("good" if broken is None else "bad")
        self.compared.setText(_("Entry {seq} is the one on paper.").format(seq=seq) if broken is None else problem(broken))
        self.compared.show()


def grouped(digest: str) -> str:
    """The figures of a head in groups that can wrap, and be read aloud."""
    return " ".join(digest[place : place + 16] for place in range(0, len(digest), 16))


def problem(broken: BrokenLink) -> str:
    """What is wrong, and what to do."""
    said = _(PROBLEMS[broken.problem]).format(seq=broken.seq)
    return _("{problem} Keep a copy of the database as it is, and compare it with the last backup.").format(problem=said)
