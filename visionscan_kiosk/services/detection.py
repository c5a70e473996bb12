"""From a picture to products: barcodes, what the shop taught, the vision model; never changes a basket."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import (
    Box,
    DetectedCandidate,
    DetectedProduct,
    DetectionReport,
    DetectionSource,
    Sighting,
)
from visionscan_kiosk.domain.errors import InvalidInput, Unavailable
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.catalogue import ProductCatalogue
from visionscan_kiosk.services.detection_clock import StageClock
from visionscan_kiosk.services.detection_model import FirstSeen, ModelStage
from visionscan_kiosk.services.detection_places import Place, find_places, whole_picture
from visionscan_kiosk.services.detection_taught import TaughtStage, unknown_thing
from visionscan_kiosk.services.label_reading import LabelService
from visionscan_kiosk.services.label_stage import LabelStage
from visionscan_kiosk.services.ports import Image, PictureDetector, UnitOfWork, UnitOfWorkFactory
from visionscan_kiosk.services.priors import SalesHistory
from visionscan_kiosk.services.recognition import TaughtProducts
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.sight import Glance, SeenCode, SeenThing, Sight

__all__ = ["DetectionService", "SeenCode", "SeenThing", "Sight"]

_DECISION_ORDER = {Decision.MATCHED: 0, Decision.ASK: 1, Decision.UNMATCHED: 2}
_BARCODE, _ITEMS = DetectionSource.BARCODE.value, "items"


class DetectionService:
    """Looks at pictures for the till, the command line and HTTP.

    Without `taught` only barcodes and the model answer. A picture from anywhere is one whole; a till that
    knows its empty counter hands its own finder of items to `look`.
    """

    def __init__(
        self,
        unit_of_work: UnitOfWorkFactory,
        catalogue: ProductCatalogue,
        detector: PictureDetector,
        taught: TaughtProducts | None = None,
        labels: LabelService | None = None,
        sales: SalesHistory | None = None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._detector = detector
        self._taught = None if taught is None else TaughtStage(unit_of_work, taught, sales)
        self._labels = None if labels is None else LabelStage(unit_of_work, catalogue, labels)
        self._model = ModelStage(unit_of_work, catalogue, detector)

    def read_barcodes(self, image: Image, *, thorough: bool = False) -> Sequence[SeenCode]:
        """Return the barcodes in a picture with their products."""
        return self._with_products(self._detector.read_barcodes(image, thorough=thorough))

    def glance(self, image: Image, finder: ItemFinder) -> Glance:
        """Return what a live picture shows of codes and of the counter; some milliseconds of work.

        Without the database nobody knows what a code means, but the counter is seen all the same.
        """
        covered = finder.covered(image)
        try:
            return Glance(tuple(self.read_barcodes(image)), covered)
        except Unavailable as trouble:
            return Glance(None, covered, trouble)

    def detect_products(
        self,
        image: Image,
        cancel: CancelToken | None = None,
        *,
        ask_model: bool = True,
        beside_barcodes: bool = False,
        session_id: UUID | None = None,
    ) -> DetectionReport:
        """Name what lies in the picture, best first; see `look`."""
        return self.look(
            [image], cancel, ask_model=ask_model, beside_barcodes=beside_barcodes, session_id=session_id
        ).report

    def look(
        self,
        stills: Sequence[Image],
        cancel: CancelToken | None = None,
        *,
        finder: ItemFinder | None = None,
        ask_model: bool = False,
        beside_barcodes: bool = False,
        reads_labels: bool = True,
        on_first: FirstSeen | None = None,
        session_id: UUID | None = None,
    ) -> Sight:
        """Name what lies in one picture, or in several stills of one scene, best first.

        Boxes are those in the first still; the others only vote. With `ask_model` the vision model is asked
        about what is unsure; where nothing is known of places, it is asked about the whole picture unless a
        known barcode was read, with `beside_barcodes` also then. Without `reads_labels` the labels of unsure
        things are left to `look_closer`. `on_first` is told, in this thread, what the model names first in a
        thing, while it still writes; the answer may turn out otherwise. What is unsure is ordered
        by sales too, also by the basket of `session_id`. A stage that fails is named in the
        report; DetectorUnavailable (and below) is raised only when nothing else could name a product. Raises
        DetectionCancelled.
        """
        clock = StageClock(cancel or CancelToken())
        codes = self._codes(stills[0], clock)
        places = _places(stills, codes, finder, clock)
        seen = self._recognise([place for place in places if not place.has_known_code], clock, session_id)
        if reads_labels:
            seen = self._read_labels(seen, clock)
        things = _things(codes, places, seen)
        if ask_model and not _is_settled(things, places, beside_barcodes=beside_barcodes):
            things = self._ask_model(stills[0], things, seen, clock, on_first)
        if clock.model_error is not None and not any(thing.product.product_id for thing in things):
            raise clock.model_error
        return _sight(things, codes, clock, self._model_used(clock, seen))

    def look_closer(self, thing: SeenThing) -> SeenThing:
        """Return an unsure thing with what its label says; the same thing when that is nothing.

        For who shows at once what `look` says without labels. Takes some tenths of a second.
        """
        if self._labels is None or not self._labels.is_on:
            return thing
        return self._labels.look_closer(thing, StageClock(CancelToken()))

    def recognise_coded(
        self, image: Image, code: SeenCode, *, finder: ItemFinder | None = None
    ) -> SeenThing | None:
        """Return what the thing with this barcode looks like, whatever the code says.

        For the meter, and for asking when the two do not agree. None when nothing is taught, the stage fails
        or the thing's place is not known.
        """
        clock = StageClock(CancelToken())
        places = _places([image], [code], finder, clock)
        place = next((place for place in places if place.item.box.holds(code.sighting.box)), None)
        if place is None or self._taught is None:
            return None
        bare = Place(place.items, (), place.is_whole_picture)
        return self._taught.things([bare], clock).get(bare)

    def _recognise(
        self, places: Sequence[Place], clock: StageClock, session_id: UUID | None
    ) -> Mapping[Place, SeenThing]:
        """What lies in a place that was found is a thing, also when nobody can say what it is."""
        known = {} if self._taught is None else self._taught.things(places, clock, session_id)
        return {
            place: known[place] if place in known else unknown_thing(place)
            for place in places
            if place in known or not place.is_whole_picture
        }

    def _read_labels(self, seen: Mapping[Place, SeenThing], clock: StageClock) -> Mapping[Place, SeenThing]:
        """A thing whose looks say nothing is not named by its label when it has a code: it may be new."""
        labels = self._labels
        is_settled = all(thing.product.decision is Decision.MATCHED for thing in seen.values())
        if labels is None or is_settled or not labels.is_on:
            return seen
        return {
            place: thing
            if place.codes and thing.product.product_id is None
            else labels.look_closer(thing, clock)
            for place, thing in seen.items()
        }

    def _codes(self, image: Image, clock: StageClock) -> Sequence[SeenCode]:
        sightings, _ = clock.run(_BARCODE, lambda: self._detector.read_barcodes(image, thorough=True))
        return self._with_products(sightings)

    def _with_products(self, sightings: Sequence[Sighting]) -> Sequence[SeenCode]:
        if not sightings:
            return ()
        with self._unit_of_work().reading() as work:
            return tuple(SeenCode(seen, _product_of(work, seen)) for seen in sightings)

    def _ask_model(
        self,
        image: Image,
        things: list[SeenThing],
        seen: Mapping[Place, SeenThing],
        clock: StageClock,
        on_first: FirstSeen | None,
    ) -> list[SeenThing]:
        """Ask about each unsure thing, or about the picture where nothing is known of places."""
        if any(not place.is_whole_picture for place in seen):
            return [
                thing
                if thing.product.decision is Decision.MATCHED
                else self._model.look_again(thing, clock, on_first)
                for thing in things
            ]
        whole = next(iter(seen.values()), None)
        coded = [thing for thing in things if thing.product.source is DetectionSource.BARCODE]
        known = {thing.product.product_id for thing in coded} - {None}
        named = self._model.name_picture(image, whole, clock, on_first)
        return (
            coded + [thing for thing in named if thing.product.product_id not in known] if named else things
        )

    def _model_used(self, clock: StageClock, seen: Mapping[Place, SeenThing]) -> str:
        if clock.has_run(ModelStage.name):
            return self._model.model
        has_answer = any(thing.answers for thing in seen.values())
        return self._taught.model if self._taught is not None and has_answer else _BARCODE


def _product_of(work: UnitOfWork, seen: Sighting) -> Product | None:
    try:
        return work.products.find_by_barcode(seen.text)
    except InvalidInput:  # one misread code must not hide the others in the picture
        return None


def _places(
    stills: Sequence[Image], codes: Sequence[SeenCode], finder: ItemFinder | None, clock: StageClock
) -> Sequence[Place]:
    if finder is None:
        return [whole_picture(stills, codes)]
    places, _ = clock.run(_ITEMS, lambda: find_places(stills, codes, finder))
    return places


def _things(
    codes: Sequence[SeenCode], places: Sequence[Place], seen: Mapping[Place, SeenThing]
) -> list[SeenThing]:
    """Return every thing once: by its known code, else by its looks, else by the code nobody knows."""
    looked_at = [thing for place, thing in seen.items() if _is_reported(place, thing)]
    settled = {
        id(code)
        for place, thing in seen.items()
        for code in place.codes
        if thing.product.product_id and not place.is_whole_picture
    }
    return looked_at + [_coded(code, places) for code in codes if id(code) not in settled]


def _is_reported(place: Place, thing: SeenThing) -> bool:
    """An unknown thing is only known to lie there when its place was found and nothing else tells of it."""
    return thing.product.product_id is not None or not (place.is_whole_picture or place.codes)


def _is_settled(things: Sequence[SeenThing], places: Sequence[Place], *, beside_barcodes: bool) -> bool:
    """Whether the model has nothing to add."""
    is_sure = bool(things) and all(thing.product.decision is Decision.MATCHED for thing in things)
    is_whole = any(place.is_whole_picture for place in places)
    has_known_code = any(place.has_known_code for place in places)
    if is_whole and has_known_code:
        return not beside_barcodes
    return is_sure


def _coded(code: SeenCode, places: Sequence[Place]) -> SeenThing:
    """Picture and place of a thing go with its code when it carries no other."""
    place = next((place for place in places if place.codes == (code,)), None)
    if place is None:
        return SeenThing(_from_barcode(code, code.sighting.box))
    is_whole = place.is_whole_picture
    box = code.sighting.box if is_whole else place.item.box
    return SeenThing(_from_barcode(code, box), place.item.crop, is_whole_picture=is_whole)


def _from_barcode(code: SeenCode, box: Box) -> DetectedProduct:
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
        box=box,
        candidates=candidates,
    )


def _sight(
    things: Iterable[SeenThing], codes: Sequence[SeenCode], clock: StageClock, model_used: str
) -> Sight:
    ranked = tuple(
        sorted(
            things,
            key=lambda thing: (_DECISION_ORDER[thing.product.decision], -thing.product.confidence),
        )
    )
    report = DetectionReport(
        results=tuple(thing.product for thing in ranked),
        processing_time_ms=clock.elapsed_ms,
        cpu_time_ms=clock.cpu_ms,
        model_used=model_used,
        stages=clock.reports,
    )
    return Sight(report, ranked, tuple(codes))
