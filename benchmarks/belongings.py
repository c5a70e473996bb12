"""How often a person's belongings keep Pay from going on, and whether goods that nobody knows always do.

`python -m benchmarks.belongings [BASKETS]`: that many made baskets a kind (40 without). Packs with codes are
put down by drawn hands before the real gate, finder and reader, in virtual time; once in each basket a hand
rests there, or a bag, a telephone, a purse or keys are laid down and taken up again, or still lie there when
Pay is tapped. Nobody answers a question. Nothing of it is a camera's picture of a real counter.
"""

from __future__ import annotations

import sys
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from uuid import UUID, uuid5

from rich.console import Console
from rich.table import Table

from benchmarks.drawn_belongings import KINDS, PLAIN_GOODS, VARIETIES, draw_all
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.detection import Box, Sighting
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.intents import AddPiece, Intent
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode, Scene, Thing
from visionscan_kiosk.domain.recognition.piece import Piece, PieceState, Spot
from visionscan_kiosk.rehearsal.hands import Hands, Motion
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SceneKind, SeenItem
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.counter import load_packs
from visionscan_kiosk.vision.counter.packs import PackPicture
from visionscan_kiosk.vision.counter.stage import Hand, Stage
from visionscan_kiosk.vision.items import CounterItemFinder, StillSceneGate

SIZE = (1280, 720)
FPS = 10
STILLS_S = 0.2
DECIDE_WITHIN_S = 3.0
"""So long the till waits after Pay for what is undecided."""
HAND_KINDS = ("still hand", "moving hand")
GOODS, PLAIN = "goods nobody knows", "goods without print"
_GOODS = "goods"
NONE = "nothing (control)"
ROWS = (NONE, *HAND_KINDS, *KINDS, GOODS, PLAIN)
_BAGS = ("handbag", "carrier bag")
_SHOP = UUID(int=9)
_GAP, _RIM, _TRIES = 16, 12, 60
_NOISES, _KEPT = 4, 12


def without_code(packs: Mapping[str, PackPicture], table: Path) -> list[str]:
    """Return the SKUs of the sample shop that carry no code."""
    bare = {line.split(",")[0] for line in table.read_text("utf-8").splitlines()[1:] if line.endswith(",")}
    return sorted(sku for sku in packs if sku in bare)


@dataclass
class Result:
    """What became of one basket."""

    is_kept_needlessly: bool
    is_kept_for_goods: bool
    goods: int
    lost: int


class Eyes:
    """What the till's eyes report of the stage, picture by picture."""

    def __init__(self, stage: Stage, reader: BarcodeReader) -> None:
        self._stage, self._reader = stage, reader
        self._gate, self._finder = StillSceneGate(), CounterItemFinder()
        self._frames: OrderedDict[object, Image] = OrderedDict()
        self._reports: dict[int, tuple[tuple[ReadCode, ...], tuple[Box, ...] | None]] = {}
        self._kind, self._still, self._number = SceneKind.MOVING, None, 0
        self._still_at = 0.0
        empty = stage.render(0)
        self._gate.learn_empty_counter(empty)
        self._finder.learn_empty_counter(empty)

    def look(self, now: float) -> list[Look]:
        """Take one picture; return what is reported of it, and of what has come to rest."""
        image = self._picture()
        state = self._gate.feed(image, now)
        before, self._kind = self._kind, state.kind
        has_moved = state.kind is SceneKind.MOVING or state.is_new_still
        codes, covered = self._reports[id(image)]
        looks = [Look(now, Scene(state.kind.value), has_moved, codes, covered)]
        if state.kind is not SceneKind.STILL:
            self._still = None
        elif state.is_new_still or before is not SceneKind.STILL:
            self._still, self._still_at = image, now
        elif self._still is not None and now >= self._still_at + 2 * STILLS_S:
            things = _things(self._finder.find(self._still))
            looks.append(Look(self._still_at, Scene.STILL, covered=covered, things=things))
            self._still = None
        return looks

    def _picture(self) -> Image:
        """Return the newest picture; one of a scene that stays the same is looked at once."""
        stage = self._stage
        self._number = (self._number + 1) % _NOISES
        places = tuple((name, stage.middle_of(name)) for name in stage.names)
        key = places, tuple(stage.hands), self._number
        image = self._frames.pop(key, None)
        if image is None:
            image = stage.render(self._number)
            codes = tuple(_read_code(seen) for seen in self._reader.read_quickly(image))
            self._reports[id(image)] = codes, self._finder.covered(image)
        self._frames[key] = image
        while len(self._frames) > _KEPT:
            _, old = self._frames.popitem(last=False)
            del self._reports[id(old)]
        return image


def _things(items: Sequence[SeenItem]) -> tuple[Thing, ...]:
    return tuple(Thing(item.box, (), is_belonging=item.is_belonging) for item in items)


def _read_code(seen: Sighting) -> ReadCode:
    return ReadCode(seen.text, seen.box, uuid5(_SHOP, seen.text))


