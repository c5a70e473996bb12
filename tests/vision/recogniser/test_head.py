"""The head is exact: learning, forgetting and leaving out give what fitting anew gives."""

from __future__ import annotations

import numpy as np
import pytest

from visionscan_kiosk.vision.recogniser.head import CosineHead, LeftOut, Likeness, make_head
from visionscan_kiosk.vision.recogniser.spread import Change, Rows, Spread

DIMENSIONS = 40
NONE = np.empty((0, DIMENSIONS), np.float32)


def some_rows(seed: int, count: int) -> Rows:
    random = np.random.default_rng(seed)
    rows = random.normal(size=(count, DIMENSIONS)) + 2 * np.random.default_rng(seed).normal(size=DIMENSIONS)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def spread_of(products: list[Rows]) -> Spread:
    return Spread.of_products(products, DIMENSIONS)


def without(head: CosineHead, left_out: LeftOut) -> Likeness:
    (likeness,) = head.likenesses_without([left_out])
    return likeness


def head_of(products: list[Rows]) -> CosineHead:
    return make_head(np.stack([rows.mean(axis=0) for rows in products]), spread_of(products).inverse())


@pytest.fixture
def products() -> list[Rows]:
    return [some_rows(seed, 6) for seed in range(5)]


def test_the_spread_is_that_of_the_rows_about_their_products(products: list[Rows]) -> None:
    away = np.vstack([rows - rows.mean(axis=0) for rows in products]).astype(np.float64)
    expected = np.linalg.inv(away.T @ away + 0.1 * np.eye(DIMENSIONS))
    assert spread_of(products).inverse() == pytest.approx(expected, abs=1e-3)


def test_changes_one_by_one_give_the_same_as_all_at_once(products: list[Rows]) -> None:
    spread = spread_of(products[:3])
    for rows in products[3:]:
        spread.change(Change.of_product(NONE, rows))
    assert spread.inverse() == pytest.approx(spread_of(products).inverse(), abs=1e-3)


def test_forgetting_undoes_learning(products: list[Rows]) -> None:
    before = spread_of(products).inverse()
    spread = spread_of(products)
    more = np.vstack([products[2], some_rows(9, 3)])
    spread.change(Change.of_product(products[2], more))
    assert np.abs(spread.inverse() - before).max() > 1e-2
    spread.change(Change.of_product(more, products[2]))
    assert spread.inverse() == pytest.approx(before, abs=1e-3)


def test_a_picture_is_most_like_its_own_product(products: list[Rows]) -> None:
    head = head_of(products)
    for place, rows in enumerate(products):
        assert head.likeness(rows[:2]).cosines.argmax() == place


def test_crops_that_differ_are_less_steady(products: list[Rows]) -> None:
    head = head_of(products)
    assert head.likeness(products[0][:1]).steadiness == 1
    assert head.likeness(products[0][[0, 0]]).steadiness == pytest.approx(1, abs=1e-4)
    mixed = np.vstack([products[0][:1], products[1][:1]])
    assert head.likeness(mixed).steadiness < head.likeness(products[0][:2]).steadiness < 1


def test_leaving_a_photo_out_is_exact(products: list[Rows]) -> None:
    head, rest, crops = head_of(products), products[1][2:], products[1][:2]
    change = Change.of_product(rest, np.vstack([rest, crops]))
    seen = without(head, LeftOut([crops], 1, change, rest.mean(axis=0)))
    means = np.stack([(rest if place == 1 else rows).mean(axis=0) for place, rows in enumerate(products)])
    anew = _head(head.centre, means, spread_of([products[0], rest, *products[2:]]).inverse())
    assert seen.cosines == pytest.approx(anew.likeness(crops).cosines, abs=2e-3)
    assert seen.steadiness == pytest.approx(anew.likeness(crops).steadiness, abs=2e-3)


def test_leaving_a_product_out_is_exact(products: list[Rows]) -> None:
    head = head_of(products)
    pictures = [products[3][:2], products[3][2:4]]
    seen = head.likenesses_without([LeftOut(pictures, 3, Change.of_product(NONE, products[3]), None)])
    anew = _head(head.centre, head.offsets + head.centre, spread_of([*products[:3], *products[4:]]).inverse())
    others = np.arange(5) != 3
    for crops, likeness in zip(pictures, seen, strict=True):
        assert likeness.cosines[others] == pytest.approx(anew.likeness(crops).cosines[others], abs=2e-3)
        assert likeness.steadiness == pytest.approx(anew.likeness(crops).steadiness, abs=2e-3)
        assert likeness.cosines[3] == -1


def test_what_is_left_out_together_is_left_out_alone(products: list[Rows]) -> None:
    head = head_of(products)
    some = [
        LeftOut(
            [rows[:2]], place, Change.of_product(rows[2:], np.vstack([rows[2:], rows[:2]])), rows[2:].mean(0)
        )
        for place, rows in enumerate(products)
    ]
    for together, alone in zip(head.likenesses_without(some), some, strict=True):
        assert together.cosines == pytest.approx(without(head, alone).cosines, abs=1e-4)


def test_a_single_product_has_a_likeness() -> None:
    likeness = head_of([some_rows(1, 4)]).likeness(some_rows(1, 4)[:2])
    assert likeness.cosines[0] > 0.5


def _head(centre: Rows, means: Rows, inverse: Rows) -> CosineHead:
    """With a centre that is given."""
    offsets = means - centre
    return CosineHead(centre, inverse, offsets, np.einsum("pd,de,pe->p", offsets, inverse, offsets))
