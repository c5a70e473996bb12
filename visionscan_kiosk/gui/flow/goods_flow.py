"""Goods recognised by their looks: sure ones are one tap, unsure ones a question, what stays is quiet."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.detection import Box, DetectionSource, Sighting
from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.matching.match import Candidate
from visionscan_kiosk.domain.money import ZERO
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.basket_changes import Addition
from visionscan_kiosk.gui.flow.catalogue_flow import products_of
from visionscan_kiosk.gui.flow.closer_look import CloserLook
from visionscan_kiosk.gui.flow.coded_goods import CodedGoods
from visionscan_kiosk.gui.flow.confirmations import Confirmations
from visionscan_kiosk.gui.flow.lying_goods import LyingGoods, Piece, PieceState
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Ticket
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.flow.trays import Note, Offer, Question, Trays
from visionscan_kiosk.gui.presenters import money, product_tile, suggestion_tiles
from visionscan_kiosk.gui.views import OutlineKind, OutlineView, TileView
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.sight import SeenThing

_CODE_LIFE_S = 2.0
_MOST_OFFERED = 4
_SURE_AT_MOST = 0.99
"""A line whose confidence is 1 was tapped or read from a code."""


@dataclass(frozen=True, slots=True)
class GoodsActions:
    """What recognised goods lead to."""

    add: Callable[[Sequence[Addition]], None]
    exchange: Callable[[UUID, Addition], None]
    show_outlines: Callable[[], None]
    session_id: Callable[[], UUID | None]
    is_selling: Callable[[], bool]


@dataclass(frozen=True, slots=True)
class _Look:
    """What lies there, and which of it needs no tap."""

    image: Image
    things: tuple[SeenThing, ...]
    products: Mapping[UUID, Product]
    to_add: frozenset[SeenThing]


class GoodsFlow:
    """Follows what lies on the counter, and says what is still to be decided about it."""

    def __init__(self, around: Surroundings, status: Status, trays: Trays, actions: GoodsActions) -> None:
        self._around = around
        self._status = status
        self._trays = trays
        self._actions = actions
        self._confirmations = Confirmations(around)
        self._coded = CodedGoods(around, trays, self._confirmations, actions.exchange)
        self._closer_look = CloserLook(around, self._looked_closer)
        self._lying = LyingGoods()
        self._products: dict[UUID, Product] = {}
        self._codes: list[tuple[Box, UUID | None, float]] = []
        self._packs: tuple[Box, ...] = ()
        self._ticket: Ticket | None = None
        self._is_moving = False
        self._is_left = False

    @property
    def outlines(self) -> tuple[OutlineView, ...]:
        """What is outlined now: nothing while hands move the goods."""
        if self._is_moving:
            return ()
        there = (piece for piece in self._lying.pieces if piece.is_there)
        return tuple(self._outline(piece) for piece in there if not self._has_code(piece.box))

    def pack_around(self, code: Box) -> Box | None:
        """Return where the thing that carries this code lies, None while that is not known."""
        return None if self._is_moving else next((box for box in self._packs if box.holds(code)), None)

    def look(self, stills: Sequence[Image]) -> None:
        """Recognise what lies still, without the model; a newer scene replaces this one."""
        self._forget_look()
        services, finder = self._around.services, self._around.finder
        session_id = self._actions.session_id()
        self._ticket = self._around.tasks.run(
            Lane.VISION, lambda: _look(services, stills, finder, session_id), self._looked, self._look_failed
        )

    def moving(self) -> None:
        """Something moves: places are not known for a moment."""
        self._forget_look()
        self._is_moving = True
        self._coded.moved()
        self._actions.show_outlines()

    def emptied(self) -> None:
        """Nothing lies there any more."""
        self._forget_look()
        self._is_moving = self._is_left = False
        self._coded.moved()
        self._packs = ()
        self._lying.observe(())
        self._show()

    def codes_seen(self, codes: Sequence[tuple[Box, UUID | None]]) -> None:
        """Remember where codes were read: what carries one is counted by it."""
        now = self._around.clock.seconds()
        fresh = [entry for entry in self._codes if now - entry[2] < _CODE_LIFE_S]
        self._codes = [*fresh, *((box, product_id, now) for box, product_id in codes)][-40:]

    def code_placed(self, sighting: Sighting, product: Product) -> None:
        """Something with a known code was put down: it is added, unless its looks were counted already.

        A thing that was counted as another product by its looks is not charged twice: its code is right.
        """
        piece = self._lying.at(sighting.box)
        before = piece.product_id if piece is not None else None
        is_sure_place = piece is not None and not self._is_moving and not piece.thing.product.is_touching
        if piece is not None:
            _settle(piece, product.id)
            self._show()
        if before == product.id:
            return
        undone = self._coded.counted(product, self._actions.session_id())
        addition = Addition(product.id, 1, sighting.text, 1.0, undone)
        if before is not None and is_sure_place:
            self._actions.exchange(before, addition)
        else:
            self._actions.add([addition])

    def is_counted(self, box: Box | None, product_id: UUID | None = None) -> bool:
        """Whether what lies here is in the basket already, as any product or as this one."""
        piece = self._lying.at(box) if box is not None else None
        return piece is not None and piece.product_id is not None and product_id in (None, piece.product_id)

    def answer(self, question: Question, product_id: UUID) -> None:
        """A person said what a thing is: it is added, and the till learns how it looks.

        While that person searched, its code may have been read: then it was counted already.
        """
        thing = question.thing
        if thing is None:
            return
        piece = question.piece or self._asked_at(thing.product.box)
        before = piece.product_id if piece is not None else None
        if before == product_id:
            return
        undo = self._confirmations.confirm(thing, product_id, self._actions.session_id())
        addition = _addition(thing, product_id, question.quantity, self._undoing(piece, undo))
        if before is None:
            self._actions.add([addition])
        else:
            self._actions.exchange(before, addition)
        if piece is not None:
            _settle(piece, product_id)
            self._show()

    def leave(self, question: Question) -> None:
        """A person left a question: the thing is not asked for again while it lies there."""
        if question.piece is not None:
            _settle(question.piece, None)
            self._show()

    def leave_all(self) -> None:
        """The customer is gone: nothing of this is asked any more."""
        self._is_left = self._ticket is not None
        self._coded.leave()
        self._lying.settle_all()
        self._show()

    def _add_sure(self) -> None:
        self._add_pieces(self._sure()[:_MOST_OFFERED])
        self._show()

    def _skip_sure(self) -> None:
        for piece in self._sure()[:_MOST_OFFERED]:
            _settle(piece, None)
        self._show()

    def _doubt(self, place: int) -> None:
        """A tile of the offer is wrong: ask which product it is."""
        piece = self._sure()[place]
        piece.state, piece.is_doubted = PieceState.ASK, True
        self._show()

    def _looked(self, look: _Look) -> None:
        self._ticket = None
        self._is_moving = False
        self._products.update(look.products)
        things = [thing for thing in look.things if thing.product.source is not DetectionSource.BARCODE]
        new = self._lying.observe(things)
        self._packs = tuple(thing.product.box for thing in look.things if thing.product.box is not None)
        for piece in self._lying.pieces:
            self._settle_coded(piece)
        if self._is_left:
            self._is_left = False
            self._lying.settle_all()
        elif any(piece.thing.product.is_touching for piece in new):
            self._trays.say(Note(wording.TOUCHING))
        if self._actions.is_selling():
            self._add_by_itself([piece for piece in self._sure() if piece.thing in look.to_add])
        self._show(has_new=any(piece.is_open for piece in new))
        self._coded.came_to_rest(look.image, look.things)
        self._closer_look.look_at(new)

    def _looked_closer(self, piece: Piece, thing: SeenThing, products: Mapping[UUID, Product]) -> None:
        """Its label was read: the question that is open knows better, or there is one now."""
        if piece not in self._lying.pieces:
            return
        is_new = piece.state is PieceState.UNKNOWN
        self._products.update(products)
        piece.thing, piece.state = thing, PieceState.ASK
        self._show(has_new=is_new)

    def _add_pieces(self, pieces: Sequence[Piece]) -> None:
        """A person said so: it is learned."""
        additions, session_id = [], self._actions.session_id()
        for piece in pieces:
            thing, product_id = piece.thing, _best(piece)
            undo = self._confirmations.confirm(thing, product_id, session_id)
            additions.append(_addition(thing, product_id, 1, self._undoing(piece, undo)))
            _settle(piece, product_id)
        self._actions.add(additions)

    def _add_by_itself(self, pieces: Sequence[Piece]) -> None:
        """Nobody said so: nothing is learned from it, and who undoes it is asked what it is."""
        additions = []
        for piece in pieces:
            product_id = _best(piece)
            piece.state, piece.is_doubted = PieceState.ASK, True  # what an undo leads back to
            additions.append(_addition(piece.thing, product_id, 1, self._undoing(piece, None)))
            _settle(piece, product_id)
        self._actions.add(additions)

    def _asked_at(self, box: Box | None) -> Piece | None:
        """The piece that the model was asked about: it needs no second answer."""
        piece = self._lying.at(box) if box is not None else None
        return piece if piece is not None and piece.state is not PieceState.SETTLED else None

    def _undoing(self, piece: Piece | None, unlearn: Callable[[], None] | None) -> Callable[[], None]:
        """Back to what was asked or offered before."""
        state = piece.state if piece is not None else PieceState.SETTLED

        def undone() -> None:
            if piece is not None:
                self._lying.reopen(piece, state)
                self._show()
            if unlearn is not None:
                unlearn()

        return undone

    def _settle_coded(self, piece: Piece) -> None:
        """The code on it counts, whatever it looks like."""
        if piece.state is not PieceState.SETTLED:
            product_id = next((known for box, known, _ in self._fresh_codes() if piece.box.holds(box)), None)
            if product_id is not None:
                _settle(piece, product_id)

    def _look_failed(self, error: KioskError) -> None:
        self._ticket = None
        if isinstance(error, Unavailable):
            self._status.database(is_away=True)

    def _show(self, *, has_new: bool = False) -> None:
        sure = self._sure()
        asked = [piece for piece in self._lying.pieces if piece.state is PieceState.ASK]
        questions = tuple(question for piece in asked if (question := self._question(piece)) is not None)
        self._trays.show_goods(self._offer(sure[:_MOST_OFFERED]), questions, has_new=has_new)
        self._actions.show_outlines()

    def _sure(self) -> list[Piece]:
        return [
            piece
            for piece in sorted(self._lying.pieces, key=lambda piece: piece.box.x)
            if piece.state is PieceState.SURE and _best(piece) in self._products
        ]

    def _offer(self, pieces: Sequence[Piece]) -> Offer | None:
        products = [self._products[_best(piece)] for piece in pieces]
        if not products:
            return None
        total = money(self._around.profile.currency_sign, sum((product.price for product in products), ZERO))
        return Offer(
            tiles=tuple(product_tile(product) for product in products),
            title=wording.known(len(products)),
            detail=wording.known_detail(len(products), total),
            add_text=wording.add_known(len(products)),
            add=self._add_sure,
            doubt=self._doubt,
            skip=self._skip_sure,
        )

    def _question(self, piece: Piece) -> Question | None:
        tiles = thing_tiles(piece.thing, self._products)
        if not tiles:
            return None
        seen = piece.thing.product
        confidence = min(seen.confidence, _SURE_AT_MOST)
        return Question(tiles, seen.matched_from, confidence, thing=piece.thing, piece=piece)

    def _outline(self, piece: Piece) -> OutlineView:
        if piece.thing.product.is_touching:
            return OutlineView(piece.box, OutlineKind.ASK, wording.TOUCHING_LABEL)
        if piece.state in (PieceState.ASK, PieceState.UNKNOWN):
            is_ask = piece.state is PieceState.ASK
            return OutlineView(
                piece.box, OutlineKind.ASK, wording.WHICH_ONE if is_ask else wording.UNKNOWN_THING
            )
        product = self._products.get(piece.looks_like) if piece.looks_like else None
        kind = (
            OutlineKind.PLAIN
            if piece.state is PieceState.SETTLED and not piece.product_id
            else OutlineKind.SURE
        )
        return OutlineView(piece.box, kind, product.name if product else "")

    def _has_code(self, box: Box) -> bool:
        return any(box.holds(code) for code, _, _ in self._fresh_codes())

    def _fresh_codes(self) -> list[tuple[Box, UUID | None, float]]:
        now = self._around.clock.seconds()
        return [entry for entry in self._codes if now - entry[2] < _CODE_LIFE_S]

    def _forget_look(self) -> None:
        if self._ticket is not None:
            self._ticket.drop()
            self._ticket = None


def thing_tiles(thing: SeenThing, products: Mapping[UUID, Product]) -> tuple[TileView, ...]:
    """Return the tiles of the products that a thing may be."""
    candidates = [
        Candidate(item.product_id, item.sku, item.name, item.confidence) for item in thing.product.candidates
    ]
    return suggestion_tiles(candidates, products)


def _look(
    services: KioskServices, stills: Sequence[Image], finder: ItemFinder | None, session_id: UUID | None
) -> _Look:
    sight = services.detection.look(stills, finder=finder, reads_labels=False, session_id=session_id)
    wanted = [item.product_id for thing in sight.things for item in thing.product.candidates]
    return _Look(
        stills[0],
        sight.things,
        products_of(services.inventory, wanted),
        services.auto_add.things_to_add(
            thing for thing in sight.things if thing.product.source is not DetectionSource.BARCODE
        ),
    )


def _settle(piece: Piece, product_id: UUID | None) -> None:
    piece.state, piece.product_id = PieceState.SETTLED, product_id


def _best(piece: Piece) -> UUID:
    return piece.thing.product.candidates[0].product_id


def _addition(thing: SeenThing, product_id: UUID, quantity: int, undone: Callable[[], None]) -> Addition:
    confidence = min(thing.product.confidence, _SURE_AT_MOST)
    return Addition(product_id, quantity, thing.product.matched_from, confidence, undone)
