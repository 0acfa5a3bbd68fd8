"""How the screens of messages to patients word them."""

from __future__ import annotations

from datetime import datetime

from clinic_desktop import wording
from clinic_desktop.clinic.messages.queries import SaidRow, TellRow, TellState
from clinic_desktop.clinic.messages.rules import Channel, MessageStatus
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import datetime_text, phone_text, time_text
from clinic_desktop.kernel.i18n import N_, _
from clinic_desktop.ui.theme.tokens import Tone

PLACE_WORDS = {
    "patient_name": N_("Patient's name"),
    "clinic_name": N_("Clinic"),
    "clinic_phone": N_("Clinic's phone"),
    "doctor_name": N_("Doctor"),
    "date": N_("Date"),
    "time": N_("Time"),
    "booking_number": N_("Booking no."),
    "answer_by": N_("Answer by"),
    "minutes": N_("Minutes"),
    "queue_number": N_("Queue number"),
    "ahead": N_("Number before"),
}
WHY = {
    "no_way": N_("Nothing is set up to send"),
    "on_copy": N_("The server tells"),
    "no_contact": N_("No number or address"),
    "not_wished": N_("Wants no messages"),
    "wants_a_call": N_("Wants a call"),
    "no_consent": N_("Has not agreed to messages"),
    "not_proved": N_("Number not verified"),
    "not_active": N_("Record not in use"),
    "too_old": N_("Too late to send"),
    "too_often": N_("Tried too often"),
    "changed": N_("The appointment has changed"),
    "let_be": N_("Left unsent"),
    "taken_back": N_("Taken back"),
}
TELL_TONES = {
    TellState.TOLD: Tone.GOOD,
    TellState.PLANNED: Tone.INFO,
    TellState.NOT_SENT: Tone.BAD,
    TellState.NOT_TOLD: Tone.WARN,
}
SAID_TONES = {MessageStatus.SENT: Tone.GOOD, MessageStatus.FAILED: Tone.WARN, MessageStatus.DEAD: Tone.BAD}


def why_text(code: str | None) -> str:
    """Why something was not sent: our own reasons in words, a provider's as it gave it."""
    return _(WHY[code]) if code in WHY else code or ""


def tell_state(row: TellRow) -> str:
    """What a patient knows of an appointment, in a word or two."""
    if row.state is TellState.TOLD:
        return {Channel.PHONE: _("By phone"), Channel.PAPER: _("Slip given")}.get(row.channel or Channel.SMS, _("Sent"))
    return {TellState.PLANNED: _("Will be sent"), TellState.NOT_SENT: _("Not sent"), TellState.NOT_TOLD: _("To tell")}[row.state]


def tell_detail(row: TellRow, now: datetime, timezone: str) -> str:
    """When it was told or will be, or why not."""
    if row.state in (TellState.NOT_SENT, TellState.NOT_TOLD):
        return why_text(row.why)
    at = "" if row.at is None else when_text(row.at, now, timezone)
    return _("{way}, {when}").format(way=wording.status(row.channel), when=at) if row.channel in (Channel.SMS, Channel.EMAIL) else at


def when_text(at: datetime, now: datetime, timezone: str) -> str:
    """A time of today by the clock, else with its date."""
    is_today = business_date(at, timezone) == business_date(now, timezone)
    return time_text(at, timezone=timezone) if is_today else datetime_text(at, timezone=timezone)


def said_way(row: SaidRow) -> str:
    """By what way something was said, and to where."""
    where = phone_text(row.recipient) if row.channel in (Channel.SMS, Channel.PHONE) else row.recipient
    return f"{wording.status(row.channel)}   {where}" if where else wording.status(row.channel)
