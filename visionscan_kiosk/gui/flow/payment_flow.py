"""Paying: cash with change, or card; one checkout, however often the button is tapped."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal
from uuid import UUID

from visionscan_kiosk.domain.checkout import (
    Channel,
    Receipt,
    SaleCheck,
    Tender,
    TenderMethod,
    card,
    cash,
    is_absurd,
)
from visionscan_kiosk.domain.errors import (
    BasketHeld,
    Conflict,
    InsufficientStock,
    KioskError,
    NotFound,
    SessionNotActive,
    ShortProduct,
    TenderMismatch,
    TransientConflict,
    Unavailable,
)
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui import money_wording, wording
from visionscan_kiosk.gui.entry import AmountEntry
from visionscan_kiosk.gui.flow.ports import Lane, Sound, Surroundings, Timer
from visionscan_kiosk.gui.flow.sale_gate import SaleGate
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.presenters import basket_view, largest_note, money, quick_amounts
from visionscan_kiosk.gui.views import PayView

ASK_AGAIN_MS = 2000
CALM_MS = 1000
"""A double tap is over by then."""


class PaymentFlow:
    """Takes one basket to its receipt; `on_sold` and `on_back` are the two ways out.

    `held_because` says why this till may write nothing now, empty while it may. `put_down` names what came to
    lie on the counter since and is not in the basket: it is shown while it lies there, and refuses one
    confirmation; the next one always sells, for a card may be charged already. `undecided` says what a
    manager has to decide on first, empty when nothing.

    Money is asked for only while `gate` says that the sale can be made; what it refused stays refused on this
    page. Once a card was charged the sale is made, also by a till that lost its identity meanwhile: the
    session's lock sells it once, whoever asks.
    """

    def __init__(
        self,
        around: Surroundings,
        status: Status,
        on_sold: Callable[[Receipt], None],
        on_back: Callable[[], None],
        held_because: Callable[[], str],
        put_down: Callable[[], Sequence[str]],
        gate: SaleGate,
        undecided: Callable[[SaleCheck], Sequence[ShortProduct]],
    ) -> None:
        self._around = around
        self._status = status
        self._on_sold = on_sold
        self._on_back = on_back
        self._held_because = held_because
        self._put_down = put_down
        self._gate = gate
        self._undecided = undecided
        self._may_be_sold = self._was_card_asked_for = False
        self._absurd: Decimal | None = None
        self._calm: Timer | None = None
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
        self._stop_asking_again()
        self._basket = basket
        self._method = TenderMethod.CASH
        self._given = AmountEntry()
        self._trouble = ""
        self._was_refused = False
        self._may_be_sold, self._was_card_asked_for = True, False
        self._forget_absurd()
        self.show()

    def goods_changed(self) -> None:
        """What lies on the counter is another: say so, or say no more."""
        if self._basket is not None and self._sentence() != self._shown_put_down:
            self.show()

    def choose_method(self, name: str) -> None:
        """Cash or card; whether the sale can be made is asked again, before anybody takes a card."""
        if not self._is_busy:
            self._method = TenderMethod(name)
            self._trouble = ""
            self._forget_absurd()
            self._check()

    def press(self, key: str) -> None:
        """A key of the keypad."""
        self._set_given(self._given.press(key))

    def quick(self, amount: str) -> None:
        """A quick amount; its name is the amount."""
        self._set_given(AmountEntry.of(Decimal(amount)))

    def confirm(self) -> None:
        """Sell now. A second tap while the first is under way does nothing."""
        tender = self._tender()
        if not self._can_confirm or self._basket is None or tender is None:
            return
        if self._held_because() and tender.method is TenderMethod.CASH:
            self._refuse(self._held_because())
        elif self._put_down() and not self._was_refused:
            self._was_refused = True
            self._refuse("")
        elif self._is_absurd(tender) and tender.given != self._absurd:
            self._ask_about(tender)
        else:
            self._check_out(self._basket.session.id, tender)

    def enter(self) -> None:
        """Enter confirms only what a slip of the hand cannot make dear."""
        if self._needs_tap:
            self.ask_for_tap()
        else:
            self.confirm()

    def ask_for_tap(self) -> None:
        """Say that a key does not confirm this, and what does."""
        is_card = self._method is TenderMethod.CARD
        if self._may_be_sold and not self._is_busy:
            self._refuse(money_wording.ENTER_IS_NO_CARD if is_card else money_wording.ENTER_IS_NO_AMOUNT)

    def _check_out(self, session_id: UUID, tender: Tender) -> None:
        self._stop_asking_again()
        self._is_busy = True
        self._trouble = ""
        self.show()
        checkout = self._around.services.checkout
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: checkout.check_out(session_id, (tender,), channel=Channel.TILL),
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
            self._gate.forget()
            self._forget_absurd()
            self._stop_asking_again()
            self._basket = None
            self._on_back()

    def try_again(self) -> None:
        """Ask now whether the sale is done, or can be made, instead of waiting."""
        if self._ask_again is None or self._basket is None:
            return
        self._stop_asking_again()
        if self._is_busy:
            self._look_for_receipt(self._basket.session.id)
        else:
            self._check()

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
            can_confirm=tender is not None and self._can_confirm,
            confirm_text=self._confirm_text(total, sign),
            trouble=self._trouble or self._shown_put_down or self._prices(),
            is_busy=self._is_busy,
            card_text=self._card_text(total, sign),
            card_then=self._card_then(),
            needs_tap=self._needs_tap,
        )

    @property
    def _can_confirm(self) -> bool:
        return self._may_be_sold and not self._is_busy and self._calm is None

    @property
    def _needs_tap(self) -> bool:
        return self._method is TenderMethod.CARD or self._absurd is not None

    def _prices(self) -> str:
        return money_wording.prices_changed(self._basket.repriced) if self._basket is not None else ""

    def _card_text(self, total: Decimal, sign: str) -> str:
        if self._gate.is_asking:
            return money_wording.CHECKING_SALE
        return wording.charge(money(sign, total)) if self._may_be_sold else money_wording.NO_CARD

    def _card_then(self) -> str:
        if self._gate.is_asking:
            return money_wording.CHECKING_SALE_THEN
        return wording.CHARGE_THEN if self._may_be_sold else money_wording.NO_CARD_THEN

    def _sentence(self) -> str:
        names = () if self._is_busy else self._put_down()
        return wording.put_down_meanwhile(names, was_confirmed=self._was_refused)

    def _confirm_text(self, total: Decimal, sign: str) -> str:
        if self._method is TenderMethod.CARD:
            return wording.card_confirm(money(sign, total))
        change = self._given.amount - total
        if self._absurd is not None:
            return money_wording.cash_really(money(sign, self._given.amount), money(sign, change))
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
            self._trouble = "" if self._may_be_sold else self._trouble
            self._forget_absurd()
            self.show()

    def _is_absurd(self, tender: Tender) -> bool:
        note = largest_note(self._around.profile.currency_sign)
        return tender.method is TenderMethod.CASH and is_absurd(tender.amount, tender.given, note)

    def _ask_about(self, tender: Tender) -> None:
        """The tap that asked is not the one that answers: for a moment nothing can be confirmed."""
        sign = self._around.profile.currency_sign
        self._absurd = tender.given
        self._calm = self._around.timers.after(CALM_MS, self._calmed)
        self._refuse(money_wording.absurd_cash(money(sign, tender.given), money(sign, tender.amount)))

    def _calmed(self) -> None:
        self._calm = None
        self.show()

    def _forget_absurd(self) -> None:
        self._absurd = None
        if self._calm is not None:
            self._calm.cancel()
            self._calm = None

    def _check(self) -> None:
        """Ask whether the sale can be made. Until the answer nobody is asked for money."""
        self._stop_asking_again()
        if self._basket is not None:
            self._may_be_sold = False
            self._gate.ask(self._basket.session.id, self._checked, self._check_refused)
            self.show()

    def _checked(self, check: SaleCheck) -> None:
        before, self._basket = self._basket, check.basket
        short = self._undecided(check)
        self._may_be_sold = not short
        if short:
            self._refuse(f"{money_wording.short(short)} {money_wording.ASK_MANAGER_FIRST}")
        elif before is not None and before.total != check.basket.total:
            total = money(self._around.profile.currency_sign, check.basket.total)
            self._refuse(money_wording.sale_costs_now(total))
        else:
            self._trouble = ""
            self.show()
        self._was_card_asked_for |= self._may_be_sold and self._method is TenderMethod.CARD

    def _check_refused(self, error: KioskError) -> None:
        """A closed basket may be this very sale, whose answer came too late.

        Where a card was asked for before on this page it may be charged: stock refuses nothing any more.
        """
        if self._basket is None:
            return
        self._may_be_sold = self._was_card_asked_for and isinstance(error, InsufficientStock)
        if isinstance(error, SessionNotActive) and not isinstance(error, BasketHeld):
            self._is_busy = True
            self._look_for_receipt(self._basket.session.id)
            return
        self._refuse(money_wording.why_not_sold(error))
        if isinstance(error, Unavailable):
            self._ask_again = self._around.timers.after(ASK_AGAIN_MS, self.try_again)

    def _stop_asking_again(self) -> None:
        if self._ask_again is not None:
            self._ask_again.cancel()
            self._ask_again = None

    def _sold(self, receipt: Receipt) -> None:
        """Once: the answer of the sale and that of a question for its receipt may both come."""
        if self._basket is None or self._basket.session.id != receipt.session_id:
            return
        self._stop_asking_again()
        self._is_busy = False
        self._basket = None
        self._status.database(is_away=False)
        self._around.sounds.play(Sound.PAID)
        self._on_sold(receipt)

    def _check_out_failed(self, session_id: UUID, error: KioskError) -> None:
        """A refusal sold nothing; any other end leaves open whether the sale went through."""
        is_refusal = isinstance(error, (Conflict, TransientConflict))
        if is_refusal and not isinstance(error, SessionNotActive):
            self._refuse(str(error))
            if isinstance(error, Conflict):
                self._check()  # another client changed the basket: show it as it is now
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
            unsold = wording.SALE_UNFINISHED if self._may_be_sold else money_wording.CLOSED_MEANWHILE
            self._refuse(unsold if isinstance(error, NotFound) else str(error))
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
