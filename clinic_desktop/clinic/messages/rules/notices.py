"""What patients are told of, and the words for it: shipped texts, the places in them, and what may stand in a text at all (pure)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from clinic_desktop.clinic.messages.rules import Channel, Text
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_, SHIPPED_CODES, Language
from clinic_desktop.kernel.text import optional_line, optional_text


class Notice(StrEnum):
    """What a patient is told of. Nothing clinical: a phone lies about, and a text is read by whoever holds it."""

    BOOKED = "BOOKED"
    REMINDER = "REMINDER"
    """A day before, or as early as the clinic wishes."""
    REMINDER_SOON = "REMINDER_SOON"
    """Shortly before."""
    MOVED = "MOVED"
    CANCELLED = "CALLED_OFF"
    PLACE_OFFERED = "PLACE_OFFERED"
    DOCTOR_LATE = "DOCTOR_LATE"
    FOLLOW_UP_DUE = "FOLLOW_UP_DUE"
    """A doctor wished to see the patient again about now, and nothing is booked."""
    TURN_NEAR = "TURN_NEAR"
    """Few are before a waiting patient."""


NEWS = (Notice.BOOKED, Notice.MOVED, Notice.CANCELLED)
"""What is said once something was decided; the rest says again what was decided already."""
REMINDERS = (Notice.REMINDER, Notice.REMINDER_SOON)
IN_ORDER = (*NEWS[:1], *REMINDERS, *NEWS[1:], Notice.DOCTOR_LATE, Notice.TURN_NEAR, Notice.PLACE_OFFERED, Notice.FOLLOW_UP_DUE)
"""All of them, as they are listed where they are worded."""

_ALWAYS = ("patient_name", "clinic_name", "clinic_phone")
_VISIT = (*_ALWAYS, "doctor_name", "date", "time")
PLACES: dict[Notice, tuple[str, ...]] = {
    Notice.BOOKED: (*_VISIT, "booking_number"),
    Notice.REMINDER: (*_VISIT, "booking_number"),
    Notice.REMINDER_SOON: (*_VISIT, "booking_number"),
    Notice.MOVED: (*_VISIT, "booking_number"),
    Notice.CANCELLED: (*_VISIT, "booking_number"),
    Notice.PLACE_OFFERED: (*_VISIT, "answer_by"),
    Notice.DOCTOR_LATE: (*_VISIT, "minutes"),
    Notice.FOLLOW_UP_DUE: (*_ALWAYS, "doctor_name", "date"),
    Notice.TURN_NEAR: (*_ALWAYS, "doctor_name", "queue_number", "ahead"),
}
"""What a text may hold in braces; the service and the reason of a visit are not among it."""

NEEDED = "patient_name"
"""A number is often a family's: each text says whom it is for."""
LONGEST_BODY, LONGEST_SUBJECT = 1_000, 150

