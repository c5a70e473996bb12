"""A database that keeps somebody waiting is on the screen long before the wait ends."""

from __future__ import annotations

from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.gui.flow.unanswered import SILENT_AFTER_MS
from visionscan_kiosk.gui.views import Tone


def title(till: Till) -> str:
    return till.screens.banner.title if till.screens.banner is not None else ""


def test_a_change_without_an_answer_shows_the_banner_and_its_answer_takes_it_away(till: Till) -> None:
    till.flow.basket.add_product(till.goods["OAT-1L"].id)
    till.time.pass_by(SILENT_AFTER_MS - 1)
    assert title(till) == ""
    till.time.pass_by(1)
    assert title(till) == wording.DATABASE_AWAY_TITLE
    assert till.screens.chip("database").tone is Tone.STOP

    till.settle()
    assert title(till) == ""
    assert till.screens.chip("database").tone is Tone.FINE
    assert till.screens.basket.item_count == 1


def test_a_code_that_is_looked_up_shows_it_too(till: Till) -> None:
    till.flow.catalogue.submit("oat milk")
    till.time.pass_by(SILENT_AFTER_MS)
    assert title(till) == wording.DATABASE_AWAY_TITLE
    till.settle()
    assert title(till) == ""


def test_a_sale_under_way_shows_it_too_and_goes_on(till: Till) -> None:
    till.add("OAT-1L")
    till.flow.pay()
    till.settle()
    till.flow.payment.choose_method("card")
    till.settle()
    till.flow.payment.confirm()
    till.time.pass_by(SILENT_AFTER_MS)
    assert title(till) == wording.DATABASE_AWAY_TITLE
    till.settle()
    assert title(till) == ""
    assert till.screens.receipt is not None


def test_on_another_page_it_is_told_in_words(till: Till) -> None:
    till.open_manager()
    till.flow.restock.open()
    till.settle()
    till.flow.scanned(OAT_MILK_CODE)
    till.time.pass_by(SILENT_AFTER_MS)

    assert till.screens.announced == [wording.DATABASE_SILENT]


def test_who_waits_behind_many_others_is_not_told_that_nobody_answers(till: Till) -> None:
    till.tasks.held_lanes = {Lane.DATABASE}
    for _ in range(20):
        till.flow.scanned(OAT_MILK_CODE)
    for _ in range(20):
        till.time.pass_by(SILENT_AFTER_MS // 2)
        till.tasks.end_one(Lane.DATABASE)
        assert title(till) == ""

    till.time.pass_by(SILENT_AFTER_MS)
    assert title(till) == wording.DATABASE_AWAY_TITLE


def test_a_search_that_is_typed_on_is_no_answer(till: Till) -> None:
    till.tasks.held_lanes = {Lane.DATABASE}
    till.add("OAT-1L")
    for text in ("o", "oa", "oat"):
        till.flow.catalogue.type(text)
        till.time.pass_by(SILENT_AFTER_MS // 3)

    assert title(till) == wording.DATABASE_AWAY_TITLE
    till.flow.catalogue_closed()
    assert title(till) == wording.DATABASE_AWAY_TITLE
    till.tasks.held_lanes = set()
    till.settle()
    assert title(till) == ""


def test_when_the_wait_ends_without_an_answer_the_banner_stays(till: Till) -> None:
    till.flow.basket.add_product(till.goods["OAT-1L"].id)
    till.time.pass_by(SILENT_AFTER_MS)
    till.tasks.is_database_away = True
    till.settle()
    assert title(till) == wording.DATABASE_AWAY_TITLE

    till.tasks.is_database_away = False
    till.flow.status.banner_action("retry_database")
    till.settle()
    assert title(till) == ""


def test_on_every_page_the_database_is_asked_whether_it_is_there(till: Till) -> None:
    till.add("OAT-1L")
    till.flow.pay()
    till.settle()
    till.time.pass_by(1000 + SILENT_AFTER_MS)
    assert title(till) == wording.DATABASE_AWAY_TITLE
    till.settle()
    assert title(till) == ""
    assert till.screens.payment is not None
