"""The real item finder, which need not look twice at the same picture for what hides the counter."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder, SeenItem

_KEPT: Final = 32

_Covered = tuple[Box, ...] | None


class RememberingFinder:
    """Implements the port ItemFinder with another one."""

    def __init__(self, finder: ItemFinder) -> None:
        self._finder = finder
        self._known: OrderedDict[int, tuple[Image, _Covered]] = OrderedDict()

    @property
    def knows_empty_counter(self) -> bool:
        """Whether the empty counter was learned."""
        return self._finder.knows_empty_counter

    def learn_empty_counter(self, image: Image) -> None:
        """Take this as the empty counter; whatever was found before no longer counts."""
        self._known.clear()
        self._finder.learn_empty_counter(image)

    def forget_empty_counter(self) -> None:
        """Know no empty counter any more."""
        self._known.clear()
        self._finder.forget_empty_counter()

    def fits(self, image: Image) -> bool:
        """Whether this picture shows the learned counter."""
        return self._finder.fits(image)

    def covered(self, image: Image) -> _Covered:
        """Return what hides the counter; a picture that was looked at already is known by its very object."""
        known = self._known.get(id(image))
        if known is None:
            known = self._known[id(image)] = (image, self._finder.covered(image))
            if len(self._known) > _KEPT:
                self._known.popitem(last=False)
        return known[1]

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        """Return the items."""
        return self._finder.find(image)
