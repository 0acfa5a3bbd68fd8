"""The reconcile screen's words: how long something waits, what it is about, what is to be done, and which screen shows its record."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from clinic_desktop.clinic.patients.queries import DuplicateRow
from clinic_desktop.clinic.reconciling.queries import ConflictRow, Version
from clinic_desktop.clinic.reconciling.rules import Decision
from clinic_desktop.kernel.formats import isolated, money_text, percent_text
from clinic_desktop.kernel.i18n import _, ngettext
from clinic_desktop.kernel.mending import ConflictKind
from clinic_desktop.kernel.money import Money
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import beside
from clinic_desktop.wording.audit import AuditWords
from clinic_desktop.wording.sync import TASKS, WHO

_SCREENS = {
    "users": "users",
    "roles": "roles",
    "clinics": "clinics",
    "departments": "departments",
    "services": "services",
    "service_prices": "services",
    "doctors": "doctors",
    "doctor_schedules": "schedules",
    "doctor_leaves": "leaves",
    "specialties": "specialties",
    "medicines": "medicines_list",
    "inventory_items": "medicines_list",
    "holidays": "holidays",
    "tax_configurations": "taxes",
    "hospitals": "clinic_details",
}
"""Screens that show a record which belongs to no patient."""


def waits(since: datetime, now: datetime) -> str:
    """How long something has waited."""
    passed = max(int((now - since).total_seconds()), 0)
    days, hours, minutes = passed // 86_400, passed // 3_600, passed // 60
    if days:
        return ngettext("{n} day", "{n} days", days).format(n=days)
    if hours:
        return ngettext("{n} hour", "{n} hours", hours).format(n=hours)
    if not minutes:
        return _("a moment")
    return ngettext("{n} minute", "{n} minutes", minutes).format(n=minutes)


def age_tone(since: datetime, now: datetime) -> Tone:
    """What has waited for long stands out; the words say so, too."""
    days = (now - since).days
    return Tone.BAD if days >= 7 else Tone.WARN if days >= 1 else Tone.NEUTRAL


def record(one: ConflictRow, words: AuditWords) -> str:
    """What record it is about; whose it is says ``patient``, so a patient's own has no name here."""
    is_patients_own = one.patient is not None and one.patient.entity_id == one.subject.entity_id
    return words.kind(one.subject.entity_type) if is_patients_own else words.record(one.subject)


def patient(one: ConflictRow, words: AuditWords) -> str:
    """Whose record it is."""
    return "" if one.patient is None else words.name(one.patient)


def about(one: ConflictRow, words: AuditWords) -> str:
    """The field that has two values; nothing for a task."""
    return words.field(one.subject.entity_type, one.field) if one.field is not None else ""


def value(one: ConflictRow, version: Version | None, words: AuditWords) -> str:
    """One of the two values."""
    if version is None or one.field is None:
        return ""
    return words.value(one.subject.entity_type, one.field, version.value) or _("(empty)")


def written(version: Version | None, words: AuditWords) -> str:
    """Who wrote a value, where and when."""
    if version is None:
        return ""
    return beside(version.by, version.site, None if version.at is None else words.when(version.at))


def task(one: ConflictRow, currency: str) -> str:
    """What happened, and what is to be done."""
    facts: dict[str, Any] = {name: isolated(fact) if isinstance(fact, str) else fact for name, fact in one.facts.items()}
    if isinstance(one.facts.get("amount"), int):
        facts["amount"] = money_text(Money(one.facts["amount"], currency))
    who = WHO.get(str(one.facts.get("who")))
    if who is not None:
        facts["who"] = _(who)
    told = _(TASKS.get(one.kind, ""))
    return told.format_map(_Told(facts))


class _Told(dict[str, Any]):
    def __missing__(self, _name: str) -> str:
        return "…"


def outcome(one: ConflictRow, words: AuditWords) -> str:
    """How it was settled."""
    if one.decision is None:
        return ""
    said = {
        Decision.KEPT: _("What stood was kept."),
        Decision.OTHER: _("The other value was taken."),
        Decision.DONE: _("It was done."),
    }[one.decision]
    who = beside(one.decided_by, None if one.decided_at is None else words.when(one.decided_at))
    return "\n".join(part for part in (said, who, one.note) if part)


def way_to(one: ConflictRow) -> tuple[str, dict[str, Any]]:
    """The screen that shows the record, and what it is asked to show."""
    table, key = one.subject.entity_type, one.subject.entity_id
    if one.kind is ConflictKind.OVERPAID:
        return "cashier", {"invoice_id": key}
    if one.patient is not None:
        return "patient", {"patient_id": one.patient.entity_id}
    if table in _SCREENS:
        return _SCREENS[table], {}
    return "audit", {"entity_type": table, "entity_id": key}


def likeness(pair: DuplicateRow) -> str:
    """How alike two records are."""
    return percent_text(pair.score * 100)
