"""Prescription, A5 or A4: who, what for, which medicines, advice, follow-up, and who signs."""

from __future__ import annotations

from functools import partial

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import Paper, PrescribedItem, Prescription
from clinic_desktop.documents.fitting import wrap
from clinic_desktop.documents.grid import Frame, fact, foot, letterhead, title
from clinic_desktop.documents.sheet import A4, A5, ACCENT, ACCENT_WASH, ALARM, ALARM_WASH, INK, MM, MUTED, Align, Sheet, pages
from clinic_desktop.documents.symbols import code128
from clinic_desktop.kernel.formats import date_text
from clinic_desktop.kernel.i18n import Language

_SIZES = {Paper.A4: A4, Paper.A5: A5}
_SIGNATURE = 52.0


def prescription_pdf(prescription: Prescription, language: Language) -> bytes:
    """One page, or more when there is much to say; every page names the patient."""
    prescription = cleaned(prescription)
    return pages(_SIZES[prescription.paper], language, prescription.number, partial(_draw, prescription))


def _frame(sheet: Sheet, paper: Paper) -> Frame:
    edge = 17 * MM if paper is Paper.A4 else 10 * MM
    return Frame(edge, sheet.width - 2 * edge, sheet.height - 14.5 * MM)


def _draw(prescription: Prescription, sheet: Sheet, page_count: int) -> None:
    _ = sheet.language.gettext
    frame = _frame(sheet, prescription.paper)
    turn = partial(_turn, sheet, prescription, frame, page_count)
    y = _head(sheet, prescription, frame)
    y = _diagnoses(sheet, prescription, frame, y)
    y = y if y + 90 < frame.bottom else turn()
    sheet.text(frame.x, y + 23, "℞", size=21, bold=True, colour=ACCENT)
    y += 33
    for position, item in enumerate(prescription.items, 1):
        y = _item(sheet, frame, y, position, item, turn)
    y = _section(sheet, frame, y + 4, _("Advice"), prescription.advice, turn)
    if prescription.follow_up is not None:
        y = _section(sheet, frame, y, _("Follow-up"), date_text(prescription.follow_up, sheet.language, weekday=True), turn)
    if y + _SIGNATURE > frame.bottom:
        turn()
    _sign(sheet, prescription, frame)
    foot(sheet, frame, sheet.height - 8 * MM, _belongs(prescription), page_count)


def _belongs(prescription: Prescription) -> str:
    return f"{prescription.number} · {prescription.patient.full_name} · {prescription.patient.number}"


def _turn(sheet: Sheet, prescription: Prescription, frame: Frame, page_count: int) -> float:
    foot(sheet, frame, sheet.height - 8 * MM, _belongs(prescription), page_count)
    sheet.next_page()
    y = 13 * MM
    sheet.text(frame.x, y, prescription.patient.full_name, size=9.5, bold=True, width=frame.width * 0.6)
    sheet.text(frame.x + frame.width, y, prescription.number, size=9, align=Align.END, width=frame.width * 0.36, colour=MUTED)
    return _allergies(sheet, prescription, frame, y + 8) + 6


def _head(sheet: Sheet, prescription: Prescription, frame: Frame) -> float:
    _ = sheet.language.gettext
    top, end = 9 * MM, frame.x + frame.width
    doctor = prescription.doctor
    left = letterhead(sheet, prescription.letterhead, frame.x, top, frame.width * 0.54, size=13)
    right = title(
        sheet, end, top - 2, _("Prescription"), prescription.number, width=frame.width * 0.42, is_reprint=prescription.is_reprint, size=14
    )
    y = max(left, right) + 6
    sheet.rule(frame.x, y, frame.width, weight=1.2, colour=ACCENT)
    sheet.text(frame.x, y + 14, doctor.full_name, size=10, bold=True, width=frame.width * 0.62)
    known = " · ".join(part for part in (doctor.qualification, doctor.specialty) if part)
    sheet.text(frame.x, y + 25, known, size=8, width=frame.width * 0.62, colour=MUTED)
    sheet.text(end, y + 14, date_text(prescription.issued_on, sheet.language), size=9, align=Align.END, width=frame.width * 0.35)
    return _patient(sheet, prescription, frame, y + 33)


def _patient(sheet: Sheet, prescription: Prescription, frame: Frame, y: float) -> float:
    _ = sheet.language.gettext
    person = prescription.patient
    sheet.box(frame.x, y, frame.width, 36, fill=ACCENT_WASH, radius=5)
    x, wide = frame.x + 9, frame.width - 18
    fact(sheet, x, y + 13, _("Patient"), person.full_name, width=wide * 0.44, size=10, bold=True)
    known = " · ".join(part for part in (person.sex, person.age) if part)
    fact(sheet, x + wide * 0.47, y + 13, _("Sex and age"), known, width=wide * 0.24)
    fact(sheet, x + wide * 0.74, y + 13, _("Patient no."), person.number, width=wide * 0.26)
    y = _allergies(sheet, prescription, frame, y + 41)
    if not prescription.vitals:
        return y
    # Isolated by their own cells: each title with its value, so that no direction can mix them up.
    said = " · ".join(f"{name} {value}" for name, value in prescription.vitals)
    return sheet.paragraph(frame.x, y + 12, said, width=frame.width, size=8, most=2, colour=MUTED) - 8


