"""Change sets from elsewhere on their way into this journal, with whose they were, and what is known of them afterwards."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import msgspec

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.journal import INSERT, NOTE, UPDATE, Header, Told, append_told, canonical
from clinic_desktop.kernel.journal_rows import Lines, add_lines
from clinic_desktop.kernel.remembered import forget
from clinic_desktop.kernel.vouching import decide_rights, raise_stamp
from clinic_desktop.sync.outcomes import Contest, Entered, RowChange
from clinic_desktop.sync.reading import Park
from clinic_desktop.sync.rows import RowKey
from clinic_desktop.sync.wire import Origin, WireChange

HOSPITALS = "hospitals"


@dataclass(slots=True)
class Prepared:
    """A change set on its way into the journal."""

    change: WireChange
    origin: Origin
    entries: list[Entered] = field(default_factory=list)
    contests: list[tuple[RowChange, Contest]] = field(default_factory=list)
    edited_and_deleted: list[RowChange] = field(default_factory=list)
    gave_way: list[tuple[RowKey, RowKey, str]] = field(default_factory=list)
    """The row that gave way, the one that stayed, and the kind of task that this is."""


@dataclass(slots=True)
class Integrated:
    """What came of a page: the change sets taken, with their sequence here, and those set aside."""

    taken: list[tuple[Prepared, int]] = field(default_factory=list)
    parked: list[tuple[WireChange, Park]] = field(default_factory=list)

    def touched(self) -> tuple[dict[str, set[UUID]], dict[str, dict[UUID, set[str]]]]:
        """Keys of the rows that changed, by table; and of those that were there before and are after it, the columns that changed."""
        rows: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        whole: dict[str, set[str]] = defaultdict(set)
        for prepared, _seq in self.taken:
            for entry in prepared.entries:
                if entry.operation == UPDATE:
                    rows[entry.entity_type][entry.key].update(entry.changes)
                elif entry.operation != NOTE:
                    whole[entry.entity_type].add(entry.key)
        keys = {table: _keys({*rows[table], *whole[table]}) for table in {*rows, *whole}}
        changed = {table: {keys[table][key]: told for key, told in rows[table].items() if key not in whole[table]} for table in keys}
        return {table: set(one.values()) for table, one in keys.items()}, changed


def _keys(spelled: set[str]) -> dict[str, UUID]:
    return dict(zip(spelled, msgspec.convert(list(spelled), list[UUID]), strict=True))


def enter(tx: Tx, ready: Sequence[Prepared], result: Integrated) -> None:
    """Write them into the journal, with whose they were."""
    appended = append_told(tx.session, [_told(one) for one in ready])
    if appended:
        origins = [(seq, *one.origin) for one, (seq, _) in zip(ready, appended, strict=True)]
        add_lines(tx.session.connection(), Lines(*_ORIGINS, origins))
    result.taken += [(one, seq) for one, (seq, _) in zip(ready, appended, strict=True)]
    for table in {entry.entity_type for one in ready for entry in one.entries}:
        forget(tx.session, table)
        if table == HOSPITALS:
            _keep_currency(tx, ready)
    if any(decide_rights(one.entries) for one in ready):
        raise_stamp(tx.session)


def _keep_currency(tx: Tx, ready: Iterable[Prepared]) -> None:
    for entry in (entry for one in ready for entry in one.entries):
        if (entry.entity_type, entry.operation) == (HOSPITALS, INSERT):
            tx.choose_currency(entry.changes["currency"])  # whoever joins keeps the organisation's


_ORIGINS = (
    "journal_origins",
    ("seq", "site_id", "database_id", "origin_seq", "origin_hlc", "origin_hash"),
    ("", "uuid", "uuid", "", "", "bytes"),
)


def _told(prepared: Prepared) -> Told:
    """A change set as it is written."""
    entries, change = prepared.entries, prepared.change
    header = Header(change.at, change.actor_id, change.actor_name, change.workstation_id, change.command, change.reason)
    lines = [(one.entity_type, one.key, one.operation, canonical(one.changes)) for one in entries]
    hidden = [(n, one.secrets) for n, one in enumerate(entries) if one.secrets]
    return Told(header, lines, hidden, prepared.origin.hlc)
