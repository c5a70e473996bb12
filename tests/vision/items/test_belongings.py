"""Telephones and bags are told from goods; whatever is not plainly one of them is goods."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SeenItem
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.items import CounterItemFinder

Colour = tuple[int, int, int]
BLACK, LEATHER, ORANGE = (18, 16, 16), (60, 80, 120), (40, 120, 220)


def board() -> Image:
    return np.full((720, 1280, 3), (150, 170, 180), np.uint8)


def slab(width: int, height: int, colour: Colour, *, corner: int = 18) -> Image:
    """Lay a slab with rounded corners on the middle of the board."""
    picture, left, top = board(), 640 - width // 2, 360 - height // 2
    box = (left + corner, top + corner), (left + width - corner, top + height - corner)
    cv2.rectangle(picture, *box, colour, cv2.FILLED)
    cv2.rectangle(picture, *box, colour, 2 * corner)
    return picture


def printed(picture: Image) -> Image:
    """Write over the middle of what lies there."""
    for line in range(6):
        at = 590, 260 + 40 * line
        cv2.putText(picture, "DARK 70%", at, cv2.FONT_HERSHEY_SIMPLEX, 0.7, (200, 220, 240), 3)
    return picture


def only_item(picture: Image) -> SeenItem:
    finder = CounterItemFinder()
    finder.learn_empty_counter(board())
    (item,) = finder.find(picture)
    return item


@pytest.mark.parametrize("light", [0.7, 1.0, 1.1])
@pytest.mark.parametrize("angle", [0, 35, 90])
def test_a_dark_telephone_is_a_belonging_in_any_light_and_turned(angle: float, light: float) -> None:
    turn = cv2.getRotationMatrix2D((640, 360), angle, 1)
    picture = cv2.warpAffine(slab(150, 300, BLACK), turn, (1280, 720), borderMode=cv2.BORDER_REPLICATE)
    assert only_item(np.clip(picture * light, 0, 255).astype(np.uint8)).is_belonging


def test_a_bag_is_a_belonging_with_the_counter_in_its_strap() -> None:
    picture = slab(540, 380, LEATHER)
    assert only_item(picture).is_belonging
    cv2.ellipse(picture, (640, 180), (160, 110), 0, 180, 360, LEATHER, 24)
    assert only_item(picture).is_belonging


@pytest.mark.parametrize(("left", "is_bag"), [(1000, True), (900, False)])
def test_of_a_bag_at_the_edge_of_the_picture_only_a_part_is_seen(left: int, is_bag: bool) -> None:
    picture = board()
    cv2.rectangle(picture, (left, 200), (left + 280, 560), LEATHER, cv2.FILLED)
    assert only_item(picture).is_belonging is is_bag


def test_a_melon_at_the_edge_of_the_picture_is_goods() -> None:
    picture = board()
    cv2.ellipse(picture, (1110, 360), (168, 160), 0, 0, 360, ORANGE, cv2.FILLED, cv2.LINE_AA)
    cv2.ellipse(picture, (1111, 360), (168, 160), 0, 0, 360, ORANGE, cv2.FILLED, cv2.LINE_AA)
    assert not only_item(picture).is_belonging


def test_what_is_printed_is_goods() -> None:
    assert not only_item(printed(slab(150, 300, BLACK))).is_belonging


@pytest.mark.parametrize("size", [(150, 200), (150, 480), (60, 120)])
def test_a_plain_slab_of_another_shape_or_size_is_goods(size: tuple[int, int]) -> None:
    assert not only_item(slab(*size, BLACK)).is_belonging


@pytest.mark.parametrize(("axes", "colour"), [((80, 165), BLACK), ((250, 230), ORANGE)])
def test_what_is_round_is_goods(axes: tuple[int, int], colour: Colour) -> None:
    """An aubergine is as dark as a telephone, a pumpkin as large and plain as a bag."""
    picture = board()
    cv2.ellipse(picture, (640, 360), axes, 0, 0, 360, colour, cv2.FILLED, cv2.LINE_AA)
    assert not only_item(picture).is_belonging


def test_goods_that_lie_on_a_bag_are_not_taken_for_a_part_of_it() -> None:
    picture = slab(540, 380, LEATHER)
    cv2.circle(picture, (700, 400), 50, (40, 40, 200), cv2.FILLED)
    assert not only_item(picture).is_belonging


def test_none_of_the_sample_shop_is_a_belonging() -> None:
    counter, finder = sample_counter(), CounterItemFinder()
    finder.learn_empty_counter(counter.render_still([], 0))
    for number, sku in enumerate(("CHOCOLATE001", "COFFEE001", "COLA001", "BREAD001", "LEMON001", "MILK001")):
        items = finder.find(counter.render_still([sku], number))
        assert [item.is_belonging for item in items] == [False]
