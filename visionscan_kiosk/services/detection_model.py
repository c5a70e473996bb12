"""The stage that asks the vision model about what is still unsure."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
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
from visionscan_kiosk.services.ports import Image, OnFirst, ProductNamer, UnitOfWorkFactory
from visionscan_kiosk.services.sight import SeenThing
from visionscan_kiosk.services.vision_model_short_list import short_list

_OFFERED = 5

FirstSeen = Callable[[SeenThing], object]
"""Told what the model names first, before its answer is whole."""


class Named(NamedTuple):
    """One thing that the model named, matched with the catalogue."""

    product: DetectedProduct
    answer: StageAnswer


class ModelStage:
    """Names what is in a picture. A model's word is never sure enough to charge: a person taps."""

    name = DetectionSource.OLLAMA.value

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue, namer: ProductNamer
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._namer = namer

    @property
    def model(self) -> str:
        """Name of the model that is asked."""
        return self._namer.model_used

    def name_picture(
        self, image: Image, seen: SeenThing | None, clock: StageClock, on_first: FirstSeen | None = None
    ) -> list[SeenThing]:
        """Return everything that the model names in a picture that was `seen` as one thing, if at all.

        One name is joined with what was seen; several show that it was not one thing. Which of both it is,
        the first name does not tell: it comes without a picture of its own.
        """
        named = self.ask(image, _likely(seen), clock, _telling(on_first, _alone))
        if seen is not None and len(named) == 1:
            return [_joined(seen, named[0])]
        return [_alone(found) for found in named]

    def look_again(self, thing: SeenThing, clock: StageClock, on_first: FirstSeen | None = None) -> SeenThing:
        """Return an unsure thing with what the model says of it; after a failure no more is asked."""
        if thing.crop is None or clock.model_error is not None:
            return thing
        tell = _telling(on_first, lambda first: _joined(thing, first))
        named = self.ask(thing.crop, _likely(thing), clock, tell)
        return _joined(thing, named[0]) if named else thing

    def ask(
        self,
        image: Image,
        likely: Sequence[DetectedCandidate],
        clock: StageClock,
        on_first: Callable[[Named], object] | None = None,
    ) -> list[Named]:
        """Return what the model names in a picture of what is `likely` one of these, best first."""
        matcher = self._catalogue.current()
        with self._unit_of_work().reading() as work:
            names = short_list(work.products, likely)
        model, started = self.model, time.perf_counter()

        def named(seen: Detection, seconds: float) -> Named:
            return _named(seen, matcher.match_fields(_fields(seen)), model, seconds)

        def tell(seen: Detection) -> None:
            if on_first is not None:
                on_first(named(seen, time.perf_counter() - started))

        ask: OnFirst | None = tell if on_first is not None else None
        found, seconds = clock.run(
            self.name, lambda: self._namer.name_products(image, names, clock.cancel, ask)
        )
        return [named(seen, seconds) for seen in found]


def _telling(
    on_first: FirstSeen | None, as_thing: Callable[[Named], SeenThing]
) -> Callable[[Named], object] | None:
    return None if on_first is None else lambda first: on_first(as_thing(first))


def _alone(found: Named) -> SeenThing:
    return SeenThing(found.product, answers=(found.answer,))


def _named(seen: Detection, match: Match, model: str, seconds: float) -> Named:
    product = _from_name(seen, match)
    return Named(
        product,
        StageAnswer(DetectionSource.OLLAMA, model, product.decision, product.candidates, seconds),
    )


def _fields(seen: Detection) -> DetectedFields:
    """A model's quantity counts packs on the counter, not pieces in a pack: it is no part of the name."""
    return DetectedFields(product=seen.name, brand=seen.brand, size=seen.size)


def _likely(thing: SeenThing | None) -> Sequence[DetectedCandidate]:
    answers = () if thing is None else thing.answers
    return [candidate for answer in answers for candidate in answer.candidates]


def _joined(thing: SeenThing, named: Named) -> SeenThing:
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
    return replace(thing, product=product, answers=answers)


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
