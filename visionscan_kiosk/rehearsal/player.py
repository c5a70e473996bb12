"""Plays a script, step after step, and tells what did not hold."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.rehearsal.database_line import LineState
from visionscan_kiosk.rehearsal.expectations import unmet
from visionscan_kiosk.rehearsal.keyboard import Keyboard
from visionscan_kiosk.rehearsal.lessons import teach
from visionscan_kiosk.rehearsal.person import CannotDo, Person
from visionscan_kiosk.rehearsal.scene import SIZE, Scene, open_scene
from visionscan_kiosk.rehearsal.script import Script, Step
from visionscan_kiosk.settings import KioskSettings

_LOG = logging.getLogger(__name__)
Watch = Callable[[Scene, Step], None]


@dataclass(frozen=True, slots=True)
class Failure:
    """What did not hold at a step: a sentence, and where something was expected, what and what was found."""

    step: int
    what: str
    expected: Any = None
    found: Any = None

    @property
    def sentence(self) -> str:
        """What did not hold, in a line."""
        if self.expected is None and self.found is None:
            return f"step {self.step}: {self.what}"
        return f"step {self.step}: {self.what}: expected {_shown(self.expected)}, found {_shown(self.found)}"


@dataclass(frozen=True, slots=True)
class Played:
    """What became of a script; `seconds` are virtual."""

    failures: tuple[Failure, ...]
    seconds: float


def play(script: Script, settings: KioskSettings, watch: Watch = lambda _scene, _step: None) -> Played:
    """Play a script on a fresh shop; raise InvalidInput for what cannot be played, as on a full counter.

    `watch` is called before each step.
    """
    with open_scene(script, settings) as scene:
        player = _Player(scene)
        for step in script.steps:
            watch(scene, step)
            if not player.take(step):
                break
        return Played(tuple(player.failures), scene.time.seconds())


class _Player:
    """Knows what each step does."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self._person = Person(scene)
        self._keyboard = Keyboard(scene)
        self._turns: dict[str, float] = {}
        self.failures: list[Failure] = []
        self._acts: Mapping[str, Callable[[Step], None]] = {
            **self._at_the_counter(),
            **self._at_the_screen(),
            **self._around(),
        }

    def take(self, step: Step) -> bool:
        """Do one step; one that the till does not let happen is a failure, and the script goes on.

        Return whether it can: not when the till itself failed.
        """
        self._scene.note_truths()
        try:
            self._acts[step.name](step)
        except CannotDo as error:
            self.failures.append(Failure(step.number, f"{step.name} cannot be done: {error}"))
        except InvalidInput as error:
            raise InvalidInput(f"Step {step.number} ({step.name}): {error}") from error
        except Exception as error:  # noqa: BLE001 - whatever the till fails with is what was found
            _LOG.exception("step %d (%s) ended in a failure", step.number, step.name)
            self.failures.append(Failure(step.number, f"the till failed: {type(error).__name__}: {error}"))
            return False
        return True

    def _at_the_counter(self) -> Mapping[str, Callable[[Step], None]]:
        hands = self._scene.hands
        return {
            "put": self._put,
            "take": lambda step: hands.take(step.argument),
            "move": self._move,
            "swap": self._swap,
            "cover": lambda step: hands.cover(step.argument, step.further["by"], step.further["for"]),
            "light": lambda step: self._for_a_while("light", step, 1.0),
            "shake": lambda step: self._for_a_while("shake", step, 0.0),
            "picture": self._picture,
            "readable": self._readable,
        }

    def _at_the_screen(self) -> Mapping[str, Callable[[Step], None]]:
        person, keyboard = self._person, self._keyboard
        return {
            "scan": lambda step: keyboard.scan(step.argument, step.further.get("suffix", "enter")),
            "scans": lambda step: keyboard.scan_all(
                step.argument, step.further["apart"], step.further.get("suffix", "enter")
            ),
            "type": lambda step: keyboard.type(step.argument),
            "tap": lambda step: person.tap(step.argument),
            "undo": lambda _: person.undo(),
            "remove": lambda step: person.remove(step.argument),
            "quantity": lambda step: person.quantity(*step.argument),
            "answer": lambda step: person.answer(step.argument),
            "add all": lambda _: person.add_all(),
            "skip": lambda _: person.skip(),
            "pay": lambda step: person.pay(step.argument),
            "next customer": lambda _: person.next_customer(),
            "end without sale": lambda _: person.end_without_sale(),
            "open": lambda step: person.open(step.argument),
            "back": lambda _: person.back(),
        }

    def _around(self) -> Mapping[str, Callable[[Step], None]]:
        scene = self._scene
        return {
            "wait": lambda step: scene.wait(step.argument),
            "fps": lambda step: scene.camera.set_rate(step.argument),
            "restart": lambda _: self._restart(),
            "database": lambda step: scene.till.line.become(LineState(step.argument)),
            "elsewhere": lambda step: self._person.elsewhere(*step.argument),
            "expect": self._expect,
            "teach": lambda step: teach(scene, step.argument, step.further["photos"]),
        }

    def _put(self, step: Step) -> None:
        name, at, turn = step.further["as"], step.further.get("at"), step.further.get("turn", 0.0)
        self._lay(name, step.argument, turn)
        place = None if at is None else (at[0] * SIZE[0], at[1] * SIZE[1])
        self._scene.hands.put(name, step.argument, place, turn)

    def _swap(self, step: Step) -> None:
        name, sku = step.further["as"], step.further["with"]
        turn = self._turns[step.argument]
        self._lay(name, sku, turn)
        self._scene.hands.swap(step.argument, sku, name, turn)

    def _lay(self, name: str, sku: str, turn: float) -> None:
        self._scene.camera.forget_drawn()
        self._scene.pieces[name] = sku
        self._turns[name] = turn

    def _move(self, step: Step) -> None:
        across, down = step.further["by"]
        self._scene.hands.move(step.argument, (across * SIZE[0], down * SIZE[1]))

    def _for_a_while(self, what: str, step: Step, usual: float) -> None:
        """Without a time it stays so."""
        setattr(self._scene.stage, what, step.argument)
        if "for" in step.further:
            self._scene.wait(step.further["for"])
            setattr(self._scene.stage, what, usual)

    def _picture(self, step: Step) -> None:
        if step.argument == "lost":
            self._scene.camera.lose()
        else:
            self._scene.camera.come_back()

    def _readable(self, step: Step) -> None:
        self._scene.camera.readable = step.argument

    def _restart(self) -> None:
        """The next program numbers its pieces anew."""
        self._scene.truths.clear()
        self._scene.till.restart()

    def _expect(self, step: Step) -> None:
        self.failures += [Failure(step.number, *found) for found in unmet(self._scene, step.argument)]


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
