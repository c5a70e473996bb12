"""Reads the labels of what was asked about, once the question is on screen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui.flow.catalogue_flow import products_of
from visionscan_kiosk.gui.flow.lying_goods import Piece, PieceState, in_place
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.sight import SeenThing

_LOG = logging.getLogger(__name__)
_OPEN = (PieceState.ASK, PieceState.UNKNOWN)

_Closer = tuple[SeenThing, Mapping[UUID, Product]]


class CloserLook:
    """Nobody waits for it. `on_read` gets a piece, what it is now, and the products that it may be.

    Tiles that were on screen stay where they are: a finger may be on its way to one.
    """

    def __init__(
        self, around: Surroundings, on_read: Callable[[Piece, SeenThing, Mapping[UUID, Product]], None]
    ) -> None:
        self._around = around
        self._on_read = on_read

    def look_at(self, pieces: Iterable[Piece]) -> None:
        """Read the labels of those pieces that nobody is sure of."""
        if self._around.services.labels.is_installed:
            for piece in pieces:
                if piece.state in _OPEN:
                    self._read(piece, piece.thing)

    def _read(self, piece: Piece, thing: SeenThing) -> None:
        services = self._around.services
        self._around.tasks.run(
            Lane.LABELS,
            lambda: _closer(services, thing) if piece.state in _OPEN else None,
            lambda closer: self._was_read(piece, thing, closer),
            _not_read,
        )

    def _was_read(self, piece: Piece, before: SeenThing, closer: _Closer | None) -> None:
        if closer is None or piece.state not in _OPEN or piece.thing is not before:
            return
        thing, products = closer
        shown = in_place(before.product.candidates, thing.product.candidates)
        self._on_read(piece, replace(thing, product=replace(thing.product, candidates=shown)), products)


def _closer(services: KioskServices, thing: SeenThing) -> _Closer | None:
    closer = services.detection.look_closer(thing)
    if closer is thing:
        return None
    return closer, products_of(services.inventory, [item.product_id for item in closer.product.candidates])


def _not_read(error: KioskError) -> None:
    _LOG.warning("a label was not read: %s", error)
