"""Names that a person or a model would confuse."""

from __future__ import annotations

from tests.domain.matching.shops import product
from visionscan_kiosk.domain.matching.lint import Confusion, confusable_pairs


def kinds(*products) -> list[tuple[Confusion, str, str]]:
    return [(pair.kind, pair.first.sku, pair.second.sku) for pair in confusable_pairs(products)]


def test_the_same_name_in_other_words_is_told_with_a_new_name() -> None:
    first, second = (
        product("A", "Butter, salted 500 g"),
        product("B", "Salted butter 0,5 kg", category="Dairy"),
    )
    (pair,) = confusable_pairs([second, first])
    assert (pair.kind, pair.first.sku, pair.second.sku) == (Confusion.SAME_NAME, "A", "B")
    assert pair.proposed_name == "Salted butter 0,5 kg (Dairy)"


def test_aliases_that_stand_for_two_products_are_told() -> None:
    assert kinds(product("A", "Cola"), product("B", "Lemonade", "COLA")) == [
        (Confusion.ALIAS_IS_NAME, "A", "B")
    ]
    assert kinds(product("A", "Cola", "fizz"), product("B", "Lemonade", "Fizz")) == [
        (Confusion.ALIAS_OF_BOTH, "A", "B")
    ]


def test_a_missing_size_is_told() -> None:
    assert kinds(product("A", "Milk"), product("B", "Milk 1 l")) == [(Confusion.SIZE_MISSING, "B", "A")]


def test_one_typing_mistake_apart_is_told() -> None:
    assert kinds(product("A", "Marivelle soap"), product("B", "Marivele soap")) == [
        (Confusion.LIKE_LETTERS, "A", "B")
    ]


def test_a_name_inside_another_gets_an_alias_proposed() -> None:
    (pair,) = confusable_pairs([product("A", "Ketchup 500 g"), product("B", "Hot Ketchup 500 g")])
    assert (pair.kind, pair.second.sku, pair.proposed_alias) == (
        Confusion.NAME_INSIDE,
        "A",
        "plain Ketchup 500 g",
    )
    assert '"hot"' in pair.reason


def test_sizes_and_different_words_are_no_confusion() -> None:
    assert (
        kinds(
            product("A", "Milk 1 l"),
            product("B", "Milk 2 l"),
            product("C", "Red apple"),
            product("D", "Green apple"),
        )
        == []
    )


def test_the_worst_come_first_and_the_limit_holds() -> None:
    shop = [product(f"S{place}", "Bread") for place in range(5)] + [
        product("A", "Milk"),
        product("B", "Milk 1 l"),
    ]
    assert [pair.kind for pair in confusable_pairs(shop)] == [Confusion.SAME_NAME] * 4 + [
        Confusion.SIZE_MISSING
    ]
    assert len(confusable_pairs(shop, limit=2)) == 2
