"""The vocabulary of matching: methods, decisions, candidates and the matcher's contract."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol
from uuid import UUID


class MatchMethod(StrEnum):
    """Which tier found the product."""

    SKU = "sku"
    BARCODE = "barcode"
    NAME = "name"
    ALIAS = "alias"
    FUZZY = "fuzzy"
    NONE = "none"


class Decision(StrEnum):
    """What may be done with a match: take it, ask a person, or leave it unmatched."""

    MATCHED = "matched"
    ASK = "ask"
    UNMATCHED = "unmatched"


@dataclass(frozen=True, slots=True)
class MatchableProduct:
    """What the matcher knows of a product."""

    id: UUID
    sku: str
    name: str
    aliases: tuple[str, ...] = ()
    barcodes: tuple[str, ...] = ()
    category: str = ""
    times_sold: int = 0


@dataclass(frozen=True, slots=True)
class Candidate:
    """A product that may be meant, and how well it fits (0..1)."""

    product_id: UUID
    sku: str
    name: str
    score: float
    vetoed: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """The answer of the matcher. `product` is the best candidate when the decision is MATCHED or ASK.

    `candidates` holds up to five products, best first, also when nothing was matched.
    `reason` says in a few words why a person must be asked or nothing was found; empty when sure.
    """

    query: str
    decision: Decision
    method: MatchMethod
    score: float
    product: Candidate | None
    candidates: tuple[Candidate, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DetectedFields:
    """Parts of a name that a vision model gave apart; empty where it gave none.

    `count` is the number of pieces in one pack (6 for a six-pack), not how many packs were seen.
    """

    product: str
    brand: str = ""
    size: str = ""
    count: int | None = None


class ProductMatcher(Protocol):
    """Finds products by text. Built once, then told of changes; safe to read from several threads."""

    def match(self, text: str) -> Match:
        """Return the best product for `text`, or the reason why a person must choose."""

    def best_allowed(self, match: Match) -> Candidate | None:
        """Return what a caller that cannot ask may take: the best candidate at or above the threshold that
        no veto (another size, flavour, count or diet word) rules out, None when there is none."""

    def match_fields(self, fields: DetectedFields) -> Match:
        """Return the best product for what a vision model read in fields."""

    def search(self, text: str, limit: int = 20) -> Sequence[Candidate]:
        """Return products for search-as-you-type, best first; an empty text gives the best sellers."""

    def update(self, products: Iterable[MatchableProduct], removed: Iterable[UUID] = ()) -> None:
        """Take in new or changed products and drop removed ones, without building everything again."""

    def __len__(self) -> int:
        """Return the number of products known."""