@dataclass
class Basket:
    """One customer: the counter is told what the eyes see, its lines are written at once."""

    stage: Stage
    eyes: Eyes
    random: Random
    counter: Counter = field(default_factory=lambda: Counter(*SIZE))
    now: float = 0.0
    charged: list[str] = field(default_factory=list)
    truths: dict[int, str] = field(default_factory=dict)
    coded: set[str] = field(default_factory=set)

    def start(self) -> None:
        """Let the empty counter be seen."""
        self.counter.opened(0.0)
        self.wait(1.0)

    @property
    def hands(self) -> Hands:
        """The hands at the counter."""
        return Hands(self.stage, SIZE, self.perform)

    def perform(self, seconds: float, motion: Motion) -> None:
        """Let time pass while something moves."""
        frames = max(1, round(seconds * FPS))
        for frame in range(1, frames + 1):
            motion(frame / frames)
            self._see()

    def wait(self, seconds: float) -> None:
        """Let time pass."""
        self.perform(seconds, lambda _: None)

    def _see(self) -> None:
        self.now += 1 / FPS
        for look in self.eyes.look(self.now):
            intents = self.counter.look(look)
            self._note_truths()
            self._follow(intents)

    def _follow(self, intents: Sequence[Intent]) -> None:
        for intent in intents:
            if isinstance(intent, AddPiece):
                self.charged.append(self.truths.get(intent.piece, ""))
                self._follow(self.counter.added(intent.operation_id))

    def _note_truths(self) -> None:
        """Remember what really lies where a piece was just seen; whatever is no goods is a belonging."""
        boxes = {name: self.stage.box_of(name) for name in self.stage.names}
        for piece in self.counter.pieces:
            if piece.seen_at < self.now - STILLS_S or piece.spot is not Spot.SURE:
                continue
            if piece.code is not None:
                near = {name: box.apart(piece.code) for name, box in boxes.items() if name in self.coded}
                self.truths[piece.id] = min(near, key=near.__getitem__, default="")
            else:
                fits = {name: box.overlap(piece.place) for name, box in boxes.items()}
                best = max(fits, key=fits.__getitem__, default="")
                self.truths[piece.id] = best if best and fits[best] > 0.5 else "hand"

    def is_due(self, piece: Piece) -> bool:
        """Whether a question is about goods that were not charged, and not about anything else."""
        truth = self.truths.get(piece.id, "")
        return truth.startswith(_GOODS) and truth not in self.charged

    def pay(self) -> tuple[Piece, ...]:
        """Tap Pay; return the questions that keep it."""
        for _ in range(round(DECIDE_WITHIN_S * FPS)):
            if self.counter.questions or not self.counter.unsettled:
                break
            self._see()
        else:
            self._follow(self.counter.decide_now())
        return tuple(piece for piece in self.counter.unsettled if piece.state is PieceState.ASKED)


class Play:
    """Plays baskets of one kind."""

    def __init__(self) -> None:
        shop = load_packs(bundled("resources/sample_shop/packs"))
        self._bare = without_code(shop, bundled("resources/sample_shop/products.csv"))
        self._coded = sorted(set(shop) - set(self._bare))
        plain = draw_all(PLAIN_GOODS)
        self._plain = sorted(plain)
        self._packs = {**shop, **draw_all(KINDS), **plain}
        self._reader = BarcodeReader()

    def basket(self, kind: str, seed: int) -> Result:
        """Return what became of a basket in which this kind of thing lay about."""
        random = Random(f"{kind}/{seed}")
        stage = Stage(self._packs, size=SIZE, seed=seed % 5 + 1)
        basket = Basket(stage, Eyes(stage, self._reader), random)
        basket.start()
        count = random.randint(1, 5)
        at = random.randint(0, count)
        self._is_taken, self._put_down = True, set[str]()
        for number in range(count + 1):
            if number == at:
                self._lay_down(basket, kind)
            if number < count:
                self._put(basket, f"goods {number}", random.choice(self._coded))
        if not self._is_taken and random.random() < 0.6:
            self._take_up(basket)
        basket.wait(random.uniform(1.0, 4.0))
        return self._result(basket)

    def _result(self, basket: Basket) -> Result:
        kept = basket.pay()
        due = [piece for piece in kept if basket.is_due(piece)]
        goods = {name for name in self._put_down if name not in basket.charged}
        lost = goods - {basket.truths[piece.id] for piece in due}
        return Result(len(due) < len(kept), bool(due), len(self._put_down), len(lost))

    def _put(self, basket: Basket, name: str, sku: str, turn: float | None = None) -> None:
        random = basket.random
        turn = random.uniform(-12, 12) if turn is None else turn
        place = _free_place(basket, sku, turn)
        if place is not None:
            self._put_down.add(name)
            if sku in self._coded:
                basket.coded.add(name)
            basket.hands.put(name, sku, place, turn)
        basket.wait(random.uniform(1.0, 3.0))

    def _lay_down(self, basket: Basket, kind: str) -> None:
        random = basket.random
        if kind in HAND_KINDS:
            _rest_a_hand(basket, sways=kind == "moving hand")
        elif kind in (GOODS, PLAIN):
            skus = self._bare if kind == GOODS else self._plain
            self._put(basket, "goods without code", random.choice(skus), random.uniform(0, 360))
        elif kind != NONE:
            self._lay_belonging(basket, kind)

    def _lay_belonging(self, basket: Basket, kind: str) -> None:
        random, sku = basket.random, f"{kind}/{basket.random.randrange(VARIETIES)}"
        turn = random.choice([random.gauss(0, 15), random.gauss(90, 15), random.uniform(0, 360)])
        place = _bag_place(basket) if kind in _BAGS else _free_place(basket, sku, turn)
        if place is None:
            place = _bag_place(basket)
        basket.hands.put("belonging", sku, place, turn)
        self._is_taken = False
        basket.wait(random.uniform(2, 10))
        if random.random() < 0.4:
            self._take_up(basket)

    def _take_up(self, basket: Basket) -> None:
        basket.hands.take("belonging")
        self._is_taken = True
        basket.wait(basket.random.uniform(0.5, 2))


