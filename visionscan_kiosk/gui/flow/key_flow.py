"""What keys mean on the selling screen: 1-3 choose, Enter pays, everything typed goes to the search field.

A wedge scanner types like a very fast person. A digit that could be the answer to a question is therefore
held for a moment: when more keys follow at once it was a code, and all of it goes to the search field.
"""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from visionscan_kiosk.gui.flow.ports import Clock, Timer, Timers
from visionscan_kiosk.gui.flow.till_flow import TillFlow

_HOLD_MS = 80
_AFTER_CODE_S = 0.3
_CHOICES = "123"


class SearchField(Protocol):
    """The field that takes what is typed."""

    @property
    def text(self) -> str:
        """What stands in it."""

    def type(self, text: str) -> None:
        """Take the cursor and type this."""

    def submit(self) -> None:
        """Press Enter in it."""


class KeyFlow:
    """Decides about each key while the selling screen is in front; True where the key is used up."""

    def __init__(self, flow: TillFlow, timers: Timers, clock: Clock, field: SearchField) -> None:
        self._flow = flow
        self._timers = timers
        self._clock = clock
        self._field = field
        self._held = ""
        self._held_for: tuple[UUID, ...] = ()
        self._hold: Timer | None = None
        self._code_ended_at = float("-inf")

    def enter(self) -> bool:
        """Enter ends a code; alone it is the primary button. A scanner may send two of them."""
        if self._held:
            self._flush()
        if self._field.text:
            self._code_ended_at = self._clock.seconds()
            self._field.submit()
        elif self._clock.seconds() - self._code_ended_at > _AFTER_CODE_S:
            self._flow.enter()
        return True

    def typed(self, text: str, *, is_in_field: bool) -> bool:
        """A printable key; `is_in_field`: a field has the cursor and would take it itself."""
        if self._held:
            self._held += text
            self._flush()
            return True
        choices = self._flow.trays.keyed_products
        if text in _CHOICES and choices and not self._field.text:
            self._held, self._held_for = text, choices
            self._hold = self._timers.after(_HOLD_MS, self._choose)
            return True
        if is_in_field:
            return False
        self._held = text
        self._flush()
        return True

    def undo(self) -> bool:
        """Ctrl+Z takes the last change of the basket back, unless it is meant for what is typed."""
        if self._field.text:
            return False
        self._flow.basket.undo()
        return True

    def _choose(self) -> None:
        """Nothing followed: a person answered the question, if its tiles are still in sight."""
        digit, self._held = self._held, ""
        if self._flow.trays.keyed_products == self._held_for:
            self._flow.trays.choose(int(digit) - 1)

    def _flush(self) -> None:
        if self._hold is not None:
            self._hold.cancel()
        text, self._held = self._held, ""
        self._field.type(text)
