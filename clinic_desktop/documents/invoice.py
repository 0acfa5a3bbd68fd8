"""A4 invoice: lines over several pages, tax breakdown, payments, and what is still due."""

from __future__ import annotations

from functools import partial

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import Invoice, InvoiceLine
from clinic_desktop.documents.grid import Column, Frame, fact, foot, letterhead, table, title
from clinic_desktop.documents.sheet import A4, ACCENT_WASH, ALARM, HAIR, INK, MM, MUTED, Align, Sheet, pages
from clinic_desktop.documents.symbols import code128
from clinic_desktop.kernel.formats import currency_sign, date_text, money_text, percent_text
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money

_EDGE = 17 * MM
_FRAME = Frame(_EDGE, A4[0] - 2 * _EDGE, A4[1] - 26 * MM)
_END = _FRAME.x + _FRAME.width
_FOOT = A4[1] - 13 * MM
_SUMS_WIDTH = 78 * MM


def invoice_pdf(invoice: Invoice, language: Language) -> bytes:
    """As many A4 pages as the lines need."""
    invoice = cleaned(invoice)
    return pages(A4, language, invoice.number, partial(_draw, invoice))


def _draw(invoice: Invoice, sheet: Sheet, page_count: int) -> None:
    y = _head(sheet, invoice)
    y = _lines(sheet, invoice, y, page_count)
    if y + _closing_height(invoice) > _FRAME.bottom:
        y = _turn(sheet, invoice, page_count)
    below = max(_sums(sheet, invoice, y + 14), _taxes(sheet, invoice, y + 14, page_count))
    _close(sheet, invoice, below)
    foot(sheet, _FRAME, _FOOT, _belongs(invoice), page_count)


def _belongs(invoice: Invoice) -> str:
    return f"{invoice.number} · {invoice.patient.number} · {invoice.letterhead.clinic_name}"


def _turn(sheet: Sheet, invoice: Invoice, page_count: int) -> float:
    foot(sheet, _FRAME, _FOOT, _belongs(invoice), page_count)
    sheet.next_page()
    sheet.text(_FRAME.x, 17 * MM, invoice.patient.full_name, size=9, bold=True, width=_FRAME.width * 0.6)
    sheet.text(_END, 17 * MM, invoice.number, size=9, align=Align.END, width=_FRAME.width * 0.35, colour=MUTED)
    return 22 * MM


def _head(sheet: Sheet, invoice: Invoice) -> float:
    _ = sheet.language.gettext
    top = 14 * MM
    left = letterhead(sheet, invoice.letterhead, _FRAME.x, top, _FRAME.width * 0.58)
    right = title(sheet, _END, top, _("Invoice"), invoice.number, width=_FRAME.width * 0.38, is_reprint=invoice.is_reprint)
    y = max(left, right) + 12
    return _parties(sheet, invoice, y)


def _parties(sheet: Sheet, invoice: Invoice, y: float) -> float:
    _ = sheet.language.gettext
    sheet.box(_FRAME.x, y, _FRAME.width, 62, fill=ACCENT_WASH, radius=6)
    x, column = _FRAME.x + 12, (_FRAME.width - 24) / 4
    person = invoice.patient
    known = " · ".join(part for part in (person.sex, person.age) if part)
    facts = (
        (0, 0, _("Patient"), person.full_name, 1.9, True),
        (2, 0, _("Patient no."), person.number, 0.95, False),
        (3, 0, _("Date"), date_text(invoice.issued_on, sheet.language), 0.95, False),
        (0, 1, _("Sex and age"), known, 0.95, False),
        (1, 1, _("Doctor"), invoice.doctor, 0.95, False),
        (2, 1, _("Visit"), invoice.visit_number, 0.95, False),
        (3, 1, _("Status"), invoice.status, 0.95, True),
    )
    for across, down, name, value, share, bold in facts:
        if value:
            fact(sheet, x + across * column, y + 15 + down * 27, name, value, width=column * share, bold=bold)
    return y + 76


def _lines(sheet: Sheet, invoice: Invoice, y: float, page_count: int) -> float:
    _ = sheet.language.gettext
    sign = currency_sign(invoice.total.currency, sheet.language)
    columns = (
        Column("#", 5),
        Column(_("Description"), 42),
        Column(_("Qty"), 8, Align.END, 1),
        Column(_("Price"), 15, Align.END, 1),
        Column(_("Discount"), 13, Align.END, 1),
        Column(_("Tax"), 9, Align.END, 1),
        Column(_("Amount ({currency})").format(currency=sign), 17, Align.END, 1, bold=True),
    )
    rows = [_line(position, entry, sheet.language) for position, entry in enumerate(invoice.lines, 1)]
    return table(sheet, _FRAME, y, columns, rows, lambda: _turn(sheet, invoice, page_count))


