"""One shop on real PostgreSQL, with a server process before it and a till in it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import httpx
import pytest

from tests.api.serving import serving
from tests.conftest import build_services
from tests.gui.flow.conftest import Till
from tests.gui.flow.doubles import ScriptedDetector
from tests.gui.till_shop import stock_shop
from tests.scenarios.drivers import Driver, HttpDriver, TillDriver
from tests.waiting import PATIENCE_S
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.spare_databases import SpareDatabases
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.kiosk import KioskServices


@dataclass(frozen=True)
class Shop:
    services: KioskServices
    detector: ScriptedDetector
    goods: dict[str, Product]
    url: str

    def stock(self, sku: str) -> int:
        return self.services.inventory.get_product(self.goods[sku].id).stock

    def explained_stock(self, sku: str) -> int:
        movements = self.services.movements.list_movements(self.goods[sku].id)
        return sum(movement.change_qty for movement in movements)


@pytest.fixture(scope="module")
def _opened(database_server: SpareDatabases, template_database: str) -> Iterator[Shop]:
    name = database_server.create(template_database)
    engine = create_engine_for(database_server.url(name))
    detector = ScriptedDetector()
    services = build_services(lambda: SqlUnitOfWork(engine), detector)
    yield Shop(services, detector, stock_shop(services), database_server.url(name))
    engine.dispose()
    database_server.drop(name)


@pytest.fixture
def shop(_opened: Shop) -> Shop:
    """The shop, with its shelves as on the first day."""
    for product in _opened.goods.values():
        _opened.services.inventory.update_product(product.id, ProductChanges(stock=product.stock))
    return _opened


@pytest.fixture(scope="module")
def _served(_opened: Shop, tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    with (
        serving(_opened.url, tmp_path_factory.mktemp("serve")) as (address, _),
        httpx.Client(base_url=address, timeout=PATIENCE_S) as client,
    ):
        yield client


@pytest.fixture(params=["http", "till"])
def driver(request: pytest.FixtureRequest, shop: Shop) -> Iterator[Driver]:
    made: Driver
    if request.param == "http":
        made = HttpDriver(request.getfixturevalue("_served"), shop.goods)
    else:
        made = TillDriver(Till(shop.services, shop.detector, shop.goods))
    yield made
    made.end()
