"""The audit trail in words: what was done, by whom, to which record, and what each field held before and after."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from babel import dates

from clinic_desktop.clinic.audit.rules import TRACES, Coded, Named, Only, Percent, Value, Veil, What
from clinic_desktop.kernel.formats import date_text, datetime_text, locale_of, money_text, number_text, percent_text, time_text
from clinic_desktop.kernel.i18n import N_, Language, active
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import declared_permissions
from clinic_desktop.wording import status
from clinic_desktop.wording.actions import ACTIONS, EVENTS
from clinic_desktop.wording.entities import ENTITIES
from clinic_desktop.wording.fields import DETAILS, FIELDS, OF_TABLE

if TYPE_CHECKING:  # the words are collected before the database is loaded
    from clinic_desktop.clinic.audit.queries.rows import AuditEntry, FieldChange, RecordChange

WORDS = {
    "file_not_written": N_("The file {path} cannot be written ({detail}). Close it where it is open, or choose another place."),
}
ONLY = {
    Only.DENIALS: N_("Refused for lack of a right"),
    Only.FAILURES: N_("Failed logins"),
    Only.LOGINS: N_("Logins and logouts"),
    Only.READS: N_("Sensitive records opened"),
    Only.PRINTS: N_("Prints"),
    Only.EXPORTS: N_("Exports"),
    Only.OVERRIDES: N_("Exceptions with a reason"),
}
WAYS = {"printer": N_("printer"), "file": N_("file"), "csv": N_("table file"), "pdf": N_("PDF file")}
OPENED: dict[str, str] = {
    What.FILE: N_("Opened the patient's file"),
    What.CLINICAL_RECORD: N_("Opened the clinical record"),
    What.PRESCRIPTION: N_("Looked at the prescription"),
    What.DOCUMENT: N_("Looked at a document of the patient"),
    What.HISTORY: N_("Looked at everything that happened to the patient"),
}
DOCUMENTS = {
    "id_card": N_("ID card"),
    "appointment_slip": N_("Appointment slip"),
    "queue_token": N_("Queue token"),
    "prescription": N_("Prescription"),
    "invoice": N_("Invoice"),
    "receipt": N_("Receipt"),
    "settlement": N_("Daily settlement"),
    "recovery_key": N_("Recovery key"),
    "erasure_statement": N_("Erasure statement"),
    "consent": N_("Consent"),
    "patient_document": N_("Patient's document"),
}
PROGRAMS = {
    "login": N_("Login"),
    "system": N_("The program"),
    "set-up": N_("Set-up"),
}
"""Names under which the program itself writes."""
OPERATIONS = {"I": N_("Added"), "U": N_("Changed"), "D": N_("Deleted"), "N": N_("Noted")}
COLUMNS = (
    *(N_("Entry"), N_("Time"), N_("Person"), N_("Workstation"), N_("Action"), N_("Reason")),
    *(N_("Record"), N_("Kind of change"), N_("Field"), N_("Before"), N_("After"), N_("Hash")),
)
PROBLEMS = {
    "missing": N_("Entry {seq} is missing: it was deleted."),
    "altered": N_("Entry {seq} is not what was written: it was changed afterwards."),
    "truncated": N_("The newest entries are missing, from entry {seq} on."),
    "replaced": N_("Entry {seq} is another than the one that was written down: the records were replaced."),
}
"""What a verification found."""

_SPEAK_FOR_THEMSELVES = frozenset(event for only in Only if only is not Only.OVERRIDES for event in TRACES[only].events)
"""Notes that say it all."""
_ADD = frozenset(
    {"prescription_override", "signed_on_behalf", "cancellation_approved", "glass_broken", "visit_charge_not_moved", "reset_mail_not_sent"}
)
"""Notes that say something besides what the command did; others only repeat it."""


class AuditWords:
    """Words in one language, with times as the clocks of one zone show them."""

    def __init__(self, timezone: str, language: Language | None = None) -> None:
        self._zone, self._language = timezone, language or active()
        self._ = self._language.gettext

    # A line

    def what(self, entry: AuditEntry) -> str:
        """What was done."""
        event, note = entry.event, entry.note
        if event == "denied":
            return self._(N_("Was refused: {what}")).format(what=self.permission(str(note.get("permission"))))
        if event in ("printed", "read") or (event == "exported" and "what" in note):
            return self._told(event, note)
        if event in _SPEAK_FOR_THEMSELVES and event != "exported":
            return self.event(str(event))
        action = self.action(entry.command)
        return f"{action} · {self.event(event)}" if event in _ADD else action

    def _told(self, event: str, note: Mapping[str, Value]) -> str:
        if event == "printed":
            kind = DOCUMENTS.get(str(note.get("kind")))
            said = N_("Saved as a file: {what}") if note.get("way") == "file" else N_("Printed: {what}")
            return self._(said).format(what=self._(kind) if kind else note.get("kind"))
        if event == "read":
            return self._(OPENED.get(str(note.get("what")), N_("Opened the record")))
        return self._(N_("Exported: {what} ({rows})")).format(what=note.get("what"), rows=self._number(note.get("rows")))

    def action(self, command: str) -> str:
        """What a command did."""
        known = ACTIONS.get(command)
        return self._(known) if known else command.rpartition(".")[2].replace("_", " ").capitalize()

    def event(self, event: str) -> str:
        """What a note says."""
        known = EVENTS.get(event)
        return self._(known) if known else event.replace("_", " ").capitalize()

    def permission(self, code: str) -> str:
        """The title of a permission."""
        return next((self._(one.title) for one in declared_permissions() if one.code == code), code)

    def who(self, entry: AuditEntry) -> str:
        """The person, or the part of the program that acted by itself."""
        if entry.actor_id is not None:
            return entry.actor_name
        known = PROGRAMS.get(entry.actor_name)
        return self._(known) if known else entry.actor_name

    def when(self, at: datetime) -> str:
        """Date and time in the clinic's zone."""
        return datetime_text(at, self._language, timezone=self._zone)

    # Records and fields

    def kind(self, entity_type: str) -> str:
        """What a kind of record is called."""
        known = ENTITIES.get(entity_type)
        word = self._(known) if known else entity_type.replace("_", " ")
        return word[:1].upper() + word[1:]

    def name(self, record: Named) -> str:
        """What a record is called; nothing when it is not there any more."""
        return " · ".join(self.value(record.entity_type, "", part) for part in record.parts)

    def record(self, record: Named | None) -> str:
        """The kind of a record and its name."""
        if record is None:
            return ""
        name = self.name(record)
        return f"{self.kind(record.entity_type)} · {name}" if name else self.kind(record.entity_type)

    def short(self, record: Named | None) -> str:
        """The name of a record; its kind where it has none."""
        return "" if record is None else self.name(record) or self.kind(record.entity_type)

    def field(self, table: str, field: str) -> str:
        """What a field is called."""
        known = OF_TABLE.get((table, field)) or FIELDS.get(field) or DETAILS.get(field)
        word = self._(known) if known else field.replace("_", " ")
        return word[:1].upper() + word[1:]

    def value(self, table: str, field: str, value: Value) -> str:
        """What a field held; nothing where it was empty."""
        if value is None:
            return ""
        if field == "weekday" and isinstance(value, int):
            return str(dates.get_day_names("wide", locale=locale_of(self._language.code))[value])
        return next(say for kind, say in self._said.items() if isinstance(value, kind))(value)

    @property
    def _said(self) -> dict[type[Any], Callable[[Any], str]]:
        language = self._language
        return {
            Veil: lambda veil: self._(N_("changed, not shown") if veil is Veil.SECRET else N_("hidden: needs a clinical right")),
            Coded: lambda coded: status(coded.code, language),
            Named: lambda named: self.name(named) or self._(N_("a record that is not here any more")),
            Percent: lambda percent: percent_text(percent.basis_points, language),
            Money: lambda amount: money_text(amount, language),
            bool: lambda flag: self._(N_("yes") if flag else N_("no")),
            datetime: self.when,
            date: lambda day: date_text(day, language),
            time: lambda at: time_text(at, language),
            int: self._number,
            Decimal: lambda number: number_text(number, language),
            str: lambda text: text,
        }

    def _number(self, value: Value) -> str:
        return str(value)  # years, versions and room numbers are no amounts: they have no separators

    def change(self, record: RecordChange, change: FieldChange) -> tuple[str, str, str]:
        """A field, what it held before, and afterwards."""
        table = record.record.entity_type
        if record.operation == "N":
            return self.field(table, change.field), "", self._detail(table, change)
        return self.field(table, change.field), self.value(table, change.field, change.old), self.value(table, change.field, change.new)

    def _detail(self, table: str, change: FieldChange) -> str:
        name, value = change.field, change.new
        if name == "permission":
            return self.permission(str(value))
        if name == "command":
            return self.action(str(value))
        known = {"kind": DOCUMENTS, "what": OPENED, "way": WAYS}.get(name, {})
        if value in known:
            return self._(known[str(value)])
        return self.value(table, name, value)

    def operation(self, record: RecordChange) -> str:
        """Whether a record was added, changed, deleted, or only noted."""
        return self._(OPERATIONS[record.operation])

    def columns(self) -> list[str]:
        """The heading of a file with one line a field."""
        return [self._(one) for one in COLUMNS]

    def summary(self, record: RecordChange) -> str:
        """What happened to one record, in a line: for lists on paper and in files."""
        said = []
        for one in record.fields:
            field, old, new = self.change(record, one)
            said.append(
                self._(N_("{field}: {old}, now {new}")).format(field=field, old=old or "–", new=new or "–")
                if record.operation == "U"
                else f"{field}: {new or old}"
            )
        return "; ".join(said)
