"""Which piece a code belongs to that was read in the picture.

Pieces with one key are interchangeable to the basket, so nearest first counts as well as the best assignment.
"""

from __future__ import annotations

from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.countertop import Countertop, grown, is_open_thing
from visionscan_kiosk.domain.recognition.decisions import Decisions
from visionscan_kiosk.domain.recognition.intents import Intent
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode
from visionscan_kiosk.domain.recognition.piece import CHARGED, Piece, PieceState, Spot, Why

BESIDE = 0.25  # of a thing's sides: a code so near to where it lay is on it, or on what lies in its place
IN_HAND_S = 0.5  # since it was read last: a charged piece that is read elsewhere is still carried
CAREFUL_READS = 2  # what one careful reading counts for: it is sure, and done once a rest


class CodeSightings:
    """Gives each code of a look its piece."""

    def __init__(self, top: Countertop, decisions: Decisions) -> None:
        self._top, self._decisions = top, decisions

    def take(self, look: Look) -> list[Intent]:
        """Take all codes of a look, key by key."""
        by_key: dict[UUID | str, list[ReadCode]] = {}
        for code in look.codes or ():
            by_key.setdefault(code.key, []).append(code)
        return [intent for key, codes in by_key.items() for intent in self._take(key, codes)]

    def _take(self, key: UUID | str, codes: list[ReadCode]) -> list[Intent]:
        """Take the codes of one key."""
        intents: list[Intent] = []
        self._doubt_what_lay_there(codes)
        texts = {code.text for code in codes} - {""}
        mine = [piece for piece in self._top.lying() if piece.text in texts or piece.key == key]
        for code in self._see_in_place(codes, mine):
            unseen = [piece for piece in mine if piece.look != self._top.looks]
            intents += self._see_elsewhere(code, sorted(unseen, key=lambda p: p.place.apart(code.box)))
        return intents

    def _doubt_what_lay_there(self, codes: list[ReadCode]) -> None:
        for piece in self._top.pieces:
            if piece.spot is not Spot.SURE or piece.read_at > self._top.moved_at:
                continue
            if piece.code is None or piece.body is None:
                continue
            if any(piece.body.holds(code.box) for code in codes) and not _carries_any(piece, codes):
                piece.spot = Spot.DOUBT

    def _see_in_place(self, codes: list[ReadCode], mine: list[Piece]) -> list[ReadCode]:
        """See pieces where they lay; return the codes that are left over.

        First what was read there since the last movement, then by nearness.
        """
        pairs = sorted(
            (not _was_read_there(piece, code), piece.place.apart(code.box), piece.id, number, piece)
            for piece in mine
            for number, code in enumerate(codes)
            if piece.is_kind_of(code) and piece.is_near(code)
        )
        taken: set[int] = set()
        for _, _, _, number, piece in pairs:
            if piece.look != self._top.looks and number not in taken:
                taken.add(number)
                self._read(piece, codes[number])
        return [code for number, code in enumerate(codes) if number not in taken]

    def _read(self, piece: Piece, code: ReadCode) -> None:
        piece.reads += CAREFUL_READS if code.is_careful else 1
        piece.text = code.text
        if piece.key == code.text and code.product is not None:
            self._learn_product(piece, code.product)
        self._top.see(piece, code=code.box)

    def _learn_product(self, piece: Piece, product: UUID) -> None:
        """The shop has a product with its code by now; what is charged stays what a person said."""
        if piece.state in CHARGED or piece.has_line:
            piece.key = piece.product
            return
        piece.key = piece.product = product
        if piece.state is PieceState.ASKED and piece.why is Why.NO_PRODUCT:
            is_swapped = piece.maybe is not None
            piece.state = PieceState.ASKED if is_swapped else PieceState.SEEN
            piece.why = Why.SWAPPED if is_swapped else None

    def _see_elsewhere(self, code: ReadCode, free: list[Piece]) -> list[Intent]:
        """A code where none of its pieces lay."""
        back = next((p for p in self._top.just_gone if p.is_kind_of(code) and p.is_near(code)), None)
        if back is not None:
            self._bring_back(back, code.box)
            return []
        loose = next((piece for piece in free if self._is_in_hand(piece)), None)
        if loose is not None:
            self._read(loose, code)
            return []
        return self._see_new(code, free)

    def _is_in_hand(self, piece: Piece) -> bool:
        """Whether it is still being put down. It may be charged by now: two reads on its way are enough."""
        if piece.spot is Spot.SURE or piece.has_lain:
            return False
        is_on_its_way = self._top.now - piece.seen_at <= IN_HAND_S
        return piece.state is PieceState.SEEN or (piece.state in CHARGED and is_on_its_way)

    def _bring_back(self, piece: Piece, box: Box) -> None:
        """Nothing moved since it was "gone": the finder does not see it."""
        self._top.just_gone.remove(piece)
        self._decisions.returned(piece)
        piece.is_unseen_by_finder = True
        self._top.see(piece, code=box)

    def _see_new(self, code: ReadCode, free: list[Piece]) -> list[Intent]:
        """A piece that was not read before, or a known one that was moved."""
        bodies = [p for p in self._top.lying() if p.code is None and p.body and p.body.holds(code.box)]
        holder = next((p for p in bodies if p.spot is Spot.SURE or not (p.has_lain and p.is_touched)), None)
        unread = next((p for p in bodies if holder is None and p.spot is Spot.DOUBT), None)
        if unread is not None and unread.has_line and unread.product != code.product:
            return self._ask_if_swapped(unread, code)
        piece = holder or self._top.new_piece(code.key, code.box)
        lost = [p for p in free if p.seen_at < piece.born and p.spot is not Spot.SURE]
        self._read(piece, code)
        known = min(lost, key=lambda p: p.spot is not Spot.BARE, default=None)
        piece.maybe = unread or known or (None if holder else self._pushed(code))
        return self._name(piece, code)

    def _pushed(self, code: ReadCode) -> Piece | None:
        """Return the nameless thing that this may be: it lay so near that both cannot lie there."""
        things = [
            piece for piece in self._top.lying() if is_open_thing(piece) and piece.spot is not Spot.SURE
        ]
        near = (piece for piece in things if piece.has_lain and grown(piece.place, BESIDE).holds(code.box))
        return min(near, key=lambda piece: piece.place.apart(code.box), default=None)

    def _name(self, piece: Piece, code: ReadCode) -> list[Intent]:
        """Its code says what it is, whatever its looks said before."""
        is_wrong = piece.has_line and piece.product != code.product
        if is_wrong and piece.charged_at <= piece.touched_at:
            return self._ask_if_swapped(piece, code)
        piece.key = code.key
        if is_wrong and piece.product is not None and code.product is not None:
            return self._decisions.correct(piece, piece.product, code.product)
        if not piece.has_line:
            was_other = piece.product is not None and piece.product != code.product
            piece.product, piece.candidates, piece.may_add = code.product, (), True
            if was_other and piece.state is PieceState.LEFT and self._top.is_open:
                return self._decisions.ask(piece, Why.WHICH)  # left as what it is not
            if piece.state is PieceState.ASKED and piece.why in (Why.WHICH, Why.UNKNOWN, Why.ANOTHER):
                piece.state, piece.why = PieceState.SEEN, None
        return []

    def _ask_if_swapped(self, charged: Piece, code: ReadCode) -> list[Intent]:
        """It was taken for what it is not, or it was swapped."""
        piece = self._top.new_piece(code.key, code.box)
        piece.product, piece.maybe = code.product, charged
        charged.code, charged.text, charged.spot = None, "", Spot.DOUBT
        self._read(piece, code)
        return self._decisions.ask(piece, Why.SWAPPED if code.product else Why.NO_PRODUCT)


def _was_read_there(piece: Piece, code: ReadCode) -> bool:
    return piece.spot is Spot.SURE and piece.lies_as_before(code)


def _carries_any(piece: Piece, codes: list[ReadCode]) -> bool:
    return any(piece.is_kind_of(code) for code in codes)
