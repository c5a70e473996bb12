"""From what the eyes answer to what the counter is told."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.detection import Box, DetectionSource
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.domain.recognition.looks import Look, ReadCode, Scene, Thing
from visionscan_kiosk.services.camera_feed import Frame
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.recognition_ports import ItemFinder
from visionscan_kiosk.services.sight import Glance, SeenCode, SeenThing, Sight


def look_of(glance: Glance, scene: Scene, at: float, moved_at: float | None) -> Look:
    """Return a live picture's report; `at`: when it was taken, `moved_at`: when anything moved, seconds."""
    codes = None if glance.codes is None else tuple(_read_code(code) for code in glance.codes)
    return Look(at, scene, moved_at is not None, codes, glance.covered, moved_at=moved_at)


def things_of(things: Iterable[SeenThing], to_add: Collection[SeenThing]) -> tuple[Thing, ...]:
    """Return what lies in places of its own; `to_add`: what the shop lets the camera add by itself."""
    return tuple(
        _thing(thing, may_add=thing in to_add or is_coded(thing))
        for thing in things
        if thing.product.box is not None and _is_placed(thing)
    )


def codes_of(sight: Sight) -> tuple[SeenCode, ...]:
    """Return the codes of a still that no thing with a place of its own carries."""
    placed = [thing.product.box for thing in sight.things if _is_placed(thing)]
    return tuple(
        code
        for code in sight.codes
        if not any(box is not None and box.holds(code.sighting.box) for box in placed)
    )


def still_look(
    at: float, things: tuple[Thing, ...], codes: Sequence[SeenCode], covered: tuple[Box, ...] | None
) -> Look:
    """Return the report of what lies at rest; `at`: when it was taken, seconds."""
    careful = tuple(_read_code(code)._replace(is_careful=True) for code in codes)
    return Look(at, Scene.STILL, codes=careful or None, covered=covered, things=things)


def is_coded(thing: SeenThing) -> bool:
    """Whether a code says what it is; a place with two codes has no picture: it may be two things."""
    seen = thing.product
    return seen.source is DetectionSource.BARCODE and seen.product_id is not None and thing.crop is not None


def is_sure(thing: SeenThing) -> bool:
    """Whether its looks, or its code, leave no doubt."""
    return thing.product.decision is Decision.MATCHED and not thing.product.is_touching


def normalised(code: str) -> str:
    """Two spellings of one code are one pack; a misread code is compared as it is."""
    try:
        return normalise_barcode(code)
    except InvalidInput:
        return code


def _is_placed(thing: SeenThing) -> bool:
    is_by_looks = thing.product.source is not DetectionSource.BARCODE
    return not thing.is_whole_picture and (is_by_looks or thing.crop is not None)


def _thing(thing: SeenThing, *, may_add: bool) -> Thing:
    box = thing.product.box
    if box is None:
        raise AssertionError("a thing without a place was let through")
    candidates = tuple(candidate.product_id for candidate in thing.product.candidates)
    may_add = may_add and is_sure(thing)
    return Thing(box, candidates, is_sure=is_sure(thing), may_add=may_add, is_belonging=thing.is_belonging)


def _read_code(code: SeenCode) -> ReadCode:
    product = None if code.product is None else code.product.id
    return ReadCode(normalised(code.sighting.text), code.sighting.box, product)


@dataclass(frozen=True, slots=True)
class GoodsLook:
    """What lies there: all of it, which of it needs no tap, and what hides the counter."""

    first: Frame
    sight: Sight
    products: Mapping[UUID, Product]
    to_add: frozenset[SeenThing]
    covered: tuple[Box, ...] | None


def look_at_goods(
    services: KioskServices, stills: Sequence[Frame], finder: ItemFinder, session_id: UUID | None
) -> GoodsLook:
    """Recognise what lies in these stills of one scene, and which of it may be added without a tap."""
    images = [still.image for still in stills]
    sight = services.detection.look(images, finder=finder, reads_labels=False, session_id=session_id)
    wanted = [item.product_id for thing in sight.things for item in thing.product.candidates]
    return GoodsLook(
        stills[0],
        sight,
        services.inventory.get_products(wanted),
        services.auto_add.things_to_add(sight.things),
        finder.covered(images[0]),
    )
