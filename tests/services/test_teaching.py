"""Teaching by showing, on a real database; what recognises is a small fake."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import uuid4

import cv2
import numpy as np
import pytest
from sqlalchemy import Engine, text

from tests.conftest import MakeProduct
from tests.fake_recogniser import FakeEmbedder, build_taught, picture_of
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput, NotFound, ProductNotFound
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.photo_choice import MOST_CONFIRMED, MOST_TAUGHT
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.services.recognition_ports import SeenItem
from visionscan_kiosk.services.recognition_storage import PhotoSource
from visionscan_kiosk.services.teaching import ConfirmationOutcome, Rejection, TeachingService
from visionscan_kiosk.vision.photos import JpegPhotos

RED, GREEN = (40, 40, 220), (60, 210, 60)


@pytest.fixture
def teaching(services: KioskServices) -> TeachingService:
    return services.teaching


@pytest.fixture
def red(make_product: MakeProduct) -> Product:
    return make_product("Red Apple")


@pytest.fixture
def green(make_product: MakeProduct) -> Product:
    return make_product("Green Apple")


def pictures(colour: tuple[int, int, int], count: int = 3, first: int = 0) -> list[Image]:
    return [picture_of(colour, seed) for seed in range(first, first + count)]


def grainy(image: Image) -> Image:
    """The same thing seen by a worse camera."""
    random = np.random.default_rng(7)
    noise = cv2.resize(random.normal(0, 25, (8, 8, 3)), (64, 64), interpolation=cv2.INTER_NEAREST)
    return np.clip(image + noise, 0, 255).astype(np.uint8)


@dataclass
class FoundItems:
    """A finder that finds what it is told to."""

    crops: list[Image] = field(default_factory=list)
    knows_empty_counter: bool = True

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        return tuple(SeenItem(Box(0, 0, 9, 9), crop) for crop in self.crops)

    def learn_empty_counter(self, image: Image) -> None:
        self.knows_empty_counter = True

    def forget_empty_counter(self) -> None:
        self.knows_empty_counter = False

    def fits(self, image: Image) -> bool:
        return self.knows_empty_counter

    def covered(self, image: Image) -> tuple[Box, ...] | None:
        return tuple(item.box for item in self.find(image)) if self.knows_empty_counter else None


class TestTeach:
    def test_a_taught_product_is_recognised_at_once(
        self, services: KioskServices, teaching: TeachingService, red: Product
    ) -> None:
        result = teaching.teach(red.id, pictures(RED))
        assert (len(result.taken), result.rejected, result.looks_like) == (3, (), None)
        assert teaching.count_products() == 1
        report = services.detection.detect_products(picture_of(RED, 99), ask_model=False)
        assert [seen.product_id for seen in report.results] == [red.id]

    def test_photos_are_listed_shown_and_removed(self, teaching: TeachingService, red: Product) -> None:
        taken = teaching.teach(red.id, pictures(RED)).taken
        assert {photo.id for photo in teaching.list_photos(red.id)} == {photo.id for photo in taken}
        assert JpegPhotos().decode(teaching.get_photo_picture(taken[0].id)).shape == (64, 64, 3)
        assert teaching.forget_photo(taken[0].id)
        assert not teaching.forget_photo(taken[0].id)
        with pytest.raises(NotFound, match="removed already"):
            teaching.get_photo_picture(taken[0].id)
        assert teaching.forget_product(red.id) == 2
        assert (teaching.count_products(), teaching.list_products()) == (0, [])

    def test_products_are_listed_with_their_counts(
        self, teaching: TeachingService, red: Product, green: Product
    ) -> None:
        teaching.teach(red.id, pictures(RED, 2))
        teaching.teach(green.id, pictures(GREEN, 3))
        teaching.confirm(green.id, picture_of(GREEN, 50))
        listed = [(entry.product.name, entry.taught, entry.confirmed) for entry in teaching.list_products()]
        assert listed == [("Green Apple", 3, 1), ("Red Apple", 2, 0)]
        summary = teaching.summary()
        assert (summary.products, summary.photos, summary.unprepared) == (2, 6, 0)

    def test_the_same_pictures_again_change_nothing(self, teaching: TeachingService, red: Product) -> None:
        teaching.teach(red.id, pictures(RED))
        again = teaching.teach(red.id, pictures(RED))
        assert again.taken == ()
        assert [picture.reason for picture in again.rejected] == [Rejection.KNOWN] * 3

    def test_a_likeness_is_told_and_the_photos_are_kept(
        self, teaching: TeachingService, red: Product, green: Product
    ) -> None:
        teaching.teach(red.id, pictures(RED))
        result = teaching.teach(green.id, pictures(RED, 3, first=10))
        assert result.looks_like == red
        assert len(result.taken) == 3

    def test_many_are_learned_together_and_likenesses_listed(
        self, teaching: TeachingService, red: Product, green: Product, make_product: MakeProduct
    ) -> None:
        blue = make_product("Blue Grapes")
        for product, colour, first in ((red, RED, 0), (green, RED, 10), (blue, (225, 60, 50), 0)):
            result = teaching.teach(product.id, pictures(colour, 3, first), is_one_of_many=True)
            assert (len(result.taken), result.looks_like) == (3, None)
        assert teaching.count_products() == 0
        pairs = [(pair.product, pair.looks_like) for pair in teaching.list_likenesses()]
        assert pairs == [(green, red), (red, green)]
        assert teaching.count_products() == 3

    def test_bad_pictures_are_named_and_the_others_taken(
        self, teaching: TeachingService, red: Product
    ) -> None:
        blurred = np.full((64, 64, 3), 90, np.uint8)
        blurred[:, :, 2] = np.linspace(60, 190, 64, dtype=np.uint8)
        nothing = np.full((64, 64, 3), 128, np.uint8)
        result = teaching.teach(red.id, [*pictures(RED, 2), blurred, nothing, *pictures(RED, 2, first=5)])
        assert [(bad.index, bad.reason) for bad in result.rejected] == [
            (2, Rejection.BLURRED),
            (3, Rejection.EMPTY),
        ]
        assert all(bad.message.endswith(".") for bad in result.rejected)
        assert len(result.taken) == 4

    def test_with_a_known_counter_only_the_single_thing_is_taken(
        self, teaching: TeachingService, red: Product
    ) -> None:
        frame = picture_of(GREEN)
        reasons = []
        for crops in ([], pictures(RED, 2), pictures(RED, 1)):
            result = teaching.teach(red.id, [frame], finder=FoundItems(crops))
            reasons.append([bad.reason for bad in result.rejected])
        assert reasons == [[Rejection.EMPTY], [Rejection.SEVERAL], []]
        assert len(teaching.list_photos(red.id)) == 1

    def test_a_product_is_full_some_day(self, teaching: TeachingService, red: Product) -> None:
        result = teaching.teach(red.id, pictures(RED, MOST_TAUGHT + 2))
        assert len(result.taken) == MOST_TAUGHT
        assert {bad.reason for bad in result.rejected} == {Rejection.FULL}

    def test_an_unknown_product_is_refused(self, teaching: TeachingService) -> None:
        with pytest.raises(ProductNotFound):
            teaching.teach(uuid4(), pictures(RED))

    def test_nothing_shown_teaches_nothing(self, teaching: TeachingService, red: Product) -> None:
        result = teaching.teach(red.id, [])
        assert (result.taken, result.rejected, result.looks_like) == ((), (), None)

    def test_no_transaction_is_open_while_pictures_become_vectors(
        self, unit_of_work: UnitOfWorkFactory, engine: Engine, red: Product
    ) -> None:
        open_at_once: set[int] = set()

        class Watching(FakeEmbedder):
            def embed_query(self, image: Image):  # type: ignore[no-untyped-def]
                open_at_once.add(engine.pool.checkedout())  # type: ignore[attr-defined]
                return super().embed_query(image)

        service = TeachingService(unit_of_work, build_taught(unit_of_work, Watching()), JpegPhotos())
        service.teach(red.id, pictures(RED))
        service.confirm(red.id, picture_of(RED, 9))
        assert open_at_once == {0}


class TestConfirm:
    def test_a_confirmed_thing_becomes_a_photo_and_can_be_undone(
        self, teaching: TeachingService, red: Product
    ) -> None:
        teaching.teach(red.id, pictures(RED))
        confirmation = teaching.confirm(red.id, picture_of(RED, 50))
        assert confirmation.outcome is ConfirmationOutcome.KEPT
        assert confirmation.photo_id is not None
        assert teaching.list_photos(red.id)[0].source is PhotoSource.CONFIRMED
        assert teaching.undo_confirmation(confirmation.photo_id)
        assert len(teaching.list_photos(red.id)) == 3

    def test_the_same_picture_is_not_kept_twice(self, teaching: TeachingService, red: Product) -> None:
        teaching.teach(red.id, pictures(RED))
        assert teaching.confirm(red.id, picture_of(RED, 0)).outcome is ConfirmationOutcome.SKIPPED

    def test_a_wrong_tap_is_held_and_poisons_nothing(
        self, services: KioskServices, teaching: TeachingService, red: Product, green: Product
    ) -> None:
        teaching.teach(red.id, pictures(RED))
        teaching.teach(green.id, pictures(GREEN))
        wrong = teaching.confirm(green.id, picture_of(RED, 50))
        assert (wrong.outcome, wrong.looks_like) == (ConfirmationOutcome.HELD, red)
        (seen,) = services.detection.detect_products(picture_of(RED, 50), ask_model=False).results
        assert seen.product_id == red.id

    def test_two_like_pictures_bear_each_other_out(
        self, teaching: TeachingService, red: Product, green: Product
    ) -> None:
        """A new design of the green one looks like the red one; two sales say what it is."""
        new_design = picture_of(RED, 50)
        teaching.teach(red.id, pictures(RED))
        teaching.teach(green.id, pictures(GREEN))
        assert teaching.confirm(green.id, new_design).outcome is ConfirmationOutcome.HELD
        assert teaching.confirm(green.id, grainy(new_design)).outcome is ConfirmationOutcome.KEPT
        assert not any(photo.is_held for photo in teaching.list_photos(green.id))

    def test_two_different_pictures_bear_nothing_out(
        self, teaching: TeachingService, red: Product, green: Product
    ) -> None:
        teaching.teach(red.id, pictures(RED))
        teaching.teach(green.id, pictures(GREEN))
        outcomes = [teaching.confirm(green.id, grainy(picture_of(RED, seed))).outcome for seed in (0, 1)]
        assert outcomes == [ConfirmationOutcome.HELD] * 2

    def test_confirmed_photos_are_capped_and_taught_ones_stay(
        self, teaching: TeachingService, red: Product
    ) -> None:
        taught = {photo.id for photo in teaching.teach(red.id, pictures(RED)).taken}
        for seed in range(100, 100 + MOST_CONFIRMED + 3):
            teaching.confirm(red.id, picture_of(RED, seed))
        photos = teaching.list_photos(red.id)
        assert len(photos) == MOST_CONFIRMED + 3
        assert taught <= {photo.id for photo in photos}

    def test_what_cannot_be_confirmed_is_refused(self, teaching: TeachingService, red: Product) -> None:
        with pytest.raises(InvalidInput):
            teaching.confirm(red.id, np.zeros((0, 5, 3), np.uint8))
        with pytest.raises(ProductNotFound):
            teaching.confirm(uuid4(), picture_of(RED))


class TestPurge:
    def test_confirmed_photos_go_and_taught_ones_stay(self, teaching: TeachingService, red: Product) -> None:
        teaching.teach(red.id, pictures(RED))
        teaching.confirm(red.id, picture_of(RED, 50))
        assert teaching.purge() == 1
        assert teaching.summary().photos == 3
        assert teaching.purge(taught=True) == 3
        assert teaching.count_products() == 0

    def test_only_old_ones_go(self, teaching: TeachingService, red: Product, engine: Engine) -> None:
        teaching.confirm(red.id, picture_of(RED, 1))
        teaching.confirm(red.id, picture_of(RED, 2))
        with engine.begin() as connection:
            oldest = "(SELECT id FROM taught_photos ORDER BY created_at LIMIT 1)"
            connection.execute(
                text(f"UPDATE taught_photos SET created_at = now() - interval '40 days' WHERE id = {oldest}")
            )
        assert teaching.purge(older_than_days=30) == 1
        assert teaching.summary().photos == 1


class TestRetention:
    def test_a_shop_that_keeps_none_keeps_none(self, unit_of_work: UnitOfWorkFactory, red: Product) -> None:
        service = TeachingService(
            unit_of_work, build_taught(unit_of_work), JpegPhotos(), keep_confirmed_days=0
        )
        assert service.confirm(red.id, picture_of(RED)).outcome is ConfirmationOutcome.SKIPPED
        assert len(service.teach(red.id, pictures(RED)).taken) == 3
        assert service.summary().photos == 3

    @pytest.mark.parametrize("at_start", [True, False])
    def test_old_confirmed_photos_go_by_themselves(
        self, unit_of_work: UnitOfWorkFactory, red: Product, engine: Engine, at_start: bool
    ) -> None:
        service = TeachingService(
            unit_of_work, build_taught(unit_of_work), JpegPhotos(), keep_confirmed_days=30
        )
        service.confirm(red.id, picture_of(RED, 1))
        with engine.begin() as connection:
            connection.execute(text("UPDATE taught_photos SET created_at = now() - interval '31 days'"))
        if at_start:
            service.warm_up()
        else:
            service.confirm(red.id, picture_of(RED, 2))
        assert service.summary().photos == (0 if at_start else 1)


class TestOtherTills:
    def test_what_another_till_teaches_and_forgets_is_followed(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, red: Product
    ) -> None:
        other = build_taught(unit_of_work)
        other.warm_up()
        services.teaching.teach(red.id, pictures(RED))
        other.follow()
        assert len(other) == 1
        services.teaching.forget_product(red.id)
        other.follow()
        assert len(other) == 0

    def test_a_product_that_is_deleted_is_not_offered(
        self, services: KioskServices, red: Product, engine: Engine
    ) -> None:
        services.teaching.teach(red.id, pictures(RED))
        with engine.begin() as connection:
            connection.execute(text("DELETE FROM inventory_movements; DELETE FROM inventory_master"))
        assert services.detection.detect_products(picture_of(RED, 1), ask_model=False).results == ()

    def test_a_new_model_prepares_stored_photos_and_leaves_the_other_till_its_own(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, red: Product
    ) -> None:
        services.teaching.teach(red.id, pictures(RED))
        newer = FakeEmbedder("fake-embedder/2")
        taught = build_taught(unit_of_work, newer)
        later = TeachingService(unit_of_work, taught, JpegPhotos())
        assert later.summary().unprepared == 3
        later.warm_up()
        assert (newer.embedded, later.count_products(), later.summary().unprepared) == (3, 1, 0)
        later.warm_up()
        assert newer.embedded == 3
        assert services.teaching.summary().unprepared == 0

    def test_what_a_till_with_another_model_teaches_is_prepared_when_it_is_noticed(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, red: Product, green: Product
    ) -> None:
        services.teaching.teach(red.id, pictures(RED))
        other = build_taught(unit_of_work, FakeEmbedder("fake-embedder/2"))
        other.warm_up()
        services.teaching.teach(green.id, pictures(GREEN))
        other.follow()
        assert len(other) == 2

    def test_a_damaged_photo_is_left_out(
        self, unit_of_work: UnitOfWorkFactory, services: KioskServices, red: Product, engine: Engine
    ) -> None:
        taken = services.teaching.teach(red.id, pictures(RED)).taken
        with engine.begin() as connection:
            connection.execute(
                text("UPDATE taught_photos SET picture = '\\x00' WHERE id = :id"), {"id": taken[0].id}
            )
        taught = build_taught(unit_of_work, FakeEmbedder("fake-embedder/2"))
        assert taught.embed_missing() == 2
        assert len(taught) == 1
