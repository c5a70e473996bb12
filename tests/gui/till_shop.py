"""A small shop on real PostgreSQL for tests of the till: services wired as bootstrap does it."""

from __future__ import annotations

from decimal import Decimal

from tests.fake_recogniser import build_taught
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.product import NewProduct, Product
from visionscan_kiosk.services.accuracy import AccuracyService
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.checkout import CheckoutService
from visionscan_kiosk.services.detection import DetectionService
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.kiosk import KioskServices, TillProfile
from visionscan_kiosk.services.movement import MovementService
from visionscan_kiosk.services.naming import NamingService
from visionscan_kiosk.services.ports import PictureDetector, UnitOfWorkFactory
from visionscan_kiosk.services.product_files import ProductFileService
from visionscan_kiosk.services.sessions import SessionService
from visionscan_kiosk.services.teaching import TeachingService
from visionscan_kiosk.vision.photos import JpegPhotos

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


def build_services(unit_of_work: UnitOfWorkFactory, detector: PictureDetector) -> KioskServices:
    catalogue = ProductCatalogue(unit_of_work, CatalogueMatcher())
    taught = build_taught(unit_of_work)
    return KioskServices(
        catalogue=catalogue,
        inventory=InventoryService(unit_of_work, catalogue),
        sessions=SessionService(unit_of_work, catalogue),
        checkout=CheckoutService(unit_of_work),
        movements=MovementService(unit_of_work),
        detection=DetectionService(unit_of_work, catalogue, detector, taught),
        product_files=ProductFileService(unit_of_work),
        naming=NamingService(unit_of_work, catalogue),
        teaching=TeachingService(unit_of_work, taught, JpegPhotos()),
        accuracy=AccuracyService(unit_of_work),
    )


def stock_shop(services: KioskServices) -> dict[str, Product]:
    """Create the goods; return them by SKU."""
    return {goods.sku: services.inventory.create_product(goods) for goods in _GOODS}
