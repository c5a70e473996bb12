"""The head is exact: learning, forgetting and leaving out give what fitting anew gives."""

from __future__ import annotations

import numpy as np
import pytest

from visionscan_kiosk.vision.recogniser.head import CosineHead, make_head
from visionscan_kiosk.vision.recogniser.spread import Change, Rows, Spread

DIMENSIONS = 40
NONE = np.empty((0, DIMENSIONS), np.float32)


def some_rows(seed: int, count: int) -> Rows:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, DIMENSIONS)) + 2 * np.random.default_rng(seed).normal(size=DIMENSIONS)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def spread_of(products: list[Rows]) -> Spread:
    spread = Spread(DIMENSIONS)
    spread.apply([Change.of_product(NONE, rows) for rows in products], row_count=0)
    return spread


def head_of(products: list[Rows]) -> CosineHead:
    return make_head(np.stack([rows.mean(axis=0) for rows in products]), spread_of(products).inverse())


@pytest.fixture
def products() -> list[Rows]:
    return [some_rows(seed, 6) for seed in range(5)]


def test_the_spread_is_that_of_the_rows_about_their_products(products: list[Rows]) -> None:
    away = np.vstack([rows - rows.mean(axis=0) for rows in products]).astype(np.float64)
    expected = np.linalg.inv(away.T @ away + 0.1 * np.eye(DIMENSIONS))
    assert spread_of(products).inverse() == pytest.approx(expected, abs=1e-3)


def test_many_rows_at_once_give_the_same_as_few_by_few(products: list[Rows]) -> None:
    at_once = Spread(DIMENSIONS)
    at_once.apply([Change.of_product(NONE, rows) for rows in products], row_count=30)
    assert at_once.inverse() == pytest.approx(spread_of(products).inverse(), abs=1e-3)


def test_forgetting_undoes_learning(products: list[Rows]) -> None:
    before = spread_of(products).inverse()
    spread = spread_of(products)
    more = np.vstack([products[2], some_rows(9, 3)])
    spread.apply([Change.of_product(products[2], more)], row_count=3)
    assert np.abs(spread.inverse() - before).max() > 1e-2
    spread.apply([Change.of_product(more, products[2])], row_count=3)
    assert spread.inverse() == pytest.approx(before, abs=1e-3)


def test_a_picture_is_most_like_its_own_product(products: list[Rows]) -> None:
    head = head_of(products)
    for place, rows in enumerate(products):
        likeness = head.likeness(rows[0])
        assert likeness.cosines.argmax() == place
        assert likeness.reaches[place] == pytest.approx(1, abs=0.3)


def test_leaving_a_photo_out_is_exact(products: list[Rows]) -> None:
    head, rest = head_of(products), products[1][2:]
    picture = products[1][:2].mean(axis=0)
    change = Change.of_product(rest, np.vstack([rest, products[1][:2]]))
    without = head.likeness_without(picture, 1, change, rest.mean(axis=0))
    anew = make_head(
        np.stack([rows.mean(axis=0) for rows in products]),
        spread_of([products[0], rest, *products[2:]]).inverse(),
    )
    offsets = np.stack([(rest if place == 1 else rows).mean(axis=0) for place, rows in enumerate(products)])
    expected = _cosines(picture - head.centre, offsets - head.centre, anew.inverse)
    assert without.cosines == pytest.approx(expected, abs=2e-3)


def test_leaving_a_product_out_is_exact(products: list[Rows]) -> None:
    head, picture = head_of(products), products[3][0]
    without = head.likeness_without(picture, 3, Change.of_product(NONE, products[3]), None)
    inverse = spread_of([*products[:3], *products[4:]]).inverse()
    expected = _cosines(picture - head.centre, head.offsets, inverse)
    others = np.arange(5) != 3
    assert without.cosines[others] == pytest.approx(expected[others], abs=2e-3)
    assert without.cosines[3] == -1


def test_a_single_product_has_a_likeness() -> None:
    likeness = head_of([some_rows(1, 4)]).likeness(some_rows(1, 4)[0])
    assert likeness.cosines[0] > 0.5


def _cosines(away: Rows, offsets: Rows, inverse: Rows) -> Rows:
    squares = np.einsum("pd,de,pe->p", offsets, inverse, offsets)
    return (offsets @ inverse @ away) / np.sqrt(squares * (away @ inverse @ away))
