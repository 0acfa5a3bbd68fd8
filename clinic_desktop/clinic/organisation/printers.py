"""Which printer a workstation uses for which document, kept as JSON with the workstation."""

from __future__ import annotations

import re
from collections.abc import Mapping

import msgspec

from clinic_desktop.kernel.errors import InvalidInput
from clinic_desktop.kernel.text import required_line, whole_number

MOST_COPIES = 9
_KIND = re.compile(r"[a-z_]{2,40}", re.ASCII)


class PrinterProfile(msgspec.Struct, frozen=True):
    """A printer by the name that the system gives it, and how many copies it prints."""

    printer: str
    copies: int = 1


PrinterProfiles = Mapping[str, PrinterProfile]
"""By kind of document."""


def profiles_text(profiles: PrinterProfiles) -> str | None:
    """What is stored of the profiles; None when there are none. Raises InvalidInput at the kind that is at fault."""
    kept = {}
    for kind, profile in sorted(profiles.items()):
        if not _KIND.fullmatch(kind):
            raise InvalidInput("printers", "unknown_document_kind", kind=kind)
        kept[kind] = PrinterProfile(required_line(profile.printer, kind, limit=200), whole_number(profile.copies, kind, 1, MOST_COPIES))
    return msgspec.json.encode(kept).decode() if kept else None


def profiles_of(stored: str | None) -> dict[str, PrinterProfile]:
    """The profiles that were stored."""
    return msgspec.json.decode(stored, type=dict[str, PrinterProfile]) if stored else {}
