"""Issuing the cards of a batch, off the UI thread: one that cannot be issued does not stop the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

from clinic_desktop.clinic.patients import commands
from clinic_desktop.clinic.patients.queries import CardToPrintRow
from clinic_desktop.kernel.errors import ClinicError, DatabaseUnavailable
from clinic_desktop.ui.progress import Progress


@dataclass(frozen=True, slots=True)
class Issued:
    """What came of a batch: (patient, card) of those that can be printed, and who was refused why."""

    cards: tuple[tuple[UUID, UUID], ...]
    refused: tuple[tuple[str, ClinicError], ...]


def issue_cards(
    *, db: Any, actor: Any, clinic_id: UUID, people: Sequence[CardToPrintRow], key: UUID, progress: Progress, renews: bool = False
) -> Issued:
    """Issue a card to each who has none, or whose card is to be renewed. The same ``key`` again issues nothing twice.

    No card takes the place of another than the one that was listed.
    """
    cards: list[tuple[UUID, UUID]] = []
    refused: list[tuple[str, ClinicError]] = []
    for done, one in enumerate(people):
        progress.report(done, len(people), one.full_name)
        try:
            card = db.run(
                actor,
                commands.issue_id_card,
                key=uuid5(key, str(one.patient_id)),
                clinic_id=clinic_id,
                patient_id=one.patient_id,
                only_first=not renews,
                instead_of=one.card_id if renews else None,
                reason="renewed" if renews else None,
            )
        except DatabaseUnavailable:
            raise
        except ClinicError as error:
            refused.append((one.full_name, error))
        else:
            cards.append((one.patient_id, card.id))
    progress.report(len(people), len(people))
    return Issued(tuple(cards), tuple(refused))
