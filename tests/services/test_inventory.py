"""Products and their stock as a manager handles them, and what the eyes make of them."""

from __future__ import annotations

from decimal import Decimal
from uuid import uuid4

import numpy as np
import pytest
from sqlalchemy import Engine

from tests.conftest import MakeProduct, new_product
from tests.fake_picture_detector import FakePictureDetector
from visionscan_kiosk.domain.detection import DetectionSource
from visionscan_kiosk.domain.errors import DuplicateBarcode, DuplicateSku, InvalidInput, ProductNotFound
from visionscan_kiosk.domain.matching.match import Decision, MatchMethod
from visionscan_kiosk.domain.product import (
    HIGHEST_STOCK,
    LOWEST_STOCK,
    NewProduct,
    ProductChanges,
    ProductPicture,
)
from visionscan_kiosk.domain.stock import MovementReason
from visionscan_kiosk.persistence.maintenance import check_consistency
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import ProductQuery

PICTURE = np.zeros((8, 8, 3), np.uint8)


class TestProducts:
    def test_opening_stock_is_a_movement(self, services: KioskServices, engine: Engine) -> None:
        product = services.inventory.create_product(new_product(stock=7))
        (movement,) = services.movements.list_movements(product.id)
        assert (product.stock, movement.change_qty, movement.reason) == (7, 7, MovementReason.OPENING)
        empty = services.inventory.create_product(new_product("Empty", stock=0))
        assert list(services.movements.list_movements(empty.id)) == []
        assert check_consistency(engine) == []

    def test_a_new_stock_is_an_adjustment(
        self, services: KioskServices, make_product: MakeProduct, engine: Engine
    ) -> None:
        product = make_product(stock=7)
        assert services.inventory.update_product(product.id, ProductChanges(stock=4)).stock == 4
        movement = services.movements.list_movements(product.id)[0]
        assert (movement.change_qty, movement.reason) == (-3, MovementReason.ADJUSTMENT)
        services.inventory.update_product(product.id, ProductChanges(stock=4))
        assert len(services.movements.list_movements(product.id)) == 2
        assert check_consistency(engine) == []

    def test_update_changes_the_given_fields_only(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        before = make_product(aliases=("a",), barcodes=("X",), stock=3)
        after = services.inventory.update_product(before.id, ProductChanges(name="Gala"))
        assert after.name == "Gala"
        assert (after.sku, after.price, after.stock) == (before.sku, before.price, before.stock)
        assert (after.aliases, after.barcodes) == (before.aliases, before.barcodes)
        assert after.updated_at > before.updated_at

    def test_a_refused_update_changes_nothing(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        make_product("Pear", sku="P", barcodes=("X",))
        apple = make_product()
        with pytest.raises(DuplicateSku, match=r"^A product with SKU P exists already$"):
            services.inventory.update_product(apple.id, ProductChanges(name="Other", sku="P", stock=99))
        with pytest.raises(DuplicateBarcode, match=r"^Barcode X belongs to another product$"):
            services.inventory.update_product(
                apple.id, ProductChanges(name="Other", barcodes=("X",), stock=99)
            )
        assert services.inventory.get_product(apple.id) == apple
        assert services.inventory.match_text("other").method is MatchMethod.NONE

    def test_a_refused_creation_leaves_nothing(
        self, services: KioskServices, make_product: MakeProduct
    ) -> None:
        make_product("Pear", barcodes=("X",))
        with pytest.raises(DuplicateBarcode):
            services.inventory.create_product(new_product("Plum", barcodes=("Y", "X")))
        assert services.inventory.count_products() == 1

    def test_unknown_product(self, services: KioskServices) -> None:
        for ask in (
            lambda: services.inventory.get_product(uuid4()),
            lambda: services.inventory.update_product(uuid4(), ProductChanges(stock=1)),
            lambda: services.inventory.set_picture(ProductPicture(uuid4(), b"x", "image/png")),
            lambda: services.inventory.find_by_barcode("nothing"),
            lambda: services.movements.restock(uuid4(), 1),
            lambda: services.movements.list_movements(uuid4()),
        ):
            with pytest.raises(ProductNotFound, match=r"^Product not found$"):
                ask()

    def test_listing_and_pictures(self, services: KioskServices, make_product: MakeProduct) -> None:
        apple, leek = make_product(), make_product("Leek", category="Vegetables")
        assert services.inventory.list_products() == [leek, apple]
        assert services.inventory.list_products(ProductQuery(category="Fruit")) == [apple]
        assert services.inventory.count_products(ProductQuery("lee")) == 1
        assert list(services.inventory.list_categories()) == ["Fruit", "Vegetables"]
        assert services.inventory.list_best_sellers(1) == [leek]
        picture = ProductPicture(apple.id, b"png", "image/png")
        services.inventory.set_picture(picture)
        assert services.inventory.get_picture(apple.id) == picture
        assert services.inventory.get_picture(leek.id) is None
        assert [hit.name for hit in services.inventory.search("red")] == ["Red Apple"]

    def test_a_misread_barcode_is_refused(self, services: KioskServices) -> None:
        with pytest.raises(InvalidInput, match="check digit is wrong"):
            services.inventory.find_by_barcode("4006381333932")

    @pytest.mark.parametrize(
        ("field", "value"),
        [
            ("sku", " "),
            ("sku", "x" * 65),
            ("name", ""),
            ("name", "a\0b"),
            ("name", "\ud800"),
            ("category", "x" * 101),
            ("price", "-0.01"),
            ("price", "1.001"),
            ("price", "NaN"),
            ("price", "10000000"),
            ("stock", LOWEST_STOCK - 1),
            ("stock", True),
            ("stock", HIGHEST_STOCK + 1),
            ("aliases", ("ok", "")),
            ("barcodes", ("4006381333932",)),
            ("barcodes", ("\n",)),
        ],
    )
    def test_bad_fields_are_named(self, field: str, value: object) -> None:
        with pytest.raises(InvalidInput) as caught:
            new_product(**{"name": "Apple", "sku": "A", field: value})
        assert caught.value.field == field
        with pytest.raises(InvalidInput):
            ProductChanges(**{field: value})  # type: ignore[arg-type]

    def test_the_widest_fields_fit(self, services: KioskServices) -> None:
        product = NewProduct(
            "🍎" * 64, "🍏" * 200, "🍐" * 100, Decimal("9999999.99"), HIGHEST_STOCK, ("x" * 200,), ("y" * 80,)
        )
        created = services.inventory.create_product(product)
        assert (created.sku, created.name, created.stock) == (product.sku, product.name, HIGHEST_STOCK)


class TestRestock:
    def test_restock(self, services: KioskServices, make_product: MakeProduct, engine: Engine) -> None:
        product = make_product(stock=3)
        assert services.movements.restock(product.id, 10, "  two \n crates\0 ").stock == 13
        movement = services.movements.list_movements(product.id, limit=1)[0]
        assert (movement.change_qty, movement.reason, movement.note) == (
            10,
            MovementReason.RESTOCK,
            "two crates",
        )
        assert check_consistency(engine) == []

    @pytest.mark.parametrize("quantity", [0, -1, 1_000_001, True])
    def test_wrong_quantity(self, services: KioskServices, make_product: MakeProduct, quantity: int) -> None:
        product = make_product(stock=3)
        with pytest.raises(InvalidInput, match="between 1 and 1000000"):
            services.movements.restock(product.id, quantity)
        assert services.inventory.get_product(product.id).stock == 3

    def test_too_long_a_note(self, services: KioskServices, make_product: MakeProduct) -> None:
        with pytest.raises(InvalidInput, match="at most 500 characters"):
            services.movements.restock(make_product().id, 1, "x" * 501)

    def test_a_full_shelf(self, services: KioskServices, make_product: MakeProduct, engine: Engine) -> None:
        product = make_product(stock=HIGHEST_STOCK)
        with pytest.raises(InvalidInput, match="The stock can be at most 1000000000"):
            services.movements.restock(product.id, 1)
        assert check_consistency(engine) == []


class TestDetection:
    def test_a_known_barcode_spares_the_model(
        self, services: KioskServices, make_product: MakeProduct, picture_detector: FakePictureDetector
    ) -> None:
        product = make_product(barcodes=("4006381333931",))
        picture_detector.show_barcode("4006381333931")
        picture_detector.show_name("something")
        report = services.detection.detect_products(PICTURE)
        (seen,) = report.results
        assert (seen.product_id, seen.decision, seen.source) == (
            product.id,
            Decision.MATCHED,
            DetectionSource.BARCODE,
        )
        assert report.model_used == "barcode"
        assert picture_detector.short_lists == []

    def test_a_misread_code_does_not_hide_the_others(
        self, services: KioskServices, make_product: MakeProduct, picture_detector: FakePictureDetector
    ) -> None:
        product = make_product(barcodes=("4006381333931",))
        picture_detector.show_barcode("4006381333932")
        picture_detector.show_barcode("4006381333931")
        misread, known = services.detection.read_barcodes(PICTURE)
        assert misread.product is None
        assert known.product == product

    def test_the_model_is_told_the_best_sellers_and_its_word_is_asked_about(
        self, services: KioskServices, make_product: MakeProduct, picture_detector: FakePictureDetector
    ) -> None:
        product = make_product()
        picture_detector.show_name("red apple", 0.8, 2)
        picture_detector.show_name("spaceship", 0.9)
        report = services.detection.detect_products(PICTURE)
        apple, spaceship = report.results
        assert (apple.product_id, apple.decision, apple.quantity) == (product.id, Decision.ASK, 2)
        assert (spaceship.product_id, spaceship.decision) == (None, Decision.UNMATCHED)
        assert spaceship.matched_from == "spaceship"
        assert picture_detector.short_lists == [["Red Apple"]]
        assert report.model_used == "fake-detector"

    def test_what_the_model_read_in_fields_is_matched_as_fields(
        self, services: KioskServices, make_product: MakeProduct, picture_detector: FakePictureDetector
    ) -> None:
        make_product("Brookmead Whole Milk 1 l", sku="MILK1")
        make_product("Brookmead Whole Milk 2 l", sku="MILK2")
        picture_detector.show_name("whole milk", brand="Brookmead", size="2 l")
        (seen,) = services.detection.detect_products(PICTURE).results
        assert seen.sku == "MILK2"

    def test_without_the_model(self, services: KioskServices, picture_detector: FakePictureDetector) -> None:
        picture_detector.show_name("red apple")
        assert services.detection.detect_products(PICTURE, ask_model=False).results == ()
        assert picture_detector.short_lists == []
