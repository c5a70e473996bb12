"""Pay was tapped: it goes on, waits a little for what is undecided, or says what stands in its way."""

from __future__ import annotations

from collections.abc import Callable

from visionscan_kiosk.domain.basket_operations import pieces_of
from visionscan_kiosk.domain.checkout import SaleCheck
from visionscan_kiosk.domain.errors import KioskError, SessionNotActive, SessionNotFound
from visionscan_kiosk.domain.scan_session import Basket
from visionscan_kiosk.gui import goods_wording, money_wording, scan_wording, wording
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.goods_flow import GoodsFlow
from visionscan_kiosk.gui.flow.last_questions import LastQuestions
from visionscan_kiosk.gui.flow.look_ups import LookUps
from visionscan_kiosk.gui.flow.ports import Sound, Surroundings, Timer
from visionscan_kiosk.gui.flow.sale_gate import SaleGate
from visionscan_kiosk.gui.flow.trays import Trays

DECIDE_WITHIN_MS = 3000


class PayRequest:
    """One tap on Pay; `on_paying` opens the payment of a basket in which everything is decided.

    Before that the database is asked whether the sale can be made, and a person what is to be looked at.
    A tap that waits means the basket and the page of that moment: what a person does next forgets it.
    """

    def __init__(
        self,
        around: Surroundings,
        basket: BasketFlow,
        goods: GoodsFlow,
        trays: Trays,
        look_ups: LookUps,
        gate: SaleGate,
        on_paying: Callable[[Basket], None],
    ) -> None:
        self._around = around
        self._gate = gate
        self.questions = LastQuestions(around, trays, basket.take_price, self.tapped)
        self._basket = basket
        self._goods = goods
        self._trays = trays
        self._look_ups = look_ups
        self._on_paying = on_paying
        self._timer: Timer | None = None
        self._waits_for_codes = False

    @property
    def may_go_on(self) -> bool:
        """Whether Pay goes on without a question."""
        basket = self._basket.basket
        is_whole = basket is not None and bool(basket.items) and not basket.unmatched
        is_settled = self._basket.is_settled and self._goods.is_settled and self._look_ups.is_settled
        return is_whole and is_settled and not self._trays.is_asking

    def tapped(self) -> None:
        """Go on when everything asked for is in the database and nothing is undecided."""
        self.forget()
        if self._look_ups.waiting:
            self._around.sounds.play(Sound.REFUSED)  # the basket says what it waits for
        elif not self._look_ups.is_settled:
            self._waits_for_codes = True
            self._basket.remark(scan_wording.LOOKING_UP)
        else:
            self._basket.when_settled(self._go_on)

    def looked_up(self) -> None:
        """A code has its answer, or the database gave none: then nothing happens by itself later."""
        if not self._waits_for_codes:
            return
        if self._look_ups.waiting or self._look_ups.is_settled:
            self.tapped()

    def forget(self) -> None:
        """Nobody wants to pay any more, or wants to pay for something else."""
        self._stop_waiting()
        self._waits_for_codes = False
        self._gate.forget()
        self._basket.forget_waiting()

    def goods_changed(self) -> None:
        """What lies on the counter is another: the tap that waits may go on, or there is a question."""
        if self._timer is not None and (self._goods.is_open or self._goods.is_quiet):
            self.tapped()

    def _go_on(self) -> None:
        basket = self._basket.basket
        if not self._look_ups.is_settled:
            self.tapped()
        elif basket is None or not basket.items:
            return
        elif basket.unmatched:
            self._refuse(wording.unnamed_lines_way_out(len(basket.unmatched)))
        elif self._trays.is_asking or self._goods.is_open:
            self._refuse(wording.OPEN_QUESTION)
        elif self._goods.is_quiet:
            self._ask_database(basket)
        else:
            self._basket.remark(goods_wording.CHECKING)
            self._timer = self._around.timers.after(DECIDE_WITHIN_MS, self._time_is_up)

    def _time_is_up(self) -> None:
        """What is not decided by now is asked about; what still only moves keeps nobody waiting."""
        self._goods.decide_now()
        if self._timer is None:
            return  # there is a question, which was told
        self._stop_waiting()
        basket = self._basket.basket
        if basket is not None and self.may_go_on:
            self._ask_database(basket)

    def _ask_database(self, basket: Basket) -> None:
        self._gate.ask(basket.session.id, self._can_be_sold, self._cannot_be_sold)

    def _can_be_sold(self, check: SaleCheck) -> None:
        """What came into the basket while the answer was on its way is asked about as well."""
        present = self._basket.basket
        is_settled = self._basket.is_settled and self._look_ups.is_settled
        if not is_settled or self._goods.is_open or present is None:
            self.tapped()
        elif pieces_of(present) != pieces_of(check.basket):
            self._basket.read_again()
            self.tapped()
        elif not self.questions.ask(check):
            self._on_paying(check.basket)

    def _cannot_be_sold(self, error: KioskError) -> None:
        if isinstance(error, SessionNotActive | SessionNotFound):
            self._basket.read_again()
        else:
            self._refuse(money_wording.why_not_sold(error))

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, sentence: str) -> None:
        self._around.sounds.play(Sound.REFUSED)
        self._basket.remark(sentence)
