"""The shop's own meter, on a real database."""

from __future__ import annotations

from uuid import uuid4

import pytest
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct
from visionscan_kiosk.domain.detection import (
    DetectedCandidate,
    DetectedProduct,
    DetectionSource,
    StageAnswer,
)
from visionscan_kiosk.domain.errors import ProductNotFound, SessionNotFound
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.accuracy import AccuracyService, DecidedBy
from visionscan_kiosk.services.detection import SeenThing
from visionscan_kiosk.services.kiosk import KioskServices

MODEL = "efficientnet-lite0/views-1"


@pytest.fixture
def meter(services: KioskServices) -> AccuracyService:
    return services.accuracy


@pytest.fixture
def goods(make_product: MakeProduct) -> list[Product]:
    return [make_product(f"Apple {number}") for number in range(5)]


def answer(
    *candidates: Product,
    decision: Decision = Decision.ASK,
    confidence: float = 0.5,
    source: DetectionSource = DetectionSource.TAUGHT,
    seconds: float = 0.04,
) -> StageAnswer:
    offered = tuple(DetectedCandidate(item.id, item.sku, item.name, confidence) for item in candidates)
    return StageAnswer(source, MODEL, decision, offered, seconds)


def thing(*answers: StageAnswer) -> SeenThing:
    product = DetectedProduct(
        None, None, None, 0.0, Decision.UNMATCHED, 1, "", DetectionSource.TAUGHT, None, ()
    )
    return SeenThing(product, None, answers)


def test_right_third_asked_and_wrong_are_counted(meter: AccuracyService, goods: list[Product]) -> None:
    a, b, c, d, _ = goods
    said = [
        (answer(a, b, decision=Decision.MATCHED, confidence=1.0), a),  # sure and right
        (answer(a, b, decision=Decision.MATCHED, confidence=1.0), b),  # sure and wrong
        (answer(a, b, c), c),  # asked, third
        (answer(a, b, c, d), d),  # asked, only fourth
        (answer(decision=Decision.UNMATCHED), a),  # nothing known
    ]
    for said_answer, product in said:
        meter.record(thing(said_answer), product.id, DecidedBy.PERSON)
    (stage,) = meter.report().stages
    measured = stage.accuracy
    assert (measured.seen, measured.top_1, measured.top_3) == (5, 1, 3)
    assert (measured.asked, measured.sure, measured.wrong, measured.unknown) == (2, 2, 1, 1)
    assert measured.share(measured.top_3) == pytest.approx(0.6)
    assert measured.seconds == pytest.approx(0.04)
    assert (stage.source, stage.model) == (DetectionSource.TAUGHT, MODEL)


def test_calibration_is_the_gap_between_what_was_said_and_what_was_true(
    meter: AccuracyService, goods: list[Product]
) -> None:
    a, b = goods[:2]
    for right in (True, True, False, False):
        meter.record(thing(answer(a, confidence=0.95)), (a if right else b).id, DecidedBy.BARCODE)
    for right in (True, False):
        meter.record(thing(answer(a, confidence=0.5)), (a if right else b).id, DecidedBy.BARCODE)
    (stage,) = meter.report().stages
    assert stage.calibration_error == pytest.approx(0.45 * 4 / 6)


def test_stages_and_models_stand_apart(meter: AccuracyService, goods: list[Product]) -> None:
    a, b = goods[:2]
    by_model = answer(a, source=DetectionSource.OLLAMA, seconds=3.0)
    meter.record(thing(answer(b, a), by_model), a.id, DecidedBy.PERSON)
    found = {stage.source: stage.accuracy for stage in meter.report().stages}
    assert (found[DetectionSource.TAUGHT].top_1, found[DetectionSource.OLLAMA].top_1) == (0, 1)
    assert found[DetectionSource.OLLAMA].seconds == pytest.approx(3.0)


def test_products_most_often_missed_come_first(meter: AccuracyService, goods: list[Product]) -> None:
    a, b, c = goods[:3]
    for product in (a, a, b, c, c):
        meter.record(thing(answer(a)), product.id, DecidedBy.PERSON)
    assert [(row.product, row.accuracy.top_1) for row in meter.report().products] == [(c, 0), (b, 0), (a, 2)]


def test_a_session_is_noted_and_unknown_ones_are_refused(
    services: KioskServices, meter: AccuracyService, goods: list[Product], engine: Engine
) -> None:
    session = services.sessions.start_session()
    meter.record(thing(answer(goods[0])), goods[0].id, DecidedBy.PERSON, session.id)
    with engine.connect() as connection:
        assert connection.scalar(text("SELECT session_id FROM recognition_events")) == session.id
    with pytest.raises(SessionNotFound):
        meter.record(thing(answer(goods[0])), goods[0].id, DecidedBy.PERSON, uuid4())
    with pytest.raises(ProductNotFound):
        meter.record(thing(answer(goods[0])), uuid4(), DecidedBy.PERSON)


def test_what_no_stage_spoke_of_is_not_counted(meter: AccuracyService, goods: list[Product]) -> None:
    meter.record(thing(), goods[0].id, DecidedBy.PERSON)
    report = meter.report()
    assert (report.stages, report.products) == ((), ())


def test_only_the_last_days(meter: AccuracyService, goods: list[Product], engine: Engine) -> None:
    meter.record(thing(answer(goods[0])), goods[0].id, DecidedBy.PERSON)
    with engine.begin() as connection:
        connection.execute(text("UPDATE recognition_events SET created_at = now() - interval '8 days'"))
    assert meter.report(days=7).stages == ()
    assert len(meter.report(days=9).stages) == 1
    assert meter.purge() == 1
    assert meter.report().stages == ()
