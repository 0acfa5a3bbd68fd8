"""Taxes as a service or a medicine is given one: by name, whatever rate of it holds at present."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from clinic_desktop.clinic.organisation.queries import tax_rates
from clinic_desktop.clinic.organisation.rules import TaxScope


@dataclass(frozen=True, slots=True)
class TaxChoices:
    """What is offered, and under which of it each rate stands that is recorded somewhere."""

    options: Sequence[tuple[str, UUID]]
    standing: Mapping[UUID, UUID]

    def shown(self, tax_configuration_id: UUID | None) -> UUID | None:
        """The offered one that a recorded rate stands under."""
        return None if tax_configuration_id is None else self.standing.get(tax_configuration_id)


def tax_choices(session: Any, scope: TaxScope, *, today: date) -> TaxChoices:
    """Each tax once. One that is over, or may not be put on these, is offered last: something may have it."""
    rates = sorted(tax_rates(session), key=lambda one: one.valid_from)
    newest = {one.name: one for one in rates}
    holding = {one.name for one in rates if one.applies_to in (TaxScope.ALL, scope) and (one.valid_to is None or one.valid_to >= today)}
    ordered = sorted(newest.values(), key=lambda one: (one.name not in holding, one.name))
    return TaxChoices(tuple((one.name, one.id) for one in ordered), {one.id: newest[one.name].id for one in rates})
