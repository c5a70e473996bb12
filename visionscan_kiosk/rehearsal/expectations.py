"""Compares what a script expects with what the till shows and the database holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from visionscan_kiosk.domain.recognition.piece import Piece
from visionscan_kiosk.gui.views import OutlineView
from visionscan_kiosk.rehearsal.scene import Scene
from visionscan_kiosk.rehearsal.shop import TILL

Found = tuple[str, Any, Any]
"""What is wrong: its name, what was expected, what was found."""


_KINDS: Final[Mapping[str, str]] = {"sure": "charged", "ask": "asked"}
"""What the screen calls otherwise than a script."""


def unmet(scene: Scene, expected: Mapping[str, Any]) -> list[Found]:
    """Return what does not hold now."""
    scene.note_truths()
    return [found for name, value in expected.items() for found in _CHECKS[name](scene, value)]


def _basket(scene: Scene, expected: Mapping[str, int]) -> list[Found]:
    return _differs("basket", _some(expected), dict(scene.books.open_basket(TILL)))


def _sold(scene: Scene, expected: Sequence[Mapping[str, int]]) -> list[Found]:
    return _differs("sold", [_some(sale) for sale in expected], [dict(sale) for sale in scene.books.sales()])


def _outlined(scene: Scene, expected: Mapping[str, str]) -> list[Found]:
    return [
        (f"outline of {name}", kind, found)
        for name, kind in expected.items()
        if not _is_outlined_as(kind, found := outline_kind(scene, name))
    ]


def _asked(scene: Scene, expected: Sequence[str]) -> list[Found]:
    found = asked(scene)
    return [] if Counter(found) == Counter(expected) else [("asked", list(expected), found)]


def _may_pay(scene: Scene, expected: bool) -> list[Found]:  # noqa: FBT001 - one of a table of checks
    return _differs("may_pay", expected, may_pay(scene))


def _says(scene: Scene, expected: str) -> list[Found]:
    texts = scene.till.screens.texts
    is_said = any(expected.casefold() in text.casefold() for text in texts)
    return [] if is_said else [("says", expected, [text for text in texts if len(text) > 2])]


_CHECKS: Final[Mapping[str, Callable[[Scene, Any], list[Found]]]] = {
    "basket": _basket,
    "sold": _sold,
    "outlined": _outlined,
    "asked": _asked,
    "may_pay": _may_pay,
    "says": _says,
}


def outline_kind(scene: Scene, name: str) -> str:
    """Return how a piece is outlined; `none` also for one that does not lie there."""
    outline = outline_of(scene, name)
    return _KINDS.get(outline.kind.value, outline.kind.value) if outline is not None else "none"


def outline_of(scene: Scene, name: str) -> OutlineView | None:
    """Return the outline whose middle lies on a piece, as the selling screen shows it."""
    if name not in scene.stage.names:
        return None
    box = scene.stage.box_of(name)
    on_it = [outline for outline in scene.till.flow.goods.outlines if box.holds(outline.box)]
    return max(on_it, key=lambda outline: box.overlap(outline.box), default=None)


def asked(scene: Scene) -> list[str]:
    """Return the products of the open questions, `?` where nobody can know."""
    return [_product_of(scene, piece) for piece in scene.till.flow.goods.counter.questions]


def may_pay(scene: Scene) -> bool:
    """Return whether a tap on Pay would lead to payment."""
    return scene.till.flow.may_pay


def _product_of(scene: Scene, piece: Piece) -> str:
    """What the counter takes it for, else what really lies or lay there, else what it may be."""
    if piece.product is not None and not piece.keeps_line:
        return scene.sku_of(piece.product)
    if piece.hint is not None:
        return scene.sku_of(piece.hint)
    return scene.truths.get(piece.id) or next((scene.sku_of(one) for one in piece.candidates), "?")


def _is_outlined_as(expected: str, found: str) -> bool:
    return found != "charged" if expected == "not charged" else found == expected


def _differs(name: str, expected: object, found: object) -> list[Found]:
    return [] if expected == found else [(name, expected, found)]


def _some(pieces: Mapping[str, int]) -> dict[str, int]:
    return {sku: count for sku, count in pieces.items() if count}
