"""No picture, however broken or huge, stops a stage that looks at the counter."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate

SIDES = st.integers(0, 70)
SHAPES = st.one_of(
    st.tuples(SIDES, SIDES, st.sampled_from([0, 1, 2, 3, 3, 3, 4, 5])),
    st.tuples(SIDES, SIDES),
    st.tuples(SIDES),
    st.tuples(st.just(1), st.integers(1, 5000), st.just(3)),
    st.tuples(st.integers(1, 5000), st.just(1), st.just(3)),
)


@st.composite
def pictures(draw: st.DrawFn) -> Image:
    """Any shape, filled with noise, one colour or nearly the counter's."""
    shape = draw(SHAPES)
    random = np.random.default_rng(draw(st.integers(0, 99)))
    low = draw(st.integers(0, 255))
    return random.integers(low, min(256, low + draw(st.integers(1, 256))), shape, np.uint8)


def counter(height: int, width: int) -> Image:
    return np.full((height, width, 3), 150, np.uint8)


@given(picture=pictures())
def test_the_finder_cuts_whole_pictures_out_of_anything(picture: Image) -> None:
    finder = CounterItemFinder()
    assert len(finder.find(picture)) <= 1
    finder.learn_empty_counter(counter(48, 64))
    for item in finder.find(picture):
        assert item.crop.size
        assert item.box.width > 0
        assert item.box.height > 0


@given(data=st.data(), height=st.integers(16, 90), width=st.integers(16, 90))
def test_things_lie_inside_a_picture_of_the_counters_size(
    data: st.DataObject, height: int, width: int
) -> None:
    finder = CounterItemFinder()
    finder.learn_empty_counter(counter(height, width))
    picture = data.draw(arrays(np.uint8, (height, width, 3), fill=st.sampled_from([0, 150, 255])))
    for item in finder.find(picture):
        assert item.crop.shape[2] == 3
        assert item.box.x + item.box.width <= width
        assert item.box.y + item.box.height <= height
    assert finder.fits(picture) in (True, False)


@given(shown=st.lists(pictures(), max_size=6))
def test_the_gate_outlives_any_row_of_pictures(shown: list[Image]) -> None:
    gate = StillSceneGate()
    gate.learn_empty_counter(counter(48, 64))
    for number, picture in enumerate([*shown, *[counter(48, 64)] * 8]):
        state = gate.feed(picture, number * 0.1)
    assert state.kind is SceneKind.EMPTY


def test_a_camera_may_change_its_size_midway() -> None:
    finder, gate = CounterItemFinder(), StillSceneGate()
    finder.learn_empty_counter(counter(720, 1280))
    gate.learn_empty_counter(counter(720, 1280))
    for size in ((480, 640), (720, 1280), (1080, 1920)):
        assert gate.feed(counter(*size), 1.0).kind is SceneKind.MOVING
        items = finder.find(counter(*size))
        assert [item.is_whole_picture for item in items] == ([] if size == (720, 1280) else [True])
    finder.learn_empty_counter(counter(1080, 1920))
    assert finder.find(counter(1080, 1920)) == ()


@pytest.mark.parametrize("size", [(5000, 10_000), (40, 60_000), (60_000, 40)])
def test_fifty_million_pixels_are_only_many(size: tuple[int, int]) -> None:
    finder, gate = CounterItemFinder(), StillSceneGate()
    huge = counter(*size)
    finder.learn_empty_counter(huge)
    gate.learn_empty_counter(huge)
    huge[10:30, size[1] // 4 : size[1] // 2] = 20
    assert all(item.crop.shape[0] <= 480 for item in finder.find(huge) if not item.is_whole_picture)
    assert gate.feed(huge, 0.0).kind is SceneKind.MOVING
