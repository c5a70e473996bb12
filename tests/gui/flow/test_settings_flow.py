"""The page of settings: saved at once for all tills, and honest when nothing is known."""

from __future__ import annotations

import pytest

from tests.conftest import build_services
from tests.fake_label_reader import FakeLabelReader
from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.flow.settings_flow import STEPS
from visionscan_kiosk.gui.manager_views import SettingsView
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.shop_settings import AutoAdd, ShopSettings
from visionscan_kiosk.services.wrong_items import WrongItem, WrongItemAnswer


@pytest.fixture
def opened(till: Till) -> Till:
    """A till whose page of settings is open."""
    till.open_manager()
    till.flow.settings.open()
    till.settle()
    return till


def page(till: Till) -> SettingsView:
    assert till.screens.settings is not None
    return till.screens.settings


def stored(till: Till) -> ShopSettings:
    return till.services.shop_settings.read()


def test_it_shows_what_is_set(till: Till) -> None:
    till.services.shop_settings.change(auto_add=AutoAdd.CHOSEN, asks_about_wrong_items=True)
    till.services.inventory.update_product(till.goods["OAT-1L"].id, ProductChanges(), adds_when_sure=True)
    till.flow.settings.open()
    assert not page(till).is_known
    assert till.flow.settings.is_loading
    till.settle()
    view = page(till)
    assert till.screens.place is Place.SETTINGS
    assert (view.is_known, view.auto_add, view.asks_about_wrong_items) == (True, "chosen", True)
    assert view.marked_text == "One product is marked."


def test_a_tap_is_saved_at_once(opened: Till) -> None:
    opened.flow.settings.choose_auto_add("likely")
    assert (page(opened).auto_add, page(opened).saved_text) == ("likely", "")
    opened.settle()
    assert stored(opened).auto_add is AutoAdd.LIKELY
    assert page(opened).saved_text == wording.SAVED_FOR_ALL

    opened.flow.settings.ask_about_wrong_items(True)
    opened.flow.settings.read_labels(False)
    opened.settle()
    assert (stored(opened).asks_about_wrong_items, stored(opened).reads_labels) == (True, False)


def test_short_stock_at_the_till_and_over_http(opened: Till) -> None:
    assert (page(opened).short_stock, page(opened).sells_short_over_http) == ("sell", False)
    opened.flow.settings.choose_short_stock("refuse")
    opened.flow.settings.sell_short_over_http(True)
    opened.settle()
    assert stored(opened).short_stock_at_till is ShortStock.REFUSE
    assert stored(opened).short_stock_over_http is ShortStock.SELL
    assert (page(opened).short_stock, page(opened).sells_short_over_http) == ("refuse", True)


def test_certainty_goes_by_steps_and_ends(opened: Till) -> None:
    opened.services.shop_settings.change(add_from=0.985)
    opened.flow.settings.try_again()
    opened.settle()
    opened.flow.settings.step_add_from(1)
    opened.settle()
    assert (stored(opened).add_from, page(opened).add_from_text) == (0.99, "99\u00a0%")
    for _ in STEPS:
        opened.flow.settings.step_add_from(1)
        opened.settle()
    assert (stored(opened).add_from, page(opened).can_ask_more) == (STEPS[-1], False)
    opened.flow.settings.step_add_from(-len(STEPS))
    opened.settle()
    assert stored(opened).add_from == STEPS[-2]


def test_it_tells_how_often_codes_were_wrong(till: Till) -> None:
    wrong = WrongItem(till.goods["OAT-1L"].id, till.goods["BUT-S"].id, 1.0)
    notice = till.services.wrong_items.notice(wrong, None)
    assert notice is not None
    till.services.wrong_items.answer(notice, WrongItemAnswer.REPLACED)
    till.flow.settings.open()
    till.settle()
    assert page(till).wrong_items_text == "Asked once in 30 days; the camera was right 1 of 1."


def test_without_a_database_nothing_can_be_changed_and_it_is_said(opened: Till) -> None:
    opened.tasks.is_database_away = True
    opened.flow.settings.choose_auto_add("likely")
    opened.settle()
    assert (page(opened).is_known, page(opened).trouble) == (False, "The database does not answer.")
    assert not opened.flow.settings.is_loading
    opened.flow.settings.step_add_from(1)

    opened.tasks.is_database_away = False
    opened.flow.settings.try_again()
    opened.settle()
    assert (page(opened).is_known, page(opened).auto_add) == (True, stored(opened).auto_add)


def test_labels_say_when_nothing_can_read_them(opened: Till, unit_of_work: UnitOfWorkFactory) -> None:
    assert page(opened).labels_trouble == wording.LABELS_NOT_INSTALLED

    reader = FakeLabelReader()
    reader.print_on((10, 10, 10), "Oat milk")
    services = build_services(unit_of_work, opened.detector, reader=reader)
    reading = Till(services, opened.detector, opened.goods)
    reading.flow.settings.open()
    reading.settle()
    assert page(reading).labels_trouble == ""


def test_escape_leads_back_to_selling(opened: Till) -> None:
    opened.flow.escape()
    assert opened.screens.place is Place.SELLING


@pytest.mark.parametrize(
    ("days", "said"), [(0, "No pictures"), (None, "are kept, at most 20"), (90, "for 90 days")]
)
def test_how_long_pictures_are_kept_is_said(days: int | None, said: str) -> None:
    assert said in wording.pictures_kept(days)
