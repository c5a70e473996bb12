"""Products by their ids, for a background lane."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from visionscan_kiosk.domain.matching.match import Decision, Match, MatchMethod
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.inventory import InventoryService


def products_of(inventory: InventoryService, product_ids: Sequence[UUID]) -> Mapping[UUID, Product]:
    """Return the products that still exist, in the given order."""
    return inventory.get_products(product_ids)


def product_with_code(inventory: InventoryService, code: str) -> Product | None:
    """Return the one product that a code is written on, None when there is none. For a background lane."""
    match = inventory.match_text(code)
    if not is_exact(match) or match.product is None:
        return None
    return products_of(inventory, [match.product.product_id]).get(match.product.product_id)


def is_exact(match: Match) -> bool:
    """Whether a product was found by a text that is its own, not by one that is like it."""
    return match.decision is Decision.MATCHED and match.method is not MatchMethod.FUZZY
