"""Sales that nobody saw and baskets that were left: told in the banner until somebody takes note."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.checkout import SaleSummary
from visionscan_kiosk.domain.errors import KioskError, SessionNotActive, Unavailable
from visionscan_kiosk.domain.scan_session import Basket, HeldBasket
from visionscan_kiosk.gui import money_wording
from visionscan_kiosk.gui.flow.basket_flow import BasketFlow
from visionscan_kiosk.gui.flow.ports import Lane, Surroundings, Ticket
from visionscan_kiosk.gui.flow.status import Status
from visionscan_kiosk.gui.views import BannerView, MenuView, Tone
from visionscan_kiosk.services.kiosk import KioskServices

_LOG = logging.getLogger(__name__)
LOOK_MS = 60_000
AGAIN_MS = 2000
NOTED = "sale_noted"
GO_ON = "go_on_with_held"
START_NEW = "leave_held"
MENU_HELD = "held:"
"""Before the id of a held basket in the menu."""


@dataclass(frozen=True, slots=True)
class _Found:
    """What the database knows of this till."""

    unseen: Sequence[SaleSummary]
    held: Sequence[HeldBasket]


class LeftBehind:
    """What an earlier customer, or an earlier run of the program, left to be looked at.

    `say` shows a sentence to the cashier; `is_selling` says whether the selling screen is in front;
    `going_on` is called before a held basket becomes the open one; `codes` tells how many that were entered
    are still looked up for the present one.
    """

    def __init__(
        self,
        around: Surroundings,
        status: Status,
        basket: BasketFlow,
        say: Callable[[str], None],
        is_selling: Callable[[], bool],
        going_on: Callable[[], None],
        show_menu: Callable[[MenuView], None],
        codes: Callable[[], int],
    ) -> None:
        self._around = around
        self._status = status
        self._basket = basket
        self._say = say
        self._is_selling = is_selling
        self._going_on = going_on
        self._show_menu = show_menu
        self._codes = codes
        self._unseen: Sequence[SaleSummary] = ()
        self._seen: set[UUID] = set()
        self._held: Sequence[HeldBasket] = ()
        self._offered: set[UUID] = set()
        self._looking: Ticket | None = None

    def start(self) -> None:
        """Look now and then whether the open basket was left by everybody."""
        self._around.timers.every(LOOK_MS, self.look)

    def look_around(self) -> None:
        """A basket was opened: look what else there is, in a lane in which nobody waits for it."""
        services, till_id = self._around.services, self._around.profile.till_id
        if self._looking is not None:
            self._looking.drop()
        self._looking = self._around.tasks.run(
            Lane.REPORTS, lambda: _look(services, till_id), self._found, self._not_found
        )

    def sale_seen(self, session_id: UUID) -> None:
        """Somebody saw the receipt of this sale; that is kept as soon as the database answers."""
        self._seen.add(session_id)
        self._show()
        sales = self._around.services.sales
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: sales.acknowledge(session_id),
            _kept,
            lambda error: self._not_kept(session_id, error),
        )

    def look(self) -> None:
        """A basket that nobody touched for hours is held: the next customer must not pay for it."""
        basket = self._basket.basket
        if basket is None or not basket.items or not self._basket.is_settled or not self._is_selling():
            return
        sessions, till_id = self._around.services.sessions, self._around.profile.till_id
        self._around.tasks.run(Lane.DATABASE, lambda: sessions.hold_left(till_id), self._looked, _not_looked)

    def act(self, name: str) -> None:
        """A button of the banner was tapped."""
        if name == NOTED and self._waiting_sales:
            self.sale_seen(self._waiting_sales[0].session_id)
        elif name == GO_ON and self._waiting_baskets:
            self.go_on(self._waiting_baskets[0].session.id)
        elif name == START_NEW and self._waiting_baskets:
            self._offered.add(self._waiting_baskets[0].session.id)
            self._say(money_wording.HELD_STAYS)
            self._show()

    def list_held(self) -> None:
        """Show all held baskets of the shop in the menu."""
        sessions = self._around.services.sessions
        self._around.tasks.run(
            Lane.DATABASE, sessions.list_held, self._listed, lambda error: self._say(str(error))
        )

    def go_on(self, session_id: UUID) -> None:
        """Let a held basket be the open one, unless somebody stands there."""
        present = self._basket.basket
        if present is None or present.items or not self._basket.is_settled or self._codes():
            self._say(money_wording.HELD_FIRST)
            return
        sessions, till_id = self._around.services.sessions, self._around.profile.till_id
        self._around.tasks.run(
            Lane.DATABASE, lambda: sessions.go_on(session_id, till_id), self._goes_on, self._not_gone_on
        )

    @property
    def _waiting_sales(self) -> Sequence[SaleSummary]:
        return [sale for sale in self._unseen if sale.session_id not in self._seen]

    @property
    def _waiting_baskets(self) -> Sequence[HeldBasket]:
        return [held for held in self._held if held.session.id not in self._offered]

    def _found(self, found: _Found) -> None:
        self._looking = None
        self._unseen, self._held = found.unseen, found.held
        self._show()

    def _not_found(self, error: KioskError) -> None:
        self._looking = None
        _LOG.warning("sales nobody saw and held baskets were not read: %s", error)
        if isinstance(error, Unavailable):
            self._around.timers.after(AGAIN_MS, self.look_around)

    def _show(self) -> None:
        self._status.notice(self._banner())

    def _banner(self) -> BannerView | None:
        sign, now = self._around.profile.currency_sign, self._around.clock.now()
        sales, baskets = self._waiting_sales, self._waiting_baskets
        if sales:
            return BannerView(
                Tone.ASK,
                money_wording.unseen_sale(sales[0], sign, now, len(sales) - 1),
                money_wording.unseen_change(sales[0], sign),
                ((NOTED, money_wording.NOTED),),
            )
        if baskets:
            return BannerView(
                Tone.ASK,
                money_wording.held_offer(baskets[0], sign, now),
                "",
                ((GO_ON, money_wording.GO_ON), (START_NEW, money_wording.START_NEW)),
            )
        return None

    def _listed(self, held: Sequence[HeldBasket]) -> None:
        sign, now = self._around.profile.currency_sign, self._around.clock.now()
        entries = tuple(
            (f"{MENU_HELD}{each.session.id}", money_wording.held_basket(each, sign, now)) for each in held
        )
        if entries:
            self._show_menu(MenuView(money_wording.HELD_TITLE, actions=entries))
        else:
            self._say(money_wording.HELD_NONE)

    def _goes_on(self, basket: Basket) -> None:
        self._offered.discard(basket.session.id)
        self._going_on()
        self._basket.open()

    def _not_gone_on(self, error: KioskError) -> None:
        self._say(money_wording.HELD_GONE if isinstance(error, SessionNotActive) else str(error))
        self._basket.read_again()

    def _looked(self, is_held: bool) -> None:  # noqa: FBT001 - an answer of the database
        if is_held:
            self._basket.read_again()

    def _not_kept(self, session_id: UUID, error: KioskError) -> None:
        """It was seen all the same: only a restart before it is kept would tell it again."""
        if isinstance(error, Unavailable):
            self._around.timers.after(AGAIN_MS, lambda: self.sale_seen(session_id))
        else:
            _LOG.warning("that a sale was seen was not kept: %s", error)


def _look(services: KioskServices, till_id: str) -> _Found:
    held = services.sessions.list_held()
    return _Found(
        services.sales.list_unacknowledged(till_id),
        [basket for basket in held if basket.session.till_id == till_id],
    )


def _kept(result: object) -> None:
    del result  # it is done, and nobody waits for it


def _not_looked(error: KioskError) -> None:
    """There is another look in a minute."""
    del error
