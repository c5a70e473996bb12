"""Tells a hand scanner's keys from a person's, by the keys' own times and by what they spell. No Qt.

A wedge scanner types like a very fast person, to whoever has the cursor. So every key that types something is
held for a moment: keys that follow each other faster than a hand can are a code, which goes where codes go;
all others go on to where the cursor is, in their order. A scanner may end its code with Enter, Tab or a line
feed, with two of them, or with nothing. Keys without a text that come at its speed are its own, too.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from itertools import pairwise
from statistics import median
from typing import Final

from visionscan_kiosk.domain.barcode import is_gtin
from visionscan_kiosk.domain.keyboard_layouts import digits_of
from visionscan_kiosk.gui.flow.ports import Clock, Timer, Timers
from visionscan_kiosk.services.kiosk import ScannerHabits

SHORTEST_ENDED: Final = 4
SHORTEST_OPEN: Final = 6
"""Signs of a code that ends with Enter, and of one that ends with nothing: fewer may be a hand's."""
_SWIFT_MS: Final = 20
_SHORTEST_SWIFT: Final = 3
"""So many keys, whatever they are, each so soon after the one before, are no hand's."""
_AFTER_CODE_MS: Final = 150
"""Within this time Enter or Tab belongs to the code before: many scanners send two, some after a pause."""
_STALL_MS: Final = 120
"""So long a scanner on a busy machine may stop within a code: four keys at its speed are no person's."""
_SHORTEST_PAUSE_MS: Final = 20
"""Between two codes; keys of one code that come unevenly are closer."""
_SHORTEST_STALLED: Final = 4
_STALLS_MS: Final = 30
"""Its usual pause is no longer."""
_TIMER_SLACK_MS: Final = 10
"""A timer may be a little early."""
_LAST_LOOK_MS: Final = 10
_LATE_MS: Final = 10
_MOST_LOOKS: Final = 20
"""On a machine so busy that timers are late, keys that were pressed in time may be late, too."""
_GTIN_LENGTHS: Final = (13, 12, 14, 8)
_CUT: Final = 1.3
"""How much longer than the usual pause one between two codes is at least."""
_GROUP_SEPARATOR: Final = "\x1d"


class KeyKind(Enum):
    """What a key does: `TEXT` types something, `END` is Enter, Tab or a line feed, `OTHER` has no text."""

    TEXT = auto()
    END = auto()
    OTHER = auto()


@dataclass(frozen=True, slots=True)
class Key:
    """A key that was pressed: `at_ms` by the event's own clock, `deliver` gives it to who has the cursor."""

    kind: KeyKind
    text: str
    at_ms: int
    deliver: Callable[[], None]


