"""Means of all photos are kept, views of some: what is remembered has a limit."""

from __future__ import annotations

from uuid import UUID, uuid4

import numpy as np
import pytest

from visionscan_kiosk.services.recognition_ports import TaughtPhoto
from visionscan_kiosk.vision.recogniser.taught import TaughtPhotos

DIMENSIONS = 6
VIEWS = 4
FIRST, SECOND, THIRD = UUID(int=1), UUID(int=2), UUID(int=3)


def photo(product: UUID, value: float = 1.0) -> TaughtPhoto:
    return TaughtPhoto(uuid4(), product, np.full((VIEWS, DIMENSIONS), value, np.float16))


def keep(photos: TaughtPhotos, *some: TaughtPhoto) -> None:
    for each in some:
        photos.keep(each, each.vectors.mean(axis=0, dtype=np.float32))


def test_the_views_of_the_first_products_are_kept() -> None:
    photos = TaughtPhotos(DIMENSIONS, whole_products=2)
    keep(photos, photo(FIRST), photo(SECOND), photo(THIRD), photo(FIRST))
    assert [len(photos.rows_of(product)) for product in (FIRST, SECOND, THIRD)] == [8, 4, 0]
    assert len(photos) == 4


def test_no_more_views_are_kept_than_agreed() -> None:
    photos = TaughtPhotos(DIMENSIONS, whole_rows=2 * VIEWS + 1)
    keep(photos, *(photo(FIRST) for _ in range(3)), photo(SECOND))
    assert len(photos.rows_of(FIRST)) == 2 * VIEWS
    assert len(photos.rows_of(SECOND)) == 0


def test_the_mean_is_that_of_all_photos_kept_whole_or_not() -> None:
    photos = TaughtPhotos(DIMENSIONS, whole_rows=VIEWS)
    keep(photos, photo(FIRST, 1.0), photo(FIRST, 2.0))
    assert photos.mean_of(FIRST) == pytest.approx(1.5)


def test_what_is_dropped_makes_room() -> None:
    photos = TaughtPhotos(DIMENSIONS, whole_products=1)
    first = photo(FIRST)
    keep(photos, first, photo(SECOND))
    photos.drop(first.id)
    keep(photos, photo(THIRD))
    assert photos.products() == (SECOND, THIRD)
    assert len(photos.rows_of(SECOND)) == 0
    assert len(photos.rows_of(THIRD)) == VIEWS


def test_rows_of_chosen_photos_come_last() -> None:
    photos = TaughtPhotos(DIMENSIONS)
    first, second = photo(FIRST, 1.0), photo(FIRST, 2.0)
    keep(photos, first, second)
    assert photos.rows_of(FIRST, last=[first.id])[:, 0].tolist() == [2.0] * VIEWS + [1.0] * VIEWS
    assert photos.products_of([first.id, uuid4()]) == {FIRST: [first.id]}
