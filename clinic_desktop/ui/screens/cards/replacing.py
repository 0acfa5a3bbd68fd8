"""A card that was lost or damaged: another one takes its place, or none does; the old one opens nothing any more."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands, queries
from clinic_desktop.clinic.patients.queries import CardRow, PatientRow
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.cards.printing import show_card
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit, keyed

_OTHER = "other"


def replace_card(screen: Screen, _beside: QWidget, patient: PatientRow) -> None:
    """Ask what happened to the card that a patient has; who has none is told so."""

    def ask(card: CardRow | None) -> None:
        if card is None:
            screen.desk.toast(_("This patient has no ID card in use."), tone=Tone.WARN)
        else:
            ReplaceCard(screen, patient, card).open()

    screen.work.read(screen, queries.card_in_use, then=ask, patient_id=patient.id)


class ReplaceCard(Dialog):
    """Why, and whether a new one is issued at once."""

    def __init__(self, screen: Screen, patient: PatientRow, card: CardRow) -> None:
        super().__init__(screen, _("Replace the ID card"), _told(patient, card), width=480)
        self._screen, self._patient, self._card = screen, patient, card
        self.form = Form(columns=1)
        reasons = [
            (_("Lost or stolen"), "lost"),
            (_("Damaged"), "damaged"),
            (_("Details have changed"), "details_changed"),
            (_("Another reason"), _OTHER),
        ]
        self.form.add("why", _("What happened?"), Choice("", reasons))
        self.form.add("reason", _("Reason"), LineEdit(limit=200), required=True)
        self.form["why"].currentIndexChanged.connect(lambda _place: self._ask_more())
        self.body.addWidget(self.form)
        told = _("Whoever scans the old card is warned from now on, and no kiosk takes it. That cannot be undone.")
        self.body.addWidget(Label(told, tone="muted", wrap=True))
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.revoke = BusyButton(_("Only revoke"), role="danger")
        self.replace = BusyButton(_("Issue a new card"), icon_name="id-card")
        self.replace.setDefault(True)
        keyed(self.replace, "F9")
        for button, act in ((self.revoke, self._revoke), (self.replace, self._replace)):
            self.buttons.addWidget(button)
            button.clicked.connect(act)
        self._ask_more()
        self.form["why"].setFocus()
        screen.keep_typing(f"replace_card {patient.id}", self)

    def draft(self) -> dict[str, Any] | None:
        """The reason that was typed."""
        return self.form.draft() if self.form["reason"].text().strip() else None

    def restore(self, draft: dict[str, Any]) -> None:
        """Put it back."""
        self.form.restore(draft)

    def _ask_more(self) -> None:
        self.form.fields["reason"].setVisible(self.form["why"].value() == _OTHER)

    def _reason(self) -> str | None:
        why = self.form["why"].value()
        if why != _OTHER:
            return str(why)
        values = self.form.values()
        return None if values is None else str(values["reason"])

    def _revoke(self) -> None:
        reason = self._reason()
        if reason is not None and not self.replace.is_busy:
            self.revoke.run(
                self._screen.work,
                self,
                commands.revoke_id_card,
                then=self._revoked,
                failed=self._refused,
                card_id=self._card.id,
                reason=reason,
            )

    def _replace(self) -> None:
        reason = self._reason()
        if reason is not None and not self.revoke.is_busy:
            self.replace.run(
                self._screen.work,
                self,
                commands.issue_id_card,
                then=self._replaced,
                failed=self._refused,
                clinic_id=self._screen.desk.clinic_id,
                patient_id=self._patient.id,
                reason=reason,
            )

    def _revoked(self, card: CardRow) -> None:
        self._screen.desk.toast(_("Card {number} is revoked.").format(number=card.card_number), tone=Tone.GOOD)
        self.accept()

    def _replaced(self, card: CardRow) -> None:
        self.accept()
        show_card(self._screen, card)

    def _refused(self, error: ClinicError) -> None:
        if not self.form.refuse(error):
            self.problem.setText(wording.sentence(error))
            self.problem.show()


def _told(patient: PatientRow, card: CardRow) -> str:
    printed = ngettext("printed {n} time", "printed {n} times", card.print_count).format(n=card.print_count)
    told = _("{name}: card {number} of {day}, {printed}.")
    return told.format(name=patient.full_name, number=card.card_number, day=date_text(card.issued_at.date()), printed=printed)
