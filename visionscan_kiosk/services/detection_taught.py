"""The stage that recognises things by what the shop showed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectedProduct,
    DetectionSource,
    StageAnswer,
)
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.detection_clock import StageClock
from visionscan_kiosk.services.detection_places import Place
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.priors import SalesHistory
from visionscan_kiosk.services.recognition import TaughtProducts
from visionscan_kiosk.services.recognition_ports import Recognition
from visionscan_kiosk.services.sight import SeenThing

SALES = "sales"
"""Name of the stage that orders what is unsure by what the shop sells."""

UNKNOWN_THING = "Unknown item"
"""What is read of a thing that lies there and looks like nothing that was taught."""

_OFFERED = 3


class _Look(NamedTuple):
    place: Place
    recognition: Recognition
    seconds: float


class TaughtStage:
    """Recognises places; without anything taught it says nothing."""

    name = DetectionSource.TAUGHT.value

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, taught: TaughtProducts, sales: SalesHistory | None = None
    ) -> None:
        self._unit_of_work = unit_of_work
        self._taught = taught
        self._sales = sales

    @property
    def model(self) -> str:
        """Name of the model that makes the vectors, without the recipe that uses it."""
        return self._taught.model_version.partition("/")[0]

    def things(
        self, places: Sequence[Place], clock: StageClock, session_id: UUID | None = None
    ) -> dict[Place, SeenThing]:
        """Return what lies in each place; a place that could not be looked at is left out.

        What is unsure is ordered by sales too, and by the basket of the session when it is given.
        """
        if not places or not self._is_ready(clock):
            return {}
        looks = [look for place in places for look in self._look(place, clock)]
        if not looks:
            return {}
        wanted = {candidate.product_id for look in looks for candidate in look.recognition.candidates}
        with self._unit_of_work() as work:
            products = work.products.get_many(wanted)
        version = self._taught.model_version
        return {
            look.place: _thing(look, version, products) for look in self._by_sales(looks, clock, session_id)
        }

    def _by_sales(
        self, looks: Sequence[_Look], clock: StageClock, session_id: UUID | None
    ) -> Sequence[_Look]:
        sales = self._sales
        if sales is None or all(look.recognition.is_sure for look in looks):
            return looks
        recognitions = [look.recognition for look in looks]
        ordered, _ = clock.run(SALES, lambda: sales.order(recognitions, self._basket(session_id)))
        by_sales = ordered or recognitions
        return [look._replace(recognition=seen) for look, seen in zip(looks, by_sales, strict=True)]

    def _basket(self, session_id: UUID | None) -> Sequence[UUID]:
        if session_id is None:
            return ()
        with self._unit_of_work().reading() as work:
            lines = work.items.list(session_id)
        return [line.inventory_id for line in lines if line.inventory_id is not None]

    def _is_ready(self, clock: StageClock) -> bool:
        """Learning what was taught since is a stage too: without it, what is known already goes on."""

        def follow() -> Sequence[object]:
            self._taught.follow()
            return ()

        clock.run(self.name, follow)
        return len(self._taught) > 0

    def _look(self, place: Place, clock: StageClock) -> Sequence[_Look]:
        crops = [item.crop for item in place.items]
        seen, seconds = clock.run(self.name, lambda: [self._taught.recognise(crops)])
        return [_Look(place, recognition, seconds) for recognition in seen]


def unknown_thing(place: Place) -> SeenThing:
    """Return a thing of which only its place is known."""
    product = _product(place, Decision.UNMATCHED, ())
    return SeenThing(product, place.item.crop, is_belonging=place.item.is_belonging)


def _thing(look: _Look, model: str, products: Mapping[UUID, Product]) -> SeenThing:
    candidates = tuple(
        DetectedCandidate(product.id, product.sku, product.name, round(seen.probability, 4))
        for seen in look.recognition.candidates
        if (product := products.get(seen.product_id)) is not None
    )
    decision = _decide(look, candidates)
    return SeenThing(
        product=_product(look.place, decision, candidates),
        crop=look.place.item.crop,
        answers=(StageAnswer(DetectionSource.TAUGHT, model, decision, candidates, look.seconds),),
        is_whole_picture=look.place.is_whole_picture,
        is_belonging=look.place.item.is_belonging,
    )


def _decide(look: _Look, candidates: Sequence[DetectedCandidate]) -> Decision:
    """Sure is nothing that carries a code of its own: the shop does not know that code, so it may be new."""
    seen = look.recognition
    if not candidates or not seen.is_known:
        return Decision.UNMATCHED
    is_first = candidates[0].product_id == seen.candidates[0].product_id
    if seen.is_sure and is_first and not look.place.codes and not look.place.item.is_touching:
        return Decision.MATCHED
    return Decision.ASK


def _product(place: Place, decision: Decision, candidates: Sequence[DetectedCandidate]) -> DetectedProduct:
    best = None if decision is Decision.UNMATCHED else candidates[0]
    return DetectedProduct(
        product_id=best.product_id if best else None,
        sku=best.sku if best else None,
        name=best.name if best else None,
        confidence=candidates[0].confidence if best else 0.0,
        decision=decision,
        quantity=1,
        matched_from=best.name if best else UNKNOWN_THING,
        source=DetectionSource.TAUGHT,
        box=place.item.box,
        candidates=tuple(candidates[:_OFFERED]) if best else (),
        is_touching=place.item.is_touching,
    )
