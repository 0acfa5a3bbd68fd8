"""A consent as it was signed, A4: the text, who signed it, when and how, and whether it was withdrawn."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from io import BytesIO

from reportlab.lib.utils import ImageReader

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import SignedConsent
from clinic_desktop.documents.fitting import wrap
from clinic_desktop.documents.grid import Frame, fact, foot, letterhead, title
from clinic_desktop.documents.sheet import A4, ACCENT, ACCENT_WASH, ALARM, ALARM_WASH, INK, MM, MUTED, Sheet, pages
from clinic_desktop.kernel.clock import business_date
from clinic_desktop.kernel.formats import date_text, datetime_text
from clinic_desktop.kernel.i18n import Language

_EDGE, _SIZE, _LINE, _SIGNING = 18 * MM, 10.0, 14.0, 138.0


def consent_pdf(consent: SignedConsent, language: Language) -> bytes:
    """One page, or more for a long text; every page names the patient."""
    consent = cleaned(consent)
    return pages(A4, language, consent.title, partial(_draw, consent))


def _belongs(consent: SignedConsent) -> str:
    return f"{consent.title} · {consent.patient.full_name} · {consent.patient.number}"


def _draw(consent: SignedConsent, sheet: Sheet, page_count: int) -> None:
    frame = Frame(_EDGE, sheet.width - 2 * _EDGE, sheet.height - 20 * MM)
    turn = partial(_turn, sheet, consent, frame, page_count)
    y = _head(sheet, consent, frame)
    y = _text(sheet, consent, frame, y, turn)
    if y + _SIGNING > frame.bottom:
        y = turn()
    _signed(sheet, consent, frame, y + 10)
    foot(sheet, frame, sheet.height - 10 * MM, _belongs(consent), page_count)


def _turn(sheet: Sheet, consent: SignedConsent, frame: Frame, page_count: int) -> float:
    foot(sheet, frame, sheet.height - 10 * MM, _belongs(consent), page_count)
    sheet.next_page()
    return 20 * MM


def _head(sheet: Sheet, consent: SignedConsent, frame: Frame) -> float:
    _ = sheet.language.gettext
    end = frame.x + frame.width
    left = letterhead(sheet, consent.letterhead, frame.x, 14 * MM, frame.width * 0.58)
    version = _("Version {version}").format(version=consent.version)
    right = title(sheet, end, 12 * MM, _("Consent"), version, width=frame.width * 0.38, is_reprint=consent.is_reprint)
    y = max(left, right) + 8
    sheet.rule(frame.x, y, frame.width, weight=1.2, colour=ACCENT)
    y += 12
    sheet.box(frame.x, y, frame.width, 38, fill=ACCENT_WASH, radius=5)
    x, wide, person = frame.x + 10, frame.width - 20, consent.patient
    fact(sheet, x, y + 14, _("Patient"), person.full_name, width=wide * 0.46, size=10, bold=True)
    born = date_text(person.birth_date, sheet.language) if person.birth_date else person.age
    fact(sheet, x + wide * 0.49, y + 14, _("Date of birth"), born, width=wide * 0.22)
    fact(sheet, x + wide * 0.74, y + 14, _("Patient no."), person.number, width=wide * 0.26)
    return y + 38


def _text(sheet: Sheet, consent: SignedConsent, frame: Frame, y: float, turn: Callable[[], float]) -> float:
    y = sheet.paragraph(frame.x, y + 30, consent.title, width=frame.width, size=14, bold=True, most=3) + 6
    for paragraph in consent.body.split("\n"):
        for one in wrap(paragraph, frame.width, _SIZE) if paragraph.strip() else [""]:
            if y > frame.bottom:
                y = turn()
            sheet.text(frame.x, y, one, size=_SIZE, width=frame.width)
            y += _LINE if one else _LINE * 0.6
    return y


def _signed(sheet: Sheet, consent: SignedConsent, frame: Frame, y: float) -> None:
    _ = sheet.language.gettext
    half, end = frame.width * 0.46, frame.x + frame.width
    if consent.withdrawn_at is not None:
        told = _("Withdrawn on {day}").format(day=date_text(business_date(consent.withdrawn_at, consent.timezone), sheet.language))
        sheet.box(frame.x, y, frame.width, 22, fill=ALARM_WASH, stroke=ALARM, radius=4)
        reason = f": {consent.withdrawal_reason}" if consent.withdrawal_reason else ""
        sheet.text(frame.x + 9, y + 14.5, told + reason, size=9, bold=True, width=frame.width - 18, colour=ALARM)
        y += 30
    if consent.signature is not None:
        sheet.emblem(end - half, y, half, 62, ImageReader(BytesIO(consent.signature)))
    sheet.rule(end - half, y + 66, half, weight=0.8, colour=INK)
    sheet.text(end - half, y + 78, consent.guardian or consent.patient.full_name, size=9.5, bold=True, width=half)
    sheet.text(end - half, y + 89, _as_whom(sheet, consent), size=8, width=half, colour=MUTED)
    if consent.signed_at is None:
        fact(sheet, frame.x, y + 58, _("Place and day"), "", width=half)
        sheet.rule(frame.x, y + 66, half, weight=0.8, colour=INK)
        return
    when = datetime_text(consent.signed_at, sheet.language, timezone=consent.timezone)
    fact(sheet, frame.x, y + 14, _("Signed at"), when, width=half, size=10)
    fact(sheet, frame.x, y + 44, _("Recorded by"), consent.recorded_by or "–", width=half, size=10)
    if consent.witness:
        fact(sheet, frame.x, y + 74, _("Witness"), consent.witness, width=half, size=10)


def _as_whom(sheet: Sheet, consent: SignedConsent) -> str:
    _ = sheet.language.gettext
    if consent.signed_at is not None and consent.signature is None:
        return _("Not signed by hand: attested by the witness")
    if consent.guardian:
        return _("for the patient, as parent or guardian")
    return _("patient, or parent or guardian") if consent.signed_at is None else _("patient")
