"""What central tells is the same whether it is read from the journal or was told a moment ago."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, select

from clinic_desktop.clinic.patients.models import Patient
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.journal import ChangeSet
from clinic_desktop.sync import telling
from clinic_desktop.sync.heard import HEARD_SECONDS, Heard
from clinic_desktop.sync.outbox import LATEST
from clinic_desktop.sync.wire import Page, Pull
from tests.clinic.test_query_plans import heard as statements_of
from tests.sync.chain import Chain, caller
from tests.sync.test_comparing import somebody


def places(database: Database) -> list[tuple[int, bytes]]:
    """Every place of a journal at which a reader may be."""
    with database.read() as session:
        return [
            (0, b""),
            *((seq, bytes(digest)) for seq, digest in session.execute(select(ChangeSet.seq, ChangeSet.hash).order_by(ChangeSet.seq))),
        ]


def reads_journal(database: Database, read: Callable[[Connection], Page]) -> tuple[Page, bool]:
    """A page, and whether rows of the journal were read for it."""
    with statements_of(database) as statements, database.read() as session:
        page = read(session.connection())
    return page, any("FROM audit_logs" in statement for statement, _ in statements)


def test_a_crowd_is_told_from_memory_what_one_is_told_from_the_journal(chain: Chain) -> None:
    main, central = chain.sites["MAIN"].database, chain.central
    chain.settle()
    for site in chain.sites.values():
        with site.database.write(chain.world.system()) as tx:
            tx.command = "test"
            tx.session.get_one(Patient, somebody(central)).remarks = f"seen at {site.database.address.url.database}"
    chain.sync("NTH", "MAIN")  # central has a word to say on what came second
    now = [1_000.0]
    known, other = Heard(lambda: now[0]), Heard()
    after = places(central)
    authors = [[], [(caller(main).database_id, LATEST)], [(caller(main).database_id, 7)]]
    for at, (seq, digest) in enumerate(after[:-1:9]):
        for owns in authors:
            pull = Pull(seq, digest, (300, 20_000, 1 << 20)[at % 3], owns, after[-1 - at % 4][0])
            with central.read() as session:
                fresh, told = (telling.page_for(session.connection(), pull, one) for one in (Heard(), known))
            assert told == fresh, pull
    pull = Pull(*after[-20])  # behind the last that holds a secret: those are always read
    assert reads_journal(central, lambda connection: telling.page_for(connection, pull, known))[1] is False, "it was read again"

    with chain.sites["MAIN"].database.read() as session:  # another journal, in which the same sequences are other change sets
        telling.page_for(session.connection(), Pull(0, b""), other)
    with central.read() as session:
        assert telling.page_for(session.connection(), Pull(0, b""), other) == telling.page_for(session.connection(), Pull(0, b""), Heard())

    now[0] += HEARD_SECONDS + 1
    assert reads_journal(central, lambda connection: telling.page_for(connection, pull, known))[1] is True, "it is kept for ever"
