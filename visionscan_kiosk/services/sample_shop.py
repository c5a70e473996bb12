"""Stocks the demo's shop from the sample folder: products, pictures, and a delivery when goods run low."""

from __future__ import annotations

from pathlib import Path

from visionscan_kiosk.domain.product import Product, ProductPicture
from visionscan_kiosk.services.kiosk import KioskServices

_LOW = 2
_DELIVERY = 40


def stock_sample_shop(services: KioskServices, sample: Path) -> None:
    """Bring the sample shop to life; what was sold, changed or taught in it stays."""
    if not services.inventory.count_products():
        with (sample / "products.csv").open(encoding="utf-8", newline="") as file:
            services.product_files.import_products(file)
        for product in services.inventory.list_products():
            _hang_up_picture(services, product, sample / "pictures" / f"{product.sku}.png")
        return
    for product in services.inventory.list_products():
        if product.stock < _LOW:
            services.movements.restock(product.id, _DELIVERY, "Delivery to the sample shop")


def _hang_up_picture(services: KioskServices, product: Product, path: Path) -> None:
    if path.exists():
        services.inventory.set_picture(ProductPicture(product.id, path.read_bytes(), "image/png"))
