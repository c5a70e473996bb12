"""The hands at the counter: they bring, take, push and cover goods, in about the time that a person needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Final, NamedTuple

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.vision.counter.stage import Edge, Hand, Stage

Motion = Callable[[float], None]
"""Poses everything for a part of the movement, 0..1."""
Perform = Callable[[float, Motion], None]
"""Lets so many seconds pass and poses the stage before every picture meanwhile, and at the end."""

_REACH_S: Final = 0.24
_CARRY_S: Final = 0.36
_PUSH_S: Final = 0.32
_EXCHANGE_S: Final = 0.4
_OVER_S: Final = 0.2
_SWAY: Final = 25
_SWAYS_A_SECOND: Final = 4
_BAG_RIM: Final = 30
_OUTSIDE: Final = 200
_PALM: Final = 10
"""How far beside a piece the palm is that holds it; the fingers lie on it."""


class _Way(NamedTuple):
    """The middle of a piece where it lies, where it leaves the picture, and where a hand holds it."""

    x: float
    y: float
    away: float
    grip: float
    is_below: bool

    def hand(self, part: float) -> Hand:
        """A hand on its way in, 0 outside the picture and 1 at the piece."""
        return Hand(self.x, self.away + (self.y + self.grip - self.away) * part, _edge(self))

    def holding(self, part: float) -> Hand:
        """A hand that carries a piece on its way in."""
        return Hand(self.x, self.height(part) + self.grip, _edge(self))

    def height(self, part: float) -> float:
        """Where a piece is on its way in."""
        return self.away + (self.y - self.away) * part


class Hands:
    """Acts on a stage of `size`; everything goes in or out by the nearer long side."""

    def __init__(self, stage: Stage, size: tuple[int, int], perform: Perform) -> None:
        self._stage = stage
        self._size = size
        self._perform = perform

    def put(self, name: str, sku: str, at: tuple[float, float] | None, turn: float) -> None:
        """Carry a piece in; without a place a free one is taken."""
        stage = self._stage
        x, y = at if at is not None else stage.free_place(sku, turn)
        stage.put(name, sku, x, y, turn)
        way = self._way(name)
        self._perform(_CARRY_S, lambda part: self._carry(name, way, part))
        self._withdraw(way)

    def take(self, name: str) -> None:
        """Reach for a piece and carry it out."""
        way = self._way(name)
        self._reach(way)
        self._perform(_CARRY_S, lambda part: self._carry(name, way, 1 - part))
        self._stage.take(name)
        self._stage.hands = ()

    def move(self, name: str, by: tuple[float, float]) -> None:
        """Push a piece in one go, by so many pixels."""
        x, y = self._stage.middle_of(name)
        self._reach(self._way(name))

        def push(part: float) -> None:
            self._stage.move_to(name, x + by[0] * part, y + by[1] * part)
            self._stage.hands = (self._way(name).hand(1),)

        self._perform(_PUSH_S, push)
        self._withdraw(self._way(name))

    def swap(self, name: str, sku: str, new: str, turn: float) -> None:
        """One hand takes a piece while the other brings another: there is always a hand in the picture."""
        stage, old = self._stage, self._way(name)
        self._reach(old)
        is_brought = False
        way = old

        def exchange(part: float) -> None:
            nonlocal is_brought, way
            if not is_brought:
                is_brought = True
                stage.put(new, sku, old.x, old.y, turn)
                way = self._way(new)
            stage.move_to(name, old.x, old.height(1 - min(1.0, part * 1.3)))
            stage.move_to(new, old.x, way.height(part))
            stage.hands = (old.holding(1 - min(1.0, part * 1.3)), way.holding(part))

        self._perform(_EXCHANGE_S, exchange)
        stage.take(name)
        self._withdraw(way)

    def cover(self, names: Sequence[str], by: str, seconds: float) -> None:
        """Hold something over these pieces."""
        if by == "bag":
            self._put_bags(names, seconds)
            return
        ways = [self._way(name) for name in names]
        sway = _SWAY if by == "moving hand" else 0

        def hold(part: float) -> None:
            step = int(part * seconds * _SWAYS_A_SECOND) % 3 - 1
            self._stage.hands = [Hand(way.x + sway * step, way.y, _edge(way)) for way in ways]

        self._perform(_OVER_S, lambda part: self._hover(ways, part))
        self._perform(seconds, hold)
        self._perform(_OVER_S, lambda part: self._hover(ways, 1 - part))
        self._stage.hands = ()

    def _hover(self, ways: Sequence[_Way], part: float) -> None:
        self._stage.hands = [Hand(way.x, way.height(part), _edge(way)) for way in ways]

    def _put_bags(self, names: Sequence[str], seconds: float) -> None:
        boxes = [_around(self._stage.box_of(name)) for name in names]
        ways = [self._way(name) for name in names]

        def carry(part: float) -> None:
            self._stage.bags = [
                box._replace(y=round(box.y + way.height(part) - way.y))
                for box, way in zip(boxes, ways, strict=True)
            ]

        self._perform(_CARRY_S, carry)
        self._perform(seconds, lambda _: carry(1))
        self._perform(_CARRY_S, lambda part: carry(1 - part))
        self._stage.bags = ()

    def _carry(self, name: str, way: _Way, part: float) -> None:
        self._stage.move_to(name, way.x, way.height(part))
        self._stage.hands = (way.holding(part),)

    def _reach(self, way: _Way) -> None:
        self._perform(_REACH_S, lambda part: self._show(way.hand(part)))

    def _withdraw(self, way: _Way) -> None:
        self._perform(_REACH_S, lambda part: self._show(way.hand(1 - part)))
        self._stage.hands = ()

    def _show(self, hand: Hand) -> None:
        self._stage.hands = (hand,)

    def _way(self, name: str) -> _Way:
        box, (x, y) = self._stage.box_of(name), self._stage.middle_of(name)
        is_below = y > self._size[1] / 3
        outside = box.height / 2 + _OUTSIDE
        away = self._size[1] + outside if is_below else -outside
        grip = box.height / 2 + _PALM
        return _Way(x, y, away, grip if is_below else -grip, is_below)


def _edge(way: _Way) -> Edge:
    return "bottom" if way.is_below else "top"


def _around(box: Box) -> Box:
    return Box(box.x - _BAG_RIM, box.y - _BAG_RIM, box.width + 2 * _BAG_RIM, box.height + 2 * _BAG_RIM)
