"""Random scripts before the simulated shop: what happens depends on the seed only, never on the frame rate.

`python -m tests.domain.recognition.random_scripts 20000 [2,5,30,60] [--cores 2]` plays that many hard ones,
prints each kind of fault with its count, and ends with 1 when more than one in a thousand has a fault or when
any was charged to another customer.
"""

from __future__ import annotations

from argparse import ArgumentParser
from collections import Counter as Tally
from collections.abc import Callable
from dataclasses import dataclass, field
from multiprocessing import Pool
from random import Random
from typing import NamedTuple

from tests.domain.recognition.drawn_counter import HEIGHT, PLACES, WIDTH, Kind, Pack
from tests.domain.recognition.simulated_shop import SimulatedShop
from visionscan_kiosk.domain.recognition.intents import Notice
from visionscan_kiosk.domain.recognition.piece import Page

RATES = (2.0, 5.0, 30.0, 60.0)
STEPS = (
    *("put", "put", "put", "put", "put", "take", "take", "move", "cover", "hand", "bag", "dark", "shake"),
    *("lost", "swap", "same", "undo", "scan", "pay", "end", "page", "restart", "away", "refuse", "dim"),
    "readable",
)
LIMIT = 0.001
SHOWN = 40


class Hardness(NamedTuple):
    """What a script may hold. `same_swaps`: of equal packs; `forgets`: restarts without memory."""

    pauses: tuple[float, ...] = (1.2, 2.0, 3.5)
    steps: int = 12
    same_swaps: bool = False
    swaps_unread: bool = True
    forgets: bool = True
    masks: str = "every"
    knows_counter: bool = True


HARD = Hardness()
FAIR = Hardness(forgets=False, swaps_unread=False)


class Step(NamedTuple):
    """One drawn step, whole: so a step that does nothing draws as much as one that does."""

    kind: str
    pause: float
    name: str
    sku: str
    speed: float
    looks: Kind
    by: tuple[int, int]
    long: float
    free: tuple[float, float] | None


