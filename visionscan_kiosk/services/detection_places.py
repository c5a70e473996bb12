"""Where things lie: the same thing in several stills, and the codes on it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder, SeenItem
from visionscan_kiosk.services.sight import SeenCode

_SAME_THING = 0.5
"""Common part of two boxes over what both cover, from which on they show one thing."""


@dataclass(frozen=True, slots=True, eq=False)
class Place:
    """A thing that lies there: as it looks in each still, and the codes read on it.

    `is_whole_picture`: nothing is known of where things lie; it may be several or none.
    """

    items: tuple[SeenItem, ...]
    codes: tuple[SeenCode, ...]
    is_whole_picture: bool

    @property
    def item(self) -> SeenItem:
        """The thing in the first still."""
        return self.items[0]

    @property
    def has_known_code(self) -> bool:
        """Whether a code on it says which product it is."""
        return any(code.product for code in self.codes)


def whole_picture(stills: Sequence[Image], codes: Sequence[SeenCode]) -> Place:
    """Return the picture as one place."""
    items = tuple(SeenItem(Box(0, 0, width=still.shape[1], height=still.shape[0]), still) for still in stills)
    return Place(items, tuple(codes), is_whole_picture=True)


def find_places(stills: Sequence[Image], codes: Sequence[SeenCode], finder: ItemFinder) -> list[Place]:
    """Return the things of the first still, each with the same thing in the others."""
    first, *others = [finder.find(still) for still in stills]
    return [
        Place(
            items=(item, *_same_thing(item, others)),
            codes=tuple(code for code in codes if item.is_whole_picture or item.box.holds(code.sighting.box)),
            is_whole_picture=item.is_whole_picture,
        )
        for item in first
    ]


def _same_thing(item: SeenItem, others: Iterable[Sequence[SeenItem]]) -> Iterable[SeenItem]:
    for items in others:
        best = max(items, key=lambda other: item.box.overlap(other.box), default=None)
        if best is not None and item.box.overlap(best.box) >= _SAME_THING:
            yield best
