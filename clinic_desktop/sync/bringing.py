"""Whole rows from central into this database, as a first load or a repair brings them: journalled here, and never sent back."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

import msgspec
from sqlalchemy import bindparam, func, select

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.ids import new_id
from clinic_desktop.kernel.journal import DELETE, INSERT
from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.documents import expect, names_in
from clinic_desktop.sync.entering import Integrated
from clinic_desktop.sync.here import Here
from clinic_desktop.sync.integrate import Integration
from clinic_desktop.sync.merge import bring, drop
from clinic_desktop.sync.outcomes import Outcome, RowChange
from clinic_desktop.sync.shapes import Shape
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import Origin, WireChange, WireRow


class Bringing:
    """Rules by which rows become what central has, but for what was edited here and is still to be settled."""

    def __init__(self, unsettled: Unsettled, settled_seq: int) -> None:
        self._unsettled, self._settled_seq = unsettled, settled_seq

    def says_otherwise(self) -> bool:
        """Only central has the word."""
        return False

    def begin(self, here: Here, _changes: Sequence[WireChange]) -> None:
        """With the rows locked, nobody edits them any more before this is written."""
        self._unsettled.catch_up(here.connection)

    def outcome(self, here: Here, _change: WireChange, shape: Shape, row: RowChange) -> Outcome:
        """The row as central has it."""
        image = here.image(row.table, row.key)
        mine = self._unsettled.of(row.table, row.key, self._settled_seq)
        if row.operation == DELETE:
            return Outcome(image=image) if mine else drop(shape, image)
        return bring(shape, image, row.told, mine)

    def note(self, _here: Here, _change: WireChange, _row: WireRow, _details: Values) -> None:
        """Whole rows have no notes."""


def bring_rows(
    tx: Tx, central: Origin, command: str, unsettled: Unsettled, settled_seq: int, rows: Sequence[WireRow], reason: str | None = None
) -> Integrated:
    """Write whole rows (and deletions) as one change set of this journal that counts as central's."""
    change = WireChange(
        seq=0,
        after=0,
        hlc=0,
        hash=b"",
        at=tx.now,
        actor_id=None,
        actor_name="sync",
        workstation_id=None,
        command=command,
        reason=reason,
        rows=list(rows),
        is_whole=True,
    )
    origin = central._replace(seq=_next_mark(tx, central.database_id), hash=b"", hlc=0)
    expect(tx, names_in(rows), is_fetched=True)
    return Integration(tx, Bringing(unsettled, settled_seq)).take([change], [origin])


_origin = JournalOrigin.__table__.c
_LOWEST = select(func.min(_origin.origin_seq)).where(_origin.database_id == bindparam("central_id"))


def _next_mark(tx: Tx, central_id: UUID) -> int:
    """Pages of whole rows are numbered downwards from -1: they have no place in central's journal."""
    lowest = tx.session.connection().scalar(_LOWEST, {"central_id": central_id})
    return min(lowest or 0, 0) - 1


def whole(table: str, key: UUID, values: str) -> WireRow:
    """A row as central has it."""
    return WireRow(table, str(key), INSERT, values)


def gone(table: str, key: UUID) -> WireRow:
    """A row that central does not have."""
    return WireRow(table, str(key), DELETE, msgspec.json.encode({}).decode())


def central_origin(site_id: UUID | None, central_id: UUID) -> Origin:
    """Central as the author of whole rows."""
    return Origin(site_id or new_id(), central_id, 0, 0, b"")
