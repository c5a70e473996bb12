"""Which names a vision model is told, on a real database."""

from __future__ import annotations

from decimal import Decimal

import pytest

from visionscan_kiosk.domain.detection import DetectedCandidate
from visionscan_kiosk.domain.product import NewProduct, Product
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.vision_model_short_list import LONGEST, short_list

CHEESES = 300


@pytest.fixture
def cheese(services: KioskServices, unit_of_work: UnitOfWorkFactory) -> Product:
    """The last of many cheeses, in a shop that sells nothing but fruit."""
    goods = [
        NewProduct(f"CH-{place:03}", f"Cheese {place:03}", "Dairy", Decimal(3), 5) for place in range(CHEESES)
    ]
    goods += [
        NewProduct(f"AA-{place:03}", f"Apple {place:03}", "Fruit", Decimal(1), 5) for place in range(300)
    ]
    with unit_of_work() as work:
        work.products.upsert_many(goods)
        work.commit()
    return services.inventory.list_products()[-1]


def names_for(unit_of_work: UnitOfWorkFactory, *likely: Product) -> list[str]:
    candidates = [DetectedCandidate(product.id, product.sku, product.name, 0.4) for product in likely]
    with unit_of_work() as work:
        return short_list(work.products, candidates)


def test_it_begins_with_what_is_likely_and_goes_on_with_its_category(
    cheese: Product, unit_of_work: UnitOfWorkFactory
) -> None:
    """Best sellers are all fruit here: the category's products come in without having sold."""
    names = names_for(unit_of_work, cheese)
    assert cheese.name == f"Cheese {CHEESES - 1:03}"
    assert len(names) == len(set(names)) == LONGEST
    assert names[0] == cheese.name
    assert all(name.startswith("Cheese") for name in names[:50])
    assert all(name.startswith("Apple") for name in names[50:])


def test_without_anything_likely_it_is_what_sells(cheese: Product, unit_of_work: UnitOfWorkFactory) -> None:
    names = names_for(unit_of_work)
    assert len(names) == LONGEST
    assert all(name.startswith("Apple") for name in names)


def test_an_empty_shop_has_no_names(unit_of_work: UnitOfWorkFactory) -> None:
    assert names_for(unit_of_work) == []
