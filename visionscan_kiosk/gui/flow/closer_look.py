"""Reads the labels of what was asked about, once the question is on screen."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Mapping
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState, Why
from visionscan_kiosk.gui.flow.known_goods import KnownGoods
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.sight import SeenThing

_LOG = logging.getLogger(__name__)
_UNSURE = (Why.WHICH, Why.UNKNOWN)

_Closer = tuple[SeenThing, Mapping[UUID, Product]]


class CloserLook:
    """Nobody waits for it. `on_read` gets a piece, what it is now, and the products that it may be.

    It begins as soon as a thing lies still: by the time it would be asked about, its label may be read.
    """

    def __init__(
        self,
        around: Surroundings,
        counter: Counter,
        known: KnownGoods,
        on_read: Callable[[Piece, SeenThing, Mapping[UUID, Product]], None],
    ) -> None:
        self._around = around
        self._counter = counter
        self._known = known
        self._on_read = on_read
        self._read: set[int] = set()

    def look_at(self, pieces: Iterable[Piece]) -> None:
        """Read the labels of those pieces that nobody is sure of, once."""
        if not self._around.services.labels.is_installed:
            return
        self._read &= {piece.id for piece in self._counter.pieces}
        for piece in pieces:
            thing = self._known.thing(piece.id)
            if thing is not None and piece.id not in self._read and _is_open(piece):
                self._read.add(piece.id)
                self._read_label(piece, thing)

    def _read_label(self, piece: Piece, thing: SeenThing) -> None:
        services = self._around.services
        self._around.tasks.run(
            Lane.LABELS,
            lambda: _closer(services, thing) if _is_open(piece) else None,
            lambda closer: self._was_read(piece, closer),
            _not_read,
        )

    def _was_read(self, piece: Piece, closer: _Closer | None) -> None:
        if closer is not None and _is_open(piece) and self._counter.piece(piece.id) is piece:
            self._on_read(piece, *closer)


def _is_open(piece: Piece) -> bool:
    if piece.key is not None or piece.code is not None:
        return False
    return piece.state is PieceState.SEEN or (piece.state is PieceState.ASKED and piece.why in _UNSURE)


def _closer(services: KioskServices, thing: SeenThing) -> _Closer | None:
    closer = services.detection.look_closer(thing)
    if closer is thing:
        return None
    return closer, services.inventory.get_products([item.product_id for item in closer.product.candidates])


def _not_read(error: KioskError) -> None:
    _LOG.warning("a label was not read: %s", error)
