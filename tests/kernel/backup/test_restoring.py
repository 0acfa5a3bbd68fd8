"""Restoring: to any instant, on any engine, without losing what was there; and the copy knows that it is one."""

from __future__ import annotations

from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text

from clinic_desktop.kernel.backup.copying import Digests, digests
from clinic_desktop.kernel.backup.errors import RestoreRefused
from clinic_desktop.kernel.backup.planning import plan_restore, preview
from clinic_desktop.kernel.backup.restoring import restore
from clinic_desktop.kernel.backup.routine import back_up, identity_of, save_journal
from clinic_desktop.kernel.backup.sides import side_of
from clinic_desktop.kernel.checks import run_checks
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.identity import Restored as SaysRestored
from clinic_desktop.kernel.identity import Same, check_identity, remember
from clinic_desktop.kernel.journal import ChangeSet, DatabaseIdentity
from clinic_desktop.kernel.journal_proof import verify
from clinic_desktop.kernel.store import store_of
from tests.conftest import FrozenClock
from tests.databases import bare
from tests.kernel.backup.conftest import PASSPHRASE, SECRET, Made
from tests.kernel.backup.photographs import Lived, Photograph, told_by_journal


def address_of(database: Database) -> str:
    """What a person would type for a test's database."""
    address = database.address
    return address.url.render_as_string(hide_password=False) if address.file is None else f"{address.kind}:///{address.file}"


def opened(url: str, clock: FrozenClock) -> Database:
    """A restored database, opened as one would."""
    return Database.open(url, secret=None if url.startswith("sqlite:") else SECRET, clock=clock)


