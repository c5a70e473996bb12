"""Aliases learned from what cashiers choose: when to offer one, and when never to.

A learned alias is kept with the product like any other alias. It stands in the alias tier, behind SKUs,
barcodes and names, so it can never take a text away from a product that is called so.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.match import Decision, Match, MatchMethod
from visionscan_kiosk.domain.matching.normalise import fold

LONGEST_ALIAS = 120
"""Characters; a longer text is a sentence, and nobody says it twice."""

_CHOICES_TO_OFFER = 3
_MOST_TEXTS = 2_000


def check_alias(text: str, product_id: UUID, match: Match) -> str:
    """Return the alias that may be kept for a product, or raise InvalidInput with the reason.

    `match` is what the catalogue answers for `text` now.
    """
    alias = " ".join(text.split())
    if not 2 <= len(alias) <= LONGEST_ALIAS or not any(map(str.isalpha, fold(alias))):
        raise InvalidInput(
            f"An alias has 2 to {LONGEST_ALIAS} characters and at least one letter.", field="aliases"
        )
    taken = match.product is not None and match.product.product_id != product_id
    if taken and match.method in (MatchMethod.SKU, MatchMethod.BARCODE, MatchMethod.NAME, MatchMethod.ALIAS):
        name = match.product.name if match.product else ""
        raise InvalidInput(f'"{alias}" already stands for {name}. Choose another alias.', field="aliases")
    return alias


@dataclass(frozen=True, slots=True)
class LearnedAlias:
    """An alias that a product got from what cashiers chose."""

    product_id: UUID
    sku: str
    name: str
    alias: str
    created_at: datetime


class _Streak(NamedTuple):
    product_id: UUID
    times: int


@dataclass(slots=True, init=False)
class ChoiceMemory:
    """Counts equal choices for a text; three in a row are worth an offer to remember.

    Holds the last 2,000 texts. Not safe to share between threads.
    """

    _streaks: OrderedDict[str, _Streak]

    def __init__(self) -> None:
        self._streaks = OrderedDict()

    def chosen(self, match: Match, product_id: UUID) -> bool:
        """Note what a person chose for an unsure match; tell whether to offer it as an alias now."""
        key = fold(match.query)
        if match.decision is Decision.MATCHED or not key:
            return False
        last = self._streaks.pop(key, _Streak(product_id, 0))
        times = last.times + 1 if last.product_id == product_id else 1
        if times >= _CHOICES_TO_OFFER:
            return True
        self._streaks[key] = _Streak(product_id, times)
        if len(self._streaks) > _MOST_TEXTS:
            self._streaks.popitem(last=False)
        return False
