"""What the shop does, whoever drives it: each scenario runs over HTTP and at the till."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.gui.till_shop import MISREAD_CODE, OAT_MILK_CODE
from tests.scenarios.conftest import Shop
from tests.scenarios.drivers import Driver, Refused
from visionscan_kiosk.domain.stock import ShortStock

OATS, SALTED, UNSALTED, APPLE = "Oat milk 1 l", "Salted butter 250 g", "Unsalted butter 250 g", "Red apple"


def test_what_is_scanned_is_sold_once_and_leaves_the_shelf(driver: Driver, shop: Shop) -> None:
    driver.scan_barcode(OAT_MILK_CODE)
    driver.scan_barcode(OAT_MILK_CODE)
    driver.scan("red apple")
    assert driver.lines() == {OATS: 2, APPLE: 1}
    assert driver.total() == Decimal("4.83")

    assert driver.check_out() == Decimal("4.83")

    assert (shop.stock("OAT-1L"), shop.stock("APL-R")) == (18, 0)
    assert shop.explained_stock("OAT-1L") == 18
    assert driver.lines() == {}


@pytest.mark.parametrize("text", ["OAT-1L", "oat milk 1 l", OAT_MILK_CODE])
def test_sku_name_and_code_mean_the_product(driver: Driver, text: str) -> None:
    driver.scan(text)
    assert driver.lines() == {OATS: 1}


def test_an_ambiguous_text_charges_nothing_until_somebody_chooses(driver: Driver) -> None:
    driver.scan("butter")
    assert (driver.lines(), driver.total()) == ({}, 0)

    driver.choose(UNSALTED)
    assert (driver.lines(), driver.total()) == ({UNSALTED: 1}, Decimal("2.89"))


def test_a_misread_code_never_charges(driver: Driver, shop: Shop) -> None:
    driver.scan(MISREAD_CODE)
    assert driver.total() == 0
    with pytest.raises(Refused):
        driver.check_out()


def test_what_nobody_knows_is_named_before_it_is_sold(driver: Driver, shop: Shop) -> None:
    driver.keep_unnamed("zzz quux")
    with pytest.raises(Refused):
        driver.check_out()
    assert driver.lines() == {"zzz quux": 1}

    driver.assign("zzz quux", SALTED)
    assert driver.lines() == {SALTED: 1}
    assert driver.check_out() == Decimal("2.89")
    assert shop.stock("BUT-S") == 9


def test_naming_a_line_like_another_makes_them_one(driver: Driver) -> None:
    driver.scan("OAT-1L")
    driver.keep_unnamed("zzz quux")
    driver.assign("zzz quux", OATS)
    assert driver.lines() == {OATS: 2}


def test_quantities_are_set_and_lines_taken_out(driver: Driver) -> None:
    driver.scan("OAT-1L")
    driver.scan("BUT-S")
    driver.set_quantity(OATS, 3)
    driver.remove(SALTED)
    assert (driver.lines(), driver.total()) == ({OATS: 3}, Decimal("6.57"))


def test_a_quantity_no_line_may_have_changes_nothing(driver: Driver) -> None:
    driver.scan("OAT-1L")
    with pytest.raises(Refused, match="9999"):
        driver.set_quantity(OATS, 10_000)
    assert driver.lines() == {OATS: 1}


def test_short_stock_is_sold_where_the_shop_says_so_and_the_books_show_it(driver: Driver, shop: Shop) -> None:
    shop.services.shop_settings.change(
        short_stock_at_till=ShortStock.SELL, short_stock_over_http=ShortStock.SELL
    )
    driver.scan("OAT-1L")
    driver.scan("red apple")
    driver.set_quantity(APPLE, 3)
    assert driver.check_out() == Decimal("3.54")
    assert (shop.stock("OAT-1L"), shop.stock("APL-R"), shop.explained_stock("APL-R")) == (19, -2, -2)

    driver.restock(APPLE, 10)
    assert (shop.stock("APL-R"), shop.explained_stock("APL-R")) == (8, 8)


def test_short_stock_is_refused_where_the_shop_says_so_until_more_came(driver: Driver, shop: Shop) -> None:
    """The screen refuses the line, other software learns it at checkout; neither sells."""
    shop.services.shop_settings.change(
        short_stock_at_till=ShortStock.REFUSE, short_stock_over_http=ShortStock.REFUSE
    )
    driver.scan("OAT-1L")
    driver.scan("red apple")
    with pytest.raises(Refused, match=r"Red apple.*1.*3"):
        _sell_three_apples(driver)
    assert (shop.stock("OAT-1L"), shop.stock("APL-R")) == (20, 1)

    driver.restock(APPLE, 10)
    driver.set_quantity(APPLE, 3)
    assert driver.check_out() == Decimal("3.54")
    assert (shop.stock("APL-R"), shop.explained_stock("APL-R")) == (8, 8)


def test_an_empty_basket_is_not_sold(driver: Driver) -> None:
    with pytest.raises(Refused):
        driver.check_out()


def test_ending_sells_nothing(driver: Driver, shop: Shop) -> None:
    driver.scan("OAT-1L")
    driver.end()
    assert (shop.stock("OAT-1L"), driver.lines()) == (20, {})


def _sell_three_apples(driver: Driver) -> None:
    driver.set_quantity(APPLE, 3)
    driver.check_out()