@dataclass
class Script:
    """One random script while it is played."""

    seed: int
    fps: float
    how: Hardness = HARD
    number: int = 0
    lying: list[str] = field(default_factory=list)
    log: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.plan = Random(self.seed)
        self.shop = SimulatedShop(
            self.fps,
            self.seed,
            masks=self.how.masks,
            knows_counter=self.how.knows_counter,
            readable=self.plan.choice([1.0, 1.0, 0.8, 0.5]),
            db_s=self.plan.choice([0.02, 0.3, 1.5]),
            patience_s=self.plan.choice([0.3, 1.0, 3.0]),
        )
        self.shop.eyes.says_blind = self.plan.random() < 0.5

    def play(self) -> SimulatedShop:
        for _ in range(self.how.steps):
            step = self._draw()
            self.log.append(
                f"{self.shop.now:.2f} {step.kind} {step.name} {step.sku} {step.looks} {step.pause}"
            )
            if getattr(self, f"_{step.kind}")(step) is not SKIPPED:
                self.shop.wait(step.pause)
        self.shop.finish()
        self.shop.till.check()
        return self.shop

    def _draw(self) -> Step:
        plan = self.plan
        kind, pause = plan.choice(STEPS), plan.choice(self.how.pauses)
        name = plan.choice(self.lying) if self.lying else ""
        sku, speed = plan.choice("ABC"), plan.choice([0.5, 0.8, 1.2])
        looks = plan.choice([Kind.CODED] * 6 + [Kind.TAUGHT, Kind.UNSURE, Kind.UNKNOWN])
        looks = (
            looks if self.how.knows_counter else Kind.CODED
        )  # nothing finds things without an empty counter
        by = plan.choice([-170, 170, 40, -40]), plan.choice([0, 30, -30])
        long, places = plan.choice([0.5, 2.0, 3.5]), plan.sample(PLACES, len(PLACES))
        free = next((place for place in places if self._is_free(*place)), None)
        return Step(kind, pause, name, sku, speed, looks, by, long, free)

    def _is_free(self, x: float, y: float, but: str = "") -> bool:
        others = [self.shop.packs[name] for name in self.lying if name != but]
        return all(abs(pack.x - x) > 175 or abs(pack.y - y) > 135 for pack in others)

    def _named(self, sku: str) -> str:
        self.number += 1
        return f"{sku}{self.number}"

    # ---- steps ---------------------------------------------------------------------------------

    def _put(self, step: Step) -> None:
        if step.free is None:
            return
        name = self._named(step.sku)
        known = self.plan.random() < 0.95
        sku, looks = (step.sku, step.looks) if known else ("X", Kind.CODED)
        self.shop.put(sku, name, step.free, looks, step.speed, known=known)
        self.lying.append(name)

    def _take(self, step: Step) -> None:
        if step.name:
            self.lying.remove(step.name)
            self.shop.take(step.name, step.speed)

    def _move(self, step: Step) -> None:
        if not step.name:
            return
        x, y = self.shop.packs[step.name].x + step.by[0], self.shop.packs[step.name].y + step.by[1]
        is_inside = 100 < x < WIDTH - 100 and 80 < y < HEIGHT - 80
        if is_inside and self._is_free(x, y, step.name):
            self.shop.move(step.name, step.by, step.speed)

    def _over(self, step: Step, by: str) -> None:
        if step.name:
            self.shop.cover(step.name, by, step.long)

    def _cover(self, step: Step) -> None:
        self._over(step, "moving hand")

    def _hand(self, step: Step) -> None:
        self._over(step, "still hand")

    def _bag(self, step: Step) -> None:
        self._over(step, "bag")

    def _dark(self, step: Step) -> None:
        self.shop.lights(0.05, step.long)

    def _dim(self, step: Step) -> None:
        self.shop.lights(0.5, step.long)

    def _shake(self, step: Step) -> None:
        self.shop.trembles(10, step.long)

    def _lost(self, step: Step) -> None:
        self.shop.picture_lost(step.long)

    def _swap(self, step: Step) -> object:
        return self._exchange(step, is_same=False) if step.name else None

    def _same(self, step: Step) -> object:
        return self._exchange(step, is_same=True) if step.name and self.how.same_swaps else None

    def _exchange(self, step: Step, *, is_same: bool) -> object:
        old = self.shop.packs[step.name]
        session = self.shop.till.session
        is_settled = old.charges[session] or old.owner != session or not old.is_wanted
        if old.kind is not Kind.CODED or not old.is_known_code or not (self.how.swaps_unread or is_settled):
            return SKIPPED
        if not is_settled:
            self.shop.till.kinds.add("an unread pack swapped in one movement")
        sku = old.sku if is_same else self.plan.choice([sku for sku in "ABC" if sku != old.sku])
        new, shift = self._named(sku), (self.plan.choice([0, 25, -25]), self.plan.choice([0, 20]))
        if is_same:
            self.shop.till.kinds.add(f"same swap {'at the same place' if shift == (0, 0) else 'nearby'}")
        self.shop.swap(step.name, sku, new, shift, step.speed)
        self.lying[self.lying.index(step.name)] = new
        return None

    def _undo(self, step: Step) -> None:
        if step.name:
            self.shop.undo(step.name)

    def _scan(self, step: Step) -> None:
        """The camera could not, so the person does."""
        if step.name and self.shop.till.page is Page.SELLING and self._is_open(self.shop.packs[step.name]):
            self.shop.scan(step.name)

    def _is_open(self, pack: Pack) -> bool:
        till = self.shop.till
        is_theirs = pack.owner == till.session and pack.is_wanted and pack.is_known_code
        return is_theirs and not pack.charges[till.session] and pack not in till.meant.values()

    def _pay(self, step: Step) -> None:
        self.shop.pay()
        self.shop.wait(step.pause)
        self.shop.next_customer()

    def _end(self, step: Step) -> None:
        self.shop.end()

    def _page(self, step: Step) -> None:
        self.shop.open_page(self.plan.choice([Page.OTHER, Page.WAITS]))
        self.shop.wait(step.pause)
        if step.free is not None:
            name = self._named(step.sku)
            self.shop.put(step.sku, name, step.free, Kind.CODED, step.speed)
            self.lying.append(name)
            self.shop.wait(step.pause)
        self.shop.open_page(Page.SELLING)

    def _restart(self, step: Step) -> None:
        self.shop.restart(remembers=self.plan.random() < 0.8 or not self.how.forgets)

    def _away(self, step: Step) -> None:
        self.shop.till.is_away = True
        self.shop.wait(step.pause)
        self.shop.till.is_away = self.plan.random() < 0.3

    def _refuse(self, step: Step) -> None:
        self.shop.till.refuse_next = 1

    def _readable(self, step: Step) -> None:
        self.shop.drawn.readable = self.plan.choice([1.0, 0.5, 0.2])


