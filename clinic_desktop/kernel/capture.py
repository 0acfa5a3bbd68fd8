"""The one place where changes are seen: session hooks that stamp rows and hand every touched row to the journal."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from decimal import Decimal
from functools import cache
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Table, TextClause, event
from sqlalchemy.orm import InstanceState, Mapper, ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.base import NO_VALUE

from clinic_desktop.kernel.journal import DELETE, INSERT, NOTE, UPDATE, Entry
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.ordering import parents_first
from clinic_desktop.kernel.remembered import forget
from clinic_desktop.kernel.tables import Base, Record, is_journalled

_STAMPS = frozenset({"created_at", "updated_at"})
"""Both equal the change set's own time, so entries leave them out."""

VERSION = "row_version"
SECRET = "(secret)"  # noqa: S105 - what stands in the log in place of one
"""Stands for the value of a column with ``info={"secret": True}``, such as a password hash."""


class JournalBypass(RuntimeError):
    """A statement would have changed rows that the journal does not see: a mistake in the program."""


Marked = tuple[Entry, str, dict[str, Any], dict[str, Any]]
"""An entry, and its operation, changes and secrets as they were."""


class Capture:
    """The entries of one transaction so far; a later flush of the same row merges into its entry."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self._open: dict[tuple[str, UUID], Entry] = {}

    def mark(self) -> list[Marked]:
        """A copy to return to when a savepoint rolls back."""
        return [(entry, entry.operation, dict(entry.changes), dict(entry.secrets)) for entry in self.entries]

    def rewind(self, marked: list[Marked]) -> None:
        """Forget everything since the mark."""
        self.entries, self._open = [], {}
        for entry, operation, changes, secrets in marked:
            entry.operation, entry.changes, entry.secrets = operation, changes, secrets
            self._append(entry)

    def add(self, fresh: Entry) -> None:
        """Take in what one flush did to one row, or a note."""
        known = self._open.get((fresh.entity_type, fresh.entity_id))
        if known is None or fresh.operation == NOTE:
            self._append(fresh)
        elif not _merge(known, fresh):
            self.entries.remove(known)
            del self._open[known.entity_type, known.entity_id]

    def _append(self, entry: Entry) -> None:
        self.entries.append(entry)
        if entry.operation in (INSERT, UPDATE):
            self._open[entry.entity_type, entry.entity_id] = entry


def _merge(known: Entry, fresh: Entry) -> bool:
    """Fold a later change of the same row in; False when nothing of the row remains."""
    if fresh.operation == DELETE:
        if known.operation == INSERT:
            return False
        originals = {name: old for name, (old, _) in known.changes.items()}
        known.operation, known.changes, known.secrets = DELETE, {**fresh.changes, **originals}, {}
        return True  # a key is never used again, so nothing merges into it any more
    known.secrets.update(fresh.secrets)
    for name, (old, new) in fresh.changes.items():
        if known.operation == INSERT:
            known.changes[name] = new
        else:
            known.changes[name] = [known.changes[name][0] if name in known.changes else old, new]
    return True


@cache
def _columns(mapper: Mapper[Any]) -> tuple[tuple[str, str, bool], ...]:
    """(attribute key, column name, whether its value is secret) of every journalled column."""
    columns = ((p.key, p.columns[0]) for p in mapper.column_attrs)
    return tuple((key, column.name, bool(column.info.get("secret"))) for key, column in columns if column.name not in _STAMPS)


@cache
def _without_default(mapper: Mapper[Any]) -> tuple[str, ...]:
    keys = ((p.key, p.columns[0]) for p in mapper.column_attrs)
    return tuple(key for key, column in keys if column.default is None and column is not mapper.version_id_col)


@cache
def _key_attribute(mapper: Mapper[Any]) -> str:
    if len(mapper.primary_key) != 1:
        raise JournalBypass(f"{mapper.local_table} needs a single UUID key to be journalled")
    return mapper.get_property_by_column(mapper.primary_key[0]).key


def _plain(value: Any) -> Any:
    if isinstance(value, Money):
        return value.minor
    if isinstance(value, float):
        raise JournalBypass("floats are not kept anywhere")
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"  # as it is stored: 10, never 1E+1
    return value.value if isinstance(value, enum.Enum) else value


def _state(row: object) -> InstanceState[Any]:
    return cast("InstanceState[Any]", row._sa_instance_state)  # type: ignore[attr-defined]


def _entry(row: object, operation: str) -> Entry | None:
    state = _state(row)
    mapper = state.mapper
    local = cast("Table", mapper.local_table)
    if not is_journalled(local):
        return None
    table = str.__str__(local.name)  # a plain str, not a quoted_name
    key = state.dict[_key_attribute(mapper)]
    if not isinstance(key, UUID):
        raise JournalBypass(f"{table} needs a UUID key to be journalled")
    if operation == UPDATE:
        changes = _changed_fields(state, table)
        return Entry(table, key, UPDATE, changes, _secrets(state, changes), state.dict.get("clinic_id")) if changes else None
    if operation == DELETE:
        for attribute, _, _ in _columns(mapper):
            getattr(row, attribute)
    values = {name: _logged(state.dict.get(attribute), secret) for attribute, name, secret in _columns(mapper)}
    changes = {name: value for name, value in values.items() if value is not None}
    return Entry(table, key, operation, changes, _secrets(state, changes) if operation == INSERT else {})


def _logged(value: Any, secret: bool) -> Any:
    """What a log may hold of a value: that a secret is set or changed, never the secret."""
    return SECRET if secret and value is not None else _plain(value)


def _secrets(state: InstanceState[Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The new values of the secret columns among the changes, for a replay."""
    return {name: _plain(state.dict.get(attribute)) for attribute, name, secret in _columns(state.mapper) if secret and name in changes}


