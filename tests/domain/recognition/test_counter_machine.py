"""A shop's day before the counter alone, in any order, at random frame rates and delays.

Every rule is one thing that happens. After each of them the outlines tell the truth about a counter at rest;
at the end of each basket every pack that was reported was charged once, or asked about.
"""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, precondition, rule

from tests.domain.recognition.drawn_counter import HEIGHT, PLACES, WIDTH, Kind
from tests.domain.recognition.simulated_shop import SimulatedShop
from visionscan_kiosk.domain.recognition.piece import Page

PAUSES = st.sampled_from([1.2, 2.0, 3.5])
"""Seconds between two things that happen."""
KINDS = st.sampled_from([Kind.CODED, Kind.CODED, Kind.CODED, Kind.TAUGHT, Kind.UNSURE, Kind.UNKNOWN])
LONG = st.sampled_from([0.5, 2.0, 3.5])


class Day(RuleBasedStateMachine):
    """Packs are known by their names; a pack that was taken is no longer touched."""

    packs = Bundle("packs")

    @initialize(
        fps=st.sampled_from([2.0, 5.0, 12.0, 30.0, 60.0]),
        seed=st.integers(0, 10**6),
        readable=st.sampled_from([1.0, 0.8, 0.5]),
        db_s=st.sampled_from([0.02, 0.3, 1.5]),
        patience_s=st.sampled_from([0.3, 1.0, 3.0]),
    )
    def begin(self, fps: float, seed: int, readable: float, db_s: float, patience_s: float) -> None:
        self.shop = SimulatedShop(fps, seed, readable=readable, db_s=db_s, patience_s=patience_s)
        self.number = 0

    def _lies(self, name: str) -> bool:
        return name in self.shop.packs

    def _is_free(self, x: float, y: float, but: str = "") -> bool:
        others = [pack for name, pack in self.shop.packs.items() if name != but]
        return all(abs(pack.x - x) > 175 or abs(pack.y - y) > 135 for pack in others)

    def _is_settled(self, name: str) -> bool:
        pack, session = self.shop.packs[name], self.shop.till.session
        return bool(pack.charges[session]) or pack.owner != session or not pack.is_wanted

    # ---- goods ---------------------------------------------------------------------------------

    @rule(target=packs, place=st.sampled_from(PLACES), sku=st.sampled_from("ABC"), kind=KINDS, pause=PAUSES)
    def put(self, place: tuple[int, int], sku: str, kind: Kind, pause: float) -> str:
        self.number += 1
        name = f"{sku}{self.number}"
        if self._is_free(*place):
            self.shop.put(sku, name, place, kind)
            self.shop.wait(pause)
        return name

    @rule(name=packs, pause=PAUSES)
    def take(self, name: str, pause: float) -> None:
        if self._lies(name):
            self.shop.take(name)
            self.shop.wait(pause)

    @rule(name=packs, by=st.sampled_from([(-170, 0), (-40, 30), (40, 0), (170, 30)]), pause=PAUSES)
    def nudge(self, name: str, by: tuple[int, int], pause: float) -> None:
        if not self._lies(name) or not self._is_settled(name):
            return
        x, y = self.shop.packs[name].x + by[0], self.shop.packs[name].y + by[1]
        if 100 < x < WIDTH - 100 and 80 < y < HEIGHT - 80 and self._is_free(x, y, name):
            self.shop.move(name, by)
            self.shop.wait(pause)

    @rule(name=packs, by=st.sampled_from(["bag", "moving hand", "still hand"]), long=LONG, pause=PAUSES)
    def cover(self, name: str, by: str, long: float, pause: float) -> None:
        if self._lies(name):
            self.shop.cover(name, by, long)
            self.shop.wait(pause)

    @rule(target=packs, name=packs, sku=st.sampled_from("ABC"), pause=PAUSES)
    def swap(self, name: str, sku: str, pause: float) -> str:
        self.number += 1
        new = f"{sku}{self.number}"
        old = self.shop.packs.get(name)
        if old is not None and old.kind is Kind.CODED and old.sku != sku and self._is_settled(name):
            self.shop.swap(name, sku, new)
            self.shop.wait(pause)
        return new

    # ---- basket --------------------------------------------------------------------------------

    @rule(name=packs, pause=PAUSES)
    def undo(self, name: str, pause: float) -> None:
        if self._lies(name):
            self.shop.undo(name)
            self.shop.wait(pause)

    @rule(pause=PAUSES)
    def pay(self, pause: float) -> None:
        self.shop.pay()
        self.shop.wait(pause)
        self.shop.next_customer()

    @rule()
    def end(self) -> None:
        self.shop.end()

    @rule(page=st.sampled_from([Page.OTHER, Page.WAITS]), pause=PAUSES)
    def open_page(self, page: Page, pause: float) -> None:
        self.shop.open_page(page)
        self.shop.wait(pause)

    @rule()
    def sell_again(self) -> None:
        self.shop.open_page(Page.SELLING)

    @rule(pause=PAUSES)
    def restart(self, pause: float) -> None:
        self.shop.restart()
        self.shop.wait(pause)

    # ---- database and picture ------------------------------------------------------------------

    @rule(is_away=st.booleans(), pause=PAUSES)
    def database(self, is_away: bool, pause: float) -> None:
        self.shop.till.is_away = is_away
        self.shop.wait(pause)

    @rule()
    def refuse(self) -> None:
        self.shop.till.refuse_next = 1

    @rule(long=LONG)
    def dark(self, long: float) -> None:
        self.shop.lights(0.05, long)

    @rule(long=LONG)
    def lost(self, long: float) -> None:
        self.shop.picture_lost(long)

    @rule(long=LONG)
    def shake(self, long: float) -> None:
        self.shop.trembles(10, long)

    # ---- what holds ----------------------------------------------------------------------------

    @invariant()
    @precondition(lambda self: hasattr(self, "shop"))
    def nothing_is_wrong(self) -> None:
        assert self.shop.faults == []

    def teardown(self) -> None:
        if hasattr(self, "shop"):
            self.shop.finish()
            self.shop.till.check()
            assert self.shop.faults == []


Day.TestCase.settings = settings(max_examples=60, stateful_step_count=25, derandomize=True)
TestDay = Day.TestCase
