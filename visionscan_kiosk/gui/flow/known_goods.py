"""Names and pictures of what is followed: the counter itself knows only ids."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.piece import Piece
from visionscan_kiosk.gui.flow.counter_looks import is_sure, normalised
from visionscan_kiosk.services.sight import SeenCode, SeenThing

_MOST_CODES = 200


class KnownGoods:
    """What was learned of products, things and codes while they lay there."""

    def __init__(self) -> None:
        self.products: dict[UUID, Product] = {}
        self._things: dict[int, SeenThing] = {}
        self._codes: dict[str, SeenCode] = {}

    def read(self, codes: Iterable[SeenCode]) -> None:
        """Take in what codes stand for."""
        for code in codes:
            self._codes[normalised(code.sighting.text)] = code
            if code.product is not None:
                self.products[code.product.id] = code.product
        for text in list(self._codes)[:-_MOST_CODES]:
            del self._codes[text]

    def learn(self, products: Mapping[UUID, Product]) -> bool:
        """Take in products by id; return whether that is news."""
        is_news = any(self.products.get(key) != product for key, product in products.items())
        self.products.update(products)
        return is_news

    def assign(self, pieces: Iterable[Piece], things: Sequence[SeenThing]) -> None:
        """Note which thing of one look is which piece; forget those of pieces that are no more.

        What a label says goes beyond what a thing looks like, unless its looks are sure.
        """
        pieces = tuple(pieces)
        by_box = {thing.product.box: thing for thing in things}
        found = {piece.id: by_box[piece.body] for piece in pieces if piece.body in by_box}
        kept = {piece.id for piece in pieces}
        labelled = {key for key in self._things if self.is_labelled(key)}
        better = {key: thing for key, thing in found.items() if key not in labelled or is_sure(thing)}
        self._things = {key: thing for key, thing in self._things.items() if key in kept} | better

    def is_labelled(self, piece: int) -> bool:
        """Whether what is known of a piece comes from its label."""
        thing = self._things.get(piece)
        return thing is not None and thing.product.source is DetectionSource.LABEL

    def is_closer(self, piece: int, thing: SeenThing) -> None:
        """A further look knows better what this piece is."""
        self._things[piece] = thing

    def thing(self, piece: int | None) -> SeenThing | None:
        """Return how a piece looked when it lay still, None while nobody looked."""
        return None if piece is None else self._things.get(piece)

    def code(self, text: str) -> SeenCode | None:
        """Return a code that was read lately."""
        return self._codes.get(text)

    def name(self, product_id: UUID | None) -> str:
        """Return a product's name, empty while it is not known."""
        product = self.products.get(product_id) if product_id is not None else None
        return product.name if product is not None else ""

    def missing(self, pieces: Iterable[Piece]) -> tuple[UUID, ...]:
        """Return the products of pieces whose names are not known yet."""
        return tuple(product_id for product_id in _products_of(pieces) if product_id not in self.products)

    def named(self, pieces: Iterable[Piece]) -> tuple[UUID, ...]:
        """Return the products of pieces whose names are known, as they were when they were read."""
        return tuple(product_id for product_id in _products_of(pieces) if product_id in self.products)


def _products_of(pieces: Iterable[Piece]) -> set[UUID]:
    """Return what pieces are, or may be."""
    return {key for one in pieces for key in (one.product, one.hint, *one.candidates) if key is not None}
