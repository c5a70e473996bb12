"""The only place that builds things: settings in, a shop or a till out; all is closed in reverse order."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.concurrency.background import Background
from visionscan_kiosk.domain.errors import CameraUnavailable, Unavailable
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.persistence.backup import backup, restore
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.maintenance import check_consistency
from visionscan_kiosk.persistence.migrations import read_version, schema_version, upgrade
from visionscan_kiosk.persistence.till_folder import TillFolder
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.accuracy import AccuracyService
from visionscan_kiosk.services.api_keys import ApiKeyService, read_key_seeds
from visionscan_kiosk.services.auto_add import AutoAddService
from visionscan_kiosk.services.basket_operations import BasketOperationService
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.checkout import CheckoutService
from visionscan_kiosk.services.counter_memory import CounterMemoryService
from visionscan_kiosk.services.detection import DetectionService
from visionscan_kiosk.services.empty_counter import EmptyCounterService
from visionscan_kiosk.services.facade import FacadeEquipment, SchemaState
from visionscan_kiosk.services.idempotency import IdempotencyService, ServicesOn
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.kiosk import KioskServices, ScannerHabits, TillEquipment, TillProfile
from visionscan_kiosk.services.label_reading import LabelService
from visionscan_kiosk.services.model_trial import ModelTrialService
from visionscan_kiosk.services.movement import MovementService
from visionscan_kiosk.services.naming import NamingService
from visionscan_kiosk.services.ports import Image, PictureDetector, ProductQuery, UnitOfWorkFactory
from visionscan_kiosk.services.priors import SalesHistory
from visionscan_kiosk.services.product_files import ProductFileService
from visionscan_kiosk.services.product_pictures import MOST_BYTES, ProductPictureService, read_picture_file
from visionscan_kiosk.services.recognition import Recognising, RunLater, TaughtProducts
from visionscan_kiosk.services.recognition_ports import ItemFinder, ProductRecogniser
from visionscan_kiosk.services.sales import SaleService
from visionscan_kiosk.services.sample_shop import stock_sample_shop
from visionscan_kiosk.services.sessions import SessionService
from visionscan_kiosk.services.shop_settings import AutoAdd, ShopSettings, ShopSettingsService
from visionscan_kiosk.services.teaching import TeachingService
from visionscan_kiosk.services.till_lease import TillLeaseService
from visionscan_kiosk.services.vision_models import VisionModelService
from visionscan_kiosk.services.wrong_items import WrongItemService
from visionscan_kiosk.settings import KioskSettings

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from visionscan_kiosk.vision.counter import SimulatedCounter
    from visionscan_kiosk.vision.model_on_demand import ModelOnDemand
    from visionscan_kiosk.vision.ollama import OllamaModels

_LARGEST_PICTURE_PIXELS = 50_000_000
_PICTURES_TRIED = 30
_CLOSING_BUDGET_S = 3.0

_IMPORTED_AHEAD = ("visionscan_kiosk.vision.ollama", "numpy.ma")
"""The client of the vision models takes half a second; numpy reads the second at its first median."""
_LOG = logging.getLogger(__name__)


class Shop:
    """An open shop: its use cases, and what the command line needs besides."""

    def __init__(
        self,
        settings: KioskSettings,
        engine: Engine,
        model: ModelOnDemand,
        run_later: RunLater,
        eyes: PictureDetector | None = None,
    ) -> None:
        """Without `eyes` of its own the shop reads barcodes and asks the vision model."""
        self.settings = settings
        self.engine = engine
        self.run_later = run_later
        self.taught = _taught_products(settings, engine, run_later)
        self.labels = _label_service(settings, engine, run_later)
        self.sales = SalesHistory(lambda: SqlUnitOfWork(engine), run_later)
        build = _service_builder(
            settings, model, eyes or _eyes(model), (self.taught, self.labels, self.sales)
        )
        matcher = CatalogueMatcher(threshold=settings.fuzzy_match_threshold)
        catalogue = ProductCatalogue(self.unit_of_work, matcher)
        self.services = build(self.unit_of_work, catalogue)
        self.services_inside: ServicesOn = lambda open_work: build(open_work, catalogue.as_known())
        self.model = model

    def unit_of_work(self) -> SqlUnitOfWork:
        """Return a transaction that has not begun."""
        return SqlUnitOfWork(self.engine)

    def item_finder(self, empty_counter: Path | None) -> ItemFinder | None:
        """Return a finder that knows the empty counter in this picture, without one that of this till.

        None when the till of this folder never learned its counter.
        """
        picture = self._learned_counter() if empty_counter is None else self.read_picture(empty_counter)
        if picture is None:
            return None
        from visionscan_kiosk.vision.items import CounterItemFinder

        finder = CounterItemFinder()
        finder.learn_empty_counter(picture)
        return finder

    def _learned_counter(self) -> Image | None:
        till_id = TillFolder(self.settings.data_dir).known_till_id()
        return None if till_id is None else self.services.empty_counters.load(till_id)

    def read_picture(self, path: Path) -> Image:
        """Return the picture in a file; raise InvalidInput when it cannot be one."""
        return _decode_picture(read_picture_file(path))


class Database:
    """The shop's database for whoever looks after it."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def describe(self) -> str:
        """Return server and table versions in one line."""
        with self.engine.connect() as connection:
            server = ".".join(str(part) for part in connection.dialect.server_version_info or ())
        return f"PostgreSQL {server}, tables at version {schema_version()}"

    def check(self) -> list[str]:
        """Return a sentence for everything in the books that does not agree."""
        return check_consistency(self.engine)

    def back_up(self, target: Path) -> int:
        """Write everything to one file; return the number of rows."""
        return backup(self.engine, target).rows

    def restore(self, source: Path) -> int:
        """Replace everything by a backup; return the number of rows."""
        return restore(self.engine, source).rows


