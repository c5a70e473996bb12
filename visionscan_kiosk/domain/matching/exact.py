"""The tiers that need no judgement: SKU, barcode, name and alias, looked up as they are written.

Each text is kept under two keys: one that forgets case, width and spacing, and one that forgets accents too.
The first is asked first, so that a product's own name finds it even beside a namesake without accents.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.match import MatchableProduct, MatchMethod
from visionscan_kiosk.domain.matching.normalise import fold, strict_key

_Owners = UUID | tuple[UUID, ...]
_TIERS = (MatchMethod.SKU, MatchMethod.BARCODE, MatchMethod.NAME, MatchMethod.ALIAS)


class ExactHit(NamedTuple):
    """Products found by one tier; `others` are those that a later tier would have found."""

    method: MatchMethod
    owners: tuple[UUID, ...]
    others: tuple[UUID, ...]


class ExactTexts:
    """Every SKU, barcode, name and alias of the catalogue, and whose it is."""

    def __init__(self) -> None:
        # One owner stands bare: most texts have one, and 100,000 small tuples are slow to make and to hold.
        self._owners: dict[MatchMethod, dict[str, _Owners]] = {method: {} for method in _TIERS}

    def add(self, product: MatchableProduct) -> None:
        """Take in the texts of a product."""
        for method, key in _keys(product):
            known = self._owners[method].setdefault(key, product.id)
            if known is not product.id:
                self._owners[method][key] = tuple(dict.fromkeys((*_all(known), product.id)))

    def remove(self, product: MatchableProduct) -> None:
        """Forget the texts of a product, given as it was added."""
        for method, key in _keys(product):
            left = tuple(owner for owner in _all(self._owners[method].get(key)) if owner != product.id)
            if left:
                self._owners[method][key] = left[0] if len(left) == 1 else left
            else:
                self._owners[method].pop(key, None)

    def find(self, text: str) -> ExactHit | None:
        """Return what the first tier that knows `text` holds."""
        hits = list(self._hits(text))
        if not hits:
            return None
        method, owners = hits[0]
        others = dict.fromkeys(owner for _, more in hits[1:] for owner in more if owner not in owners)
        return ExactHit(method, owners, tuple(others))

    def _hits(self, text: str) -> Iterator[tuple[MatchMethod, tuple[UUID, ...]]]:
        keys = _text_keys(text)
        for method in _TIERS:
            asked = _barcode_keys(text) if method is MatchMethod.BARCODE else keys
            found = [_all(self._owners[method].get(key)) for key in asked]
            owners = next(filter(None, found), None)
            if owners:
                yield method, owners


def _all(owners: _Owners | None) -> tuple[UUID, ...]:
    if owners is None:
        return ()
    return owners if isinstance(owners, tuple) else (owners,)


def _keys(product: MatchableProduct) -> Iterator[tuple[MatchMethod, str]]:
    texts = [(MatchMethod.SKU, product.sku), (MatchMethod.NAME, product.name)]
    texts += [(MatchMethod.ALIAS, alias) for alias in product.aliases]
    for method, text in texts:
        for key in _text_keys(text):
            yield method, key
    for barcode in product.barcodes:
        for key in _barcode_keys(barcode):
            yield MatchMethod.BARCODE, key


def _text_keys(text: str) -> tuple[str, ...]:
    strict, folded = strict_key(text), fold(text)
    if strict == folded or not folded:
        return (strict,) if strict else ()
    return strict, folded


def _barcode_keys(text: str) -> tuple[str, ...]:
    """Return the compared form of a code; a text that cannot be a code has none."""
    try:
        return (normalise_barcode(text),)
    except InvalidInput:
        return ()
