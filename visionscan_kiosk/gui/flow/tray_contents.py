"""What the tray under the picture can hold: questions, an offer, a note, a doubt, and what taps lead to."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.views import TileView
from visionscan_kiosk.services.sight import SeenThing


@dataclass(frozen=True, slots=True)
class Question:
    """Something the till is not sure of: tiles best first, and what it was called.

    `thing`: what the camera saw, if it was the camera; `piece`: which followed piece it is about. A question
    without tiles is answered by the search, or by what `action_text` names. `can_search`: whether
    there is room to say that it is something else.
    """

    tiles: tuple[TileView, ...]
    detected_name: str
    confidence: float = 1.0
    quantity: int = 1
    thing: SeenThing | None = None
    piece: int | None = None
    title: str = wording.WHICH_ONE
    detail: str = ""
    action_text: str = ""
    skip_text: str = ""
    can_search: bool = True


@dataclass(frozen=True, slots=True)
class Offer:
    """Products the till is sure of: `add` takes them all, `doubt` gets the place of one that is wrong."""

    tiles: tuple[TileView, ...]
    title: str
    detail: str
    add_text: str
    add: Callable[[], None]
    doubt: Callable[[int], None]
    skip: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Note:
    """One sentence, with at most one thing to do about it.

    `question`: what a search from here answers. `is_passing`: it goes by itself although it can be acted on.
    `takes_out`: what can be done takes something out of the basket.
    """

    text: str
    detail: str = ""
    action_text: str = ""
    action: Callable[[], None] | None = None
    can_search: bool = False
    skip_text: str = ""
    question: Question | None = None
    is_passing: bool = False
    takes_out: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Doubt:
    """A quiet question about a line that is in the basket already; one of the three is called at its end."""

    text: str
    change_text: str
    keep: Callable[[], None]
    change: Callable[[], None]
    expire: Callable[[], None]
    detail: str = wording.WRONG_ITEM_DETAIL
    keep_text: str = wording.KEEP


@dataclass(frozen=True, slots=True)
class Answers:
    """What taps lead to. A choice without a question is a tap on an often sold product."""

    choose: Callable[[UUID, Question | None], None]
    search: Callable[[Question | None], None]
    leave: Callable[[Question], None]
    act: Callable[[Question], None]