@contextmanager
def open_database(settings: KioskSettings, *, keeps_overflow: bool = False) -> Iterator[Database]:
    """Start the embedded server or use the one that is named, and bring the tables up to date."""
    with ExitStack() as stack:
        url, revive = _server(settings, stack)
        engine = create_engine_for(url, log_sql=settings.debug, keeps_overflow=keeps_overflow, revive=revive)
        stack.callback(engine.dispose)
        upgrade(engine)
        yield Database(engine)


@contextmanager
def open_shop(settings: KioskSettings, *, keeps_overflow: bool = False) -> Iterator[Shop]:
    """Open the shop for the command line or HTTP."""
    with (
        open_database(settings, keeps_overflow=keeps_overflow) as database,
        open_model(settings, _chosen_model(settings, database.engine)) as model,
        _background() as run_later,
    ):
        shop = Shop(settings, database.engine, model, run_later)
        try:
            yield shop
        finally:
            shop.taught.stop()
            shop.labels.stop()


@contextmanager
def open_model(settings: KioskSettings, chosen: Callable[[], str]) -> Iterator[ModelOnDemand]:
    """Open the way to the vision models, of which `chosen` names the one in use; nothing is asked yet."""
    from visionscan_kiosk.vision.model_on_demand import ModelOnDemand

    def open_models() -> OllamaModels:
        from visionscan_kiosk.vision.ollama import OllamaModels, OllamaServer

        return OllamaModels(OllamaServer(settings.ollama_endpoint), answer_timeout_s=settings.ollama_timeout)

    with closing(ModelOnDemand(chosen, open_models)) as model:
        yield model


def read_chosen_model(settings: KioskSettings) -> str:
    """Return the name of the model that the shop chose; raise DatabaseUnavailable."""
    with open_database(settings) as database:
        return _chosen_model(settings, database.engine)()


