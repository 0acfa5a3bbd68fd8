"""Whom a notice goes to and in which words: the patient's wishes, consent and contacts, the clinic's settings and texts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from clinic_desktop.clinic.messages.models import NotificationTemplate
from clinic_desktop.clinic.messages.rules import Channel
from clinic_desktop.clinic.messages.rules.notices import LANGUAGES, Notice, Wording, shipped
from clinic_desktop.clinic.messages.rules.timing import Quiet, wall_time
from clinic_desktop.clinic.messages.rules.wanted import Rules
from clinic_desktop.clinic.organisation.queries import clinic_place, setting_value
from clinic_desktop.clinic.patients.models import Patient, PatientConsent
from clinic_desktop.clinic.patients.queries.person import survivor_id, survivor_ids
from clinic_desktop.clinic.patients.rules import ConsentType, ContactBy, PatientStatus
from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.i18n import N_, SOURCE_CODE
from clinic_desktop.kernel.remembered import remembered
from clinic_desktop.kernel.settings import Scope, setting


def _language(code: str) -> None:
    if code not in LANGUAGES:
        raise InvalidInput("messages.language", "unknown_message_language")


LANGUAGE = setting(
    "messages.language",
    SOURCE_CODE,
    Scope.CLINIC,
    N_("Language in which patients are written to"),
    help=N_("en, ar or hi; a patient's own wish goes before it"),
    check=_language,
)
REMIND_HOURS = setting(
    "messages.remind_hours", 24, Scope.CLINIC, N_("Hours before a visit at which patients are reminded"), help=N_("0: not at all"), high=168
)
REMIND_SOON_HOURS = setting(
    "messages.remind_soon_hours",
    2,
    Scope.CLINIC,
    N_("Hours before a visit at which patients are reminded once more"),
    help=N_("0: not at all"),
    high=23,
)
FOLLOW_UP_DAYS = setting(
    "messages.follow_up_days",
    3,
    Scope.CLINIC,
    N_("Days before a recommended follow-up at which patients who have not booked are told"),
    help=N_("0: not at all"),
    words=N_("recall control"),
    high=60,
)
TURN_NEAR = setting(
    "messages.turn_near",
    0,
    Scope.CLINIC,
    N_("Waiting patients are told when so many are before them"),
    help=N_("0: not at all"),
    words=N_("queue waiting room"),
    high=20,
)
QUIET_FROM = setting(
    "messages.quiet_from",
    "21:00",
    Scope.CLINIC,
    N_("Patients are not written to from this time on"),
    help=N_("By the clinic's clock, such as 21:00"),
    words=N_("quiet hours night"),
    check=lambda text: wall_time(text, "messages.quiet_from"),
)
QUIET_UNTIL = setting(
    "messages.quiet_until",
    "08:00",
    Scope.CLINIC,
    N_("Patients are written to again from this time on"),
    help=N_("The same as its beginning: there are no quiet hours"),
    words=N_("quiet hours night"),
    check=lambda text: wall_time(text, "messages.quiet_until"),
)
NEEDS_CONSENT = setting("messages.needs_consent", False, Scope.CLINIC, N_("Patients are written to only where they signed that they agree"))
NEEDS_PROOF = setting(
    "messages.needs_proof", False, Scope.CLINIC, N_("Patients are written to only at a number or address that they verified by a code")
)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Where a patient's messages go; without a channel ``why`` says why nowhere."""

    channel: Channel | None
    address: str
    language: str
    why: str = ""


def rules_of(session: Session, clinic_id: UUID) -> Rules:
    """How a clinic wants to remind, and when it is quiet."""
    hours = (
        (Notice.REMINDER, setting_value(session, REMIND_HOURS, clinic_id=clinic_id)),
        (Notice.REMINDER_SOON, setting_value(session, REMIND_SOON_HOURS, clinic_id=clinic_id)),
    )
    begins, ends = (wall_time(setting_value(session, one, clinic_id=clinic_id)) for one in (QUIET_FROM, QUIET_UNTIL))
    leads = tuple((notice, timedelta(hours=lead)) for notice, lead in hours if lead)
    quiet = Quiet(begins, ends, clinic_place(session, clinic_id).timezone)
    return Rules(leads, quiet, timedelta(days=setting_value(session, FOLLOW_UP_DAYS, clinic_id=clinic_id)))


def person_of(session: Session, patient_id: UUID) -> Patient:
    """Who a patient is by now: of a merged record the one in use."""
    found = session.get_one(Patient, patient_id)
    return found if found.merged_into_id is None else session.get_one(Patient, survivor_id(session, patient_id))


def recipient_of(
    session: Session, patient: Patient, *, clinic_id: UUID, by: Collection[Channel], consents: Collection[datetime | None]
) -> Recipient:
    """Where a patient is written to, or why not: no way, no contact, not wished, not agreed to, not proved."""
    language = patient.contact_language or setting_value(session, LANGUAGE, clinic_id=clinic_id)
    channel, why = _channel(patient, by)
    if channel is None:
        return Recipient(None, "", language, why)
    needs_proof = setting_value(session, NEEDS_PROOF, clinic_id=clinic_id)
    if needs_proof and not (patient.phone_verified if channel is Channel.SMS else patient.email_verified):
        return Recipient(None, "", language, "not_proved")
    # Who took an agreement back is not written to, whatever the clinic asks for.
    agreed = None in consents if consents else not setting_value(session, NEEDS_CONSENT, clinic_id=clinic_id)
    if not agreed:
        return Recipient(None, "", language, "no_consent")
    return Recipient(channel, (patient.phone if channel is Channel.SMS else patient.email) or "", language)


def _channel(patient: Patient, by: Collection[Channel]) -> tuple[Channel | None, str]:
    if patient.status is not PatientStatus.ACTIVE:
        return None, "not_active"
    if patient.contact_by is ContactBy.NONE:
        return None, "not_wished"
    if patient.contact_by is ContactBy.PHONE:
        return None, "wants_a_call"
    if not by:
        return None, "no_way"
    contacts = {Channel.SMS: patient.phone, Channel.EMAIL: patient.email}
    wished = (Channel.SMS, Channel.EMAIL) if patient.contact_by is None else (Channel(patient.contact_by.value),)
    channel = next((one for one in wished if one in by and contacts[one]), None)
    return (None, "no_contact") if channel is None else (channel, "")


def consents_of(session: Session, patient_ids: Collection[UUID]) -> dict[UUID, list[datetime | None]]:
    """Whose consent to messages there is, with when each was taken back; what a merged record signed is its survivor's."""
    kind, leads = PatientConsent, survivor_ids(session, *patient_ids)
    found: dict[UUID, list[datetime | None]] = {}
    wanted = select(kind.patient_id, kind.withdrawn_at).where(kind.patient_id.in_(leads), kind.type == ConsentType.MESSAGES)
    for holder, withdrawn_at in session.execute(wanted):
        found.setdefault(leads[holder], []).append(withdrawn_at)
    return {asked: found[leads[asked]] for asked in patient_ids if leads.get(asked) in found}


def wording_in_force(session: Session, notice: Notice, channel: Channel, language: str) -> Wording:
    """The clinic's newest text, or the shipped one where it wrote none."""

    def read() -> Wording:
        kind = NotificationTemplate
        newest = select(kind.subject, kind.body, kind.is_active).where(
            kind.event == notice, kind.channel == channel, kind.language == language
        )
        found = session.execute(newest.order_by(kind.version.desc()).limit(1)).one_or_none()
        return shipped(notice, channel, language) if found is None else Wording(*found)

    return remembered(session, NotificationTemplate.__tablename__, (notice, channel, language), read)
