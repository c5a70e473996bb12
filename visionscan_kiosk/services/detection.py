"""From a picture to products: barcodes first, then the vision model; never changes a basket."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectedProduct,
    Detection,
    DetectionReport,
    DetectionSource,
    Sighting,
)
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.match import Candidate, Decision, Match
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.ports import Image, PictureDetector, UnitOfWork, UnitOfWorkFactory

SHORT_LIST_LENGTH = 80
_DECISION_ORDER = {Decision.MATCHED: 0, Decision.ASK: 1, Decision.UNMATCHED: 2}


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A barcode in the picture and the product it belongs to, None when the shop does not know it."""

    sighting: Sighting
    product: Product | None


class DetectionService:
    """Looks at pictures for the till, the command line and HTTP."""

    def __init__(
        self, unit_of_work: UnitOfWorkFactory, catalogue: ProductCatalogue, detector: PictureDetector
    ) -> None:
        self._unit_of_work = unit_of_work
        self._catalogue = catalogue
        self._detector = detector

    def read_barcodes(self, image: Image, *, thorough: bool = False) -> Sequence[SeenCode]:
        """Return the barcodes in a picture with their products."""
        sightings = self._detector.read_barcodes(image, thorough=thorough)
        if not sightings:
            return ()
        with self._unit_of_work() as work:
            return tuple(SeenCode(seen, _product_of(work, seen)) for seen in sightings)

    def detect_products(
        self,
        image: Image,
        cancel: CancelToken | None = None,
        *,
        ask_model: bool = True,
        beside_barcodes: bool = False,
    ) -> DetectionReport:
        """Name what lies in the picture, best first.

        With `ask_model` the vision model is asked when no known barcode is in the picture, with
        `beside_barcodes` also then, for the goods beside it; its errors (DetectorUnavailable and below) are
        the caller's to show.
        """
        started, cpu_started = time.perf_counter(), time.process_time()
        codes = self.read_barcodes(image, thorough=True)
        results = [_from_barcode(code) for code in codes]
        model_used = "barcode"
        known = {code.product.id for code in codes if code.product}
        if ask_model and (beside_barcodes or not known):
            named = self._ask_model(image, cancel or CancelToken())
            results += [seen for seen in named if seen.product_id not in known]
            model_used = self._detector.model_used
        return DetectionReport(
            results=tuple(
                sorted(results, key=lambda seen: (_DECISION_ORDER[seen.decision], -seen.confidence))
            ),
            processing_time_ms=round((time.perf_counter() - started) * 1000),
            cpu_time_ms=round((time.process_time() - cpu_started) * 1000),
            model_used=model_used,
        )

    def _ask_model(self, image: Image, cancel: CancelToken) -> Sequence[DetectedProduct]:
        with self._unit_of_work() as work:
            matcher = self._catalogue.current(work)
            sellers = work.products.best_sellers(SHORT_LIST_LENGTH)
        named = self._detector.name_products(image, [product.name for product in sellers], cancel)
        return [_from_name(detection, matcher.match(detection.name)) for detection in named]


def _product_of(work: UnitOfWork, seen: Sighting) -> Product | None:
    try:
        return work.products.find_by_barcode(seen.text)
    except InvalidInput:  # one misread code must not hide the others in the picture
        return None


def _from_barcode(code: SeenCode) -> DetectedProduct:
    product = code.product
    candidates = (
        () if product is None else (DetectedCandidate(product.id, product.sku, product.name, confidence=1.0),)
    )
    return DetectedProduct(
        product_id=product.id if product else None,
        sku=product.sku if product else None,
        name=product.name if product else None,
        confidence=1.0,
        decision=Decision.MATCHED if product else Decision.UNMATCHED,
        quantity=1,
        matched_from=code.sighting.text,
        source=DetectionSource.BARCODE,
        box=code.sighting.box,
        candidates=candidates,
    )


def _from_name(detection: Detection, match: Match) -> DetectedProduct:
    """A model's word is never sure enough to charge: a match from it is offered, and a person taps."""
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
