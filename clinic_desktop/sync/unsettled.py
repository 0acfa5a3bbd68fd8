"""What was edited here and central has not settled yet: such fields keep the local value while others' changes come in."""

from __future__ import annotations

from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from clinic_desktop.kernel.journal import NOTE, UPDATE, AuditLog
from clinic_desktop.kernel.origins import JournalOrigin
from clinic_desktop.sync.rows import RowKey

_PAGE = 5_000


class Unsettled:
    """By row and field, the newest own change set that wrote it; read once and kept up with the journal."""

    def __init__(self, echoed_seq: int) -> None:
        self._through = echoed_seq
        self._fields: dict[RowKey, dict[str, int]] = {}

    def catch_up(self, connection: Connection) -> None:
        """Take in what was committed here since."""
        log = AuditLog.__table__.c
        own = ~select(JournalOrigin.seq).where(JournalOrigin.seq == log.seq).exists()
        wanted = select(log.seq, log.entity_type, log.entity_id, log.operation, log.changes).where(own, log.operation != NOTE)
        head = connection.exec_driver_sql("SELECT seq FROM journal_head").scalar_one()
        while self._through < head:
            upto = min(self._through + _PAGE, head)
            for seq, table, key, operation, changes in connection.execute(wanted.where(log.seq > self._through, log.seq <= upto)):
                fields = self._fields.setdefault((table, key), {})
                told = msgspec.json.decode(changes)
                fields.update(dict.fromkeys(told, seq))
                if operation != UPDATE:
                    fields[_WHOLE] = seq
            self._through = upto

    def forget(self, echoed_seq: int) -> None:
        """Central has settled everything through this change set."""
        for row in [row for row, fields in self._fields.items() if max(fields.values()) <= echoed_seq]:
            del self._fields[row]

    def of(self, table: str, key: UUID, settled_seq: int) -> set[str]:
        """The fields of a row that were written here after a change set; those of a row made or deleted here hold a mark, too."""
        return {name for name, seq in self._fields.get((table, key), {}).items() if seq > settled_seq}


_WHOLE = ""
"""Marks that the row itself was made or deleted."""
