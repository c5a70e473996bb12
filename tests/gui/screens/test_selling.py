"""The selling screen: what each state looks like at every size, and what a tap tells the flow."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPushButton

from tests.gui.audit import SIZES, faults, show_at
from tests.gui.widgets import examples
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.screens.selling import SellingScreen
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import (
    BannerView,
    BasketView,
    CatalogueView,
    LookView,
    OfferView,
    Tone,
    TrayKind,
    UndoView,
)
from visionscan_kiosk.gui.widgets.basics import Button
from visionscan_kiosk.gui.widgets.product_picture import PictureStore

FRAME = np.full((360, 640, 3), 180, np.uint8)
CATEGORIES = ("Fruit & veg", "Dairy & eggs", "Bakery", "Pantry", "Drinks", "Household", "Frozen", "Sweets")


@pytest.fixture
def screen(theme: Theme, qtbot) -> SellingScreen:
    made = SellingScreen(theme, PictureStore(theme))
    qtbot.addWidget(made)
    made.show_top_bar(examples.top_bar())
    made.show_picture_state("")
    made.show_frame(FRAME)
    return made


def _empty(screen: SellingScreen) -> None:
    screen.show_basket(BasketView(total_text="€0.00"))
    screen.show_tray(examples.often_sold())


def _asking(screen: SellingScreen) -> None:
    screen.show_basket(examples.basket(12, undo=UndoView("Added Whole Milk 1 l")))
    screen.show_outlines(examples.outlines())
    screen.show_tray(examples.question())


def _offering(screen: SellingScreen) -> None:
    screen.show_basket(examples.basket(3))
    tiles = tuple(examples.tile(name) for name in examples.NAMES[:3])
    view = replace(examples.question(), kind=TrayKind.SURE, tiles=tiles, add_all_text="Add all 3")
    screen.show_tray(replace(view, can_search=False))


def _offering_a_tray(screen: SellingScreen) -> None:
    screen.show_basket(examples.basket(3))
    tiles = tuple(examples.tile(name) for name in examples.NAMES[:4])
    view = replace(examples.question(), kind=TrayKind.SURE, tiles=tiles, add_all_text="Add all 4")
    screen.show_tray(replace(view, can_search=False, title="4 products known"))
    screen.show_offer(OfferView("Remember “crunchy one” for Red Apple?", "Remember"))


def _noting(screen: SellingScreen) -> None:
    basket = examples.basket(3)
    lines = (*basket.lines, examples.unnamed_line())
    screen.show_basket(replace(basket, lines=lines, hint="One product has no name yet"))
    screen.show_tray(examples.often_sold())
    screen.show_tray(examples.note())


def _doubting(screen: SellingScreen) -> None:
    """A code and the looks of its thing do not agree; both have long names."""
    coded, seen = (
        f"{name} butter 250 g, organic, from alpine hay milk of the upper valley"
        for name in ("Salted", "Unsalted")
    )
    screen.show_basket(examples.basket(3))
    screen.show_tray(
        replace(
            examples.note(),
            title=goods_wording.code_and_looks(coded, seen),
            detail=wording.WRONG_ITEM_DETAIL,
            add_all_text=goods_wording.it_is(seen),
            skip_text=wording.KEEP,
            can_search=False,
        )
    )


def _swapped(screen: SellingScreen) -> None:
    """The code of another product is read where a charged one lay; both have long names."""
    coded, charged = (
        "Unsalted butter 250 g, organic, from alpine hay milk",
        "Salted butter 250 g, traditional",
    )
    screen.show_basket(examples.basket(3))
    screen.show_tray(
        replace(
            examples.question(),
            title=goods_wording.swapped(charged),
            tiles=(examples.tile(coded, key=1),),
            add_all_text=goods_wording.INSTEAD,
            skip_text=goods_wording.SKIP_TEXTS["swapped"],
            can_search=False,
        )
    )


def _blind(screen: SellingScreen) -> None:
    screen.show_top_bar(examples.top_bar(in_trouble=True))
    screen.show_basket(examples.basket(5))
    screen.show_tray(examples.often_sold())
    screen.show_picture_state("The camera is not connected.")
    text = "Tap, type or scan instead. Trying again in 8 s."
    actions = (("retry", "Try now"), ("help", "Help"))
    screen.show_banner(BannerView(Tone.STOP, "The camera is not connected.", text, actions))


def _browsing(screen: SellingScreen) -> None:
    screen.show_basket(examples.basket(5))
    screen.show_catalogue(
        CatalogueView(is_open=True, categories=CATEGORIES, tiles=examples.often_sold().tiles * 3)
    )


def _typing(screen: SellingScreen) -> None:
    _browsing(screen)
    _button(screen, "keyboard").click()


def _playing(screen: SellingScreen) -> None:
    _asking(screen)
    screen.show_counter(examples.packs())
    screen.show_look(LookView("Cancel", is_busy=True))


STATES = [
    _empty,
    _asking,
    _offering,
    _offering_a_tray,
    _noting,
    _doubting,
    _swapped,
    _blind,
    _browsing,
    _typing,
    _playing,
]


def _button(screen: SellingScreen, name: str) -> QAbstractButton:
    found = [one for one in screen.findChildren(QAbstractButton, name) if one.isVisibleTo(screen)]
    assert found, f"no {name} in sight"
    return found[0]


def _cut_names(screen: SellingScreen) -> list[str]:
    buttons = screen.findChildren(QAbstractButton)
    return [
        one.accessibleName() for one in buttons if one.isVisible() and getattr(one, "has_cut_text", False)
    ]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("state", STATES)
def test_everything_fits(
    screen: SellingScreen, state: Callable[[SellingScreen], None], size: tuple[int, int]
) -> None:
    state(screen)
    show_at(screen, size)
    state(screen) if state is not _typing else None
    assert screen.grab().size() == QSize(*size)
    assert faults(screen) == []
    assert _cut_names(screen) == []


@pytest.mark.parametrize("size", SIZES, ids=str)
def test_longer_words_fit_too(screen: SellingScreen, size: tuple[int, int]) -> None:
    _asking(screen)
    show_at(screen, size)
    for one in screen.findChildren(Button):
        words = one.text().replace("&&", "&")
        if words and one.objectName() != "look":
            one.set_text(words + "x" * round(len(words) * 0.3))
    screen.show_look(LookView("Look at it again"))
    longer = examples.question()
    screen.show_tray(replace(longer, title=longer.title + " Welche?", detail=longer.detail + " noch"))
    show_at(screen, size)
    assert screen.grab().size() == QSize(*size)
    assert faults(screen) == []


@pytest.mark.parametrize("state", STATES)
def test_dark_and_mirrored_screens_paint(
    right_to_left: Theme, qtbot, state: Callable[[SellingScreen], None]
) -> None:
    screen = SellingScreen(right_to_left, PictureStore(right_to_left))
    qtbot.addWidget(screen)
    screen.show_picture_state("")
    screen.show_frame(FRAME)
    state(screen)
    show_at(screen, (1280, 800))
    assert screen.grab().size() == QSize(1280, 800)


def test_the_basket_leads_when_reading_from_right_to_left(right_to_left: Theme, qtbot) -> None:
    screen = SellingScreen(right_to_left, PictureStore(right_to_left))
    qtbot.addWidget(screen)
    _empty(screen)
    show_at(screen, (1280, 800))
    assert _button(screen, "pay").mapTo(screen, _button(screen, "pay").rect().center()).x() < 640


def test_a_large_window_can_become_small_again(screen: SellingScreen) -> None:
    _asking(screen)
    for size in ((1920, 1080), (1024, 600), (1280, 800)):
        show_at(screen, size)
        assert screen.grab().size() == QSize(*size)


@pytest.mark.parametrize(
    ("state", "button", "signal"),
    [
        (_asking, "pay", "pay_requested"),
        (_asking, "toast_action", "undo_requested"),
        (_asking, "tray_search", "tray_search_requested"),
        (_asking, "tray_skip", "tray_skipped"),
        (_asking, "look", "look_requested"),
        (_asking, "menu", "menu_requested"),
        (_asking, "catalogue_open", "catalogue_opened"),
        (_browsing, "catalogue_close", "catalogue_closed"),
        (_offering, "tray_add_all", "add_all_requested"),
        (_noting, "tray_act", "add_all_requested"),
    ],
)
def test_a_tap_tells_the_flow(screen: SellingScreen, qtbot, state, button: str, signal: str) -> None:
    state(screen)
    show_at(screen, (1280, 800))
    with qtbot.waitSignal(getattr(screen, signal)):
        qtbot.mouseClick(_button(screen, button), Qt.MouseButton.LeftButton)


def test_tiles_of_a_question_answer_by_place(screen: SellingScreen, qtbot) -> None:
    _asking(screen)
    show_at(screen, (1280, 800))
    with qtbot.waitSignal(screen.tray_chosen) as caught:
        qtbot.mouseClick(_button(screen, "tile_UNSALTED"), Qt.MouseButton.LeftButton)
    assert caught.args == [1]


def test_number_keys_answer_and_escape_skips(screen: SellingScreen, qtbot) -> None:
    _asking(screen)
    show_at(screen, (1280, 800))
    with qtbot.waitSignal(screen.tray_chosen) as caught:
        qtbot.keyClick(screen, Qt.Key.Key_3)
    assert caught.args == [2]
    with qtbot.waitSignal(screen.tray_skipped):
        qtbot.keyClick(screen, Qt.Key.Key_Escape)


def test_number_keys_do_nothing_without_a_question(screen: SellingScreen, qtbot) -> None:
    _empty(screen)
    show_at(screen, (1280, 800))
    with qtbot.assertNotEmitted(screen.tray_chosen), qtbot.assertNotEmitted(screen.tile_chosen):
        qtbot.keyClick(screen, Qt.Key.Key_1)


@pytest.mark.parametrize("size", [(1280, 800), (1920, 1080)], ids=str)
def test_often_sold_tiles_name_their_product(screen: SellingScreen, qtbot, size: tuple[int, int]) -> None:
    _empty(screen)
    show_at(screen, size)
    with qtbot.waitSignal(screen.tile_chosen) as caught:
        qtbot.mouseClick(_button(screen, "tile_UNSALTED"), Qt.MouseButton.LeftButton)
    assert caught.args == [examples.identity("Unsalted Butter 250 g")]


def test_typing_is_told_and_enter_submits(screen: SellingScreen, qtbot) -> None:
    _empty(screen)
    show_at(screen, (1280, 800))
    field = screen.findChild(QLineEdit, "search")
    with qtbot.waitSignal(screen.search_changed) as caught:
        qtbot.keyClicks(field, "b")
    assert caught.args == ["b"]
    with qtbot.waitSignal(screen.search_submitted) as caught:
        qtbot.keyClick(field, Qt.Key.Key_Return)
    assert caught.args == ["b"]


def test_the_keyboard_on_the_screen_types_into_the_search(screen: SellingScreen, qtbot) -> None:
    _typing(screen)
    show_at(screen, (1280, 800))
    key = next(one for one in screen.findChildren(QPushButton) if one.text() == "m" and one.isVisible())
    with qtbot.waitSignal(screen.search_changed) as caught:
        qtbot.mouseClick(key, Qt.MouseButton.LeftButton)
    assert caught.args == ["m"]


def test_a_shown_query_is_no_typing(screen: SellingScreen, qtbot) -> None:
    with qtbot.assertNotEmitted(screen.search_changed):
        screen.show_catalogue(CatalogueView(is_open=True, query="milk"))
    assert screen.findChild(QLineEdit, "search").text() == "milk"


def test_an_open_offer_leaves_one_blue_button(screen: SellingScreen) -> None:
    _offering(screen)
    assert _button(screen, "pay").property("kind") == "soft"
    screen.show_tray(examples.often_sold())
    assert _button(screen, "pay").property("kind") == "primary"


def test_an_empty_basket_cannot_be_paid(screen: SellingScreen) -> None:
    _empty(screen)
    assert not _button(screen, "pay").isEnabled()


def test_without_a_camera_the_tiles_take_its_room(screen: SellingScreen) -> None:
    _blind(screen)
    show_at(screen, (1280, 800))
    assert not screen.findChild(object, "picture").isVisible()
    screen.show_picture_state("")
    screen.show_banner(None)
    assert screen.findChild(object, "picture").isVisible()


def test_a_pack_is_toggled_by_its_sku(screen: SellingScreen, qtbot) -> None:
    _playing(screen)
    show_at(screen, (1280, 800))
    with qtbot.waitSignal(screen.counter_toggled) as caught:
        qtbot.mouseClick(_button(screen, "pack_SKU1"), Qt.MouseButton.LeftButton)
    assert caught.args == ["SKU1"]
    assert _button(screen, "pack_SKU1").isChecked()


def test_a_category_is_told(screen: SellingScreen, qtbot) -> None:
    _browsing(screen)
    show_at(screen, (1280, 800))
    with qtbot.waitSignal(screen.category_chosen) as caught:
        qtbot.mouseClick(_button(screen, "pill_Fruit & veg"), Qt.MouseButton.LeftButton)
    assert caught.args == ["Fruit & veg"]


def test_a_banner_names_its_action(screen: SellingScreen, qtbot) -> None:
    _blind(screen)
    show_at(screen, (1280, 800))
    with qtbot.waitSignal(screen.banner_action) as caught:
        qtbot.mouseClick(_button(screen, "banner_retry"), Qt.MouseButton.LeftButton)
    assert caught.args == ["retry"]
