"""What must hold for any catalogue and any text."""

from __future__ import annotations

import random
import threading
import unicodedata

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.domain.matching.shops import product
from visionscan_kiosk.domain.matching.catalogue_matcher import CatalogueMatcher
from visionscan_kiosk.domain.matching.match import Decision, Match, MatchableProduct, MatchMethod
from visionscan_kiosk.domain.matching.said import understand

_settings = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])

_BRANDS = ("Marivelle", "Crème d'Or", "Tindhall", "Öland", "Ñandú", "Zephyr")
_KINDS = ("butter", "milk", "chocolate bar", "jam", "crackers", "Müsli", "jus", "soap", "té verde", "dal")
_VARIANTS = (
    "",
    "salted",
    "unsalted",
    "strawberry",
    "lemon",
    "zero sugar",
    "crunchy",
    "whole",
    "mild",
    "mini",
)
_SIZES = ("", "500 g", "1 kg", "250 ml", "1 l", "2x100 g", "6 pcs", "1,5 l")

names = st.builds(
    lambda *parts: " ".join(filter(None, parts)),
    st.sampled_from(_BRANDS),
    st.sampled_from(_KINDS),
    st.sampled_from(_VARIANTS),
    st.sampled_from(_SIZES),
)
catalogues = st.lists(names, min_size=1, max_size=25, unique_by=str.casefold)
any_name = st.text(min_size=1, max_size=60).filter(str.strip)


def stocked(texts: list[str]) -> list[MatchableProduct]:
    return [product(f"SKU-{place:04}", text) for place, text in enumerate(texts)]


def found(match: Match) -> list[str]:
    return [candidate.sku for candidate in match.candidates]


@_settings
@given(texts=st.lists(any_name, min_size=1, max_size=5), alias=any_name)
@example(texts=["Pâté", "Pate"], alias="PATE")
@example(texts=["ﬁzz", "fizz"], alias="Ｆｉｚｚ")
def test_a_product_is_found_by_its_own_name_sku_barcode_and_alias(texts: list[str], alias: str) -> None:
    own = product("OWN-1", texts[0], alias, barcodes=("4006381333931", "PLU 7"))
    matcher = CatalogueMatcher([*stocked(texts[1:]), own])
    for text in (own.name, own.sku, alias, *own.barcodes):
        match = matcher.match(text)
        assert "OWN-1" in found(match), text
        assert match.method in (MatchMethod.SKU, MatchMethod.BARCODE, MatchMethod.NAME, MatchMethod.ALIAS)
        assert match.score == 1.0


@_settings
@given(texts=catalogues)
def test_a_name_nobody_shares_is_matched_without_asking(texts: list[str]) -> None:
    matcher = CatalogueMatcher(stocked(texts))
    for item in stocked(texts):
        match = matcher.match(item.name)
        assert match.decision is Decision.MATCHED
        assert match.product is not None
        assert match.product.sku == item.sku


_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}
_DISGUISES = (
    str.upper,
    str.lower,
    str.title,
    lambda text: text.translate(_FULL_WIDTH),
    lambda text: unicodedata.normalize("NFD", text),
    lambda text: unicodedata.normalize("NFKC", text),
    lambda text: "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c)),
    lambda text: f"  {'   '.join(text.split())}\t\u00a0",
    lambda text: text.replace(" ", "\u3000"),
)


@_settings
@given(texts=catalogues, said=names, disguise=st.sampled_from(_DISGUISES))
def test_case_accents_spacing_width_and_combining_forms_never_change_the_answer(
    texts, said, disguise
) -> None:
    matcher = CatalogueMatcher(stocked(texts))
    for text in (said, texts[0]):
        plain, disguised = matcher.match(text), matcher.match(disguise(text))
        assert (disguised.decision, disguised.method, disguised.score) == (
            plain.decision,
            plain.method,
            plain.score,
        )
        assert found(disguised) == found(plain)
        assert disguised.reason == plain.reason


@_settings
@given(texts=catalogues, data=st.data(), unrelated=st.text(alphabet="xqzkv", min_size=8, max_size=14))
def test_an_unrelated_product_never_turns_a_right_answer_into_a_wrong_one(texts, data, unrelated) -> None:
    words = data.draw(st.sampled_from(texts)).split()
    said = " ".join(data.draw(st.permutations(words))[: data.draw(st.integers(1, len(words)))])
    matcher = CatalogueMatcher(stocked(texts))
    before = matcher.match(said)
    matcher.update([product("NEW-1", unrelated), product("NEW-2", f"{unrelated} 1 kg")])
    after = matcher.match(said)
    if before.decision is Decision.MATCHED:
        assert after.product is not None
        assert before.product is not None
        assert after.product.sku == before.product.sku
    assert not any(sku.startswith("NEW") for sku in found(after)[:1])


_MORE_TIES_THAN_ARE_LOOKED_AT = [
    f"{name} {kind}".strip()
    for name, kinds in (
        ("Marivelle butter", ("", "500 g", "1 kg", "250 ml", "crunchy")),
        ("Marivelle milk", ("",)),
        ("Marivelle jam", ("", "500 g", "1 kg", "250 ml")),
        ("Tindhall butter", ("", "500 g", "1 kg", "salted", "unsalted", "250 ml")),
    )
    for kind in kinds
]


