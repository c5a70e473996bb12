"""The basket on screen: what is asked of it becomes operations, and none is lost in an outage."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from uuid import UUID, uuid4

from visionscan_kiosk.domain.basket_operations import (
    AddLine,
    AddNamed,
    AssignProduct,
    ChoosePrice,
    ExchangePiece,
    Operation,
    OperationResult,
    RemoveLine,
    SetQuantity,
    Source,
    TakePiece,
)
from visionscan_kiosk.domain.errors import (
    InsufficientStock,
    ItemNotFound,
    KioskError,
    PieceNotFound,
    SessionNotActive,
    TillBusy,
    Unavailable,
)
from visionscan_kiosk.domain.line_sources import Done, LineSources
from visionscan_kiosk.domain.scan_session import Basket, ScanItem, SessionOutcome
from visionscan_kiosk.gui import money_wording, wording
from visionscan_kiosk.gui.basket_wording import basket_left
from visionscan_kiosk.gui.flow.basket_changes import (
    NO_BASKET_YET,
    Addition,
    BasketListener,
    Change,
    SilentListener,
)
from visionscan_kiosk.gui.flow.basket_opening import Opening
from visionscan_kiosk.gui.flow.basket_queue import BasketQueue
from visionscan_kiosk.gui.flow.basket_undo import Undo, undo_of
from visionscan_kiosk.gui.flow.entered_units import entered_units
from visionscan_kiosk.gui.flow.ports import Sound, Surroundings, Timer
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.presenters import basket_view
from visionscan_kiosk.gui.views import BasketView, UndoView

UNDO_MS = 5000
REMARK_MS = 6000


class BasketFlow:
    """Everything that a person or the camera does to the basket. `say` shows a sentence to the cashier.

    `listener` learns what became of each operation. `on_overtaken` is called when what was asked of the
    basket before is not meant any more: a person changed it, it was closed, or nothing may be changed now.
    `on_opened` is called when a basket was opened.
    While `is_watched` says so, changes of other clients are noticed within about a second. `codes_waiting`:
    how many that were entered wait for the database.
    """

    def __init__(
        self,
        around: Surroundings,
        status: Status,
        say: Callable[[str], None],
        listener: BasketListener | None = None,
        is_watched: Callable[[], bool] = lambda: True,
        codes_waiting: Callable[[], int] = lambda: 0,
    ) -> None:
        self._around = around
        self._codes_waiting = codes_waiting
        self._say = say
        self.listener = listener or SilentListener()
        self.on_overtaken: Callable[[], None] = self.forget_waiting
        self.on_opened: Callable[[], None] = lambda: None
        self._queue = BasketQueue(around, status, self, is_watched)
        self._undo: Undo | None = None
        self._undo_timer: Timer | None = None
        self._undo_offered_at = 0.0
        self._new_item: UUID | None = None
        self._names: dict[UUID, str] = {}
        self._sources = LineSources()
        self._remark = self._shown_hint = ""
        self._remark_timer: Timer | None = None
        self._when_settled: Callable[[], None] | None = None
        self._held_because = ""

    @property
    def basket(self) -> Basket | None:
        """The basket as the database last told it; None before the first answer."""
        return self._queue.basket

    @property
    def is_settled(self) -> bool:
        """Whether nothing waits: what is on screen is what the database has."""
        return self._queue.is_settled

    @property
    def waiting(self) -> int:
        """How many changes are not in the database yet."""
        return self._queue.waiting

    @property
    def held_because(self) -> str:
        """Why nothing may be changed now, empty while everything may."""
        return self._held_because

    def open(self) -> None:
        """Ask for the till's open basket: what a crash left, or a new one. The one before is over."""
        self._offer_undo(None)
        self._queue.open()

    def read_again(self) -> None:
        """Look how the basket is, and open another when it was closed."""
        self._queue.read_again()

    def add_product(
        self,
        product_id: UUID,
        quantity: int = 1,
        *,
        seen_as: str | None = None,
        confidence: float = 1.0,
        source: Source = Source.TAPPED,
    ) -> None:
        """Add a product that a tap, a code or a tile named."""
        self._put(Change(AddLine(uuid4(), NO_BASKET_YET, product_id, quantity, seen_as, confidence, source)))

    def add_looked_up(self, product_id: UUID, source: Source) -> None:
        """Add a product whose code was entered before; what a person asked for since is still meant."""
        self._put(Change(AddLine(uuid4(), NO_BASKET_YET, product_id, 1, None, 1.0, source)), by_person=False)

    def add_seen(self, additions: Sequence[Addition]) -> None:
        """Add what the camera saw, each under its own operation's id; one undo takes all of it back."""
        batch = object()
        for entry in additions:
            operation = AddLine(
                entry.operation_id,
                NO_BASKET_YET,
                entry.product_id,
                entry.quantity,
                entry.seen_as,
                entry.confidence,
                entry.source,
            )
            self._put(Change(operation, batch, entry.undone), by_person=False)

    def exchange(self, product_id: UUID, entry: Addition) -> None:
        """One piece of a product turned out to be another one; it is added where the line is gone."""
        operation = ExchangePiece(
            entry.operation_id,
            NO_BASKET_YET,
            product_id,
            entry.product_id,
            entry.seen_as,
            entry.confidence,
            source=entry.source,
        )
        self._put(Change(operation, undone=entry.undone), by_person=False)

    def add_unnamed(self, detected_name: str, confidence: float, quantity: int) -> None:
        """Keep something that has no product yet; only a sure match gives it one."""
        self._put(
            Change(AddNamed(uuid4(), NO_BASKET_YET, detected_name, confidence, quantity, source=Source.SEEN))
        )

    def assign(self, item_id: UUID, product_id: UUID) -> None:
        """Give a line a product."""
        self._put(Change(AssignProduct(uuid4(), NO_BASKET_YET, item_id, product_id)))

    def set_quantity(self, item_id: UUID, quantity: int, source: Source = Source.TAPPED) -> None:
        """Set a line's quantity; none left takes the line out. `source`: how more pieces are entered."""
        if quantity < 1:
            self.remove(item_id)
        else:
            self._put(Change(SetQuantity(uuid4(), NO_BASKET_YET, item_id, quantity, source)))

    def take_price(self, item_id: UUID, price: Decimal) -> None:
        """Sell a line at its product's present price, which a person saw; that can be undone for a while."""
        self._put(Change(ChoosePrice(uuid4(), NO_BASKET_YET, item_id, price)))

    def remove(self, item_id: UUID) -> None:
        """Take a line out; it can be put back for a while."""
        if self.find(item_id) is not None:
            self._put(Change(RemoveLine(uuid4(), NO_BASKET_YET, item_id)))

    def take_back_piece(self, product_id: UUID, undoes: UUID | None) -> None:
        """Take one piece of a product out; it can be put back for a while. `undoes`: what had added it."""
        self._put(Change(TakePiece(uuid4(), NO_BASKET_YET, product_id, undoes)))

    def undo(self) -> None:
        """Take the last addition or removal back, while that is offered."""
        if self._held_because:
            self._refuse_aloud(self._held_because)
        elif self._undo is not None:
            undo = self._undo
            self._offer_undo(None)
            for change in undo.changes:
                self._put(change)
            for undone in undo.undone:
                undone()

    def find(self, item_id: UUID) -> ScanItem | None:
        """Return a line of the present basket."""
        items = self.basket.items if self.basket else ()
        return next((item for item in items if item.id == item_id), None)

    def when_settled(self, action: Callable[[], None]) -> None:
        """Call once when everything asked for is in the database.

        What a person does next forgets it, and so does a database that does not answer: nothing that was
        asked for happens by itself minutes later.
        """
        if self.is_settled:
            action()
        elif self._held_because:
            self._refuse_aloud(self._held_because)
        elif self._queue.is_away:
            self._around.sounds.play(Sound.REFUSED)
        else:
            self._when_settled = action

    def forget_waiting(self) -> None:
        """What `when_settled` was to call is not wanted any more."""
        self._when_settled = None

    def try_again(self) -> None:
        """Ask the database now instead of waiting for the next attempt."""
        self._queue.try_again()

    def hold(self, because: str) -> None:
        """Change nothing any more, and refuse what is asked with this sentence, until `go_on`."""
        self._held_because = because
        self.on_overtaken()
        self._queue.hold(is_held=True)

    def go_on(self) -> None:
        """Sell again after `hold`, on the basket as it is now."""
        self._held_because = ""
        self._queue.hold(is_held=False)

    def remark(self, text: str) -> None:
        """Show one line under the total until the next change, or for a while."""
        if self._remark_timer is not None:
            self._remark_timer.cancel()
        self._remark = text
        self._remark_timer = self._around.timers.after(REMARK_MS, self._remark_expired) if text else None
        self.show()

    def view(self) -> BasketView:
        """Return the basket column."""
        if self.basket is None:
            return BasketView(hint=self._hint())
        left_ms = UNDO_MS - round(1000 * (self._around.clock.seconds() - self._undo_offered_at))
        undo = UndoView(self._undo.text, UNDO_MS, max(0, left_ms)) if self._undo else None
        return basket_view(
            self.basket,
            self._around.profile.currency_sign,
            new_item=self._new_item,
            undo=undo,
            hint=self._hint(),
            sources=self._sources,
        )

    @property
    def sources(self) -> LineSources:
        """How the pieces of each line came into the basket."""
        return self._sources

    def show(self) -> None:
        """Show the basket column."""
        self._shown_hint = self._hint()
        self._around.display.show_basket(self.view())

    def codes_counted(self) -> None:
        """Other codes wait than before, or none: the line under the total may say so."""
        if self._hint() != self._shown_hint:
            self.show()

    def opened(self, opening: Opening, too_late: Sequence[Change], *, was_left: bool) -> None:
        """A basket is open; others closed the one before, or this till did."""
        self.on_overtaken()
        self._offer_undo(None)
        is_sold = opening.outcome is SessionOutcome.SOLD
        if was_left:
            self.listener.closed(is_sold=is_sold)
        for change in too_late:
            self._tell_refused(change, SessionNotActive(change.operation.session_id))
        if was_left or too_late:
            operations = [change.operation for change in too_late]
            names = {**self._names, **opening.names}
            closed = is_sold if was_left else None
            self._refuse_aloud(basket_left(operations, names, is_sold=closed, is_held=opening.is_held))
        self._sources = LineSources(opening.history)
        self._remember_names(opening.basket)
        self.listener.opened(opening.basket)
        self.show()
        self.on_opened()

    def applied(self, change: Change, result: OperationResult) -> None:
        """A change is made."""
        self._note_source(change.operation, result)
        undo = undo_of(change, result, self._undo)
        is_addition = isinstance(change.operation, AddLine | AddNamed | ExchangePiece)
        self._offer_undo(undo)
        if undo is not None and is_addition and result.item is not None:
            self._around.sounds.play(Sound.ADDED)
            self._new_item = result.item.id
        if change.is_undo:
            self.remark(change.remark)
        if result.short:
            self.remark(money_wording.short_now(result.short, result.short_stock))
        self._remember_names(result.basket)
        self.listener.applied(change.operation, result)
        self.show()

    def refused(self, change: Change, error: KioskError) -> None:
        """A change is not made; a line that is gone already needs no word, the basket shows it."""
        if isinstance(error, ItemNotFound | PieceNotFound):
            self._around.sounds.play(Sound.REFUSED)
        elif isinstance(error, InsufficientStock):
            self._refuse_aloud(money_wording.short_refused(error.short))
        else:
            self._refuse_aloud(str(error))
        self._tell_refused(change, error)
        self.show()

    def changed_elsewhere(self, pieces: Mapping[UUID, int]) -> None:
        """Others added or took pieces."""
        self.listener.changed_elsewhere(pieces)

    def basket_read(self, basket: Basket) -> None:
        """The basket was read, and is not as it was known."""
        self._remember_names(basket)
        self.show()

    def waits(self, error: KioskError) -> None:
        """The database did not answer: what was to come after the changes is forgotten."""
        if not isinstance(error, Unavailable):
            self._say(str(error))
        if self._queue.is_away:
            self._when_settled = None
        self.show()

    def settled(self) -> None:
        """Nothing waits any more."""
        action, self._when_settled = self._when_settled, None
        if action is not None:
            action()

    def _put(self, change: Change, *, by_person: bool = True) -> None:
        if by_person:
            self.on_overtaken()
        self._remark = ""
        if self._held_because:
            self.refused(change, TillBusy(self._held_because))
            return
        self._tell_asked(self._queue.bound(change))
        self._queue.put(change)
        self.show()

    def _tell_asked(self, change: Change) -> None:
        units = entered_units(change.operation, self.find, self._queue.operations)
        self.listener.asked(change.operation, units, is_undo=change.is_undo)

    def _tell_refused(self, change: Change, error: KioskError) -> None:
        if change.undone is not None:
            change.undone()
        self.listener.refused(change.operation, error)

    def _refuse_aloud(self, sentence: str) -> None:
        self._around.sounds.play(Sound.REFUSED)
        self._say(sentence)

    def _note_source(self, operation: Operation, result: OperationResult) -> None:
        item_id = result.item.id if result.item is not None else getattr(operation, "item_id", None)
        self._sources.note(Done(operation, item_id, result.before))

    def _remember_names(self, basket: Basket) -> None:
        """Lines are named also when their basket is gone."""
        self._names = {item.id: item.display_name for item in basket.items}

    def _hint(self) -> str:
        changes = self._queue.waiting if self._queue.is_delayed or self._queue.is_away else 0
        return wording.waiting(changes, self._codes_waiting()) or self._remark

    def _remark_expired(self) -> None:
        self._remark = ""
        self._remark_timer = None
        self.show()

    def _offer_undo(self, undo: Undo | None) -> None:
        if self._undo_timer is not None:
            self._undo_timer.cancel()
        self._undo, self._undo_offered_at = undo, self._around.clock.seconds()
        self._undo_timer = self._around.timers.after(UNDO_MS, self._undo_expired) if undo else None
        if undo is None:
            self._new_item = None

    def _undo_expired(self) -> None:
        self._offer_undo(None)
        self.show()
