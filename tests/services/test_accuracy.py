"""The shop's own meter, on a real database."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct
from tests.meter import MODEL, answer, show, thing
from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.errors import ProductNotFound, SessionNotFound
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.accuracy import AccuracyService, DecidedBy
from visionscan_kiosk.services.accuracy_storage import Stage
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory


@pytest.fixture
def meter(services: KioskServices) -> AccuracyService:
    return services.accuracy


@pytest.fixture
def goods(make_product: MakeProduct, engine: Engine) -> list[Product]:
    """Products that the till was shown."""
    made = [make_product(f"Apple {number}", stock=0) for number in range(5)]
    show(engine, *made)
    return made


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
    assert stage.stage == (DetectionSource.TAUGHT, MODEL)


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
    found = {stage.stage.source: stage.accuracy for stage in meter.report().stages}
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


def test_what_decided_is_told_apart(meter: AccuracyService, goods: list[Product]) -> None:
    a, b = goods[:2]
    meter.record(thing(answer(a, b)), a.id, DecidedBy.PERSON)
    for product in (a, b, b):
        meter.record(thing(answer(a, b)), product.id, DecidedBy.BARCODE)
    (stage,) = meter.report().stages
    shares = {decider: (found.seen, found.top_1) for decider, found in stage.by.items()}
    assert shares == {DecidedBy.PERSON: (1, 1), DecidedBy.BARCODE: (3, 1)}
    assert (stage.accuracy.seen, stage.accuracy.top_1) == (4, 2)


def test_confused_products_are_named_with_what_they_were_taken_for(
    meter: AccuracyService, goods: list[Product], engine: Engine
) -> None:
    a, b, c = goods[:3]
    for said, product, times in ((a, b, 3), (c, b, 1), (b, a, 2), (a, a, 5)):
        for _ in range(times):
            meter.record(thing(answer(said)), product.id, DecidedBy.PERSON)
    meter.record(thing(answer(decision=Decision.UNMATCHED)), b.id, DecidedBy.PERSON)
    report = meter.report()
    assert [(entry.product, entry.taken_for, entry.times) for entry in report.confusions] == [
        (b, a, 3),
        (a, b, 2),
        (b, c, 1),
    ]
    worst = {row.product: row.confusion for row in report.products}
    assert (worst[b], worst[a]) == (report.confusions[0], report.confusions[1])

    with engine.begin() as connection:
        connection.execute(text("DELETE FROM inventory_master WHERE id = :id"), {"id": c.id})
    assert {entry.taken_for for entry in meter.report().confusions} == {a, b}


def test_the_line_over_time_has_every_local_day(
    unit_of_work: UnitOfWorkFactory, goods: list[Product], engine: Engine
) -> None:
    """Half past eleven in the evening in Berlin is still that day, whatever UTC and the server say."""
    berlin = ZoneInfo("Europe/Berlin")
    meter = AccuracyService(unit_of_work, berlin)
    late = datetime.combine(datetime.now(berlin).date() - timedelta(days=2), time(23, 30), berlin)
    for moment, said in ((late, goods[0]), (late + timedelta(hours=1), goods[1])):
        meter.record(thing(answer(said)), goods[0].id, DecidedBy.PERSON)
        _move_newest(engine, moment)
    (stage,) = meter.report().stages
    assert [step.start.date() - late.date() for step in stage.steps] == [timedelta(n) for n in range(3)]
    assert [(step.seen, step.top_1, step.asked) for step in stage.steps] == [(1, 1, 1), (1, 0, 1), (0, 0, 0)]


def test_half_and_nearly_all_took_no_longer(meter: AccuracyService, goods: list[Product]) -> None:
    for seconds in (*([0.04] * 12), *([0.08] * 7), 3.0):
        meter.record(thing(answer(goods[0], seconds=seconds)), goods[0].id, DecidedBy.PERSON)
    (stage,) = meter.report().stages
    assert stage.seconds_p50 == pytest.approx(0.04)
    assert stage.seconds_p95 == pytest.approx(0.08)


def test_calibration_leaves_out_what_named_nothing(meter: AccuracyService, goods: list[Product]) -> None:
    meter.record(thing(answer(decision=Decision.UNMATCHED)), goods[0].id, DecidedBy.PERSON)
    meter.record(thing(answer(goods[0], confidence=0.31)), goods[0].id, DecidedBy.PERSON)
    meter.record(thing(answer(goods[1], confidence=0.39)), goods[0].id, DecidedBy.PERSON)
    meter.record(thing(answer(goods[0], confidence=1.0)), goods[0].id, DecidedBy.PERSON)
    (stage,) = meter.report().stages
    points = [(point.stated, point.seen, point.truth) for point in stage.calibration]
    assert points == [(pytest.approx(0.35), 2, 0.5), (1.0, 1, 1.0)]


def test_the_main_stage_is_the_recogniser_with_its_newest_model(
    meter: AccuracyService, goods: list[Product], engine: Engine
) -> None:
    a = goods[0]
    assert meter.report().main_stage is None
    meter.record(thing(answer(a, source=DetectionSource.OLLAMA, model="eyes")), a.id, DecidedBy.PERSON)
    assert _main(meter) == (DetectionSource.OLLAMA, "eyes")
    for model, age in (("old", 3), ("new", 2)):
        meter.record(thing(answer(a, model=model)), a.id, DecidedBy.PERSON)
        _move_newest(engine, datetime.now(UTC) - timedelta(days=age))
    assert _main(meter) == (DetectionSource.TAUGHT, "new")


def test_nobody_recognises_what_was_never_shown(
    meter: AccuracyService, goods: list[Product], make_product: MakeProduct
) -> None:
    stranger = make_product("Stranger")
    for said, product in (
        (answer(goods[0]), goods[0]),
        (answer(goods[0], decision=Decision.MATCHED, confidence=0.99), stranger),
        (answer(decision=Decision.UNMATCHED), stranger),
    ):
        meter.record(thing(said), product.id, DecidedBy.BARCODE)
    report = meter.report()
    (stage,) = report.stages
    assert (stage.accuracy.seen, stage.accuracy.top_1) == (1, 1)
    assert (stage.strangers, stage.strangers_sure) == (2, 1)
    assert ([row.product for row in report.products], report.confusions) == ([goods[0]], ())
    assert ([step.seen for step in stage.steps], len(stage.calibration)) == ([1], 1)


def test_a_vision_model_needs_not_be_shown_anything(
    meter: AccuracyService, make_product: MakeProduct
) -> None:
    stranger = make_product("Stranger")
    meter.record(thing(answer(stranger, source=DetectionSource.OLLAMA)), stranger.id, DecidedBy.PERSON)
    assert meter.report().stages[0].accuracy.top_1 == 1


@pytest.mark.parametrize(("age", "was_known"), [("1 second", False), ("5 minutes", True)])
def test_the_photo_of_this_very_sale_does_not_make_it_known(
    meter: AccuracyService, make_product: MakeProduct, engine: Engine, age: str, was_known: bool
) -> None:
    sold = make_product("Sold")
    show(engine, sold)
    with engine.begin() as connection:
        aged = "UPDATE taught_photos SET source = 'confirmed', created_at = now() - cast(:age AS interval)"
        connection.execute(text(aged), {"age": age})
    meter.record(thing(answer(sold)), sold.id, DecidedBy.BARCODE)
    assert bool(meter.report().stages) is was_known


def _main(meter: AccuracyService) -> Stage:
    stage = meter.report().main_stage
    assert stage is not None
    return stage.stage


def _move_newest(engine: Engine, moment: datetime) -> None:
    with engine.begin() as connection:
        newest = "id = (SELECT id FROM recognition_events ORDER BY created_at DESC LIMIT 1)"
        connection.execute(
            text(f"UPDATE recognition_events SET created_at = :moment WHERE {newest}"),
            {"moment": moment},
        )


def test_only_the_last_days(meter: AccuracyService, goods: list[Product], engine: Engine) -> None:
    meter.record(thing(answer(goods[0])), goods[0].id, DecidedBy.PERSON)
    with engine.begin() as connection:
        connection.execute(text("UPDATE recognition_events SET created_at = now() - interval '8 days'"))
    assert meter.report(days=7).stages == ()
    assert len(meter.report(days=9).stages) == 1
    assert (meter.purge(older_than_days=9), meter.purge(older_than_days=7)) == (0, 1)
    meter.record(thing(answer(goods[0])), goods[0].id, DecidedBy.PERSON)
    assert meter.purge() == 1
    assert meter.report().stages == ()
