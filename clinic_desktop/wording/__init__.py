"""The one place that words what the core says in codes: refusals, reasons of refused input, and statuses.

Each department's sentences stand in the module of its name; they are collected here.
"""

from __future__ import annotations

import pkgutil
from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import Enum
from functools import cache
from importlib import import_module
from typing import Any

from clinic_desktop.clinic.access.rules import DEFAULT_ROLES
from clinic_desktop.kernel.errors import ClinicError, InvalidInput
from clinic_desktop.kernel.formats import date_text, datetime_text, isolated, money_text, time_text
from clinic_desktop.kernel.i18n import Language, _, active
from clinic_desktop.kernel.money import Money
from clinic_desktop.kernel.security import declared_permissions
from clinic_desktop.wording.entities import ENTITIES
from clinic_desktop.wording.statuses import STATUSES

_STATUS_PARAMS = ("status", "current", "wanted", "method")
_NAMED = {**DEFAULT_ROLES, "service": ENTITIES["services"]}
"""Codes that refusals name: roles, and what a simulated day lacks."""
_zone = "UTC"


def tell_times_in(timezone: str) -> None:
    """Word instants in this zone: the clinic's."""
    global _zone
    _zone = timezone


def told_zone() -> str:
    """The zone in which instants are worded."""
    return _zone


@cache
def _collected(table: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for module in pkgutil.iter_modules(__path__):
        for code, sentence_ in getattr(import_module(f"{__name__}.{module.name}"), table, {}).items():
            found.setdefault(code, sentence_)
    return found


def words() -> Mapping[str, str]:
    """The sentence of each error code. A sentence for ``code:reason`` goes before that of ``code``."""
    return _collected("WORDS")


def reasons() -> Mapping[str, str]:
    """The sentence of each reason of InvalidInput."""
    return _collected("REASONS")


def sentence(error: ClinicError, language: Language | None = None) -> str:
    """What happened and what to do, for a person; in the language given or else the active one."""
    spoken = language or active()
    if isinstance(error, InvalidInput):
        return _filled(reasons().get(error.reason) or reasons()["other"], {**error.params, "code": error.reason}, spoken)
    if "permission" in error.params and error.code == "permission_denied":
        return _filled(words()[error.code], {**error.params, "permission": _permission_title(str(error.params["permission"]))}, spoken)
    if error.code == "illegal_transition" and str(error.params.get("wanted")) not in STATUSES:
        return _filled(words()["illegal_transition:act"], error.params, spoken)  # an act, such as crediting, has no status of its own
    special = words().get(f"{error.code}:{error.params.get('reason')}")
    template = special or words().get(error.code) or words()["error"]
    return _filled(template, {**error.params, "code": error.code}, spoken)


def status(value: str | Enum | None, language: Language | None = None) -> str:
    """A status, kind or method as a word, in the language given or else the active one."""
    code = str(value.value if isinstance(value, Enum) else value or "")
    known = STATUSES.get(code)
    return (language or active()).gettext(known) if known else code.replace("_", " ").capitalize()


def _filled(template: str, params: Mapping[str, Any], language: Language) -> str:
    texts: dict[str, str] = defaultdict(lambda: "…")
    texts.update({name: _text(name, value) for name, value in params.items()})
    return language.gettext(template).format_map(texts)


def _text(name: str, value: Any) -> str:
    if isinstance(value, Money):
        return money_text(value)
    if isinstance(value, datetime):
        return datetime_text(value, timezone=_zone)
    if isinstance(value, date):
        return date_text(value)
    if isinstance(value, time):
        return time_text(value)
    if isinstance(value, Enum) or (name in _STATUS_PARAMS and str(value) in STATUSES):
        return status(value)
    if name == "entity":
        return _(ENTITIES.get(str(value), "record"))
    if name in ("role", "what") and str(value) in _NAMED:
        return _(_NAMED[str(value)])
    # The isolate keeps a Latin number or name in its place in an Arabic sentence.
    return isolated(value) if isinstance(value, str) and name != "code" else str(value)


def _permission_title(code: str) -> str:

    return next((_(one.title) for one in declared_permissions() if one.code == code), code)
