"""Daily settlement, A4: takings by method and cashier, differences and their reasons, signatures, and the journal's head as anchor."""

from __future__ import annotations

from functools import partial

from clinic_desktop.documents.cleaning import cleaned
from clinic_desktop.documents.data import Settlement
from clinic_desktop.documents.grid import Column, Frame, foot, letterhead, table, title
from clinic_desktop.documents.sheet import A4, ACCENT_WASH, INK, MM, MUTED, WASH, Align, Sheet, pages
from clinic_desktop.documents.symbols import code128
from clinic_desktop.kernel.formats import currency_sign, date_text, datetime_text, money_text, number_text
from clinic_desktop.kernel.i18n import Language
from clinic_desktop.kernel.money import Money, total

_EDGE = 17 * MM
_FRAME = Frame(_EDGE, A4[0] - 2 * _EDGE, A4[1] - 20 * MM)
_END = _FRAME.x + _FRAME.width
_SIGN_OFF = 150.0


def settlement_pdf(settlement: Settlement, language: Language) -> bytes:
    """As many A4 pages as the tills need."""
    settlement = cleaned(settlement)
    return pages(A4, language, settlement.number, partial(_draw, settlement))


def _draw(settlement: Settlement, sheet: Sheet, page_count: int) -> None:
    turn = partial(_turn, sheet, settlement, page_count)
    y = _head(sheet, settlement)
    y = _figures(sheet, settlement, y)
    y = _methods(sheet, settlement, y, turn)
    y = _cashiers(sheet, settlement, y, turn)
    y = _discrepancies(sheet, settlement, y, turn)
    if settlement.note:
        y = sheet.paragraph(_FRAME.x, y + 16, settlement.note, width=_FRAME.width, size=8.5, most=5, colour=MUTED)
    if y + _SIGN_OFF > _FRAME.bottom:
        turn()
    _sign_off(sheet, settlement)
    foot(sheet, _FRAME, A4[1] - 11 * MM, _belongs(settlement), page_count)


def _belongs(settlement: Settlement) -> str:
    return f"{settlement.number} · {settlement.letterhead.clinic_name}"


def _turn(sheet: Sheet, settlement: Settlement, page_count: int) -> float:
    foot(sheet, _FRAME, A4[1] - 11 * MM, _belongs(settlement), page_count)
    sheet.next_page()
    return 17 * MM


def _plain(amount: Money, language: Language) -> str:
    return money_text(amount, language, sign=False)


def _head(sheet: Sheet, settlement: Settlement) -> float:
    _ = sheet.language.gettext
    top = 14 * MM
    left = letterhead(sheet, settlement.letterhead, _FRAME.x, top, _FRAME.width * 0.5)
    right = title(sheet, _END, top, _("Daily settlement"), settlement.number, width=_FRAME.width * 0.46, is_reprint=settlement.is_reprint)
    y = max(left, right) + 16
    sheet.text(_FRAME.x, y, date_text(settlement.day, sheet.language, weekday=True), size=11, bold=True, width=_FRAME.width * 0.5)
    when = datetime_text(settlement.settled_at, sheet.language, timezone=settlement.timezone)
    # Two texts: in one, a Latin name would draw the first figure of an Arabic date to its side.
    wide = _FRAME.width * 0.46
    taken = sheet.text(_END, y, when, size=8.5, align=Align.END, width=wide, colour=MUTED, follows_language=True)
    if settlement.settled_by:
        sheet.text(_END - taken - 10, y, settlement.settled_by, size=8.5, align=Align.END, width=wide - taken - 10, colour=MUTED)
    return y + 12


def _figures(sheet: Sheet, settlement: Settlement, y: float) -> float:
    _ = sheet.language.gettext
    tiles = (
        (_("Billed"), settlement.billed),
        (_("Received"), settlement.received),
        (_("Refunded"), settlement.refunded),
        (_("Net takings"), settlement.net),
        (_("Discounts"), settlement.discounts),
        (_("Tax"), settlement.tax),
        (_("Outstanding"), settlement.outstanding),
        (_("Doctors' share"), settlement.doctors_share),
        (_("Centre's share"), settlement.centre_share),
    )
    wide = (_FRAME.width - 4 * 8) / 5
    for position, (name, amount) in enumerate(tiles):
        _tile(sheet, y, position, name, wide, amount, strong=position == 3)
    _tile(sheet, y, len(tiles), _("Invoices"), wide, settlement.invoices)
    return y + 2 * 48 + 2