def before_the_restore(database: Database, seq: int) -> Digests:
    """Every table that the journal tells of, without what the restore itself wrote."""
    with database.engine.execution_options(clinic_write=True).connect() as connection:
        postgres = connection.dialect.name == "postgresql"
        if postgres:
            for table in ("journal", "audit_logs"):
                connection.exec_driver_sql(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        else:
            for table in ("journal", "audit_logs"):
                connection.exec_driver_sql(f"DROP TRIGGER {table}_no_delete")
        for table in ("journal", "audit_logs", "journal_secrets"):
            connection.execute(text(f"DELETE FROM {table} WHERE seq > :seq"), {"seq": seq})
        connection.commit()
    with side_of(database) as side:
        return {name: seen for name, seen in told_by_journal(digests(side)).items() if name not in ("journal_head", "database_identity")}


def seen_then(photograph: Photograph) -> Digests:
    return {name: seen for name, seen in told_by_journal(photograph.tables).items() if name not in ("journal_head", "database_identity")}


def test_any_instant_comes_back_on_any_engine(lived: Lived, made: Made, folder: Path, tmp_path: Path, clock: FrozenClock) -> None:
    database = lived.database
    saved = save_journal(database, folder, passphrase=PASSPHRASE)
    assert saved.through == lived.taken[-1].seq
    ways = [(lived.taken[1], f"sqlcipher:///{tmp_path / 'restored.db'}")]  # and from the usual kind to the other
    if database.address.kind != "postgresql":
        ways.append((lived.taken[-2], address_of(made("postgres"))))
    for photograph, url in ways:
        plan = plan_restore(folder, SECRET, clock(), at=photograph.at)
        done = restore(plan, url, SECRET, clock=clock)
        with closing(opened(url, clock)) as copy:
            # Several change sets share an instant here: the restore goes on to the last of them.
            assert done.rebuilt.seq >= photograph.seq
            with database.read() as session:
                later = select(ChangeSet.seq).where(ChangeSet.at <= photograph.at, ChangeSet.seq <= done.rebuilt.seq)
                assert max(session.scalars(later)) == done.rebuilt.seq
            assert identity_of(copy).database_id == done.rebuilt.database_id != identity_of(database).database_id
            assert identity_of(copy).site_id == identity_of(database).site_id
            with copy.read() as session:
                assert session.scalar(select(DatabaseIdentity.restored_from)) == identity_of(database).database_id
                assert verify(session).broken is None
                assert [result for result in run_checks(session) if not result.ok] == []
            assert isinstance(check_identity(copy), Same)


def test_rows_are_exactly_what_they_were(lived: Lived, folder: Path, tmp_path: Path, clock: FrozenClock) -> None:
    """Photographs whose instant is their own come back row by row, secrets, times and versions included."""
    database = lived.database
    with database.read() as session:
        ats = {change.seq: change.at for change in session.scalars(select(ChangeSet))}
    sharp = [one for one in lived.taken if ats.get(one.seq + 1) is None or ats[one.seq + 1] > one.at]
    assert len(sharp) >= 5
    save_journal(database, folder, passphrase=PASSPHRASE)
    for number, photograph in enumerate(sharp[::4]):  # the copy's rows at each of them: test_replay
        url = f"sqlcipher:///{tmp_path / f'restored-{number}.db'}"
        done = restore(plan_restore(folder, SECRET, clock(), at=photograph.at), url, SECRET, clock=clock)
        assert done.rebuilt.seq == photograph.seq
        with closing(opened(url, clock)) as copy:
            assert before_the_restore(copy, photograph.seq) == seen_then(photograph)


def test_the_present_database_is_kept_and_lends_its_journal(lived: Lived, folder: Path, clock: FrozenClock) -> None:
    database, url, last = lived.database, address_of(lived.database), lived.taken[-1]
    whose = identity_of(database).database_id
    remember(database)
    plan = plan_restore(folder, SECRET, clock())
    done = restore(plan, url, SECRET, present=database, clock=clock)
    assert done.rebuilt.seq == last.seq  # no segment was ever saved: all of it came from the database that was replaced
    with closing(opened(url, clock)) as copy:
        assert identity_of(copy).database_id == done.rebuilt.database_id
        assert isinstance(check_identity(copy), Same)
        assert done.kept_at is not None
        if database.address.file is None:
            with copy.engine.connect() as connection:
                assert connection.scalar(text(f"SELECT database_id FROM {done.kept_at}.database_identity")) == whose
        assert before_the_restore(copy, last.seq) == seen_then(last)
    if database.address.file is not None:
        aside = f"{database.address.kind}:///{database.address.file.with_name(done.kept_at or '')}"
        with closing(opened(aside, clock)) as kept, side_of(kept) as side:
            assert digests(side) == last.tables


def test_a_preview_tells_what_a_restore_would_bring(lived: Lived, folder: Path, tmp_path: Path, clock: FrozenClock) -> None:
    save_journal(lived.database, folder, passphrase=PASSPHRASE)
    at = lived.taken[2].at
    plan = plan_restore(folder, SECRET, clock(), at=at)
    told = preview(plan, lived.database)
    done = restore(plan, f"sqlcipher:///{tmp_path / 'restored.db'}", SECRET, clock=clock)
    assert told.last is not None
    assert (told.last.seq, told.change_sets) == (done.rebuilt.seq, done.rebuilt.change_sets)
    with closing(opened(f"sqlcipher:///{tmp_path / 'restored.db'}", clock)) as copy, side_of(copy) as side:
        counted = {name: rows for name, (rows, _) in digests(side).items()}
    own = {"journal": 1, "audit_logs": 3}
    assert {name: rows + own.get(name, 0) for name, rows in told.tables.items() if rows} == {k: v for k, v in counted.items() if v}
    assert told.lost is not None
    assert (told.lost.is_other, told.lost.change_sets) == (False, lived.taken[-1].seq - done.rebuilt.seq)
    assert told.lost.rows["journal"] == told.lost.change_sets


def test_before_the_first_backup_there_is_nothing_to_restore(keyed: Database, folder: Path, clock: FrozenClock) -> None:
    taken = back_up(keyed, folder, reason="MANUAL", passphrase=PASSPHRASE)
    assert taken.manifest.last_at is not None
    with pytest.raises(RestoreRefused) as refused:
        plan_restore(folder, SECRET, clock(), at=taken.manifest.last_at - timedelta(seconds=1))
    assert refused.value.params["reason"] == "too_early"


def test_documents_come_back(keyed: Database, folder: Path, tmp_path: Path, clock: FrozenClock) -> None:
    store = store_of(keyed)
    name = store.put(b"an old letter")
    back_up(keyed, folder, reason="MANUAL", passphrase=PASSPHRASE)
    url = f"sqlcipher:///{tmp_path / 'restored.db'}"
    done = restore(plan_restore(folder, SECRET, clock()), url, SECRET, clock=clock)
    assert done.documents == 1
    with closing(opened(url, clock)) as copy:
        assert store_of(copy).get(name) == b"an old letter"


def test_an_empty_server_takes_a_backup(keyed: Database, folder: Path, tmp_path: Path, clock: FrozenClock) -> None:
    name = store_of(keyed).put(b"an old letter")
    taken = back_up(keyed, folder, reason="MANUAL", passphrase=PASSPHRASE)
    empty = bare("postgres", tmp_path)
    url = address_of(empty)
    empty.close()
    done = restore(plan_restore(taken.path, SECRET, clock()), url, SECRET, clock=clock)
    assert done.kept_at is None
    with closing(opened(url, clock)) as copy:
        assert copy.data_key is not None
        assert store_of(copy).get(name) == b"an old letter"


def test_nobody_else_may_have_the_file_open(made: Made, folder: Path, clock: FrozenClock) -> None:
    database = made("sqlcipher")
    back_up(database, folder, reason="MANUAL")
    url, before = address_of(database), identity_of(database)
    file = database.address.file
    assert file is not None
    with closing(opened(url, clock)) as other:
        identity_of(other)
        with pytest.raises(RestoreRefused) as refused:
            restore(plan_restore(folder, SECRET, clock()), url, SECRET, present=database, clock=clock)
        assert refused.value.params["reason"] == "in_use"
        assert identity_of(other) == before
    assert sorted(path.name for path in file.parent.iterdir() if "restor" in path.name) == []


def test_a_restored_copy_says_so_where_the_first_one_was_known(made: Made, folder: Path, tmp_path: Path, clock: FrozenClock) -> None:
    database = made("postgres")
    remember(database)
    (anchor,) = (tmp_path / "state" / "anchors").iterdir()
    known, before = anchor.read_bytes(), identity_of(database).database_id
    back_up(database, folder, reason="MANUAL")
    restore(plan_restore(folder, SECRET, clock()), address_of(database), SECRET, clock=clock)
    anchor.write_bytes(known)  # as on another computer, which still remembers the database before
    with closing(opened(address_of(database), clock)) as copy:
        assert check_identity(copy) == SaysRestored(before)
