"""What screens and other departments ask about stock."""

from clinic_desktop.clinic.stock.queries.holdings import (
    BatchRow,
    LocationRow,
    MovementRow,
    StockRow,
    batches,
    locations,
    low_stock,
    movements,
    pickable,
    stock_on_hand,
    usable_on,
)
from clinic_desktop.clinic.stock.queries.medicines import MedicineHit, MedicineRow, medicine_hits, medicines

__all__ = [
    "BatchRow",
    "LocationRow",
    "MedicineHit",
    "MedicineRow",
    "MovementRow",
    "StockRow",
    "batches",
    "locations",
    "low_stock",
    "medicine_hits",
    "medicines",
    "movements",
    "pickable",
    "stock_on_hand",
    "usable_on",
]
