"""What patients are told on arrival about their wait, beside how long they waited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from clinic_desktop.clinic.simulation.day import simulate_day
from clinic_desktop.kernel.db import Database


@pytest.mark.parametrize("engine_name", ["sqlite"])
@pytest.mark.parametrize("seed", [1, 3])
def test_patients_are_told_about_what_they_wait(new_clinic: Callable[[], Database], seed: int) -> None:
    clinic = new_clinic()
    simulate_day(clinic, patients=12, seed=seed + 100, day=date(2026, 3, 2))
    report = simulate_day(clinic, patients=36, seed=seed, day=date(2026, 3, 3))
    assert report.wait_minutes > 1
    assert report.wait_error_minutes < max(2.0, 0.6 * report.wait_minutes), report
