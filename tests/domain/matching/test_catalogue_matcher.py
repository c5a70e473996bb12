"""The five tiers, ties and updates of the catalogue matcher."""

from __future__ import annotations

from uuid import UUID, uuid5

from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.match import Decision, MatchableProduct, MatchMethod

_SHOP = UUID("7f3a8a52-5f2b-4a57-9a53-3d6bf3d7a9b1")


def product(sku: str, name: str, *aliases: str, barcodes: tuple[str, ...] = ()) -> MatchableProduct:
    return MatchableProduct(uuid5(_SHOP, sku), sku, name, aliases, barcodes)


RED = product("APPLE001", "Red Apple", "Apple Red Delicious", barcodes=("4006381333931",))
GREEN = product("APPLE002", "Green Apple")
MILK = product("MILK001", "Whole Milk 1 l")


def test_every_exact_tier_says_how_it_found_the_product() -> None:
    matcher = CatalogueMatcher([RED, GREEN, MILK])
    for text, method in (
        ("apple001", MatchMethod.SKU),
        ("4006381333931", MatchMethod.BARCODE),
        ("RED  apple", MatchMethod.NAME),
        ("apple red delicious", MatchMethod.ALIAS),
    ):
        match = matcher.match(text)
        assert (match.decision, match.method) == (Decision.MATCHED, method), text
        assert match.product is not None
        assert match.product.sku == "APPLE001"


def test_an_unknown_text_stays_unmatched() -> None:
    match = CatalogueMatcher([RED, GREEN, MILK]).match("windscreen wiper")
    assert match.decision is Decision.UNMATCHED
    assert match.product is None
    assert match.method is MatchMethod.NONE


def test_removed_and_renamed_products_are_forgotten_under_their_old_name() -> None:
    matcher = CatalogueMatcher([RED, GREEN, MILK])
    matcher.update([MatchableProduct(MILK.id, MILK.sku, "Oat Drink 1 l")], removed=[GREEN.id])
    assert len(matcher) == 2
    assert matcher.match("Green Apple").decision is not Decision.MATCHED
    assert matcher.match("Whole Milk 1 l").method is not MatchMethod.NAME
    assert matcher.match("oat drink 1 l").method is MatchMethod.NAME
