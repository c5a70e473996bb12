"""What became of the lines that pieces made: the counter is told of everything that changes the basket."""

from __future__ import annotations

from collections import Counter as Tally
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from visionscan_kiosk.domain.basket_operations import (
    ExchangePiece,
    Operation,
    OperationResult,
    Source,
    TakeBack,
    TakePiece,
    pieces_of,
)
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.recognition import intents as decided
from visionscan_kiosk.domain.recognition.books import Entering
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import AddPiece, Intent
from visionscan_kiosk.domain.recognition.piece import Piece
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui.flow.basket_changes import Addition
from visionscan_kiosk.gui.flow.counter_books import CounterBooks, Recalled
from visionscan_kiosk.gui.flow.counter_looks import is_coded, normalised
from visionscan_kiosk.gui.flow.entered_units import EnteredUnits
from visionscan_kiosk.gui.flow.known_goods import KnownGoods
from visionscan_kiosk.gui.flow.piece_questions import SURE_AT_MOST
from visionscan_kiosk.gui.flow.ports import Surroundings

Undone = Callable[[], None]


class Charges:
    """Listens to the basket. `follow` does what the counter decides about what it is told.

    `doubt` is told of a piece that the camera added by itself and a person took back: it was wrong.
    """

    def __init__(
        self,
        around: Surroundings,
        counter: Counter,
        books: CounterBooks,
        known: KnownGoods,
        follow: Callable[[Sequence[Intent]], None],
        doubt: Callable[[int, Iterable[Piece]], None],
    ) -> None:
        self._around = around
        self._counter = counter
        self._books = books
        self._known = known
        self._follow = follow
        self._doubt = doubt
        self._units: Tally[UUID] = Tally()
        self._pieces: dict[UUID, int] = {}
        self._said: dict[int, Undone | None] = {}
        self._by_itself: set[UUID] = set()
        self._leaves: set[UUID] = set()
        self._put_back: set[UUID] = set()
        self._early: dict[UUID, Entering] = {}
        self._open_session: UUID | None = None
        self._has_opened = False
        self._session_id: UUID | None = None

    @property
    def has_opened(self) -> bool:
        """Whether a basket was open since the program started."""
        return self._has_opened

    # ---- additions of pieces -------------------------------------------------------------------

    def said(self, piece_id: int, undo: Undone | None) -> None:
        """A person says what this piece is; `undo` takes back what the till learns from that."""
        self._said[piece_id] = undo

    def addition(self, intent: AddPiece | decided.ExchangePiece) -> tuple[Addition, bool]:
        """Return what is to be added for a piece, and whether it is its code that says so."""
        self._pieces[intent.operation_id] = intent.piece
        piece, thing = self._counter.piece(intent.piece), self._known.thing(intent.piece)
        if intent.piece not in self._said:
            self._by_itself.add(intent.operation_id)
        undone = self._said.pop(intent.piece, None)
        text = piece.text if piece is not None and piece.code is not None else ""
        if not text and thing is not None and is_coded(thing):
            text = thing.product.matched_from
        seen_as = text or (thing.product.matched_from if thing else self._known.name(intent.product))
        confidence = 1.0 if text or thing is None else min(thing.product.confidence, SURE_AT_MOST)
        source = Source.SCANNED if text else Source.SEEN
        made = Addition(
            intent.product, 1, seen_as, confidence, undone, source, operation_id=intent.operation_id
        )
        return made, bool(text)

    def with_undone(self, addition: Addition, further: Undone) -> Addition:
        """Return the addition with one more thing to take back when it is undone."""
        undone = addition.undone

        def both() -> None:
            further()
            if undone is not None:
                undone()

        return replace(addition, undone=both)

    def to_be_taken_out(self, piece: Piece) -> UUID:
        """A person takes the line of this very piece out; return under which id that is undone."""
        undoes = uuid4()
        self._pieces[undoes] = piece.id
        self._leaves.add(undoes)
        return undoes

    # ---- what the basket did (BasketListener) --------------------------------------------------

    def opened(self, basket: Basket) -> None:
        """A basket is open; the first one goes on from what was kept before the program ended.

        When that one is closed before it could be read, the next one goes on from it.
        """
        self._session_id, self._units = basket.session.id, Tally(pieces_of(basket))
        if self._has_opened:
            self._open(basket, Recalled(None, {}))
        else:
            self._books.recall(basket.session.id, lambda recalled: self._recalled(basket, recalled))

    def asked(self, operation: Operation, units: EnteredUnits | None, *, is_undo: bool) -> None:
        """A person enters units, which pieces may be from now on; what pieces ask for is known."""
        if is_undo:
            self._put_back.add(operation.operation_id)
        elif units is not None and operation.operation_id not in self._pieces:
            self._enter(operation.session_id, Entering(operation.operation_id, *units, self._now()))

    def seeks(self, code: str) -> None:
        """A person entered a code that is looked up."""
        self._counter.seeks(normalised(code))

    def found(self, code: str) -> None:
        """It was looked up."""
        self._counter.found(normalised(code))

    def _enter(self, session_id: UUID, entering: Entering) -> None:
        """The counter is told at once, or with the basket to which it belongs."""
        if session_id == self._open_session:
            self._counter.entered(entering)
        else:
            self._early[entering.operation_id] = entering

    def _now(self) -> float:
        return self._around.clock.seconds()

    def applied(self, operation: Operation, result: OperationResult) -> None:
        """One change of this till is in the database."""
        self._early.pop(operation.operation_id, None)
        self._units = +_changed(self._units, result.changes)
        intents = [*self._counter.added(operation.operation_id), *self._exchanged(operation)]
        puts_back = operation.operation_id in self._put_back
        self._put_back.discard(operation.operation_id)
        intents += self._counter.basket_is(self._units, by_person=True, puts_back=puts_back)
        self._follow(intents)

    def refused(self, operation: Operation, error: KioskError) -> None:
        """One change of this till was not made, and will not be."""
        del error  # the person was told
        self._early.pop(operation.operation_id, None)
        self._put_back.discard(operation.operation_id)
        self._follow(self._counter.refused(operation.operation_id))

    def changed_elsewhere(self, pieces: Mapping[UUID, int]) -> None:
        """Another client changed the basket."""
        self._units = Tally(pieces)
        self._follow(self._counter.basket_is(self._units, by_person=False))

    def closed(self, *, is_sold: bool) -> None:
        """Another client ended or sold the basket."""
        self.ended(is_sold=is_sold)
        self._follow([])

    def ended(self, *, is_sold: bool) -> None:
        """The customer is gone."""
        self._counter.ended(sold=is_sold)
        self._session_id = self._open_session = None
        self._units = Tally()
        self._pieces.clear()
        self._said.clear()
        self._by_itself.clear()
        self._leaves.clear()

    def _recalled(self, basket: Basket, recalled: Recalled) -> None:
        """Once; and not for a basket that was closed while the memory was read."""
        if not self._has_opened and basket.session.id == self._session_id:
            self._open(basket, recalled)

    def _open(self, basket: Basket, recalled: Recalled) -> None:
        self._has_opened, self._open_session = True, basket.session.id
        self._known.learn(recalled.products)
        early, self._early = list(self._early.values()), {}
        intents = self._counter.opened(self._now(), self._units, recalled.memory, early)
        intents += self._counter.basket_is(self._units, by_person=False)
        self._books.belong_to(basket.session.id)
        self._follow(intents)

    def _exchanged(self, operation: Operation) -> list[Intent]:
        """A unit of the basket is another product, by a person's word; else a line may have been undone."""
        is_pieces = operation.operation_id in self._pieces
        if not isinstance(operation, ExchangePiece) or is_pieces:
            return self._undone(operation)
        piece_id = self._pieces.get(operation.undoes, 0) if operation.undoes is not None else 0
        if operation.undoes in self._by_itself and self._counter.piece(piece_id) is not None:
            self._doubt(piece_id, self._counter.pieces)
        return self._counter.exchanged(piece_id, operation.before_product_id, operation.product_id)

    def _undone(self, operation: Operation) -> list[Intent]:
        """The line of a piece was taken back: it is asked about again, or left where a person took it out."""
        undoes = operation.undoes if isinstance(operation, TakeBack | TakePiece) else None
        piece = self._counter.piece(self._pieces.get(undoes, 0)) if undoes is not None else None
        if piece is None:
            return []
        if undoes in self._by_itself:
            self._doubt(piece.id, self._counter.pieces)
        asks_again = piece.code is None and undoes not in self._leaves
        return self._counter.undone(piece.id, asks_again=asks_again)


def _changed(units: Mapping[UUID, int], changes: Mapping[UUID, int]) -> Tally[UUID]:
    after = Tally(units)
    after.update(changes)
    return after
