"""A name for a new product, guessed from its label: the largest print and the size. Never a price."""

from __future__ import annotations

import re

from visionscan_kiosk.domain.text import is_text
from visionscan_kiosk.services.label_ports import LabelLine, LabelText
from visionscan_kiosk.services.label_sizes import sizes_on, without_sizes

LONGEST_NAME = 60
_CONFIDENCE = 0.8
_LARGE = 0.45
"""Part of the height of the largest print from which on a line belongs to the name."""
_MOST_LINES = 4
_LETTERS = re.compile(r"[^\W\d_]{3}")
_PRICE = re.compile(r"[€$£¥₹]|(?<!\w)(?:eur|usd|gbp|sek|kr|chf)(?!\w)", re.IGNORECASE)


def guess_name(label: LabelText) -> str:
    """Return what the product may be called, at most 60 characters; '' when the label does not say."""
    named = [line for line in label.lines if _may_be_a_name(line)]
    highest = max((_height(line) for line in named), default=0)
    large = sorted((line for line in named if _height(line) >= _LARGE * highest), key=_height)[-_MOST_LINES:]
    words = dict.fromkeys(_as_a_name(line.text) for line in label.lines if line in large)
    size = _size(label) if words else ""
    return _cut(" ".join(words), LONGEST_NAME - len(size) - 1, size)


def _may_be_a_name(line: LabelLine) -> bool:
    return (
        line.confidence >= _CONFIDENCE
        and _LETTERS.search(without_sizes(line.text)) is not None
        and _PRICE.search(line.text) is None
    )


def _height(line: LabelLine) -> int:
    """Text that runs upwards has its height across."""
    return min(line.box.width, line.box.height)


def _as_a_name(text: str) -> str:
    words = " ".join("".join(filter(is_text, without_sizes(text))).split())
    return words.title() if words.isupper() else words


def _size(label: LabelText) -> str:
    """Return the one amount that is printed; several may be portions and nutrients."""
    found = sizes_on("\n".join(line.text for line in label.lines if line.confidence >= _CONFIDENCE))
    return str(next(iter(found))) if len(found) == 1 else ""


def _cut(name: str, length: int, size: str) -> str:
    """End the name at a word."""
    if len(name) > length:
        name = name[: length + 1].rpartition(" ")[0] or name[:length]
    return f"{name} {size}".strip()
