"""What a person's keys mean on the selling screen: 1-3 choose, Enter pays, the rest goes to the search field.

A hand scanner's keys never come here: see `wedge`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol
from uuid import UUID

from visionscan_kiosk.gui.flow.till_flow import TillFlow

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

    def __init__(self, flow: TillFlow, field: SearchField) -> None:
        self._flow = flow
        self._field = field

    @property
    def choices(self) -> tuple[UUID, ...]:
        """What the keys 1 to 3 choose now."""
        return self._flow.trays.keyed_products

    def enter(self) -> bool:
        """Enter ends what is typed in the search field; without a text it is the primary button."""
        if self._field.text:
            self._field.submit()
        else:
            self._flow.enter()
        return True

    def typed(self, text: str, choices: Sequence[UUID], *, is_in_field: bool) -> bool:
        """A printable key, with what the keys chose when it was pressed.

        `is_in_field`: a field has the cursor and would take it itself.
        """
        if text in _CHOICES and choices and not self._field.text:
            self._choose(int(text) - 1, choices)
            return True
        if is_in_field:
            return False
        self._field.type(text)
        return True

    def undo(self) -> bool:
        """Ctrl+Z takes the last change of the basket back, unless it is meant for what is typed."""
        if self._field.text:
            return False
        self._flow.basket.undo()
        return True

    def _choose(self, place: int, choices: Sequence[UUID]) -> None:
        """A person answered a question, if its tiles are still in sight."""
        if self.choices == tuple(choices):
            self._flow.trays.choose(place)
