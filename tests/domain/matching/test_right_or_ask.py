"""A text either names one product, or a person is asked and told why; never a wrong line."""

from __future__ import annotations

import pytest

from tests.domain.matching.shops import product, shop
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.match import Decision, DetectedFields

SHOP = (
    "Red Apple",
    "Green Apple",
    "Grape",
    "Tindhall Butter Salted 500 g",
    "Tindhall Butter Unsalted 500 g",
    "Whole Milk 1 l",
    "Whole Milk 2 l",
    "Cola 330 ml Can",
    "Cola 500 ml Bottle",
    "Cola Zero Sugar 330 ml Can",
    "Lemon Ginger Tea 20 bags",
    "Marivelle Gold Coffee 100 g Jar",
    "Tomaten passiert 500 g",
    "Jus d'orange 1 l",
    "Aceite de oliva 750 ml",
    "Mellanmjölk 1,5% 1 l",
    "Strawberry Jam 340 g",
    "Yoghurt 4x125 g",
    "Basmati Chawal 5 kg",
    "Dhaniya Powder 100 g",
    "Brioche Buns 6 pcs",
    "Gluten Free Pasta 500 g",
    "Peanut Butter Crunchy 340 g",
    "Coconut Water 250 ml",
    "Ketchup 500 g Bottle",
    "Decaf Coffee Beans 250 g",
    "Watermelon",
    "Chicken Breast Fillet 400 g",
    "Bananen",
    "Vitamin D 60 tablets",
)


@pytest.mark.parametrize(
    ("said", "name"),
    [
        ("red aple", "Red Apple"),
        ("grapes", "Grape"),
        ("a photo of a red apple, please", "Red Apple"),
        ("whole milk 1l", "Whole Milk 1 l"),
        ("1 litre whole milk", "Whole Milk 1 l"),
        ("WHL MLK 2L", "Whole Milk 2 l"),
        ("salted butter", "Tindhall Butter Salted 500 g"),
        ("butter without salt 500 g", "Tindhall Butter Unsalted 500 g"),
        ("ungesalzen tindhall butter 500g", "Tindhall Butter Unsalted 500 g"),
        ("sugar free cola 330 ml", "Cola Zero Sugar 330 ml Can"),
        ("tomate passiert 500g", "Tomaten passiert 500 g"),
        ("jus d'oranges", "Jus d'orange 1 l"),
        ("aceites oliva", "Aceite de oliva 750 ml"),
        ("mellanmjolk 1l", "Mellanmjölk 1,5% 1 l"),
        ("banane", "Bananen"),
        ("basmati chaval 5kg", "Basmati Chawal 5 kg"),
        ("dhania powder", "Dhaniya Powder 100 g"),
        ("water melon", "Watermelon"),
        ("yogurt 4 x 125g", "Yoghurt 4x125 g"),
        ("CHKN BRST FLLT 400G", "Chicken Breast Fillet 400 g"),
        ("lemon ginger tea", "Lemon Ginger Tea 20 bags"),
    ],
)
def test_one_product_is_meant(said: str, name: str) -> None:
    match = shop(*SHOP).match(said)
    assert match.product is not None
    assert (match.decision, match.product.name) == (Decision.MATCHED, name)
    assert match.reason == ""


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ("apple", "two products fit equally"),
        ("whole milk", "size not said: 1 l / 2 l"),
        ("whole milk 3 l", "size differs: 3 l / 1 l"),
        ("yoghurt 500 g", "count differs: 500 g / 4x125 g"),
        ("brioche buns 4 pcs", "count differs: 4 pcs / 6 pcs"),
        ("marivelle gold coffee 200 g", "size differs: 200 g / 100 g"),
        ("blueberry jam 340 g strawberry", "flavour differs: blueberry / not in the name"),
        ("lemon tea 20 bags", "not said: ginger"),
        ("pasta 500g", "diet word not said: no gluten"),
        ("lactose free whole milk 1 l", "diet word differs: no lactose"),
        ("peanut butter smooth 340 g", "kind differs: smooth / crunchy"),
        ("mellanmjölk 3% 1 l", "number differs: 3% / 1.5%"),
        ("vitamin c 60 tablets", "number differs: c / d"),
        ("ketchup 500 g can", "container differs: can / bottle"),
        ("coconut water premium vitamins", "not in the name: vitamin"),
    ],
)
def test_a_person_is_asked_and_told_why(said: str, reason: str) -> None:
    match = shop(*SHOP).match(said)
    assert (match.decision, match.reason) == (Decision.ASK, reason)
    assert match.candidates


