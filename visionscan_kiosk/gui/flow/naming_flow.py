"""Names that the till learns from answers, and the manager's page about names."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.matching.learned_aliases import LearnedAlias
from visionscan_kiosk.domain.matching.lint import ConfusablePair
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.ports import Lane, Place, Surroundings, Ticket, Timer
from visionscan_kiosk.gui.manager_views import ConfusedNamesView, LearnedNameView, NamesView
from visionscan_kiosk.gui.views import OfferView
from visionscan_kiosk.services.naming import AliasOffer, NamingService

_LOG = logging.getLogger(__name__)
OFFER_MS = 8000
PAIRS_SHOWN = 50


class NamingFlow:
    """Offers to remember an answer without interrupting; `say` shows a sentence to the cashier."""

    def __init__(
        self, around: Surroundings, go_to: Callable[[Place], None], say: Callable[[str], None]
    ) -> None:
        self._around = around
        self._go_to = go_to
        self._say = say
        self._offer: AliasOffer | None = None
        self._offer_timer: Timer | None = None
        self._view = NamesView()
        self._ticket: Ticket | None = None

    @property
    def is_loading(self) -> bool:
        """Whether the page of names still waits for its lists."""
        return self._view.is_loading

    def answered(self, text: str, product_id: UUID) -> None:
        """A person answered an unsure text with a product."""
        naming = self._around.services.naming
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: naming.note_choice(text, product_id),
            self._noted,
            _not_noted,
        )

    def remember(self) -> None:
        """Keep what is offered as another name of the product."""
        offer, naming = self._offer, self._around.services.naming
        self.drop_offer()
        if offer is not None:
            self._around.tasks.run(
                Lane.DATABASE,
                lambda: naming.remember(offer.text, offer.product.id),
                lambda product: self._say(wording.remembered(offer.text, product.name)),
                lambda error: self._say(str(error)),
            )

    def drop_offer(self) -> None:
        """Nobody took the offer."""
        if self._offer is not None:
            self._offer = None
            self._around.display.show_offer(None)
        if self._offer_timer is not None:
            self._offer_timer.cancel()
            self._offer_timer = None

    def open(self) -> None:
        """Show the page of names."""
        self._view = NamesView(is_loading=True)
        self._go_to(Place.NAMES)
        self._load("")

    def forget(self, product_id: UUID, alias: str) -> None:
        """Take a learned name off its product."""
        naming = self._around.services.naming
        self._around.tasks.run(
            Lane.DATABASE,
            lambda: naming.forget(product_id, alias),
            lambda product: self._forgotten(product, alias),
            self._failed,
        )

    def _noted(self, offer: AliasOffer | None) -> None:
        if offer is None:
            return
        self.drop_offer()
        self._offer = offer
        self._offer_timer = self._around.timers.after(OFFER_MS, self.drop_offer)
        text = wording.remember(offer.text, offer.product.name)
        self._around.display.show_offer(OfferView(text, wording.REMEMBER, OFFER_MS))

    def _load(self, message: str) -> None:
        if self._ticket is not None:
            self._ticket.drop()
        naming = self._around.services.naming
        self._around.display.show_names(self._view)
        self._ticket = self._around.tasks.run(
            Lane.DATABASE,
            lambda: _read(naming),
            lambda found: self._loaded(*found, message),
            self._failed,
        )

    def _loaded(self, learned: Sequence[LearnedAlias], pairs: Sequence[ConfusablePair], message: str) -> None:
        self._view = NamesView(
            tuple(LearnedNameView(entry.product_id, entry.alias, entry.name) for entry in learned),
            tuple(_confused(pair) for pair in pairs),
            message,
        )
        self._around.display.show_names(self._view)

    def _forgotten(self, product: Product, alias: str) -> None:
        self._load(wording.forgotten(alias, product.name))

    def _failed(self, error: KioskError) -> None:
        self._view = NamesView(self._view.learned, self._view.confused, trouble=str(error))
        self._around.display.show_names(self._view)


def _not_noted(error: KioskError) -> None:
    """The answer itself went its own way; only counting it failed."""
    _LOG.warning("an answer was not counted: %s", error)


def _read(naming: NamingService) -> tuple[Sequence[LearnedAlias], Sequence[ConfusablePair]]:
    return naming.list_learned(), naming.find_confusable(PAIRS_SHOWN)


def _confused(pair: ConfusablePair) -> ConfusedNamesView:
    names = wording.both_names(pair.first.name, pair.second.name)
    return ConfusedNamesView(pair.second.id, names, pair.reason, pair.advice)
