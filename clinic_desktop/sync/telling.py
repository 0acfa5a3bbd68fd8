"""What central tells those who read: its change sets in order, in pages, each as far as it concerns the reader."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any
from uuid import UUID

import msgspec
from sqlalchemy import Connection, select

from clinic_desktop.kernel.archived import ArchivedHead
from clinic_desktop.kernel.journal import NOTE
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.heard import Heard, Told
from clinic_desktop.sync.lineage import Identity, hash_at, identity
from clinic_desktop.sync.outbox import AT_ONCE, SET_BYTES, as_wire, is_word, journal_after, logs_of, size_of, travelling
from clinic_desktop.sync.peers import SyncPeer
from clinic_desktop.sync.wire import Origin, Page, Pull, WireChange, WireSecret

MOST_PAGE_BYTES = 4 << 20
"""However much a site asks for at once."""
PAGE_SETS = 2_000
"""Change sets in one page at most."""


def head_of(connection: Connection) -> int:
    """The newest sequence of this journal."""
    return int(connection.exec_driver_sql("SELECT seq FROM journal_head").scalar_one())


def refuse_place(connection: Connection, pull: Pull, archived: ArchivedHead | None) -> None:
    """Refuse a reader whose place in this journal is archived, was never here, or belongs to another story."""
    known = hash_at(connection, pull.after)
    if archived is not None and pull.after < archived.seq:
        raise Refused("needs_snapshot")
    if archived is not None and pull.after == archived.seq:
        known = archived.hash
    if known is None:
        raise Refused("central_went_back", head=head_of(connection))
    if known != pull.hash:
        raise Refused("other_history", seq=pull.after)


def page_for(connection: Connection, pull: Pull, heard: Heard) -> Page:
    """The change sets after the reader's place, bounded by bytes; of its own only what central has to say on them."""
    me, owns, head = identity(connection), dict(pull.owns), head_of(connection)
    page = _Page(me, pull.after, pull.hash)
    most = min(pull.most_bytes, MOST_PAGE_BYTES)
    for count, (told, secrets) in enumerate(_told_after(connection, me, pull.after, min(pull.upto, head), owns, heard), 1):
        page.add(told, secrets, is_echo=told.origin.seq <= owns.get(told.origin.database_id, -1))
        if page.size >= most or count >= PAGE_SETS:
            break
    page.end_echoes()
    return Page(page.changes, page.through, page.hash, head)


class _Page:
    """Change sets on their way to a reader, and how far they reach."""

    def __init__(self, me: Identity, after: int, digest: bytes) -> None:
        self.changes: list[WireChange] = []
        self.size, self.through, self.hash = 0, after, digest
        self._me = me
        self._echoed: tuple[Told, int, int] | None = None
        """Of own change sets in a row on which central has no word to say, the reader needs the last: that far central has spoken."""

    def add(self, told: Told, secrets: list[WireSecret], *, is_echo: bool) -> None:
        """The next one."""
        if is_echo and not told.rows:
            # Of what the reader was before it was restored, too: it holds those edits as its own, under the same sequence.
            echo = told.origin.seq if self._echoed is None else max(self._echoed[2], told.origin.seq)
            self._echoed = told, self.through, echo
            self.size += SET_BYTES
        elif told.rows:
            self.end_echoes()
            change = as_wire(told.head, self.through, told.origin.hlc, list(told.rows), secrets, told.origin)
            self.changes.append(_own_word(change, self._me, told.origin.seq) if is_echo else change)
            self.size += size_of(change)
        self.through, self.hash = told.head.seq, told.head.hash

    def end_echoes(self) -> None:
        """Something else follows."""
        if self._echoed is not None:
            told, after, echo = self._echoed
            self.changes.append(_own_word(as_wire(told.head, after, told.origin.hlc, [], [], told.origin), self._me, echo))
            self._echoed = None


_Owns = Mapping[UUID, int]
_Told = tuple[Told, list[WireSecret]]


def _told_after(connection: Connection, me: Identity, after: int, upto: int, owns: _Owns, heard: Heard) -> Iterator[_Told]:
    """Every change set up to one, those of the reader with central's word on them: from memory as far as they were just told."""
    before, sites = -1, frozenset[UUID]()
    while before < after < upto:
        before, known = after, heard.following(connection, after, min(upto - after, PAGE_SETS))
        yield from _with_words(connection, known, owns)
        after += len(known)
        if after < upto and not sites:
            sites = frozenset((me.site_id, *connection.scalars(select(SyncPeer.site_id))))
        for told, secrets, is_echo in _read_after(connection, me, after, owns, sites) if after < upto else ():
            if told.head.seq > upto:
                return
            if not secrets and not is_echo:  # a secret may be another one by now
                heard.add(told)
            yield told, secrets
            after = told.head.seq


def _with_words(connection: Connection, known: Sequence[Told], owns: _Owns) -> Iterator[_Told]:
    own = [one.head.seq for one in known if one.origin.seq <= owns.get(one.origin.database_id, -1)]
    notes, is_own = logs_of(connection, own, notes_only=True), frozenset(own)
    for one in known:
        if one.head.seq in is_own:
            rows, secrets = travelling(connection, notes.get(one.head.seq, ()), is_word)
            yield one._replace(rows=rows), secrets
        else:
            yield one, []


def _read_after(
    connection: Connection, me: Identity, after: int, owns: _Owns, sites: Collection[UUID]
) -> Iterator[tuple[Told, list[WireSecret], bool]]:
    """As many as are read in one go, and whether each is the reader's own."""
    for read in islice(journal_after(connection, after, notes_of=owns), AT_ONCE):
        origin = read.origin or Origin(me.site_id, me.database_id, read.head.seq, read.head.hlc, read.head.hash)
        is_echo = origin.seq <= owns.get(origin.database_id, -1)
        # What came from a central above this one is passed on as it was done here: its words were for this database.
        told = is_word if is_echo else _is_change if origin.site_id in sites else _is_row
        rows, secrets = travelling(connection, read.rows, told)
        yield Told(read.head, origin, rows), secrets, is_echo


def _own_word(change: WireChange, me: Identity, echo: int) -> WireChange:
    """What central says on a site's own change set is central's act, not that of whoever worked there."""
    origin = Origin(me.site_id, me.database_id, change.seq, change.hlc, change.hash)
    who: dict[str, Any] = {"actor_id": None, "actor_name": "sync", "workstation_id": None, "command": "sync.settle", "reason": None}
    return msgspec.structs.replace(change, origin=origin, echo=echo, **who)


def _is_change(log: Any) -> bool:
    return log.operation != NOTE or is_word(log)


def _is_row(log: Any) -> bool:
    return bool(log.operation != NOTE)
