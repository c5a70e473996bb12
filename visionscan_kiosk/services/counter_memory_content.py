"""What a till knew of its counter as JSON values, and back.

What is read back may be damaged or absurd. What cannot have been written here is left out piece by piece, and
the memory says that it is not whole; nothing that stands in it raises anything.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from math import isfinite
from typing import Any
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.piece import Memory, PieceState, Remembered, Why
from visionscan_kiosk.domain.recognition.remembering import FARTHEST, MOST_PIECES

_LOG = logging.getLogger(__name__)
_VERSION = 1
_MOST_UNITS = 1_000_000
_FLAGS = tuple(name for name, default in Remembered._field_defaults.items() if isinstance(default, bool))


def content_of(memory: Memory) -> Mapping[str, Any]:
    """Return a memory as plain JSON values."""
    return {
        "version": _VERSION,
        "pieces": [_piece_content(piece) for piece in memory.pieces],
        "bagged": {str(product): count for product, count in memory.bagged.items()},
    }


def memory_of(content: object, further_s: float) -> Memory | None:
    """Return what was kept this many seconds ago, None when nothing of it can be read."""
    if not isinstance(content, Mapping) or content.get("version") != _VERSION:
        return None
    pieces, bagged = content.get("pieces"), content.get("bagged")
    if not isinstance(pieces, list) or not isinstance(bagged, Mapping):
        _LOG.warning("what the till knew of its counter cannot be read, it looks anew")
        return None
    read = [_piece_or_none(entry, further_s) for entry in pieces[:MOST_PIECES]]
    known = tuple(piece for piece in read if piece is not None)
    is_whole = len(known) == len(pieces)
    if not is_whole:
        _LOG.warning("%d of %d kept pieces cannot be read", len(pieces) - len(known), len(pieces))
    return Memory(_numbered(known, read), _bagged(bagged), is_whole)


def _numbered(known: tuple[Remembered, ...], read: list[Remembered | None]) -> tuple[Remembered, ...]:
    """Let "may be" name the places after some were left out."""
    left = [number for number, piece in enumerate(read) if piece is not None]
    places = {before: now for now, before in enumerate(left)}
    return tuple(
        piece._replace(maybe=None if piece.maybe is None else places.get(piece.maybe)) for piece in known
    )


def _bagged(content: Mapping[str, object]) -> dict[UUID, int]:
    units: dict[UUID, int] = {}
    for product, count in content.items():
        try:
            units[UUID(product)] = _whole(count, 1, _MOST_UNITS)
        except ValueError:
            _LOG.warning("some kept units cannot be read")
    return units


def _piece_content(piece: Remembered) -> Mapping[str, Any]:
    kept = piece._asdict()
    return kept | {
        "key": {"code": piece.key} if isinstance(piece.key, str) else _text(piece.key),
        "product": _text(piece.product),
        "candidates": [str(product) for product in piece.candidates],
        "state": piece.state.value,
        "why": None if piece.why is None else piece.why.value,
        "age_s": round(piece.age_s, 2),
        "charged_age_s": round(piece.charged_age_s, 2),
    }


def _text(product: UUID | None) -> str | None:
    return None if product is None else str(product)


def _piece_or_none(entry: object, further_s: float) -> Remembered | None:
    try:
        return _piece(_mapping(entry), further_s)
    except (KeyError, ValueError):
        return None


def _piece(entry: Mapping[str, object], further_s: float) -> Remembered:
    why, maybe = entry["why"], entry.get("maybe")
    return Remembered(
        key=_key(entry["key"]),
        product=_product(entry["product"]),
        candidates=tuple(UUID(_string(product)) for product in _list(entry["candidates"])),
        state=PieceState(_string(entry["state"])),
        why=None if why is None else Why(_string(why)),
        place=_box(entry["place"]),
        code=_box_or_none(entry["code"]),
        body=_box_or_none(entry["body"]),
        text=_string(entry["text"]),
        age_s=_seconds(entry["age_s"]) + max(0.0, further_s),
        charged_age_s=_seconds(entry.get("charged_age_s", 0.0)) + max(0.0, further_s),
        maybe=None if maybe is None else _whole(maybe, 0, MOST_PIECES),
        **{name: _flag(entry[name]) for name in _FLAGS if name in entry},
    )


def _key(value: object) -> UUID | str | None:
    return _string(value.get("code")) if isinstance(value, Mapping) else _product(value)


def _product(value: object) -> UUID | None:
    return None if value is None else UUID(_string(value))


def _box_or_none(value: object) -> Box | None:
    return None if value is None else _box(value)


def _box(value: object) -> Box:
    x, y, width, height = (_whole(side, -FARTHEST, FARTHEST) for side in _list(value))
    if width <= 0 or height <= 0:
        raise ValueError("a box without a side")
    return Box(x, y, width, height)


def _mapping(value: object) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise ValueError("not an object")  # noqa: TRY004 - one error for all that cannot have been written
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise ValueError("not a list")  # noqa: TRY004 - as above
    return value


def _string(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("not a text")  # noqa: TRY004 - as above
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError("not true or false")  # noqa: TRY004 - as above
    return value


def _whole(value: object, least: int, most: int) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
        raise ValueError("not a whole number that was written here")
    return value


def _seconds(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    if not is_number or not isinstance(value, int | float) or not 0 <= value < 1e9 or not isfinite(value):
        raise ValueError("not a time in seconds")
    return float(value)
