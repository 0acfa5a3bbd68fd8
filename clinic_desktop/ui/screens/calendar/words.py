"""How the calendar words appointments, days and what stands in the way."""

from __future__ import annotations

import re
from datetime import date, datetime
from functools import lru_cache
from uuid import UUID

from clinic_desktop import wording
from clinic_desktop.clinic.frontdesk.queries import Away, CalendarRow, DoctorDay, PlannedRow, WalkInRow
from clinic_desktop.clinic.frontdesk.rules import FREED, AppointmentStatus, VisitStatus, VisitType
from clinic_desktop.kernel.formats import date_text, listed, phone_text, time_text
from clinic_desktop.kernel.i18n import Language, _, active, ngettext
from clinic_desktop.ui.screens.calendar.board import Board
from clinic_desktop.ui.screens.calendar.steering import Cursor
from clinic_desktop.ui.screens.reception.words import TONES
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside

_CLOCK = re.compile(r"\d{1,2}[:.]\d{2}")
_ICONS = {
    VisitStatus.WAITING: "user-check",
    VisitStatus.CALLED: "megaphone",
    VisitStatus.IN_PROGRESS: "stethoscope",
    VisitStatus.PENDING_PAYMENT: "banknote",
    VisitStatus.COMPLETED: "circle-check",
    VisitStatus.LEFT: "door-open",
}


def status_text(row: PlannedRow) -> str:
    """The status as a word: that of the visit, of the appointment where it says more."""
    is_of_booking = row.status in (*FREED, AppointmentStatus.CONFIRMED)
    return wording.status(row.status if is_of_booking else row.visit_status)


def status_icon(row: PlannedRow) -> str:
    """The picture of the status, so that colour is never alone."""
    if row.status in FREED:
        return "user-x" if row.status is AppointmentStatus.NO_SHOW else "x"
    if row.visit_status is VisitStatus.SCHEDULED:
        return "check" if row.status is AppointmentStatus.CONFIRMED else "circle"
    return _ICONS[row.visit_status]


def status_tone(row: PlannedRow) -> Tone | None:
    """The tone of the status; None is the accent: the patient has confirmed."""
    if row.status is AppointmentStatus.NO_SHOW:
        return Tone.BAD
    if row.status is AppointmentStatus.CONFIRMED and row.visit_status is VisitStatus.SCHEDULED:
        return None
    return TONES[row.visit_status]


def clock_text(instant: datetime, timezone: str) -> str:
    """A time without its half of the day, which the axis beside it says."""
    return _clock(instant, timezone, active())


@lru_cache(maxsize=4096)
def _clock(instant: datetime, timezone: str, language: Language) -> str:
    text = time_text(instant, language, timezone=timezone)
    found = _CLOCK.search(text)
    return found[0] if found else text


def span_text(start: datetime, end: datetime, timezone: str) -> str:
    """From when to when."""
    return f"{time_text(start, timezone=timezone)} – {time_text(end, timezone=timezone)}"


def flags_of(row: PlannedRow) -> list[tuple[str, str]]:
    """What the desk should see at once, as icon and words."""
    flags = []
    if row.is_first_visit:
        flags.append(("star", _("First visit")))
    if row.owes:
        flags.append(("hand-coins", _("Owes money")))
    if row.notes or row.reason:
        flags.append(("file-text", row.reason or row.notes or ""))
    return flags


def appointment_text(row: PlannedRow, timezone: str) -> str:
    """All of an appointment in lines, for the tooltip."""
    lines = [
        beside(row.patient_name, row.patient_number, phone_text(row.patient_phone) or None),
        beside(span_text(row.start, row.end, timezone), row.service_name),
        beside(status_text(row), row.booking_id, token_text(row.queue_number)),
        *(text for _icon, text in flags_of(row)),
    ]
    return "\n".join(lines)


def walk_in_text(row: WalkInRow, timezone: str) -> str:
    """All of a walk-in in lines, for the tooltip."""
    when = span_text(row.start, row.end, timezone)
    lines = [
        beside(row.patient_name, row.patient_number, phone_text(row.patient_phone) or None),
        beside(_("Expected {time}").format(time=when) if row.is_expected else when, row.service_name),
        beside(wording.status(VisitType.WALK_IN), wording.status(row.status), token_text(row.queue_number)),
    ]
    return "\n".join(lines)


def told(row: PlannedRow | WalkInRow, timezone: str) -> str:
    """All of what stands on the board in lines."""
    return appointment_text(row, timezone) if isinstance(row, PlannedRow) else walk_in_text(row, timezone)


def token_text(number: int | None) -> str | None:
    """The queue number in words."""
    return None if number is None else _("token {number}").format(number=number)


def spoken(row: PlannedRow | WalkInRow, doctor: str, timezone: str) -> str:
    """All of an appointment or a walk-in in one sentence, for those who hear it."""
    if isinstance(row, WalkInRow):
        return listed([*walk_in_text(row, timezone).split("\n"), doctor])
    parts = [span_text(row.start, row.end, timezone), row.patient_name, row.service_name, status_text(row), doctor, date_text(row.day)]
    return listed(parts + [text for _icon, text in flags_of(row)])


def away_text(away: Away) -> str:
    """Why nobody works: with the reason of the leave or the name of the holiday."""
    kind = _("Holiday") if away.kind == "holiday" else _("On leave")
    return beside(kind, away.text)


def booked_text(cell: DoctorDay) -> str:
    """How many appointments stand on a day."""
    return ngettext("{n} booked", "{n} booked", cell.booked).format(n=cell.booked)


def walk_ins_text(count: int) -> str:
    """How many came to a doctor without an appointment."""
    return ngettext("{n} walk-in", "{n} walk-ins", count).format(n=count)


def free_text(cell: DoctorDay, today: date) -> str:
    """How many places are left of a day."""
    if cell.day < today:
        return _("passed")
    return ngettext("{n} free", "{n} free", cell.free).format(n=cell.free) if cell.free else _("full")


def counts_text(cell: DoctorDay, today: date) -> str:
    """How full a day is, in few words."""
    booked = booked_text(cell)
    if cell.day < today:
        return booked
    if cell.slots:
        return f"{booked} · {free_text(cell, today)}" if cell.booked else free_text(cell, today)
    closed = next((_("Holiday") if one.kind == "holiday" else _("On leave") for one in cell.away), _("Not in"))
    return f"{closed} · {booked}" if cell.booked else closed


_PROBLEMS = {
    "past": lambda: _("This time has passed"),
    "holiday": lambda: _("The clinic is closed"),
    "leave": lambda: _("On leave"),
    "outside_hours": lambda: _("Outside working hours"),
    "full": lambda: _("No free place"),
}


def problem_text(problem: str) -> str:
    """Why a place cannot be had, in few words."""
    return _PROBLEMS[problem]()


def doctor_name(shown: CalendarRow, doctor_id: UUID) -> str:
    """The name of one of the doctors shown."""
    return next((one.name for one in shown.doctors if one.id == doctor_id), "")


def said(board: Board | None, cursor: Cursor | None) -> str:
    """What is heard of the board: the appointment or the place at which the cursor stands."""
    words = [_("Calendar")]
    if board is None or cursor is None:
        return words[0]
    block, zone = board.block(cursor.appointment_id) or board.walk_in(cursor.visit_id), board.shown.timezone
    doctor = doctor_name(board.shown, cursor.doctor_id)
    if block is not None:
        return listed([*words, spoken(block.row, doctor, zone)])
    return listed([*words, span_text(cursor.start, cursor.end, zone), _("free"), doctor, date_text(cursor.day)])
