"""From what was read to what the board shows: the columns, their heads and the words above them."""

from __future__ import annotations

from datetime import date, timedelta

from clinic_desktop.clinic.frontdesk.queries import CalendarRow, DoctorDay, PlannedRow
from clinic_desktop.kernel.formats import date_text, days_text, weekday_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.calendar.bar import View
from clinic_desktop.ui.screens.calendar.choosing import Filters
from clinic_desktop.ui.screens.calendar.heads import Head
from clinic_desktop.ui.screens.calendar.picture import Picture
from clinic_desktop.ui.screens.calendar.reading import Span
from clinic_desktop.ui.screens.calendar.words import counts_text
from clinic_desktop.ui.widgets import beside


def first_day(view: View, day: date) -> date:
    """Where a view begins: with the day itself, or with the Monday of its week."""
    return day if view is View.DAY else day - timedelta(days=day.weekday())


def title_of(view: View, day: date) -> str:
    """Which days are shown."""
    if view is View.DAY:
        return date_text(day, weekday=True)
    first = first_day(view, day)
    return days_text(first, first + timedelta(days=6))


def rows_of(shown: CalendarRow, filters: Filters) -> list[PlannedRow]:
    """The appointments that the filters leave, by time."""
    rows = (row for cell in shown.cells.values() for row in cell.appointments)
    return sorted(filters.rows(rows), key=lambda row: (row.start, row.id))


def columns_of(view: View, shown: CalendarRow) -> list[DoctorDay]:
    """A column a doctor, or a column a day."""
    if view is View.DAY:
        return [shown.cells[one.id, shown.days[0]] for one in shown.doctors]
    return [shown.cells[shown.doctors[0].id, day] for day in shown.days] if shown.doctors else []


def picture_of(view: View, found: Span, filters: Filters, today: date) -> Picture:
    """What the board is to show."""
    shown = found.shown
    names = {one.id: one for one in shown.doctors}
    columns, heads = columns_of(view, shown), []
    for cell in columns:
        doctor = names[cell.doctor_id]
        room = _("Room {room}").format(room=cell.room) if cell.room else None
        if view is View.DAY:
            heads.append(Head(doctor.name, beside(room, counts_text(cell, today))))
        else:
            heads.append(Head(weekday_text(cell.day), counts_text(cell, today), cell.day == today))
    rows = rows_of(shown, filters)
    return Picture(shown, columns, heads, rows, found.walk_ins, filters.faint(rows))
