"""Small shops for the tests of matching."""

from __future__ import annotations

from uuid import UUID, uuid5

from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.match import MatchableProduct

_SHOP = UUID("7f3a8a52-5f2b-4a57-9a53-3d6bf3d7a9b1")


def product(
    sku: str,
    name: str,
    *aliases: str,
    barcodes: tuple[str, ...] = (),
    category: str = "",
    times_sold: int = 0,
) -> MatchableProduct:
    return MatchableProduct(uuid5(_SHOP, sku), sku, name, aliases, barcodes, category, times_sold)


def shop(*names: str) -> CatalogueMatcher:
    """Return a matcher that knows products P000, P001 ... of these names."""
    return CatalogueMatcher(product(f"P{place:03}", name) for place, name in enumerate(names))