def _allergies(sheet: Sheet, prescription: Prescription, frame: Frame, y: float) -> float:
    _ = sheet.language.gettext
    allergies = prescription.patient.allergies
    if allergies:
        said = _("Allergies: {names}").format(names=", ".join(" ".join(one.split()) for one in allergies))
        size, most = (9.0, 6) if len(wrap(said, frame.width - 18, 9, bold=True)) <= 6 else (7.0, 14)
        lines = wrap(said, frame.width - 18, size, bold=True, most=most)
        height = 7 + 1.35 * size * len(lines)
        sheet.box(frame.x, y, frame.width, height, fill=ALARM_WASH, stroke=ALARM, radius=4)
        sheet.paragraph(frame.x + 9, y + 12.5, said, width=frame.width - 18, size=size, bold=True, most=most, colour=ALARM)
        return y + height
    said = _("No known allergies") if allergies is not None else _("Allergies not recorded")
    sheet.text(frame.x, y + 9, said, size=8, width=frame.width, colour=MUTED)
    return y + 11


def _diagnoses(sheet: Sheet, prescription: Prescription, frame: Frame, y: float) -> float:
    _ = sheet.language.gettext
    if not prescription.diagnoses:
        return y + 4
    sheet.text(frame.x, y + 15, _("Diagnosis"), size=7.5, width=frame.width, colour=MUTED)
    y += 27
    for diagnosis in prescription.diagnoses[:6]:
        y = sheet.paragraph(frame.x, y, diagnosis, width=frame.width, size=9.5, most=2)
    return y - 8


def _item(sheet: Sheet, frame: Frame, y: float, position: int, item: PrescribedItem, turn: partial[float]) -> float:
    x, wide = frame.x + 18, frame.width - 18
    named = wrap(item.medicine, wide * 0.72, 10, bold=True, most=3)
    how = wrap(" · ".join(part for part in (item.dose, item.route, item.frequency, item.duration) if part), wide, 9, most=4)
    more = wrap(item.instructions, wide, 8.5, most=6) if item.instructions else []
    height = 13.5 * len(named) + 12.5 * len(how) + 11.5 * len(more) + 8
    if y + height > frame.bottom:
        y = turn() + 6
    baseline = y + 10
    sheet.text(frame.x, baseline, f"{position}.", size=10, bold=True, colour=ACCENT, width=17)
    sheet.text(frame.x + frame.width, baseline, item.quantity, size=9, align=Align.END, width=wide * 0.26)
    for lines, size, step, bold, colour in ((named, 10, 13.5, True, INK), (how, 9, 12.5, False, INK), (more, 8.5, 11.5, False, MUTED)):
        for one in lines:
            sheet.text(x, baseline, one, size=size, bold=bold, colour=colour, width=wide)
            baseline += step
    y += height
    sheet.rule(frame.x, y - 3, frame.width, weight=0.5)
    return y + 3


def _section(sheet: Sheet, frame: Frame, y: float, name: str, said: str, turn: partial[float]) -> float:
    if not said:
        return y
    y = y if y + 40 < frame.bottom else turn()
    sheet.text(frame.x, y + 10, name, size=7.5, width=frame.width, colour=MUTED)
    y += 22
    for one in wrap(said, frame.width, 9):
        if y > frame.bottom:
            y = turn() + 10
        sheet.text(frame.x, y, one, size=9, width=frame.width)
        y += 12.2
    return y


def _sign(sheet: Sheet, prescription: Prescription, frame: Frame) -> None:
    _ = sheet.language.gettext
    doctor = prescription.doctor
    end, base, wide = frame.x + frame.width, frame.bottom - 6, frame.width * 0.42
    if code128(sheet, prescription.number, x=frame.x, y=base - 34, width=frame.width * 0.52, height=24, centred=False):
        sheet.text(frame.x, base - 2, prescription.number, size=7, width=wide, colour=MUTED)
    sheet.rule(end - wide, base - 23, wide, weight=0.8, colour=INK)
    sheet.text(end - wide / 2, base - 13, doctor.full_name, size=8.5, bold=True, align=Align.CENTRE, width=wide)
    if doctor.licence:
        label = _("Licence no. {number}").format(number=doctor.licence)
        sheet.text(end - wide / 2, base - 2, label, size=7.5, align=Align.CENTRE, width=wide, colour=MUTED)
