"""Answers of stages and things they were given for, to feed the meter with."""

from __future__ import annotations

from sqlalchemy import Engine, text

from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectedProduct,
    DetectionSource,
    StageAnswer,
)
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.sight import SeenThing

MODEL = "efficientnet-lite0/views-1"


def answer(
    *candidates: Product,
    decision: Decision = Decision.ASK,
    confidence: float = 0.5,
    source: DetectionSource = DetectionSource.TAUGHT,
    model: str = MODEL,
    seconds: float = 0.04,
) -> StageAnswer:
    """What a stage said: these products, best first."""
    offered = tuple(DetectedCandidate(item.id, item.sku, item.name, confidence) for item in candidates)
    return StageAnswer(source, model, decision, offered, seconds)


def thing(*answers: StageAnswer) -> SeenThing:
    """Something on the counter of which stages said this."""
    product = DetectedProduct(
        None, None, None, 0.0, Decision.UNMATCHED, 1, "", DetectionSource.TAUGHT, None, ()
    )
    return SeenThing(product, None, answers)


def show(engine: Engine, *products: Product) -> None:
    """Let these products be known by their looks, as far as the meter asks."""
    photo = "INSERT INTO taught_photos (inventory_id, picture, source) VALUES (:id, '', 'taught')"
    with engine.begin() as connection:
        connection.execute(text(photo), [{"id": product.id} for product in products])
