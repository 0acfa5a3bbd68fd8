"""Appointment slip for a patient to take home: 80 mm paper, or a sheet of A6; when and where large, the booking's code to check in by."""

from __future__ import annotations

from functools import partial

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import AppointmentSlip
from clinic_desktop.documents.receipt import DPI, WIDTH_80
from clinic_desktop.documents.sheet import BLACK, MM, Align, Sheet, pages, roll
from clinic_desktop.documents.symbols import code128, qr
from clinic_desktop.kernel.formats import date_text, datetime_text, time_text
from clinic_desktop.kernel.i18n import Language

A6 = (105 * MM, 148 * MM)
_EDGE = {WIDTH_80: 5 * MM, A6[0]: 9 * MM}


def appointment_slip_pdf(slip: AppointmentSlip, language: Language, *, on_a6: bool = False) -> bytes:
    """One page: as long as the slip on a roll, or a whole A6."""
    slip = cleaned(slip)
    if on_a6:
        return pages(A6, language, slip.booking_id, lambda sheet, _count: _draw_sheet(slip, sheet))
    return roll(WIDTH_80, language, slip.booking_id, partial(_draw, slip))


def _draw_sheet(slip: AppointmentSlip, sheet: Sheet) -> None:
    _draw(slip, sheet)


def _draw(slip: AppointmentSlip, sheet: Sheet) -> float:
    edge = _EDGE[sheet.width]
    y = _head(sheet, slip, edge)
    sheet.rule(edge, y, sheet.width - 2 * edge, weight=0.7, colour=BLACK, dashed=True)
    y = _when(sheet, slip, y + 6, edge)
    y = _facts(sheet, slip, y, edge)
    return _foot(sheet, slip, y, edge)


def _head(sheet: Sheet, slip: AppointmentSlip, edge: float) -> float:
    middle, inner, head = sheet.width / 2, sheet.width - 2 * edge, slip.letterhead
    y = sheet.paragraph(middle, edge + 5 * MM, head.clinic_name, width=inner, size=13, bold=True, most=2, align=Align.CENTRE, colour=BLACK)
    y -= 3.5
    for detail in (head.address, head.phone):
        if detail:
            y = sheet.paragraph(middle, y, detail, width=inner, size=7.5, most=3, align=Align.CENTRE, colour=BLACK)
    return y


def _when(sheet: Sheet, slip: AppointmentSlip, y: float, edge: float) -> float:
    _ = sheet.language.gettext
    middle, inner = sheet.width / 2, sheet.width - 2 * edge
    sheet.text(middle, y + 10, _("Your appointment"), size=9, align=Align.CENTRE, width=inner, colour=BLACK)
    day = date_text(slip.day, sheet.language, weekday=True)
    sheet.text(middle, y + 30, day, size=14, least=9, bold=True, align=Align.CENTRE, width=inner, colour=BLACK)
    at = time_text(slip.start, sheet.language, timezone=slip.timezone)
    sheet.text(middle, y + 62, at, size=30, least=14, bold=True, align=Align.CENTRE, width=inner, colour=BLACK)
    return y + 76


def _facts(sheet: Sheet, slip: AppointmentSlip, y: float, edge: float) -> float:
    _ = sheet.language.gettext
    inner = sheet.width - 2 * edge
    sheet.rule(edge, y, inner, weight=1, colour=BLACK)
    y = sheet.paragraph(edge, y + 15, slip.doctor, width=inner, size=11.5, bold=True, most=2, colour=BLACK)
    if slip.room:
        sheet.text(edge, y, _("Room {room}").format(room=slip.room), size=9.5, width=inner, colour=BLACK)
        y += 16
    rows = ((_("Patient"), slip.patient_name), (_("Patient no."), slip.patient_number), (_("Booking"), slip.booking_id))
    for title, value in rows:
        taken = sheet.text(edge, y, title, size=8.5, width=inner * 0.42, colour=BLACK)
        sheet.text(edge + inner, y, value, size=8.5, align=Align.END, width=inner - taken - 8, colour=BLACK)
        y += 13
    return y


def _foot(sheet: Sheet, slip: AppointmentSlip, y: float, edge: float) -> float:
    _ = sheet.language.gettext
    middle, inner, side = sheet.width / 2, sheet.width - 2 * edge, 22 * MM
    if qr(sheet, slip.booking_id, x=middle - side / 2, y=y - 2, side=side, dpi=DPI):
        y += side + 2
    if code128(sheet, slip.booking_id, x=edge, y=y, width=inner, height=9 * MM, dpi=DPI):
        y += 9 * MM + 12
    hints = [_("Please come ten minutes before, and bring your patient card.")]
    if slip.letterhead.phone:
        hints.append(_("If you cannot come please call {phone}.").format(phone=slip.letterhead.phone))
    for hint in hints:
        y = sheet.paragraph(middle, y, hint, width=inner, size=8, most=2, align=Align.CENTRE, colour=BLACK)
    printed = _("Printed {when}").format(when=datetime_text(slip.printed_at, sheet.language, timezone=slip.timezone))
    sheet.text(middle, y, printed, size=7, align=Align.CENTRE, width=inner, colour=BLACK, follows_language=True)
    return y + 6 * MM
