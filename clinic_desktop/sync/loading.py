"""A first load: every row of central, table by table, into a database that is new or was away too long; it goes on where it was cut.

Rows are read while central works on. Each page says at which place of central's journal it was read, so that the change sets
pulled afterwards (from where the load began) are applied to just those rows that do not have them yet.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

import msgspec
from sqlalchemy import delete, func, select

from clinic_desktop.clinic.access.commands import sync_permissions
from clinic_desktop.clinic.departments import load_departments
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.merging import Values
from clinic_desktop.kernel.security import Actor
from clinic_desktop.sync.bringing import bring_rows, central_origin, whole
from clinic_desktop.sync.comparing import go_on
from clinic_desktop.sync.digests import travelling_tables
from clinic_desktop.sync.errors import Refused
from clinic_desktop.sync.models import THE_ONE, SyncLink, SyncLoadPage
from clinic_desktop.sync.rows import RowKey, present, read_rows
from clinic_desktop.sync.scope import writing
from clinic_desktop.sync.shapes import shapes
from clinic_desktop.sync.site import Site
from clinic_desktop.sync.unsettled import Unsettled
from clinic_desktop.sync.wire import AskRows, Rows, pack, unpack

FIRST_LOAD = "sync.first_load"
SECOND = SyncLoadPage.SECOND_PASS
LOAD_BYTES = 1 << 20
_QUIET_TRIES = 5


@dataclass(slots=True)
class Progress:
    """How far a load has come."""

    tables: int = 0
    of_tables: int = 0
    rows: int = 0
    is_verified: bool = False


Told = Callable[[Progress], None]


def is_loading(site: Site) -> bool:
    """Whether a load is under way: the site opens when it is complete and verified."""
    with site.database.read() as session:
        link = session.get(SyncLink, THE_ONE)
        return link is not None and link.loads_from is not None


def load(site: Site, told: Told = lambda _progress: None) -> Progress:
    """Begin a load, or go on with it, up to the proof that nothing is missing; raises Offline, Busy or Refused."""
    site.begin_load()
    tables = travelling_tables()
    progress = Progress(of_tables=len(tables))
    # What is final is final only once all that belongs to it is there: such tables are gone through twice.
    final = [table for table in tables if shapes()[table].policy.unsealed]
    pages = _Pages(site)
    for table, is_second in [*((table, False) for table in tables), *((table, True) for table in final)]:
        while _bring_page(site, table, progress, pages, is_second=is_second):
            told(progress)
        progress.tables += 0 if is_second else 1
        told(progress)
    with writing(site.database, FIRST_LOAD) as tx:
        site.held(tx)
        pages.remember(tx)
    for _ in range(_QUIET_TRIES):
        site.round()
        compared = go_on(site)
        if compared.is_proof and not compared.repairs:
            _put_permissions_in_force(site)
            end(site)
            progress.is_verified = True
            told(progress)
            return progress
    raise Refused("load_not_verified")


class _Pages:
    """How far each table was read, a second pass by itself. Pages without rows are remembered with the next that has some."""

    def __init__(self, site: Site) -> None:
        page = SyncLoadPage
        with site.database.read() as session:
            wanted = select(page.table_name, page.ordinal, page.through_key).where(page.ordinal >= 0).order_by(page.ordinal)
            self._last = {name: (ordinal, through) for name, ordinal, through in session.execute(wanted)}
        self._unsaid: list[SyncLoadPage] = []

    def is_through(self, name: str) -> bool:
        """Whether the table was read to its end."""
        return name in self._last and self._last[name][1] is None

    def after(self, name: str) -> UUID | None:
        """The key after which it goes on."""
        return self._last[name][1] if name in self._last else None

    def read(self, name: str, rows: Rows) -> None:
        """The next page was read."""
        ordinal = self._last[name][0] + 1 if name in self._last else 0
        self._note(name, ordinal, None if rows.is_last else rows.rows[-1][0], rows.head_seq)

    def has_none(self, name: str, head_seq: int) -> None:
        """There are no rows to be read, as central said at that place of its journal when it was asked for others."""
        if name not in self._last:
            self._note(name, 0, None, head_seq)

    def _note(self, name: str, ordinal: int, through: UUID | None, head_seq: int) -> None:
        self._last[name] = (ordinal, through)
        self._unsaid.append(SyncLoadPage(table_name=name, ordinal=ordinal, through_key=through, head_seq=head_seq))

    def remember(self, tx: Tx) -> None:
        """Write down what was read since the last time."""
        tx.session.add_all(self._unsaid)
        tx.session.flush()
        self._unsaid = []


def _bring_page(site: Site, table: str, progress: Progress, pages: _Pages, *, is_second: bool) -> bool:
    """The next page of one table; False when that was the last."""
    name = table + SECOND if is_second else table
    if pages.is_through(name):
        return False
    rows = unpack(Rows, site.channel.ask("rows", pack(AskRows(table, after=pages.after(name), most_bytes=LOAD_BYTES))))
    pages.read(name, rows)
    for one in rows.empty if not is_second else ():
        pages.has_none(one, rows.head_seq)
    if rows.rows:
        _bring_rows(site, table, rows, pages, is_second=is_second)
        progress.rows += len(rows.rows)
    return not rows.is_last


def _bring_rows(site: Site, table: str, rows: Rows, pages: _Pages, *, is_second: bool) -> None:
    named = _named_elsewhere(site, table, rows)
    aside = set(rows.aside)
    with writing(site.database, FIRST_LOAD) as tx:
        link = site.held(tx)
        brought = [*((name, key, text) for name, key, text, _ in named), *((table, key, text) for key, text in rows.rows)]
        brought = [one for one in brought if one[0] != table or one[1] not in aside]
        _bring(tx, link, brought if is_second else _unsealed(tx, brought), site.unsettled(link))
        _remember_single(tx, named)
        pages.remember(tx)


def _unsealed(tx: Tx, rows: list[_Row]) -> list[_Row]:
    """Final rows as they are while what belongs to them arrives; one that is final here already has all of it and stays so."""
    sealable = {table for table, _, _ in rows if shapes()[table].policy.unsealed}
    connection = tx.session.connection()
    here = {table: read_rows(connection, table, [key for name, key, _ in rows if name == table]) for table in sealable}
    return [(table, key, _open(table, text, here[table].get(key)) if table in sealable else text) for table, key, text in rows]


def _open(table: str, text: str, image: Values | None) -> str:
    policy = shapes()[table].policy
    values: Values = msgspec.json.decode(text)
    if policy.sealed is None or not policy.sealed(values) or (image is not None and policy.sealed(image)):
        return text
    return msgspec.json.encode({**values, **policy.unsealed}).decode()


_Row = tuple[str, UUID, str]
"""Table, key and values."""


def _bring(tx: Tx, link: SyncLink, rows: list[_Row], unsettled: Unsettled) -> None:
    if not rows:
        return
    assert link.central_id is not None
    brought = [whole(table, key, text) for table, key, text in rows]
    came = bring_rows(tx, central_origin(None, link.central_id), FIRST_LOAD, unsettled, link.echoed_seq, brought)
    if came.parked:
        why = came.parked[0][1]
        raise Refused("load_refused", why=why.reason, detail=why.detail)


_Single = tuple[str, UUID, str, int]
"""Table, key, values and central's place of a row that was asked for by its key."""