_SHORT: dict[Notice, str] = {
    Notice.BOOKED: N_("{clinic_name}: {patient_name} has an appointment on {date} at {time} with {doctor_name}. Number: {booking_number}"),
    Notice.REMINDER: N_("{clinic_name}: {patient_name}, please remember the appointment on {date} at {time} with {doctor_name}."),
    Notice.REMINDER_SOON: N_("{clinic_name}: we expect {patient_name} today at {time}, {doctor_name}."),
    Notice.MOVED: N_("{clinic_name}: the appointment of {patient_name} is now on {date} at {time} with {doctor_name}."),
    Notice.CANCELLED: N_("{clinic_name}: the appointment of {patient_name} on {date} at {time} is cancelled. Questions: {clinic_phone}"),
    Notice.PLACE_OFFERED: N_(
        "{clinic_name}: a place is free for {patient_name} on {date} at {time}, {doctor_name}. Please call {clinic_phone} by {answer_by}."
    ),
    Notice.DOCTOR_LATE: N_("{clinic_name}: {doctor_name} is about {minutes} minutes late today. {patient_name} is expected at {time}."),
    Notice.FOLLOW_UP_DUE: N_("{clinic_name}: {patient_name} is due to see {doctor_name} again on {date}. To book: {clinic_phone}"),
    Notice.TURN_NEAR: N_(
        "{clinic_name}: soon it is the turn of {patient_name}, number {queue_number}, {doctor_name}. Still before: {ahead}."
    ),
}
_SUBJECTS: dict[Notice, str] = {
    Notice.BOOKED: N_("Your appointment at {clinic_name}"),
    Notice.REMINDER: N_("Reminder: your appointment at {clinic_name}"),
    Notice.REMINDER_SOON: N_("Today: your appointment at {clinic_name}"),
    Notice.MOVED: N_("Your appointment at {clinic_name} has another time"),
    Notice.CANCELLED: N_("Your appointment at {clinic_name} is cancelled"),
    Notice.PLACE_OFFERED: N_("A place is free at {clinic_name}"),
    Notice.DOCTOR_LATE: N_("Your appointment at {clinic_name} will be later"),
    Notice.FOLLOW_UP_DUE: N_("Time for your next visit at {clinic_name}"),
    Notice.TURN_NEAR: N_("Soon it is your turn at {clinic_name}"),
}
_LETTERS: dict[Notice, str] = {
    Notice.BOOKED: N_(
        "Dear {patient_name},\n\nyour appointment is on {date} at {time} with {doctor_name}.\nNumber of the booking: {booking_number}\n\n"
        "If you cannot come, please call {clinic_phone}, so that somebody else can have the place.\n\n{clinic_name}"
    ),
    Notice.REMINDER: N_(
        "Dear {patient_name},\n\nplease remember your appointment on {date} at {time} with {doctor_name}.\n"
        "Number of the booking: {booking_number}\n\n"
        "If you cannot come, please call {clinic_phone}, so that somebody else can have the place.\n\n{clinic_name}"
    ),
    Notice.REMINDER_SOON: N_("Dear {patient_name},\n\nwe expect you today at {time}, {doctor_name}.\n\n{clinic_name}\n{clinic_phone}"),
    Notice.MOVED: N_(
        "Dear {patient_name},\n\nyour appointment has another time: {date} at {time} with {doctor_name}.\n"
        "Number of the booking: {booking_number}\n\nIf this does not suit you, please call {clinic_phone}.\n\n{clinic_name}"
    ),
    Notice.CANCELLED: N_(
        "Dear {patient_name},\n\nyour appointment on {date} at {time} with {doctor_name} is cancelled.\n\n"
        "If you have a question, please call {clinic_phone}.\n\n{clinic_name}"
    ),
    Notice.PLACE_OFFERED: N_(
        "Dear {patient_name},\n\na place is free on {date} at {time} with {doctor_name}. If you would like to have it, "
        "please call {clinic_phone} by {answer_by}.\n\n{clinic_name}"
    ),
    Notice.DOCTOR_LATE: N_(
        "Dear {patient_name},\n\n{doctor_name} is about {minutes} minutes late today. Your appointment was to begin at {time}.\n\n"
        "{clinic_name}\n{clinic_phone}"
    ),
    Notice.FOLLOW_UP_DUE: N_(
        "Dear {patient_name},\n\n{doctor_name} would like to see you again on {date}. To book a time please call {clinic_phone}.\n\n"
        "{clinic_name}"
    ),
    Notice.TURN_NEAR: N_(
        "Dear {patient_name},\n\nsoon it is your turn with {doctor_name}. Your number: {queue_number}. Still before you: {ahead}.\n"
        "Please come back to the waiting room.\n\n{clinic_name}"
    ),
}
LANGUAGES = SHIPPED_CODES
"""In which patients are written to: those in which every text is shipped."""

_PLACE = re.compile(r"\{([a-z_]+)\}")


@dataclass(frozen=True, slots=True)
class Wording:
    """A text with its places; ``is_active`` is false where nothing is to be said in this way."""

    subject: str
    body: str
    is_active: bool = True


def shipped(notice: Notice, channel: Channel, language: str) -> Wording:
    """The text that comes with the program."""
    say = Language(language).gettext
    if channel is Channel.EMAIL:
        return Wording(say(_SUBJECTS[notice]), say(_LETTERS[notice]))
    return Wording("", say(_SHORT[notice]))


def check_text(notice: Notice, text: str, field: str) -> None:
    """Refuse braces that hold anything but a place of this notice: nothing in a text is ever evaluated."""
    stray = _PLACE.sub("", text)
    for brace in "{}":
        if brace in stray:
            near = text[max(text.find(brace) - 10, 0) :][:24]
            found = next((part for part in re.findall(r"\{+[^{}]*\}*", text) if not _PLACE.fullmatch(part)), near)
            raise InvalidInput(field, "stray_brace", text=found[:40])
    for name in _PLACE.findall(text):
        if name not in PLACES[notice]:
            raise InvalidInput(field, "unknown_notice_place", name=f"{{{name}}}")


def checked_wording(notice: Notice, channel: Channel, subject: str | None, body: str | None, *, is_active: bool) -> Wording:
    """What an editor typed, or InvalidInput with the field and the place that is wrong."""
    said, title = optional_text(body, "body", limit=LONGEST_BODY), optional_line(subject, "subject", limit=LONGEST_SUBJECT)
    if said is None:
        raise InvalidInput("body", "required")
    check_text(notice, said, "body")
    if NEEDED not in _PLACE.findall(said):
        raise InvalidInput("body", "missing_notice_place", name=f"{{{NEEDED}}}")
    if channel is not Channel.EMAIL:
        return Wording("", said, is_active)
    if title is None:
        raise InvalidInput("subject", "required")
    check_text(notice, title, "subject")
    return Wording(title, said, is_active)


def filled(wording: Wording, said: Mapping[str, str], channel: Channel) -> Text:
    """The text with its places filled; what is put in is not looked at again, so a name with braces stays a name."""
    one_line = {name: " ".join(value.split()) for name, value in said.items()}

    def put(text: str) -> str:
        return _PLACE.sub(lambda place: one_line.get(place[1], ""), text)

    body = put(wording.body)
    # A no-break space is no character of the short alphabet: one alone would more than halve a text message's length.
    return Text(put(wording.subject), body.replace("\u00a0", " ") if channel is Channel.SMS else body)
