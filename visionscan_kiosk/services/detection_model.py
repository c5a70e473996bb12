"""The stage that asks the vision model about what is still unsure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectedProduct,
    Detection,
    DetectionSource,
    StageAnswer,
)
from visionscan_kiosk.domain.matching.match import Candidate, Decision, DetectedFields, Match
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.detection_clock import StageClock
from visionscan_kiosk.services.ports import Image, PictureDetector, UnitOfWorkFactory
from visionscan_kiosk.services.sight import SeenThing

SHORT_LIST_LENGTH = 80
_SELLERS_LOOKED_AT = 3 * SHORT_LIST_LENGTH
_OFFERED = 5


class _Named(NamedTuple):
    product: DetectedProduct
    answer: StageAnswer


class ModelStage:
    """Names what is in a picture. A model's word is never sure enough to charge: a person taps."""

    name = DetectionSource.OLLAMA.value

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue, detector: PictureDetector
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._detector = detector

    @property
    def model(self) -> str:
        """Name of the model that is asked."""
        return self._detector.model_used

    def name_picture(self, image: Image, seen: SeenThing | None, clock: StageClock) -> list[SeenThing]:
        """Return everything that the model names in a picture that was `seen` as one thing, if at all.

        One name is joined with what was seen; several show that it was not one thing.
        """
        named = self._ask(image, _likely(seen), clock)
        if seen is not None and len(named) == 1:
            return [_joined(seen, named[0])]
        return [SeenThing(found.product, answers=(found.answer,)) for found in named]

    def look_again(self, thing: SeenThing, clock: StageClock) -> SeenThing:
        """Return an unsure thing with what the model says of it; after a failure no more is asked."""
        if thing.crop is None or clock.model_error is not None:
            return thing
        named = self._ask(thing.crop, _likely(thing), clock)
        return _joined(thing, named[0]) if named else thing

    def _ask(self, image: Image, likely: Sequence[DetectedCandidate], clock: StageClock) -> list[_Named]:
        with self._unit_of_work() as work:
            matcher = self._catalogue.current(work)
            sellers = work.products.best_sellers(_SELLERS_LOOKED_AT)
            known = work.products.get_many(item.product_id for item in likely)
        categories = {product.category for product in known.values()}
        sellers = sorted(sellers, key=lambda product: product.category not in categories)
        names = dict.fromkeys([item.name for item in likely] + [product.name for product in sellers])
        short_list = [*names][:SHORT_LIST_LENGTH]
        found, seconds = clock.run(
            self.name, lambda: self._detector.name_products(image, short_list, clock.cancel)
        )
        return [self._named(seen, matcher.match_fields(_fields(seen)), seconds) for seen in found]

    def _named(self, seen: Detection, match: Match, seconds: float) -> _Named:
        product = _from_name(seen, match)
        answer = StageAnswer(
            DetectionSource.OLLAMA, self.model, product.decision, product.candidates, seconds
        )
        return _Named(product, answer)


def _fields(seen: Detection) -> DetectedFields:
    """A model's quantity counts packs on the counter, not pieces in a pack: it is no part of the name."""
    return DetectedFields(product=seen.name, brand=seen.brand, size=seen.size)


def _likely(thing: SeenThing | None) -> Sequence[DetectedCandidate]:
    answers = () if thing is None else thing.answers
    return [candidate for answer in answers for candidate in answer.candidates]


def _joined(thing: SeenThing, named: _Named) -> SeenThing:
    """Put the model's products before those recognised; a name without a product changes nothing."""
    answers = (*thing.answers, named.answer)
    if named.product.product_id is None and thing.product.product_id is not None:
        return replace(thing, answers=answers)
    offered = {item.product_id: item for item in (*named.product.candidates, *thing.product.candidates)}
    product = replace(
        named.product,
        box=thing.product.box,
        candidates=tuple(offered.values())[:_OFFERED],
        is_touching=thing.product.is_touching,
    )
    return SeenThing(product, thing.crop, answers)


def _from_name(detection: Detection, match: Match) -> DetectedProduct:
    best = match.product
    return DetectedProduct(
        product_id=best.product_id if best else None,
        sku=best.sku if best else None,
        name=best.name if best else None,
        confidence=round(match.score * detection.confidence, 4),
        decision=Decision.ASK if best else Decision.UNMATCHED,
        quantity=detection.quantity,
        matched_from=detection.name,
        source=detection.source,
        box=detection.box,
        candidates=tuple(_candidate(item, detection.confidence) for item in match.candidates),
    )


def _candidate(item: Candidate, confidence: float) -> DetectedCandidate:
    return DetectedCandidate(item.product_id, item.sku, item.name, round(item.score * confidence, 4))
