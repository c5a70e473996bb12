"""What a person has to look at before money is asked for: changed prices, and stock a manager decides on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from visionscan_kiosk.domain.checkout import SaleCheck
from visionscan_kiosk.domain.errors import ShortProduct
from visionscan_kiosk.domain.scan_session import ScanItem
from visionscan_kiosk.domain.stock import ShortStock
from visionscan_kiosk.gui import money_wording
from visionscan_kiosk.gui.flow.ports import Sound, Surroundings
from visionscan_kiosk.gui.flow.tray_contents import Note
from visionscan_kiosk.gui.flow.trays import Trays


class LastQuestions:
    """Each is asked once, and again when it changed since. `go_on` is the way to payment after an answer.

    There are no persons yet: whoever stands at the till answers for the manager. Once there are, the answer
    needs their right, and this is the place that asks for it.
    """

    def __init__(
        self,
        around: Surroundings,
        trays: Trays,
        take_price: Callable[[UUID, Decimal], None],
        go_on: Callable[[], None],
    ) -> None:
        self._around = around
        self._trays = trays
        self._take_price = take_price
        self._go_on = go_on
        self._session_id: UUID | None = None
        self._allowed: dict[UUID, int] = {}
        self._shown_prices: set[tuple[UUID, Decimal | None]] = set()
        self._note: Note | None = None

    def ask(self, check: SaleCheck) -> bool:
        """Ask what is still to be asked of this basket; return whether there is anything."""
        self._belong_to(check.basket.session.id)
        self._take_back()
        prices = [item for item in check.basket.repriced if _price_of(item) not in self._shown_prices]
        short = self.undecided(check)
        if prices:
            self._ask_about_prices(prices)
        elif short:
            self._ask_about_stock(short)
        return bool(prices or short)

    def undecided(self, check: SaleCheck) -> Sequence[ShortProduct]:
        """Return the short products that a manager has to decide on and has not."""
        if check.short_stock is not ShortStock.ASK:
            return ()
        return [product for product in check.basket.short if _missing(product) > self._allows(product)]

    def _allows(self, product: ShortProduct) -> int:
        return self._allowed.get(product.product_id, 0)

    def _belong_to(self, session_id: UUID) -> None:
        if session_id != self._session_id:
            self._session_id = session_id
            self._allowed.clear()
            self._shown_prices.clear()

    def _ask_about_prices(self, items: Sequence[ScanItem]) -> None:
        self._shown_prices |= {_price_of(item) for item in items}
        self._say(
            Note(
                money_wording.prices_changed(items),
                detail=money_wording.PRICES_DETAIL,
                action_text=money_wording.take_prices(len(items)),
                action=lambda: self._take(items),
                skip_text=money_wording.KEEP_PRICES,
            )
        )

    def _take(self, items: Sequence[ScanItem]) -> None:
        for item in items:
            if item.new_price is not None:
                self._take_price(item.id, item.new_price)

    def _ask_about_stock(self, short: Sequence[ShortProduct]) -> None:
        self._say(
            Note(
                money_wording.short(short),
                detail=money_wording.MANAGER_DECIDES,
                action_text=money_wording.SELL_SHORT,
                action=lambda: self._allow(short),
                skip_text=money_wording.NOT_YET,
            )
        )

    def _allow(self, short: Sequence[ShortProduct]) -> None:
        self._allowed.update({product.product_id: _missing(product) for product in short})
        self._go_on()

    def _say(self, note: Note) -> None:
        self._note = note
        self._around.sounds.play(Sound.QUESTION)
        self._trays.say(note)

    def _take_back(self) -> None:
        """Pay was tapped again: what was asked before is answered by that, or asked anew."""
        if self._note is not None:
            self._trays.take_note_back(self._note)
            self._note = None


def _price_of(item: ScanItem) -> tuple[UUID, Decimal | None]:
    return item.id, item.new_price


def _missing(product: ShortProduct) -> int:
    return product.required - product.available