@contextmanager
def open_facade(settings: KioskSettings) -> Iterator[FacadeEquipment]:
    """Open the shop for other software; the catalogue is read at once, not by the first scan."""
    with open_shop(settings, keeps_overflow=True) as shop:
        shop.services.catalogue.warm_up()
        shop.run_later(shop.services.teaching.warm_up)
        yield FacadeEquipment(
            services=shop.services,
            idempotency=IdempotencyService(
                shop.unit_of_work, shop.services_inside, shop.services.catalogue.warm_up
            ),
            api_keys=ApiKeyService(shop.unit_of_work),
            decode_picture=_decode_picture,
            check_schema=lambda: _schema_state(shop.engine),
            check_model=shop.model.health,
        )


@contextmanager
def open_api_keys(settings: KioskSettings) -> Iterator[ApiKeyService]:
    """Open the keys of HTTP clients, those of the environment among them."""
    with open_database(settings) as database:
        keys = ApiKeyService(lambda: SqlUnitOfWork(database.engine))
        if settings.api_keys is not None:
            keys.seed_keys(read_key_seeds(settings.api_keys.get_secret_value()))
        yield keys


@contextmanager
def open_till(settings: KioskSettings) -> Iterator[TillEquipment]:
    """Open the shop for a till screen.

    Raises TillBusy when this folder's screen is open already, or a copy of it on the same database.
    """
    folder = TillFolder(settings.data_dir)
    _import_ahead()
    with folder.claimed(), open_shop(settings) as shop, _leased(shop, folder) as lease:
        yield _with_preferences(equip(shop, lease.till_id, None, lease.renew), folder)


@contextmanager
def open_demo(settings: KioskSettings) -> Iterator[TillEquipment]:
    """Open a till on the sample shop, which has a data folder and a database of its own."""
    demo = demo_settings(settings)
    folder = TillFolder(demo.data_dir)
    _import_ahead()
    with folder.claimed(), open_shop(demo) as shop, _leased(shop, folder) as lease:
        sample = bundled("resources/sample_shop")
        stock_sample_shop(shop.services, sample)
        yield _with_preferences(equip(shop, lease.till_id, _draw_counter(sample), lease.renew), folder)


def _import_ahead() -> None:
    """Import what the first code after the start would wait for, were it imported beside it.

    Before anything else and on one thread: OpenCV changes this process's environment while it is imported.
    """
    for name in _IMPORTED_AHEAD:
        import_module(name)


def check_camera(settings: KioskSettings) -> str:
    """Take one picture and describe it; raise CameraUnavailable when there is none."""
    from visionscan_kiosk.vision.camera import open_camera

    with closing(open_camera(settings.camera)) as camera:
        for _ in range(_PICTURES_TRIED):
            picture = camera.read()
            if picture is not None:
                return f"{camera.description} gives {picture.shape[1]} x {picture.shape[0]} pixels"
        raise CameraUnavailable(f"{camera.description} gives no picture")


def check_labels() -> str:
    """Load what reads labels and name it; raise LabelsUnavailable where nothing is installed."""
    from visionscan_kiosk.vision.labels import RapidLabelReader

    reader = RapidLabelReader()
    reader.load()
    return f"{reader.name} reads what is printed on things"


def demo_settings(settings: KioskSettings) -> KioskSettings:
    """Return the settings of the demo: nothing in them leads to the real shop."""
    return settings.model_copy(
        update={
            "data_dir": settings.data_dir / "demo",
            "database_url": None,
            "camera": "counter:",
            "shop_name": "Corner Greens",
        }
    )


def _server(settings: KioskSettings, stack: ExitStack) -> tuple[str, Callable[[], None] | None]:
    """Return the database's URL, and what starts its server again where that is ours."""
    if settings.database_url is not None:
        return settings.database_url.get_secret_value(), None
    from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres

    server = stack.enter_context(EmbeddedPostgres(settings.data_dir / "postgres"))
    server.ensure_database("visionscan")
    return server.url("visionscan"), server.revive


