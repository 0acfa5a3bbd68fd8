"""What was edited here and central has not settled yet: such fields keep the local value while others' changes come in."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import Connection, bindparam, select

from clinic_desktop.kernel.journal import NOTE, UPDATE, AuditLog, ChangeSet
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.peers import is_own
from clinic_desktop.sync.rows import RowKey

_PAGE = 5_000
_log, _seq, _origin = AuditLog.__table__.c, ChangeSet.__table__.c.seq, JournalOrigin.__table__.c
# By change sets: pages of what others did have thousands of rows each.
_own = (
    select(_seq)
    .outerjoin_from(ChangeSet.__table__, JournalOrigin.__table__, _origin.seq == _seq)
    .where(is_own(_origin.seq, _origin.site_id), _seq > bindparam("after"), _seq <= bindparam("upto"))
)
_OWN = (
    select(_log.seq, _log.entity_type, _log.entity_id, _log.operation, _log.changes)
    .where(_log.operation != NOTE, _log.seq.in_(_own))
    .order_by(_log.seq, _log.ordinal)
)


class Unsettled:
    """By row and field, the newest own change set that wrote it; read once and kept up with the journal."""

    def __init__(self, echoed_seq: int) -> None:
        self._through = echoed_seq
        self._fields: dict[RowKey, dict[str, int]] = {}

    def catch_up(self, connection: Connection) -> None:
        """Take in what was committed here since."""
        head = connection.exec_driver_sql("SELECT seq FROM journal_head").scalar_one()
        while self._through < head:
            upto = min(self._through + _PAGE, head)
            for written, table, key, operation, changes in connection.execute(_OWN, {"after": self._through, "upto": upto}):
                fields = self._fields.setdefault((table, str(key)), {})
                fields.update(dict.fromkeys(msgspec.json.decode(changes), written))
                if operation != UPDATE:
                    fields[_WHOLE] = written
            self._through = upto

    def forget(self, echoed_seq: int) -> None:
        """Central has settled everything through this change set."""
        self._through = max(self._through, echoed_seq)
        for row in [row for row, fields in self._fields.items() if max(fields.values()) <= echoed_seq]:
            del self._fields[row]

    def of(self, table: str, key: UUID | str, settled_seq: int) -> set[str]:
        """The fields of a row that were written here after a change set; those of a row made or deleted here hold a mark, too."""
        fields = self._fields.get((table, str(key)))
        return {name for name, seq in fields.items() if seq > settled_seq} if fields else set()


_WHOLE = ""
"""Marks that the row itself was made or deleted."""
