"""What the screen shows of pieces: questions with tiles, the offer of what is sure, outlines."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.matching.match import Candidate
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.piece import OutlineKind as PieceOutline
from visionscan_kiosk.domain.recognition.piece import Page, Piece, PieceState, Why
from visionscan_kiosk.gui import goods_wording, wording
from visionscan_kiosk.gui.flow.counter_looks import is_sure
from visionscan_kiosk.gui.flow.known_goods import KnownGoods
from visionscan_kiosk.gui.flow.tray_contents import Question
from visionscan_kiosk.gui.flow.trays import in_place
from visionscan_kiosk.gui.presenters import product_tile, suggestion_tiles
from visionscan_kiosk.gui.views import OutlineKind, OutlineView, TileView
from visionscan_kiosk.services.sight import SeenThing

SURE_AT_MOST = 0.99
"""A line whose confidence is 1 was tapped or read from a code."""
_PADDING = 10
_KINDS = {
    PieceOutline.CHARGED: OutlineKind.SURE,
    PieceOutline.ASKED: OutlineKind.ASK,
    PieceOutline.LEFT: OutlineKind.LEFT,
    PieceOutline.SOLD: OutlineKind.SOLD,
}


class PieceQuestions:
    """Words and tiles for what the counter asks; tiles stay where they are: a finger may be on its way."""

    def __init__(self, known: KnownGoods) -> None:
        self._known = known
        self._shown: dict[int, tuple[UUID, ...]] = {}
        self._doubted: set[int] = set()

    def doubt(self, piece: int, followed: Iterable[Piece]) -> None:
        """A person said that the till is wrong about this piece: it is never sure of it again.

        What was said of pieces that are not followed any more is forgotten.
        """
        self._doubted = {piece} | (self._doubted & {other.id for other in followed})

    def sure(self, pieces: Iterable[Piece]) -> list[Piece]:
        """Return the asked pieces that are one tap: their looks are sure. Left to right."""
        return sorted((piece for piece in pieces if self._is_sure(piece)), key=lambda piece: piece.place.x)

    def unsure(self, pieces: Iterable[Piece]) -> tuple[Question, ...]:
        """Return the questions about the other pieces, as far as their products' names are known."""
        asked = [piece for piece in pieces if not self._is_sure(piece)]
        self._shown = {key: shown for key, shown in self._shown.items() if key in {p.id for p in asked}}
        return tuple(question for piece in asked if (question := self._question(piece)) is not None)

    def outline(self, piece: Piece, box: Box, kind: PieceOutline) -> OutlineView:
        """Return the outline of a piece, with what is said of it."""
        shown = box if piece.body is not None else _padded(box)
        return OutlineView(shown, _KINDS[kind], self._label(piece, kind), piece.id)

    def _is_sure(self, piece: Piece) -> bool:
        thing = self._known.thing(piece.id)
        is_which = piece.why is Why.WHICH and piece.is_there and not piece.keeps_line
        is_which = is_which and piece.id not in self._doubted
        return is_which and thing is not None and is_sure(thing) and piece.candidates[:1] == _best(thing)

    def _question(self, piece: Piece) -> Question | None:
        why = piece.why
        is_nameless = piece.product is None and piece.hint is None and not piece.candidates
        if is_nameless or why in (Why.UNKNOWN, Why.NO_PRODUCT):
            return self._without_tiles(piece)
        tiles = self._tiles(piece)
        if not tiles and piece.hint is not None:
            return self._without_tiles(piece)
        if not tiles or why is None:
            return None
        thing = self._known.thing(piece.id)
        name = tiles[0].name
        return Question(
            tiles,
            detected_name=thing.product.matched_from if thing is not None else name,
            confidence=min(thing.product.confidence, SURE_AT_MOST) if thing is not None else 1.0,
            thing=thing,
            piece=piece.id,
            title=self._title(piece, name),
            detail="" if piece.is_there else goods_wording.TAKEN_ALREADY,
            action_text=goods_wording.INSTEAD if why is Why.SWAPPED else "",
            skip_text=goods_wording.SKIP_TEXTS.get(why.value, ""),
            can_search=why is not Why.SWAPPED,
        )

    def _title(self, piece: Piece, name: str) -> str:
        if piece.why is Why.SWAPPED:
            return goods_wording.swapped(self._known.name(piece.maybe.product if piece.maybe else None))
        if _is_touching(self._known.thing(piece.id)):
            return goods_wording.TOUCHING
        return goods_wording.asked(_in_words(piece), name)

    def _without_tiles(self, piece: Piece) -> Question:
        is_code = isinstance(piece.key, str)
        code = self._known.code(piece.text)
        text = piece.text if code is None else code.sighting.text
        return Question(
            (),
            detected_name=text if is_code else goods_wording.UNKNOWN_THING,
            thing=self._known.thing(piece.id),
            piece=piece.id,
            title=wording.UNKNOWN_BARCODE if is_code else goods_wording.WHAT_IS_THIS,
            detail=text if is_code else self._unknown_detail(piece),
            action_text=wording.ADD_PRODUCT if is_code else "",
            skip_text=goods_wording.LEAVE_IT if is_code else goods_wording.NOT_FOR_SALE,
        )

    def _unknown_detail(self, piece: Piece) -> str:
        return goods_wording.UNKNOWN_DETAIL if piece.is_there else goods_wording.UNKNOWN_TAKEN

    def _tiles(self, piece: Piece) -> tuple[TileView, ...]:
        """What a piece may be, with how likely that is; what it is needs no likeness."""
        products = self._known.products
        named = piece.product or piece.hint
        if named is not None and piece.why is not Why.WHICH:
            known = products.get(named)
            return () if known is None else (product_tile(known, key=1),)
        hint = piece.maybe.product if piece.maybe is not None else None
        wanted = (hint, piece.product, *piece.candidates)
        order = tuple(dict.fromkeys(key for key in wanted if key is not None))
        order = self._shown[piece.id] = in_place(self._shown.get(piece.id, ()), order)
        thing = self._known.thing(piece.id)
        scores = {one.product_id: one.confidence for one in thing.product.candidates} if thing else {}
        candidates = [Candidate(key, "", "", scores.get(key, 1.0)) for key in order if key in products]
        return suggestion_tiles(candidates, products)

    def _label(self, piece: Piece, kind: PieceOutline) -> str:
        name = self._known.name(piece.product)
        if kind is PieceOutline.ASKED and piece.state is PieceState.ASKED and piece.why is not None:
            if _is_touching(self._known.thing(piece.id)):
                return goods_wording.TOUCHING_LABEL
            sure = self._known.name(piece.candidates[0]) if self._is_sure(piece) else ""
            is_nameless = piece.key is None and not piece.candidates and piece.hint is None
            why = Why.UNKNOWN if is_nameless else piece.why
            return f"{sure}?" if sure else goods_wording.asked_label(why.value)
        return goods_wording.outlined(kind.value, name)


