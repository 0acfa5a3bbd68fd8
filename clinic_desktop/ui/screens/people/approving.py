"""Approving an act of somebody else's from one's own desk: a code to tell them, good for that act and nothing else."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.access.codes import ApprovalCode
from clinic_desktop.clinic.access.queries import OwnAccountRow, own_account
from clinic_desktop.clinic.access.rules import Act
from clinic_desktop.clinic.billing.queries import invoice_by_number
from clinic_desktop.clinic.billing.queries.rows import InvoiceRow
from clinic_desktop.kernel.errors import ClinicError, NotFound
from clinic_desktop.kernel.formats import isolated, money_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.desk import Desk
from clinic_desktop.ui.late import late
from clinic_desktop.ui.screens.people.big_code import CodeDialog
from clinic_desktop.ui.widgets import BusyButton, Choice, Dialog, Form, Label, LineEdit, MoneyEdit

_APPROVE = late("clinic_desktop.clinic.access.codes:approve_act")


class ApproveDialog(Dialog):
    """What, of which invoice, how much; then the code in big letters."""

    def __init__(self, desk: Desk, parent: QWidget) -> None:
        text = _("Somebody asks you to approve something. Type what it is, then tell them the code: it works once, for this only.")
        super().__init__(parent, _("Approve for somebody"), text, width=460)
        self._desk, self._username = desk, ""
        desk.work.read(self, own_account, actor=desk.actor, then=self._know_me)
        self.form = Form(columns=1)
        kinds = [
            (_("Give money back"), "billing.refund"),
            (_("Credit note"), "billing.credit_note"),
            (_("Cancel"), "billing.cancel_invoice"),
        ]
        self.form.add("kind", _("What"), Choice("", kinds), required=True)
        self.form.add("number", _("Number of the invoice"), LineEdit(limit=40), required=True)
        self.form.add("amount", _("Amount"), MoneyEdit("", desk.place.currency), required=True)
        self.problem = Label(tone="bad", wrap=True)
        self.problem.hide()
        self.body.addWidget(self.form)
        self.body.addWidget(self.problem)
        self.add_button(_("Cancel"), None, self.reject)
        self.post = BusyButton(_("Approve"), icon_name="badge-check", parent=self)
        self.post.setDefault(True)
        self.buttons.addWidget(self.post)
        self.post.clicked.connect(self._post)
        self.form["number"].setFocus()

    def _know_me(self, me: OwnAccountRow) -> None:
        self._username = me.username

    def _post(self) -> None:
        values = self.form.values()
        if values is None or self.post.is_busy:
            return
        self.problem.hide()
        self.post.set_busy(True)
        self._desk.work.read(
            self,
            invoice_by_number,
            number=values["number"],
            then=lambda found: self._found(found, values),
            failed=self._refuse,
            settled=lambda: self.post.set_busy(False),
        )

    def _found(self, invoice: InvoiceRow | None, values: dict[str, Any]) -> None:
        if invoice is None:
            self.form.fields["number"].set_error(wording.sentence(NotFound(entity="invoices", key=values["number"])))
            self.form["number"].setFocus()
            return
        work = self._desk.work
        work.call(
            self,
            _APPROVE,
            db=work.db,
            actor=work.actor,
            act=Act(values["kind"], invoice.id, values["amount"]),
            then=lambda made: self._show(made, invoice, values),
            failed=self._refuse,
        )

    def _show(self, made: ApprovalCode, invoice: InvoiceRow, values: dict[str, Any]) -> None:
        text = _("For {amount} of {number}, {patient}. The other person types your username “{username}” and this code within 10 minutes.")
        said = text.format(
            amount=money_text(values["amount"]),
            number=isolated(invoice.number),
            patient=isolated(invoice.patient_name),
            username=isolated(self._username),
        )
        CodeDialog(self.parentWidget(), _("Your approval"), said, made.text).open()
        self.accept()

    def _refuse(self, error: ClinicError) -> None:
        self.problem.setText(wording.sentence(error))
        self.problem.show()
