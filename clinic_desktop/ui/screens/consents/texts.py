"""The texts of consents: a change is a new version, and what was signed stays what it was."""

from __future__ import annotations

from datetime import date
from typing import Any
from uuid import UUID

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands, events
from clinic_desktop.clinic.patients.queries import TemplateRow, consent_texts
from clinic_desktop.clinic.patients.rules import ConsentType
from clinic_desktop.clinic.patients.signing import LANGUAGES
from clinic_desktop.kernel.formats import date_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.late import late
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import CENTRE, END, Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consents.direction import run_as
from clinic_desktop.ui.screens.consents.signers import SignersDialog
from clinic_desktop.ui.screens.consents.words import kinds, language_name
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Button, Choice, DateField, Label, LineEdit, Notes, Page

TEXT_PREVIEW = late("clinic_desktop.documents.compose:consent_preview")


class ConsentTextsScreen(Screen):
    """All versions, and the form in which the next one is written."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        self._in_use: set[Any] = set()
        self._wanted: UUID | None = None
        self.drafts = BusyButton(_("Add the drafts"), icon_name="download", role=None)
        self.page = Page(self, _("Consent texts"), actions=[self.drafts])
        self.records = RecordList(
            self,
            _("Consent texts"),
            self._columns(),
            fill=self._fill,
            save=self._save,
            new=_("New text"),
            empty=_("No texts yet. Add the drafts, or press F2 to write one."),
            form_columns=2,
            form_width=444,
        )
        form = self.records.form
        form.add("kind", _("Kind"), Choice(_("Kind"), kinds()), required=True, span=2)
        form.add("language", _("Language"), Choice(_("Language"), [(language_name(one), one) for one in LANGUAGES]), required=True)
        form.add("valid_from", _("Signed from"), DateField(_("Signed from"), today=desk.today()))
        form.add("title", _("Title"), LineEdit(limit=200), required=True, span=2)
        form.add("body", _("Text"), Notes(_("Text"), lines=9), required=True, span=2)
        self.told = Label(_("Saving makes a new version. What was signed stays as it is."), tone="muted", wrap=True)
        self.records.below.addWidget(self.told)
        self.preview = Button(_("Preview"), icon_name="eye")
        self.signed = Button(_("Who signed"), icon_name="users")
        self.retire = BusyButton(_("Take out of use"), icon_name="archive", role=None)
        self.records.add_action(self.preview)
        self.records.add_action(self.signed, shown=lambda one: one.signed > 0)
        self.records.add_action(self.retire, shown=lambda one: one.is_active)
        self.records.begin(may_change=desk.may(commands.publish_consent_text))
        self.records.saved.connect(self._look_for)
        self.preview.clicked.connect(self._preview)
        self.signed.clicked.connect(self._who_signed)
        self.retire.clicked.connect(self._retire)
        self.drafts.clicked.connect(self._add_drafts)
        self.page.body.addWidget(self.records, 1)
        begin_at(self, self.records)
        self.watch(events.ConsentTextsChanged)

    def refresh(self) -> None:
        """Read every version."""
        self.work.read(self, consent_texts, latest="rows", then=self._show)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _columns(self) -> list[Column]:
        return [
            Column(_("Kind"), lambda one: wording.status(one.type), width=0, tooltip=lambda one: one.title),
            Column(_("Language"), lambda one: language_name(one.language), width=84),
            Column(_("Version"), lambda one: number_text(one.version), align=CENTRE, width=70),
            Column(_("Status"), self._state, chip=self._tone, width=118),
            Column(_("Signed"), lambda one: number_text(one.signed), align=END, width=84, sort_key=lambda one: one.signed, hidden=True),
        ]

    def _show(self, rows: list[TemplateRow]) -> None:
        today = self.desk.today()
        newest: dict[tuple[Any, str], TemplateRow] = {}
        for one in sorted(rows, key=lambda row: row.version):
            if one.is_active and one.valid_from <= today:
                newest[one.type, one.language] = one
        self._in_use = {one.id for one in newest.values()}
        self.records.set_rows(sorted(rows, key=lambda one: self._turn(one, today)))
        if self._wanted is not None and self.records.choose(self._wanted):
            self._wanted = None
        there = {(one.type, one.language) for one in rows}
        self.drafts.setVisible(len(there) < len(kinds()) * len(LANGUAGES) and self.desk.may(commands.add_drafted_texts))

    def _turn(self, one: TemplateRow, today: date) -> tuple[int, int, int, int]:
        """What is in use first, then what is to come, then the rest; each by kind."""
        turn = 0 if one.id in self._in_use else 1 if one.is_active and one.valid_from > today else 2
        place = LANGUAGES.index(one.language) if one.language in LANGUAGES else len(LANGUAGES)
        return turn, list(ConsentType).index(one.type), place, -one.version

    def _state(self, one: TemplateRow) -> str:
        if not one.is_active:
            return _("Out of use")
        if one.id in self._in_use:
            return _("Draft") if one.is_draft else _("In use")
        if one.valid_from > self.desk.today():
            return _("From {day}").format(day=date_text(one.valid_from))
        return _("Replaced")

    def _tone(self, one: TemplateRow) -> Tone:
        if one.id in self._in_use and one.is_active:
            return Tone.WARN if one.is_draft else Tone.GOOD
        return Tone.INFO if one.is_active and one.valid_from > self.desk.today() else Tone.NEUTRAL

    def _fill(self, row: TemplateRow | None) -> None:
        form = self.records.form
        form["kind"].set_value(row.type if row else kinds()[0][1])
        form["language"].set_value(row.language if row else LANGUAGES[0])
        form["title"].setText(row.title if row else "")
        form["body"].set_value(row.body if row else "")
        run_as(form["body"], row.language if row else LANGUAGES[0])
        form["valid_from"].set_value(None)
        for name in ("kind", "language"):
            form[name].setEnabled(row is None)

    def _save(self, values: dict[str, Any], _row: TemplateRow | None) -> Act | None:
        return commands.publish_consent_text, {"clinic_id": self.desk.clinic_id, **values}

    def _look_for(self, version: UUID) -> None:
        """What was written is another row than the one that it was written from."""
        self._wanted = version

    def _preview(self) -> None:
        row: TemplateRow | None = self.records.record
        if row is not None:
            show_document(self, row.title, TEXT_PREVIEW, template_id=row.id, clinic_id=self.desk.clinic_id)

    def _who_signed(self) -> None:
        if self.records.record is not None:
            SignersDialog(self, self.records.record).open()

    def _retire(self) -> None:
        row: TemplateRow | None = self.records.record
        if row is not None:
            self.records.run(
                self.retire, commands.retire_consent_text, done=_("Nobody signs it any more."), kind=row.type, language=row.language
            )

    def _add_drafts(self) -> None:
        self.drafts.run(
            self.work,
            self,
            commands.add_drafted_texts,
            then=lambda _count: self.desk.toast(
                _("The drafts are added. Have a lawyer read them, and replace what does not fit."), tone=Tone.GOOD
            ),
            clinic_id=self.desk.clinic_id,
        )