class WedgeReader:
    """Takes every key of the program. `on_code` gets each code that a scanner typed."""

    def __init__(
        self, timers: Timers, clock: Clock, on_code: Callable[[str], None], habits: ScannerHabits
    ) -> None:
        self._timers = timers
        self._clock = clock
        self._on_code = on_code
        self._habits = habits
        self._run: list[Key] = []
        self._held: list[Callable[[], None]] = []
        self._timer: Timer | None = None
        self._due_s = 0.0
        self._looks = 0
        self._code_ended_ms: int | None = None
        self._is_known_to_end = False
        self._is_rest = False

    @property
    def is_holding(self) -> bool:
        """Whether keys wait for what follows them."""
        return bool(self._run)

    def press(self, key: Key) -> None:
        """A key went down."""
        if self._belongs_to_code_before(key):
            self._code_ended_ms = key.at_ms
            return
        is_rest, self._code_ended_ms = self._comes_within(_SWIFT_MS, key), None
        if self._run and not self._goes_on(key):
            self._nothing_follows()
        if key.kind is KeyKind.TEXT:
            self._is_rest = self._is_rest if self._run else is_rest
            self._hold(key)
        elif key.kind is KeyKind.END:
            self._end(key)
        elif self._run:
            self._hold(key)
        else:
            key.deliver()

    def lift(self, deliver: Callable[[], None]) -> None:
        """A key came up while keys are held: it comes up behind them."""
        self._held.append(deliver)

    def _belongs_to_code_before(self, key: Key) -> bool:
        """A second ending, or a key without a text that a scanner sends behind it."""
        if key.kind is KeyKind.TEXT:
            return False
        return self._comes_within(_AFTER_CODE_MS if key.kind is KeyKind.END else _SWIFT_MS, key)

    def _comes_within(self, milliseconds: int, key: Key) -> bool:
        """Whether a key was pressed so soon after a code."""
        return self._code_ended_ms is not None and 0 <= key.at_ms - self._code_ended_ms <= milliseconds

    def _goes_on(self, key: Key) -> bool:
        """Whether this key was pressed by the same scanner in the same code."""
        pause = key.at_ms - self._run[-1].at_ms
        if key.kind is KeyKind.OTHER:
            return 0 <= pause <= self._habits.slowest_key_ms
        if pause < 0 or pause > self._longest_pause() or self._rest_is_over(pause):
            return False
        if key.kind is KeyKind.END or pause <= max(2 * _usual(_pauses(self._run)), _SHORTEST_PAUSE_MS):
            return True
        return not self._begins_next(key)

    def _rest_is_over(self, pause: int) -> bool:
        """Whether what a scanner sent behind its ending was one sign or two, and no code at once."""
        return self._is_rest and len(self._run) < _SHORTEST_SWIFT and pause > _STALLS_MS

    def _longest_pause(self) -> int:
        """Four keys at a person's best speed are no reason to wait for the fifth."""
        slowest = self._habits.slowest_key_ms
        is_swift = len(self._run) >= _SHORTEST_STALLED and _usual(_pauses(self._run)) <= _STALLS_MS
        return max(slowest, _STALL_MS) if is_swift or self._is_marked() else slowest

    def _begins_next(self, key: Key) -> bool:
        """Whether a key after a longer pause begins another code, of a scanner that ends none of them.

        A prefix tells, or a key without a text that ends them. Of codes with a check digit all but the last
        are taken: that one may go on, for the first twelve digits of thirteen are often a code as well.
        """
        prefix = self._habits.prefix
        if prefix and self._text().startswith(prefix) and key.text == prefix[0]:
            return True
        if self._is_known_to_end:
            return False
        if self._run[-1].kind is KeyKind.OTHER:
            return True
        *whole, last = apart(self._spelt(), _pauses(self._run))
        if whole:
            self._run = self._run[-len(last) :]
            self._held = [kept.deliver for kept in self._run]
            for code in whole:
                self._on_code(code)
        return False

    def _hold(self, key: Key) -> None:
        self._run.append(key)
        self._held.append(key.deliver)
        suffix = self._habits.suffix
        if suffix and self._text().endswith(suffix) and self._is_code(SHORTEST_ENDED):
            self._take(key.at_ms)
            return
        self._looks = 0
        self._wait(self._longest_pause() + _TIMER_SLACK_MS, self._look_once_more)

    def _wait(self, milliseconds: int, then: Callable[[], None]) -> None:
        if self._timer is not None:
            self._timer.cancel()
        self._due_s = self._clock.seconds() + milliseconds / 1000
        self._timer = self._timers.after(milliseconds, then)

    def _look_once_more(self) -> None:
        """What follows may have been pressed in time and still be on its way to this program."""
        self._looks += 1
        self._wait(_LAST_LOOK_MS, self._decide_unless_late)

    def _decide_unless_late(self) -> None:
        late_ms = (self._clock.seconds() - self._due_s) * 1000
        if late_ms > _LATE_MS and self._looks < _MOST_LOOKS:
            self._look_once_more()
        else:
            self._nothing_follows()

    def _end(self, key: Key) -> None:
        if self._is_code(SHORTEST_ENDED) or self._is_swift([*self._run, key]):
            self._is_known_to_end = True
            self._take(key.at_ms)
        elif self._is_rest:
            self._let_go()
            self._code_ended_ms = key.at_ms
        else:
            self._let_go()
            key.deliver()

    def _nothing_follows(self) -> None:
        if self._is_code(SHORTEST_OPEN) or self._is_swift(self._run):
            self._is_known_to_end = False
            self._take(self._run[-1].at_ms)
        else:
            self._let_go()

    def _is_code(self, shortest: int) -> bool:
        """Whether so many signs were typed: a scanner may send nothing but spaces."""
        if self._is_marked():
            return bool(self._spelt())
        return len(self._text()) >= shortest

    def _is_swift(self, keys: Sequence[Key]) -> bool:
        return len(keys) >= _SHORTEST_SWIFT and all(pause <= _SWIFT_MS for pause in _pauses(keys))

    def _is_marked(self) -> bool:
        """Whether it begins or ends as the shop's scanners do, and a person hardly would."""
        text, habits = self._text(), self._habits
        begins = bool(habits.prefix) and text.startswith(habits.prefix)
        return begins or (bool(habits.suffix) and text.endswith(habits.suffix))

    def _text(self) -> str:
        return "".join(key.text for key in self._run if key.kind is KeyKind.TEXT)

    def _spelt(self) -> str:
        """Return the code itself, in the digits that the scanner meant."""
        text = self._text().removeprefix(self._habits.prefix).removesuffix(self._habits.suffix)
        kept = "".join(sign for sign in text if sign.isprintable() or sign == _GROUP_SEPARATOR)
        return digits_of(kept.strip())

    def _take(self, at_ms: int) -> None:
        """It was a code: nobody else gets these keys."""
        pauses = _pauses(self._run)
        codes, self._code_ended_ms = apart(self._spelt(), pauses), at_ms
        self._forget()
        for code in codes:
            self._on_code(code)

    def _let_go(self) -> None:
        """It was a person: the keys go where the cursor is; the rest of a code goes nowhere."""
        held = [] if self._is_rest else self._held
        self._forget()
        for deliver in held:
            deliver()

    def _forget(self) -> None:
        self._run, self._held, self._is_rest = [], [], False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def apart(text: str, pauses_ms: Sequence[int]) -> tuple[str, ...]:
    """Return the codes that were typed without anything between them but a slightly longer pause.

    `pauses_ms[i]` comes before the sign i + 1. A text that is not wholly made of codes with check digits is
    one code.
    """
    if not text.isdecimal() or len(text) <= max(_GTIN_LENGTHS) or len(pauses_ms) != len(text) - 1:
        return (text,)
    least = _CUT * _usual(pauses_ms)
    cuts = [place + 1 for place, pause in enumerate(pauses_ms) if pause > least]
    return _cut(text, [*cuts, len(text)]) or (text,)


def _cut(text: str, cuts: Sequence[int]) -> tuple[str, ...]:
    """Cut at some of these places so that each part is a whole code; empty when there is no such way."""
    ways: dict[int, tuple[str, ...]] = {0: ()}
    for end in cuts:
        parts = ((begin, text[begin:end]) for begin in (end - length for length in _GTIN_LENGTHS))
        found = next(((ways[begin], part) for begin, part in parts if begin in ways and is_gtin(part)), None)
        if found is not None:
            ways[end] = (*found[0], found[1])
    return ways.get(len(text), ())


def _pauses(run: Sequence[Key]) -> list[int]:
    return [after.at_ms - before.at_ms for before, after in pairwise(run)]


def _usual(pauses_ms: Sequence[int]) -> float:
    """The middle one: a busy machine makes some of them longer."""
    return median(pauses_ms) if pauses_ms else 0.0
