"""What is booked: service, doctor, kind, how it reached the clinic, and why; with the fee that follows."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk.queries import VisitRow
from clinic_desktop.clinic.frontdesk.rules import AppointmentKind, BookingSource
from clinic_desktop.clinic.staff.rules import ServiceCategory
from clinic_desktop.kernel.formats import date_text, isolated, money_text, number_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.booking.more_services import MoreServices
from clinic_desktop.ui.screens.booking.reading import Plan, Wish
from clinic_desktop.ui.screens.reception.reading import Offer
from clinic_desktop.ui.theme.tokens import GAP_12
from clinic_desktop.ui.widgets import Choice, Form, Label, LineEdit
from clinic_desktop.ui.widgets.numbers import NumberEdit

_KINDS = (AppointmentKind.REGULAR, AppointmentKind.FOLLOW_UP, AppointmentKind.EMERGENCY)
_SOURCES = (BookingSource.PHONE, BookingSource.WALK_IN, BookingSource.ONLINE)


class WishForm(QWidget):
    """The choices of a booking; ``changed`` when the places or the fee may differ."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._wanted: dict[str, Any] = {}
        self._kind_is_chosen = False
        self._drawn: int | None = None
        self.minutes = 0
        """How long what is chosen takes."""
        self.form = Form(columns=6)
        self.form.add("service", _("Service"), Choice(""), required=True, span=4)
        self.form.add("minutes", _("Minutes"), NumberEdit(_("Minutes")), span=2)
        self.form.add("more", _("Further services"), MoreServices(_("Further services")), span=6)
        self.form.add("doctor", _("Doctor"), Choice(""), required=True, span=6)
        self.form.add("kind", _("Kind"), Choice("", [(wording.status(one), one) for one in _KINDS]), span=3)
        self.form.add("source", _("Booked"), Choice("", [(_source_text(one), one) for one in _SOURCES]), span=3)
        self.form.add("reason", _("Reason"), LineEdit(placeholder=_("What the patient comes for")), span=6)
        self.fee = Label()
        self.follow_up = Label(tone="muted", wrap=True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP_12)
        for widget in (self.form, self.fee, self.follow_up):
            column.addWidget(widget)
        column.addStretch(1)
        for name in ("service", "doctor", "kind"):
            self.form[name].currentIndexChanged.connect(lambda _place: self.changed.emit())
        self.form["more"].changed.connect(self.changed.emit)
        self.form["minutes"].textChanged.connect(lambda _text: self.changed.emit())
        self.form["service"].currentIndexChanged.connect(lambda _place: self.form["more"].leave_out(self.form["service"].value()))
        self.form["kind"].activated.connect(lambda _place: self._keep_kind())

    def offer(self, offer: Offer) -> None:
        """Offer doctors and services; what was wanted before they were known is chosen now."""
        services = sorted(offer.services, key=lambda one: one.category is not ServiceCategory.CONSULTATION)
        self.blockSignals(True)
        self.form["service"].set_options([(one.name, one.id) for one in services])
        self.form["more"].offer(services)
        self.form["doctor"].set_options([(one.doctor.full_name, one.doctor.id) for one in offer.doctors])
        for name, value in self._wanted.items():
            self.form[name].set_value(value)
        self._wanted = {}
        self.blockSignals(False)
        self.changed.emit()

    def want(self, **values: UUID) -> None:
        """Choose a doctor or a service, now or when they are known."""
        for name, value in values.items():
            if self.form[name].count():
                self.form[name].set_value(value)
            else:
                self._wanted[name] = value

    def want_place(self, start: datetime | None, minutes: int | None) -> None:
        """Take the length that was drawn with a place; it goes with the place, whoever the patient is."""
        if start is not None:
            self._drawn = minutes
            self.form["minutes"].set_value(minutes)

    def wish(self, patient_id: UUID | None, day: date, moving: VisitRow | None = None) -> Wish | None:
        """What is chosen; None while doctors and services are not known."""
        doctor, service = self.form["doctor"].value(), self.form["service"].value()
        if doctor is None or service is None:
            return None
        kind, more, minutes = (self.form[name].value() for name in ("kind", "more", "minutes"))
        return Wish(doctor, service, patient_id, kind, day, more, minutes, moving.appointment_id if moving else None)

    def begin(self) -> None:
        """A new patient: the kind is open again and the reason empty."""
        self._kind_is_chosen = False
        self.form["kind"].set_value(AppointmentKind.REGULAR)
        self._forget_words()
        self.form["minutes"].set_value(self._drawn)

    def forget(self) -> None:
        """What was said of one appointment is not true of the next."""
        self._drawn = None
        self._forget_words()

    def _forget_words(self) -> None:
        self.form["reason"].clear()
        self.form["minutes"].set_value(None)
        self.form["more"].set_value(())

    def draft(self) -> dict[str, Any]:
        """What is chosen and typed."""
        chosen = {name: self.form[name].code() for name in ("doctor", "service")}
        typed = {name: self.form[name].text() for name in ("reason", "minutes")}
        return {"kind": self.form["kind"].value(), "more": self.form["more"].draft(), **typed, **chosen}

    def restore(self, draft: dict[str, Any]) -> None:
        """Put the choices back, now or when they are known."""
        self.want(**{name: UUID(draft[name]) for name in ("doctor", "service") if draft[name] is not None})

    def restore_words(self, draft: dict[str, Any]) -> None:
        """Put back what a new patient takes away."""
        self.form["reason"].setText(draft["reason"])
        self.form["minutes"].setText(draft.get("minutes", ""))
        self.form["more"].restore(draft.get("more", []))

    def show_plan(self, plan: Plan, day: date) -> None:
        """Show the fee, and make the visit a follow-up where it is one."""
        self.minutes = plan.minutes
        self.form["minutes"].setPlaceholderText(number_text(plan.usual_minutes))
        self.fee.setText(_("Fee {amount}, {minutes} min").format(amount=isolated(money_text(plan.fee)), minutes=plan.minutes))
        until, seen = plan.follow_up_until, plan.seen_on
        is_follow_up = until is not None and day <= until
        self.follow_up.setText("")
        if is_follow_up and until is not None and seen is not None:
            text = _("Seen on {day}: counts as a follow-up until {until}, {days} days after it.")
            self.follow_up.setText(text.format(day=date_text(seen), until=date_text(until), days=number_text((until - seen).days)))
        if not self._kind_is_chosen:
            self.form["kind"].set_value(AppointmentKind.FOLLOW_UP if is_follow_up else AppointmentKind.REGULAR)

    def choose_kind(self, kind: AppointmentKind) -> None:
        """Make it a visit of that kind, whatever the calendar would say."""
        self._keep_kind()
        self.form["kind"].set_value(kind)

    def _keep_kind(self) -> None:
        self._kind_is_chosen = True


def _source_text(source: BookingSource) -> str:
    return {BookingSource.PHONE: _("By phone"), BookingSource.WALK_IN: _("At the desk")}.get(source, wording.status(source))
