"""The doctor: each illness is made for real, found, said in a sentence and answered with what to do."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

import clinic_desktop.clinic.doctor
from clinic_desktop.clinic.doctor import Finding, Health, examine
from clinic_desktop.clinic.doctor.safety import BACKUPS
from clinic_desktop.kernel.db import Database
from clinic_desktop.kernel.keys import RecoveryKey, key_file_path, new_recovery_key
from clinic_desktop.kernel.migrations import downgrade, upgrade
from clinic_desktop.wording import doctor as words
from tests.clinic.world import World, build_world
from tests.conftest import FrozenClock

SECRET = "an apple a day"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("whole") / "clinic.db"
    database = Database.open(f"sqlcipher:///{place}", passphrase=SECRET)
    upgrade(database)
    build_world(database)
    database.vault.add(RecoveryKey(new_recovery_key()))
    database.close()
    return place


@pytest.fixture
def file(whole: Path, tmp_path: Path) -> Path:
    """An encrypted clinic, new for each test."""
    for part in (whole, key_file_path(whole)):
        shutil.copy(part, tmp_path / part.name)
    return tmp_path / whole.name


def told(file: Path, *, thorough: bool = False) -> dict[str, Finding]:
    url = f"sqlcipher:///{file}"
    found = examine(url, lambda: Database.open(url, passphrase=SECRET), thorough=thorough)
    return {one.code: one for one in found if one.topic != BACKUPS}  # a clinic of a moment ago has none: test_safety


def ill(found: dict[str, Finding], *, among: tuple[Health, ...] = (Health.BAD,)) -> list[str]:
    for one in found.values():
        assert "…" not in words.said(one.code, one.params).replace("…\u2069", "") or one.code == "journal_whole"
        assert one.health is Health.GOOD or words.advice(one.code, one.params)
    return sorted(one.code for one in found.values() if one.health in among)


def test_a_sound_clinic_is_well(file: Path) -> None:
    found = told(file, thorough=True)
    assert ill(found, among=(Health.BAD, Health.WARN)) == []
    assert {"pages_whole", "journal_whole", "checks_passed", "opens", "keys_in_place", "clock_plausible"} <= found.keys()


def without_keys(file: Path) -> None:
    key_file_path(file).unlink()


def broken_keys(file: Path) -> None:
    key_file_path(file).write_bytes(b"{}")


def no_file(file: Path) -> None:
    file.unlink()


def open_rights(file: Path) -> None:
    file.chmod(0o644)


def half_written(file: Path) -> None:
    file.with_name(file.name + ".keys.new").write_bytes(b"")


def replaced_by_a_restore(file: Path) -> None:
    file.with_name("clinic.before-restore-20260302T033000Z.db").write_bytes(b"")


def flipped(file: Path) -> None:
    """In a table that opening the database does not read: what is damaged there is found by looking for it."""
    database = Database.open(f"sqlcipher:///{file}", passphrase=SECRET)
    with database.engine.connect() as connection:
        root = connection.exec_driver_sql("SELECT rootpage FROM sqlite_master WHERE name = 'audit_logs'").scalar_one()
        size = int(connection.exec_driver_sql("PRAGMA page_size").scalar_one())
    database.close()
    content = bytearray(file.read_bytes())
    content[(root - 1) * size + size // 2] ^= 8
    file.write_bytes(content)


def first_page(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[100] ^= 8
    file.write_bytes(content)


def altered(file: Path) -> None:
    database = Database.open(f"sqlcipher:///{file}", passphrase=SECRET)
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_no_update")
        connection.exec_driver_sql("UPDATE journal SET actor_name = 'nobody' WHERE seq = 3")
    database.close()


def orphaned(file: Path) -> None:
    database = Database.open(f"sqlcipher:///{file}", passphrase=SECRET)
    raw = database.engine.raw_connection()
    raw.execute("PRAGMA foreign_keys = OFF")
    raw.execute("DELETE FROM specialties")
    raw.invalidate()
    database.close()


def older(file: Path) -> None:
    database = Database.open(f"sqlcipher:///{file}", passphrase=SECRET)
    downgrade(database, "0011")
    database.close()


def newer(file: Path) -> None:
    database = Database.open(f"sqlcipher:///{file}", passphrase=SECRET)
    with database.engine.execution_options(clinic_write=True).begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    database.close()


@pytest.mark.parametrize(
    ("harm", "code", "health"),
    [
        (without_keys, "key_file_missing", Health.BAD),
        (broken_keys, "key_file_damaged", Health.BAD),
        (no_file, "file_missing", Health.BAD),
        (open_rights, "open_to_others", Health.WARN),
        (half_written, "half_written", Health.WARN),
        (replaced_by_a_restore, "kept_from_restore", Health.WARN),
        (flipped, "pages_damaged", Health.BAD),
        (first_page, "file_damaged", Health.BAD),
        (altered, "journal_altered", Health.BAD),
        (orphaned, "references_broken", Health.BAD),
        (older, "older_than_program", Health.WARN),
        (newer, "newer_than_program", Health.BAD),
    ],
)
def test_an_illness_is_found_and_answered(harm: Callable[[Path], None], code: str, health: Health, file: Path) -> None:
    harm(file)
    # A kernel check sees an altered journal too.
    assert [one for one in ill(told(file, thorough=True), among=(health,)) if one != "check_failed"] == [code]


def test_a_wrong_secret_is_no_damage(file: Path) -> None:
    url = f"sqlcipher:///{file}"
    found = {one.code: one for one in examine(url, lambda: Database.open(url, passphrase="something else"))}
    assert ill(found) == ["does_not_open"]
    assert "does not open the database" in words.said("does_not_open", found["does_not_open"].params)


def test_a_clock_that_was_set_back_is_told_and_the_order_is_kept(world: World, clock: FrozenClock) -> None:
    """Promise 26, on both engines: entries after the clock was set back still come after those before."""
    from clinic_desktop.clinic.doctor.contents import clock_beside_journal
    from clinic_desktop.kernel.journal import ChangeSet
    from clinic_desktop.kernel.journal_proof import verify
    from tests.clinic.patients.desk import register

    register(world, "Before")
    with world.db.read() as session:
        assert clock_beside_journal(session, clock()).health is Health.GOOD
    clock.now -= timedelta(days=400)
    with world.db.read() as session:
        finding = clock_beside_journal(session, clock())
    assert (finding.code, finding.health) == ("clock_behind", Health.BAD)
    register(world, "After")
    with world.db.read() as session:
        sets = session.query(ChangeSet.seq, ChangeSet.hlc, ChangeSet.at).order_by(ChangeSet.seq).all()
        assert [one.hlc for one in sets] == sorted({one.hlc for one in sets})
        assert sets[-1].at < sets[-2].at
        assert verify(session).broken is None


def test_a_server_is_examined(world: World) -> None:
    if world.db.engine.dialect.name == "sqlite":
        pytest.skip("a file has no server")
    url = world.db.address.url.render_as_string(hide_password=False)
    told = list(examine(url, lambda: Database.open(url, clock=world.db.clock)))
    found = {one.code: one for one in told}
    assert {"server_answers", "server_unsafe", "server_without_checksums", "server_round_trip", "clocks_differ"} <= found.keys()
    unsafe = {one.params["setting"] for one in told if one.code == "server_unsafe"}
    assert unsafe == {"fsync", "full_page_writes"}  # as the tests run it


def test_a_server_that_is_silent(tmp_path: Path) -> None:
    url = "postgresql://nobody:hush@127.0.0.1:1/none"
    (found,) = examine(url, lambda: Database.open(url))
    assert (found.code, found.health) == ("server_silent", Health.BAD)
    assert "hush" not in words.said(found.code, found.params)


def test_every_code_has_its_words_and_what_is_bad_its_advice() -> None:
    folder = Path(clinic_desktop.clinic.doctor.__file__).parent
    source = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))
    called = set(re.findall(r'\b(?:good|warn|bad)\(\s*\w+,\s*"(\w+)"', source))
    grave = set(re.findall(r'\b(?:warn|bad)\(\s*\w+,\s*"(\w+)"', source))
    assert len(called) > 30
    assert called - words.SAID.keys() == set()
    assert grave - words.ADVICE.keys() == set()
    assert words.ADVICE.keys() - words.SAID.keys() == set()
