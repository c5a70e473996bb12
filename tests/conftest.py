"""Fixtures for all rooms: a real PostgreSQL, the use cases on it, and detectors of leaks."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from decimal import Decimal

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from sqlalchemy import Engine, text

from tests.databases import migrate, running_server
from tests.fake_label_reader import FakeLabelReader, build_labels
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_recogniser import FakeRecogniser, build_taught
from tests.fake_vision_models import FakeVisionModels
from tests.waiting import PATIENCE_S
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.product import NewProduct, Product
from visionscan_kiosk.persistence.answer_watch import WATCH_NAME
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.spare_databases import SpareDatabases
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.accuracy import AccuracyService
from visionscan_kiosk.services.auto_add import AutoAddService
from visionscan_kiosk.services.basket_operations import BasketOperationService
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.checkout import CheckoutService
from visionscan_kiosk.services.counter_memory import CounterMemoryService
from visionscan_kiosk.services.detection import DetectionService
from visionscan_kiosk.services.empty_counter import EmptyCounterService
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.model_trial import ModelTrialService
from visionscan_kiosk.services.movement import MovementService
from visionscan_kiosk.services.naming import NamingService
from visionscan_kiosk.services.ports import PictureDetector, UnitOfWorkFactory
from visionscan_kiosk.services.product_files import ProductFileService
from visionscan_kiosk.services.product_pictures import ProductPictureService
from visionscan_kiosk.services.sales import SaleService
from visionscan_kiosk.services.sessions import SessionService
from visionscan_kiosk.services.shop_settings import ShopSettings, ShopSettingsService
from visionscan_kiosk.services.teaching import TeachingService
from visionscan_kiosk.services.vision_models import VisionModels, VisionModelService
from visionscan_kiosk.services.wrong_items import WrongItemService
from visionscan_kiosk.vision.items import JpegCounterPictures
from visionscan_kiosk.vision.photos import JpegPhotos

MakeProduct = Callable[..., Product]

# No test asserts wall-clock time: a slow machine is not a fault.
hypothesis_settings.register_profile("shop", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("shop")

_EMPTY = """
    DELETE FROM shop_settings;
    DELETE FROM empty_counters;
    DELETE FROM idempotency_keys;
    DELETE FROM api_keys;
    DELETE FROM till_leases;
    DELETE FROM counter_memories;
    DELETE FROM basket_operations;
    DELETE FROM tenders;
    DELETE FROM inventory_movements;
    DELETE FROM scan_items;
    DELETE FROM scan_sessions;
    DELETE FROM inventory_master;
    UPDATE catalogue_revision SET revision = 1;
    ALTER SEQUENCE receipt_numbers RESTART;
"""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest: what mostly waits then runs beside all the rest, and not at the end alone."""

    def seconds(item: pytest.Item) -> float:
        marker = item.get_closest_marker("long")
        return marker.kwargs["seconds"] if marker is not None else 0.0

    items.sort(key=seconds, reverse=True)


@pytest.fixture(autouse=True)
def _no_leaked_threads() -> Iterator[None]:
    """A thread that outlives its test belongs to nobody and fails it."""
    before = set(threading.enumerate())
    yield
    for thread in set(threading.enumerate()) - before:
        if isinstance(thread, threading._DummyThread):
            continue  # a thread that another toolkit made and ends
        if thread.name == WATCH_NAME:
            continue  # ends with its engine, and that of many tests is one
        thread.join(PATIENCE_S)
        assert not thread.is_alive(), f"{thread.name} still runs"


@pytest.fixture(scope="session")
def database_server() -> Iterator[SpareDatabases]:
    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def template_database(database_server: SpareDatabases) -> Iterator[str]:
    """The name of a migrated, empty database to copy; nobody may be connected to it."""
    name = database_server.create()
    migrate(database_server.url(name))
    yield name
    database_server.drop(name)


@pytest.fixture(scope="session")
def _shared_engine(database_server: SpareDatabases, template_database: str) -> Iterator[Engine]:
    name = database_server.create(template_database)
    engine = create_engine_for(database_server.url(name))
    yield engine
    engine.dispose()
    database_server.drop(name)


