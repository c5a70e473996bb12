"""A counter drawn as boxes: packs, hands, bags, light; what a camera could see of it."""

from __future__ import annotations

from collections import Counter as Tally
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from random import Random
from uuid import NAMESPACE_OID, UUID, uuid5

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.looks import ReadCode, Thing

WIDTH, HEIGHT = 1280, 720
PLACES = [(x, y) for x in (160, 400, 640, 880, 1120) for y in (150, 360, 570)]
DARK, DIM = 0.3, 0.6
PICTURE = Box(0, 0, WIDTH, HEIGHT)


class Kind(StrEnum):
    """How a pack can be known: by a code, by its looks, by its looks but not surely, not at all."""

    CODED = "coded"
    TAUGHT = "taught"
    UNSURE = "unsure"
    UNKNOWN = "unknown"


@dataclass(eq=False)
class Pack:
    """A physical pack. `charges`: how often each session charged it. `owner`: whose it is."""

    name: str
    sku: str
    kind: Kind
    x: float
    y: float
    owner: int
    is_known_code: bool = True
    is_pale: bool = False
    is_wanted: bool = True
    is_reported: bool = False
    lay_as_another: bool = False
    charges: Tally[int] = field(default_factory=Tally)
    asked: int = 0
    width: int = 150
    height: int = 110

    @property
    def product(self) -> UUID:
        return product_of(self.sku)

    @property
    def box(self) -> Box:
        return Box(round(self.x - self.width / 2), round(self.y - self.height / 2), self.width, self.height)

    @property
    def code(self) -> Box:
        return Box(round(self.x - 10), round(self.y - 40), 70, 40)


class DrawnCounter:
    """What lies and moves before the camera; later packs and all hands and bags lie above earlier packs."""

    def __init__(self, random: Random) -> None:
        self.random = random
        self.packs: dict[str, Pack] = {}
        self.hands: list[Box] = []
        self.bags: list[Box] = []
        self.light, self.shake, self.is_lost, self.readable = 1.0, 0.0, False, 1.0

    @property
    def state(self) -> object:
        """Everything that makes two pictures differ, for the gate."""
        shapes = tuple((pack.name, round(pack.x), round(pack.y)) for pack in self.packs.values())
        return shapes, tuple(self.hands), tuple(self.bags), self.light

    def above(self, pack: Pack) -> list[Box]:
        order = list(self.packs.values())
        upper = order[order.index(pack) + 1 :] if pack in order else []
        return [*self.hands, *self.bags, *(other.box for other in upper)]

    def hides(self, part: Box, pack: Pack, share: float = 0.1) -> bool:
        return any(cover.common_area(part) > share * part.area for cover in self.above(pack))

    def lies_open(self, pack: Pack) -> bool:
        """Whether all of it is in the picture with nothing over it."""
        return pack.box.common_area(PICTURE) == pack.box.area and not self.hides(pack.box, pack, 0.0)

    def codes(self, offset: tuple[float, float]) -> tuple[ReadCode, ...]:
        chance = self.readable * (0.4 if self.light < DIM else 1.0) * (0.0 if self.light < DARK else 1.0)
        return tuple(
            self._read(pack, offset)
            for pack in self.packs.values()
            if pack.kind is Kind.CODED
            and pack.code.common_area(PICTURE) == pack.code.area
            and self.random.random() < chance
            and not self.hides(pack.code, pack)
        )

    def _read(self, pack: Pack, offset: tuple[float, float]) -> ReadCode:
        across, down = (round(self.random.uniform(-2, 2) + shift) for shift in offset)
        box = pack.code._replace(x=pack.code.x + across, y=pack.code.y + down)
        return ReadCode("code-" + pack.sku, box, pack.product if pack.is_known_code else None)

    def covered(self) -> tuple[Box, ...]:
        """Connected boxes, cut at the rim: what the finder's mask would show."""
        shown = [pack.box for pack in self.packs.values() if not pack.is_pale]
        blobs: list[Box] = []
        for rect in (cut(box) for box in (*shown, *self.hands, *self.bags)):
            if rect is not None:
                blobs = _joined(blobs, rect)
        return tuple(self._noisy(blob) for blob in blobs)

    def _noisy(self, blob: Box) -> Box:
        noise = [self.random.choice((-1, 0, 0, 1)) for _ in range(3)]
        return Box(blob.x + noise[0], blob.y + noise[1], blob.width + noise[2], blob.height)

    def things(self, covered: tuple[Box, ...]) -> tuple[Thing, ...]:
        return tuple(self._thing(blob) for blob in covered)

    def _thing(self, blob: Box) -> Thing:
        inside = [pack for pack in self.packs.values() if blob.holds(pack.box) and not pack.is_pale]
        if len(inside) != 1 or blob.area >= 1.2 * inside[0].box.area:
            return Thing(blob)
        looks = {
            Kind.TAUGHT: (inside[0].product,),
            Kind.UNSURE: (inside[0].product, product_of("other")),
        }
        is_taught = inside[0].kind is Kind.TAUGHT
        return Thing(blob, looks.get(inside[0].kind, ()), is_sure=is_taught, may_add=is_taught)


@cache
def product_of(sku: str) -> UUID:
    return uuid5(NAMESPACE_OID, sku)


def arm(x: float, y: float, edge: float, over: float = 80) -> Box:
    """From the edge of the picture to the middle of what it holds; `over`: pixels it covers of that."""
    top, bottom = (y - over / 2, HEIGHT + 100) if edge > 0 else (-100, y + over / 2)
    return Box(round(x - 55), round(top), 110, round(bottom - top))


def edge_near(y: float) -> float:
    """Where a hand comes from that reaches this height."""
    return HEIGHT + 80 if y > HEIGHT / 3 else -80


def cut(box: Box) -> Box | None:
    left, top = max(box.x, 0), max(box.y, 0)
    right, bottom = min(box.x + box.width, WIDTH), min(box.y + box.height, HEIGHT)
    return Box(left, top, right - left, bottom - top) if right > left + 2 and bottom > top + 2 else None


def _joined(blobs: list[Box], rect: Box) -> list[Box]:
    """Return the blobs with one more, joined with whatever it touches."""
    while touching := [blob for blob in blobs if blob.common_area(rect) > 0]:
        blobs = [blob for blob in blobs if blob not in touching]
        for blob in touching:
            left, top = min(rect.x, blob.x), min(rect.y, blob.y)
            right = max(rect.x + rect.width, blob.x + blob.width)
            bottom = max(rect.y + rect.height, blob.y + blob.height)
            rect = Box(left, top, right - left, bottom - top)
    return [*blobs, rect]
