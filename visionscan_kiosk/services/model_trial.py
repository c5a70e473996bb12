"""How well a vision model does on this shop's own goods, beside the taught recogniser, before it is used.

Both see the same kept photos, of which a person said what they show. The recogniser sees each as if it had
not been kept.
"""

from __future__ import annotations

import itertools
import math
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import DetectedCandidate
from visionscan_kiosk.domain.errors import (
    DetectionCancelled,
    DetectorResting,
    InvalidInput,
    NotFound,
)
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.detection_clock import StageClock
from visionscan_kiosk.services.detection_model import ModelStage
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition import TaughtProducts
from visionscan_kiosk.services.recognition_ports import ProductRecogniser, Recognition
from visionscan_kiosk.services.recognition_storage import PhotoCodec, PhotoCounts, PhotoSource, StoredPhoto
from visionscan_kiosk.services.vision_models import VisionModels, VisionModelService

MOST_PHOTOS = 30
"""Photos of a trial when nobody says otherwise; each may take the model up to its deadline."""


@dataclass(frozen=True, slots=True)
class TrialScore:
    """How often something was right, as counts of photos, and the seconds each photo took.

    `top_1`, `top_3`: the product stood first, among the first three. `asked`: a person would have to choose;
    `unknown`: nothing was offered; `wrong`: another product was offered first; `failed`: no answer came.
    """

    model: str
    photos: int = 0
    top_1: int = 0
    top_3: int = 0
    asked: int = 0
    unknown: int = 0
    wrong: int = 0
    failed: int = 0
    seconds: tuple[float, ...] = ()

    @property
    def median_s(self) -> float:
        """Seconds of the photo in the middle; 0 before the first."""
        return statistics.median(self.seconds) if self.seconds else 0.0

    @property
    def p95_s(self) -> float:
        """Seconds within which 95 % of the photos were answered; 0 before the first."""
        place = math.ceil(0.95 * len(self.seconds)) - 1
        return sorted(self.seconds)[place] if self.seconds else 0.0

    def share(self, count: int) -> float:
        """Return a count as a part of all photos, 0..1."""
        return count / self.photos if self.photos else 0.0


