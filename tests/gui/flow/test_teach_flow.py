"""Teaching by showing: what is taken, kept and refused, and what the till recognises afterwards."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from tests.gui.till_shop import OAT_MILK_CODE, UNKNOWN_CODE
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Place
from visionscan_kiosk.gui.flow.teach_flow import MOST
from visionscan_kiosk.gui.manager_views import ShownPictureState, TeachView
from visionscan_kiosk.gui.views import TrayKind
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.teaching import Rejection

HERE, THERE = Box(200, 40, 64, 64), Box(420, 200, 64, 64)
APPLE = (40, 40, 200)


@pytest.fixture
def teaching(till: Till) -> Till:
    """A till that is about to be shown the red apple."""
    till.open_manager()
    till.flow.teach.open()
    till.settle()
    till.flow.teach.choose(till.goods["APL-R"].id)
    till.settle()
    return till


def page(till: Till) -> TeachView:
    assert till.screens.teach is not None
    return till.screens.teach


def show(till: Till, *pictures: Image) -> None:
    for picture in pictures:
        till.lay((HERE, picture))


def apples(count: int) -> list[Image]:
    return [picture_of(APPLE, seed) for seed in range(count)]


class TestTakingPictures:
    def test_a_picture_is_taken_whenever_it_lies_still_anew(self, teaching: Till) -> None:
        show(teaching, *apples(3))

        assert page(teaching).count_text == "3 of 8 pictures"
        assert page(teaching).hint == "Turn it a little: show the back, then the lid"
        assert teaching.screens.tray is None or teaching.screens.tray.kind is TrayKind.OFTEN_SOLD

    def test_the_button_takes_one_too(self, teaching: Till) -> None:
        show(teaching, *apples(1))
        teaching.flow.teach.take()
        teaching.settle()

        assert len(page(teaching).shown) == 2

    def test_it_is_enough_after_eight(self, teaching: Till) -> None:
        show(teaching, *apples(MOST + 2))

        assert len(page(teaching).shown) == MOST
        assert not page(teaching).can_take
        assert page(teaching).hint == "That is enough. Tap Done."

    def test_nothing_or_several_things_are_no_picture(self, teaching: Till) -> None:
        teaching.lay((HERE, apples(1)[0]), (THERE, apples(2)[1]))
        assert page(teaching).trouble == Rejection.SEVERAL.sentence
        teaching.lay()
        teaching.flow.teach.take()
        teaching.settle()

        assert page(teaching).trouble == Rejection.EMPTY.sentence
        assert page(teaching).shown == ()


class TestKeeping:
    def test_what_was_shown_is_known_at_once(self, teaching: Till) -> None:
        show(teaching, *apples(5))
        teaching.flow.teach.done()
        teaching.settle()
        assert page(teaching).message == wording.taught("Red apple", 5)
        assert len(page(teaching).photos) == 5
        assert {shown.state for shown in page(teaching).shown} == {ShownPictureState.KEPT}

        teaching.lay()
        teaching.flow.manager.close()
        teaching.lay((THERE, apples(1)[0]))
        assert teaching.screens.tray is not None
        assert [tile.name for tile in teaching.screens.tray.tiles] == ["Red apple"]

    def test_a_blurred_picture_is_named_and_not_used(self, teaching: Till) -> None:
        blurred = np.asarray(cv2.GaussianBlur(picture_of(APPLE, 4), (0, 0), 5), np.uint8)
        show(teaching, *apples(3), blurred, picture_of(APPLE, 9))
        teaching.flow.teach.done()
        teaching.settle()

        assert page(teaching).trouble == "Picture 4 was blurred and will not be used."
        assert page(teaching).shown[3].state is ShownPictureState.REFUSED
        assert len(page(teaching).photos) == 4

    def test_a_look_alike_is_told(self, teaching: Till) -> None:
        teaching.teach("BUT-S", *apples(3))
        show(teaching, *[np.asarray(apple // 2 + apple // 3, np.uint8) for apple in apples(3)])
        teaching.flow.teach.done()
        teaching.settle()

        assert page(teaching).looks_like == wording.looks_like("Salted butter 250 g")

    def test_a_kept_picture_can_be_removed(self, teaching: Till) -> None:
        show(teaching, *apples(2))
        teaching.flow.teach.done()
        teaching.settle()
        teaching.flow.teach.remove_photo(page(teaching).photos[0].photo_id)
        teaching.settle()

        assert len(page(teaching).photos) == 1

    def test_a_further_picture_begins_a_further_series(self, teaching: Till) -> None:
        show(teaching, *apples(2))
        teaching.flow.teach.done()
        teaching.settle()
        teaching.flow.teach.take()
        teaching.settle()

        assert (len(page(teaching).shown), page(teaching).is_done) == (1, False)

    def test_nothing_is_kept_of_a_series_that_was_left(self, teaching: Till) -> None:
        show(teaching, *apples(2))
        teaching.flow.escape()
        teaching.flow.way_out.confirmation.go_on()
        teaching.settle()

        assert page(teaching).product is None
        assert page(teaching).taught == ()


class TestChoosing:
    def test_taught_products_are_listed_with_their_pictures(self, till: Till) -> None:
        till.teach("APL-R", *apples(2))
        till.flow.teach.open()
        till.settle()

        (entry,) = page(till).taught
        assert (entry.name, entry.detail) == ("Red apple", "2 pictures shown")

    def test_any_product_is_found_by_typing(self, till: Till) -> None:
        till.flow.teach.open()
        till.flow.teach.search("unsalted")
        till.settle()

        assert page(till).results[0].name == "Unsalted butter 250 g"

    def test_a_new_product_is_created_and_then_shown(self, till: Till) -> None:
        till.open_manager()
        till.flow.teach.open()
        till.flow.teach.new_product()
        assert till.screens.place is Place.FORM
        till.flow.manager.save(
            {"sku": "PEAR", "name": "Pear", "category": "Fruit & veg", "price": "0.60", "stock": "5"}
        )
        till.settle()

        assert till.screens.place is Place.TEACH
        tile = page(till).product
        assert tile is not None
        assert tile.name == "Pear"


class TestBarcodes:
    def test_a_barcode_that_is_seen_is_filled_in(self, teaching: Till) -> None:
        teaching.show_codes(UNKNOWN_CODE)

        assert page(teaching).message == wording.code_filled_in(UNKNOWN_CODE)
        apple = teaching.services.inventory.get_product(teaching.goods["APL-R"].id)
        assert apple.barcodes == (UNKNOWN_CODE,)

    def test_the_barcode_of_another_product_is_told(self, teaching: Till) -> None:
        teaching.show_codes(OAT_MILK_CODE)

        assert page(teaching).trouble == wording.code_of_other("Oat milk 1 l")
        assert teaching.screens.basket.item_count == 0
