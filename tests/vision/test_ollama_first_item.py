"""The first product of an answer that is still being written."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.vision.ollama.first_item import FirstItem
from visionscan_kiosk.vision.ollama.reply import parse_reply

_TEXTS = st.text(max_size=12)
_ITEMS = st.lists(
    st.fixed_dictionaries({"name": _TEXTS, "quantity": st.integers(), "confidence": st.integers(0, 100)}),
    min_size=1,
    max_size=3,
)


def feed(text: str, step: int = 3) -> tuple[Detection | None, str]:
    """Return the first product and the text that had come when it was found."""
    first = FirstItem()
    for place in range(0, len(text), step):
        found = first.feed(text[place : place + step])
        if found is not None:
            return found, text[: place + step]
    return None, text


@pytest.mark.parametrize("step", [1, 3, 1000])
@pytest.mark.parametrize(
    "text",
    [
        '{"products": [{"name": "Red Apple", "quantity": 2, "confidence": 90}, {"name": "Le',
        '{"products" :[ {"confidence" :90,"name" :"Red Apple","quantity" :2 }',
        '[{"name":"Red Apple","quantity":2,"confidence":90}]',
        'Here you go:\n```json\n[{"name":"Red Apple","quantity":2,"confidence":90},',
        '{"found":{"items":[{"name":"Red Apple","quantity":2,"confidence":90}',
    ],
)
def test_is_found_as_soon_as_it_is_complete(text: str, step: int) -> None:
    found, read = feed(text, step)
    assert found is not None
    assert (found.name, found.quantity, found.confidence) == ("Red Apple", 2, 0.9)
    assert len(read) <= text.index("}") + 1 + step


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I see a counter.",
        '{"products": []}',
        '{"products": [{"name": "Red App',
        '{"products": [{"name": ""}]}',
        '["Red Apple"]',
        '{"apples": 2}',
        '{"products": [{"name": "a" "b"}]}',
        "[}" * 50,
        "[" * 5_000,
        '{"a":[{' * 500,
        '"' * 9_999,
        " " * 100_000 + '[{"name":"Red Apple"}]',
        '[{"name":"' + "a" * 100_000 + '"}]',
    ],
)
def test_gives_up_quietly(text: str) -> None:
    assert feed(text, 100)[0] is None


def test_braces_and_quotes_in_names_are_no_brackets() -> None:
    found, _ = feed('[{"name":"}s{J\\"w\\\\}","quantity":1,"confidence":80}]', 1)
    assert found is not None
    assert found.name == '}s{J"w\\}'


def test_is_told_once() -> None:
    first = FirstItem()
    assert first.feed('[{"name":"Milk"},') is not None
    assert first.feed('{"name":"Butter"}]') is None


@given(items=_ITEMS, step=st.integers(1, 9), is_ascii=st.booleans())
def test_agrees_with_the_whole_answer(items: list[dict[str, object]], step: int, is_ascii: bool) -> None:
    text = json.dumps({"products": items}, ensure_ascii=is_ascii)
    found, _ = feed(text, step)
    named = {seen.name for seen in parse_reply(text)}
    assert found is None or found.name in named
    assert (found is not None) == bool(parse_reply(json.dumps([items[0]])))
