"""A small shop on real PostgreSQL for tests of the till: services wired as bootstrap does it."""

from __future__ import annotations

from decimal import Decimal

from visionscan_kiosk.domain.product import NewProduct, Product
from visionscan_kiosk.services.kiosk import KioskServices, TillProfile

PROFILE = TillProfile("Corner Greens", "till-1", "Till 1", "€", "light")
OAT_MILK_CODE = "4006381333931"
UNKNOWN_CODE = "5901234123457"
MISREAD_CODE = "4006381333932"

_GOODS = (
    NewProduct("OAT-1L", "Oat milk 1 l", "Drinks", Decimal("2.19"), 20, barcodes=(OAT_MILK_CODE,)),
    NewProduct("BUT-S", "Salted butter 250 g", "Dairy", Decimal("2.89"), 10),
    NewProduct("BUT-U", "Unsalted butter 250 g", "Dairy", Decimal("2.89"), 10),
    NewProduct("APL-R", "Red apple", "Fruit & veg", Decimal("0.45"), 1, aliases=("apple, red",)),
)


def stock_shop(services: KioskServices) -> dict[str, Product]:
    """Create the goods; return them by SKU."""
    return {goods.sku: services.inventory.create_product(goods) for goods in _GOODS}
