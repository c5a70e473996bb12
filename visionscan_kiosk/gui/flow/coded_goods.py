"""Goods that were counted by their barcode: compared with their looks once they lie still.

That feeds the meter, gives further photos, and finds codes on the wrong thing. Nobody waits for any of it: a
line is in the basket before its looks are compared, and what comes while the eyes are busy may be left out.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.detection import DetectionSource, Sighting
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import goods_wording
from visionscan_kiosk.gui.flow.confirmations import Confirmations
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings
from visionscan_kiosk.gui.flow.tray_contents import Doubt
from visionscan_kiosk.gui.flow.trays import Trays
from visionscan_kiosk.services.accuracy import DecidedBy
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.sight import SeenCode, SeenThing
from visionscan_kiosk.services.wrong_items import WrongItem, WrongItemAnswer

_LOG = logging.getLogger(__name__)
_MOST_WAITING = 4
"""Codes that wait to be compared: as many as a tray usually has."""


@dataclass(slots=True, eq=False)
class _Counted:
    """A line that a piece's code made. `take_back` unlearns what its looks taught, once they were compared.

    `is_left`: its customer is gone, so nobody can be asked about it.
    """

    piece: int
    product: Product
    session_id: UUID | None
    is_undone: bool = False
    is_left: bool = False
    take_back: Callable[[], None] | None = None


@dataclass(frozen=True, slots=True)
class _Scene:
    """What lies still: the things with a known code, each with its picture; `is_alone`: nothing else does."""

    image: Image
    things: tuple[SeenThing, ...]
    is_alone: bool


@dataclass(frozen=True, slots=True)
class _Compared:
    """What a thing with a code looks like. `notice_id`: the two do not agree, and that is to be asked."""

    looked: SeenThing | None
    notice_id: UUID | None = None


ChangePiece = Callable[[int, UUID, UUID, SeenThing, Callable[[], None]], None]
"""(piece, before, product, what was seen, what takes back what is learned) makes a piece another product."""


class CodedGoods:
    """Lines waiting to be compared. Which pieces lie there, and what they are, only the counter knows."""

    def __init__(
        self,
        around: Surroundings,
        trays: Trays,
        confirmations: Confirmations,
        change_piece: ChangePiece,
    ) -> None:
        self._around = around
        self._trays = trays
        self._confirmations = confirmations
        self._change_piece = change_piece
        self._waiting: deque[_Counted] = deque(maxlen=_MOST_WAITING)
        self._scene: _Scene | None = None
        self._compared: _Counted | None = None

    def counted(self, piece: int, product: Product, session_id: UUID | None) -> Callable[[], None]:
        """A piece's code made a line of this product; return what is to be called when that is undone."""
        counted = _Counted(piece, product, session_id)
        if self._around.services.teaching.count_products():
            self._waiting.append(counted)
            self._compare_next()

        def undone() -> None:
            counted.is_undone = True
            if counted.take_back is not None:
                counted.take_back()

        return undone

    def came_to_rest(self, image: Image, things: Sequence[SeenThing]) -> None:
        """These things lie still; those with a known code carry it."""
        coded = tuple(thing for thing in things if _is_coded(thing))
        self._scene = _Scene(image, coded, is_alone=len(things) == 1)
        self._compare_next()

    def moved(self) -> None:
        """Where things lie is not known any more."""
        self._scene = None

    def leave(self) -> None:
        """The customer is gone: what was not compared yet is not compared any more, and nothing is asked."""
        self._waiting.clear()
        if self._compared is not None:
            self._compared.is_left = True
        self._scene = None

    def _compare_next(self) -> None:
        finder, scene = self._around.finder, self._scene
        if not finder.knows_empty_counter or scene is None or self._compared:
            return
        found = next(
            ((counted, thing) for counted in self._waiting if (thing := _thing_of(counted, scene))), None
        )
        if found is not None:
            self._waiting.remove(found[0])
            self._compare(*found, scene, finder)

    def _compare(self, counted: _Counted, thing: SeenThing, scene: _Scene, finder: ItemFinder) -> None:
        self._compared = counted
        services = self._around.services
        self._around.tasks.run(
            Lane.VISION,
            lambda: _compared(services, counted, thing, scene.image, finder),
            lambda result: self._is_compared(counted, result, is_alone=scene.is_alone),
            self._not_compared,
        )

    def _is_compared(self, counted: _Counted, result: _Compared, *, is_alone: bool) -> None:
        self._compared = None
        looked = result.looked
        if looked is not None and not counted.is_undone:
            learns = is_alone and not looked.product.is_touching
            if result.notice_id is None:
                self._confirm(counted, looked, learns=learns)
            elif counted.is_left:
                self._confirm(counted, looked, learns=False)
            else:
                self._ask(counted, looked, result.notice_id, learns=learns)
        self._compare_next()

    def _not_compared(self, error: KioskError) -> None:
        self._compared = None
        _LOG.warning("a code was not compared with the looks of its thing: %s", error)

    def _confirm(self, counted: _Counted, looked: SeenThing, *, learns: bool) -> None:
        counted.take_back = self._confirmations.confirm(
            looked, counted.product.id, counted.session_id, decided_by=DecidedBy.BARCODE, learns=learns
        )

    def _ask(self, counted: _Counted, looked: SeenThing, notice_id: UUID, *, learns: bool) -> None:
        """An answer that nobody gives leaves the code's word, but nothing is learned from it."""

        def keep() -> None:
            self._answer(notice_id, WrongItemAnswer.KEPT)
            self._confirm(counted, looked, learns=learns)

        def change() -> None:
            self._answer(notice_id, WrongItemAnswer.REPLACED)
            self._change(counted, looked, learns=learns)

        seen = looked.product.name or ""
        doubt = Doubt(
            goods_wording.code_and_looks(counted.product.name, seen),
            goods_wording.it_is(seen),
            keep=keep,
            change=change,
            expire=lambda: self._confirm(counted, looked, learns=False),
        )
        counted.take_back = lambda: self._trays.withdraw(doubt)
        self._trays.doubt(doubt)

    def _change(self, counted: _Counted, looked: SeenThing, *, learns: bool) -> None:
        seen = looked.product
        if seen.product_id is None:
            return
        undo = self._confirmations.confirm(looked, seen.product_id, counted.session_id, learns=learns)
        self._change_piece(counted.piece, counted.product.id, seen.product_id, looked, undo)

    def _answer(self, notice_id: UUID, answer: WrongItemAnswer) -> None:
        wrong_items = self._around.services.wrong_items
        self._around.tasks.run(
            Lane.DATABASE, lambda: wrong_items.answer(notice_id, answer), _ignore, _not_logged
        )


