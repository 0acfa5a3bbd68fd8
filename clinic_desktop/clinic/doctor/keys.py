"""The key file beside an encrypted database: there, readable, for nobody else, and with a way in that is no person."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from clinic_desktop.clinic.doctor.finding import Finding, bad, good, warn
from clinic_desktop.kernel.device_keys import can_keep_keys
from clinic_desktop.kernel.keys import RECOVERY, KeyFileDamaged, KeyFileMissing, has_slot, key_file_path, read_key_file

KEYS = "keys"


def examine_keys(file: Path) -> Iterator[Finding]:
    """Look at the key file; no secret is asked for."""
    path = key_file_path(file)
    try:
        stored = read_key_file(path)
    except KeyFileMissing:
        yield bad(KEYS, "key_file_missing", path=str(path))
        return
    except KeyFileDamaged:
        yield bad(KEYS, "key_file_damaged", path=str(path))
        return
    yield good(KEYS, "keys_in_place", count=len(stored.slots))
    if not has_slot(stored, RECOVERY):
        yield warn(KEYS, "no_recovery_key")
    if stored.successor is not None:
        yield warn(KEYS, "rekey_unfinished")
    if os.name == "posix" and path.stat().st_mode & 0o077:
        yield warn(KEYS, "key_file_exposed", path=str(path))
    yield good(KEYS, "keyring_here" if can_keep_keys() else "keyring_absent")