@_settings
@given(texts=catalogues, said=names, seed=st.integers(0, 99))
@example(texts=_MORE_TIES_THAN_ARE_LOOKED_AT, said="Tindhall jam crunchy 1 l", seed=0)
def test_ties_are_broken_the_same_way_whatever_the_order(texts, said, seed) -> None:
    shuffled = stocked(texts)
    random.Random(seed).shuffle(shuffled)
    assert CatalogueMatcher(stocked(texts)).match(said) == CatalogueMatcher(shuffled).match(said)


@_settings
@given(texts=catalogues, said=names, split=st.integers(0, 25), data=st.data())
def test_an_updated_catalogue_answers_like_a_new_one(texts, said, split, data) -> None:
    items = stocked(texts)
    matcher = CatalogueMatcher([*items[:split], product("OLD-1", data.draw(names), "was here")])
    matcher.update([MatchableProduct(item.id, item.sku, data.draw(names)) for item in items[:3]])
    matcher.update(items, removed=[product("OLD-1", "").id])
    fresh = CatalogueMatcher(items)
    assert matcher.match(said) == fresh.match(said)
    assert matcher.match("was here") == fresh.match("was here")
    assert matcher.search(said[:4]) == fresh.search(said[:4])
    assert len(matcher) == len(items)


@_settings
@given(text=st.text(max_size=400) | st.text(alphabet="0123456789 .,/x-*", max_size=400))
@example(text="")
@example(text=" \t\n")
@example(text="🍎🥛🧈")
@example(text="\x00\x07\x1b[2J")
@example(text="حليب كامل الدسم ١ لتر")
@example(text="חלב מלא 1 ליטר")
@example(text="\u202eklim\u202c")
@example(text="\ud800")
def test_any_text_is_answered(text: str) -> None:
    matcher = CatalogueMatcher(stocked(["Whole Milk 1 l", "Red Apple", "🍎"]))
    match = matcher.match(text)
    assert match.query == text
    assert len(match.candidates) <= 5
    assert (match.product is None) == (match.decision is Decision.UNMATCHED)
    assert bool(match.reason) == (match.decision is not Decision.MATCHED)
    assert all(0.0 <= candidate.score <= 1.0 for candidate in match.candidates)
    assert len(matcher.search(text, 2)) <= 2


@settings(max_examples=15, deadline=None)
@given(
    text=st.sampled_from(
        [
            "9" * 10_000,
            "1.1" * 3_333,
            "1/2 " * 2_500,
            "2x" * 5_000,
            "a" * 10_000,
            "water" * 2_000,
            " ".join(f"word{place}" for place in range(1_200)),
            " ".join(f"{place} g" for place in range(1_500)),
            "no " * 3_300,
            "é" * 10_000,
            "milk " * 5_000,
        ]
    )
)
def test_the_work_for_a_long_text_is_bounded(text: str) -> None:
    matcher = CatalogueMatcher(stocked(["Whole Milk 1 l", "Water 500 ml", "Red Apple"]))
    said = understand(text, matcher._index)
    assert len(said.words) <= 80
    assert all(len(word.text) <= 60 for word in said.words)
    assert matcher.match(text).query == text


def test_readers_are_answered_while_the_catalogue_changes() -> None:
    matcher = CatalogueMatcher(stocked([f"Tindhall jam number {place}" for place in range(300)]))
    done, broken = threading.Event(), list[BaseException]()

    def read() -> None:
        while not done.is_set():
            try:
                assert matcher.match("tindhal jam number 7").candidates
                assert matcher.search("tin", 3)
            except BaseException as error:  # noqa: BLE001 - handed to the test's own thread
                broken.append(error)
                return

    readers = [threading.Thread(target=read) for _ in range(3)]
    for reader in readers:
        reader.start()
    for turn in range(4):
        matcher.update(stocked([f"Tindhall jam number {place} turn {turn}" for place in range(300)]))
    done.set()
    for reader in readers:
        reader.join()
    assert broken == []


def test_a_catalogue_forgets_without_growing() -> None:
    matcher = CatalogueMatcher()
    for turn in range(12):
        matcher.update(stocked([f"Zephyr soap {turn} {place}" for place in range(400)]))
    assert len(matcher) == 400
    assert len(matcher._index._entries) < 12 * 400
    match = matcher.match("zephyr soap 11 399")
    assert match.product is not None
    assert match.product.name == "Zephyr soap 11 399"


def test_names_that_are_gone_take_nobodys_place() -> None:
    texts = ["Marivelle butter", "Marivelle butter 500 g", "Marivelle butter 1 kg", "Marivelle butter salted"]
    texts += ["Marivelle milk", "Marivelle chocolate bar mild", "Crème d'Or butter"]
    items, said = stocked(texts), "Crème d'Or butter mild"
    matcher = CatalogueMatcher(items)
    for name in ("Marivelle butter mild", "Marivelle milk", "Marivelle butter mild"):
        matcher.update([MatchableProduct(item.id, item.sku, name) for item in items[:3]])
    matcher.update(items)
    assert matcher.match(said) == CatalogueMatcher(items).match(said)
