"""Paying: cash with change, or card; one checkout, however often the button is tapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from visionscan_kiosk.domain.checkout import Receipt, Tender, TenderMethod, card, cash
from visionscan_kiosk.domain.errors import (
    Conflict,
    KioskError,
    NotFound,
    SessionNotActive,
    TenderMismatch,
    TransientConflict,
    Unavailable,
)
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.entry import AmountEntry
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Timer
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.presenters import basket_view, money, quick_amounts
from visionscan_kiosk.gui.views import PayView

ASK_AGAIN_MS = 2000


class PaymentFlow:
    """Takes one basket to its receipt; `on_sold` and `on_back` are the two ways out.

    `held_because` says why this till may write nothing now, empty while it may. `put_down` names what came to
    lie on the counter since and is not in the basket: it is shown while it lies there, and refuses one
    confirmation; the next one always sells, for a card may be charged already.
    """

    def __init__(
        self,
        around: Surroundings,
        status: Status,
        on_sold: Callable[[Receipt], None],
        on_back: Callable[[], None],
        held_because: Callable[[], str],
        put_down: Callable[[], Sequence[str]],
    ) -> None:
        self._around = around
        self._status = status
        self._on_sold = on_sold
        self._on_back = on_back
        self._held_because = held_because
        self._put_down = put_down
        self._shown_put_down = ""
        self._was_refused = False
        self._basket: Basket | None = None
        self._method = TenderMethod.CASH
        self._given = AmountEntry()
        self._trouble = ""
        self._is_busy = False
        self._ask_again: Timer | None = None

    def open(self, basket: Basket) -> None:
        """Begin to pay for a basket."""
        self._basket = basket
        self._method = TenderMethod.CASH
        self._given = AmountEntry()
        self._trouble = ""
        self._was_refused = False
        self.show()

    def goods_changed(self) -> None:
        """What lies on the counter is another: say so, or say no more."""
        if self._basket is not None and self._sentence() != self._shown_put_down:
            self.show()

    def choose_method(self, name: str) -> None:
        """Cash or card."""
        if not self._is_busy:
            self._method = TenderMethod(name)
            self._trouble = ""
            self.show()

    def press(self, key: str) -> None:
        """A key of the keypad."""
        self._set_given(self._given.press(key))

    def quick(self, amount: str) -> None:
        """A quick amount; its name is the amount."""
        self._set_given(AmountEntry.of(Decimal(amount)))

    def confirm(self) -> None:
        """Sell now. A second tap while the first is under way does nothing."""
        tender = self._tender()
        if self._is_busy or self._basket is None or tender is None:
            return
        if self._held_because():
            self._refuse(self._held_because())
        elif self._put_down() and not self._was_refused:
            self._was_refused = True
            self._refuse("")
        else:
            self._check_out(self._basket.session.id, tender)

    def _check_out(self, session_id: UUID, tender: Tender) -> None:
        self._is_busy = True
        self._trouble = ""
        self.show()
        checkout = self._around.services.checkout
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: checkout.check_out(session_id, (tender,)),
            self._sold,
            lambda error: self._check_out_failed(session_id, error),
        )

    def decline(self) -> None:
        """The card machine said no."""
        if not self._is_busy:
            self._trouble = wording.CARD_DECLINED
            self._around.sounds.play(Sound.REFUSED)
            self.show()

    def cancel(self) -> None:
        """Back to the basket; not while a sale is under way."""
        if not self._is_busy:
            self._basket = None
            self._on_back()

    def try_again(self) -> None:
        """Ask now whether the sale is done, instead of waiting."""
        if self._ask_again is not None and self._basket is not None:
            self._ask_again.cancel()
            self._look_for_receipt(self._basket.session.id)

    def show(self) -> None:
        """Show the payment screen."""
        if self._basket is not None:
            self._shown_put_down = self._sentence()
            sign = self._around.profile.currency_sign
            paid_for = basket_view(self._basket, sign, new_item=None, undo=None, hint="")
            self._around.display.show_payment(self._view(self._basket.total, sign), paid_for)

    def _view(self, total: Decimal, sign: str) -> PayView:
        is_cash = self._method is TenderMethod.CASH
        tender = self._tender()
        missing = total - self._given.amount
        return PayView(
            total_text=money(sign, total),
            method=self._method.value,
            given_text=self._given.text,
            quick_amounts=quick_amounts(total, sign),
            change_text=money(sign, -missing) if is_cash and missing <= 0 else "",
            missing_text=wording.still_missing(money(sign, missing)) if is_cash and missing > 0 else "",
            can_confirm=tender is not None and not self._is_busy,
            confirm_text=self._confirm_text(total, sign),
            trouble=self._trouble or self._shown_put_down,
            is_busy=self._is_busy,
        )

    def _sentence(self) -> str:
        names = () if self._is_busy else self._put_down()
        return wording.put_down_meanwhile(names, was_confirmed=self._was_refused)

    def _confirm_text(self, total: Decimal, sign: str) -> str:
        if self._method is TenderMethod.CARD:
            return wording.card_confirm(money(sign, total))
        change = self._given.amount - total
        return wording.cash_confirm(
            money(sign, self._given.amount), money(sign, change) if change > 0 else ""
        )

    def _tender(self) -> Tender | None:
        if self._basket is None:
            return None
        total = self._basket.total
        if self._method is TenderMethod.CARD:
            return card(total)
        try:
            return cash(total, self._given.amount)
        except TenderMismatch:
            return None

    def _set_given(self, given: AmountEntry) -> None:
        if not self._is_busy:
            self._given = given
            self._trouble = ""
            self.show()

    def _sold(self, receipt: Receipt) -> None:
        self._is_busy = False
        self._ask_again = None
        self._basket = None
        self._status.database(is_away=False)
        self._around.sounds.play(Sound.PAID)
        self._on_sold(receipt)

    def _check_out_failed(self, session_id: UUID, error: KioskError) -> None:
        """A refusal sold nothing; any other end leaves open whether the sale went through."""
        is_refusal = isinstance(error, (Conflict, TransientConflict))
        if is_refusal and not isinstance(error, SessionNotActive):
            self._refuse(str(error))
        else:
            self._look_for_receipt(session_id)

    def _look_for_receipt(self, session_id: UUID) -> None:
        self._ask_again = None
        checkout = self._around.services.checkout
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: checkout.get_receipt(session_id),
            self._sold,
            self._no_receipt,
        )

    def _no_receipt(self, error: KioskError) -> None:
        if not isinstance(error, Unavailable):
            self._status.database(is_away=False)
            self._refuse(wording.SALE_UNFINISHED if isinstance(error, NotFound) else str(error))
            return
        self._status.database(is_away=True)
        self._trouble = wording.SALE_UNKNOWN
        self._ask_again = self._around.timers.after(ASK_AGAIN_MS, self.try_again)
        self.show()

    def _refuse(self, sentence: str) -> None:
        self._is_busy = False
        self._trouble = sentence
        self._around.sounds.play(Sound.REFUSED)
        self.show()
