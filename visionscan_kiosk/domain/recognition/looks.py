"""What the eyes report of one picture: values only, no rule.

`None` always means "nobody looked" or "it cannot be told"; an empty tuple means "nothing is there".
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.detection import Box


class Scene(StrEnum):
    """What goes on before the camera. BLIND: dark, no picture, or another view than the learned counter."""

    MOVING = "moving"
    STILL = "still"
    EMPTY = "empty"
    BLIND = "blind"


class ReadCode(NamedTuple):
    """A code that was read in this picture. `product` is None when the shop does not know the code.

    `is_careful`: it was read in the still of what lies at rest, by the slow and thorough way.
    """

    text: str
    box: Box
    product: UUID | None
    is_careful: bool = False

    @property
    def key(self) -> UUID | str:
        """What all pieces with this code share: the product, or the text of a code that no product has."""
        return self.product or self.text


class Thing(NamedTuple):
    """Something that lies still. `candidates`: best first; None while nobody looked closely.

    `is_sure`: its looks are sure of the first one, so they tell it from another product. `may_add`: the first
    one may also be charged unasked. `is_belonging`: it is plainly a telephone or a bag.
    """

    box: Box
    candidates: tuple[UUID, ...] | None = ()
    is_sure: bool = False
    may_add: bool = False
    is_belonging: bool = False

    @property
    def key(self) -> UUID | None:
        """The product that its looks are sure of."""
        return self.candidates[0] if (self.is_sure or self.may_add) and self.candidates else None


@dataclass(frozen=True, slots=True)
class Look:
    """One picture. `at`: seconds, when it was taken.

    `has_moved`: anything moved since the look before, also between the pictures that were read; `moved_at`:
    when it was seen to move last, where that is known better than by this look's own time.
    `covered`: all that hides the empty counter, one box a blob. `things` come only of a still scene.
    """

    at: float
    scene: Scene
    has_moved: bool = False
    codes: tuple[ReadCode, ...] | None = None
    covered: tuple[Box, ...] | None = None
    things: tuple[Thing, ...] | None = None
    moved_at: float | None = None

    @property
    def is_rest(self) -> bool:
        """Whether nothing moves in it."""
        return self.scene in (Scene.STILL, Scene.EMPTY)
