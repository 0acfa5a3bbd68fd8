"""What people do with stock."""

from clinic_desktop.clinic.stock.commands.corrections import (
    ADJUST,
    ADJUSTMENT_LIMIT,
    APPROVE,
    RECALL,
    AdjustmentLine,
    AdjustmentRow,
    adjust_stock,
    approve_adjustment,
    quarantine_batch,
    recall_batch,
    reject_adjustment,
    release_batch,
    write_off,
)
from clinic_desktop.clinic.stock.commands.files import export_medicines, import_medicines
from clinic_desktop.clinic.stock.commands.items import (
    add_item,
    add_medicine,
    change_item,
    change_medicine,
    deactivate_item,
    restore_item,
    set_stock_levels,
)
from clinic_desktop.clinic.stock.commands.ledger import (
    Pick,
    Place,
    Reference,
    issue_many,
    issue_stock,
    lock_batches,
    place_of,
    post_movement,
)
from clinic_desktop.clinic.stock.commands.mending import find_by_every_word as find_by_every_word
from clinic_desktop.clinic.stock.commands.permissions import ITEMS
from clinic_desktop.clinic.stock.commands.places import add_location, add_supplier
from clinic_desktop.clinic.stock.commands.receipts import RECEIVE, ReceiptLine, ReceiptRow, add_to_stock, receive_stock, return_stock

__all__ = [
    "ADJUST",
    "ADJUSTMENT_LIMIT",
    "APPROVE",
    "ITEMS",
    "RECALL",
    "RECEIVE",
    "AdjustmentLine",
    "AdjustmentRow",
    "Pick",
    "Place",
    "ReceiptLine",
    "ReceiptRow",
    "Reference",
    "add_item",
    "add_location",
    "add_medicine",
    "add_supplier",
    "add_to_stock",
    "adjust_stock",
    "approve_adjustment",
    "change_item",
    "change_medicine",
    "deactivate_item",
    "export_medicines",
    "import_medicines",
    "issue_many",
    "issue_stock",
    "lock_batches",
    "place_of",
    "post_movement",
    "quarantine_batch",
    "recall_batch",
    "receive_stock",
    "reject_adjustment",
    "release_batch",
    "restore_item",
    "return_stock",
    "set_stock_levels",
    "write_off",
]
