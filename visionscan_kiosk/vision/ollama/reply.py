"""From what a model wrote to detections. Models wrap, cut, rename and misspell; nothing else may fail here.

Everything that can be understood is kept, everything else is dropped. The only error is DetectorReplyInvalid,
for a reply in which there is no list of products at all.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from visionscan_kiosk.domain.detection import Detection, DetectionSource
from visionscan_kiosk.domain.errors import DetectorReplyInvalid
from visionscan_kiosk.domain.text import one_line

_LONGEST_REPLY = 50_000
_MOST_ATTEMPTS = 300
_LONGEST_TEXT = 120
_MOST_PIECES = 99
_MOST_DIGITS = 18
_UNSAID_CONFIDENCE = 0.5

_LIST_KEYS = ("products", "product", "items", "results", "objects", "detections", "list", "data")
_NAME_KEYS = (
    "name",
    "product",
    "product_name",
    "productname",
    "item",
    "label",
    "title",
    "description",
    "object",
)
_BRAND_KEYS = ("brand", "manufacturer", "maker")
_SIZE_KEYS = ("size", "weight", "volume", "net_weight")
_QUANTITY_KEYS = ("quantity", "qty", "count", "number", "amount", "pieces")
_CONFIDENCE_KEYS = ("confidence", "score", "probability", "certainty", "confidence_score")
_NO_NAME = frozenset(
    {"", "unknown", "none", "null", "n/a", "nothing", "no product", "unidentified", "-", "?"}
)

_EMPTY_LIST = re.compile(r":\s*\[\s*\]")
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")
_COUNT_WORDS = {
    word: number
    for number, word in enumerate(
        ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"),
        start=1,
    )
} | {"a": 1, "an": 1, "single": 1, "pair": 2, "couple": 2, "half dozen": 6, "dozen": 12}
_CERTAINTY_WORDS = {
    "certain": 1.0,
    "very high": 0.95,
    "high": 0.85,
    "likely": 0.75,
    "medium": 0.6,
    "moderate": 0.6,
    "low": 0.3,
    "very low": 0.1,
    "uncertain": 0.2,
}


def parse_reply(text: str) -> tuple[Detection, ...]:
    """Return what a reply names, most confident first; empty when it names nothing.

    Takes JSON in fences or prose, cut JSON (complete entries count), other keys, words for numbers. Raises
    DetectorReplyInvalid when no list of products can be found in it.
    """
    entries = _entries(_values(text[:_LONGEST_REPLY]))
    if entries is None:
        raise DetectorReplyInvalid("The model did not answer with a list of products. Try again.")
    named = [(entry, name) for entry in entries if (name := _name_of(entry))]
    scale = _confidence_scale([entry for entry, _ in named])
    detections = [_detection(entry, name, scale) for entry, name in named]
    return tuple(sorted(detections, key=lambda detection: -detection.confidence))


def _values(text: str) -> list[Any]:
    """Return the outermost JSON values in a text; of a cut one the objects in it that are complete."""
    outermost = list(_complete(text, r"[{\[]", attempts=1))
    objects = outermost or list(_complete(text, r"{", attempts=_MOST_ATTEMPTS))
    return objects or ([[]] if _EMPTY_LIST.search(text) else [])


def _complete(text: str, opening: str, attempts: int) -> Iterator[Any]:
    """Yield what is complete from an opening bracket on; `attempts` may fail, so hostile text stays cheap."""
    decoder = json.JSONDecoder(parse_int=_bounded_int)
    place = 0
    for bracket in re.finditer(opening, text):
        if bracket.start() < place:
            continue
        try:
            value, place = decoder.raw_decode(text, bracket.start())
        except (ValueError, RecursionError):
            attempts -= 1
            if attempts == 0:
                return
            continue
        yield value


def _bounded_int(digits: str) -> int:
    """A number with thousands of digits is a wrong one; Python would refuse to read it at all."""
    return int(digits) if len(digits) <= _MOST_DIGITS else 10**_MOST_DIGITS


def _entries(values: Sequence[Any]) -> list[Mapping[str, Any]] | None:
    """Return the entries of the values, None when none of them is a list of products."""
    found: list[Mapping[str, Any]] | None = None
    for value in values:
        entries = _entries_in(value)
        if entries is not None:
            found = (found or []) + entries
    return found


def _entries_in(value: Any) -> list[Mapping[str, Any]] | None:
    if isinstance(value, list):
        return _entries_of_list(value)
    if not isinstance(value, dict):
        return None
    fields = _lowered(value)
    for key in _LIST_KEYS:
        if isinstance(fields.get(key), list):
            return _entries_of_list(fields[key])
        if isinstance(fields.get(key), dict):
            return _entries_in(fields[key])
    if _name_of(fields):
        return [fields]
    return _entries_of_counts(fields)


def _entries_of_list(values: Sequence[Any]) -> list[Mapping[str, Any]] | None:
    texts = [{"name": value} for value in values if isinstance(value, str)]
    entries = [_lowered(value) for value in values if isinstance(value, dict)]
    return None if values and not texts and not entries else [*entries, *texts]


def _entries_of_counts(fields: Mapping[str, Any]) -> list[Mapping[str, Any]] | None:
    """Take {"apples": 2, "milk": 1}."""
    if not fields or not all(_is_number(value) for value in fields.values()):
        return None
    return [{"name": name, "quantity": count} for name, count in fields.items()]


def _lowered(value: Mapping[str, Any]) -> dict[str, Any]:
    return {str(key).strip().lower().replace(" ", "_"): item for key, item in value.items()}


def _detection(entry: Mapping[str, Any], name: str, confidence_scale: float) -> Detection:
    return Detection(
        name=name,
        confidence=_confidence(entry, confidence_scale),
        quantity=_quantity(_first(entry, _QUANTITY_KEYS)),
        source=DetectionSource.OLLAMA,
        brand=_text(_first(entry, _BRAND_KEYS)),
        size=_text(_first(entry, _SIZE_KEYS)),
    )


def _first(entry: Mapping[str, Any], keys: Sequence[str]) -> Any:
    return next((entry[key] for key in keys if entry.get(key) is not None), None)


def _name_of(entry: Mapping[str, Any]) -> str:
    return _text(_first(entry, _NAME_KEYS))


def _text(value: Any) -> str:
    """Return a printable line, empty for what is no text or says nothing."""
    if not isinstance(value, str):
        return ""
    line = one_line(value)[:_LONGEST_TEXT]
    return "" if line.casefold().strip(". ") in _NO_NAME else line


def _quantity(value: Any) -> int:
    """Return 1..99; what is not a plausible count is one piece: a tap must never add hundreds."""
    number = _number(value)
    if number is None and isinstance(value, str):
        number = _COUNT_WORDS.get(value.strip().casefold())
    if number is None or not 1 <= number <= _MOST_PIECES:
        return 1
    return int(number)


def _confidence_scale(entries: Sequence[Mapping[str, Any]]) -> float:
    """Return 100 when the reply speaks in per cent, 1 when all its numbers are shares."""
    numbers = [_number(_first(entry, _CONFIDENCE_KEYS)) for entry in entries]
    return 100.0 if any(number is not None and number > 1 for number in numbers) else 1.0


def _confidence(entry: Mapping[str, Any], scale: float) -> float:
    """Return 0..1; nonsense deserves no trust, silence a middling one."""
    value = _first(entry, _CONFIDENCE_KEYS)
    if value is None:
        return _UNSAID_CONFIDENCE
    if isinstance(value, str) and value.strip().casefold() in _CERTAINTY_WORDS:
        return _CERTAINTY_WORDS[value.strip().casefold()]
    number = _number(value)
    if number is None:
        return 0.0
    share = number / (100.0 if isinstance(value, str) and "%" in value else scale)
    return round(share, 4) if 0 <= share <= 1 else 0.0


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _number(value: Any) -> float | None:
    """Return a finite number from a number or the first one in a text."""
    if _is_number(value):
        return float(value) if math.isfinite(value) else None
    match = _NUMBER.search(value[:_LONGEST_TEXT]) if isinstance(value, str) else None
    return float(match.group().replace(",", ".")) if match else None
