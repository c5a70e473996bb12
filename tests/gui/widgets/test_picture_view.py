"""The picture keeps its pixels alive, covers its place, and says in words when there is none."""

import gc
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from tests.gui.widgets.examples import outlines
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.gui.theme.palette import ON_PICTURE_SURE
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import OutlineKind, OutlineView
from visionscan_kiosk.gui.widgets.picture_view import PictureView

BLUE_IN_BGR = (255, 0, 0)


@pytest.fixture
def view(theme: Theme, qtbot) -> PictureView:
    made = PictureView(theme)
    qtbot.addWidget(made)
    made.resize(640, 360)
    return made


def _frame(height: int = 360, width: int = 640) -> np.ndarray:
    return np.full((height, width, 3), BLUE_IN_BGR, np.uint8)


def test_colours_are_read_as_bgr(view: PictureView) -> None:
    view.set_frame(_frame())
    assert view.grab().toImage().pixelColor(320, 180).name() == "#0000ff"


def test_the_pixels_outlive_the_caller(view: PictureView) -> None:
    view.set_frame(_frame())
    gc.collect()
    junk = [np.zeros((360, 640, 3), np.uint8) for _ in range(8)]
    assert view.grab().toImage().pixelColor(100, 100).name() == "#0000ff"
    assert len(junk) == 8


def test_a_view_into_a_larger_picture_is_shown_right(view: PictureView) -> None:
    whole = np.zeros((400, 1000, 3), np.uint8)
    whole[:360, 100:740] = BLUE_IN_BGR
    view.set_frame(whole[:360, 100:740])
    assert view.grab().toImage().pixelColor(630, 20).name() == "#0000ff"


@pytest.mark.parametrize("shape", [(4, 4), (4, 4, 4), (4, 4, 1)])
def test_other_shapes_are_refused(view: PictureView, shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="height x width x 3"):
        view.set_frame(np.zeros(shape, np.uint8))


@pytest.mark.parametrize("shape", [(720, 1280), (720, 1200), (780, 1280)])
def test_a_frame_of_nearly_the_same_shape_covers_the_whole_place(
    view: PictureView, shape: tuple[int, int]
) -> None:
    view.set_frame(_frame(*shape))
    image = view.grab().toImage()
    assert {image.pixelColor(x, y).name() for x, y in ((30, 30), (610, 30), (30, 330), (610, 330))} == {
        "#0000ff"
    }


@pytest.mark.parametrize("shape", [(400, 1600), (1600, 400)])
def test_goods_at_the_edges_stay_in_sight_in_any_shape(view: PictureView, shape: tuple[int, int]) -> None:
    frame = np.zeros((*shape, 3), np.uint8)
    height, width = shape
    frame[: height // 10] = frame[-height // 10 :] = 255
    frame[:, : width // 10] = frame[:, -width // 10 :] = 255
    view.set_frame(frame)
    image = view.grab().toImage()
    middle = [image.pixelColor(x, 180).name() for x in range(640)]
    upright = [image.pixelColor(320, y).name() for y in range(360)]
    assert middle.count("#ffffff") >= 4
    assert upright.count("#ffffff") >= 4


def test_an_outline_lies_where_its_box_is(view: PictureView) -> None:
    view.set_frame(_frame(720, 1280))
    view.set_outlines((OutlineView(Box(200, 200, 400, 300), OutlineKind.SURE, ""),))
    image = view.grab().toImage()
    assert image.pixelColor(100, 175).name().upper() == ON_PICTURE_SURE
    assert image.pixelColor(300, 175).name().upper() == ON_PICTURE_SURE


def test_labels_of_every_kind_are_painted_at_any_edge(view: PictureView) -> None:
    view.set_frame(_frame())
    plain = view.grab().toImage()
    view.set_outlines(outlines())
    assert view.grab().toImage() != plain


def test_a_lost_camera_is_said(view: PictureView) -> None:
    view.set_frame(_frame())
    view.set_state("The camera is not connected.")
    assert view.accessibleDescription() == "The camera is not connected."
    assert view.grab().toImage().pixelColor(30, 30).name() != "#0000ff"


def test_the_hint_makes_room_for_outlines(view: PictureView) -> None:
    view.set_frame(_frame())
    plain = view.grab().toImage()
    view.set_hint("Put goods on the counter")
    assert view.grab().toImage() != plain
    view.set_hint("")
    assert view.grab().toImage() == plain


def test_of_several_questions_the_one_in_the_tray_has_a_bright_label(view: PictureView) -> None:
    asked = OutlineView(Box(60, 120, 200, 160), OutlineKind.ASK, "Which one is it?")
    other = OutlineView(Box(360, 120, 200, 160), OutlineKind.ASK, "Which one is it?", 1)
    view.set_frame(_frame())

    def has_bright_plate(outline: OutlineView) -> bool:
        view.set_outlines((asked, outline))
        picture = view.grab().toImage()
        return picture.pixelColor(380, 82).lightness() > 100  # in the plate, left of its icon

    assert not has_bright_plate(other)
    assert has_bright_plate(replace(other, is_in_question=True))


def test_a_label_keeps_off_the_goods_beside_its_own(view: PictureView, qtbot) -> None:
    above = OutlineView(Box(60, 60, 200, 100), OutlineKind.SURE, "Red Apple", 1)
    below = OutlineView(Box(60, 170, 200, 100), OutlineKind.SURE, "Avocado", 2)
    view.set_frame(_frame())
    view.set_outlines((above, below))
    view.grab()
    with qtbot.waitSignal(view.outline_tapped) as tapped:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(100, 290))
    assert tapped.args == [2]
