"""A site's rules: do what central settled, and keep what was edited here since and is still to be settled."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Connection, select

from clinic_desktop.kernel.merging import Values
from clinic_desktop.sync.here import Here
from clinic_desktop.sync.integrate import BACK, GONE, KEPT_OTHERWISE
from clinic_desktop.sync.merge import drop, follow, settle
from clinic_desktop.sync.models import SyncLoadPage
from clinic_desktop.sync.outcomes import Outcome, RowChange
from clinic_desktop.sync.rows import RowKey
from clinic_desktop.sync.shapes import BadValue, Shape, shapes
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import WireChange, WireRow


class AsOf:
    """At which place of central's journal each row was read that a load brought: what came before that is in it already."""

    def __init__(self, connection: Connection) -> None:
        self._rows: dict[RowKey, int] = {}
        self._pages: dict[str, list[tuple[bytes, int]]] = defaultdict(list)
        page = SyncLoadPage.__table__.c
        for table, ordinal, key, head in connection.execute(
            select(page.table_name, page.ordinal, page.through_key, page.head_seq).order_by(page.table_name, page.ordinal)
        ):
            if ordinal < 0:
                self._rows[table, str(key)] = head
            else:
                self._pages[table].append((_END if key is None else key.bytes, head))

    def has(self, table: str, key: str, seq: int) -> bool:
        """Whether a row is here as it was after a change set of central's."""
        passes = [self._of_page(name, UUID(key).bytes) for name in (table, table + SyncLoadPage.SECOND_PASS)]
        return seq <= max(*passes, self._rows.get((table, key), -1))

    def _of_page(self, name: str, key: bytes) -> int:
        pages = self._pages.get(name, [])
        at = bisect_left(pages, (key, -1))
        return pages[at][1] if at < len(pages) else -1


_END = b"\xff" * 17
"""After every key."""


class Following:
    """Rules for a page of central's change sets, in order."""

    def __init__(self, unsettled: Unsettled, echoed_seq: int, changes: Sequence[WireChange], brought: AsOf | None = None) -> None:
        self._unsettled, self._brought = unsettled, brought
        self._settled: dict[int, int] = {}
        """By change set of the page, through which own one central has spoken by then."""
        for change in changes:
            echoed_seq = max(echoed_seq, change.echo)
            self._settled[change.seq] = echoed_seq

    def says_otherwise(self) -> bool:
        """Only central has the word."""
        return False

    def begin(self, here: Here, _changes: Sequence[WireChange]) -> None:
        """With the rows locked, nobody edits them any more before this is written."""
        self._unsettled.catch_up(here.connection)

    def outcome(self, here: Here, change: WireChange, shape: Shape, row: RowChange) -> Outcome:
        """What comes of one row here."""
        if self._brought is not None and self._brought.has(row.table, row.key, change.seq):
            return Outcome(image=here.image(row.table, row.key))
        return follow(shape, here.image(row.table, row.key), row, self._mine(change, row))

    def note(self, here: Here, change: WireChange, row: WireRow, details: Values) -> tuple[Shape, RowChange, Outcome] | None:
        """Central's word on a row: these values stand, it is gone, or it stays."""
        shape, event = shapes().get(row.table), details.get("event")
        if shape is None or event not in (KEPT_OTHERWISE, GONE, BACK):
            return None
        image, at_row = here.image(row.table, row.key), RowChange(row.table, row.key, row.operation, {})
        if image is None and event == KEPT_OTHERWISE:
            return None
        if self._brought is not None and self._brought.has(row.table, row.key, change.seq):
            return None
        mine = self._mine(change, at_row)
        if event == GONE:
            # Made again here since: what becomes of that central says later.
            return None if mine else (shape, at_row, drop(shape, image))
        try:
            values = shape.checked(details["values"])
        except (BadValue, KeyError, AttributeError):
            return None
        return shape, at_row, settle(shape, image, values, mine)

    def _mine(self, change: WireChange, row: RowChange) -> set[str]:
        """Fields that were written here and of which central has not heard, or not spoken yet."""
        return self._unsettled.of(row.table, row.key, self._settled[change.seq])
