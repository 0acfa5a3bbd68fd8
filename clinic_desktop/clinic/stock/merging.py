"""How stock's rows of several sites become one (pure): beside what the models declare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clinic_desktop.clinic.stock.rules import ItemKind, item_search_text
from clinic_desktop.kernel.merging import Values


def item_search(row: Mapping[str, Any]) -> Values:
    """What an item is found by; a medicine's words lie in another row, and ``mending`` puts them together."""
    if row["kind"] == ItemKind.MEDICINE:
        return {}
    return {"search_text": item_search_text(row["code"], row["name"], {"barcode": row.get("barcode"), "category": row.get("category")})}
