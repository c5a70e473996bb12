"""In the product form: a picture, kept at once, and whether the camera may add it by itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fake_recogniser import picture_of
from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.product import ProductChanges
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.manager_views import PictureChoiceView, ProductFormView
from visionscan_kiosk.services.shop_settings import AutoAdd

OAT_MILK = picture_of((220, 220, 60))


@pytest.fixture
def form(till: Till) -> Till:
    """A till with the form of oat milk open, which was taught with one photo."""
    till.teach("OAT-1L", OAT_MILK)
    till.open_manager()
    till.flow.manager.edit(till.goods["OAT-1L"].id)
    till.settle()
    return till


def choice(till: Till) -> PictureChoiceView:
    assert till.screens.picture_choice is not None
    return till.screens.picture_choice


def form_of(till: Till) -> ProductFormView:
    assert till.screens.form is not None
    return till.screens.form


class TestPicture:
    def test_a_taught_photo_becomes_the_picture(self, form: Till) -> None:
        form.flow.manager.choose_picture()
        form.settle()
        (photo,) = choice(form).photos
        form.flow.picture.choose_photo(photo.photo_id)
        assert choice(form).is_busy
        form.settle()

        product = form.goods["OAT-1L"].id
        assert not choice(form).is_busy
        assert form.screens.forgotten_pictures == [product]
        assert form.services.inventory.get_picture(product) is not None
        form.flow.picture.close()
        assert (form.screens.picture_choice, form.screens.place) == (None, Place.FORM)

    def test_what_failed_for_another_product_is_not_told_here(self, form: Till) -> None:
        form.tasks.held_lanes = {Lane.PICTURES}
        form.flow.manager.choose_picture()
        form.flow.picture.choose_file("/nowhere/missing.png")
        form.flow.picture.close()
        form.flow.picture.open(form.goods["BUT-S"])
        assert not choice(form).is_busy
        form.tasks.held_lanes = set()
        form.settle()
        assert choice(form).trouble == ""

    def test_the_camera_takes_one(self, form: Till) -> None:
        form.flow.manager.choose_picture()
        form.flow.sight._newest = None
        form.flow.picture.take()
        assert choice(form).trouble == wording.NO_CAMERA_PICTURE
        form.show_picture(OAT_MILK)
        form.flow.picture.take()
        form.settle()
        assert choice(form).trouble == ""
        assert form.services.inventory.get_picture(form.goods["OAT-1L"].id) is not None

    def test_a_file_that_is_none_is_said_and_another_can_be_chosen(self, form: Till, tmp_path: Path) -> None:
        form.flow.manager.choose_picture()
        form.flow.picture.choose_file(str(tmp_path / "missing.png"))
        form.settle()
        assert choice(form).trouble.startswith("missing.png cannot be read")
        assert not choice(form).is_busy
        assert form.screens.forgotten_pictures == []

    def test_a_second_choice_waits_for_the_first(self, form: Till) -> None:
        form.flow.manager.choose_picture()
        form.settle()
        form.show_picture(OAT_MILK)
        form.flow.picture.take()
        form.flow.picture.take()
        assert form.tasks.count(Lane.PICTURES) == 1
        form.settle()

    def test_a_new_product_has_none_yet(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.flow.manager.choose_picture()
        till.settle()
        assert till.screens.picture_choice is None

    def test_what_is_taught_is_seen_on_tiles_at_once(self, form: Till) -> None:
        form.flow.teach.open()
        form.flow.teach.choose(form.goods["BUT-S"].id)
        form.settle()
        form.show_picture(picture_of((40, 200, 200)))
        form.flow.teach.take()
        form.settle()
        form.flow.teach.done()
        form.settle()
        assert form.screens.forgotten_pictures == [form.goods["BUT-S"].id]


class TestAddingByItself:
    @pytest.mark.parametrize(
        ("auto_add", "text"),
        [
            (AutoAdd.OFF, wording.ADD_WHEN_SURE_OFF),
            (AutoAdd.CHOSEN, wording.ADD_WHEN_SURE_DETAIL),
            (AutoAdd.LIKELY, wording.ADD_WHEN_SURE_ALL),
        ],
    )
    def test_the_form_says_whether_a_mark_counts(self, till: Till, auto_add: AutoAdd, text: str) -> None:
        till.services.shop_settings.change(auto_add=auto_add)
        till.open_manager()
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        assert form_of(till).adds_when_sure is None
        till.settle()
        assert (form_of(till).adds_when_sure, form_of(till).adds_when_sure_text) == (False, text)

    def test_a_mark_is_kept_with_the_form(self, form: Till) -> None:
        product = form.goods["OAT-1L"].id
        form.flow.manager.switch_adding(True)
        assert form_of(form).adds_when_sure is True
        assert not form.services.auto_add.is_marked(product)
        form.flow.manager.save(dict(form_of(form).fields))
        form.settle()
        assert form.services.auto_add.is_marked(product)

        form.flow.manager.edit(product)
        form.settle()
        assert form_of(form).adds_when_sure is True
        form.flow.manager.switch_adding(False)
        form.flow.manager.leave_form()
        form.settle()
        assert form.services.auto_add.is_marked(product)

    def test_what_was_typed_survives_the_switch(self, form: Till) -> None:
        form.flow.manager.change_field("name", "Oat drink")
        form.flow.manager.switch_adding(True)
        assert dict(form_of(form).fields)["name"] == "Oat drink"

    def test_a_new_product_can_be_marked(self, till: Till) -> None:
        till.open_manager()
        till.flow.manager.new_product()
        till.settle()
        till.flow.manager.switch_adding(True)
        texts = {
            **dict(form_of(till).fields),
            "name": "Pear",
            "sku": "PEAR",
            "category": "Fruit",
            "price": "1",
        }
        till.flow.manager.save(texts)
        till.settle()
        assert till.services.auto_add.count_marked() == 1

    def test_without_a_database_the_mark_is_left_alone(self, till: Till) -> None:
        till.open_manager()
        till.services.inventory.update_product(till.goods["OAT-1L"].id, ProductChanges(), adds_when_sure=True)
        till.tasks.is_database_away = True
        till.flow.manager.edit(till.goods["OAT-1L"].id)
        till.settle()
        till.tasks.is_database_away = False
        assert form_of(till).adds_when_sure is None
        till.flow.manager.save(dict(form_of(till).fields))
        till.settle()
        assert till.services.auto_add.count_marked() == 1
