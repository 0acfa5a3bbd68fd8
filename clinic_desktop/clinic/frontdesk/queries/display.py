"""What the public display shows; a name leaves this query only as far as the clinic's setting allows."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.access.models import User
from clinic_desktop.clinic.frontdesk.models import QueueEntry, Visit
from clinic_desktop.clinic.frontdesk.queries.board import VisitRow, waiting
from clinic_desktop.clinic.frontdesk.queries.service_rooms import waiting_for_rooms
from clinic_desktop.clinic.frontdesk.rules import DisplayPrivacy, VisitStatus, display_languages, shown_name, with_rooms
from clinic_desktop.clinic.organisation.queries import setting_value
from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.clinic.patients.queries.survivors import survivors
from clinic_desktop.clinic.staff.models import Doctor
from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.settings import Scope, setting

PRIVACY = setting("display.privacy", DisplayPrivacy.NUMBER, Scope.CLINIC, N_("What the public display says of a patient"))
TICKER = setting("display.ticker", "", Scope.CLINIC, N_("Message that runs along the foot of the public display"))
SPEECH = setting(
    "display.speech",
    False,
    Scope.CLINIC,
    N_("The public display speaks each call"),
    help=N_("Where the program espeak-ng is installed on that computer; in each of the display's languages."),
)
LANGUAGES = setting(
    "display.languages",
    "",
    Scope.CLINIC,
    N_("Languages of the public display, such as en, ar, hi"),
    help=N_("They take turns. Empty: the language that the program is set to."),
    check=lambda value: display_languages(value),
)


@dataclass(frozen=True, slots=True)
class CallRow:
    """One line of the public display; ``name`` is None, initials or the name, as the setting says."""

    visit_id: UUID
    queue_number: int
    room: str | None
    doctor_name: str
    announced_at: datetime | None
    call_count: int
    name: str | None = None
    service_room: str | None = None
    """The room without a doctor that the patient waits for or is called to: it is named by itself, and no doctor with it."""


@dataclass(frozen=True, slots=True)
class DisplayRow:
    """What the public display shows: the latest call first, then who is next."""

    now_calling: tuple[CallRow, ...]
    next_up: tuple[CallRow, ...]
    ticker: str = ""
    languages: tuple[str, ...] = ()
    """In turns; none: the program's."""
    speaks: bool = False


def display(session: Session, *, clinic_id: UUID, day: date, calling: int = 6, upcoming: int = 8) -> DisplayRow:
    """What the public display shows."""
    privacy = setting_value(session, PRIVACY, clinic_id=clinic_id)
    rows = with_rooms(waiting(session, clinic_id=clinic_id, day=day), waiting_for_rooms(session, clinic_id=clinic_id, day=day), upcoming)
    following = [_next(row, privacy) for row in rows]
    ticker = setting_value(session, TICKER, clinic_id=clinic_id)
    languages = display_languages(setting_value(session, LANGUAGES, clinic_id=clinic_id))
    speaks = setting_value(session, SPEECH, clinic_id=clinic_id)
    return DisplayRow(tuple(_called(session, clinic_id, day, calling, privacy)), tuple(following), ticker, languages, speaks)


def _next(row: VisitRow, privacy: DisplayPrivacy) -> CallRow:
    name, doctor = shown_name(row.patient_name, privacy), row.doctor_name if row.service_room is None else ""
    return CallRow(row.visit_id, row.queue_number or 0, None, doctor, None, row.call_count or 0, name, row.service_room)


def _called(session: Session, clinic_id: UUID, day: date, limit: int, privacy: DisplayPrivacy) -> list[CallRow]:
    statement = (
        select(
            Visit.id,
            QueueEntry.queue_number,
            QueueEntry.room,
            User.full_name,
            QueueEntry.announced_at,
            QueueEntry.call_count,
            Visit.patient_id,
            Patient.full_name,
            Patient.merged_into_id,
            QueueEntry.service_room,
        )
        .select_from(QueueEntry)
        .join(Visit, Visit.id == QueueEntry.visit_id)
        .join(Patient, Patient.id == Visit.patient_id)
        .join(Doctor, Doctor.id == QueueEntry.doctor_id)
        .join(User, User.id == Doctor.user_id)
        .where(
            QueueEntry.clinic_id == clinic_id,
            QueueEntry.business_date == day,
            QueueEntry.announced_at.is_not(None),
            # The visit's own clinic and day say the same; with them no plan reads every visit there ever was.
            Visit.clinic_id == clinic_id,
            Visit.business_date == day,
            Visit.status.in_((VisitStatus.CALLED, VisitStatus.IN_PROGRESS)),
        )
        .order_by(QueueEntry.announced_at.desc(), QueueEntry.queue_number.desc())
        .limit(limit)
    )
    found = session.execute(statement).all()
    kept = survivors(session, {row.patient_id for row in found if row.merged_into_id is not None})
    names = {key: one.full_name for key, one in kept.items()}
    calls = [CallRow(*row[:6], shown_name(names.get(row.patient_id, row[7]), privacy), row.service_room) for row in found]
    return [one if one.service_room is None else replace(one, doctor_name="") for one in calls]
