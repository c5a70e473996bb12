"""The basket on screen: changes go to the database one after the other, and none is lost while it is away."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.errors import (
    ItemNotFound,
    KioskError,
    SessionNotActive,
    TransientConflict,
    Unavailable,
)
from visionscan_kiosk.domain.scan_session import Basket, ScanItem, ScanResult
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.basket_changes import (
    Addition,
    Change,
    Exchange,
    add_product,
    exchange_piece,
    exchanged_line,
)
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Timer
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.presenters import basket_view
from visionscan_kiosk.gui.views import BasketView, UndoView

UNDO_MS = 5000
REMARK_MS = 6000
RETRY_MS = 2000


@dataclass(frozen=True, slots=True)
class _Undo:
    text: str
    changes: tuple[Change, ...]
    undone: tuple[Callable[[], None], ...] = ()
    batch: object = None


class BasketFlow:
    """Holds the present basket and the changes that wait. `say` shows a sentence to the cashier."""

    def __init__(self, around: Surroundings, status: Status, say: Callable[[str], None]) -> None:
        self._around = around
        self._status = status
        self._say = say
        self._basket: Basket | None = None
        self._waiting: deque[Change] = deque()
        self._is_busy = False
        self._retry: Timer | None = None
        self._undo: _Undo | None = None
        self._undo_timer: Timer | None = None
        self._new_item: UUID | None = None
        self._remark = ""
        self._remark_timer: Timer | None = None
        self._is_in_doubt = False
        self._when_settled: Callable[[], None] | None = None

    @property
    def basket(self) -> Basket | None:
        """The basket as the database last told it; None before the first answer."""
        return self._basket

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits: what is on screen is what the database has."""
        return self._basket is not None and not self._waiting and not self._is_busy

    def open(self) -> None:
        """Ask for the till's open basket: what a crash left, or a new one."""
        self._offer_undo(None)
        self._basket = None
        self._reopen()

    def add_product(
        self, product_id: UUID, quantity: int = 1, *, seen_as: str | None = None, confidence: float = 1.0
    ) -> None:
        """Add a product that a tap, a code or a tile named."""
        self._queue(
            Change(
                lambda session_id: self._around.services.sessions.add_product(
                    session_id, product_id, quantity, detected_name=seen_as, confidence=confidence
                ),
                added=quantity,
            )
        )

    def add_seen(self, additions: Sequence[Addition]) -> None:
        """Add what the camera saw; one undo takes all of it back."""
        batch = object()
        for entry in additions:
            self._queue(self._addition(entry, batch))

    def exchange(self, product_id: UUID, entry: Addition) -> None:
        """One piece of a product turned out to be another one; it is added where the line is gone."""
        exchange = Exchange(self._around.services.sessions, product_id, entry)
        self._queue(Change(exchange, added=1, undone=entry.undone, exchange=exchange))

    def _addition(self, entry: Addition, batch: object) -> Change:
        sessions = self._around.services.sessions
        return Change(
            lambda session_id: add_product(sessions, session_id, entry),
            added=entry.quantity,
            batch=batch,
            undone=entry.undone,
        )

    def add_unnamed(self, detected_name: str, confidence: float, quantity: int) -> None:
        """Keep something that has no product yet; only a sure match gives it one."""
        self._queue(
            Change(
                lambda session_id: self._around.services.sessions.scan_product(
                    session_id, detected_name, confidence, quantity, ask_when_ambiguous=True
                ),
                added=quantity,
            )
        )

    def assign(self, item_id: UUID, product_id: UUID) -> None:
        """Give a line a product."""
        sessions = self._around.services.sessions
        self._queue(Change(lambda session_id: sessions.assign_product(session_id, item_id, product_id)))

    def set_quantity(self, item_id: UUID, quantity: int) -> None:
        """Set a line's quantity; none left takes the line out."""
        if quantity < 1:
            self.remove(item_id)
            return
        sessions = self._around.services.sessions
        self._queue(Change(lambda session_id: sessions.set_quantity(session_id, item_id, quantity)))

    def remove(self, item_id: UUID) -> None:
        """Take a line out; it can be put back for a while."""
        item = self.find(item_id)
        if item is not None:
            sessions = self._around.services.sessions
            self._queue(Change(lambda session_id: sessions.remove_item(session_id, item_id), removed=item))

    def undo(self) -> None:
        """Take the last addition or removal back, while that is offered."""
        if self._undo is not None:
            undo = self._undo
            self._offer_undo(None)
            for change in undo.changes:
                self._queue(change)
            for undone in undo.undone:
                undone()

    def find(self, item_id: UUID) -> ScanItem | None:
        """Return a line of the present basket."""
        items = self._basket.items if self._basket else ()
        return next((item for item in items if item.id == item_id), None)

    def when_settled(self, action: Callable[[], None]) -> None:
        """Call once when everything asked for is in the database; another change forgets it."""
        if self.is_settled:
            action()
        else:
            self._when_settled = action

    def try_again(self) -> None:
        """Ask the database now instead of waiting for the next attempt."""
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
            self._reopen()

    def remark(self, text: str) -> None:
        """Show one line under the total until the next change, or for a while."""
        if self._remark_timer is not None:
            self._remark_timer.cancel()
        self._remark = text
        self._remark_timer = self._around.timers.after(REMARK_MS, self._remark_expired) if text else None
        self.show()

    def view(self) -> BasketView:
        """Return the basket column."""
        if self._basket is None:
            return BasketView(hint=self._hint())
        undo = UndoView(self._undo.text, UNDO_MS) if self._undo else None
        return basket_view(
            self._basket,
            self._around.profile.currency_sign,
            new_item=self._new_item,
            undo=undo,
            hint=self._hint(),
        )

    def show(self) -> None:
        """Show the basket column."""
        self._around.display.show_basket(self.view())

    def _hint(self) -> str:
        return wording.waiting_changes(len(self._waiting)) if self._retry and self._waiting else self._remark

    def _remark_expired(self) -> None:
        self._remark = ""
        self._remark_timer = None
        self.show()

    def _queue(self, change: Change) -> None:
        self._waiting.append(change)
        self._when_settled = None
        self._remark = ""
        self._work()

    def _work(self) -> None:
        if self._is_busy or self._basket is None or self._retry is not None:
            self.show()
            return
        if not self._waiting:
            self._settled()
            return
        self._is_busy = True
        change, session_id = self._waiting[0], self._basket.session.id
        self._around.tasks.run(
            Lane.DATABASE, lambda: change.apply(session_id), self._applied, self._change_failed
        )

    def _settled(self) -> None:
        action, self._when_settled = self._when_settled, None
        if action is not None:
            action()

    def _applied(self, result: Basket | ScanResult) -> None:
        self._is_busy = False
        self._status.database(is_away=False)
        change = self._waiting.popleft()
        self._basket = result.basket if isinstance(result, ScanResult) else result
        self._offer_undo(self._undo_of(change, result))
        if change.is_undo:
            self.remark(change.remark)
        self.show()
        self._work()

    def _undo_of(self, change: Change, result: Basket | ScanResult) -> _Undo | None:
        if change.is_undo:
            return None
        if isinstance(result, ScanResult):
            return self._undo_of_addition(change, result.item)
        return self._undo_of_removal(change.removed) if change.removed else None

    def _undo_of_addition(self, change: Change, item: ScanItem) -> _Undo:
        self._around.sounds.play(Sound.ADDED)
        name = item.display_name
        back = Change(self._taking_back(change, item), is_undo=True, remark=wording.taken_out(name))
        self._new_item = item.id
        undone = (change.undone,) if change.undone is not None else ()
        before = self._undo
        if before is None or change.batch is None or before.batch is not change.batch:
            said = wording.added(name) if exchanged_line(change) is None else wording.changed_to(name)
            return _Undo(said, (back,), undone, change.batch)
        changes = (*before.changes, back)
        return _Undo(wording.several_added(len(changes)), changes, (*before.undone, *undone), change.batch)

    def _taking_back(self, change: Change, item: ScanItem) -> Callable[[UUID], Basket | ScanResult]:
        sessions, quantity, before = self._around.services.sessions, change.added, exchanged_line(change)
        if before is None or before.inventory_id is None:
            return lambda session_id: sessions.take_back(session_id, item.id, quantity)
        entry = Addition(before.inventory_id, 1, before.detected_name, before.confidence)
        return lambda session_id: exchange_piece(sessions, session_id, item.id, entry)

    def _undo_of_removal(self, item: ScanItem) -> _Undo:
        back = Change(self._putting_back(item), is_undo=True)
        return _Undo(wording.taken_out(item.display_name), (back,))

    def _putting_back(self, item: ScanItem) -> Callable[[UUID], ScanResult]:
        sessions, product_id = self._around.services.sessions, item.inventory_id
        if product_id is None:
            return lambda session_id: sessions.scan_product(
                session_id, item.detected_name, item.confidence, item.quantity, ask_when_ambiguous=True
            )
        return lambda session_id: sessions.add_product(
            session_id,
            product_id,
            item.quantity,
            detected_name=item.detected_name,
            confidence=item.confidence,
        )

    def _offer_undo(self, undo: _Undo | None) -> None:
        if self._undo_timer is not None:
            self._undo_timer.cancel()
        self._undo = undo
        self._undo_timer = self._around.timers.after(UNDO_MS, self._undo_expired) if undo else None
        if undo is None:
            self._new_item = None

    def _undo_expired(self) -> None:
        self._offer_undo(None)
        self.show()

    def _change_failed(self, error: KioskError) -> None:
        self._is_busy = False
        if isinstance(error, Unavailable):
            self._is_in_doubt = True
            self._wait_for_database(error)
            return
        self._waiting.popleft()
        self._around.sounds.play(Sound.REFUSED)
        if isinstance(error, SessionNotActive):
            self._say(wording.CLOSED_ELSEWHERE)
            self.open()
            return
        if not isinstance(error, ItemNotFound):
            self._say(str(error))
        self._reopen()

    def _wait_for_database(self, error: KioskError) -> None:
        if not isinstance(error, TransientConflict):
            self._status.database(is_away=True)
        self._retry = self._around.timers.after(RETRY_MS, self.try_again)
        self.show()

    def _reopen(self) -> None:
        self._is_busy = True
        sessions, till_id = self._around.services.sessions, self._around.profile.till_id
        self._around.tasks.run(
            Lane.DATABASE, lambda: sessions.open_basket(till_id), self._reopened, self._reopen_failed
        )

    def _reopened(self, basket: Basket) -> None:
        """A basket that changed while an answer was lost has that change already: it is not made twice."""
        self._is_busy = False
        self._status.database(is_away=False)
        before, self._basket = self._basket, basket
        if self._is_in_doubt and before != basket and _is_same_session(before, basket):
            self._waiting.popleft()
        self._is_in_doubt = False
        self.show()
        self._work()

    def _reopen_failed(self, error: KioskError) -> None:
        self._is_busy = False
        if not isinstance(error, Unavailable):
            self._say(str(error))
        self._wait_for_database(error)


def _is_same_session(before: Basket | None, after: Basket) -> bool:
    return before is not None and before.session.id == after.session.id
