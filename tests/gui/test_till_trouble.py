"""The whole till while its database is frozen, killed or cut off: it says so, goes on, and ends."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("the embedded server is for Unix systems", allow_module_level=True)

from tests.gui.test_till_scenarios import OAT_MILK, Cashier, Shop, model, open_till  # noqa: F401 - fixtures
from tests.ollama_stand_in import OllamaStandIn
from tests.trouble import Cable, frozen, kill_server, own_server
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.migrations import upgrade

pytestmark = pytest.mark.long(seconds=45)

OpenTill = Callable[[Shop], "Cashier"]


class Troubled:
    """A shop on a server and a cable of its own."""

    def __init__(self, shop: Shop, folder: Path, cable: Cable) -> None:
        self.shop = shop
        self.folder = folder
        self.cable = cable


@pytest.fixture(params=["socket", "cable"])
def troubled(request: pytest.FixtureRequest, model: OllamaStandIn) -> Iterator[Troubled]:  # noqa: F811 - as above
    with own_server() as (server, folder), Cable(server.url("visionscan")) as cable:
        is_cabled = request.param == "cable"
        url = cable.url if is_cabled else server.url("visionscan")
        engine = create_engine_for(url, revive=None if is_cabled else server.revive)
        upgrade(engine)
        shop = Shop(engine, model)
        yield Troubled(shop, folder, cable)
        shop.server.close()
        engine.dispose()


def sold_once(cashier: Cashier, shop: Shop) -> None:
    cashier.wait_for_text("banner_title", "")
    cashier.pay_cash()
    cashier.click("confirm")
    cashier.wait_for(Place.RECEIPT)
    assert (shop.sales("OATMILK001"), shop.sales("LEMON001")) == (1, 1)


def test_a_silent_database_is_told_and_nothing_is_lost(troubled: Troubled, open_till: OpenTill) -> None:  # noqa: F811
    cashier = open_till(troubled.shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")
    with frozen(troubled.folder):
        cashier.type("Lemon", enter=True)
        cashier.wait_for_text("banner_title", wording.DATABASE_AWAY_TITLE)
    cashier.wait_for_line("Lemon")
    sold_once(cashier, troubled.shop)


@pytest.mark.parametrize("troubled", ["cable"], indirect=True)
def test_a_pulled_cable_is_told_and_nothing_is_lost(troubled: Troubled, open_till: OpenTill) -> None:  # noqa: F811
    cashier = open_till(troubled.shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")
    troubled.cable.pull()
    cashier.type("Lemon", enter=True)
    cashier.wait_for_text("banner_title", wording.DATABASE_AWAY_TITLE)
    troubled.cable.plug()
    cashier.wait_for_line("Lemon")
    sold_once(cashier, troubled.shop)


@pytest.mark.parametrize("troubled", ["socket"], indirect=True)
def test_a_killed_database_is_back_and_nothing_is_lost(troubled: Troubled, open_till: OpenTill) -> None:  # noqa: F811
    cashier = open_till(troubled.shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")
    kill_server(troubled.folder)
    cashier.type("Lemon", enter=True)
    cashier.wait_for_line("Lemon")
    sold_once(cashier, troubled.shop)


@pytest.mark.parametrize("troubled", ["socket"], indirect=True)
def test_the_till_closes_while_its_database_is_frozen(troubled: Troubled, open_till: OpenTill) -> None:  # noqa: F811
    cashier = open_till(troubled.shop)
    cashier.type(OAT_MILK, enter=True)
    cashier.wait_for_line("Oat Milk 1 l")
    with frozen(troubled.folder):
        for _ in range(3):
            cashier.type("Lemon", enter=True)
        cashier.till.close()