@dataclass(frozen=True, slots=True)
class TrialReport:
    """How a trial stands: `planned` photos in all. `stopped`: why it ended early, empty while it did not."""

    planned: int
    model: TrialScore
    taught: TrialScore
    stopped: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more comes."""
        return bool(self.stopped) or self.model.photos >= self.planned


class _Outcome(NamedTuple):
    """What one side said of one photo: products best first, and what the till would do with them."""

    candidates: tuple[UUID, ...]
    decision: Decision
    seconds: float
    is_failed: bool = False


class ModelTrialService:
    """Asks as the till would, but changes nothing; questions from the counter come in between."""

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        catalogue: ProductCatalogue,
        models: VisionModels,
        model_service: VisionModelService,
        taught: TaughtProducts,
        codec: PhotoCodec,
        open_recogniser: Callable[[], ProductRecogniser],
    ) -> None:
        """`open_recogniser` gives one that knows nothing yet: that of the counter is not disturbed."""
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._models = models
        self._model_service = model_service
        self._taught = taught
        self._codec = codec
        self._open_recogniser = open_recogniser

    def run(
        self,
        name: str,
        on_progress: Callable[[TrialReport], object],
        *,
        most_photos: int = MOST_PHOTOS,
        cancel: CancelToken | None = None,
    ) -> TrialReport:
        """Try a model on up to so many photos and return how it did; takes minutes.

        A cancelled trial, or one whose model fails again and again, returns what it has. Raises InvalidInput
        for a model that the till cannot use or when no photos are kept, DetectorUnavailable when it cannot be
        loaded, and DetectionCancelled before the first photo.
        """
        cancel = cancel or CancelToken()
        name = self._model_service.usable(name).name
        photos = self._choose(most_photos)
        report = TrialReport(len(photos), TrialScore(name), TrialScore(self._taught.model_version))
        on_progress(report)
        self._models.load(name, cancel)
        stage = ModelStage(self._unit_of_work, self._catalogue, self._models.named(name))
        for photo, recogniser in self._each(photos):
            try:
                report = self._with_photo(report, photo, recogniser, stage, cancel)
            except (DetectionCancelled, DetectorResting) as error:
                report = replace(report, stopped=str(error))
            on_progress(report)
            if report.is_over:
                break
        return report

    def _with_photo(
        self,
        report: TrialReport,
        photo: StoredPhoto,
        recogniser: ProductRecogniser,
        stage: ModelStage,
        cancel: CancelToken,
    ) -> TrialReport:
        """Return the report with one more photo; raise DetectionCancelled or DetectorResting."""
        try:
            crop = self._crop(photo.id)
        except NotFound:  # removed while the trial ran
            return replace(report, planned=report.planned - 1)
        seen, likely = self._recognised(crop, recogniser)
        said = _asked(stage, crop, likely, cancel)
        return replace(
            report,
            model=_counted(report.model, said, photo.product_id),
            taught=_counted(report.taught, seen, photo.product_id),
        )

    def _choose(self, most: int) -> list[StoredPhoto]:
        """Return confirmed photos, of products without such taught ones; one of each product, then more."""
        with self._unit_of_work() as work:
            counts = sorted(work.taught_photos.counts(), key=lambda count: count.product_id)
            by_product = [
                _best_kind(work.taught_photos.list(count.product_id), count) for count in counts[:most]
            ]
        rounds = itertools.zip_longest(*by_product)
        chosen = [photo for photos in rounds for photo in photos if photo is not None]
        if not chosen:
            raise InvalidInput("No pictures are kept yet. Teach some products, or sell for a while first.")
        return chosen[:most]

    def _each(self, photos: Sequence[StoredPhoto]) -> Iterator[tuple[StoredPhoto, ProductRecogniser]]:
        """Yield each photo with a recogniser that does not know it.

        Learning takes seconds, so it is done once for a photo of every product, not for every photo.
        """
        version = self._taught.model_version
        with self._unit_of_work() as work:
            taught = work.taught_photos.read(work.taught_photos.recognisable(version), version)
        for left_out in _rounds(photos):
            recogniser = self._open_recogniser()
            recogniser.load(photo for photo in taught if photo.id not in left_out)
            yield from ((photo, recogniser) for photo in left_out.values())

    def _crop(self, photo_id: UUID) -> Image:
        with self._unit_of_work() as work:
            data = work.taught_photos.picture(photo_id)
        return self._codec.decode(data)

    def _recognised(
        self, crop: Image, recogniser: ProductRecogniser
    ) -> tuple[_Outcome, list[DetectedCandidate]]:
        """Return what the recogniser says, and it as the stage of the model gets to know it."""
        started = time.perf_counter()
        seen = recogniser.recognise(self._taught.describe(crop))
        seconds = time.perf_counter() - started
        with self._unit_of_work() as work:
            products = work.products.get_many(candidate.product_id for candidate in seen.candidates)
        likely = [
            DetectedCandidate(product.id, product.sku, product.name, candidate.probability)
            for candidate in seen.candidates
            if (product := products.get(candidate.product_id)) is not None
        ]
        return _Outcome(tuple(item.product_id for item in likely), _decided(seen), seconds), likely


def _rounds(photos: Iterable[StoredPhoto]) -> Iterator[Mapping[UUID, StoredPhoto]]:
    """Yield the photos by id, in portions that hold one photo of a product at most."""
    portion: dict[UUID, StoredPhoto] = {}
    for photo in photos:
        if any(photo.product_id == other.product_id for other in portion.values()):
            yield portion
            portion = {}
        portion[photo.id] = photo
    if portion:
        yield portion


def _best_kind(photos: Sequence[StoredPhoto], count: PhotoCounts) -> list[StoredPhoto]:
    """What is held may be a wrong tap: it is no truth to be measured against."""
    wanted = PhotoSource.CONFIRMED if count.confirmed > count.held else PhotoSource.TAUGHT
    return [photo for photo in photos if photo.source is wanted and not photo.is_held]


def _decided(seen: Recognition) -> Decision:
    if not seen.candidates or not seen.is_known:
        return Decision.UNMATCHED
    return Decision.MATCHED if seen.is_sure else Decision.ASK


def _asked(
    stage: ModelStage, crop: Image, likely: Sequence[DetectedCandidate], cancel: CancelToken
) -> _Outcome:
    """Return what the model says; raise DetectorResting once it failed too often, and DetectionCancelled."""
    clock = StageClock(cancel)
    named = stage.ask(crop, likely, clock)
    if isinstance(clock.model_error, DetectorResting):
        raise clock.model_error
    seconds = sum(report.milliseconds for report in clock.reports) / 1000
    failed = any(report.error for report in clock.reports)
    if not named:
        return _Outcome((), Decision.UNMATCHED, seconds, is_failed=failed)
    answer = named[0].answer
    return _Outcome(tuple(item.product_id for item in answer.candidates), answer.decision, seconds)


def _counted(score: TrialScore, outcome: _Outcome, truth: UUID) -> TrialScore:
    is_first = outcome.candidates[:1] == (truth,)
    is_unknown = outcome.decision is Decision.UNMATCHED
    return replace(
        score,
        photos=score.photos + 1,
        top_1=score.top_1 + is_first,
        top_3=score.top_3 + (truth in outcome.candidates[:3]),
        asked=score.asked + (outcome.decision is Decision.ASK),
        unknown=score.unknown + (is_unknown and not outcome.is_failed),
        wrong=score.wrong + (not is_unknown and not is_first),
        failed=score.failed + outcome.is_failed,
        seconds=(*score.seconds, outcome.seconds),
    )