def _in_words(piece: Piece) -> str:
    """What nobody had before, but was put down while money was taken, is not "still" here."""
    was_put_down_meanwhile = piece.why is Why.STILL_HERE and piece.page is Page.WAITS
    return "meanwhile" if was_put_down_meanwhile or piece.why is None else piece.why.value


def _is_touching(thing: SeenThing | None) -> bool:
    return thing is not None and thing.product.is_touching


def thing_tiles(thing: SeenThing, products: Mapping[UUID, Product]) -> tuple[TileView, ...]:
    """Return the tiles of the products that a thing may be."""
    candidates = [
        Candidate(item.product_id, item.sku, item.name, item.confidence) for item in thing.product.candidates
    ]
    return suggestion_tiles(candidates, products)


def _best(thing: SeenThing) -> tuple[UUID, ...]:
    return tuple(candidate.product_id for candidate in thing.product.candidates[:1])


def _padded(box: Box) -> Box:
    """A code may be found by one line across it: show a box that a person takes for the code."""
    least = max(24, round(0.5 * max(box.width, box.height)))
    across, down = max(0, least - box.width) // 2 + _PADDING, max(0, least - box.height) // 2 + _PADDING
    return Box(box.x - across, box.y - down, box.width + 2 * across, box.height + 2 * down)
