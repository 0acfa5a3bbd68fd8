"""Receipt of a payment for 80 mm paper; its length follows its content, its ink is black only."""

from __future__ import annotations

from functools import partial
from io import BytesIO

from reportlab.lib.utils import ImageReader

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import Letterhead, Receipt, ReceiptLine
from clinic_desktop.documents.sheet import BLACK, MM, Align, Sheet, roll
from clinic_desktop.documents.symbols import code128
from clinic_desktop.kernel.formats import datetime_text, money_text
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money

WIDTH_80 = 80 * MM
DPI = 203
EDGE = 5 * MM
_INNER = WIDTH_80 - 2 * EDGE
_LOGO = 13 * MM


def receipt_pdf(receipt: Receipt, language: Language) -> bytes:
    """One page as long as the receipt."""
    receipt = cleaned(receipt)
    return roll(WIDTH_80, language, receipt.number, partial(_draw, receipt))


def head_pdf(head: Letterhead, language: Language) -> bytes:
    """The top of a roll alone: how the clinic will stand on its receipts."""
    head = cleaned(head)
    return roll(WIDTH_80, language, head.clinic_name, partial(_draw_head, head))


def _draw_head(head: Letterhead, sheet: Sheet) -> float:
    y = roll_head(sheet, head)
    thin_rule(sheet, y)
    return y + 4 * MM


def _draw(receipt: Receipt, sheet: Sheet) -> float:
    y = roll_head(sheet, receipt.letterhead)
    y = _title(sheet, receipt, y)
    y = _facts(sheet, receipt, y)
    y = _lines(sheet, receipt, y)
    y = _sums(sheet, receipt, y)
    y = _payments(sheet, receipt, y)
    return _foot(sheet, receipt, y)


def roll_head(sheet: Sheet, head: Letterhead) -> float:
    """The clinic's name and address centred at the top of a roll; returns where to go on."""
    middle, y = sheet.width / 2, 9 * MM
    if head.logo is not None:
        sheet.emblem(middle, 4 * MM, _INNER * 0.7, _LOGO, ImageReader(BytesIO(head.logo)), align=Align.CENTRE)
        y += _LOGO
    y = sheet.paragraph(middle, y, head.clinic_name, width=_INNER, size=13, bold=True, most=2, align=Align.CENTRE, colour=BLACK)
    details = (head.hospital_name, head.address, " · ".join(part for part in (head.phone, head.email) if part))
    y -= 3.5
    for detail in details:
        if detail:
            y = sheet.paragraph(middle, y, detail, width=_INNER, size=7.5, most=3, align=Align.CENTRE, colour=BLACK)
    if head.tax_number:
        label = sheet.language.gettext("Tax no. {number}").format(number=head.tax_number)
        sheet.text(middle, y, label, size=7.5, width=_INNER, align=Align.CENTRE, colour=BLACK)
        y += 10
    return y