@contextmanager
def _background() -> Iterator[RunLater]:
    """Give a thread for what may take seconds; what has not begun at the end is left undone."""
    background = Background()
    try:
        yield background.run_later
    finally:
        if not background.close(_CLOSING_BUDGET_S):
            _LOG.warning("work in the background did not end within %.0f s: left behind", _CLOSING_BUDGET_S)


def _taught_products(settings: KioskSettings, engine: Engine, run_later: RunLater) -> TaughtProducts:
    from visionscan_kiosk.vision.photos import JpegPhotos

    def open_recognising() -> Recognising:
        return _open_recognising(settings.recogniser_model)

    return TaughtProducts(lambda: SqlUnitOfWork(engine), open_recognising, JpegPhotos(), run_later)


def _open_recognising(model: str) -> Recognising:
    from visionscan_kiosk.vision.recogniser import PictureEmbedder, TaughtRecogniser, load_network

    return Recognising(
        embedder=PictureEmbedder(load_network(model)),
        photo_embedder=PictureEmbedder(load_network(model)),
        recogniser=TaughtRecogniser(),
    )


def _label_service(settings: KioskSettings, engine: Engine, run_later: RunLater) -> LabelService:
    from visionscan_kiosk.vision.labels import RapidLabelReader
    from visionscan_kiosk.vision.photos import JpegPhotos

    shop_settings = _shop_settings(settings, lambda: SqlUnitOfWork(engine))
    return LabelService(
        lambda: SqlUnitOfWork(engine),
        RapidLabelReader(),
        JpegPhotos(),
        run_later,
        wants=lambda: shop_settings.read().reads_labels,
    )


