"""The gate, the reader and the finder over a drawn counter: which looks they report, and when."""

from __future__ import annotations

from tests.domain.recognition.drawn_counter import DARK, DrawnCounter
from visionscan_kiosk.domain.recognition.looks import Look, Scene

READ_PERIOD_S = 0.125
STILL_FOR_S = 0.35
STILLS = 3  # still frames before the finder's models look closely
NOTICED = 2  # pixels of trembling that the gate takes for a movement


class Eyes:
    """`masks`: whether the finder's mask comes with "every" read or only with that of an empty counter."""

    def __init__(self, drawn: DrawnCounter, *, masks: str = "every", knows_counter: bool = True) -> None:
        self.drawn, self.masks, self.knows_counter = drawn, masks, knows_counter
        self.says_blind = True
        self.last_change = 0.0
        self._late: list[tuple[float, Look]] = []
        self._last_read = -1.0
        self.restart()

    def restart(self) -> None:
        """The program starts anew: nothing of before is delivered."""
        self._late.clear()
        self._last: object = None
        self._since, self._stills, self._was_still, self._has_moved = 0.0, -1, False, False

    def lost(self) -> None:
        self._has_moved = True

    def frame(self, now: float) -> list[Look]:
        """Take one picture; return the looks that are reported now."""
        offset = self._offset()
        is_still = self._gate(now, offset)
        can_tell = self.knows_counter and self.drawn.light > DARK and self.drawn.shake <= NOTICED
        looks = []
        if self._is_close_look(is_still=is_still) and can_tell:
            self._look_closely(now)
        if now - self._last_read >= READ_PERIOD_S - 1e-6:
            looks.append(self._read(now, offset, is_still=is_still, can_tell=can_tell))
        return looks + self._due(now)

    def _offset(self) -> tuple[float, float]:
        shake, random = self.drawn.shake, self.drawn.random
        return (random.uniform(-shake, shake), random.uniform(-shake, shake)) if shake else (0.0, 0.0)

    def _gate(self, now: float, offset: tuple[float, float]) -> bool:
        state = (self.drawn.state, offset if self.drawn.shake > NOTICED else None)
        if state != self._last:
            self._last, self._since, self._has_moved, self.last_change = state, now, True, now
            self._was_still, self._stills = False, -1
            return False
        return now - self._since >= STILL_FOR_S - 1e-9

    def _is_close_look(self, *, is_still: bool) -> bool:
        if is_still and not self._was_still:
            self._was_still, self._stills = True, 0
        self._stills += is_still and self._stills >= 0
        return self._stills >= STILLS

    def _look_closely(self, now: float) -> None:
        self._stills = -1
        covered = self.drawn.covered()
        look = Look(now, Scene.STILL, covered=covered, things=self.drawn.things(covered))
        self._late.append((now + self.drawn.random.uniform(0.05, 0.5), look))

    def _read(self, now: float, offset: tuple[float, float], *, is_still: bool, can_tell: bool) -> Look:
        covered = self.drawn.covered() if can_tell else None
        is_empty = is_still and covered == ()
        scene = Scene.EMPTY if is_empty else Scene.STILL if is_still else Scene.MOVING
        if self.drawn.light < DARK and self.says_blind:
            scene = Scene.BLIND
        tells = self.masks == "every" or is_empty
        look = Look(now, scene, self._has_moved, self.drawn.codes(offset), covered if tells else None)
        self._last_read, self._has_moved = now, False
        return look

    def _due(self, now: float) -> list[Look]:
        due = [look for at, look in self._late if at <= now]
        self._late = [entry for entry in self._late if entry[0] > now]
        return due
