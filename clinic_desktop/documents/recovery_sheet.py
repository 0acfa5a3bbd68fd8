"""The recovery sheet, A4: the key in numbered groups, whose it is, and what to do with it. Nothing of it is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import partial

from clinic_desktop.documents.sheet import A4, ACCENT, HAIR, INK, MM, MUTED, WASH, Align, Sheet, pages
from clinic_desktop.kernel.formats import datetime_text
from clinic_desktop.kernel.i18n import Language

_EDGE = 22 * MM
_WIDTH = A4[0] - 2 * _EDGE
_COLUMNS = 4
_HIGH = 44.0


@dataclass(frozen=True, slots=True)
class RecoverySheet:
    """The key in its groups, for whom it was made, when, and the clinic where one is named already."""

    groups: tuple[str, ...]
    made_for: str
    made_at: datetime
    timezone: str
    clinic: str = ""


def recovery_pdf(sheet: RecoverySheet, language: Language) -> bytes:
    """One A4 page."""
    return pages(A4, language, language.gettext("Recovery key"), partial(_draw, sheet))


def _draw(content: RecoverySheet, sheet: Sheet, _pages: int) -> None:
    _ = sheet.language.gettext
    y = 30 * MM
    sheet.text(_EDGE, y, _("Recovery key"), size=22, bold=True, width=_WIDTH, colour=ACCENT)
    if content.clinic:
        sheet.text(_EDGE, y + 20, content.clinic, size=11, width=_WIDTH)
    text = _("This key opens all data of the clinic when every password is forgotten, or the computer is replaced.")
    y = sheet.paragraph(_EDGE, y + 44, text, width=_WIDTH, size=10.5)
    y = _groups(content, sheet, y + 12)
    y = sheet.paragraph(_EDGE, y + 24, _("Keep this sheet"), width=_WIDTH, size=12, bold=True)
    for advice in (
        _("in a safe or another locked place, away from the computer;"),
        _("where the owner of the clinic can reach it, and nobody else;"),
        _("until a newer key is made. Then destroy it: it may open old backups."),
    ):
        sheet.text(_EDGE, y + 2, "•", size=10.5, colour=ACCENT)
        y = sheet.paragraph(_EDGE + 14, y + 2, advice, width=_WIDTH - 14, size=10.5)
    text = _(
        "To use it, choose “Use the recovery key” on the page that asks for your password. Capital or small letters make no difference."
    )
    y = sheet.paragraph(_EDGE, y + 18, text, width=_WIDTH, size=10.5)
    _signed(content, sheet, y + 30)


def _groups(content: RecoverySheet, sheet: Sheet, y: float) -> float:
    wide = (_WIDTH - (_COLUMNS - 1) * 10) / _COLUMNS
    for place, group in enumerate(content.groups):
        line, column = divmod(place, _COLUMNS)
        # The key runs from the left in every language, like the numbers of its groups.
        x = _EDGE + (_COLUMNS - 1 - column if sheet.is_right_to_left else column) * (wide + 10)
        top = y + line * (_HIGH + 12)
        sheet.box(x, top, wide, _HIGH, fill=WASH, stroke=HAIR, radius=5)
        sheet.text(x + wide / 2, top + 13, str(place + 1), size=8, align=Align.CENTRE, colour=MUTED)
        sheet.text(x + wide / 2, top + 33, group, size=17, bold=True, align=Align.CENTRE, width=wide - 8, colour=INK)
    lines = -(-len(content.groups) // _COLUMNS)
    return y + lines * (_HIGH + 12)


def _signed(content: RecoverySheet, sheet: Sheet, y: float) -> None:
    _ = sheet.language.gettext
    made = _("Made for {name}").format(name=content.made_for)
    when = datetime_text(content.made_at, sheet.language, timezone=content.timezone)
    sheet.rule(_EDGE, y, _WIDTH)
    # Two texts: in one, a Latin name would draw the first figure of an Arabic date to its side.
    sheet.text(_EDGE, y + 16, made, size=9, width=_WIDTH * 0.6, colour=MUTED)
    sheet.text(_EDGE + _WIDTH, y + 16, when, size=9, width=_WIDTH * 0.35, align=Align.END, colour=MUTED, follows_language=True)