def _free_place(basket: Basket, sku: str, turn: float) -> tuple[float, float] | None:
    """Return a place where nothing is touched, None when the counter is full."""
    stage, random = basket.stage, basket.random
    taken = [stage.box_of(name) for name in stage.names]
    for _ in range(_TRIES):
        at = random.uniform(80, SIZE[0] - 80), random.uniform(80, SIZE[1] - 80)
        stage.put("try", sku, *at, turn)
        box = stage.box_of("try")
        stage.take("try")
        room = Box(box.x - _GAP, box.y - _GAP, box.width + 2 * _GAP, box.height + 2 * _GAP)
        is_inside = box.x > _RIM and box.y > _RIM
        is_inside = is_inside and box.x + box.width < SIZE[0] - _RIM and box.y + box.height < SIZE[1] - _RIM
        if is_inside and not any(room.common_area(other) for other in taken):
            return at
    return None


def _bag_place(basket: Basket) -> tuple[float, float]:
    """Return a place for a bag: over goods, anywhere, or half outside of the picture."""
    random, goods = basket.random, [name for name in basket.stage.names if name.startswith(_GOODS)]
    way = random.choice(["over", "anywhere", "rim"])
    if way == "over" and goods:
        return basket.stage.middle_of(random.choice(goods))
    if way == "rim":
        return random.choice([(random.uniform(0, SIZE[0]), 690.0), (20.0, 400.0), (1260.0, 400.0)])
    return random.uniform(300, SIZE[0] - 300), random.uniform(200, SIZE[1] - 200)


def _rest_a_hand(basket: Basket, *, sways: bool) -> None:
    """Let a hand rest over, beside or in front of goods, for some time."""
    random, stage = basket.random, basket.stage
    x, y = random.uniform(100, SIZE[0] - 100), random.uniform(150, SIZE[1] - 50)
    if stage.names and random.random() < 0.7:
        over_x, over_y = stage.middle_of(random.choice(stage.names))
        x, y = over_x + random.choice([0, -150, 150]), over_y + random.choice([0, 120])
    away, seconds = SIZE[1] + 200.0, random.uniform(0.5, 4)

    def reach(part: float) -> None:
        stage.hands = (Hand(x, away + (y - away) * part, "bottom"),)

    def rest(part: float) -> None:
        sway = 25 * (int(part * seconds * 4) % 3 - 1) if sways else 0
        stage.hands = (Hand(x + sway, y, "bottom"),)

    basket.perform(0.3, reach)
    basket.perform(seconds, rest)
    if random.random() < 0.15 and not sways:
        return  # it rests there while Pay is tapped
    basket.perform(0.3, lambda part: reach(1 - part))
    stage.hands = ()
    basket.wait(0.5)


def _table(results: Mapping[str, Sequence[Result]]) -> Table:
    table = Table(title=f"baskets of 1 to 5 packs at {FPS} pictures a second; nobody answers")
    columns = ("", "baskets", "Pay kept needlessly", "Pay kept for goods", "neither charged nor asked")
    for name in columns:
        table.add_column(name, justify="left" if not name else "right")
    for kind, rows in results.items():
        table.add_row(
            kind,
            str(len(rows)),
            str(sum(row.is_kept_needlessly for row in rows)),
            str(sum(row.is_kept_for_goods for row in rows)),
            f"{sum(row.lost for row in rows)} of {sum(row.goods for row in rows)}",
        )
    return table


def main() -> None:
    """Play all kinds and print what became of them."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 40
    kinds = sys.argv[2].split("|") if len(sys.argv) > 2 else ROWS
    play = Play()
    Console(width=120).print(
        _table({kind: [play.basket(kind, seed) for seed in range(count)] for kind in kinds})
    )


if __name__ == "__main__":
    main()
