"""Learning takes seconds: no transaction is open meanwhile, whoever asked for what is learned."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import Engine

from tests.conftest import MakeProduct, build_services
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_recogniser import FakeEmbedder, FakeRecogniser, picture_of
from visionscan_kiosk.domain.basket_operations import AddNamed
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.match import MatchableProduct
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.basket_operations import BasketOperationService
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.facade_ports import HttpAnswer, KeyedRequest
from visionscan_kiosk.services.idempotency import IdempotencyService
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.naming import NamingService
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.recognition import Recognising, TaughtProducts
from visionscan_kiosk.services.recognition_ports import TaughtPhoto
from visionscan_kiosk.services.sessions import SessionService
from visionscan_kiosk.services.teaching import TeachingService
from visionscan_kiosk.vision.photos import JpegPhotos


class Alone:
    """Notes how many connections are in use when something is learned."""

    def __init__(self, engine: Engine) -> None:
        self._pool: Any = engine.pool
        self.open: list[int] = []

    def note(self) -> None:
        self.open.append(self._pool.checkedout())


class NotingMatcher(CatalogueMatcher):
    def __init__(self, alone: Alone) -> None:
        super().__init__()
        self._alone = alone

    def update(self, products: Iterable[MatchableProduct]) -> None:
        if hasattr(self, "_alone"):
            self._alone.note()
        super().update(products)


class NotingRecogniser(FakeRecogniser):
    def __init__(self, alone: Alone) -> None:
        super().__init__()
        self._alone = alone

    def load(self, photos: Iterable[TaughtPhoto]) -> None:
        for _ in (taken := [*photos]):
            self._alone.note()
        super().load(taken)

    def add(self, photos: Iterable[TaughtPhoto]) -> None:
        taken = []
        for photo in photos:
            self._alone.note()
            taken.append(photo)
        super().add(taken)


@pytest.fixture
def alone(engine: Engine) -> Alone:
    return Alone(engine)


Use = Callable[[UnitOfWorkFactory, ProductCatalogue], object]


def scanned(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
    sessions = SessionService(unit_of_work, catalogue)
    sessions.scan_product(sessions.start_session().id, "red apple")


def scanned_over_http(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
    sessions = SessionService(unit_of_work, catalogue)
    sessions.scan_line(sessions.start_session().id, "red apple")


def named_at_a_till(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
    session = SessionService(unit_of_work, catalogue).start_session()
    operation = AddNamed(uuid4(), session.id, "red apple", 1.0, 1)
    BasketOperationService(unit_of_work, catalogue).apply(operation)


def searched(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
    InventoryService(unit_of_work, catalogue).search("apple")


def chosen(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
    product = InventoryService(unit_of_work, catalogue).list_products()[0]
    NamingService(unit_of_work, catalogue).note_choice("aple", product.id)


def remembered(unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
    product = InventoryService(unit_of_work, catalogue).list_products()[0]
    NamingService(unit_of_work, catalogue).remember("the shiny one", product.id)


@pytest.mark.parametrize("use", [scanned, scanned_over_http, named_at_a_till, searched, chosen, remembered])
def test_the_names_of_products(
    use: Use, unit_of_work: UnitOfWorkFactory, make_product: MakeProduct, alone: Alone
) -> None:
    make_product("Red Apple")
    use(unit_of_work, ProductCatalogue(unit_of_work, NotingMatcher(alone)))
    assert alone.open == [0]


def test_the_names_of_products_for_a_request_with_a_key(
    engine: Engine, unit_of_work: UnitOfWorkFactory, make_product: MakeProduct, alone: Alone
) -> None:
    """Its transaction is open all the time: what changed is learned before it, what others do, later."""
    apple = make_product("Red Apple")
    catalogue = ProductCatalogue(unit_of_work, NotingMatcher(alone))
    services = build_services(unit_of_work, FakePictureDetector())

    def inside(work: UnitOfWorkFactory) -> Any:
        return SessionService(work, catalogue.as_known())

    def scan(sessions: Any) -> HttpAnswer:
        services.inventory.update_product(apple.id, ProductChanges(name="Red Apple, sweet"))
        line = sessions.scan_line(session.id, "red apple")
        return HttpAnswer(200, str(line.match.product.sku).encode())

    session = services.sessions.start_session()
    idempotency = IdempotencyService(lambda: SqlUnitOfWork(engine), inside, catalogue.warm_up)
    answer = idempotency.answer_once(KeyedRequest("scan", "key", b"same"), scan)

    assert (answer.body, alone.open) == (b"RED-APPLE", [0])


def test_taught_photos(unit_of_work: UnitOfWorkFactory, make_product: MakeProduct, alone: Alone) -> None:
    red = make_product("Red Apple")
    embedder = FakeEmbedder()
    recognising = Recognising(embedder, embedder, NotingRecogniser(alone))

    def taught() -> TaughtProducts:
        return TaughtProducts(unit_of_work, lambda: recognising, JpegPhotos(), lambda work: work())

    teaching = TeachingService(unit_of_work, taught(), JpegPhotos())
    teaching.teach(red.id, [picture_of((40, 40, 220), seed) for seed in range(3)])
    taught().refresh()

    assert alone.open
    assert set(alone.open) == {0}
