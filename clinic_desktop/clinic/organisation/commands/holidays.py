"""Days on which a clinic, or the whole hospital, is closed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import select

from clinic_desktop.clinic.organisation.commands.clinics import require_clinic
from clinic_desktop.clinic.organisation.commands.permissions import MANAGE
from clinic_desktop.clinic.organisation.commands.places import as_read, hospital_in_turn
from clinic_desktop.clinic.organisation.events import HolidayAdded, HolidayLifted
from clinic_desktop.clinic.organisation.models import Holiday
from clinic_desktop.clinic.organisation.rules import AlreadyExists
from clinic_desktop.kernel.commands import command
from clinic_desktop.kernel.db import Tx
from clinic_desktop.kernel.errors import NotFound
from clinic_desktop.kernel.text import required_line, whole_number


@command(MANAGE)
def add_holiday(tx: Tx, *, day: date, name: str, clinic_id: UUID | None = None) -> UUID:
    """Declare a day on which one clinic, or the whole hospital, is closed."""
    hospital_id = hospital_in_turn(tx).id
    if clinic_id is not None:
        require_clinic(tx, clinic_id)
    holiday = _declare(tx, hospital_id, clinic_id, day, required_line(name, "name", limit=100))
    if holiday is None:
        raise AlreadyExists("day", entity="holidays", value=day.isoformat())
    return holiday.id


def _declare(tx: Tx, hospital_id: UUID, clinic_id: UUID | None, day: date, name: str) -> Holiday | None:
    """The new holiday, a cancelled one again where there is one; None where the day is a holiday already."""
    place = Holiday.clinic_id.is_(None) if clinic_id is None else Holiday.clinic_id == clinic_id
    holiday = tx.session.scalars(select(Holiday).where(Holiday.hospital_id == hospital_id, Holiday.day == day, place)).one_or_none()
    if holiday is not None and holiday.is_active:
        return None
    if holiday is None:
        holiday = tx.add(Holiday(hospital_id=hospital_id, clinic_id=clinic_id, day=day, name="", is_active=True))
    holiday.name, holiday.is_active = name, True
    tx.session.flush()
    tx.emit(HolidayAdded(day, clinic_id))
    return holiday


@command(MANAGE)
def rename_holiday(tx: Tx, *, holiday_id: UUID, row_version: int, name: str) -> None:
    """Call a holiday something else; another day is another holiday."""
    holiday = as_read(tx, Holiday, holiday_id, row_version)
    holiday.name = required_line(name, "name", limit=100)
    tx.emit(HolidayAdded(holiday.day, holiday.clinic_id))


@command(MANAGE)
def copy_holidays(tx: Tx, *, holiday_ids: Iterable[UUID], year: int) -> int:
    """Declare the same days of another year, where they are not holidays yet; returns how many were added.

    For holidays that fall on the same date each year: 29 February is left out where the year has none.
    """
    hospital_id = hospital_in_turn(tx).id
    whole_number(year, "year", 2000, 2200)
    added = 0
    for holiday_id in holiday_ids:
        holiday = tx.session.get(Holiday, holiday_id)
        if holiday is None:
            raise NotFound(entity="holidays", key=str(holiday_id))
        try:
            day = holiday.day.replace(year=year)
        except ValueError:
            continue
        added += _declare(tx, hospital_id, holiday.clinic_id, day, holiday.name) is not None
    return added


@command(MANAGE)
def cancel_holiday(tx: Tx, *, holiday_id: UUID) -> None:
    """Open the clinic again on a day that was a holiday."""
    holiday = tx.session.get(Holiday, holiday_id, with_for_update=True)
    if holiday is None:
        raise NotFound(entity="holidays", key=str(holiday_id))
    was_closed, holiday.is_active = holiday.is_active, False
    tx.session.flush()
    tx.emit(HolidayAdded(holiday.day, holiday.clinic_id))
    if was_closed:
        tx.emit(HolidayLifted(holiday.day, holiday.clinic_id))
