"""What happened to conflicts."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from clinic_desktop.kernel.happenings import tells_of


@tells_of("sync_conflicts")
@dataclass(frozen=True, slots=True)
class ConflictFound:
    """Sites did something at once that a person must settle."""

    conflict_id: UUID


@tells_of("sync_conflicts")
@dataclass(frozen=True, slots=True)
class ConflictDecided:
    """A person settled one; where the other value was taken, its record has changed."""

    conflict_id: UUID
    entity_type: str
    entity_id: UUID


@tells_of("sites")
@dataclass(frozen=True, slots=True)
class SiteLinked:
    """This database became a site of a chain, or left it."""

    site_id: UUID


@tells_of("sync_parked")
@dataclass(frozen=True, slots=True)
class ParkedChanged:
    """A change set of another site was put aside here, went in after all, or is done without."""

    parked_id: UUID
