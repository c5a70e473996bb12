"""Codes and names that are looked up: each until the database has answered, in the order of entering."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.matching.match import Match
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Timer
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.services.inventory import InventoryService

RETRY_MS = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What a text means, with the products its tiles need."""

    text: str
    match: Match
    products: Mapping[UUID, Product]


@dataclass(frozen=True, slots=True)
class LookUpActions:
    """What looking up leads to. `seeks`, `found`: a text is looked up, and was; `ended`: after each one."""

    seeks: Callable[[str], None]
    found: Callable[[str], None]
    ended: Callable[[], None]
    say: Callable[[str], None]


@dataclass(frozen=True, slots=True)
class _LookUp:
    text: str
    then: Callable[[Answer], None]


class LookUps:
    """Nothing that was entered is lost: in an outage it waits, and what comes later waits behind it."""

    def __init__(self, around: Surroundings, status: Status, actions: LookUpActions) -> None:
        self._around = around
        self._status = status
        self._actions = actions
        self._under_way = 0
        self._is_away = False
        self._unanswered: list[_LookUp] = []
        self._retry: Timer | None = None

    @property
    def waiting(self) -> int:
        """How many wait until the database can be asked again: one without an answer, and all behind it."""
        return self.pending if self._is_away else 0

    @property
    def pending(self) -> int:
        """How many have no answer yet."""
        return self._under_way + len(self._unanswered)

    @property
    def is_settled(self) -> bool:
        """Whether everything that was entered has its answer."""
        return not self.pending

    def look_up(self, text: str, then: Callable[[Answer], None]) -> None:
        """Ask what a text means; `then` gets the answer."""
        entered = _LookUp(text, then)
        if self._unanswered:
            self._unanswered.append(entered)
        else:
            self._ask(entered)
        self._actions.seeks(text)

    def try_again(self) -> None:
        """Look up again what the database did not answer."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        unanswered, self._unanswered = self._unanswered, []
        for entered in unanswered:
            self._ask(entered)

    def _ask(self, entered: _LookUp) -> None:
        self._under_way += 1
        inventory = self._around.services.inventory
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: _answer(inventory, entered.text),
            lambda answer: self._answered(entered, answer),
            lambda error: self._failed(entered, error),
        )

    def _answered(self, entered: _LookUp, answer: Answer) -> None:
        self._under_way -= 1
        self._is_away = False
        self._status.database(is_away=False)
        self._actions.found(entered.text)
        entered.then(answer)
        self._actions.ended()

    def _failed(self, entered: _LookUp, error: KioskError) -> None:
        self._under_way -= 1
        if isinstance(error, Unavailable):
            self._status.database(is_away=True)
            self._is_away = True
            self._unanswered.append(entered)
            self._retry = self._retry or self._around.timers.after(RETRY_MS, self.try_again)
        else:
            self._is_away = False
            self._actions.found(entered.text)
            self._actions.say(str(error))
        self._actions.ended()


def _answer(inventory: InventoryService, text: str) -> Answer:
    match = inventory.match_text(text)
    return Answer(text, match, inventory.get_products([item.product_id for item in match.candidates]))
