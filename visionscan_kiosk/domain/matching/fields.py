"""How the fields that a vision model reads off a pack become one name."""

from __future__ import annotations

from dataclasses import replace

from visionscan_kiosk.domain.matching.match import Decision, DetectedFields, Match
from visionscan_kiosk.domain.matching.normalise import fold, split_words
from visionscan_kiosk.domain.matching.sizes import read_sizes


def whole_name(fields: DetectedFields) -> str:
    """Return all fields as one name; what the product field says already is not said twice."""
    named = set(split_words(fold(fields.product)))
    brand = "" if named.issuperset(split_words(fold(fields.brand))) else fields.brand
    return _joined(brand, fields.product, _amount(fields))


def name_without_brand(fields: DetectedFields) -> str:
    """Return product, size and count as one name."""
    return _joined(fields.product, _amount(fields))


def as_question_of_brand(match: Match, brand: str) -> Match:
    """Return a match found without the brand that was read as a question: it may be another product."""
    if match.decision is not Decision.MATCHED:
        return match
    return replace(match, decision=Decision.ASK, reason=f"brand not in the name: {brand.strip()}")


def _amount(fields: DetectedFields) -> str:
    """Return size and count as a label prints them: `6x330 ml`, `330 ml`, `pack of 6`."""
    size, many = _size_not_named(fields), fields.count is not None and fields.count > 1
    if size and many and all(measure.parts == 1 for measure in read_sizes(fold(size)).measures):
        return f"{fields.count}x{size}"
    return size or (f"pack of {fields.count}" if many else "")


def _size_not_named(fields: DetectedFields) -> str:
    """Return the size field if it is a size (models write `unknown`) and the product field has none."""
    is_size = bool(read_sizes(fold(fields.size)).measures)
    return fields.size.strip() if is_size and not read_sizes(fold(fields.product)).measures else ""


def _joined(*parts: str) -> str:
    return " ".join(part.strip() for part in parts if part.strip())
