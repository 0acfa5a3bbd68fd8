"""What happened to messages on their way out."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("notification_queue")
@dataclass(frozen=True, slots=True)
class MessageQueued:
    """A message waits to be sent."""

    message_id: UUID


@tells_of("notification_queue")
@dataclass(frozen=True, slots=True)
class MessageSettled:
    """A message was sent, or given up."""

    message_id: UUID
    status: str


@tells_of("notification_templates")
@dataclass(frozen=True, slots=True)
class TemplateChanged:
    """The clinic words a notice anew."""

    template_id: UUID
