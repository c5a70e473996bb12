"""A new product's name, read from its label while it is taught: a guess that gives way to whoever types."""

from __future__ import annotations

import numpy as np
import pytest

from tests.fake_label_reader import FakeLabelReader
from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import LabelsUnavailable
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.manager_views import ProductFormView
from visionscan_kiosk.services.ports import Image

PLACE = Box(200, 40, 64, 64)
COLOUR, OTHER_COLOUR = (30, 120, 210), (200, 60, 40)
OATS: Image = np.full((64, 64, 3), COLOUR, np.uint8)
RICE: Image = np.full((64, 64, 3), OTHER_COLOUR, np.uint8)


@pytest.fixture
def reader() -> FakeLabelReader:
    made = FakeLabelReader()
    made.print_on(COLOUR, "GOLDEN OATS\n500 g")
    made.print_on(OTHER_COLOUR, "Wild Rice")
    return made


def open_form(till: Till) -> None:
    till.flow.teach.open()
    till.flow.teach.new_product()


def form(till: Till) -> ProductFormView:
    assert till.screens.form is not None
    return till.screens.form


def name(till: Till) -> str:
    return dict(form(till).fields)["name"]


def test_the_name_is_filled_in_as_a_guess_and_the_price_is_not(till: Till) -> None:
    till.lay((PLACE, OATS))
    open_form(till)
    till.settle()
    assert name(till) == "Golden Oats 500 g"
    assert form(till).guesses == (("name", wording.READ_FROM_LABEL),)
    assert dict(form(till).fields)["price"] == ""


def test_a_product_that_is_shown_later_is_read_too_and_a_better_look_wins(till: Till) -> None:
    open_form(till)
    till.settle()
    assert (name(till), form(till).guesses) == ("", ())
    till.lay((PLACE, RICE))
    assert name(till) == "Wild Rice"
    till.lay((PLACE, OATS))
    assert name(till) == "Golden Oats 500 g"


def test_what_somebody_typed_stays(till: Till) -> None:
    till.tasks.held_lanes = {Lane.LABELS}
    till.lay((PLACE, OATS))
    open_form(till)
    till.flow.manager.change_field("name", "Porridge")
    till.tasks.held_lanes = set()
    till.settle()
    till.lay((PLACE, RICE))
    till.flow.manager.code_read("4006381333931")
    assert (name(till), form(till).guesses) == ("Porridge", ())


def test_a_guess_that_was_taken_out_does_not_come_back(till: Till) -> None:
    till.lay((PLACE, OATS))
    open_form(till)
    till.settle()
    till.flow.manager.change_field("name", "")
    till.lay((PLACE, OATS))
    till.flow.manager.code_read("4006381333931")
    assert (name(till), form(till).guesses) == ("", ())


def test_a_guess_stays_one_while_something_else_is_wrong_and_can_be_saved(till: Till) -> None:
    till.lay((PLACE, OATS))
    open_form(till)
    till.settle()
    texts = dict(form(till).fields) | {"sku": "OAT-1", "category": "Cereals"}
    till.flow.manager.save(texts)
    assert [field for field, _ in form(till).messages] == ["price"]
    assert form(till).guesses
    till.flow.manager.save(texts | {"price": "2.50"})
    till.settle()
    assert till.screens.place is Place.TEACH
    product = till.flow.teach.product
    assert product is not None
    assert product.name == "Golden Oats 500 g"


def test_only_a_product_that_is_about_to_be_taught_is_read(till: Till, reader: FakeLabelReader) -> None:
    till.flow.manager.new_product()
    till.settle()
    before = reader.pictures_read
    till.tasks.held_lanes = {Lane.LABELS}
    till.lay((PLACE, OATS))
    assert (name(till), reader.pictures_read) == ("", before)


def test_a_form_that_was_left_takes_no_guess(till: Till) -> None:
    till.tasks.held_lanes = {Lane.LABELS}
    till.lay((PLACE, OATS))
    open_form(till)
    till.settle()
    till.flow.escape()
    till.flow.manager.new_product()
    till.tasks.held_lanes = set()
    till.settle()
    assert (name(till), form(till).guesses) == ("", ())


def test_a_reader_that_fails_leaves_the_form_as_it_is(till: Till, reader: FakeLabelReader) -> None:
    reader.error = LabelsUnavailable("gone")
    till.lay((PLACE, OATS))
    open_form(till)
    till.settle()
    assert (name(till), form(till).trouble) == ("", "")
