"""The way of changes to the database: one after the other, each sent until its end is known.

This is the one place that tries again. A change keeps its id, so what was lost was its answer or itself, and
both are mended by sending it again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol
from uuid import UUID

from visionscan_kiosk.domain.basket_operations import (
    Operation,
    OperationResult,
    pieces_after,
    pieces_before,
    pieces_of,
)
from visionscan_kiosk.domain.errors import (
    KioskError,
    SessionNotActive,
    SessionNotFound,
    TransientConflict,
    Unavailable,
)
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui.flow.basket_changes import Change
from visionscan_kiosk.gui.flow.basket_opening import Opening, open_basket
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Ticket, Timer
from visionscan_kiosk.gui.flow.status import Status

RETRY_MS = 2000
RETRY_SOON_MS = 100
WATCH_MS = 1000
FORGET_MS = 3_600_000


class QueueOwner(Protocol):
    """Whoever is told what became of changes and basket."""

    def opened(self, opening: Opening, too_late: Sequence[Change], *, was_left: bool) -> None:
        """A basket is open; `too_late` was for the one before. `was_left`: others closed that one."""

    def applied(self, change: Change, result: OperationResult) -> None:
        """The change is made."""

    def refused(self, change: Change, error: KioskError) -> None:
        """The change is not made and will not be."""

    def changed_elsewhere(self, pieces: Mapping[UUID, int]) -> None:
        """Others added or took pieces; these are there, what is `applied` next not counted."""

    def basket_read(self, basket: Basket) -> None:
        """The basket was read, and is not as it was known."""

    def waits(self, error: KioskError) -> None:
        """The database did not answer, or not as it should; it will be asked again."""

    def settled(self) -> None:
        """Nothing waits any more."""


class BasketQueue:
    """Holds the basket as the newest answer told it, and the changes that wait."""

    def __init__(
        self, around: Surroundings, status: Status, owner: QueueOwner, is_watched: Callable[[], bool]
    ) -> None:
        self._around = around
        self._status = status
        self._owner = owner
        self._is_watched = is_watched
        self._basket: Basket | None = None
        self._left: UUID | None = None
        self._waiting: deque[Change] = deque()
        self._is_busy = False
        self._is_stale = False
        self._is_held = False
        self._is_away = False
        self._retry: Timer | None = None
        self._watching: Ticket | None = None
        self._timers: tuple[Timer, ...] = ()

    @property
    def basket(self) -> Basket | None:
        """The basket as the database last told it; None while none is known to be open."""
        return self._basket

    @property
    def waiting(self) -> int:
        """How many changes wait."""
        return len(self._waiting)

    @property
    def operations(self) -> tuple[Operation, ...]:
        """The operations that wait, in the order in which they are sent."""
        return tuple(change.operation for change in self._waiting)

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits: what is on screen is what the database has."""
        is_idle = not (self._waiting or self._is_busy or self._retry or self._is_held)
        return self._basket is not None and is_idle

    @property
    def is_delayed(self) -> bool:
        """Whether it waits for the next attempt."""
        return self._retry is not None

    @property
    def is_away(self) -> bool:
        """Whether the database did not answer when it was last asked."""
        return self._is_away

    @property
    def is_held(self) -> bool:
        """Whether nothing may be sent."""
        return self._is_held

    def open(self) -> None:
        """The basket is over, or there was none: ask for the open one, or a new one."""
        self._start_timers()
        self._left = None
        self._let_go()
        self._go_on()

    def put(self, change: Change) -> None:
        """Make this change after those that wait. It belongs to the present basket, or to the next one."""
        self._waiting.append(self.bound(change))
        self._go_on()

    def bound(self, change: Change) -> Change:
        """Return the change for the present basket; as it is while none is known."""
        return change if self._basket is None else change.bound_to(self._basket.session.id)

    def try_again(self) -> None:
        """Ask the database now instead of waiting for the next attempt."""
        if self._retry is None:
            self.watch()
            return
        self._retry.cancel()
        self._retry = None
        self._go_on()

    def read_again(self) -> None:
        """Read the basket as soon as nothing waits: it may have been closed."""
        self._is_stale = True
        self._go_on()

    def hold(self, *, is_held: bool) -> None:
        """Send nothing more, or go on: then the basket is read first."""
        if is_held is not self._is_held:
            self._is_held = is_held
            self._is_stale = True
            self._go_on()

    def watch(self) -> None:
        """Look whether others changed the basket; not while there is something to do.

        On other pages only whether the database answers: there the basket stays as it is.
        """
        if self._basket is None or self._watching is not None or not self.is_settled:
            return
        is_watched = self._is_watched()
        sessions, session_id = self._around.services.sessions, self._basket.session.id
        self._watching = self._around.tasks.run(
            Lane.DATABASE,
            lambda: sessions.get_basket(session_id),
            self._watched if is_watched else self._answers,
            self._watch_failed if is_watched else self._does_not_answer,
        )

    def _start_timers(self) -> None:
        if not self._timers:
            every = self._around.timers.every
            self._timers = (every(WATCH_MS, self.watch), every(FORGET_MS, self._forget_old))

    def _forget_old(self) -> None:
        operations = self._around.services.basket_operations
        self._around.tasks.run(Lane.REPORTS, operations.forget_old, _forgotten, _not_forgotten)

    def _go_on(self) -> None:
        if self._is_busy or self._is_held or self._retry is not None:
            return
        if self._basket is None:
            self._open()
        elif self._waiting:
            self._send(self._waiting[0])
        elif self._is_stale:
            self._read(self._basket.session.id)
        else:
            self._owner.settled()

    def _open(self) -> None:
        self._is_busy = True
        services, till_id, left = self._around.services, self._around.profile.till_id, self._left
        waiting = [change.operation for change in self._waiting]
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: open_basket(services, till_id, left, waiting),
            self._opened,
            self._not_read,
        )

    def _opened(self, opening: Opening) -> None:
        left, self._left = self._left, None
        session_id = opening.basket.session.id
        waiting = [change.bound_to(session_id) for change in self._waiting]
        too_late = [change for change in waiting if change.operation.session_id != session_id]
        self._waiting = deque(change for change in waiting if change.operation.session_id == session_id)
        self._basket = opening.basket
        self._is_stale = False
        with self._telling():
            self._owner.opened(opening, too_late, was_left=left is not None)

    def _send(self, change: Change) -> None:
        self._is_busy = True
        operations, operation = self._around.services.basket_operations, change.operation
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: operations.apply(operation),
            lambda result: self._applied(change, result),
            lambda error: self._send_failed(change, error),
        )

    def _applied(self, change: Change, result: OperationResult) -> None:
        """What others did came before the operation; when this is a repetition of it, after."""
        self._waiting.popleft()
        before = self._basket
        if before is not None:
            self._basket = result.basket
        is_explained = before is None or _is_explained(before, result)
        with self._telling():
            if not is_explained and not result.is_repeat:
                self._owner.changed_elsewhere(pieces_before(result))
            self._owner.applied(change, result)
            if not is_explained and result.is_repeat:
                self._owner.changed_elsewhere(pieces_of(result.basket))
            if _is_closed(result.basket):
                self._leave()

    def _send_failed(self, change: Change, error: KioskError) -> None:
        if isinstance(error, Unavailable):
            self._wait(error)
            return
        with self._telling():
            if isinstance(error, SessionNotActive | SessionNotFound):
                self._leave()
                return
            self._waiting.popleft()
            self._is_stale = True
            self._owner.refused(change, error)

    def _read(self, session_id: UUID) -> None:
        self._is_busy = True
        sessions = self._around.services.sessions
        self._around.tasks.run(
            Lane.DATABASE, lambda: sessions.get_basket(session_id), self._was_read, self._not_read
        )

    def _was_read(self, basket: Basket) -> None:
        self._is_stale = False
        with self._telling():
            self._compare(basket)

    def _not_read(self, error: KioskError) -> None:
        if isinstance(error, SessionNotFound):
            with self._telling():
                self._leave()
        else:
            self._wait(error)

    def _watched(self, basket: Basket) -> None:
        self._watching = None
        self._answered()
        self._compare(basket)
        self._go_on()

    def _watch_failed(self, error: KioskError) -> None:
        """Quiet: nothing waits for it."""
        self._watching = None
        if isinstance(error, Unavailable):
            self._missed(error)
        elif isinstance(error, SessionNotFound):
            self._leave()
            self._go_on()

    def _answers(self, basket: Basket) -> None:
        del basket
        self._watching = None
        self._answered()
        self._go_on()

    def _does_not_answer(self, error: KioskError) -> None:
        self._watching = None
        if isinstance(error, Unavailable):
            self._missed(error)

    def _compare(self, basket: Basket) -> None:
        before = self._basket
        if before is None or before == basket:
            return
        self._basket = basket
        if _is_closed(basket):
            self._leave()
        else:
            if pieces_of(before) != pieces_of(basket):
                self._owner.changed_elsewhere(pieces_of(basket))
            self._owner.basket_read(basket)

    def _leave(self) -> None:
        """Others closed the basket, unless this till let it go before."""
        if self._basket is not None:
            self._left = self._basket.session.id
            self._let_go()

    def _let_go(self) -> None:
        self._basket = None
        if self._watching is not None:
            self._watching.drop()
            self._watching = None

    @contextmanager
    def _telling(self) -> Iterator[None]:
        """Nothing more is sent before everybody knows of this answer."""
        self._answered()
        try:
            yield
        finally:
            self._is_busy = False
            self._go_on()

    def _answered(self) -> None:
        self._is_away = False
        self._status.database(is_away=False)

    def _wait(self, error: KioskError) -> None:
        self._is_busy = False
        self._missed(error)
        pause = RETRY_SOON_MS if isinstance(error, TransientConflict) else RETRY_MS
        self._retry = self._around.timers.after(pause, self.try_again)
        self._owner.waits(error)

    def _missed(self, error: KioskError) -> None:
        if not isinstance(error, TransientConflict):
            self._is_away = True
            self._status.database(is_away=True)


def _is_closed(basket: Basket) -> bool:
    """Nothing may be done to it any more: it is completed, or held until somebody goes on with it."""
    return not basket.session.is_open


def _is_explained(before: Basket, result: OperationResult) -> bool:
    """Whether the operation's own changes lead from the basket before to the one after."""
    return pieces_after(before, result.changes) == pieces_of(result.basket)


def _forgotten(count: int) -> None:
    """Nobody needs to know."""
    del count


def _not_forgotten(error: KioskError) -> None:
    """There is another attempt in an hour."""
    del error