@pytest.fixture
def engine(_shared_engine: Engine) -> Iterator[Engine]:
    """An engine on a migrated database without rows; what a test commits is gone before the next."""
    with _shared_engine.begin() as connection:
        connection.execute(text(_EMPTY))
    yield _shared_engine
    assert _shared_engine.pool.checkedout() == 0, "a connection was not given back"  # type: ignore[attr-defined]


@pytest.fixture
def database_url(engine: Engine) -> str:
    """The URL of the same database as `engine`."""
    return engine.url.set(drivername="postgresql").render_as_string(hide_password=False)


@pytest.fixture
def own_database_url(database_server: SpareDatabases, template_database: str) -> Iterator[str]:
    """A migrated database for this test alone: for what other connections or another schema would disturb."""
    name = database_server.create(template_database)
    yield database_server.url(name)
    database_server.drop(name)


@pytest.fixture
def empty_database_url(database_server: SpareDatabases) -> Iterator[str]:
    """A database without any table."""
    name = database_server.create()
    yield database_server.url(name)
    database_server.drop(name)


@pytest.fixture
def unit_of_work(engine: Engine) -> UnitOfWorkFactory:
    return lambda: SqlUnitOfWork(engine)


@pytest.fixture
def picture_detector() -> FakePictureDetector:
    return FakePictureDetector()


@pytest.fixture
def services(unit_of_work: UnitOfWorkFactory, picture_detector: FakePictureDetector) -> KioskServices:
    """All use cases on the real database; only the eyes are a fake."""
    return build_services(unit_of_work, picture_detector)


@pytest.fixture
def make_product(services: KioskServices) -> MakeProduct:
    """Create a product with sensible fields: `make_product("Red Apple", stock=3)`."""

    def make(name: str = "Red Apple", **fields: object) -> Product:
        return services.inventory.create_product(new_product(name, **fields))

    return make


def new_product(name: str = "Red Apple", **fields: object) -> NewProduct:
    values = {
        "sku": name.upper().replace(" ", "-"),
        "category": "Fruit",
        "price": Decimal("1.25"),
        "stock": 10,
    }
    return NewProduct(**{"name": name, **values, **fields})  # type: ignore[arg-type]


def build_services(
    unit_of_work: UnitOfWorkFactory,
    detector: PictureDetector,
    models: VisionModels | None = None,
    reader: FakeLabelReader | None = None,
) -> KioskServices:
    catalogue = ProductCatalogue(unit_of_work, CatalogueMatcher())
    taught = build_taught(unit_of_work)
    shop_settings = ShopSettingsService(unit_of_work, ShopSettings())
    labels = build_labels(
        unit_of_work, reader or FakeLabelReader(), lambda: shop_settings.read().reads_labels
    )
    models = models or FakeVisionModels()
    vision_models = VisionModelService(models, shop_settings)
    return KioskServices(
        catalogue=catalogue,
        inventory=InventoryService(unit_of_work, catalogue),
        sessions=SessionService(unit_of_work, catalogue),
        basket_operations=BasketOperationService(unit_of_work, catalogue),
        checkout=CheckoutService(unit_of_work),
        sales=SaleService(unit_of_work),
        movements=MovementService(unit_of_work),
        detection=DetectionService(unit_of_work, catalogue, detector, taught, labels),
        product_files=ProductFileService(unit_of_work),
        product_pictures=ProductPictureService(unit_of_work, JpegPhotos(), JpegPhotos().decode),
        naming=NamingService(unit_of_work, catalogue),
        teaching=TeachingService(unit_of_work, taught, JpegPhotos(), labels),
        labels=labels,
        accuracy=AccuracyService(unit_of_work),
        shop_settings=shop_settings,
        empty_counters=EmptyCounterService(unit_of_work, JpegCounterPictures()),
        counter_memories=CounterMemoryService(unit_of_work),
        vision_models=vision_models,
        model_trial=ModelTrialService(
            unit_of_work, catalogue, models, vision_models, taught, JpegPhotos(), FakeRecogniser
        ),
        auto_add=AutoAddService(unit_of_work, shop_settings),
        wrong_items=WrongItemService(unit_of_work),
    )
