"""A round of sync: what stood in the link when it began, and what it did."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from clinic_desktop.sync.greeting import CONTACT_EVERY
from clinic_desktop.sync.models import SyncLink
from clinic_desktop.sync.wire import Parked, Welcome


@dataclass(slots=True)
class Round:
    """What one round did."""

    pushed: int = 0
    pulled: int = 0
    parked: list[Parked] = field(default_factory=list)
    clock_ahead: bool = False
    """This computer's clock is more than five minutes ahead: nothing was sent."""
    is_complete: bool = False
    """Everything was sent and read."""


class Seen:
    """What stood in the link when a round began: most rounds change nothing of it, and write nothing."""

    def __init__(self, link: SyncLink, has_sent: bool, hash_there: bytes | None) -> None:
        self.has_sent, self.runner_id = has_sent, link.runner_id
        self._pushed, self._pulled = (link.pushed_seq, link.pushed_hash), (link.pulled_seq, link.pulled_hash)
        self._central_id, self._is_behind = link.central_id, link.echoed_seq > link.pushed_seq
        self._hash_there, self._synced_at = hash_there, link.last_synced_at if link.last_error is None else None

    def agrees(self, welcome: Welcome) -> bool:
        """Whether central says nothing that the link does not say."""
        is_same = (welcome.taken_seq, welcome.taken_hash) == self._pushed and self._hash_there in (None, welcome.taken_hash)
        return is_same and welcome.central_id == self._central_id and welcome.read_to < 0 and not self._is_behind

    def has_read(self, welcome: Welcome) -> bool:
        """Whether central has nothing that was not read."""
        return (welcome.head_seq, welcome.head_hash) == self._pulled

    def is_recent(self, now: datetime) -> bool:
        """Whether it was noted a moment ago that all was sent and read, and nothing went wrong since."""
        return self._synced_at is not None and self._synced_at <= now < self._synced_at + CONTACT_EVERY
