"""The operator page's words, in the language that the browser asks for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Literal

from babel import dates

from clinic_desktop.kernel.formats import locale_of
from clinic_desktop.kernel.i18n import N_, SHIPPED_CODES, SOURCE_CODE, Language
from clinic_desktop.sync.overseeing import State

STATES: Mapping[State, tuple[str, str, str]] = {
    State.WELL: (N_("Up to date"), "good", "circle-check"),
    State.BEHIND: (N_("Catching up"), "info", "refresh-cw"),
    State.SILENT: (N_("Silent"), "warn", "clock"),
    State.LOST: (N_("No contact"), "bad", "cloud-off"),
    State.REVOKED: (N_("Revoked"), "neutral", "lock"),
}
"""The word, the colour and the icon of how a site stands: never the colour alone."""
PARKED = {
    "depends": N_("Waits for another change that is parked."),
    "parent_missing": N_("Belongs to a record that has not arrived."),
    "row_missing": N_("Belongs to a record that has not arrived."),
    "not_owner": N_("Changes a record that belongs to another site."),
    "shared": N_("Changes reference data that the central office keeps."),
}
"""Why a change set could not be taken; any other reason is shown as its code."""
_JUST_NOW = 10


def language_of(accepted: str) -> Language:
    """The first language that a browser accepts and the product speaks."""
    for wish in accepted.split(","):
        code = wish.partition(";")[0].strip().partition("-")[0].lower()
        if code in SHIPPED_CODES:
            return Language(code)
    return Language(SOURCE_CODE)


def ago(at: datetime, now: datetime, language: Language) -> str:
    """How long ago, in words."""
    if (now - at).total_seconds() < _JUST_NOW:
        return language.gettext("just now")
    return _directed(at - now, language)


def left(until: datetime, now: datetime, language: Language) -> str:
    """How long from now, in words."""
    return _directed(until - now, language)


def agreed(compared_at: datetime | None, agrees: bool | None, now: datetime, language: Language) -> str:
    """What came of the last comparison of digests."""
    if compared_at is None:
        return language.gettext("Never")
    said = language.gettext("Equal, {ago}") if agrees else language.gettext("Differed, {ago}")
    return said.format(ago=ago(compared_at, now, language))


def _directed(span: timedelta, language: Language) -> str:
    step: Literal["second", "minute"] = "second" if abs(span) < timedelta(minutes=1) else "minute"
    return str(dates.format_timedelta(span, granularity=step, add_direction=True, locale=locale_of(language.code), threshold=1))
