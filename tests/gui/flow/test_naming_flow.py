"""What the till learns from answers, and what the manager sees of it, on real PostgreSQL."""

from __future__ import annotations

from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.detection import Detection, DetectionSource
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.naming_flow import OFFER_MS
from visionscan_kiosk.gui.flow.ports import Place

CRUNCHY = "crunchy apple"


def answer(till: Till, text: str = CRUNCHY) -> None:
    till.detector.names = (Detection(text, 0.7, 1, DetectionSource.OLLAMA),)
    till.look()
    till.flow.trays.choose(0)
    till.settle()


def answer_until_offered(till: Till) -> None:
    for _ in range(3):
        answer(till)


def test_three_equal_answers_make_an_offer_that_interrupts_nothing(till: Till) -> None:
    answer(till)
    answer(till)
    assert till.screens.offer is None
    answer(till)

    assert till.screens.offer is not None
    assert till.screens.offer.text == wording.remember(CRUNCHY, "Red apple")
    assert till.screens.place is Place.SELLING
    assert till.screens.basket.item_count == 3


def test_a_tap_remembers(till: Till) -> None:
    answer_until_offered(till)
    till.flow.naming.remember()
    till.settle()

    assert till.screens.offer is None
    assert CRUNCHY in till.services.inventory.get_product(till.goods["APL-R"].id).aliases
    assert till.note_text == wording.remembered(CRUNCHY, "Red apple")


def test_an_offer_that_nobody_takes_goes_by_itself(till: Till) -> None:
    answer_until_offered(till)
    till.time.pass_by(OFFER_MS)

    assert till.screens.offer is None
    till.flow.naming.remember()
    till.settle()
    assert till.services.naming.list_learned() == []


def test_naming_a_line_without_a_name_counts_as_an_answer(till: Till) -> None:
    for _ in range(3):
        till.flow.basket.add_unnamed("zzz quux", 0.4, 1)
        till.settle()
        till.flow.line_chosen(till.flow.basket.basket.unmatched[0].id)
        till.flow.tile_chosen(till.goods["OAT-1L"].id)
        till.settle()

    assert till.screens.offer is not None
    assert till.screens.offer.text == wording.remember("zzz quux", "Oat milk 1 l")


def test_the_manager_sees_and_removes_learned_names(till: Till) -> None:
    apple = till.goods["APL-R"].id
    till.services.naming.remember(CRUNCHY, apple)
    till.open_manager()
    till.flow.naming.open()
    till.settle()

    assert till.screens.place is Place.NAMES
    assert till.screens.names is not None
    assert [(entry.alias, entry.product_name) for entry in till.screens.names.learned] == [
        (CRUNCHY, "Red apple")
    ]
    till.flow.naming.forget(apple, CRUNCHY)
    till.settle()
    assert till.screens.names.learned == ()
    assert till.screens.names.message == wording.forgotten(CRUNCHY, "Red apple")


def test_confused_names_lead_to_the_product(till: Till) -> None:
    till.open_manager()
    till.flow.naming.open()
    till.settle()

    assert till.screens.names is not None
    pair = next(pair for pair in till.screens.names.confused if "butter" in pair.names)
    till.flow.manager.edit(pair.product_id)
    till.settle()
    assert till.screens.place is Place.FORM
    assert till.screens.form is not None
    assert dict(till.screens.form.fields)["sku"] == "BUT-U"


def test_without_a_database_the_page_says_so(till: Till) -> None:
    till.open_manager()
    till.tasks.is_database_away = True
    till.flow.naming.open()
    till.settle()

    assert till.screens.names is not None
    assert till.screens.names.trouble == "The database does not answer."
