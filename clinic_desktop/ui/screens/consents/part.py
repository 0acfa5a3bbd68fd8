"""The tab of a patient's file with the consents: what holds, what is missing, and everything that was ever signed."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.patients import commands, events
from clinic_desktop.clinic.patients.filing import signature_of
from clinic_desktop.clinic.patients.queries import ConsentRow, PatientRow, Standing
from clinic_desktop.clinic.patients.rules import PatientStatus
from clinic_desktop.clinic.patients.signing import ConsentState
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.late import late
from clinic_desktop.ui.part import Part
from clinic_desktop.ui.printing import show_document
from clinic_desktop.ui.screen import Screen
from clinic_desktop.ui.screens.consents.reading import Consents, consents_read
from clinic_desktop.ui.screens.consents.signing import SignDialog
from clinic_desktop.ui.screens.consents.withdrawing import WithdrawDialog
from clinic_desktop.ui.screens.consents.words import TONES, signed_by, state_text
from clinic_desktop.ui.table import Column, TableView, put_title
from clinic_desktop.ui.theme.tokens import GAP_16, Tone
from clinic_desktop.ui.widgets import Button, Card, keep_if, keyed, row

SIGNED_CONSENT = late("clinic_desktop.documents.compose:signed_consent")


class ConsentsPart(Part):
    """Kinds of consents with their standing, and beside them what was signed."""

    def __init__(self, screen: Screen, parent: QWidget | None = None) -> None:
        super().__init__(screen, parent)
        self._found = Consents([], [], [])
        self.kinds = TableView(_("Consents"), self._kinds(), key=lambda one: one.type, empty="", filterable=False)
        self.signed = TableView(
            _("What was signed"), self._signed(), empty=_("Nothing was signed yet."), empty_icon="scroll-text", filterable=False
        )
        self.sign = Button(_("Sign…"), icon_name="pencil", role="primary")
        self.withdraw = Button(_("Withdraw…"), icon_name="x")
        self.show_paper = Button(_("Show"), icon_name="printer")
        self._lay_out()
        for button, keys, action in (
            (self.sign, "F2", self._sign),
            (self.withdraw, "Ctrl+Del", self._withdraw),
            (self.show_paper, "Ctrl+P", self._show_paper),
        ):
            keyed(button, keys)
            button.clicked.connect(action)
        self.kinds.activated.connect(lambda _row: self._sign())
        self.kinds.selected.connect(self._offer)
        self.signed.selected.connect(lambda _row: self._offer(self.kinds.current))
        self.signed.activated.connect(lambda _row: self._show_paper())
        self.work.on(
            self, events.ConsentSigned, events.ConsentWithdrawn, events.ConsentTextsChanged, then=lambda _events: self.read_again()
        )
        self._offer(None)

    def forget(self) -> None:
        """No consents."""
        self._show(Consents([], [], []))

    def offer(self) -> None:
        """Only whose record is in use signs."""
        self._offer(self.kinds.current)

    def read_of(self, patient: PatientRow) -> None:
        """Read how it stands and what was signed."""
        self.ask(consents_read, then=self._show, patient_id=patient.id, clinic_id=self.desk.clinic_id, today=self.desk.today())

    # How it is built

    def _lay_out(self) -> None:
        across = QHBoxLayout(self)
        across.setContentsMargins(0, 0, 0, 0)
        across.setSpacing(GAP_16)
        standing, history = Card(parent=self), Card(parent=self)
        put_title(self.kinds, _("Consent status"))
        put_title(self.signed, _("What was signed"))
        standing.body.addWidget(self.kinds, 1)
        standing.body.addLayout(row(self.sign))
        history.body.addWidget(self.signed, 1)
        history.body.addLayout(row(self.show_paper, self.withdraw))
        across.addWidget(standing, 1)
        across.addWidget(history, 1)
        keep_if(self.sign, self.desk.may(commands.sign_consent))
        keep_if(self.withdraw, self.desk.may(commands.withdraw_consent))

    def _kinds(self) -> list[Column]:
        return [
            Column(_("Kind"), lambda one: wording.status(one.type), width=0),
            Column(_("Status"), state_text, chip=lambda one: TONES[one.state], width=170),
            Column(_("Since"), _since, width=106),
        ]

    def _signed(self) -> list[Column]:
        return [
            Column(_("Kind"), lambda one: wording.status(one.type), width=0, tooltip=lambda one: one.title or ""),
            Column(_("Signed"), self._day, width=106, sort_key=lambda one: one.signed_at),
            Column(_("By"), self._signer, width=130, tooltip=self._signer),
            Column(_("Status"), _holds, chip=lambda one: Tone.GOOD if one.withdrawn_at is None else Tone.BAD, width=110),
        ]

    def _day(self, one: ConsentRow) -> str:
        return date_text(business_date(one.signed_at, self.desk.place.timezone))

    def _signer(self, one: ConsentRow) -> str:
        return signed_by(one, self.patient.full_name if self.patient else "")

    # What is shown

    def _show(self, found: Consents) -> None:
        self._found = found
        self.kinds.set_rows(sorted(found.standings, key=lambda one: one.state is not ConsentState.MISSING))
        self.signed.set_rows(found.signed)
        self.counted.emit(sum(one.state is ConsentState.MISSING for one in found.standings))
        for table in (self.kinds, self.signed):
            if table.current is None:
                table.select_first()
        self._offer(self.kinds.current)

    def _offer(self, chosen: Standing | None) -> None:
        is_active = self.patient is not None and self.patient.status is PatientStatus.ACTIVE
        self.sign.setEnabled(is_active and chosen is not None and chosen.offered)
        self.sign.setToolTip("" if chosen is None or chosen.offered else _("There is no text for it. One is written under Administration."))
        consent: ConsentRow | None = self.signed.current
        self.show_paper.setEnabled(consent is not None)
        self.withdraw.setEnabled(consent is not None and consent.withdrawn_at is None)

    # What is done

    def _sign(self) -> None:
        chosen: Standing | None = self.kinds.current
        if self.patient is not None and chosen is not None and self.sign.isEnabled() and self.sign.isVisible():
            texts = [one for one in self._found.texts if one.type is chosen.type]
            dialog = SignDialog(self._screen, self.patient, texts)
            dialog.open()

    def _withdraw(self) -> None:
        consent: ConsentRow | None = self.signed.current
        if consent is not None:
            dialog = WithdrawDialog(self._screen, consent)
            dialog.open()

    def _show_paper(self) -> None:
        consent: ConsentRow | None = self.signed.current
        if consent is not None:
            self.work.background(
                self,
                signature_of,
                then=lambda signature: self._preview(consent, signature),
                db=self.work.db,
                actor=self.desk.actor,
                sha256=consent.signature_sha256,
            )

    def _preview(self, consent: ConsentRow, signature: bytes | None) -> None:
        title = wording.status(consent.type)
        show_document(self._screen, title, SIGNED_CONSENT, consent_id=consent.id, clinic_id=self.desk.clinic_id, signature=signature)


def _since(one: Standing) -> str:
    if one.consent is None:
        return ""
    return date_text(business_date(one.consent.withdrawn_at or one.consent.signed_at, wording.told_zone()))


def _holds(one: ConsentRow) -> str:
    return wording.status(ConsentState.IN_FORCE if one.withdrawn_at is None else ConsentState.WITHDRAWN)
