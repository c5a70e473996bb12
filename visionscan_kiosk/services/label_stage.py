"""The stage that reads the label of a thing whose looks are not enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectionSource,
    StageAnswer,
)
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.detection_clock import StageClock
from visionscan_kiosk.services.label_evidence import weigh, words_of
from visionscan_kiosk.services.label_naming import guess_name
from visionscan_kiosk.services.label_ports import LabelText
from visionscan_kiosk.services.label_reading import LabelService
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.sight import SeenThing

_OFFERED = 3
_MOST_BY_LABEL = 0.95
"""What looks and label together called surer than 0.99 was right in .96 with three photos taught."""
_MOST_BY_NAME = 0.9
"""Words that fit a name in the catalogue say less than looks that were shown."""

_Found = Sequence[DetectedCandidate]


class LabelStage:
    """Orders what a thing looks like by its label, and finds in the catalogue what was never shown.

    It is never sure: a person taps.
    """

    name = DetectionSource.LABEL.value

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue, labels: LabelService
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._labels = labels

    @property
    def is_on(self) -> bool:
        """Whether labels are read; asks the database."""
        return self._labels.is_on

    def look_closer(self, thing: SeenThing, clock: StageClock) -> SeenThing:
        """Return an unsure thing with what its label says; any other, and one without a label, as it is."""
        crop = thing.crop
        if crop is None or thing.product.decision is Decision.MATCHED or thing.product.is_touching:
            return thing
        found, seconds = clock.run(self.name, lambda: self._find(thing, self._labels.read(crop)))
        if not found:
            return thing
        model = self._labels.reader_name
        answer = StageAnswer(DetectionSource.LABEL, model, Decision.ASK, tuple(found), seconds)
        return _with_answer(thing, answer)

    def _find(self, thing: SeenThing, label: LabelText) -> _Found:
        """Return the products that the label speaks for, best first."""
        if thing.product.decision is Decision.UNMATCHED:
            return self._in_catalogue(guess_name(label))
        return self._among(_likely(thing), label)

    def _among(self, likely: _Found, label: LabelText) -> _Found:
        known = self._labels.known_words([item.product_id for item in likely])
        chances = weigh({item.product_id: item.confidence for item in likely}, words_of(label.text), known)
        found = [
            replace(item, confidence=round(min(chances[item.product_id], _MOST_BY_LABEL), 4))
            for item in likely
            if chances
        ]
        return sorted(found, key=lambda item: -item.confidence)

    def _in_catalogue(self, name: str) -> _Found:
        if not name:
            return ()
        match = self._catalogue.current().match(name)
        if match.decision is Decision.UNMATCHED:
            return ()
        return [
            DetectedCandidate(item.product_id, item.sku, item.name, round(min(item.score, _MOST_BY_NAME), 4))
            for item in match.candidates
        ]


def _likely(thing: SeenThing) -> _Found:
    """Return all products that the recogniser named, more than a person is offered."""
    return next(
        (answer.candidates for answer in thing.answers if answer.source is DetectionSource.TAUGHT), ()
    )


def _with_answer(thing: SeenThing, answer: StageAnswer) -> SeenThing:
    best = answer.candidates[0]
    product = replace(
        thing.product,
        product_id=best.product_id,
        sku=best.sku,
        name=best.name,
        confidence=best.confidence,
        decision=Decision.ASK,
        matched_from=best.name,
        source=DetectionSource.LABEL,
        candidates=answer.candidates[:_OFFERED],
    )
    return replace(thing, product=product, answers=(*thing.answers, answer))
