"""What the edges receive: all use cases in one frozen object, and what a till screen needs besides."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from visionscan_kiosk.services.accuracy import AccuracyService
from visionscan_kiosk.services.auto_add import AutoAddService
from visionscan_kiosk.services.basket_operations import BasketOperationService
from visionscan_kiosk.services.camera_feed import OpenCapture
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.checkout import CheckoutService
from visionscan_kiosk.services.counter_memory import CounterMemoryService
from visionscan_kiosk.services.detection import DetectionService
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.empty_counter import EmptyCounterService
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.label_reading import LabelService
from visionscan_kiosk.services.model_trial import ModelTrialService
from visionscan_kiosk.services.movement import MovementService
from visionscan_kiosk.services.naming import NamingService
from visionscan_kiosk.services.ports import SimulatedCounterPort
from visionscan_kiosk.services.product_files import ProductFileService
from visionscan_kiosk.services.product_pictures import ProductPictureService
from visionscan_kiosk.services.recognition_ports import ItemFinder, SceneGate
from visionscan_kiosk.services.sales import SaleService
from visionscan_kiosk.services.sessions import SessionService
from visionscan_kiosk.services.shop_settings import ShopSettingsService
from visionscan_kiosk.services.teaching import TeachingService
from visionscan_kiosk.services.till_preferences import AS_INSTALLED, TillPreferences
from visionscan_kiosk.services.vision_models import VisionModelService
from visionscan_kiosk.services.wrong_items import WrongItemService


@dataclass(frozen=True, slots=True)
class KioskServices:
    """The use cases of the shop; screen, HTTP and command line see nothing behind them."""

    catalogue: ProductCatalogue
    inventory: InventoryService
    sessions: SessionService
    basket_operations: BasketOperationService
    checkout: CheckoutService
    sales: SaleService
    movements: MovementService
    detection: DetectionService
    product_files: ProductFileService
    product_pictures: ProductPictureService
    naming: NamingService
    teaching: TeachingService
    labels: LabelService
    accuracy: AccuracyService
    shop_settings: ShopSettingsService
    empty_counters: EmptyCounterService
    counter_memories: CounterMemoryService
    vision_models: VisionModelService
    model_trial: ModelTrialService
    auto_add: AutoAddService
    wrong_items: WrongItemService


@dataclass(frozen=True, slots=True)
class ScannerHabits:
    """How the hand scanners of a till are set up; most need nothing of it.

    `slowest_key_ms`: keys that are further apart are a person's. `prefix` and `suffix` are texts that every
    code begins or ends with; they mark even a short code, and are no part of it.
    """

    slowest_key_ms: int = 40
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class TillProfile:
    """How this till presents itself. `theme` is `light` or `dark`."""

    shop_name: str
    till_id: str
    till_name: str
    currency_sign: str
    theme: str
    scanner: ScannerHabits = ScannerHabits()


@dataclass(frozen=True, slots=True)
class TillEquipment:
    """Everything a till screen works with. `counter` is the demo's drawn counter, None with a real camera.

    `renew_lease` holds the till's identity for another while; it raises TillIdentityInUse. `preferences` is
    what was set on this till, `keep_preferences` keeps it over a restart; it raises TillFolderUnwritable.
    """

    services: KioskServices
    profile: TillProfile
    open_capture: OpenCapture
    counter: SimulatedCounterPort | None
    check_model: Callable[[], DetectorHealth]
    scene_gate: SceneGate
    item_finder: ItemFinder
    renew_lease: Callable[[], None] = lambda: None
    preferences: TillPreferences = AS_INSTALLED
    keep_preferences: Callable[[TillPreferences], None] = lambda _: None
