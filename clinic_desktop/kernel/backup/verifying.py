"""A backup file, opened where it lies: every page, reference and count, and the end of the journal's chain."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from clinic_desktop.kernel.backup.changes import changes_of
from clinic_desktop.kernel.backup.container import Manifest, Sealed, payload_digest, read_sealed
from clinic_desktop.kernel.backup.copying import row_counts
from clinic_desktop.kernel.backup.errors import BadBackup
from clinic_desktop.kernel.backup.sides import SqliteSide
from clinic_desktop.kernel.backup.steps import UNWATCHED, Steps
from clinic_desktop.kernel.backup.workfiles import in_transaction, reading
from clinic_desktop.kernel.key_secrets import WrongPassphrase

_TAIL = 2_000
"""Change sets at the end of the journal whose chain is walked; the database's own check walks all of it."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to be whole."""

    path: Path
    manifest: Manifest
    rows: int
    change_sets: int
    """How many of the newest change sets were followed from hash to hash."""


def verify(path: Path, keys: Mapping[str, bytes], steps: Steps = UNWATCHED) -> Verified:
    """Check a backup file; raises BadBackup with what is wrong, or WrongPassphrase when none of the keys is its own."""
    sealed = read_sealed(path)
    manifest = sealed.manifest
    if payload_digest(path, sealed.payload_bytes, steps) != manifest.payload_sha256:
        raise BadBackup(path=str(path), reason="damaged")
    with reading(path, key_of(sealed, keys)) as copy:
        steps.at(0, 3, "count")
        _check_pages(path, copy)
        steps.at(1, 3, "count")
        counted = row_counts(SqliteSide(copy))
        if counted != manifest.tables or _head(copy) != (manifest.seq, manifest.hash):
            raise BadBackup(path=str(path), reason="miscounted")
        steps.at(2, 3, "count")
        followed = _follow(path, copy, manifest)
        steps.at(3, 3, "count")
    return Verified(path, manifest, sum(counted.values()), followed)


def key_of(sealed: Sealed, keys: Mapping[str, bytes]) -> bytes:
    """The data key of a backup among those that are at hand."""
    if sealed.manifest.key_id not in keys:
        raise WrongPassphrase("passphrase")
    return keys[sealed.manifest.key_id]


def _check_pages(path: Path, copy: Any) -> None:
    (pages,) = copy.execute("PRAGMA page_count").fetchone()
    # What stands behind the last page is the manifest: the engine takes it for pages that nobody signed.
    broken = [line for (line,) in copy.execute("PRAGMA cipher_integrity_check") if _page_named(line) <= pages]
    broken += [line for (line,) in copy.execute("PRAGMA quick_check(10)") if line != "ok"]
    if broken:
        raise BadBackup(path=str(path), reason="damaged", detail=broken[0])
    lost = copy.execute("PRAGMA foreign_key_check").fetchone()
    if lost is not None:
        raise BadBackup(path=str(path), reason="references", table=lost[0])


def _page_named(line: str) -> int:
    return next((int(word) for word in line.split() if word.isdecimal()), 0)


def _head(copy: Any) -> tuple[int, str]:
    seq, digest = copy.execute("SELECT seq, hash FROM journal_head").fetchone()
    return seq, bytes(digest).hex()


def _follow(path: Path, copy: Any, manifest: Manifest) -> int:
    """Walk the newest change sets from hash to hash up to the head; returns how many."""
    begin = copy.execute("SELECT seq, hash FROM journal WHERE seq >= ? ORDER BY seq LIMIT 1", (manifest.seq - _TAIL,)).fetchone()
    if begin is None:
        return 0  # a journal that was archived as a whole
    seq, previous = begin
    with in_transaction(copy) as connection:
        for change in changes_of(connection, seq, with_secrets=False):
            if change.seq != seq + 1 or not change.follows(previous):
                raise BadBackup(path=str(path), reason="journal_broken", seq=change.seq)
            seq, previous = change.seq, change.hash
    if (seq, bytes(previous).hex()) != (manifest.seq, manifest.hash):
        raise BadBackup(path=str(path), reason="journal_broken", seq=seq)
    return int(seq) - int(begin[0]) + 1