def _line(position: int, entry: InvoiceLine, language: Language) -> tuple[str, ...]:
    return (
        str(position),
        entry.description,
        str(entry.quantity),
        money_text(entry.unit_price, language, sign=False),
        money_text(entry.discount, language, sign=False) if entry.discount else "–",
        percent_text(entry.tax_basis_points, language) if entry.tax_basis_points else "–",
        money_text(entry.total, language, sign=False),
    )


def _closing_height(invoice: Invoice) -> float:
    sums = 7 * 16 + 15 * (len(invoice.payments) + len(invoice.credits))
    return 14 + max(sums, 40 + 18 * len(invoice.taxes)) + 66


def _sum(sheet: Sheet, y: float, name: str, amount: Money, *, size: float = 9, bold: bool = False, colour: str = INK) -> float:
    sheet.text(_END - _SUMS_WIDTH + 6, y, name, size=size, bold=bold, width=_SUMS_WIDTH * 0.5, colour=colour)
    sheet.money(_END - 6, y, amount, size=size, bold=bold, width=_SUMS_WIDTH * 0.48, colour=INK if colour == MUTED else colour)
    return y + size * 1.75


def _sums(sheet: Sheet, invoice: Invoice, y: float) -> float:
    _ = sheet.language.gettext
    y = _sum(sheet, y + 8, _("Subtotal"), invoice.subtotal, colour=MUTED)
    if invoice.discount:
        y = _sum(sheet, y, _("Discount"), -invoice.discount, colour=MUTED)
    included = invoice.total == invoice.subtotal - invoice.discount and invoice.tax
    y = _sum(sheet, y, _("Tax included") if included else _("Tax"), invoice.tax, colour=MUTED)
    sheet.rule(_END - _SUMS_WIDTH, y - 8, _SUMS_WIDTH, weight=1, colour=INK)
    y = _sum(sheet, y + 6, _("Total"), invoice.total, size=12, bold=True)
    for paid in (*invoice.credits, *invoice.payments):
        named = f"{paid.method} · {paid.reference}" if paid.reference else paid.method
        y = _sum(sheet, y, named, paid.amount, size=8.5, colour=MUTED)
    y = _sum(sheet, y, _("Paid"), invoice.paid)
    sheet.box(_END - _SUMS_WIDTH, y - 9, _SUMS_WIDTH, 23, fill=ACCENT_WASH, radius=4)
    left = _("Balance due") if invoice.balance.minor >= 0 else _("To give back")
    _sum(sheet, y + 6.5, left, abs(invoice.balance), size=11, bold=True, colour=ALARM if invoice.balance else INK)
    return y + 24


def _taxes(sheet: Sheet, invoice: Invoice, y: float, page_count: int) -> float:
    if not invoice.taxes:
        return y
    _ = sheet.language.gettext
    columns = (
        Column(_("Tax"), 32, most_lines=2),
        Column(_("Rate"), 16, Align.END, 1),
        Column(_("Taxable"), 28, Align.END, 1),
        Column(_("Tax amount"), 26, Align.END, 1),
    )
    rows = [
        (
            part.name,
            percent_text(part.rate_basis_points, sheet.language),
            money_text(part.taxable, sheet.language, sign=False),
            money_text(part.tax, sheet.language, sign=False),
        )
        for part in invoice.taxes
    ]
    frame = Frame(_FRAME.x, _FRAME.width - _SUMS_WIDTH - 22, _FRAME.bottom)
    return table(sheet, frame, y, columns, rows, lambda: _turn(sheet, invoice, page_count), size=8)


def _close(sheet: Sheet, invoice: Invoice, y: float) -> None:
    _ = sheet.language.gettext
    base = _FRAME.bottom - 4
    if invoice.note and y + 30 < base:
        sheet.paragraph(_FRAME.x, y + 14, invoice.note, width=_FRAME.width * 0.6, size=8, most=3, colour=MUTED)
    if code128(sheet, invoice.number, x=_FRAME.x, y=base - 34, width=66 * MM, height=25, centred=False):
        sheet.text(_FRAME.x, base, invoice.number, size=7, width=66 * MM, colour=MUTED)
    sheet.rule(_END - 60 * MM, base - 11, 60 * MM, colour=HAIR, weight=0.8)
    sheet.text(_END - 30 * MM, base, _("Authorised signature"), size=7.5, align=Align.CENTRE, width=58 * MM, colour=MUTED)
