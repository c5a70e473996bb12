"""What the camera may add by itself: nothing, marked products, or what is likely enough."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tests.conftest import MakeProduct, new_product
from visionscan_kiosk.domain.detection import Box, DetectedCandidate, DetectedProduct, DetectionSource
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.shop_settings import AutoAdd
from visionscan_kiosk.services.sight import SeenThing


def seen(product: Product, confidence: float = 1.0, decision: Decision = Decision.MATCHED) -> SeenThing:
    return SeenThing(
        DetectedProduct(
            product_id=product.id,
            sku=product.sku,
            name=product.name,
            confidence=confidence,
            decision=decision,
            quantity=1,
            matched_from=product.name,
            source=DetectionSource.TAUGHT,
            box=Box(0, 0, 10, 10),
            candidates=(DetectedCandidate(product.id, product.sku, product.name, confidence),),
        )
    )


def test_nothing_is_added_until_the_shop_wants_it(services: KioskServices, make_product: MakeProduct) -> None:
    apple = make_product("Apple")
    services.inventory.update_product(apple.id, ProductChanges(), adds_when_sure=True)
    assert services.auto_add.things_to_add([seen(apple)]) == frozenset()


def test_only_marked_products_when_the_shop_chose_them(
    services: KioskServices, make_product: MakeProduct
) -> None:
    apple, pear = make_product("Apple"), make_product("Pear")
    services.inventory.update_product(pear.id, ProductChanges(), adds_when_sure=True)
    services.shop_settings.change(auto_add=AutoAdd.CHOSEN)
    things = [seen(apple), seen(pear, 0.7), seen(pear, 0.7, Decision.ASK)]
    assert services.auto_add.things_to_add(things) == {things[1]}


@pytest.mark.parametrize(("confidence", "is_added"), [(0.949, False), (0.95, True), (1.0, True)])
def test_any_sure_product_from_a_probability_on(
    services: KioskServices, make_product: MakeProduct, confidence: float, *, is_added: bool
) -> None:
    services.shop_settings.change(auto_add=AutoAdd.LIKELY, add_from=0.95)
    thing = seen(make_product("Apple"), confidence)
    assert (thing in services.auto_add.things_to_add([thing])) is is_added


def test_what_is_not_sure_is_never_added(services: KioskServices, make_product: MakeProduct) -> None:
    services.shop_settings.change(auto_add=AutoAdd.LIKELY, add_from=0.9)
    assert not services.auto_add.things_to_add([seen(make_product("Apple"), 0.99, Decision.ASK)])


def test_a_whole_picture_is_never_added(services: KioskServices, make_product: MakeProduct) -> None:
    """It may show more than the one thing that was recognised."""
    services.shop_settings.change(auto_add=AutoAdd.LIKELY)
    thing = seen(make_product("Apple"))
    assert services.auto_add.things_to_add([thing, replace(thing, is_whole_picture=True)]) == {thing}


def test_a_mark_is_made_with_the_product_and_taken_off(services: KioskServices) -> None:
    apple = services.inventory.create_product(new_product("Apple"), adds_when_sure=True)
    pear = services.inventory.create_product(new_product("Pear"))
    assert (services.auto_add.is_marked(apple.id), services.auto_add.is_marked(pear.id)) == (True, False)
    services.inventory.update_product(apple.id, ProductChanges(name="Red apple"))
    assert services.auto_add.count_marked() == 1
    for _ in range(2):
        services.inventory.update_product(apple.id, ProductChanges(), adds_when_sure=False)
    assert services.auto_add.count_marked() == 0
