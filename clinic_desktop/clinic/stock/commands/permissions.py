"""The permission that setting up the catalogue of stock needs."""

from __future__ import annotations

from clinic_desktop.kernel.i18n import N_
from clinic_desktop.kernel.security import permission

ITEMS = permission("stock.items", N_("Set up stock items, medicines, locations and suppliers"), "inventory_manager", "pharmacist")
