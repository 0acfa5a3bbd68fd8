"""Wrong tries at central's doors: each address waits longer after each of its own, in all worker processes and after a restart."""

from __future__ import annotations

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from sqlalchemy import delete, select

from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.sync.peers import SyncTry

FREE_TRIES = 4
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=15), timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=24)


class DoorLocked(ClinicError):
    """Too many wrong tries from here: param ``seconds`` until the next is looked at."""

    code = "door_locked"


def count_try(tx: Tx, door: str, address: str) -> None:
    """Count a try before it is looked at: whoever tries many at once has them all counted. Raises DoorLocked."""
    place = _place(address)
    tx.session.connection().execute(delete(SyncTry).where(SyncTry.last_at < tx.now - FORGOTTEN_AFTER))
    known = tx.session.scalars(select(SyncTry).where(SyncTry.door == door, SyncTry.address == place).with_for_update()).one_or_none()
    if known is None:
        known = tx.add(SyncTry(door=door, address=place, failures=0, last_at=tx.now, locked_until=None))
    # A lock lasts no longer from now than its length: a clock that was set back must not shut the door for years.
    if known.locked_until is not None and tx.now < known.locked_until <= tx.now + LONGEST_WAIT:
        raise DoorLocked(seconds=int((known.locked_until - tx.now).total_seconds()) + 1)
    known.failures, known.last_at = known.failures + 1, tx.now
    known.locked_until = _lock_end(known.failures, tx.now)


def forget_tries(tx: Tx, door: str, address: str) -> None:
    """The right word was said: what was tried before from there is forgotten."""
    known = tx.session.get(SyncTry, (door, _place(address)))
    if known is not None:
        tx.session.delete(known)


def _lock_end(failures: int, now: datetime) -> datetime | None:
    beyond = failures - FREE_TRIES
    return now + min(FIRST_WAIT * 2 ** min(beyond, 16), LONGEST_WAIT) if beyond >= 0 else None


def _place(address: str) -> str:
    """An address as it is counted: of IPv6 the network that one customer has."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    return str(IPv6Address(int(found) >> 64 << 64)) if isinstance(found, IPv6Address) else str(found)
