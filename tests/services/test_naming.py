"""Aliases come from people, are listed and removable, and never take a text away from another product."""

from __future__ import annotations

import pytest

from tests.conftest import MakeProduct
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.match import Decision, MatchMethod
from visionscan_kiosk.services.kiosk import KioskServices


def test_three_equal_choices_make_an_offer(services: KioskServices, make_product: MakeProduct) -> None:
    apple = make_product("Red Apple")
    offers = [services.naming.note_choice("crunchy one", apple.id) for _ in range(3)]
    assert offers[:2] == [None, None]
    assert offers[2]
    assert (offers[2].text, offers[2].product.id) == ("crunchy one", apple.id)


def test_another_choice_in_between_starts_anew(services: KioskServices, make_product: MakeProduct) -> None:
    apple, pear = make_product("Red Apple"), make_product("Pear")
    for product in (apple, apple, pear, apple, apple):
        assert services.naming.note_choice("crunchy one", product.id) is None


def test_a_remembered_text_finds_its_product(services: KioskServices, make_product: MakeProduct) -> None:
    apple = make_product("Red Apple")
    services.naming.remember("crunchy  one", apple.id)
    found = services.inventory.match_text("Crunchy One")
    assert (found.decision, found.method) == (Decision.MATCHED, MatchMethod.ALIAS)
    assert [(learned.sku, learned.alias) for learned in services.naming.list_learned()] == [
        (apple.sku, "crunchy one")
    ]


def test_a_forgotten_alias_finds_nothing_and_others_stay(
    services: KioskServices, make_product: MakeProduct
) -> None:
    apple = make_product("Red Apple", aliases=("rosy",))
    services.naming.remember("crunchy one", apple.id)
    product = services.naming.forget(apple.id, "crunchy one")
    assert product.aliases == ("rosy",)
    assert not services.naming.list_learned()
    assert services.inventory.match_text("crunchy one").decision is not Decision.MATCHED


def test_an_alias_taken_off_in_the_product_form_is_no_longer_listed(
    services: KioskServices, make_product: MakeProduct
) -> None:
    from visionscan_kiosk.domain.product import ProductChanges  # noqa: PLC0415 - only here

    apple = make_product("Red Apple")
    services.naming.remember("crunchy one", apple.id)
    services.inventory.update_product(apple.id, ProductChanges(aliases=()))
    assert not services.naming.list_learned()


@pytest.mark.parametrize("text", ["Pear", "PEAR ", "conference"])
def test_a_text_that_stands_for_another_product_is_refused(
    services: KioskServices, make_product: MakeProduct, text: str
) -> None:
    apple = make_product("Red Apple")
    make_product("Pear", aliases=("conference",))
    with pytest.raises(InvalidInput, match="already stands for Pear"):
        services.naming.remember(text, apple.id)


def test_lint_names_products_of_one_name(services: KioskServices, make_product: MakeProduct) -> None:
    make_product("Red Apple", sku="A1")
    make_product("red apple", sku="A2")
    make_product("Pear", sku="B1")
    pairs = services.naming.find_confusable()
    assert [{pair.first.sku, pair.second.sku} for pair in pairs] == [{"A1", "A2"}]
    assert pairs[0].reason
    assert pairs[0].advice
