"""How clinical rows of several sites become one (pure): beside what the models declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic_desktop.kernel.ids import made_at
from clinic_desktop.kernel.merging import Values, journal_time


def stands(row: Mapping[str, Any]) -> bool:
    """Whether a diagnosis was not taken back."""
    return row.get("removed_at") is None


def taken_back(row: Values, _other: Values) -> Values:
    """A diagnosis that another site has made already, taken back at the moment it was made."""
    return {"removed_at": journal_time(made_at(row["id"]))}
