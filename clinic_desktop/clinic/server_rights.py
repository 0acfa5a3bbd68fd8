"""Which tables each permission writes and who reads the sealed ones: what the grants of a clinic's server are made of.

What the commands of a permission write stands in ``resources/server/table_rights.txt``. It was recorded from the tests
(``tests/lan/recording.py`` does it again), and every test on Postgres runs its people's commands under these grants:
a command that reaches for another table fails there, before a clinic meets it.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.lan.rights import CHANGE, DELETE, INSERT, Rights
from clinic_desktop.kernel.merging import Kind, policies
from clinic_desktop.kernel.resources import resource_path
from clinic_desktop.kernel.security import declared_permissions
from clinic_desktop.kernel.tables import Base, append_only_tables, mappers

TABLE_RIGHTS = "server/table_rights.txt"
ACCOUNTS, ROLES, AUDITORS = "access.users", "access.roles", "audit.read"
_WRITE, _PUT, _ADD = frozenset((INSERT, CHANGE)), frozenset((CHANGE,)), frozenset((INSERT,))
_JOURNAL = {
    "journal": _ADD,
    "audit_logs": _ADD,
    "journal_secrets": _ADD,
    "journal_head": _PUT,
    "access_stamp": _PUT,
}
_DOOR = _JOURNAL | {
    "command_keys": _WRITE,
    "id_sequences": _WRITE,
    "key_vault": _PUT,
    "document_blobs": _WRITE,
    "documents": _ADD,
    "users": _PUT,
    "login_failures": _WRITE,
    "refresh_tokens": _WRITE,
    "session_sightings": _WRITE,
    "kiosk_tries": _WRITE,
    "otp_verifications": _WRITE,
    "password_resets": _PUT,
    "drafts": _WRITE | {DELETE},
    "notification_queue": _ADD,
}
_DOOR_COLUMNS = {
    "document_blobs": ("put_at",),
    "users": (
        "failed_login_attempts",
        "locked_until",
        "last_login_at",
        "password_hash",
        "must_change_password",
        "pin_hash",
        "pin_failures",
        "email_verified",
        "phone_verified",
        "updated_at",
        "row_version",
    ),
}
"""Not whether an account may be used, nor whose it is: that is an administrator's. Of a document, that it was put once more."""
_DOOR_DEPARTMENTS = ("organisation", "access")
_DOOR_READS = frozenset(("notification_queue", "channel_secrets"))
_TREATING = ("clinical.read", "clinical.vitals", "clinical.consult", "clinical.sign", "clinical.prescribe", "privacy.export")
_SEALED = {
    "consultations": frozenset(_TREATING),
    "consultation_addenda": frozenset(_TREATING),
    "consultation_diagnoses": frozenset(_TREATING),
    "vital_signs": frozenset(_TREATING),
    "channel_secrets": frozenset(("messages.set_up", "messages.deliver")),
    "journal_secrets": frozenset(("backups.run",)),
    "server_certificates": frozenset((AUDITORS,)),
}
_DEVICES = {"notification_queue": _WRITE}
_BACKUP = _JOURNAL | {
    "backups": _WRITE,
    "backup_service": _PUT,
    "journal_secrets": frozenset((INSERT, DELETE)),
    "document_blobs": frozenset((DELETE,)),
}

_SYNC = frozenset(
    (
        *("sync_link", "sync_parked", "sync_parked_rows", "sync_load_pages", "sync_documents", "sync_document_parts", "sync_tombstones"),
        *(
            "sync_taken",
            "sync_peers",
            "sync_enrolment_codes",
            "sync_spent_challenges",
            "sync_tries",
            "sync_service",
            "sync_contacts",
            "server_certificates",
        ),
    )
)
_COPIES = {
    "organisation.manage": {
        "sync_enrolment_codes": _WRITE,
        "sync_peers": _PUT,
        "sync_contacts": _WRITE,
        "sync_link": _WRITE,
        "sites": _ADD,
    }
}
"""Whoever lets computers keep a copy makes a code for each, and whoever joins a chain keeps the way to it: tables of no department."""
_FOUNDING = {ACCOUNTS: {"key_vault": _ADD}}
"""A server's vault is founded by whoever keeps the accounts; everybody else's new password goes into the one that is there."""
UNWRITTEN = frozenset(("wallet_transactions", "name_words", "name_word_keys"))
"""Tables that no command of a person writes yet, and those that triggers alone write. Everybody reads them."""


@cache
def server_rights() -> Rights:
    """The rule of every table."""
    load_departments()
    return Rights(
        door=_DOOR,
        door_columns=_DOOR_COLUMNS,
        door_reads=_DOOR_READS | _tables_of(*_DOOR_DEPARTMENTS),
        departmental=_tables_of(""),
        groups=_groups(),
        sealed=_SEALED,
        devices=_DEVICES,
        backup=_BACKUP,
        service=_service(),
        auditors=frozenset((AUDITORS,)),
    )


def _service() -> Mapping[str, frozenset[str]]:
    """What travels, the journal, what sync remembers for itself, and what backups write; never a change of what is only added to.

    And what a new data key has sealed anew: the service ends a rekey that whoever began it may not end. And what patients are told
    that follows from its sweeps of the front desk, or from what came from a copy.
    """
    frozen = frozenset(append_only_tables())
    travelling = {name for name, one in policies().items() if one.kind is not Kind.LOCAL} | _SYNC
    rights = {name: _ADD if name in frozen else _WRITE | {DELETE} for name in travelling}
    rights |= _JOURNAL | {"journal_origins": _ADD, "database_identity": _PUT, "document_blobs": _WRITE, "backup_service": _WRITE}
    rights |= {"key_vault": _PUT, "channel_secrets": _PUT, "notification_queue": _WRITE}
    return rights | {name: rights.get(name, frozenset()) | written for name, written in _BACKUP.items()}


def _groups() -> Mapping[str, Mapping[str, frozenset[str]]]:
    groups: dict[str, dict[str, frozenset[str]]] = {one.code: {} for one in declared_permissions()}
    for line in resource_path(TABLE_RIGHTS).read_text(encoding="utf-8").splitlines():
        permission, table, *operations = line.split()
        if permission in groups and table in Base.metadata.tables:
            groups[permission][table] = _rounded(table, frozenset(operations))
    for permission, tables in (*_COPIES.items(), *_FOUNDING.items()):
        groups[permission] |= tables
    return groups


def _rounded(table: str, operations: frozenset[str]) -> frozenset[str]:
    # Whoever adds rows of a table that changes may change them: what a test did not come to is no reason to stop at a desk.
    return operations | {CHANGE} if INSERT in operations and table not in append_only_tables() else operations


def _tables_of(*departments: str) -> frozenset[str]:
    packages = tuple(f"clinic_desktop.clinic.{name}." if name else "clinic_desktop.clinic." for name in departments)
    return frozenset(one.class_.__tablename__ for one in mappers() if one.class_.__module__.startswith(packages))