def _title(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = sheet.language.gettext
    thin_rule(sheet, y)
    title = _("REFUND") if receipt.is_refund else _("RECEIPT")
    y += 15
    sheet.text(EDGE, y, title, size=10.5, bold=True, colour=BLACK, width=_INNER * 0.45)
    sheet.text(EDGE + _INNER, y, receipt.number, size=9.5, bold=True, align=Align.END, colour=BLACK, width=_INNER * 0.52)
    if receipt.is_reprint:
        y += 8
        copy_mark(sheet, y)
        y += 13
    return y + 14


def copy_mark(sheet: Sheet, y: float) -> None:
    """A black bar that says this is not the original."""
    sheet.box(EDGE, y - 3, _INNER, 14, fill=BLACK, radius=2)
    sheet.text(
        sheet.width / 2, y + 7, sheet.language.gettext("COPY"), size=8.5, bold=True, align=Align.CENTRE, colour="#FFFFFF", width=_INNER - 8
    )


def thin_rule(sheet: Sheet, y: float) -> None:
    """A dashed line across the roll."""
    sheet.rule(EDGE, y, _INNER, weight=0.7, colour=BLACK, dashed=True)


def pair(sheet: Sheet, y: float, title: str, value: str, *, size: float = 8, bold: bool = False) -> float:
    """A title at the start and its value at the end of one line; returns the next line's baseline."""
    taken = sheet.text(EDGE, y, title, size=size, bold=bold, width=_INNER * 0.42, colour=BLACK)
    sheet.text(EDGE + _INNER, y, value, size=size, bold=bold, align=Align.END, width=_INNER - taken - 8, colour=BLACK)
    return y + size * 1.5


def _facts(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = sheet.language.gettext
    rows = (
        (_("Date"), datetime_text(receipt.issued_at, sheet.language, timezone=receipt.timezone)),
        (_("Patient"), receipt.patient_name),
        (_("Patient no."), receipt.patient_number),
        (_("Doctor"), receipt.doctor),
        (_("Invoice"), receipt.invoice_number),
        (_("Billed by"), receipt.billed_by),
        (_("Cashier"), receipt.cashier),
    )
    for title, value in rows:
        if value:
            y = pair(sheet, y, title, value)
    return y


def _lines(sheet: Sheet, receipt: Receipt, y: float) -> float:
    if not receipt.lines:
        return y
    thin_rule(sheet, y - 6)
    y += 7
    for entry in receipt.lines:
        y = _line(sheet, entry, y)
    return y


def _line(sheet: Sheet, entry: ReceiptLine, y: float) -> float:
    amount = money_text(entry.amount, sheet.language, sign=False)
    sheet.text(EDGE + _INNER, y, amount, size=8, least=3, align=Align.END, width=_INNER * 0.3, colour=BLACK)
    described = f"{entry.quantity} × {entry.description}" if entry.quantity != 1 else entry.description
    return sheet.paragraph(EDGE, y, described, width=_INNER * 0.68, size=8, most=3, colour=BLACK) + 1.5


def _amount(sheet: Sheet, y: float, title: str, amount: Money, *, size: float = 8, bold: bool = False) -> float:
    sheet.text(EDGE, y, title, size=size, bold=bold, width=_INNER * 0.48, colour=BLACK)
    sheet.money(EDGE + _INNER, y, amount, size=size, bold=bold, width=_INNER * 0.5, colour=BLACK)
    return y + size * 1.5


def _sums(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = sheet.language.gettext
    thin_rule(sheet, y - 6)
    y += 7
    if receipt.discount:
        y = _amount(sheet, y, _("Discount"), -receipt.discount)
    if receipt.tax:
        y = _amount(sheet, y, _("Tax included"), receipt.tax)
    y = _amount(sheet, y, _("Invoice total"), receipt.invoice_total)
    if receipt.credited:
        y = _amount(sheet, y, _("Credited"), -receipt.credited)
    return _amount(sheet, y, _("Paid before"), receipt.paid_before) if receipt.paid_before else y


def _payments(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = sheet.language.gettext
    for paid in receipt.payments:
        named = f"{paid.method} · {paid.reference}" if paid.reference else paid.method
        y = _amount(sheet, y, named, paid.amount)
    taken = Money(sum(paid.amount.minor for paid in receipt.payments), receipt.invoice_total.currency)
    sheet.rule(EDGE, y - 5, _INNER, weight=1, colour=BLACK)
    y += 10
    y = _amount(sheet, y, _("Refunded") if receipt.is_refund else _("Paid now"), taken, size=12.5, bold=True)
    if receipt.tendered is not None:
        y = _amount(sheet, y - 2, _("Cash given"), receipt.tendered)
    if receipt.change:
        y = _amount(sheet, y, _("Change"), receipt.change)
    left = _("Balance due") if receipt.balance.minor >= 0 else _("To give back")
    return _amount(sheet, y + 1, left, abs(receipt.balance), size=9, bold=True)


def _foot(sheet: Sheet, receipt: Receipt, y: float) -> float:
    _ = sheet.language.gettext
    thin_rule(sheet, y - 4)
    y += 6
    if code128(sheet, receipt.number, x=EDGE, y=y, width=_INNER, height=11 * MM, dpi=DPI):
        y += 11 * MM + 9
        sheet.text(sheet.width / 2, y, receipt.number, size=7.5, align=Align.CENTRE, width=_INNER, colour=BLACK)
        y += 4
    y += 11
    sheet.text(sheet.width / 2, y, _("Thank you. We wish you good health."), size=8, align=Align.CENTRE, width=_INNER, colour=BLACK)
    return y + 6 * MM
