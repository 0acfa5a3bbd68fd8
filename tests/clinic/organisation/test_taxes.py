"""Rates of a tax: a wrong one is put right while nobody has counted with it, a used one only ends."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from clinic_desktop.clinic.frontdesk import commands as frontdesk
from clinic_desktop.clinic.organisation import commands, queries
from clinic_desktop.clinic.organisation.rules import AlreadyExists, TaxInUse, TaxScope
from clinic_desktop.clinic.patients.commands import register_patient
from clinic_desktop.clinic.patients.rules import Gender
from clinic_desktop.kernel.errors import InvalidInput, StaleRecord
from clinic_desktop.kernel.ids import new_id
from tests.clinic.world import OPENED, World

TODAY = date(2026, 3, 2)


def rate(world: World, name: str = "GST 18 %") -> queries.TaxRow:
    with world.db.read() as session:
        return next(one for one in queries.tax_rates(session) if one.name == name)


def corrected(world: World, row: queries.TaxRow, **changes: Any) -> None:
    told: dict[str, Any] = {
        "name": row.name,
        "rate_basis_points": row.rate_basis_points,
        "is_inclusive": row.is_inclusive,
        "applies_to": row.applies_to,
        "valid_from": row.valid_from,
        "valid_to": row.valid_to,
        **changes,
    }
    world.db.run(world.actor("admin"), commands.correct_tax, tax_configuration_id=row.id, row_version=row.row_version, **told)


def end(world: World, row: queries.TaxRow, last_day: date | None) -> None:
    world.db.run(world.actor("admin"), commands.end_tax, tax_configuration_id=row.id, row_version=row.row_version, last_day=last_day)


def charge(world: World) -> None:
    """Somebody comes for an ECG, which is taxed: the visit's draft counts with the rate."""
    reception = world.actor("receptionist")
    patient = world.db.run(
        reception,
        register_patient,
        key=new_id(),
        clinic_id=world.clinic_id,
        first_name="Asha",
        gender=Gender.FEMALE,
        date_of_birth=date(1990, 1, 1),
    )
    place = {"clinic_id": world.clinic_id, "patient_id": patient.id, "doctor_id": world.doctor_id}
    world.db.run(reception, frontdesk.walk_in, key=new_id(), **place, service_id=world.services["ECG"])


def test_a_rate_that_nobody_counted_with_is_put_right(world: World) -> None:
    row = rate(world)
    corrected(world, row, name="GST", rate_basis_points=1750, is_inclusive=True, applies_to=TaxScope.SERVICES, valid_to=date(2026, 6, 30))
    after = rate(world, "GST")
    assert (after.id, after.rate_basis_points, after.is_inclusive) == (row.id, 1750, True)
    assert (after.applies_to, after.valid_from, after.valid_to) == (TaxScope.SERVICES, OPENED, date(2026, 6, 30))
    with pytest.raises(StaleRecord):
        corrected(world, row, rate_basis_points=1)


def test_a_rate_on_an_invoice_stays_but_may_end(world: World) -> None:
    charge(world)
    row = rate(world)
    with pytest.raises(TaxInUse):
        corrected(world, row, rate_basis_points=1700)
    assert rate(world) == row
    with pytest.raises(InvalidInput) as refused:
        end(world, row, TODAY - timedelta(days=1))
    assert (refused.value.field, refused.value.reason, refused.value.params["day"]) == ("valid_to", "tax_used_later", TODAY)
    end(world, row, TODAY)
    assert rate(world).valid_to == TODAY
    corrected(world, rate(world, "GST 5 %"), rate_basis_points=400)  # the other tax was not used


def test_an_end_is_taken_back_unless_a_later_rate_follows(world: World) -> None:
    end(world, rate(world), date(2026, 4, 30))
    end(world, rate(world), None)
    assert rate(world).valid_to is None
    end(world, rate(world), date(2026, 4, 30))
    later = {"name": "GST 18 %", "rate_basis_points": 2000, "is_inclusive": False, "valid_from": date(2026, 5, 1)}
    world.db.run(world.actor("admin"), commands.add_tax, **later)
    with world.db.read() as session:
        rates = [one for one in queries.tax_rates(session) if one.name == "GST 18 %"]
    assert [(one.rate_basis_points, one.valid_from) for one in rates] == [(2000, date(2026, 5, 1)), (1800, OPENED)]
    for last_day in (None, date(2026, 5, 1)):
        with pytest.raises(AlreadyExists):
            end(world, rates[1], last_day)
    with pytest.raises(AlreadyExists):
        corrected(world, rates[0], valid_from=date(2026, 4, 30))


def test_no_rate_ends_before_it_begins(world: World) -> None:
    with pytest.raises(InvalidInput) as refused:
        end(world, rate(world), OPENED - timedelta(days=1))
    assert refused.value.field == "valid_to"
