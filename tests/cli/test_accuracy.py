"""The meter on the command line: the same figures as the screen's, as a table and as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator

import pytest
from sqlalchemy import Engine, text

from tests.cli.conftest import Run
from tests.conftest import new_product
from tests.meter import answer, show, thing
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.accuracy import AccuracyService, DecidedBy

Goods = tuple[Product, Product]
Sell = Callable[[], Goods]


@pytest.fixture
def shop_engine(own_database_url: str) -> Iterator[Engine]:
    made = create_engine_for(own_database_url)
    yield made
    made.dispose()


@pytest.fixture
def sell(shop_engine: Engine) -> Sell:
    """Decide four things: an apple twice right and once taken for a pear, a pear by its barcode."""

    def decide() -> Goods:
        with SqlUnitOfWork(shop_engine) as work:
            apple, pear = (work.products.add(new_product(name)) for name in ("Red Apple", "Pear"))
            work.commit()
        show(shop_engine, apple, pear)
        meter = AccuracyService(lambda: SqlUnitOfWork(shop_engine))
        for said, product, decided_by in (
            (answer(apple, pear), apple, DecidedBy.PERSON),
            (answer(apple, pear, seconds=0.05), apple, DecidedBy.PERSON),
            (answer(pear, apple, decision=Decision.MATCHED, confidence=0.9), apple, DecidedBy.PERSON),
            (answer(pear, apple), pear, DecidedBy.BARCODE),
        ):
            meter.record(thing(said), product.id, decided_by)
        return apple, pear

    return decide


def test_without_anything_measured_it_says_what_to_do(run: Run) -> None:
    assert "Nothing was measured yet: teach products and sell" in run("accuracy").err
    record = json.loads(run("accuracy", "--json").out)
    assert (record["stages"], record["products"], record["confused"]) == ([], [], [])


def test_the_table_shows_stages_and_what_decided(run: Run, sell: Sell) -> None:
    sell()
    result = run("accuracy")
    head, stage, by_barcode, by_taps = result.out.splitlines()
    assert head.split()[-14:-8] == ["seen", "top-1", "top-3", "asked", "sure", "wrong"]
    assert stage.split()[2:8] == ["4", "75.0%", "100.0%", "75.0%", "25.0%", "25.0%"]
    assert by_barcode.split()[:4] == ["by", "barcode", "1", "100.0%"]
    assert by_taps.split()[:4] == ["by", "taps", "3", "66.7%"]
    assert {line[: head.index("seen") + 4].split()[-1] for line in (stage, by_barcode, by_taps)} == set("413")
    assert "taps flatter" in result.err


def test_products_come_when_asked_for_with_what_they_were_taken_for(run: Run, sell: Sell) -> None:
    sell()
    lines = run("accuracy", "--by-product").out.splitlines()
    assert lines[-3].startswith("product, most often missed first")
    assert lines[-2].startswith("Red Apple (taught)")
    assert lines[-2].endswith("Pear (1)")
    assert lines[-1].startswith("Pear (taught)")
    assert lines[-1].endswith("-")


def test_the_json_object_has_the_documented_shape(run: Run, sell: Sell) -> None:
    sell()
    record = json.loads(run("accuracy", "--json", "--days", "7").out)
    assert list(record) == ["since", "step", "stages", "products", "confused"]
    (stage,) = record["stages"]
    figures = ["seen", "top_1", "top_3", "asked", "sure", "wrong", "unknown", "seconds"]
    tail = ["seconds_p50", "seconds_p95", "calibration_error"]
    tail += ["untaught", "by", "calibration", "over_time"]
    assert list(stage) == ["source", "model", *figures, *tail]
    assert list(stage["by"]) == ["person", "barcode"]
    assert stage["by"]["barcode"]["seen"] == 1
    assert [list(point) for point in stage["calibration"]] == [["stated", "true", "seen"]] * 2
    assert stage["over_time"] == [{"from": record["since"], "seen": 4, "top_1": 0.75, "asked": 0.75}]
    apple = record["products"][0]
    assert list(apple) == ["sku", "name", "source", "model", *figures, "taken_for"]
    assert apple["taken_for"] == {"sku": "PEAR", "name": "Pear", "times": 1}
    assert record["confused"] == [
        {
            "product": {"sku": "RED-APPLE", "name": "Red Apple"},
            "taken_for": {"sku": "PEAR", "name": "Pear"},
            "source": "taught",
            "model": stage["model"],
            "times": 1,
        }
    ]


def test_the_meter_is_forgotten_when_asked_to(run: Run, sell: Sell) -> None:
    sell()
    assert "counted" not in run("privacy", "purge").err
    assert (
        "0 answers that the meter had counted" in run("privacy", "purge", "--meter", "--older-than", "3").err
    )
    assert "4 answers that the meter had counted" in run("privacy", "purge", "--meter").err
    assert "Nothing was measured yet" in run("accuracy").err


def test_days_without_anything_are_told_from_a_shop_without_anything(
    run: Run, sell: Sell, shop_engine: Engine
) -> None:
    sell()
    with shop_engine.begin() as connection:
        connection.execute(text("UPDATE recognition_events SET created_at = now() - interval '9 days'"))
    assert "Ask for more days" in run("accuracy", "--days", "7").err
    assert run("accuracy", "--days", "30").out
