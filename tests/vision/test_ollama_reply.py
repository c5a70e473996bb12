"""What models write, and what is made of it. The cases are synthetic unless they say otherwise."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.errors import DetectorReplyInvalid
from visionscan_kiosk.vision.ollama.reply import parse_reply


def names(text: str) -> list[str]:
    return [seen.name for seen in parse_reply(text)]


def one(**fields: Any) -> Any:
    (seen,) = parse_reply(json.dumps({"products": [{"name": "Milk", **fields}]}))
    return seen


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"products":[{"name":"Milk"}]}', ["Milk"]),
        ('{"items":[{"product_name":"Milk"}]}', ["Milk"]),
        ('{"Results":[{"Product Name":"Milk"}]}', ["Milk"]),
        ('{"products":{"items":[{"label":"Milk"}]}}', ["Milk"]),
        ('{"product":{"name":"Milk"}}', ["Milk"]),
        ('{"name":"Milk","quantity":1}', ["Milk"]),
        ('["Milk","Butter"]', ["Milk", "Butter"]),
        ('{"apples": 2, "milk": 1}', ["apples", "milk"]),
        ('{"name":"Milk"}\n{"name":"Butter"}', ["Milk", "Butter"]),
        ('```json\n{"products":[{"name":"Milk"}]}\n```', ["Milk"]),
        ('Sure! {"products":[{"name":"Milk"}]} Anything else?', ["Milk"]),
        ('{"products":[{"name":"Milk"},{"name":"But', ["Milk"]),
        ('{"products":[{"name":"Milk"},', ["Milk"]),
        (
            '[{"name" :"}s{Jwxyb7{{{{}r g}d{{,f,{","quantity" :463385,"confidence" :1} ]',
            ["}s{Jwxyb7{{{{}r g}d{{,f,{"],
        ),
        ('{"products":[]}', []),
        ("[]", []),
        ('{"products" :[]', []),
        ('{"products":[{"name":"unknown"},{"name":"  "},{"name":null},{"name":7}]}', []),
        ('{"products":[{"name":"Mi\\u0000lk\\n 1 l"}]}', ["Mi lk 1 l"]),
    ],
)
def test_names_are_found(text: str, expected: list[str]) -> None:
    assert names(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I see apples.",
        "{",
        "null",
        "42",
        '{"products":',
        '{"message":"hello"}',
        "[1,2]",
        "[" * 50_000,
        '{"a":' * 10_000,
        "{}",
    ],
)
def test_no_list_is_invalid(text: str) -> None:
    with pytest.raises(DetectorReplyInvalid):
        parse_reply(text)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (3, 3),
        ("3", 3),
        ("two", 2),
        ("a pair", 1),
        ("dozen", 12),
        ("3 pcs", 3),
        ("x2", 2),
        (2.0, 2),
        (0, 1),
        (-4, 1),
        (100, 1),
        (10**30, 1),
        (float("inf"), 1),
        (float("nan"), 1),
        (None, 1),
        (True, 1),
        ([2], 1),
    ],
)
def test_quantity(said: object, meant: int) -> None:
    assert one(quantity=said).quantity == meant


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (95, 0.95),
        ("95%", 0.95),
        ("95", 0.95),
        (0.9, 0.9),
        ("0,9", 0.9),
        (1, 1.0),
        (1.8, 0.018),
        ("high", 0.85),
        ("Low", 0.3),
        (0, 0.0),
        (-5, 0.0),
        (463385, 0.0),
        (float("inf"), 0.0),
        (float("nan"), 0.0),
        ("sort of", 0.0),
        (None, 0.5),
    ],
)
def test_confidence(said: object, meant: float) -> None:
    assert one(confidence=said).confidence == pytest.approx(meant)


def test_a_reply_that_speaks_in_per_cent_does_so_throughout() -> None:
    seen = parse_reply('[{"name":"Milk","confidence":1},{"name":"Butter","confidence":90}]')
    assert [(item.name, item.confidence) for item in seen] == [("Butter", 0.9), ("Milk", 0.01)]


def test_number_with_thousands_of_digits() -> None:
    (seen,) = parse_reply('[{"name":"Milk","quantity":' + "9" * 6000 + "}]")
    assert seen.quantity == 1


def test_brand_and_size_are_kept_apart() -> None:
    seen = one(brand="Brookmead", size="1 l")
    assert (seen.brand, seen.size) == ("Brookmead", "1 l")


@given(st.text(alphabet='{}[]",:0123456789 aename\\u.productsE+-', max_size=200))
def test_any_text_is_understood_or_invalid(text: str) -> None:
    try:
        found = parse_reply(text)
    except DetectorReplyInvalid:
        return
    assert all(seen.name and 1 <= seen.quantity <= 99 and 0 <= seen.confidence <= 1 for seen in found)


_ENTRY = st.fixed_dictionaries(
    {"name": st.text(max_size=20)},
    optional={
        "quantity": st.one_of(
            st.integers(), st.floats(), st.text(max_size=8), st.none(), st.lists(st.integers())
        ),
        "confidence": st.one_of(st.integers(), st.floats(), st.text(max_size=8), st.booleans()),
    },
)


@given(st.lists(_ENTRY, max_size=5), st.integers(min_value=0, max_value=400))
def test_a_reply_cut_anywhere_never_invents(entries: list[dict[str, Any]], length: int) -> None:
    whole = json.dumps({"products": entries})
    every = names(whole)
    try:
        kept = names(whole[:length])
    except DetectorReplyInvalid:
        return
    assert set(kept) <= set(every)
