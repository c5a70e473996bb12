"""What the model is asked: the picture, the words, the shape of the answer and the limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import cv2
import numpy as np

from visionscan_kiosk.services.ports import Image

LONGEST_SIDE = 1536
SHORTEST_SIDE = 32
MOST_PRODUCTS = 12
MOST_NAMES = 100
_LONGEST_NAME = 80
_JPEG_QUALITY = 88

# Always positive: 0 means without end on some models. Enough for the longest list the schema allows.
OPTIONS: Mapping[str, Any] = {"temperature": 0, "num_predict": 1536, "num_ctx": 4096}

# Small and flat. Whole numbers, because bounds of decimals are not enforced by the server's grammar.
_PRODUCT = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "maxLength": 80},
        "brand": {"type": "string", "maxLength": 40},
        "size": {"type": "string", "maxLength": 20},
        "quantity": {"type": "integer", "minimum": 1, "maximum": 99},
        "confidence": {"type": "integer", "minimum": 0, "maximum": 100},
    },
    "required": ["name", "brand", "size", "quantity", "confidence"],
}
SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "properties": {"products": {"type": "array", "maxItems": MOST_PRODUCTS, "items": _PRODUCT}},
    "required": ["products"],
}

_TASK = (
    "The picture shows a shop counter. Name every product for sale lying on it. For each give name, brand "
    "and size as printed on the pack (empty when not readable), quantity (how many of it you see) and "
    "confidence (0 to 100). Do not invent products. When there is none, answer with an empty list. "
    'Answer only with JSON: {"products": [{"name", "brand", "size", "quantity", "confidence"}]}.'
)


def prompt(short_list: Sequence[str]) -> str:
    """Return the words of the question; `short_list` are names of products that are likely, best first."""
    names = [" ".join(name.split())[:_LONGEST_NAME] for name in short_list[:MOST_NAMES]]
    if not names:
        return _TASK
    hint = "The shop sells these, among others. Use such a name only if it is what you see:"
    return "\n".join([_TASK, hint, *(f"- {name}" for name in names)])


def encode_picture(image: Image) -> bytes:
    """Return the picture as JPEG, each side 32 to 1536 pixels; small ones get a border."""
    scale = LONGEST_SIDE / max(image.shape[:2])
    if scale < 1:
        size = [max(1, round(side * scale)) for side in (image.shape[1], image.shape[0])]
        image = np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA), np.uint8)
    missing = [max(0, SHORTEST_SIDE - side) for side in image.shape[:2]]
    if any(missing):
        image = np.asarray(
            cv2.copyMakeBorder(image, 0, missing[0], 0, missing[1], cv2.BORDER_REPLICATE), np.uint8
        )
    _, encoded = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, _JPEG_QUALITY])
    return encoded.tobytes()
