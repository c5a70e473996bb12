"""Which state of a piece met which event, counted while scripts are played, and the table of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from visionscan_kiosk.domain.recognition.piece import PieceState
from visionscan_kiosk.rehearsal.scene import Scene
from visionscan_kiosk.rehearsal.script import PAGES, Step

STATES: Final = tuple(state.value for state in PieceState)
EVENTS: Final = (
    "take",
    "move",
    "cover by still hand",
    "cover by moving hand",
    "cover by bag",
    "swap for another",
    "swap for the same",
    "put another",
    "put the same",
    "light",
    "shake",
    "picture lost",
    "tap",
    "answer",
    "add all",
    "skip",
    "undo",
    "remove",
    "quantity",
    "scan the same",
    "pay",
    "next customer",
    "end without sale",
    *(f"open {page}" for page in PAGES),
    "back",
    "restart",
    "database away",
    "database back",
    "elsewhere add",
    "elsewhere remove",
    "elsewhere sell",
    "elsewhere rename",
    "elsewhere price",
)
_AROUND: Final = frozenset({"wait", "fps", "readable", "expect", "teach", "type", "scans"})


class Coverage:
    """Counts pairs of an event and the state of a piece that it concerns."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()

    def note(self, scene: Scene, step: Step) -> None:
        """Take in what a step is about to meet."""
        if step.name in _AROUND:
            return
        for name in _concerned(scene, step):
            state = _state_of(scene, name)
            if state is not None:
                self.counts[_event(scene, step, name), state] += 1

    def table(self) -> Iterator[str]:
        """Return the lines of the table: a row an event, a column a state."""
        width = max(map(len, EVENTS))
        yield "  ".join([" " * width, *STATES])
        for event in EVENTS:
            cells = (_cell(self.counts[event, state], len(state)) for state in STATES)
            yield "  ".join([event.ljust(width), *cells])

    def record(self) -> Mapping[str, Mapping[str, int]]:
        """Return the same as an object."""
        return {event: {state: self.counts[event, state] for state in STATES} for event in EVENTS}


def _cell(count: int, width: int) -> str:
    return (str(count) if count else "-").rjust(width)


def _concerned(scene: Scene, step: Step) -> Iterable[str]:
    """A named piece, the pieces of a named product, else all that lie there."""
    if step.name in {"take", "move", "swap", "tap"}:
        return (str(step.argument),)
    if step.name == "cover":
        return tuple(step.argument)
    sku = _product_of(scene, step)
    return [name for name in scene.stage.names if sku is None or scene.pieces[name] == sku]


def _product_of(scene: Scene, step: Step) -> str | None:
    if step.name in {"remove", "answer"}:
        return str(step.argument)
    if step.name == "scan":
        return scene.sku_of_code(str(step.argument))
    if step.name == "quantity":
        return str(step.argument[0])
    if step.name == "elsewhere" and step.argument[0] != "sell":
        value = step.argument[1]
        return str(value if isinstance(value, str) else value[0])
    return None


def _event(scene: Scene, step: Step, name: str) -> str:
    """The event as this piece meets it."""
    sku = scene.pieces[name]
    if step.name == "put":
        return "put the same" if step.argument == sku else "put another"
    if step.name == "swap":
        return "swap for the same" if step.further["with"] == sku else "swap for another"
    if step.name == "cover":
        return f"cover by {step.further['by']}"
    if step.name == "scan":
        return "scan the same"
    if step.name == "elsewhere":
        return f"elsewhere {step.argument[0]}"
    return f"{step.name} {step.argument}" if step.name in {"picture", "open", "database"} else step.name


def _state_of(scene: Scene, name: str) -> str | None:
    """What the counter holds a piece for; None while it knows of none there."""
    if name not in scene.stage.names:
        return None
    box = scene.stage.box_of(name)
    there = [piece for piece in scene.till.flow.goods.counter.pieces if piece.is_there]
    on_it = [piece.state.value for piece in there if box.holds(piece.place)]
    return on_it[-1] if on_it else None
