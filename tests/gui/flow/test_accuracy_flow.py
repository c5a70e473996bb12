"""The page of accuracy on real PostgreSQL: what was decided, in the time that is chosen."""

from __future__ import annotations

import pytest
from sqlalchemy import Engine, text

from tests.gui.flow.conftest import Till
from tests.meter import answer, show, thing
from visionscan_kiosk.gui import accuracy_presenter as words
from visionscan_kiosk.gui.accuracy_views import AccuracyView, MeterView
from visionscan_kiosk.gui.flow.accuracy_flow import SLOW_MS
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.services.accuracy import DecidedBy


@pytest.fixture(autouse=True)
def _all_is_shown(till: Till, engine: Engine) -> None:
    show(engine, *till.goods.values())


def decide(till: Till, said: str, was: str, decided_by: DecidedBy = DecidedBy.PERSON) -> None:
    till.services.accuracy.record(thing(answer(till.goods[said])), till.goods[was].id, decided_by)


def open_page(till: Till) -> AccuracyView:
    till.open_manager()
    till.flow.accuracy.open()
    till.settle()
    return page(till)


def page(till: Till) -> AccuracyView:
    assert till.screens.accuracy is not None
    return till.screens.accuracy


def meter(view: AccuracyView) -> MeterView:
    assert view.meter is not None
    return view.meter


def test_an_empty_meter_says_what_to_do(till: Till) -> None:
    view = open_page(till)
    assert till.screens.place is Place.ACCURACY
    assert (view.meter, view.empty, view.is_loading) == (None, words.NOTHING_EVER, False)


def test_a_shop_that_taught_nothing_is_told_to_teach(till: Till, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM taught_photos"))
    decide(till, "APL-R", "OAT-1L", DecidedBy.BARCODE)
    assert open_page(till).empty == words.NOTHING_EVER


def test_what_was_decided_is_shown(till: Till) -> None:
    decide(till, "APL-R", "APL-R")
    decide(till, "BUT-S", "BUT-U", DecidedBy.BARCODE)
    shown = meter(open_page(till))
    assert [figure.value for figure in shown.figures[:3]] == ["50\u00a0%", "50\u00a0%", "100\u00a0%"]
    assert [(row.name, row.detail) for row in shown.missed] == [
        ("Unsalted butter 250 g", "Taken for Salted butter 250 g")
    ]


def test_another_time_is_chosen_and_what_is_shown_stays_meanwhile(till: Till, engine: Engine) -> None:
    decide(till, "APL-R", "APL-R")
    with engine.begin() as connection:
        connection.execute(text("UPDATE recognition_events SET created_at = now() - interval '20 days'"))
    before = meter(open_page(till))
    till.tasks.held_lanes = {Lane.REPORTS}
    till.flow.accuracy.choose_period("7")
    till.settle()
    assert (page(till).period, page(till).meter, page(till).is_loading) == ("7", before, True)
    till.tasks.held_lanes = set()
    till.settle()
    assert (page(till).meter, page(till).empty) == (None, words.NOTHING_NOW)
    till.flow.accuracy.choose_period("all")
    till.settle()
    assert len(meter(page(till)).trend.points) == 21


def test_only_the_last_choice_is_shown(till: Till) -> None:
    open_page(till)
    till.flow.accuracy.choose_period("7")
    till.flow.accuracy.choose_period("all")
    assert till.tasks.count(Lane.REPORTS) == 2
    till.settle()
    assert page(till).period == "all"


def test_a_long_report_says_that_it_counts(till: Till) -> None:
    till.tasks.held_lanes = {Lane.REPORTS}
    open_page(till)
    assert not page(till).is_slow
    till.time.pass_by(SLOW_MS)
    assert (page(till).is_loading, page(till).is_slow) == (True, True)
    till.flow.accuracy.choose_period("7")
    assert page(till).is_loading
    till.tasks.held_lanes = set()
    till.settle()
    till.time.pass_by(SLOW_MS)
    assert (page(till).is_loading, page(till).is_slow) == (False, False)


def test_a_long_report_holds_up_no_sale(till: Till) -> None:
    till.open_manager()
    till.tasks.held_lanes = {Lane.REPORTS}
    till.flow.accuracy.open()
    till.flow.escape()
    till.add("OAT-1L")
    assert till.screens.basket.item_count == 1


def test_a_missed_product_leads_to_teaching_it(till: Till) -> None:
    decide(till, "BUT-S", "BUT-U")
    (row,) = meter(open_page(till)).missed
    till.flow.accuracy.teach(row.product_id)
    till.settle()
    assert till.screens.place is Place.TEACH
    assert till.flow.teach.product is not None
    assert till.flow.teach.product.id == till.goods["BUT-U"].id


def test_escape_leads_back_to_selling(till: Till) -> None:
    open_page(till)
    till.flow.escape()
    till.settle()
    assert till.screens.place is Place.SELLING


def test_without_a_database_the_page_says_so_and_keeps_its_figures(till: Till) -> None:
    decide(till, "APL-R", "APL-R")
    shown = meter(open_page(till))
    till.tasks.is_database_away = True
    till.flow.accuracy.choose_period("7")
    till.settle()
    assert (page(till).meter, page(till).trouble) == (shown, "The database does not answer.")
