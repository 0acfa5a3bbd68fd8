"""A card that was lost, replaced or is over: whoever scans it is told before anything opens, wherever that is."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from clinic_desktop import wording
from clinic_desktop.kernel.errors import ClinicError
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.widgets import ask


def warning_of(fault: ClinicError | None) -> str:
    """What is wrong with a card, in words; nothing of one that is in use."""
    return "" if fault is None else wording.sentence(fault)


def heeded(parent: QWidget, warning: str, then: Callable[[], object]) -> None:
    """Go on at once, or once somebody has read the warning and wants to."""
    if warning:
        ask(parent, _("This card is not valid"), warning, yes=_("Go on all the same"), then=then)
    else:
        then()
