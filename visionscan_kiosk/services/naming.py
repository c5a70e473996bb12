"""Use cases of the names by which products are found: learn from cashiers, find what is confused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.learned_aliases import ChoiceMemory, LearnedAlias, check_alias
from visionscan_kiosk.domain.matching.lint import ConfusablePair, confusable_pairs
from visionscan_kiosk.domain.product import Product, ProductChanges
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried


@dataclass(frozen=True, slots=True)
class AliasOffer:
    """A text that was answered three times with the same product: remember it as an alias?"""

    text: str
    product: Product


class NamingService:
    """Aliases come from people: three equal choices make an offer, and only a tap makes an alias."""

    def __init__(self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._choices = ChoiceMemory()
        self._choosing = Lock()

    def note_choice(self, text: str, product_id: UUID) -> AliasOffer | None:
        """Note that a person answered an unsure `text` with a product; return an offer when it is time."""
        match = self._catalogue.current().match(text)
        with self._choosing:
            if not self._choices.chosen(match, product_id):
                return None
        with self._unit_of_work() as work:
            try:
                return AliasOffer(check_alias(text, product_id, match), work.products.get(product_id))
            except InvalidInput:  # not every text makes an alias; the choice itself was good
                return None

    @retried
    def remember(self, text: str, product_id: UUID) -> Product:
        """Keep `text` as an alias of the product; raise InvalidInput when it stands for another one."""
        alias = check_alias(text, product_id, self._catalogue.current().match(text))
        with self._unit_of_work() as work:
            aliases = work.products.get(product_id).aliases
            product = work.products.change(product_id, ProductChanges(aliases=(*aliases, alias)))
            work.learned_aliases.add(product_id, alias)
            work.commit()
            return product

    def list_learned(self) -> Sequence[LearnedAlias]:
        """Return the learned aliases, newest first."""
        with self._unit_of_work() as work:
            return work.learned_aliases.list()

    @retried
    def forget(self, product_id: UUID, alias: str) -> Product:
        """Take a learned alias off its product."""
        with self._unit_of_work() as work:
            kept = tuple(name for name in work.products.get(product_id).aliases if name != alias)
            product = work.products.change(product_id, ProductChanges(aliases=kept))
            work.learned_aliases.remove(product_id, alias)
            work.commit()
            return product

    def find_confusable(self, limit: int = 1000) -> Sequence[ConfusablePair]:
        """Return products whose names would be confused, the worst first, each with a reason and advice."""
        with self._unit_of_work() as work:
            products = work.products.changed_since(0).products
        return confusable_pairs(products, limit)
