"""What is printed on things: kept of taught photos, weighed where looks are unsure, guessed as a name."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID, uuid4

import pytest

from tests.conftest import MakeProduct, build_services
from tests.fake_label_reader import FakeLabelReader
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_recogniser import picture_of
from tests.services.test_recognition import TiledCounter, counter
from visionscan_kiosk.domain.detection import Box, DetectionSource
from visionscan_kiosk.domain.matching.match import Decision
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.label_evidence import Label, weigh, words_of
from visionscan_kiosk.services.label_naming import LONGEST_NAME, guess_name
from visionscan_kiosk.services.label_ports import LONGEST_LABEL, LabelLine, LabelText
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.sight import SeenThing

ONE, OTHER, BETWEEN = (60, 90, 200), (60, 130, 200), (60, 112, 200)
STRANGE = (225, 60, 50)
A, B, C = (UUID(int=number) for number in (1, 2, 3))


@pytest.fixture
def reader() -> FakeLabelReader:
    made = FakeLabelReader()
    made.print_on(ONE, "Whole Milk\n1 l")
    made.print_on(OTHER, "Low Fat Milk\n1 l")
    return made


@pytest.fixture
def detector() -> FakePictureDetector:
    return FakePictureDetector()


@pytest.fixture
def services(
    unit_of_work: UnitOfWorkFactory, detector: FakePictureDetector, reader: FakeLabelReader
) -> KioskServices:
    return build_services(unit_of_work, detector, reader=reader)


@pytest.fixture
def whole(make_product: MakeProduct) -> Product:
    return make_product("Whole Milk 1 l")


@pytest.fixture
def low(make_product: MakeProduct) -> Product:
    return make_product("Low Fat Milk 1 l")


def unread(unit_of_work: UnitOfWorkFactory) -> Sequence[UUID]:
    with unit_of_work() as work:
        return work.taught_photos.without_label()


def labels(unit_of_work: UnitOfWorkFactory, product: Product) -> Sequence[str]:
    with unit_of_work() as work:
        return work.taught_photos.labels([product.id]).get(product.id, ())


class TestPhotos:
    def test_labels_of_taught_photos_are_read_and_kept(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, whole: Product
    ) -> None:
        services.teaching.teach(whole.id, [picture_of(ONE, seed) for seed in range(7)])
        assert labels(unit_of_work, whole) == ["Whole Milk\n1 l"] * 7
        assert not unread(unit_of_work)

    def test_a_label_with_nothing_on_it_is_read_once(
        self,
        services: KioskServices,
        unit_of_work: UnitOfWorkFactory,
        reader: FakeLabelReader,
        whole: Product,
    ) -> None:
        services.teaching.teach(whole.id, [picture_of(STRANGE)])
        assert (labels(unit_of_work, whole), unread(unit_of_work)) == ((), [])
        before = reader.pictures_read
        services.labels.read_photos()
        assert reader.pictures_read == before

    def test_older_photos_are_read_once_something_reads(
        self, unit_of_work: UnitOfWorkFactory, detector: FakePictureDetector, whole: Product
    ) -> None:
        reader = FakeLabelReader()
        services = build_services(unit_of_work, detector, reader=reader)
        services.teaching.teach(whole.id, [picture_of(ONE)])
        assert len(unread(unit_of_work)) == 1
        reader.print_on(ONE, "Whole Milk")
        services.labels.read_photos()
        assert labels(unit_of_work, whole) == ["Whole Milk"]

    def test_who_wants_to_wait_is_told_how_far_it_is(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, whole: Product
    ) -> None:
        services.shop_settings.change(reads_labels=False)
        services.teaching.teach(whole.id, [picture_of(ONE, seed) for seed in range(3)])
        told: list[tuple[int, int]] = []
        services.labels.read_all_photos(lambda done, total: told.append((done, total)))
        assert told == []
        services.shop_settings.change(reads_labels=True)
        services.labels.read_all_photos(lambda done, total: told.append((done, total)))
        assert told == [(0, 3), (1, 3), (2, 3)]
        assert len(labels(unit_of_work, whole)) == 3

    def test_a_shop_that_reads_no_labels_reads_none(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, whole: Product
    ) -> None:
        services.shop_settings.change(reads_labels=False)
        services.teaching.teach(whole.id, [picture_of(ONE)])
        assert len(unread(unit_of_work)) == 1
        assert services.labels.guess_name(picture_of(ONE)) == ""
        assert services.labels.is_installed
        assert not services.labels.is_on

    def test_a_confirmed_thing_is_read_too(
        self, services: KioskServices, unit_of_work: UnitOfWorkFactory, whole: Product
    ) -> None:
        services.teaching.confirm(whole.id, picture_of(ONE))
        assert labels(unit_of_work, whole) == ["Whole Milk\n1 l"]

    def test_a_label_of_a_photo_that_is_gone_is_dropped(self, unit_of_work: UnitOfWorkFactory) -> None:
        with unit_of_work() as work:
            work.taught_photos.put_label(uuid4(), "nobody's")
            work.commit()

    def test_a_damaged_photo_is_left_out(
        self,
        services: KioskServices,
        unit_of_work: UnitOfWorkFactory,
        reader: FakeLabelReader,
        whole: Product,
    ) -> None:
        services.shop_settings.change(reads_labels=False)
        services.teaching.teach(whole.id, [picture_of(ONE, seed) for seed in range(2)])
        with unit_of_work() as work:
            damaged = work.taught_photos.list(whole.id)[0].id
            work._connection.exec_driver_sql(  # type: ignore[attr-defined]
                "UPDATE taught_photos SET picture = 'no picture' WHERE id = %s", (str(damaged),)
            )
            work.commit()
        services.shop_settings.change(reads_labels=True)
        services.labels.read_photos()
        assert labels(unit_of_work, whole) == ["Whole Milk\n1 l"]
        assert not unread(unit_of_work)


class TestUnsure:
    @pytest.fixture
    def taught(self, services: KioskServices, whole: Product, low: Product) -> KioskServices:
        for product, colour in ((whole, ONE), (low, OTHER)):
            services.teaching.teach(product.id, [picture_of(colour, seed) for seed in range(4)])
        return services

    def look(self, services: KioskServices, image: Image, **options: bool) -> SeenThing:
        (thing,) = services.detection.look([counter(image)], finder=TiledCounter(), **options).things  # type: ignore[arg-type]
        return thing

    def unsure_picture(self) -> Image:
        """A package that is neither surely the one nor the other."""
        return picture_of(BETWEEN, 99)

    def test_the_label_decides_the_order_and_a_person_taps(
        self, taught: KioskServices, reader: FakeLabelReader, whole: Product, low: Product
    ) -> None:
        picture = self.unsure_picture()
        assert self.look(taught, picture, reads_labels=False).product.decision is Decision.ASK
        for product, text in ((whole, "WHOLE MILK"), (low, "LOW FAT MILX")):
            reader._printed = [(BETWEEN, text)]
            seen = self.look(taught, picture)
            assert seen.product.product_id == product.id
            assert seen.product.decision is Decision.ASK
            assert seen.product.confidence <= 0.95
            assert seen.product.source is DetectionSource.LABEL
            assert [answer.source for answer in seen.answers] == [
                DetectionSource.TAUGHT,
                DetectionSource.LABEL,
            ]

    def test_the_report_names_the_stage(self, taught: KioskServices, reader: FakeLabelReader) -> None:
        report = taught.detection.look([counter(self.unsure_picture())], finder=TiledCounter()).report
        assert [stage.name for stage in report.stages] == ["barcode", "items", "taught", "label"]

    def test_a_second_look_gives_what_one_with_labels_gives(
        self, taught: KioskServices, reader: FakeLabelReader
    ) -> None:
        reader.print_on(BETWEEN, "Low Fat Milk")
        picture = self.unsure_picture()
        first = self.look(taught, picture, reads_labels=False)
        assert taught.detection.look_closer(first).product == self.look(taught, picture).product

    def test_a_label_that_says_nothing_changes_nothing(
        self, taught: KioskServices, reader: FakeLabelReader
    ) -> None:
        reader._printed = [(BETWEEN, "Organic Bananas")]
        thing = self.look(taught, self.unsure_picture(), reads_labels=False)
        assert taught.detection.look_closer(thing) is thing

    def test_what_is_sure_is_not_read(self, taught: KioskServices, reader: FakeLabelReader) -> None:
        before = reader.pictures_read
        assert self.look(taught, picture_of(ONE, 1)).product.decision is Decision.MATCHED
        assert reader.pictures_read == before

    def test_a_reader_that_fails_is_named_and_skipped(
        self, taught: KioskServices, reader: FakeLabelReader
    ) -> None:
        reader.error = ZeroDivisionError("a mistake of the reader")
        report = taught.detection.look([counter(self.unsure_picture())], finder=TiledCounter()).report
        assert report.results[0].source is DetectionSource.TAUGHT
        assert "ZeroDivisionError" in (report.stages[-1].error or "")

    def test_a_shop_that_reads_no_labels_has_no_such_stage(self, taught: KioskServices) -> None:
        taught.shop_settings.change(reads_labels=False)
        sight = taught.detection.look([counter(self.unsure_picture())], finder=TiledCounter())
        assert "label" not in [stage.name for stage in sight.report.stages]
        assert taught.detection.look_closer(sight.things[0]) is sight.things[0]

    def test_what_was_never_shown_is_found_by_its_name(
        self, taught: KioskServices, reader: FakeLabelReader, make_product: MakeProduct
    ) -> None:
        coffee = make_product("Blue Mountain Coffee")
        reader.print_on(STRANGE, "BLUE MOUNTAIN\nCOFFEE")
        seen = self.look(taught, picture_of(STRANGE)).product
        assert (seen.product_id, seen.decision, seen.source) == (
            coffee.id,
            Decision.ASK,
            DetectionSource.LABEL,
        )
        assert seen.confidence <= 0.9

    def test_a_code_nobody_knows_is_not_overruled_by_words(
        self,
        taught: KioskServices,
        reader: FakeLabelReader,
        detector: FakePictureDetector,
        make_product: MakeProduct,
    ) -> None:
        make_product("Blue Mountain Coffee")
        reader.print_on(STRANGE, "Blue Mountain Coffee")
        detector.show_barcode("5901234123457")
        seen = self.look(taught, picture_of(STRANGE)).product
        assert (seen.product_id, seen.source) == (None, DetectionSource.BARCODE)


class TestWeigh:
    def known(self, **words: str) -> dict[UUID, Sequence[Label]]:
        return {UUID(int=ord(key) - 96): [words_of(text)] * 5 for key, text in words.items()}

    def test_the_word_that_only_one_shows_decides(self) -> None:
        known = self.known(a="Arla whole milk", b="Arla light milk")
        chances = weigh({A: 0.4, B: 0.5}, words_of("Arla MILK whole"), known)
        assert (chances[A] > 0.8, chances[B] < 0.2) == (True, True)

    def test_a_word_that_all_show_leaves_the_order(self) -> None:
        known = self.known(a="Arla whole milk", b="Arla light milk")
        chances = weigh({A: 0.4, B: 0.5}, words_of("Arla milk"), known)
        assert chances[A] / chances[B] == pytest.approx(0.4 / 0.5)

    def test_a_misread_word_speaks_too(self) -> None:
        chances = weigh({A: 0.5, B: 0.5}, words_of("grapefmit"), self.known(a="grapefruit", b="orange"))
        assert chances[A] > 0.9

    def test_words_that_nobody_shows_say_nothing(self) -> None:
        assert weigh({A: 0.5, B: 0.4}, words_of("coffee"), self.known(a="grapefruit", b="orange")) == {}
        assert weigh({A: 0.5, B: 0.4}, words_of("orange"), {}) == {}
        assert weigh({}, words_of("orange"), {}) == {}

    def test_a_product_without_a_label_is_not_ruled_out(self) -> None:
        chances = weigh({A: 0.6, B: 0.3}, words_of("orange"), self.known(a="grapefruit", b="orange"))
        assert chances[B] > chances[A] > 0

    def test_chances_stay_chances_however_long_the_label(self) -> None:
        words = [f"word{number:04}" for number in range(400)]
        known = {A: [frozenset(words)], B: [frozenset(words[:200])], C: [frozenset({"other"})]}
        chances = weigh({A: 0.1, B: 0.8, C: 0.1}, frozenset(words), known)
        assert chances[A] > 0.99
        assert sum(chances.values()) <= 1

    def test_letters_and_bare_numbers_are_no_words(self) -> None:
        assert words_of("A 12 2019 b Öko-Milch 1,5% 1") == {"oko", "milch", "1.5%"}

    def test_sizes_are_told_apart_however_alike_they_are_written(self) -> None:
        assert words_of("MILK\nwhole2l") == words_of("whole MILK 2 liter") == {"milk", "whole", "2 l"}
        chances = weigh(
            {A: 0.5, B: 0.4}, words_of("Milk whole2l"), self.known(a="milk whole1l", b="milk whole2l")
        )
        assert chances[B] > 0.9
        known = self.known(a="oats 500 g", b="oats 250 g")
        assert weigh({A: 0.5, B: 0.5}, words_of("OATS 250G"), known)[B] > 0.9


def label(*lines: tuple[str, int], confidence: float = 0.95) -> LabelText:
    heights = [height for _, height in lines]
    return LabelText(
        tuple(
            LabelLine(text, confidence, Box(0, sum(heights[:place]), 20 * len(text), height))
            for place, (text, height) in enumerate(lines)
        )
    )


class TestGuessName:
    @pytest.mark.parametrize(
        ("lines", "name"),
        [
            ([("ARLA", 40), ("Mild Yoghurt", 30), ("with a spoon of sunshine", 8)], "Arla Mild Yoghurt"),
            ([("BRAVO", 40), ("JUICE", 38), ("1 LITER", 12)], "Bravo Juice 1 l"),
            ([("BRAVO", 40), ("BRAVO", 40)], "Bravo"),
            ([("Oats", 40), ("500 g", 30), ("3 g", 6)], "Oats 500 g"),
            ([("COFFEE", 40), ("ground250g", 30)], "Coffee ground 250 g"),
            ([("Water 1.5 L", 40)], "Water 1.5 l"),
            ([("Cola 0,33l", 40), ("E330 4711g", 9)], "Cola"),
            ([("Oats", 40), ("500 g", 30), ("100 g", 6)], "Oats"),
            ([("Oats", 40), ("€ 1.99 only", 60), ("12.95 kr", 50)], "Oats"),
            ([("100%", 40), ("7", 60)], ""),
            ([("1 l", 40)], ""),
            ([], ""),
        ],
    )
    def test_it_is_the_largest_print_and_the_size(self, lines: list[tuple[str, int]], name: str) -> None:
        assert guess_name(label(*lines)) == name

    def test_what_was_hardly_read_is_no_name(self) -> None:
        assert guess_name(label(("JIUCF", 40), confidence=0.7)) == ""

    def test_it_ends_at_a_word_and_is_never_too_long(self) -> None:
        name = guess_name(label(("several words " * 9, 40), ("500 g", 10)))
        assert len(name) <= LONGEST_NAME
        assert name.endswith(("words 500 g", "several 500 g"))
        assert len(guess_name(label(("w" * 500, 40)))) <= LONGEST_NAME

    def test_control_characters_are_left_out(self) -> None:
        text = LabelText((LabelLine("Oats\x00\x1b[2J", 0.9, Box(0, 0, 9, 9)),))
        assert guess_name(text) == "Oats[2J"
        assert text.text == "Oats[2J"

    def test_a_label_is_kept_up_to_a_length(self) -> None:
        assert len(label(*[("word " * 50, 10)] * 50).text) <= LONGEST_LABEL

    def test_of_several_things_no_name_is_guessed(self, services: KioskServices) -> None:
        one, both = counter(picture_of(ONE)), counter(picture_of(ONE), picture_of(OTHER))
        assert services.labels.guess_name(one, TiledCounter()) == "Whole Milk 1 l"  # type: ignore[arg-type]
        assert services.labels.guess_name(both, TiledCounter()) == ""  # type: ignore[arg-type]
        assert services.labels.guess_name(picture_of(OTHER)) == "Low Fat Milk 1 l"
