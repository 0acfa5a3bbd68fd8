"""What happened to messages on their way out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A message waits to be sent."""

    message_id: UUID


@dataclass(frozen=True, slots=True)
class MessageSettled:
    """A message was sent, or given up."""

    message_id: UUID
    status: str
