"""A vision model beside the taught recogniser on kept photos; the database is real, both models are fakes."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.conftest import MakeProduct, build_services
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_recogniser import picture_of
from tests.fake_vision_models import BLIND, SEEING, FakeVisionModels
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import (
    DetectorResting,
    DetectorTimeout,
    DetectorUnavailable,
    InvalidInput,
)
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.model_trial import TrialReport, TrialScore
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition_storage import PhotoSource

RED, GREEN, BLUE = (40, 40, 220), (60, 210, 60), (220, 60, 40)


@pytest.fixture
def models() -> FakeVisionModels:
    return FakeVisionModels()


@pytest.fixture
def shop(unit_of_work: UnitOfWorkFactory, models: FakeVisionModels) -> KioskServices:
    return build_services(unit_of_work, FakePictureDetector(), models)


@pytest.fixture
def red(make_product: MakeProduct) -> Product:
    return make_product("Red Apple")


@pytest.fixture
def green(make_product: MakeProduct) -> Product:
    return make_product("Green Apple")


def teach(shop: KioskServices, product: Product, colour: tuple[int, int, int], count: int = 3) -> None:
    shop.teaching.teach(product.id, [picture_of(colour, seed) for seed in range(count)])


def run(shop: KioskServices, most_photos: int = 30, cancel: CancelToken | None = None) -> TrialReport:
    return shop.model_trial.run("seer:2b", lambda _: None, most_photos=most_photos, cancel=cancel)


def names_the_first_likely(_image: Image, short_list: Sequence[str]) -> Sequence[str]:
    return short_list[:1]


def test_both_see_the_same_photos(
    shop: KioskServices, models: FakeVisionModels, red: Product, green: Product
) -> None:
    teach(shop, red, RED)
    teach(shop, green, GREEN)
    models.answer = lambda _image, _short_list: ["Red Apple"]
    report = run(shop)
    assert (report.planned, report.model.photos, report.taught.photos) == (6, 6, 6)
    assert report.is_over
    assert (report.model.model, report.taught.model) == ("seer:2b", "fake-embedder/1")
    assert (report.model.top_1, report.model.asked, report.model.wrong) == (3, 6, 3)
    assert report.taught.top_1 == 6
    assert models.loaded == ["seer:2b"]


def test_a_photo_is_not_recognised_by_itself(shop: KioskServices, red: Product, green: Product) -> None:
    teach(shop, red, RED, count=1)
    teach(shop, green, GREEN, count=3)
    report = run(shop)
    assert (report.taught.photos, report.taught.top_1) == (4, 3), "the only photo of a product is left out"


def test_the_model_is_told_what_the_recogniser_takes_it_for(
    shop: KioskServices, models: FakeVisionModels, red: Product, green: Product
) -> None:
    teach(shop, red, RED)
    teach(shop, green, GREEN)
    models.answer = names_the_first_likely
    report = run(shop)
    assert report.model.top_1 == report.taught.top_1 == 6
    assert {names[0] for names in models.short_lists} == {"Red Apple", "Green Apple"}


def test_nothing_named_and_things_the_shop_does_not_sell(
    shop: KioskServices, models: FakeVisionModels, red: Product
) -> None:
    teach(shop, red, RED, count=2)
    answers = iter([(), ("Zebra quux",)])
    models.answer = lambda _image, _short_list: next(answers)
    score = run(shop).model
    assert (score.unknown, score.asked, score.wrong, score.failed) == (2, 0, 0, 0)


def test_photos_are_spread_over_the_products(shop: KioskServices, red: Product, green: Product) -> None:
    teach(shop, red, RED, count=5)
    teach(shop, green, GREEN, count=2)
    seen: list[int] = []
    report = shop.model_trial.run("seer:2b", lambda now: seen.append(now.model.photos), most_photos=3)
    assert (report.planned, seen) == (3, [0, 1, 2, 3])


def test_confirmed_photos_come_before_taught_ones(
    shop: KioskServices, red: Product, unit_of_work: UnitOfWorkFactory
) -> None:
    teach(shop, red, RED, count=3)
    shop.teaching.confirm(red.id, picture_of(RED, 7))
    with unit_of_work() as work:
        kept = work.taught_photos.list(red.id)
    assert sum(photo.source is PhotoSource.CONFIRMED for photo in kept) == 1
    assert run(shop).planned == 1


def test_failures_are_counted_and_a_resting_model_ends_it(
    shop: KioskServices, models: FakeVisionModels, red: Product
) -> None:
    teach(shop, red, RED, count=5)
    answers = iter([DetectorTimeout("too long"), DetectorTimeout("too long"), DetectorResting("It rests.")])

    def fail(_image: Image, _short_list: Sequence[str]) -> Sequence[str]:
        raise next(answers)

    models.answer = fail
    report = run(shop)
    assert (report.model.photos, report.model.failed, report.model.unknown) == (2, 2, 0)
    assert (report.stopped, report.is_over) == ("It rests.", True)


def test_a_cancelled_trial_keeps_what_it_has(
    shop: KioskServices, models: FakeVisionModels, red: Product
) -> None:
    teach(shop, red, RED, count=5)
    cancel = CancelToken()

    def answer(_image: Image, _short_list: Sequence[str]) -> Sequence[str]:
        cancel.cancel()
        return ["Red Apple"]

    models.answer = answer
    report = run(shop, cancel=cancel)
    assert (report.model.photos, report.is_over) == (1, True)
    assert report.stopped


def test_a_photo_removed_meanwhile_is_left_out(
    shop: KioskServices, models: FakeVisionModels, red: Product
) -> None:
    teach(shop, red, RED, count=3)

    def answer(_image: Image, _short_list: Sequence[str]) -> Sequence[str]:
        shop.teaching.forget_product(red.id)
        return ["Red Apple"]

    models.answer = answer
    report = run(shop)
    assert (report.planned, report.model.photos, report.is_over) == (1, 1, True)


def test_what_cannot_be_tried_is_refused(shop: KioskServices, models: FakeVisionModels, red: Product) -> None:
    with pytest.raises(InvalidInput, match="No pictures are kept yet"):
        run(shop)
    teach(shop, red, RED)
    with pytest.raises(InvalidInput, match="cannot look at pictures"):
        shop.model_trial.run(BLIND.name, lambda _: None)
    models.load_trouble = DetectorUnavailable("There is not enough memory.")
    with pytest.raises(DetectorUnavailable, match="memory"):
        run(shop)


def test_nothing_is_changed_by_a_trial(shop: KioskServices, models: FakeVisionModels, red: Product) -> None:
    teach(shop, red, RED)
    models.answer = names_the_first_likely
    before = shop.vision_models.chosen()
    run(shop)
    assert shop.vision_models.chosen() == before
    assert shop.accuracy.report().stages == ()
    assert models.unloaded == []
    assert SEEING.name in models.loaded


@pytest.mark.parametrize(
    ("seconds", "median", "p95"),
    [((), 0, 0), ((2.0,), 2, 2), ((3.0, 1.0, 2.0), 2, 3), (tuple(map(float, range(1, 101))), 50.5, 95)],
)
def test_seconds(seconds: tuple[float, ...], median: float, p95: float) -> None:
    score = TrialScore("seer", photos=len(seconds), seconds=seconds)
    assert (score.median_s, score.p95_s) == (median, p95)
