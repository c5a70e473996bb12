"""Which things become a line without a tap when the camera alone is sure of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Protocol
from uuid import UUID

from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.shop_settings import AutoAdd, ShopSettings, ShopSettingsService
from visionscan_kiosk.services.sight import SeenThing


class AddedWhenSureRepository(Protocol):
    """The products that are marked to be added without a tap."""

    def marked_among(self, product_ids: Collection[UUID]) -> frozenset[UUID]:
        """Return those of the products that are marked."""

    def count(self) -> int:
        """Return how many products are marked."""

    def mark(self, product_id: UUID, *, is_marked: bool) -> None:
        """Mark an existing product, or take its mark off; either may have been done already."""


class AutoAddService:
    """Reads the shop's choice at every look, so that what one till sets holds at the others too."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, settings: ShopSettingsService) -> None:
        self._unit_of_work = unit_of_work
        self._settings = settings

    def things_to_add(self, things: Iterable[SeenThing]) -> frozenset[SeenThing]:
        """Return the things that need no tap: none unless the shop wants it and the camera is sure.

        A whole picture may show more than the one thing that was recognised in it.
        """
        sure = [
            thing
            for thing in things
            if thing.product.decision is Decision.MATCHED and not thing.is_whole_picture
        ]
        settings = self._settings.read() if sure else None
        if settings is None or settings.auto_add is AutoAdd.OFF:
            return frozenset()
        if settings.auto_add is AutoAdd.LIKELY:
            return frozenset(thing for thing in sure if _is_likely(thing, settings))
        marked = self._marked([thing.product.product_id for thing in sure if thing.product.product_id])
        return frozenset(thing for thing in sure if thing.product.product_id in marked)

    def is_marked(self, product_id: UUID) -> bool:
        """Return whether a product is marked; whether that counts is the shop's setting."""
        return bool(self._marked([product_id]))

    def count_marked(self) -> int:
        """Return how many products are marked."""
        with self._unit_of_work().reading() as work:
            return work.added_when_sure.count()

    def _marked(self, product_ids: Collection[UUID]) -> frozenset[UUID]:
        with self._unit_of_work().reading() as work:
            return work.added_when_sure.marked_among(product_ids)


def _is_likely(thing: SeenThing, settings: ShopSettings) -> bool:
    return thing.product.confidence >= settings.add_from
