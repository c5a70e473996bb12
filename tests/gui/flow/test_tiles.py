"""The often sold tiles: hands know where they are. And a shop that has none yet."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.conftest import build_services
from tests.gui.flow.conftest import Till
from tests.gui.flow.doubles import ScriptedDetector
from tests.gui.till_shop import UNKNOWN_CODE
from visionscan_kiosk.domain.product import NewProduct, ProductChanges
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.presenters import SOLD_OUT
from visionscan_kiosk.services.ports import UnitOfWork

DAY_MS = 86_400_000


def tiles(till: Till) -> list[str]:
    tray = till.screens.tray
    assert tray is not None
    return [tile.sku for tile in tray.tiles]


def reload(till: Till) -> None:
    till.flow.trays.load_often_sold()
    till.settle()


def sell(till: Till, sku: str, times: int) -> None:
    for _ in range(times):
        till.sell_elsewhere(sku)


def test_tiles_keep_their_places_between_sales(till: Till) -> None:
    before = tiles(till)
    last = before[-1]
    till.services.movements.restock(till.goods[last].id, 50, "")
    sell(till, last, 5)
    reload(till)
    assert tiles(till) == before


def test_another_day_begins_with_what_sells_best(till: Till) -> None:
    last = tiles(till)[-1]
    till.services.movements.restock(till.goods[last].id, 50, "")
    sell(till, last, 5)
    till.time.pass_by(DAY_MS)
    reload(till)
    assert tiles(till)[0] == last


def test_what_is_sold_out_says_so_goes_last_and_comes_back_to_its_place(till: Till) -> None:
    before = tiles(till)
    first = before[0]
    product = till.goods[first]
    till.services.inventory.update_product(product.id, ProductChanges(stock=0))
    reload(till)
    assert tiles(till) == [*before[1:], first]
    assert till.screens.tray is not None
    assert till.screens.tray.tiles[-1].badge == SOLD_OUT
    till.services.movements.restock(product.id, 5, "")
    reload(till)
    assert tiles(till) == before


def test_what_is_sold_out_can_be_tapped_all_the_same(till: Till) -> None:
    till.services.inventory.update_product(till.goods["OAT-1L"].id, ProductChanges(stock=0))
    reload(till)
    till.flow.tile_chosen(till.goods["OAT-1L"].id)
    till.settle()
    assert till.screens.line("Oat milk 1 l").quantity == 1


def test_the_grid_shows_what_is_sold_out_last(till: Till) -> None:
    till.services.inventory.update_product(till.goods["OAT-1L"].id, ProductChanges(stock=0))
    till.flow.catalogue.open()
    till.settle()
    shown = till.screens.catalogue.tiles
    assert (shown[-1].sku, shown[-1].badge) == ("OAT-1L", SOLD_OUT)


class TestEmptyShop:
    @pytest.fixture
    def empty(self, unit_of_work: Callable[[], UnitOfWork]) -> Till:
        detector = ScriptedDetector()
        till = Till(build_services(unit_of_work, detector), detector, {})
        till.start()
        return till

    def test_it_says_what_to_do_next(self, empty: Till) -> None:
        tray = empty.screens.tray
        assert tray is not None
        assert (tray.title, tray.detail) == (wording.EMPTY_SHOP, wording.EMPTY_SHOP_WAYS)
        assert not tray.can_skip
        empty.flow.trays.act()
        empty.settle()
        assert empty.screens.place is Place.FORM

    def test_the_first_product_leads_back_and_is_a_tile(self, empty: Till) -> None:
        empty.flow.trays.act()
        empty.flow.manager.save(
            {"sku": "PEAR", "name": "Pear", "category": "Fruit", "price": "1", "stock": "3"}
        )
        empty.settle()
        assert empty.screens.place is Place.SELLING
        assert tiles(empty) == ["PEAR"]
        assert empty.screens.basket.lines == ()

    def test_products_that_were_imported_meanwhile_are_seen(self, empty: Till) -> None:
        empty.services.inventory.create_product(NewProduct("PEAR", "Pear", "Fruit", 1, 3))  # type: ignore[arg-type]
        empty.open_manager()
        empty.flow.escape()
        empty.settle()
        assert tiles(empty) == ["PEAR"]

    def test_an_unknown_code_goes_before_it(self, empty: Till) -> None:
        empty.submit(UNKNOWN_CODE)
        assert empty.screens.tray is not None
        assert empty.screens.tray.title == wording.UNKNOWN_BARCODE