def _tile(sheet: Sheet, y: float, position: int, name: str, wide: float, value: Money | int, *, strong: bool = False) -> None:
    x, top = _FRAME.x + (position % 5) * (wide + 8), y + (position // 5) * 48
    sheet.box(x, top, wide, 40, fill=ACCENT_WASH if strong else WASH, radius=5)
    sheet.text(x + 8, top + 14, name, size=7.5, width=wide - 16, colour=MUTED)
    shown = money_text(value, sheet.language) if isinstance(value, Money) else number_text(value, sheet.language)
    signed = shown.replace("-", "\u200e-") if sheet.is_right_to_left else shown
    sheet.text(x + 8, top + 30, signed, size=11.5, least=5, bold=True, width=wide - 16, follows_language=True)


def _section(sheet: Sheet, y: float, name: str, turn: partial[float]) -> float:
    if y + 70 > _FRAME.bottom:
        y = turn() - 10
    sheet.text(_FRAME.x, y + 24, name, size=10.5, bold=True, width=_FRAME.width)
    return y + 31


def _methods(sheet: Sheet, settlement: Settlement, y: float, turn: partial[float]) -> float:
    _ = sheet.language.gettext
    language = sheet.language
    sign = currency_sign(settlement.net.currency, language)
    columns = (
        Column(_("Method"), 34),
        Column(_("Payments"), 14, Align.END, 1),
        Column(_("Received"), 18, Align.END, 1),
        Column(_("Refunded"), 18, Align.END, 1),
        Column(_("Net ({currency})").format(currency=sign), 20, Align.END, 1, bold=True),
    )
    rows = [
        (one.method, number_text(one.count, language), *(_plain(part, language) for part in (one.received, one.refunded, one.net)))
        for one in settlement.methods
    ]
    sums = [total((getattr(one, part) for one in settlement.methods), settlement.net.currency) for part in ("received", "refunded", "net")]
    count = sum(one.count for one in settlement.methods)
    rows.append((_("Total"), number_text(count, language), *(_plain(part, language) for part in sums)))
    return table(sheet, _FRAME, _section(sheet, y, _("Takings by method"), turn), columns, rows, turn, ends_in_sum=True)


def _cashiers(sheet: Sheet, settlement: Settlement, y: float, turn: partial[float]) -> float:
    _ = sheet.language.gettext
    columns = (
        Column(_("Cashier"), 26),
        Column(_("Till"), 14),
        Column(_("Opening"), 15, Align.END, 1),
        Column(_("Cash in"), 16, Align.END, 1),
        Column(_("Cash out"), 15, Align.END, 1),
        Column(_("Expected"), 17, Align.END, 1),
        Column(_("Counted"), 17, Align.END, 1),
        Column(_("Difference"), 16, Align.END, 1, bold=True),
    )
    rows = [
        (
            one.cashier,
            one.till,
            *(_plain(part, sheet.language) for part in (one.opening, one.cash_in, one.cash_out, one.expected, one.counted, one.difference)),
        )
        for one in settlement.cashiers
    ]
    return table(sheet, _FRAME, _section(sheet, y, _("Cash by cashier"), turn), columns, rows, turn, size=8)


def _discrepancies(sheet: Sheet, settlement: Settlement, y: float, turn: partial[float]) -> float:
    _ = sheet.language.gettext
    y = _section(sheet, y, _("Differences"), turn)
    if not settlement.discrepancies:
        sheet.text(_FRAME.x, y + 8, _("None: every till agrees with its records."), size=9, width=_FRAME.width, colour=MUTED)
        return y + 14
    columns = (Column(_("Cashier"), 24), Column(_("Reason"), 60, most_lines=6), Column(_("Difference"), 18, Align.END, 1, bold=True))
    rows = [(one.cashier, one.reason, _plain(one.amount, sheet.language)) for one in settlement.discrepancies]
    return table(sheet, _FRAME, y, columns, rows, turn)


def _sign_off(sheet: Sheet, settlement: Settlement) -> None:
    _ = sheet.language.gettext
    base = _FRAME.bottom - 4
    wide = (_FRAME.width - 2 * 24) / 3
    for position, role in enumerate((_("Cashier"), _("Checked by"), _("Manager"))):
        x = _FRAME.x + position * (wide + 24)
        sheet.rule(x, base - 82, wide, weight=0.8, colour=INK)
        sheet.text(x, base - 71, role, size=7.5, width=wide * 0.6, colour=MUTED)
        sheet.text(x + wide, base - 71, _("Date"), size=7.5, width=wide * 0.35, align=Align.END, colour=MUTED)
    sheet.box(_FRAME.x, base - 56, _FRAME.width, 52, fill=WASH, radius=5)
    x, inner = _FRAME.x + 10, _FRAME.width - 20 - 62 * MM
    sheet.text(x, base - 42, _("Anchor of the records"), size=7.5, width=inner, colour=MUTED)
    entry = _("Journal entry {seq}").format(seq=settlement.journal_seq)
    taken = sheet.text(x, base - 29, entry, size=9, bold=True, width=inner)
    printed = _("Printed {when}").format(when=datetime_text(settlement.printed_at, sheet.language, timezone=settlement.timezone))
    sheet.text(x + taken + 10, base - 29, printed, size=7.5, width=inner - taken - 10, colour=MUTED, follows_language=True)
    sheet.paragraph(x, base - 18, settlement.journal_hash, width=inner, size=7, most=2, leading=1.25)
    code128(sheet, settlement.number, x=_END - 10 - 58 * MM, y=base - 46, width=58 * MM, height=32)
