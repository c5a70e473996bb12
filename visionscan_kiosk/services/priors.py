"""What sells tells which of several lookalikes it probably is.

How sales are counted belongs to persistence; what a thing looks like, to the recogniser. Sales only order
what a person is asked: certainty comes from looks alone, since a best seller is no proof of what lies there.
"""

from __future__ import annotations

import logging
import math
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from threading import Lock
from typing import TYPE_CHECKING, Protocol
from uuid import UUID

from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.services.recognition_ports import RecognisedProduct, Recognition

if TYPE_CHECKING:
    from visionscan_kiosk.services.ports import UnitOfWorkFactory
    from visionscan_kiosk.services.recognition import RunLater

BANDS = 6
"""Parts of the day, four hours each: shops sell other things in the morning than at night."""

_UNKNOWN_SALES = 10.0
"""Receipts that every product is given for free: so much must be sold before it counts."""
_UNKNOWN_HABIT = 20.0
"""Receipts after which a product's own hours, or its company in baskets, count half."""
_STRONGEST = math.log(3)
"""At most three times or a third as probable as by looks, so at most nine times between two products."""
_BASKET_LOOKED_AT = 8
_ASKED = 3

_READ_AGAIN_S = 3600.0

_LOG = logging.getLogger(__name__)

Pair = tuple[UUID, UUID]


@dataclass(frozen=True, slots=True)
class SalesFigures:
    """In how many receipts what was sold; older ones count less, so these are no whole numbers.

    `receipts`: by part of the day. `sold`: receipts with the product by part of the day. `together`: receipts
    with both, the first of the pair a taught one; rare pairs are left out.
    """

    receipts: Sequence[float] = (0.0,) * BANDS
    sold: Mapping[UUID, Sequence[float]] = field(default_factory=dict)
    together: Mapping[Pair, float] = field(default_factory=dict)


class SalesPrior:
    """Orders what a thing may be by what this shop sells, at this hour, with what is in the basket."""

    def __init__(self, figures: SalesFigures | None = None) -> None:
        self._figures = figures or SalesFigures()
        self._all = sum(self._figures.receipts)

    def order(self, seen: Recognition, hour: int, basket: Collection[UUID] = ()) -> Recognition:
        """Return what was recognised with the first three in another order; what is sure stays as it is.

        The sum of their probabilities stays. Which three they are is decided by looks, so that nothing that
        looks right is kept from being offered. `hour`: of the shop's day, 0 to 23.
        """
        if seen.is_sure or len(seen.candidates) < 2 or not self._all:
            return seen
        asked, rest = seen.candidates[:_ASKED], seen.candidates[_ASKED:]
        factors = self._factors([item.product_id for item in asked], hour, basket)
        chances = [item.probability * factor for item, factor in zip(asked, factors, strict=True)]
        whole = sum(item.probability for item in asked) / (sum(chances) or 1.0)
        weighed = [
            RecognisedProduct(item.product_id, chance * whole)
            for item, chance in zip(asked, chances, strict=True)
        ]
        ordered = sorted(weighed, key=lambda item: -item.probability)
        return replace(seen, candidates=(*ordered, *rest))

    def _factors(self, products: Sequence[UUID], hour: int, basket: Collection[UUID]) -> list[float]:
        band = hour * BANDS // 24
        company = list(basket)[-_BASKET_LOOKED_AT:]
        evidence = [
            math.log(self._sold(product) + _UNKNOWN_SALES)
            + math.log(self._at_this_time(product, band))
            + sum(math.log(self._with(product, other)) for other in company if other != product)
            for product in products
        ]
        middle = (max(evidence) + min(evidence)) / 2
        return [math.exp(min(_STRONGEST, max(-_STRONGEST, value - middle))) for value in evidence]

    def _sold(self, product: UUID) -> float:
        return sum(self._figures.sold.get(product, ()))

    def _at_this_time(self, product: UUID, band: int) -> float:
        """How much more often than at other times."""
        usual = self._figures.receipts[band] / self._all
        if not usual:
            return 1.0
        sold = self._figures.sold.get(product, (0.0,) * BANDS)
        return (sold[band] + _UNKNOWN_HABIT * usual) / (sum(sold) + _UNKNOWN_HABIT) / usual

    def _with(self, product: UUID, other: UUID) -> float:
        """How much more often than by chance."""
        by_chance = self._sold(product) * self._sold(other) / self._all
        together = self._figures.together.get((product, other), 0.0)
        return (together + _UNKNOWN_HABIT) / (by_chance + _UNKNOWN_HABIT)


class SalesRepository(Protocol):
    """What was sold."""

    def figures(self, utc_offset: timedelta) -> SalesFigures:
        """Count the latest receipts; parts of the day are those of a clock so far from UTC."""


def _local_time() -> datetime:
    return datetime.now().astimezone()


class SalesHistory:
    """Keeps what the shop sells, read once an hour. Safe to use from several threads."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        run_later: RunLater,
        now: Callable[[], datetime] = _local_time,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._run_later = run_later
        self._now = now
        self._prior = SalesPrior()
        self._is_read = False
        self._read_next_s = -math.inf
        self._reading = Lock()

    def order(self, seen: Sequence[Recognition], basket: Collection[UUID]) -> list[Recognition]:
        """Return what was recognised in the order that this hour's sales and the basket suggest."""
        prior, hour = self._follow(), self._now().hour
        return [prior.order(recognition, hour, basket) for recognition in seen]

    def warm_up(self) -> None:
        """Read the sales before the first look, so that it need not wait for them."""
        self._follow()

    def _follow(self) -> SalesPrior:
        """Read at once what was never read, later in the background; what fails is tried after an hour."""
        with self._reading:
            if time.monotonic() >= self._read_next_s:
                self._read_next_s = time.monotonic() + _READ_AGAIN_S
                if self._is_read:
                    self._run_later(self._read_quietly)
                else:
                    self._is_read = True
                    self._prior = self._read()
            return self._prior

    def _read(self) -> SalesPrior:
        with self._unit_of_work().reading() as work:
            return SalesPrior(work.sales.figures(self._now().utcoffset() or timedelta()))

    def _read_quietly(self) -> None:
        try:
            self._prior = self._read()
        except KioskError as error:
            _LOG.warning("the latest sales are not counted yet: %s", error)