def _service_builder(
    settings: KioskSettings,
    model: ModelOnDemand,
    eyes: PictureDetector,
    knowledge: tuple[TaughtProducts, LabelService, SalesHistory],
) -> Callable[[UnitOfWorkFactory, ProductCatalogue], KioskServices]:
    """Return a function that builds the use cases on any transactions; the eyes are shared."""
    from visionscan_kiosk.vision.items import JpegCounterPictures
    from visionscan_kiosk.vision.photos import JpegPhotos

    taught, labels, sales = knowledge

    def build(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> KioskServices:
        shop_settings = _shop_settings(settings, unit_of_work)
        vision_models = VisionModelService(model, shop_settings)
        return KioskServices(
            catalogue=catalogue,
            inventory=InventoryService(unit_of_work, catalogue),
            sessions=SessionService(unit_of_work, catalogue),
            basket_operations=BasketOperationService(unit_of_work, catalogue),
            checkout=CheckoutService(unit_of_work),
            sales=SaleService(unit_of_work),
            movements=MovementService(unit_of_work),
            detection=DetectionService(unit_of_work, catalogue, eyes, taught, labels, sales),
            product_files=ProductFileService(unit_of_work),
            product_pictures=ProductPictureService(unit_of_work, JpegPhotos(), _decode_picture),
            naming=NamingService(unit_of_work, catalogue),
            teaching=TeachingService(
                unit_of_work, taught, JpegPhotos(), labels, keep_confirmed_days=settings.keep_confirmed_days
            ),
            labels=labels,
            accuracy=AccuracyService(unit_of_work),
            shop_settings=shop_settings,
            empty_counters=EmptyCounterService(unit_of_work, JpegCounterPictures()),
            counter_memories=CounterMemoryService(unit_of_work),
            vision_models=vision_models,
            model_trial=ModelTrialService(
                unit_of_work, catalogue, model, vision_models, taught, JpegPhotos(), _open_recogniser
            ),
            auto_add=AutoAddService(unit_of_work, shop_settings),
            wrong_items=WrongItemService(unit_of_work),
        )

    return build


def _eyes(model: ModelOnDemand) -> PictureDetector:
    from visionscan_kiosk.vision.barcodes import BarcodeReader
    from visionscan_kiosk.vision.pipeline import DetectionPipeline

    return DetectionPipeline(BarcodeReader(), model)


def _open_recogniser() -> ProductRecogniser:
    from visionscan_kiosk.vision.recogniser import TaughtRecogniser

    return TaughtRecogniser()


def _chosen_model(settings: KioskSettings, engine: Engine) -> Callable[[], str]:
    shop_settings = _shop_settings(settings, lambda: SqlUnitOfWork(engine))
    return lambda: shop_settings.read().model


def _shop_settings(settings: KioskSettings, unit_of_work: UnitOfWorkFactory) -> ShopSettingsService:
    defaults = ShopSettings(
        auto_add=AutoAdd.LIKELY if settings.add_sure_products else AutoAdd.OFF,
        reads_labels=settings.read_labels,
        model=settings.ollama_model,
    )
    return ShopSettingsService(unit_of_work, defaults)


class _Lease:
    """The identity of the till on this folder, held while its screen is open."""

    def __init__(self, shop: Shop, folder: TillFolder) -> None:
        self.till_id = folder.till_id()
        self._holder = folder.holder()
        self._leases = TillLeaseService(shop.unit_of_work)

    def renew(self) -> None:
        """Hold it for another while; raise TillIdentityInUse when somebody else has it by now."""
        self._leases.take(self.till_id, self._holder)

    def release(self) -> None:
        """Let go of it; without a database it ends by itself."""
        try:
            self._leases.release(self.till_id, self._holder)
        except Unavailable as error:
            _LOG.warning("the till's identity could not be given back: %s", error)


@contextmanager
def _leased(shop: Shop, folder: TillFolder) -> Iterator[_Lease]:
    lease = _Lease(shop, folder)
    lease.renew()
    try:
        yield lease
    finally:
        lease.release()


def _with_preferences(equipment: TillEquipment, folder: TillFolder) -> TillEquipment:
    """What was set on the screen of this till goes before what the environment says."""
    return replace(equipment, preferences=folder.preferences(), keep_preferences=folder.keep_preferences)


def equip(
    shop: Shop,
    till_id: str,
    counter: SimulatedCounter | None,
    renew_lease: Callable[[], None] = lambda: None,
) -> TillEquipment:
    """Return what a till screen on this shop works with."""
    from visionscan_kiosk.vision.camera import capture_opener
    from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate

    settings = shop.settings
    warm_up_selling(shop.services)
    shop.run_later(shop.services.teaching.warm_up)
    shop.services.labels.read_photos()
    shop.run_later(shop.sales.warm_up)
    profile = TillProfile(
        shop_name=settings.shop_name,
        till_id=till_id,
        till_name=settings.till_name,
        currency_sign=settings.currency_sign,
        theme=settings.theme,
        scanner=ScannerHabits(settings.scanner_key_ms, settings.scanner_prefix, settings.scanner_suffix),
    )
    return TillEquipment(
        services=shop.services,
        profile=profile,
        open_capture=capture_opener(settings.camera, counter),
        counter=counter,
        check_model=shop.model.health,
        scene_gate=StillSceneGate(),
        item_finder=CounterItemFinder(),
        renew_lease=renew_lease,
    )


def warm_up_selling(services: KioskServices) -> None:
    """Go the way of a code to its line once: then the first code is as fast as the others.

    Without an answer the till opens all the same, and says itself that the database is away.
    """
    with suppress(Unavailable):
        for product in services.inventory.list_products(ProductQuery(limit=1)):
            services.inventory.match_text(product.sku)
            services.basket_operations.warm_up(product.id)


def _decode_picture(data: bytes) -> Image:
    from visionscan_kiosk.vision.pictures import decode_picture

    return decode_picture(data, max_bytes=MOST_BYTES, max_pixels=_LARGEST_PICTURE_PIXELS)


def _schema_state(engine: Engine) -> SchemaState:
    with engine.connect() as connection:
        return SchemaState(read_version(connection), schema_version())


def _draw_counter(sample: Path) -> SimulatedCounter:
    from visionscan_kiosk.vision.counter import SimulatedCounter, load_packs

    return SimulatedCounter(load_packs(sample / "packs"))
