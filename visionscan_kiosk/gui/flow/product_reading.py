"""What a code means exactly, for pages that work with one product."""

from __future__ import annotations

from visionscan_kiosk.domain.matching.match import Decision, Match, MatchMethod
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.inventory import InventoryService


def product_with_code(inventory: InventoryService, code: str) -> Product | None:
    """Return the one product that a code is written on, None when there is none. For a background lane."""
    match = inventory.match_text(code)
    if not is_exact(match) or match.product is None:
        return None
    return inventory.get_products([match.product.product_id]).get(match.product.product_id)


def is_exact(match: Match) -> bool:
    """Whether a product was found by a text that is its own, not by one that is like it."""
    return match.decision is Decision.MATCHED and match.method is not MatchMethod.FUZZY
