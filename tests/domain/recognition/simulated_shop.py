"""Plays scripts of hands, packs, bags and light before a till, in virtual time.

The person in it tells the truth, so at the end of each session every pack must have been charged exactly once
in the session in which it was put down, and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from tests.domain.recognition.drawn_counter import (
    DARK,
    HEIGHT,
    PLACES,
    WIDTH,
    DrawnCounter,
    Kind,
    Pack,
    arm,
    edge_near,
    product_of,
)
from tests.domain.recognition.eyes import Eyes
from tests.domain.recognition.simulated_till import SimulatedTill
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.piece import Outline, Page, PieceState

AT_REST_S = 2.0  # after this long without a change every outline has to be true


class SimulatedShop:
    """`fps`: pictures a second; `readable`: the share of pictures in which a code can be read."""

    def __init__(
        self,
        fps: float = 30,
        seed: int = 1,
        *,
        readable: float = 1.0,
        masks: str = "every",
        knows_counter: bool = True,
        db_s: float = 0.05,
        patience_s: float = 0.8,
        answers: bool = True,
    ) -> None:
        self.fps, self.random = fps, Random(seed)
        self.drawn = DrawnCounter(self.random)
        self.drawn.readable = readable
        self.eyes = Eyes(self.drawn, masks=masks, knows_counter=knows_counter)
        self.till = SimulatedTill(self.drawn, db_s=db_s, patience_s=patience_s, answers=answers)
        self.now = self.next_frame = 0.0
        self.till.do(self.counter.opened(0.0))
        self.wait(1.0)

    @property
    def counter(self) -> Counter:
        return self.till.counter

    @property
    def packs(self) -> dict[str, Pack]:
        return self.drawn.packs

    @property
    def faults(self) -> list[str]:
        return self.till.faults

    @property
    def basket(self) -> dict[str, int]:
        """What the basket holds, by the names of the script."""
        names = {product_of(sku): sku for sku in ("A", "B", "C", "X", "other")}
        return {names[product]: count for product, count in self.till.basket.items() if count}

    def outlined(self, name: str) -> str:
        """How the pack with this name is outlined."""
        box = self.packs[name].box
        kinds = [outline.kind.value for outline in self.counter.outlines if outline.box.common_area(box) > 0]
        return kinds[0] if kinds else "none"

    def outline_of(self, name: str) -> Outline | None:
        box = self.packs[name].box
        return next((o for o in self.counter.outlines if o.box.common_area(box) > 0), None)

    # ---- hands and packs -----------------------------------------------------------------------

    def put(
        self,
        sku: str,
        name: str,
        at: tuple[float, float] | None = None,
        kind: Kind = Kind.CODED,
        s: float = 0.6,
        *,
        known: bool = True,
        pale: bool = False,
    ) -> Pack:
        x, y = at or self.free_place()
        edge = edge_near(y)
        pack = Pack(name, sku, kind, x, edge, self.till.session, is_known_code=known, is_pale=pale)
        self.packs[name] = pack
        over = 80 if self.random.random() < 0.5 else 20

        def carry(part: float) -> None:
            pack.y = edge + (y - edge) * part
            self.drawn.hands = [arm(x, pack.y, edge, over=over)]

        self.motion(s * 0.6, carry)
        self.withdraw(x, y, edge, s * 0.4)
        return pack

    def take(self, name: str, s: float = 0.6, *, hand_stays: float = 0.0) -> None:
        pack = self.packs[name]
        x, y, edge = pack.x, pack.y, edge_near(pack.y)
        self.reach(x, y, edge, s * 0.4)

        def carry(part: float) -> None:
            pack.y = y + (edge - y) * part
            self.drawn.hands = [arm(x, pack.y, edge)]

        self.motion(s * 0.4, carry)
        del self.packs[name]
        self.till.removed.append(pack)
        self.drawn.hands = [arm(x, edge - 60 * (1 if edge > 0 else -1), edge)]
        self.wait(hand_stays + s * 0.2)
        self.drawn.hands = []

    def move(self, name: str, by: tuple[float, float], s: float = 0.8) -> None:
        pack = self.packs[name]
        x, y, edge = pack.x, pack.y, edge_near(pack.y)
        self.reach(x, y, edge, s * 0.3)

        def push(part: float) -> None:
            pack.x, pack.y = x + by[0] * part, y + by[1] * part
            self.drawn.hands = [arm(pack.x, pack.y, edge)]

        self.motion(s * 0.4, push)
        self.withdraw(pack.x, pack.y, edge, s * 0.3)

    def swap(
        self, name: str, sku: str, new: str, shift: tuple[float, float] = (0, 0), s: float = 0.8
    ) -> Pack:
        """One hand takes it while the other puts another in its place: always a hand in the picture."""
        old = self.packs[name]
        x, y, edge = old.x, old.y, edge_near(old.y)
        pack = Pack(new, sku, Kind.CODED, x + shift[0], edge, self.till.session)

        def exchange(part: float) -> None:
            if part > 0.3:
                self.packs[new] = pack
            old.y = y + (edge - y) * min(1, part * 1.4)
            pack.y = edge + (y + shift[1] - edge) * part
            self.drawn.hands = [arm(x, old.y, edge), arm(pack.x, pack.y, edge)]

        self.reach(x, y, edge, s * 0.3)
        self.motion(s * 0.5, exchange)
        del self.packs[name]
        self.till.removed.append(old)
        self.withdraw(pack.x, pack.y, edge, s * 0.3)
        return pack

    def cover(self, name: str, by: str, s: float) -> None:
        """A "bag", a "still hand" or a "moving hand" over a pack for this long."""
        x, y = self.packs[name].x, self.packs[name].y
        edge = edge_near(y)
        if by == "bag":
            self._bag(Box(round(x - 130), round(y - 110), 260, 220), s)
            return
        self.reach(x, y, edge, 0.2)
        if by == "still hand":
            self.wait(s)
        else:
            self.motion(s, lambda part: self._hand(arm(x + 25 * (int(part * s * 8) % 3 - 1), y, edge)))
        self.withdraw(x, y, edge, 0.2)

    def _bag(self, bag: Box, s: float) -> None:
        def at(part: float) -> None:
            self.drawn.bags = [bag._replace(y=round(bag.y + 30 * part))]

        self.motion(0.2, lambda part: at(1 - part))
        self.wait(s)
        self.motion(0.2, at)
        self.drawn.bags = []

    def _hand(self, box: Box) -> None:
        self.drawn.hands = [box]

    def reach(self, x: float, y: float, edge: float, s: float) -> None:
        self.motion(s, lambda part: self._hand(arm(x, edge + (y - edge) * part, edge)))

    def withdraw(self, x: float, y: float, edge: float, s: float) -> None:
        self.motion(s, lambda part: self._hand(arm(x, y + (edge - y) * part, edge)))
        self.drawn.hands = []

    def free_place(self) -> tuple[float, float]:
        packs = self.packs.values()
        free = [(x, y) for x, y in PLACES if all(abs(p.x - x) > 170 or abs(p.y - y) > 130 for p in packs)]
        x, y = self.random.choice(free or PLACES)
        return x + self.random.uniform(-8, 8), y + self.random.uniform(-8, 8)

    # ---- light and picture ---------------------------------------------------------------------

    def lights(self, level: float, s: float) -> None:
        self.drawn.light = level
        self.wait(s)
        self.drawn.light = 1.0

    def trembles(self, pixels: float, s: float) -> None:
        self.drawn.shake = pixels
        self.wait(s)
        self.drawn.shake = 0.0

    def picture_lost(self, s: float) -> None:
        self.drawn.is_lost = True
        self.wait(s)
        self.drawn.is_lost = False

    # ---- the till ------------------------------------------------------------------------------

    def undo(self, name: str) -> None:
        """The line of this pack is undone by its tap, if it has one."""
        till, pack = self.till, self.packs.get(name)
        mine = [p for p in self.counter.pieces if pack is not None and till.subject.get(p.id) is pack]
        piece = next((p for p in mine if p.state is PieceState.IN_BASKET), None)
        if pack is None or piece is None or till.page is not Page.SELLING or not pack.charges[till.session]:
            return
        till.basket[pack.product] -= 1
        pack.charges[till.session] -= 1
        pack.is_wanted = False
        till.do(self.counter.undone(piece.id))

    def scan(self, name: str) -> None:
        """The hand scanner reads a pack that lies there, or that is put down next."""
        self.till.enter(product_of(self.packs[name].sku), self.packs[name])

    def enter(self, sku: str) -> None:
        """A person adds a unit by hand, and the database takes it at once."""
        self.till.basket[product_of(sku)] += 1
        self.till.do(self.counter.basket_is(self.till.basket, by_person=True))

    def elsewhere(self, sku: str, quantity: int) -> None:
        self.till.basket[product_of(sku)] = quantity
        self.till.do(self.counter.basket_is(self.till.basket, by_person=False))

    def open_page(self, page: Page) -> None:
        self.till.page = page
        self.till.do(self.counter.page(page))

    def pay(self) -> None:
        self.finish()
        self.open_page(Page.WAITS)
        self.wait(1.0)
        self.till.check()
        self.till.sold.append(dict(+self.till.basket))
        self._ended(sold=True)

    def next_customer(self) -> None:
        self.open_page(Page.SELLING)
        self.till.do(self.counter.opened(self.now))

    def end(self) -> None:
        self.finish()
        self.till.check()
        self._ended(sold=False)
        self.till.do(self.counter.opened(self.now))

    def _ended(self, *, sold: bool) -> None:
        self.counter.ended(sold=sold)
        self.till.session += 1
        self.till.basket.clear()

    def restart(self, *, remembers: bool = True) -> None:
        """The program starts anew with the goods lying there; what it followed is kept or lost."""
        self.drain()
        if not remembers:
            self.till.kinds.add("restart")
            self._let_answer()
        memory = self.counter.memory(self.now) if remembers else None
        kept = self.counter.pieces if remembers else []
        self.till.counter = Counter(WIDTH, HEIGHT, self.till._new_id)
        self.till.asked_at.clear()
        self.eyes.restart()
        self.till.page = Page.SELLING
        intents = self.counter.opened(self.now, self.till.basket, memory)
        subject = self.till.subject
        new = self.counter.pieces
        self.till.subject = {piece.id: subject.get(old.id) for piece, old in zip(new, kept, strict=False)}
        self.till.do(intents)
        self.wait(0.5)

    def _let_answer(self) -> None:
        for _ in range(20):
            if self.counter.questions and self.till.page is Page.SELLING:
                self.wait(0.5)
        self.drain()

    def drain(self) -> None:
        self.till.is_away = False
        for _ in range(200):
            if self.till.waiting:
                self.wait(0.1)

    def finish(self) -> None:
        """Before money: the person lets the till look, and answers what it asks."""
        if self.till.page is not Page.SELLING:
            self.open_page(Page.SELLING)
        readable, self.drawn.readable = self.drawn.readable, max(self.drawn.readable, 0.5)
        self.drain()
        self.wait(3.0)
        for _ in range(60):
            if self.counter.unsettled or self.till.waiting:
                self.wait(0.5)
        if self.counter.unsettled:
            self.faults.append("Pay never goes on")
        self.drawn.readable = readable

    # ---- time ----------------------------------------------------------------------------------

    def wait(self, s: float) -> None:
        self.motion(s, lambda part: None)

    def motion(self, s: float, at_part: Callable[[float], None]) -> None:
        start, end = self.now, self.now + s
        while self.next_frame <= end:
            self.now = max(self.next_frame, start)
            at_part((self.now - start) / s if s else 1.0)
            self.frame()
            self.next_frame = self.now + 1 / self.fps
        self.now = end
        at_part(1.0)

    def frame(self) -> None:
        self.till.work(self.now)
        self.till.answer()
        if self.drawn.is_lost:
            self.eyes.lost()
            return
        for look in self.eyes.frame(self.now):
            self.till.look(look)
            self.till.note_pay()
            if self.now - self.eyes.last_change >= AT_REST_S and self.drawn.light >= DARK:
                self.till.check_outlines()