def _named_elsewhere(site: Site, table: str, rows: Rows) -> list[_Single]:
    """Rows that those of a page name and that are not here: of later pages, of later tables, or newer than their own page."""
    brought = {(table, str(key)) for key, _ in rows.rows}
    found: list[_Single] = []
    texts = [(table, text) for _, text in rows.rows]
    while missing := _absent(site, texts, brought):
        texts = []
        for parent, keys in missing.items():
            answer = unpack(Rows, site.channel.ask("rows", pack(AskRows(parent, [UUID(key) for key in sorted(keys)]))))
            found += [(parent, key, text, answer.head_seq) for key, text in answer.rows]
            texts += [(parent, text) for _, text in answer.rows]
            brought |= {(parent, key) for key in keys}
    return found


def _absent(site: Site, texts: list[tuple[str, str]], brought: set[RowKey]) -> dict[str, set[str]]:
    tables, named = set(travelling_tables()), defaultdict(set)
    for table, text in texts:
        values: Values = msgspec.json.decode(text)
        for column, parent in shapes()[table].named:
            key = values.get(column)
            if key is not None and parent in tables and (parent, key) not in brought:
                named[parent].add(key)
    with site.database.read() as session:
        connection = session.connection()
        missing = {parent: keys - present(connection, parent, keys) for parent, keys in named.items()}
    return {parent: keys for parent, keys in missing.items() if keys}


def _remember_single(tx: Tx, named: list[_Single]) -> None:
    page = SyncLoadPage
    for table in {one[0] for one in named}:
        lowest = tx.session.scalar(select(func.min(page.ordinal)).where(page.table_name == table)) or 0
        for number, (_, key, _, head) in enumerate([one for one in named if one[0] == table], 1):
            tx.session.add(SyncLoadPage(table_name=table, ordinal=min(lowest, 0) - number, through_key=key, head_seq=head))
        tx.session.flush()


def _put_permissions_in_force(site: Site) -> None:
    """Each program says for itself which permissions it knows: those that came are in force only now, before anybody opens the site."""
    load_departments()  # one that is not imported would be taken for one that is gone
    site.database.run(Actor.system("sync"), sync_permissions)


def end(site: Site) -> None:
    """Nothing is under way any more."""
    with writing(site.database, FIRST_LOAD) as tx:
        site.held(tx).loads_from = None
        tx.session.connection().execute(delete(SyncLoadPage))
