"""How the steps of the set-up are called, and what the last of them sums up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from clinic_desktop.clinic.organisation.hours import week_hours
from clinic_desktop.kernel.formats import date_text, day_name, isolated, percent_text
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.screens.setup.page import Heading

if TYPE_CHECKING:
    from clinic_desktop.clinic.organisation.queries import TaxRow
    from clinic_desktop.ui.founding import Standing


def headings(*, has_keys: bool) -> list[Heading]:
    """The steps in their order; without encryption there is no recovery key."""
    steps = [
        Heading(
            "you",
            _("You"),
            _("Who are you?"),
            _("You will be the owner of this clinic's data. Your password opens it on this computer: it is encrypted."),
        ),
        Heading(
            "recovery",
            _("Recovery key"),
            _("Your recovery key"),
            _("If every password is forgotten, this key opens the data. Print it, and keep it away from this computer."),
        ),
        Heading("place", _("Hospital and branch"), _("Hospital and branch"), _("This is what stands on bills and prescriptions.")),
        Heading("hours", _("Opening hours"), _("When is the clinic open?"), _("Schedules of doctors begin with these times.")),
        Heading("departments", _("Departments"), _("Departments"), _("Tick what you have. Services and doctors belong to a department.")),
        Heading("tax", _("Taxes"), _("Taxes"), _("Further taxes and rates can be added afterwards, each with its first day.")),
        Heading("summary", _("Summary"), _("Ready to open"), _("All of this can be changed under Administration.")),
    ]
    return [one for one in steps if has_keys or one.code != "recovery"]


def summary_lines(found: Standing) -> list[tuple[str, str]]:
    """What the clinic has, in words."""
    lines: list[tuple[str, str]] = []
    if found.place is not None:
        place = found.place
        lines += [(_("Hospital"), _apart(place.hospital_name)), (_("Branch"), _apart(place.name))]
        address = ", ".join(part for part in ((place.hospital_address or "").replace("\n", ", "), place.hospital_phone or "") if part)
        lines += [(_("Address"), _apart(address or "–")), (_("Time and money"), f"{place.timezone}, {place.currency}")]
    lines.append((_("Open"), hours_words(found.working_hours)))
    lines.append((_("Departments"), ", ".join(found.departments) or "–"))
    lines.append((_("Tax"), "; ".join(map(_tax_words, found.taxes)) or _("none")))
    if found.opens_by_itself is not None:
        by_itself, asks = (
            _("opens the data by itself, as long as you are logged in to it"),
            _("asks for a password before it opens the data"),
        )
        lines.append((_("This computer"), by_itself if found.opens_by_itself else asks))
    return lines


def _apart(text: str) -> str:
    """The text as a whole of its own: figures of a Latin address would else change sides in an Arabic line."""
    return isolated(text)


def hours_words(text: str) -> str:
    """Opening hours for reading: days that are alike stand together."""
    days: list[tuple[list[int], str]] = []
    for day, spans in sorted(week_hours(text).items()):
        said = ", ".join(f"{start:%H:%M}–{end:%H:%M}" for start, end in spans)
        if days and days[-1][1] == said and days[-1][0][-1] == day - 1:
            days[-1][0].append(day)
        else:
            days.append(([day], said))
    return "; ".join(f"{_span_of_days(one)} {said}" for one, said in days) or "–"


def _span_of_days(days: list[int]) -> str:
    return day_name(days[0]) if len(days) == 1 else f"{day_name(days[0])}–{day_name(days[-1])}"


def _tax_words(tax: TaxRow) -> str:
    words = _("{tax} {rate}, in the price, from {day}") if tax.is_inclusive else _("{tax} {rate}, on top of the price, from {day}")
    return words.format(tax=tax.name, rate=percent_text(tax.rate_basis_points), day=date_text(tax.valid_from))
