"""What the counter remembers of its pieces, kept with the open basket so that a restart is only a blink."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.counter import Counter
from visionscan_kiosk.domain.recognition.piece import Memory
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Timer
from visionscan_kiosk.services.kiosk import KioskServices

_LOG = logging.getLogger(__name__)
RECALL_AGAIN_MS = 2000
KEEP_AFTER_MS = 400
"""A change is written when things have settled for a moment; a crash in between is a long blink as well."""

_Mark = tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Recalled:
    """What was kept, with the products that its pieces are or may be."""

    memory: Memory | None
    products: Mapping[UUID, Product]


class CounterBooks:
    """Reads what was kept once, and writes what changed; nobody waits for a write."""

    def __init__(self, around: Surroundings, counter: Counter) -> None:
        self._around = around
        self._counter = counter
        self._session_id: UUID | None = None
        self._kept: _Mark = ()
        self._timer: Timer | None = None

    def recall(self, session_id: UUID, done: Callable[[Recalled], None]) -> None:
        """Read what the program knew of the counter before it ended, as soon as the database answers.

        `done` is not called when another basket is recalled first.
        """
        services, till_id = self._around.services, self._around.profile.till_id
        self._session_id = session_id
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: _recall(services, till_id, session_id),
            done,
            lambda error: self._not_recalled(error, session_id, done),
        )

    def belong_to(self, session_id: UUID) -> None:
        """What is kept from now on belongs to another basket."""
        self._session_id = session_id
        self.note()

    def note(self) -> None:
        """Something may have changed: write it in a moment."""
        if self._timer is None and self._session_id is not None and _mark(self._counter) != self._kept:
            self._timer = self._around.timers.after(KEEP_AFTER_MS, self._keep)

    def _keep(self) -> None:
        self._timer = None
        session_id = self._session_id
        if session_id is None:
            return
        self._kept = _mark(self._counter)
        memory = self._counter.memory(self._around.clock.seconds())
        memories, till_id = self._around.services.counter_memories, self._around.profile.till_id
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: memories.keep(till_id, session_id, memory),
            _kept,
            self._not_kept,
        )

    def _not_kept(self, error: KioskError) -> None:
        """The next change tries again."""
        self._kept = ()
        _LOG.warning("what lies on the counter was not kept: %s", error)

    def _not_recalled(self, error: KioskError, session_id: UUID, done: Callable[[Recalled], None]) -> None:
        """One lost answer loses nothing: without a database nothing can be charged meanwhile."""
        _LOG.warning("what lay on the counter before was not read: %s", error)
        if isinstance(error, Unavailable):
            self._around.timers.after(RECALL_AGAIN_MS, lambda: self._recall_again(session_id, done))
        else:
            done(Recalled(None, {}))

    def _recall_again(self, session_id: UUID, done: Callable[[Recalled], None]) -> None:
        if session_id == self._session_id:
            self.recall(session_id, done)


def _mark(counter: Counter) -> _Mark:
    """Return what makes a difference to a restart: neither times nor pixels of noise."""
    return tuple(
        (piece.id, piece.key, piece.state, piece.why, piece.is_there, piece.is_replaced, piece.product)
        for piece in counter.pieces
    )


def _recall(services: KioskServices, till_id: str, session_id: UUID) -> Recalled:
    memory = services.counter_memories.load(till_id, session_id)
    pieces = memory.pieces if memory is not None else ()
    wanted = {product for piece in pieces for product in (piece.product, *piece.candidates) if product}
    return Recalled(memory, services.inventory.get_products(tuple(wanted)))


def _kept(result: object) -> None:
    del result  # it is done, and nobody waits for it
