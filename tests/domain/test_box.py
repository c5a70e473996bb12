"""Where things lie in a picture, and how much two of them share."""

from __future__ import annotations

import pytest

from visionscan_kiosk.domain.detection import Box

BOX = Box(10, 10, 20, 10)


@pytest.mark.parametrize(
    ("other", "common", "overlap"),
    [
        (BOX, 200, 1.0),
        (Box(20, 10, 20, 10), 100, 1 / 3),
        (Box(30, 10, 20, 10), 0, 0.0),
        (Box(100, 100, 5, 5), 0, 0.0),
        (Box(12, 12, 0, 0), 0, 0.0),
    ],
)
def test_what_two_share(other: Box, common: int, overlap: float) -> None:
    assert BOX.common_area(other) == other.common_area(BOX) == common
    assert BOX.overlap(other) == other.overlap(BOX) == pytest.approx(overlap)


def test_two_without_pixels_share_nothing() -> None:
    assert Box(1, 1, 0, 0).overlap(Box(1, 1, 0, 0)) == 0.0


@pytest.mark.parametrize(
    ("other", "is_held"),
    [(Box(12, 12, 4, 4), True), (Box(28, 18, 4, 4), True), (Box(29, 18, 4, 4), False), (BOX, True)],
)
def test_the_middle_of_another_lies_on_it(other: Box, is_held: bool) -> None:
    assert BOX.holds(other) is is_held