SKIPPED = object()


def play_random(seed: int, fps: float, how: Hardness = HARD) -> SimulatedShop:
    """Play one random script to its end."""
    return Script(seed, fps, how).play()


class Outcome(NamedTuple):
    """What became of one script."""

    seed: int
    fps: float
    faults: tuple[str, ...]
    kinds: frozenset[str]
    charged: int
    asks: Tally[str]
    needless: int
    covers_asked: int
    pay_kept: int
    notes: int
    sessions: int


def outcome(seed: int, fps: float, how: Hardness = HARD) -> Outcome:
    shop = play_random(seed, fps, how)
    till = shop.till
    return Outcome(
        seed,
        fps,
        tuple(till.faults),
        frozenset(till.kinds),
        till.charged,
        Tally(why for why, _ in till.asks),
        till.needless,
        till.covers_asked,
        len(till.pay_kept),
        till.warns[Notice.MOVED],
        till.session,
    )


def _play(work: tuple[int, float]) -> Outcome:
    return outcome(*work)


def _report(outcomes: list[Outcome], say: Callable[[str], None]) -> int:
    bad = [one for one in outcomes if one.faults]
    for one in bad[:SHOWN]:
        say(f"  script {one.seed} at {one.fps:g}: {', '.join(one.faults)} {sorted(one.kinds)}")
    asks: Tally[str] = sum((one.asks for one in outcomes), Tally())
    kinds = Tally(kind for one in outcomes for kind in one.kinds)
    baskets, charges = sum(one.sessions for one in outcomes), sum(one.charged for one in outcomes)
    say(f"{len(outcomes)} scripts, {baskets} baskets, {charges} charges")
    say(f"asked {dict(asks)}")
    say(f"asked about a charged pack {sum(one.needless for one in outcomes)}")
    say(f"asked about a hand or bag {sum(one.covers_asked for one in outcomes)}")
    say(f"baskets whose Pay a hand or bag kept {sum(one.pay_kept for one in outcomes)}")
    say(f"quiet notes {sum(one.notes for one in outcomes)}")
    for kind, count in kinds.most_common():
        say(f"  {count:6} scripts with: {kind}")
    say(f"{len(bad)} scripts with a fault ({len(bad) / max(len(outcomes), 1):.2%})")
    for fault, count in Tally(fault for one in bad for fault in one.faults).most_common():
        say(f"  {count:6} {fault}")
    is_worst = any("charged to another customer" in one.faults for one in bad)
    return int(is_worst or len(bad) > LIMIT * len(outcomes))


def main() -> int:
    parser = ArgumentParser(
        description="Play hard random scripts and name each kind of fault with its count."
    )
    parser.add_argument("count", type=int)
    parser.add_argument("rates", nargs="?", default=",".join(f"{rate:g}" for rate in RATES))
    parser.add_argument("--cores", type=int, default=1)
    parser.add_argument("--first", type=int, default=0)
    chosen = parser.parse_args()
    rates = [float(text) for text in chosen.rates.split(",")]
    work = [(seed, rates[seed % len(rates)]) for seed in range(chosen.first, chosen.first + chosen.count)]
    if chosen.cores == 1:
        return _report([_play(one) for one in work], print)
    with Pool(chosen.cores) as pool:
        return _report(pool.map(_play, work, chunksize=50), print)


if __name__ == "__main__":
    raise SystemExit(main())
