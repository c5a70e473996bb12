"""From pictures to things: the stages together, on a real database; eyes and recogniser are small fakes."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import uuid4

import numpy as np
import pytest

from tests.conftest import MakeProduct
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_recogniser import FakeEmbedder, build_taught, picture_of
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Box, Detection, DetectionSource
from visionscan_kiosk.domain.errors import DetectionCancelled, DetectorUnavailable
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.detection import DetectionService, SeenThing
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition import vote
from visionscan_kiosk.services.recognition_ports import RecognisedProduct, Recognition, SeenItem

RED, GREEN, BLUE = (40, 40, 220), (60, 210, 60), (225, 60, 50)
EAN, UNKNOWN_EAN = "4006381333931", "5901234123457"
BROKEN = np.zeros((0, 4, 3), np.uint8)


class TiledCounter:
    """Finds tiles of 64 pixels side by side, those that are not plain grey."""

    knows_empty_counter = True

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        tiles = [(x, image[:64, x : x + 64]) for x in range(0, image.shape[1], 64)]
        return tuple(SeenItem(Box(x, 0, 64, 64), tile) for x, tile in tiles if tile.std() > 0)

    def learn_empty_counter(self, image: Image) -> None:
        raise AssertionError("this counter is known")

    forget_empty_counter = learn_empty_counter

    def fits(self, image: Image) -> bool:
        return True

    def covered(self, image: Image) -> tuple[Box, ...] | None:
        return tuple(item.box for item in self.find(image))


class BlindFinder(TiledCounter):
    def find(self, image: Image) -> tuple[SeenItem, ...]:
        raise ZeroDivisionError("a mistake of a stage")


def counter(*tiles: Image) -> Image:
    empty = np.full((64, 64, 3), 128, np.uint8)
    return np.hstack([*tiles, empty])


@pytest.fixture
def red(make_product: MakeProduct) -> Product:
    return make_product("Red Apple", barcodes=(EAN,))


@pytest.fixture
def green(make_product: MakeProduct) -> Product:
    return make_product("Green Apple")


@pytest.fixture
def taught(services: KioskServices, red: Product, green: Product) -> KioskServices:
    """A shop that knows red and green apples by their looks."""
    for product, colour in ((red, RED), (green, GREEN)):
        services.teaching.teach(product.id, [picture_of(colour, seed) for seed in range(4)])
    return services


def look(services: KioskServices, *tiles: Image, **options: object) -> Sequence[SeenThing]:
    return services.detection.look([counter(*tiles)], finder=TiledCounter(), **options).things  # type: ignore[arg-type]


class TestWithAKnownCounter:
    def test_several_things_become_several_results(
        self, taught: KioskServices, red: Product, green: Product
    ) -> None:
        sight = taught.detection.look(
            [counter(picture_of(GREEN, 9), picture_of(RED, 9), picture_of(BLUE, 9))], finder=TiledCounter()
        )
        seen = {result.box: result for result in sight.report.results}
        assert seen[Box(0, 0, 64, 64)].product_id == green.id
        assert seen[Box(64, 0, 64, 64)].product_id == red.id
        unknown = seen[Box(128, 0, 64, 64)]
        assert (unknown.decision, unknown.product_id, unknown.candidates) == (Decision.UNMATCHED, None, ())
        assert unknown.matched_from == "Unknown item"
        assert [thing.product for thing in sight.things] == [*sight.report.results]
        assert all(thing.crop is not None for thing in sight.things)

    def test_the_report_names_stages_times_and_model(self, taught: KioskServices) -> None:
        report = taught.detection.look([counter(picture_of(RED, 9))], finder=TiledCounter()).report
        assert [(stage.name, stage.error) for stage in report.stages] == [
            ("barcode", None),
            ("items", None),
            ("taught", None),
        ]
        assert [stage.answers for stage in report.stages] == [0, 1, 1]
        assert all(stage.milliseconds >= 0 for stage in report.stages)
        assert report.model_used == "fake-embedder"

    def test_a_known_code_settles_its_item_and_lends_its_picture(
        self, taught: KioskServices, red: Product, green: Product, picture_detector: FakePictureDetector
    ) -> None:
        picture_detector.show_barcode(EAN)  # lies at 0, 0 to 100, 50: its middle on the first tile
        by_code, by_looks = look(taught, picture_of(GREEN, 9), picture_of(GREEN, 8))
        assert (by_code.product.product_id, by_code.product.source) == (red.id, DetectionSource.BARCODE)
        assert by_code.crop is not None
        assert by_code.product.box == Box(0, 0, 64, 64)
        assert (by_looks.product.product_id, by_looks.product.source) == (green.id, DetectionSource.TAUGHT)

    def test_a_code_nobody_knows_is_never_overruled_by_looks(
        self, taught: KioskServices, red: Product, picture_detector: FakePictureDetector
    ) -> None:
        """A pack with a code of its own may be a new product in a known design."""
        picture_detector.show_barcode(UNKNOWN_EAN)
        (seen,) = look(taught, picture_of(RED, 0))
        assert (seen.product.decision, seen.product.product_id) == (Decision.ASK, red.id)

    def test_a_code_nobody_knows_on_a_thing_nobody_knows_is_one_thing(
        self, taught: KioskServices, picture_detector: FakePictureDetector
    ) -> None:
        picture_detector.show_barcode(UNKNOWN_EAN)
        (seen,) = look(taught, picture_of(BLUE, 0))
        assert (seen.product.decision, seen.product.matched_from) == (Decision.UNMATCHED, UNKNOWN_EAN)

    def test_what_touches_is_asked(self, taught: KioskServices, red: Product) -> None:
        class Touching(TiledCounter):
            def find(self, image: Image) -> tuple[SeenItem, ...]:
                return tuple(SeenItem(item.box, item.crop, is_touching=True) for item in super().find(image))

        sight = taught.detection.look([counter(picture_of(RED, 0))], finder=Touching())
        (seen,) = sight.report.results
        assert (seen.is_touching, seen.decision, seen.product_id) == (True, Decision.ASK, red.id)

    def test_things_are_found_also_when_nothing_is_taught(self, services: KioskServices) -> None:
        (seen,) = look(services, picture_of(BLUE, 0))
        assert (seen.product.decision, seen.answers) == (Decision.UNMATCHED, ())
        assert seen.crop is not None

    def test_an_empty_counter_shows_nothing(self, taught: KioskServices) -> None:
        assert look(taught) == ()


class TestWholePicture:
    def test_a_sure_picture_is_matched(self, taught: KioskServices, red: Product) -> None:
        report = taught.detection.detect_products(picture_of(RED, 0), ask_model=False)
        (seen,) = report.results
        assert (seen.decision, seen.product_id, seen.box) == (Decision.MATCHED, red.id, Box(0, 0, 64, 64))
        assert seen.confidence == pytest.approx(1, abs=0.01)

    def test_an_unsure_one_offers_at_most_three(
        self, taught: KioskServices, make_product: MakeProduct
    ) -> None:
        for number in range(4):
            product = make_product(f"Apple {number}")
            near = (40, 40 + 5 * number, 215)
            taught.teaching.teach(product.id, [picture_of(near, seed) for seed in range(50, 53)])
        (seen,) = taught.detection.detect_products(picture_of((60, 60, 200), 7), ask_model=False).results
        assert (seen.decision, len(seen.candidates)) == (Decision.ASK, 3)

    def test_nothing_known_is_nothing_seen(self, taught: KioskServices) -> None:
        assert taught.detection.detect_products(picture_of(BLUE, 0), ask_model=False).results == ()


class TestModel:
    def test_it_is_asked_only_about_what_is_unsure(
        self, taught: KioskServices, picture_detector: FakePictureDetector, make_product: MakeProduct
    ) -> None:
        grape = make_product("Blue Grapes")
        picture_detector.show_name("blue grapes")
        things = look(taught, picture_of(RED, 0), picture_of(BLUE, 0), ask_model=True)
        assert len(picture_detector.short_lists) == 1
        sure, named = things
        assert sure.product.source is DetectionSource.TAUGHT
        assert (named.product.product_id, named.product.decision) == (grape.id, Decision.ASK)
        assert named.product.box == Box(64, 0, 64, 64)
        assert [answer.source for answer in named.answers] == [DetectionSource.TAUGHT, DetectionSource.OLLAMA]

    def test_a_sure_picture_is_not_sent(
        self, taught: KioskServices, picture_detector: FakePictureDetector
    ) -> None:
        taught.detection.detect_products(picture_of(RED, 0))
        assert picture_detector.short_lists == []

    def test_its_short_list_begins_with_what_it_looks_like_and_its_category(
        self, taught: KioskServices, picture_detector: FakePictureDetector, make_product: MakeProduct
    ) -> None:
        for number in range(100):
            make_product(f"A Soap {number:03}", category="Household")
        make_product("Zebra Melon")
        look(taught, picture_of((90, 120, 120), 3), ask_model=True)
        (short_list,) = picture_detector.short_lists
        assert len(short_list) == len(set(short_list)) == 80
        assert set(short_list[:2]) == {"Red Apple", "Green Apple"}
        assert short_list[2] == "Zebra Melon"

    def test_a_model_that_is_away_leaves_what_is_known(
        self, taught: KioskServices, picture_detector: FakePictureDetector, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        calls = []

        def fail(*_question: object) -> Sequence[Detection]:
            calls.append(1)
            raise DetectorUnavailable("The model is away.")

        monkeypatch.setattr(picture_detector, "name_products", fail)
        tiles = (picture_of(RED, 0), picture_of(BLUE, 0), picture_of(BLUE, 1))
        report = taught.detection.look([counter(*tiles)], finder=TiledCounter(), ask_model=True).report
        assert len(report.results) == 3
        assert {stage.name: stage.error for stage in report.stages}["ollama"] == "The model is away."
        assert len(calls) == 1, "after a failure no more is asked"
        assert report.model_used == "fake-embedder"
        with pytest.raises(DetectorUnavailable):
            taught.detection.detect_products(picture_of(BLUE, 0))

    def test_one_name_keeps_what_was_recognised_among_the_candidates(
        self, taught: KioskServices, picture_detector: FakePictureDetector, red: Product, green: Product
    ) -> None:
        picture_detector.show_name("green apple", quantity=3)
        unsure = picture_of((60, 60, 200), 7)
        (seen,) = taught.detection.detect_products(unsure).results
        assert (seen.product_id, seen.source, seen.quantity) == (green.id, DetectionSource.OLLAMA, 3)
        assert [item.product_id for item in seen.candidates][:2] == [green.id, red.id]

    def test_a_name_the_shop_does_not_have_changes_nothing(
        self, taught: KioskServices, picture_detector: FakePictureDetector, red: Product
    ) -> None:
        picture_detector.show_name("hammer")
        (seen,) = taught.detection.detect_products(picture_of((60, 60, 200), 7)).results
        assert (seen.product_id, seen.decision) == (red.id, Decision.ASK)


class TestFailures:
    def test_a_stage_that_fails_is_named_and_the_others_go_on(
        self,
        taught: KioskServices,
        red: Product,
        picture_detector: FakePictureDetector,
        caplog: pytest.LogCaptureFixture,
    ) -> None:
        picture_detector.show_barcode(EAN)
        report = taught.detection.look([counter(picture_of(RED, 0))], finder=BlindFinder()).report
        assert [seen.product_id for seen in report.results] == [red.id]
        assert "ZeroDivisionError" in ({stage.name: stage.error for stage in report.stages}["items"] or "")
        assert "stage items failed" in caplog.text

    def test_a_recogniser_that_fails_leaves_codes_and_places(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, red: Product
    ) -> None:
        services.teaching.teach(red.id, [picture_of(RED, 0)])

        class Failing(FakeEmbedder):
            def embed_query(self, image: Image):  # type: ignore[no-untyped-def]
                raise RuntimeError("no memory")

        failing = build_taught(unit_of_work, Failing())
        detection = DetectionService(unit_of_work, services.catalogue, FakePictureDetector(), failing)
        sight = detection.look([counter(picture_of(RED, 0))], finder=TiledCounter())
        assert [seen.decision for seen in sight.report.results] == [Decision.UNMATCHED]
        assert sight.report.stages[-1].error is not None

    def test_a_picture_without_pixels_crashes_no_stage(self, taught: KioskServices) -> None:
        report = taught.detection.detect_products(BROKEN, ask_model=False)
        assert report.results == ()

    def test_nobody_waits_any_more(self, taught: KioskServices) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(DetectionCancelled):
            taught.detection.look([picture_of(RED, 0)], cancel)


class TestSeveralStills:
    def test_the_first_gives_the_boxes_and_all_vote(self, taught: KioskServices, red: Product) -> None:
        stills = [counter(picture_of(RED, seed)) for seed in (0, 1, 2)]
        (thing,) = taught.detection.look(stills, finder=TiledCounter()).things
        assert (thing.product.product_id, thing.product.box) == (red.id, Box(0, 0, 64, 64))
        assert np.array_equal(thing.crop, picture_of(RED, 0))

    def test_a_thing_that_is_gone_in_the_next_still_is_seen_in_the_first(
        self, taught: KioskServices, red: Product
    ) -> None:
        stills = [counter(picture_of(RED, 0)), np.full((64, 128, 3), 128, np.uint8)]
        (thing,) = taught.detection.look(stills, finder=TiledCounter()).things
        assert thing.product.product_id == red.id


class TestVote:
    A, B = uuid4(), uuid4()

    def seen(self, *candidates: tuple[object, float], sure: bool = False, known: bool = True) -> Recognition:
        return Recognition(tuple(RecognisedProduct(*entry) for entry in candidates), sure, known)  # type: ignore[arg-type]

    def test_one_look_is_its_own_answer(self) -> None:
        look = self.seen((self.A, 0.7), sure=True)
        assert vote([look]) is look

    def test_probabilities_are_averaged_and_absence_counts(self) -> None:
        together = vote([self.seen((self.A, 0.8), (self.B, 0.2)), self.seen((self.B, 0.5))])
        assert dict(together.candidates) == pytest.approx({self.A: 0.4, self.B: 0.35})

    @pytest.mark.parametrize(
        ("sure", "together"),
        [(("a", "a", None), True), (("a", None, None), False), (("a", "a", "b"), False)],
    )
    def test_sure_is_what_most_are_sure_of_and_none_doubts(
        self, sure: tuple[str | None, ...], together: bool
    ) -> None:
        looks = [self.seen((self.B if of == "b" else self.A, 0.9), sure=of is not None) for of in sure]
        assert vote(looks).is_sure is together

    def test_known_is_what_most_know(self) -> None:
        looks = [self.seen((self.A, 0.9), known=known) for known in (True, False, True)]
        assert vote(looks).is_known
        assert not vote(looks[:2]).is_known

    def test_nothing_taught(self) -> None:
        assert vote([self.seen(known=False), self.seen(known=False)]).candidates == ()


class TestRecogniseCoded:
    def test_what_the_thing_with_the_code_looks_like(
        self, taught: KioskServices, green: Product, picture_detector: FakePictureDetector
    ) -> None:
        picture_detector.show_barcode(EAN)
        frame = counter(picture_of(GREEN, 0))
        (code,) = taught.detection.read_barcodes(frame)
        seen = taught.detection.recognise_coded(frame, code, finder=TiledCounter())
        assert seen is not None
        assert (seen.product.product_id, seen.product.decision) == (green.id, Decision.MATCHED)

    def test_without_anything_taught_nothing_is_said(
        self, services: KioskServices, red: Product, picture_detector: FakePictureDetector
    ) -> None:
        picture_detector.show_barcode(EAN)
        frame = counter(picture_of(GREEN, 0))
        (code,) = services.detection.read_barcodes(frame)
        assert services.detection.recognise_coded(frame, code, finder=TiledCounter()) is None
