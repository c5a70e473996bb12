"""Search while a person types."""

from __future__ import annotations

import pytest

from tests.domain.matching.shops import product
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher


def searched(text: str, limit: int = 20) -> list[str]:
    matcher = CatalogueMatcher(
        [
            product("S1", "Oat Milk 1 l", times_sold=50),
            product("S2", "Milk 1 l", times_sold=10),
            product("S3", "Milk Chocolate 100 g", "Vollmilch Tafel", times_sold=10),
            product("S4", "Crème brûlée", times_sold=1),
            product("S5", "Chocolate Milk 250 ml", barcodes=("4006381333931",)),
            product("MILLET-1", "Hirse 500 g"),
        ]
    )
    return [candidate.sku for candidate in matcher.search(text, limit)]


@pytest.mark.parametrize(
    ("typed", "skus"),
    [
        ("mi", ["S1", "S2", "S3", "S5"]),
        ("milk", ["S1", "S2", "S3", "S5"]),
        ("milk ch", ["S3", "S5"]),
        ("choc m", ["S3", "S5"]),
        ("milk 1", ["S1", "S2", "S3"]),
        ("milk 1 l", ["S1", "S2"]),
        ("creme br", ["S4"]),
        ("vollm", ["S3"]),
        ("millet-1", ["MILLET-1"]),
        ("4006381333931", ["S5"]),
        ("zzz", []),
    ],
)
def test_every_typed_word_counts_and_the_last_is_a_beginning(typed: str, skus: list[str]) -> None:
    assert searched(typed) == skus


def test_typing_mistakes_still_find_something() -> None:
    assert set(searched("chocolat mlik")[:2]) == {"S3", "S5"}


def test_an_empty_text_shows_the_best_sellers() -> None:
    assert searched("  ", limit=3) == ["S1", "S2", "S3"]


def test_a_sale_moves_a_product_up_without_reading_its_name_again() -> None:
    matcher = CatalogueMatcher([product("S1", "Plum Jam"), product("S2", "Pear Jam")])
    assert [candidate.sku for candidate in matcher.search("jam")] == ["S1", "S2"]
    matcher.update([product("S2", "Pear Jam", times_sold=3)])
    assert [candidate.sku for candidate in matcher.search("jam")] == ["S2", "S1"]
