"""Queue token for 80 mm paper: a number that is read across a hall, and what the patient asks next."""

from __future__ import annotations

from functools import partial

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import QueueToken
from clinic_desktop.documents.receipt import DPI, EDGE, WIDTH_80, copy_mark, pair, roll_head, thin_rule
from clinic_desktop.documents.sheet import BLACK, MM, WHITE, Align, Sheet, roll
from clinic_desktop.documents.symbols import code128, qr
from clinic_desktop.kernel.formats import date_text, datetime_text, time_text
from clinic_desktop.kernel.i18n import Language

_INNER = WIDTH_80 - 2 * EDGE


def queue_token_pdf(token: QueueToken, language: Language) -> bytes:
    """One page as long as the token."""
    token = cleaned(token)
    return roll(WIDTH_80, language, token.visit_code or token.queue_number, partial(_draw, token))


def _draw(token: QueueToken, sheet: Sheet) -> float:
    y = roll_head(sheet, token.letterhead)
    thin_rule(sheet, y)
    y = _number(sheet, token, y + 6)
    y = _facts(sheet, token, y)
    return _symbols(sheet, token, y)


def _number(sheet: Sheet, token: QueueToken, y: float) -> float:
    _ = sheet.language.gettext
    middle = sheet.width / 2
    if token.is_reprint:
        copy_mark(sheet, y + 2)
        y += 18
    sheet.text(middle, y + 10, _("Your number"), size=9, align=Align.CENTRE, width=_INNER, colour=BLACK)
    sheet.text(middle, y + 64, token.queue_number, size=64, least=18, bold=True, align=Align.CENTRE, width=_INNER, colour=BLACK)
    y += 76
    if token.priority:
        sheet.box(middle - 26 * MM, y, 52 * MM, 16, fill=BLACK, radius=3)
        sheet.text(middle, y + 11.5, token.priority, size=9.5, bold=True, align=Align.CENTRE, width=48 * MM, colour=WHITE)
        y += 24
    return y


def _facts(sheet: Sheet, token: QueueToken, y: float) -> float:
    _ = sheet.language.gettext
    sheet.rule(EDGE, y, _INNER, weight=1, colour=BLACK)
    y = sheet.paragraph(EDGE, y + 15, token.doctor, width=_INNER, size=11.5, bold=True, most=2, colour=BLACK)
    place = " · ".join(part for part in (token.department, _("Room {room}").format(room=token.room) if token.room else "") if part)
    if place:
        sheet.text(EDGE, y, place, size=9.5, width=_INNER, colour=BLACK)
        y += 16
    rows = [(_("Date"), date_text(token.day, sheet.language, weekday=True))]
    if token.appointment_at is not None:
        rows.append((_("Appointment"), time_text(token.appointment_at, sheet.language, timezone=token.timezone)))
    rows += [(_("Patient"), token.patient_name), (_("Patient no."), token.patient_number)]
    if token.ahead is not None:
        rows.append((_("Ahead of you"), str(token.ahead)))
    if token.waiting_minutes is not None:
        rows.append((_("Estimated wait"), _wait_text(token.waiting_minutes, sheet.language)))
    for title, value in rows:
        if value:
            y = pair(sheet, y, title, value, size=8.5)
    return y


def _wait_text(minutes: int, language: Language) -> str:
    return language.ngettext("about {minutes} minute", "about {minutes} minutes", minutes).format(minutes=minutes)


def _symbols(sheet: Sheet, token: QueueToken, y: float) -> float:
    _ = sheet.language.gettext
    middle = sheet.width / 2
    thin_rule(sheet, y - 5)
    side = 26 * MM
    if qr(sheet, token.visit_code, x=middle - side / 2, y=y - 2, side=side, dpi=DPI):
        y += side
    if code128(sheet, token.visit_code, x=EDGE, y=y, width=_INNER, height=10 * MM, dpi=DPI):
        y += 10 * MM + 9
        sheet.text(middle, y, token.visit_code, size=7.5, align=Align.CENTRE, width=_INNER, colour=BLACK)
        y += 6
    y += 9
    hint = _("Please watch the screen; your number will be called.")
    y = sheet.paragraph(middle, y, hint, width=_INNER, size=8, most=2, align=Align.CENTRE, colour=BLACK)
    printed = _("Printed {when}").format(when=datetime_text(token.printed_at, sheet.language, timezone=token.timezone))
    sheet.text(middle, y, printed, size=7, align=Align.CENTRE, width=_INNER, colour=BLACK, follows_language=True)
    return y + 6 * MM
