"""Sizes on a label, also where the gap before them was not read: `ground250g`."""

from __future__ import annotations

import re

from visionscan_kiosk.domain.matching.normalise import fold
from visionscan_kiosk.domain.matching.sizes import Measure, read_sizes

_SIZE = re.compile(r"(?<![\d.,])[\d.,]*\d\s*(?:k?g|[mcd]?l|lit(?:er|re)s?|oz|lb)(?!\w)\.?", re.IGNORECASE)
_LEAST = 5
"""Grams or millilitres; less is a nutrient."""


def without_sizes(text: str) -> str:
    """Return a line of a label without the sizes on it."""
    return _SIZE.sub(" ", text)


def sizes_on(text: str) -> frozenset[Measure]:
    """Return the amounts on a label that may be what is in the package."""
    found = (measure for size in _SIZE.findall(text) for measure in read_sizes(fold(size)).measures)
    return frozenset(
        measure for measure in found if measure.dimension in ("g", "ml") and measure.total >= _LEAST
    )
