"""Which names a vision model is told with a picture: what is likely, what sells, and what is like it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from visionscan_kiosk.domain.detection import DetectedCandidate
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.ports import ProductQuery, ProductRepository

LONGEST = 80
"""Names beyond this make every answer slower and none better."""
_OF_CATEGORIES = 50
"""At most so many names come from the categories of what is likely; the others are what sells."""
_SELLERS_LOOKED_AT = 3 * LONGEST


def short_list(products: ProductRepository, likely: Sequence[DetectedCandidate]) -> list[str]:
    """Return up to 80 names, best first, none twice.

    What is likely, what sells best in its categories, what else is in them, and what sells best at all.
    """
    known = products.get_many(item.product_id for item in likely)
    categories = sorted({product.category for product in known.values()})
    sellers = products.best_sellers(_SELLERS_LOOKED_AT)
    of_categories = [product for product in sellers if product.category in categories]
    for category in categories:
        of_categories += products.list(ProductQuery(category=category, limit=_OF_CATEGORIES))
    names = _names([item.name for item in likely], of_categories)[:_OF_CATEGORIES]
    return _names(names, sellers)[:LONGEST]


def _names(first: Iterable[str], products: Iterable[Product]) -> list[str]:
    return list(dict.fromkeys([*first, *(product.name for product in products)]))
