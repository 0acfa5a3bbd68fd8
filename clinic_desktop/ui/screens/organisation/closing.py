"""The two buttons of a record that is taken out of use and put back."""

from __future__ import annotations

from functools import partial
from typing import Any

from clinic_desktop.kernel.commands import Command
from clinic_desktop.kernel.i18n import _
from clinic_desktop.ui.record_list import RecordList
from clinic_desktop.ui.widgets import BusyButton


def add_closing(
    records: RecordList, key: str, close: tuple[str, Command[..., Any]], reopen: tuple[str, Command[..., Any]], *, spare: Any = None
) -> tuple[BusyButton, BusyButton]:
    """Buttons with their words and commands; ``key`` is what the commands call the record, ``spare(row)`` says which cannot be closed."""
    shut, again = (BusyButton(words, icon_name=icon, role=None) for (words, _c), icon in ((close, "archive"), (reopen, "rotate-ccw")))
    shut.clicked.connect(partial(_run, records, shut, close[1], key, _("Taken out of use.")))
    again.clicked.connect(partial(_run, records, again, reopen[1], key, _("In use again.")))
    records.add_action(shut, shown=lambda row: row.is_active and (spare is None or not spare(row)))
    records.add_action(again, shown=lambda row: not row.is_active)
    return shut, again


def _run(records: RecordList, button: BusyButton, command: Command[..., Any], key: str, done: str, _checked: bool = False) -> None:
    row = records.record
    if row is not None:
        records.run(button, command, done=done, **{key: row.id, "row_version": row.row_version})
