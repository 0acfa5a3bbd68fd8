"""A rekey that is killed, at any step or moment: the file opens with the old or the new key, and is whole."""

from __future__ import annotations

import os
import random
import shutil
from contextlib import closing, suppress
from hashlib import sha256
from pathlib import Path
from time import monotonic

import msgspec
import pytest
from argon2.low_level import Type, hash_secret_raw
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from clinic_desktop.kernel import keys
from clinic_desktop.kernel.keys import (
    KeyFile,
    Passphrase,
    UserPassword,
    WrongPassphrase,
    key_file_path,
)
from clinic_desktop.kernel.rekey import ANNOUNCED, RENEWED, RESEALED, SWAPPED, rekey
from clinic_desktop.kernel.store import documents_folder, store_of
from clinic_desktop.kernel.unlocking import next_file_path
from tests.faults.killing import Zygote
from tests.kernel.rekeyed import DOCUMENTS, HEAD, MEERA, RAVI, ROWS, STEPS, add_rows, file, numbers, opened, template

__all__ = ["file", "template"]

ROUNDS = int(os.environ.get("CLINIC_REKEY_KILLS", "20"))

NEWER = Passphrase("newer horse")


def crash_image(file: Path, folder: Path, *, first: int, count: int) -> Path:
    """The database as a power cut leaves it after another connection has committed rows: with its log, not folded in."""
    folder.mkdir()
    image = folder / file.name
    with closing(opened(file, whoever_opens(file))) as database:
        add_rows(database, first, count)
        for one in (file, file.with_name("clinic.db-wal"), key_file_path(file)):
            shutil.copyfile(one, folder / one.name)
        shutil.copytree(documents_folder(file), documents_folder(image))
    assert image.with_name("clinic.db-wal").stat().st_size > 0
    return image


def whoever_opens(file: Path) -> Passphrase:
    """The one of the two secrets that opens the database and goes on doing so."""
    for _ in range(2):  # while a rekey is unfinished either opens, and the one that stays ends it
        doors = []
        for secret in (HEAD, NEWER):
            with suppress(WrongPassphrase):
                opened(file, secret).close()
                doors.append(secret)
    assert len(doors) == 1
    return doors[0]


def begin_child(workers: Zygote, file: Path, old: Passphrase, fatal: str = "") -> int:
    """Let a worker rekey from one of the two passphrases to the other; it kills itself after the fatal step, if one is named."""
    return workers.start("rekey", f"sqlcipher:///{file}", old.text, (NEWER if old is HEAD else HEAD).text, fatal)


def run_child(workers: Zygote, file: Path, old: Passphrase, *, fatal: str = "") -> float:
    """Rekey in a worker to its end, which is the fatal step if one is named; how many seconds that took."""
    worker = begin_child(workers, file, old, fatal)
    assert workers.hear() == "go"
    began, said = monotonic(), workers.hear()
    lasted = monotonic() - began
    assert said == (fatal or "done")
    workers.wait_for(worker)
    return lasted


def kill_child(workers: Zygote, file: Path, old: Passphrase, *, after: float) -> bool:
    """Rekey in a worker and kill it some seconds after it began; False when it was done before."""
    return "done" not in workers.kill_after(after, begin_child(workers, file, old))


def check_whole(file: Path, rows: int) -> None:
    with closing(opened(file, whoever_opens(file))) as database:
        assert numbers(database) == list(range(rows))
        store = store_of(database)
        assert [store.get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
        assert len(list(store.every())) == len(DOCUMENTS)
    assert not next_file_path(file).exists()
    assert KeyFile.parse(key_file_path(file).read_bytes()).successor is None


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("first_by", ["old", "new"])
def test_killed_after_any_step_it_opens_with_old_or_new_and_is_whole(
    file: Path, tmp_path: Path, workers: Zygote, step: str, first_by: str
) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=50)
    run_child(workers, image, HEAD, fatal=step)
    doors = {"old": HEAD, "new": NEWER}
    if step in (ANNOUNCED, SWAPPED):
        opened(image, doors[first_by]).close()  # while both are named, either opens
    check_whole(image, ROWS + 50)
    assert (whoever_opens(image) is NEWER) == (step in (SWAPPED, RENEWED, RESEALED))