def _is_coded(thing: SeenThing) -> bool:
    """A place with two codes has no picture of its own: it may be two things."""
    return thing.product.source is DetectionSource.BARCODE and thing.crop is not None


def _thing_of(counted: _Counted, scene: _Scene) -> SeenThing | None:
    return next((thing for thing in scene.things if thing.product.product_id == counted.product.id), None)


def _compared(
    services: KioskServices, counted: _Counted, thing: SeenThing, image: Image, finder: ItemFinder
) -> _Compared:
    box = thing.product.box
    if box is None:
        return _Compared(None)
    code = SeenCode(Sighting(thing.product.matched_from, "", box), counted.product)
    looked = services.detection.recognise_coded(image, code, finder=finder)
    wrong = None if looked is None else _wrong_item(counted.product.id, looked)
    if wrong is None or not services.shop_settings.read().asks_about_wrong_items:
        return _Compared(looked)
    return _Compared(looked, services.wrong_items.notice(wrong, counted.session_id))


def _wrong_item(coded_id: UUID, looked: SeenThing) -> WrongItem | None:
    """Only what is sure, and one thing, speaks against a code."""
    seen = looked.product
    is_sure = seen.decision is Decision.MATCHED and not seen.is_touching
    if not is_sure or seen.product_id is None or seen.product_id == coded_id:
        return None
    return WrongItem(coded_id, seen.product_id, seen.confidence)


def _ignore(result: object) -> None:
    del result  # it is done, and nobody waits for it


def _not_logged(error: KioskError) -> None:
    _LOG.warning("the answer about a code was not logged: %s", error)
