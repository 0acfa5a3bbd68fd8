"""What to keep when a record was changed by somebody else while it was being edited (no Qt)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

PARTS = ("main", "more")


def merged(base: Mapping[str, Any], mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> dict[str, Any]:
    """The draft with what I typed, and their new values where I typed nothing; all three are drafts of one form."""
    kept = dict(mine)
    for part in PARTS:
        kept[part] = {name: theirs[part][name] if raw == base[part][name] else raw for name, raw in mine[part].items()}
    return kept


def changed(base: Mapping[str, Any], theirs: Mapping[str, Any]) -> list[str]:
    """The names of the fields that somebody else changed."""
    return [name for part in PARTS for name, raw in theirs[part].items() if raw != base[part][name]]