@pytest.mark.parametrize(
    "said",
    [
        "raspberry jam 340 g",
        "windscreen wiper",
        "sunflower oil",
        "still water",
        "pear",
        "coconut milk 250 ml",
    ],
)
def test_what_the_shop_does_not_sell_is_not_matched(said: str) -> None:
    assert shop(*SHOP).match(said).decision is not Decision.MATCHED


@pytest.mark.parametrize(
    ("said", "taken"),
    [
        ("red aple", "Red Apple"),
        ("whole milk", "Whole Milk 1 l"),
        ("whole milk 3 l", None),
        ("Tindhall Butter lactose free 500 g", None),
        ("raspberry jam 340 g", None),
        ("windscreen wiper", None),
    ],
)
def test_a_caller_that_cannot_ask_takes_the_best_that_is_not_vetoed(said: str, taken: str | None) -> None:
    matcher = shop(*SHOP)
    allowed = matcher.best_allowed(matcher.match(said))
    assert (allowed.name if allowed else None) == taken


def test_best_sellers_win_ties_and_then_the_sku() -> None:
    tied = [
        product("B", "Plum Jam 1 l"),
        product("A", "Plum Jam 2 l"),
        product("C", "Plum Jam 3 l", times_sold=9),
    ]
    assert [candidate.sku for candidate in CatalogueMatcher(tied).match("plum jam").candidates] == [
        "C",
        "A",
        "B",
    ]


def test_a_category_or_an_alias_word_counts_as_said_of_the_product() -> None:
    matcher = CatalogueMatcher(
        [product("G", "Golden Delicious", category="Apples"), product("B", "Conference", "Birne Conference")]
    )
    for said, sku in (("golden delicious apple", "G"), ("conference birne frisch", "B")):
        match = matcher.match(said)
        assert match.product is not None
        assert match.product.sku == sku


def test_an_alias_never_overrides_a_name() -> None:
    matcher = CatalogueMatcher([product("A", "House Blend"), product("B", "Dark Roast", "house blend")])
    match = matcher.match("house blend")
    assert match.product is not None
    assert (match.decision, match.product.sku) == (Decision.MATCHED, "A")
    assert [candidate.sku for candidate in match.candidates] == ["A", "B"]


def test_two_products_of_one_name_are_asked_about() -> None:
    match = CatalogueMatcher([product("A", "Bread"), product("B", "bread")]).match("BREAD")
    assert (match.decision, match.reason) == (Decision.ASK, "two products fit equally")


@pytest.mark.parametrize(
    ("fields", "decision", "name"),
    [
        (
            DetectedFields("Butter unsalted", "Tindhall", "500 g"),
            Decision.MATCHED,
            "Tindhall Butter Unsalted 500 g",
        ),
        (
            DetectedFields("Tindhall Butter salted", "Tindhall", "unknown"),
            Decision.MATCHED,
            "Tindhall Butter Salted 500 g",
        ),
        (DetectedFields("Yoghurt", size="125 g", count=4), Decision.MATCHED, "Yoghurt 4x125 g"),
        (DetectedFields("Brioche Buns", count=6), Decision.MATCHED, "Brioche Buns 6 pcs"),
        (DetectedFields("Brioche Buns", count=4), Decision.ASK, "Brioche Buns 6 pcs"),
        (DetectedFields("Whole Milk", "Zephyr", "2 l"), Decision.ASK, "Whole Milk 2 l"),
    ],
)
def test_fields_are_matched_as_fields(fields: DetectedFields, decision: Decision, name: str) -> None:
    match = shop(*SHOP).match_fields(fields)
    assert match.product is not None
    assert (match.decision, match.product.name) == (decision, name)


def test_another_brand_is_named_as_the_reason() -> None:
    match = shop(*SHOP).match_fields(DetectedFields("Whole Milk", "Zephyr", "2 l"))
    assert match.reason == "brand not in the name: Zephyr"
