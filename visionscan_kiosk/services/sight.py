"""What was seen in one look, with what a person may need to decide about it: the pictures of the things."""

from __future__ import annotations

from dataclasses import dataclass, field

from visionscan_kiosk.domain.detection import Box, DetectedProduct, DetectionReport, Sighting, StageAnswer
from visionscan_kiosk.domain.errors import Unavailable
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.ports import Image


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A barcode in the picture and the product it belongs to, None when the shop does not know it."""

    sighting: Sighting
    product: Product | None


@dataclass(frozen=True, slots=True, eq=False)
class SeenThing:
    """One thing seen.

    `crop`: its picture turned upright, None when nothing but a code of it was seen. `answers`: what every
    stage said of it, for the meter. `is_whole_picture`: its place is not known, and more may lie there.
    `is_belonging`: it is plainly a telephone or a bag.
    """

    product: DetectedProduct
    crop: Image | None = field(default=None, repr=False)
    answers: tuple[StageAnswer, ...] = ()
    is_whole_picture: bool = False
    is_belonging: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """A report, its results as things (`things[i].product is report.results[i]`), and all codes read."""

    report: DetectionReport
    things: tuple[SeenThing, ...]
    codes: tuple[SeenCode, ...] = ()


@dataclass(frozen=True, slots=True)
class Glance:
    """What one live picture tells of codes and of what hides the counter.

    None means that it cannot be told: `codes` when the database did not answer (`trouble`), `covered` (a box
    a blob) without an empty counter that fits.
    """

    codes: tuple[SeenCode, ...] | None
    covered: tuple[Box, ...] | None
    trouble: Unavailable | None = None