def _changed_fields(state: InstanceState[Any], table: str) -> dict[str, Any]:
    changes: dict[str, Any] = {}
    for attribute, name, secret in _columns(state.mapper):
        if attribute in state.committed_state:
            old = state.committed_state[attribute]
            if old is NO_VALUE:
                raise JournalBypass(f"{table}.{name} was changed without being read first")
            new = state.dict.get(attribute)
            if old != new:
                changes[name] = [_logged(old, secret), _logged(new, secret)]
    if changes and VERSION in state.dict:
        changes[VERSION] = [state.dict[VERSION] - 1, state.dict[VERSION]]
    return changes


def _written(rows: Iterable[object]) -> Iterable[object]:
    """Those of which a value has changed: asked of what was set alone, for a row has many columns and few are set."""
    for row in rows:
        state = _state(row)
        values = state.dict
        if any(old is NO_VALUE or old != values.get(name, NO_VALUE) for name, old in state.committed_state.items()):
            yield row


def _before_flush(session: Session, flush: UOWTransaction, _rows: object) -> None:
    tx = session.info.get("tx")
    if tx is None:
        raise JournalBypass("a read scope must not write")
    mappers = set()
    for row in session.new:
        mapper = _state(row).mapper
        mappers.add(mapper)
        if isinstance(row, Record):
            row.created_at = row.updated_at = tx.now
        for attribute in _without_default(mapper):
            if attribute not in _state(row).dict:
                setattr(row, attribute, None)  # what was left out is known to be empty, should this transaction change it later
    for row in _written(session.dirty):
        mappers.add(_state(row).mapper)
        if isinstance(row, Record):
            row.updated_at = tx.now
    parents_first(flush, mappers)


def _after_flush(session: Session, _flush: UOWTransaction) -> None:
    capture: Capture = session.info["capture"]
    for rows, operation in ((session.new, INSERT), (session.dirty, UPDATE), (session.deleted, DELETE)):
        for row in rows:
            entry = _entry(row, operation)
            if entry is not None:
                capture.add(entry)
                forget(session, entry.entity_type)


def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_insert or state.is_update or state.is_delete or isinstance(state.statement, TextClause):
        raise JournalBypass("bulk statements bypass the journal: change rows through the session")


def watch(session_class: type[Session]) -> None:
    """Install the hooks on a session class."""
    event.listen(session_class, "before_flush", _before_flush)
    event.listen(session_class, "after_flush", _after_flush)
    event.listen(session_class, "do_orm_execute", _refuse_bulk)


def mapped_tables() -> list[str]:
    """Every table whose changes the journal must hold."""
    return sorted(name for name, table in Base.metadata.tables.items() if is_journalled(table))
