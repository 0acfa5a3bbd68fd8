"""What the lists of services and staff have in common."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.record_list import RecordList
from clinic_desktop.ui.rows import Column, Row
from clinic_desktop.ui.theme.tokens import Tone
from clinic_desktop.ui.widgets import BusyButton


def in_use_column(withdrawn: str, *, width: int = 124) -> Column:
    """Whether a record is still offered."""
    return Column(
        _("Status"),
        lambda one: _("In use") if one.is_active else withdrawn,
        chip=lambda one: Tone.GOOD if one.is_active else Tone.NEUTRAL,
        width=width,
    )


def active_first(rows: Iterable[Row]) -> list[Row]:
    """Those in use before the others, each in their order."""
    return sorted(rows, key=lambda one: not one.is_active)


def add_ends(records: RecordList, withdraw: tuple[str, Any], restore: tuple[str, Any], given: Callable[[Row], dict[str, Any]]) -> None:
    """The two buttons of a record that is withdrawn and restored: their words and commands, and what these are given."""
    for (words, command), icon, done, is_for in (
        (withdraw, "archive", _("Not offered any more. Nothing that was recorded is lost."), True),
        (restore, "rotate-ccw", _("In use again."), False),
    ):
        button = BusyButton(words, icon_name=icon, role=None)
        button.clicked.connect(partial(_run, records, button, command, given, done))
        records.add_action(button, shown=partial(_is_active, is_for))


def _is_active(wanted: bool, row: Row) -> bool:
    return bool(row.is_active) is wanted


def _run(records: RecordList, button: BusyButton, command: Any, given: Callable[[Row], dict[str, Any]], done: str, _: bool = False) -> None:
    if records.record is not None:
        records.run(button, command, done=done, **given(records.record))