@pytest.mark.parametrize(("step", "staying", "leaving"), [(ANNOUNCED, [HEAD, RAVI], [NEWER]), (SWAPPED, [NEWER], [RAVI, HEAD])])
def test_both_generations_open_until_one_comes_that_stays(
    file: Path, tmp_path: Path, workers: Zygote, step: str, staying: list[keys.Secret], leaving: list[keys.Secret]
) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=1)
    run_child(workers, image, HEAD, fatal=step)
    for secret in leaving * 2:
        opened(image, secret).close()
    for secret in staying:
        opened(image, secret).close()
    for secret in leaving:
        with pytest.raises(WrongPassphrase):
            opened(image, secret)


@pytest.mark.parametrize("step", [ANNOUNCED, SWAPPED])
def test_who_came_in_by_a_door_that_will_shut_can_make_a_new_one(file: Path, tmp_path: Path, workers: Zygote, step: str) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=1)
    run_child(workers, image, HEAD, fatal=step)
    leaving, staying = (NEWER, HEAD) if step == ANNOUNCED else (HEAD, NEWER)
    newest = UserPassword("usha", "a third staple")
    with closing(opened(image, leaving)) as database:
        assert database.vault.has("passphrase")
        database.vault.add(newest)
        assert "usha" in [row.name for row in database.vault.slots()]
        assert [store_of(database).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
    opened(image, staying).close()
    with closing(opened(image, newest)) as database:
        assert numbers(database) == list(range(ROWS + 1))


def test_a_rekey_that_was_killed_can_be_begun_again_by_either(file: Path, tmp_path: Path, workers: Zygote) -> None:
    for number, (step, secret) in enumerate((step, secret) for step in (ANNOUNCED, SWAPPED) for secret in (HEAD, NEWER)):
        image = crash_image(file, tmp_path / f"image-{number}", first=ROWS + number, count=1)
        run_child(workers, image, HEAD, fatal=step)
        rekey(f"sqlcipher:///{image}", secret, keep=[MEERA])
        for gone in (HEAD, NEWER):
            with pytest.raises(WrongPassphrase):
                opened(image, gone)
        with closing(opened(image, MEERA)) as database:
            assert numbers(database) == list(range(ROWS + number + 1))
            assert [store_of(database).get(sha256(one).hexdigest()) for one in DOCUMENTS] == DOCUMENTS
            assert len(database.vault.keys()) == 1


@pytest.mark.parametrize("step", ["", *STEPS])
def test_a_version_1_file_is_rekeyed_and_killed_like_any_other(file: Path, tmp_path: Path, workers: Zygote, step: str) -> None:
    image = crash_image(file, tmp_path / "image", first=ROWS, count=1)
    with closing(opened(image, HEAD)) as database:
        data_key = database.data_key
    assert data_key is not None
    salt = bytes(range(16))
    wrapped = aes_key_wrap(hash_secret_raw(HEAD.text.encode(), salt, 1, 64, 4, 32, Type.ID), data_key)
    slot = {"kind": "passphrase", "salt": salt, "time_cost": 1, "memory_kib": 64, "lanes": 4, "wrapped_key": wrapped}
    key_file_path(image).write_bytes(msgspec.json.encode({"version": 1, "slots": [slot]}))
    run_child(workers, image, HEAD, fatal=step)
    check_whole(image, ROWS + 1)


def test_killed_at_random_moments_it_always_opens_and_loses_no_commit(file: Path, tmp_path: Path, workers: Zygote) -> None:
    """One database through all rounds; each adds rows that only its log holds, and kills the rekey somewhere."""
    chance, rows, killed = random.Random(), ROWS, 0
    current = crash_image(file, tmp_path / "timed", first=rows, count=10)
    rows += 10
    lasts = run_child(workers, current, HEAD)
    number = 0
    while number < ROUNDS or (killed <= ROUNDS / 4 and number < 5 * ROUNDS):
        number += 1
        door = whoever_opens(current)
        image = crash_image(current, tmp_path / f"round-{number}", first=rows, count=10)
        rows += 10
        shutil.rmtree(current.parent)
        was_killed = kill_child(workers, image, door, after=chance.uniform(0, lasts * 1.1))
        killed += was_killed
        lasts *= 1.05 if was_killed else 0.8  # the machine may be busier or idler than when it was measured
        check_whole(image, rows)
        current = image
    assert killed > ROUNDS / 4, "most rekeys were done before they could be killed"
