"""The words that patients get: every notice in each language and way, with its places, its length and how it will read."""

from __future__ import annotations

from datetime import time, timedelta
from functools import partial
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QGridLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.messages import commands, events
from clinic_desktop.clinic.messages.queries import TemplateRow, templates
from clinic_desktop.clinic.messages.rules import Channel
from clinic_desktop.clinic.messages.rules.lengths import sms_length
from clinic_desktop.clinic.messages.rules.notices import LONGEST_SUBJECT, PLACES, Wording, check_text, filled, shipped
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.formats import date_text, time_text
from clinic_desktop.kernel.i18n import Language, _, active, ngettext
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.focus import begin_at
from clinic_desktop.ui.preferences import LANGUAGE_NAMES
from clinic_desktop.ui.record_list import Act, RecordList
from clinic_desktop.ui.rows import Column
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.notices.words import PLACE_WORDS
from clinic_desktop.ui.theme.fonts import scaled
from clinic_desktop.ui.theme.tokens import GAP_4, Tone
from clinic_desktop.ui.widgets import Button, Card, Choice, Label, LineEdit, Notes, Page

_ACROSS = 3


class TextsScreen(Screen):
    """List and form of the texts."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(desk, parent)
        page = Page(self, _("Message texts"))
        self._cursor_in = "body"
        self._rows: list[TemplateRow] = []
        self.records = RecordList(
            self,
            _("Message texts"),
            [
                Column(_("Notice"), lambda one: wording.status(one.event), width=0),
                Column(_("Way"), lambda one: wording.status(one.channel), width=124),
                Column(_("Language"), lambda one: LANGUAGE_NAMES[one.language], width=96, hidden=True),
                Column(_("Text"), _standing, chip=_tone, width=112),
            ],
            fill=self._fill,
            save=self._save,
            key=lambda one: one.key,
            form_columns=1,
            form_width=440,
        )
        form = self.records.form
        form.add("subject", _("Subject"), LineEdit(limit=LONGEST_SUBJECT))
        form.add("body", _("Text"), Notes(_("Text"), lines=5), required=True)
        self.places: dict[str, Button] = {}
        self._places = QGridLayout()
        self._places.setSpacing(GAP_4)
        self.length, self.preview_subject = Label(tone="muted", wrap=True), Label(tone="muted", wrap=True)
        self.preview = Label(wrap=True)
        form.add("is_active", "", QCheckBox(_("Patients are told this")))
        self._below()
        self.restore_shipped = Button(_("Shipped text"), icon_name="rotate-ccw")
        self.restore_shipped.clicked.connect(self._take_shipped)
        self.records.add_action(self.restore_shipped, shown=lambda one: one.is_own)
        self.records.begin(may_change=desk.may(commands.save_template))
        self.language = Choice(_("Language"), [(name, code) for code, name in LANGUAGE_NAMES.items()])
        self.language.setMinimumWidth(scaled(130))
        self.language.set_value(active().code.partition("_")[0])
        self.language.currentIndexChanged.connect(lambda _place: self._show())
        self.records.table.tools.addWidget(self.language)
        page.body.addWidget(self.records, 1)
        for name in ("subject", "body"):
            form[name].textChanged.connect(self._read_typed)
            form[name].cursorPositionChanged.connect(lambda *_place, one=name: setattr(self, "_cursor_in", one))
        self.records.shown.connect(lambda _row: self._offer())
        begin_at(self, self.records)
        self.watch(events.TemplateChanged)

    def _below(self) -> None:
        for place, (name, title) in enumerate(PLACE_WORDS.items()):
            button = Button(_(title), icon_name="plus", role="quiet")
            button.setToolTip(f"{{{name}}}")
            button.clicked.connect(partial(self._put, name))
            self.places[name] = button
            self._places.addWidget(button, place // _ACROSS, place % _ACROSS)
        below = self.records.below
        below.addWidget(Label(_("Put in where the cursor is:"), tone="muted"))
        below.addLayout(self._places)
        below.addWidget(self.length)
        card = Card(_("How it will read"))
        card.body.addWidget(self.preview_subject)
        card.body.addWidget(self.preview)
        below.addWidget(card)

    # What the shell does with it

    def refresh(self) -> None:
        """Read the texts again."""
        self.work.read(self, templates, latest="rows", then=self._read)

    def open(self, *, language: str = "", **_what: Any) -> None:
        """Show the texts of a language, when asked for."""
        if language:
            self.language.set_value(language)

    def draft(self) -> dict[str, Any] | None:
        """What is typed."""
        return self.records.draft()

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.records.restore(draft)

    def _read(self, rows: list[TemplateRow]) -> None:
        self._rows = rows
        self._show()

    def _show(self) -> None:
        self.records.set_rows(one for one in self._rows if one.language == self.language.value())

    # The form

    def _fill(self, chosen: TemplateRow | None) -> None:
        if chosen is not None:
            self._show_wording(chosen.wording)
            self.records.form["is_active"].setChecked(chosen.wording.is_active)

    def _show_wording(self, said: Wording) -> None:
        self.records.form["subject"].setText(said.subject)
        self.records.form["body"].set_value(said.body)
        self._cursor_in = "body"

    def _save(self, values: dict[str, Any], chosen: TemplateRow | None) -> Act | None:
        if chosen is None:
            return None
        known = {"event": chosen.event, "channel": chosen.channel, "language": chosen.language, "version": chosen.version}
        return commands.save_template, {**known, **values}

    def _take_shipped(self) -> None:
        """Put the shipped text into the form; it is the clinic's again once it is saved."""
        one: TemplateRow | None = self.records.record
        if one is not None:
            self._show_wording(shipped(one.event, one.channel, one.language))
            self.records.form["is_active"].setChecked(True)
            self.records.form["body"].setFocus()

    def _put(self, name: str) -> None:
        """Put a place in where the cursor was last: in the subject or in the text."""
        into = self.records.form[self._cursor_in]
        (into.insert if self._cursor_in == "subject" else into.insertPlainText)(f"{{{name}}}")
        into.setFocus()

    # What follows from what is typed

    def _offer(self) -> None:
        one: TemplateRow | None = self.records.record
        if one is None:
            return
        self.records.form.fields["subject"].setVisible(one.channel is Channel.EMAIL)
        # As it is read, whatever way the program itself is written.
        is_turned = Language(one.language).is_right_to_left
        for editor in (self.records.form["subject"], self.records.form["body"], self.preview_subject, self.preview):
            editor.setLayoutDirection(Qt.LayoutDirection.RightToLeft if is_turned else Qt.LayoutDirection.LeftToRight)
        offered = [name for name in PLACE_WORDS if name in PLACES[one.event]]
        for name, button in self.places.items():
            self._places.removeWidget(button)
            button.setVisible(name in offered)
        for place, name in enumerate(offered):
            self._places.addWidget(self.places[name], place // _ACROSS, place % _ACROSS)
        self._read_typed()

    def _read_typed(self) -> None:
        """Say at once what cannot stand there, how long it is, and how it will read."""
        one: TemplateRow | None = self.records.record
        if one is None:
            return
        form, is_right = self.records.form, True
        for name in ("subject", "body"):
            try:
                check_text(one.event, _raw(form[name]), name)
                form.fields[name].set_hint(None)
            except InvalidInput as error:
                is_right = False
                form.fields[name].set_hint(wording.sentence(error))
        said = filled(Wording(_raw(form["subject"]), _raw(form["body"])), self._sample(one), one.channel) if is_right else None
        self.preview_subject.setVisible(said is not None and bool(said.subject))
        self.preview_subject.setText("" if said is None else said.subject)
        self.preview.setText("" if said is None else said.body)
        self.length.setVisible(one.channel is Channel.SMS and said is not None)
        if said is not None:
            self.length.setText(_length_text(said.body))

    def _sample(self, one: TemplateRow) -> dict[str, str]:
        language, day = Language(one.language), self.desk.today() + timedelta(days=1)
        return {
            "patient_name": language.gettext("Asha Kulkarni"),
            "clinic_name": self.desk.place.clinic_name,
            "clinic_phone": "+91 20 5550 0100",
            "doctor_name": language.gettext("Dr. Meera Joshi"),
            "date": date_text(day, language, weekday=True),
            "time": time_text(time(10, 30), language),
            "booking_number": "APT-2026-00042",
            "answer_by": time_text(time(17), language),
            "minutes": "20",
            "queue_number": "17",
            "ahead": "3",
        }


def _raw(editor: Any) -> str:
    return str(editor.text() if isinstance(editor, LineEdit) else editor.toPlainText()).strip()


def _standing(one: TemplateRow) -> str:
    if not one.wording.is_active:
        return _("Not told")
    return _("Own") if one.is_own else _("Shipped")


def _tone(one: TemplateRow) -> Tone:
    if not one.wording.is_active:
        return Tone.WARN
    return Tone.INFO if one.is_own else Tone.NEUTRAL


def _length_text(body: str) -> str:
    """How long a text message is with the sample put in."""
    found = sms_length(body)
    parts = ngettext("{n} text message", "{n} text messages", found.parts).format(n=found.parts)
    alphabet = _("letters of every language, 70 in a message") if found.is_unicode else _("Latin letters, 160 in a message")
    return _("{parts}, {left} characters left ({alphabet})").format(parts=parts, left=found.left, alphabet=alphabet)
