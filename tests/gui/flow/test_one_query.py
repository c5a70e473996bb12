"""What a typed text or a code finds is read in one query, however many products that are."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import Engine, event

from tests.conftest import MakeProduct
from visionscan_kiosk.gui.flow import catalogue_flow, look_ups
from visionscan_kiosk.services.inventory import InventoryService
from visionscan_kiosk.services.kiosk import KioskServices


def typed(inventory: InventoryService) -> int:
    return len(catalogue_flow._find(inventory, "apple", ""))


def submitted(inventory: InventoryService) -> int:
    return len(look_ups._answer(inventory, "apple").products)


@pytest.mark.parametrize("ask", [typed, submitted])
def test_a_search_reads_its_products_in_one_query(
    engine: Engine,
    services: KioskServices,
    make_product: MakeProduct,
    ask: Callable[[InventoryService], int],
) -> None:
    for number in range(12):
        make_product(f"Apple {number}")
    services.catalogue.warm_up()
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        statements.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        found = ask(services.inventory)
    finally:
        event.remove(engine, "before_cursor_execute", note)

    assert found > 1
    assert len(statements) == 2, "the catalogue's revision, and all products"
    assert "catalogue_revision" in statements[0]
