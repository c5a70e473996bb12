"""Products are learned, told apart, forgotten; what was never taught is said to be unknown."""

from __future__ import annotations

from threading import Thread
from uuid import UUID, uuid4

import numpy as np
import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.recognition_ports import ProductRecogniser, QueryVectors, TaughtPhoto
from visionscan_kiosk.vision.recogniser.recogniser import TaughtRecogniser
from visionscan_kiosk.vision.recogniser.taught import WHOLE_PRODUCTS

DIMENSIONS = 64
VIEWS = 4


def vectors(product: int, picture: int, views: int = VIEWS) -> QueryVectors:
    middle = np.random.default_rng(product).normal(size=DIMENSIONS)
    noise = np.random.default_rng(1000 * product + picture).normal(size=(views, DIMENSIONS))
    rows = middle + 0.5 * noise
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def product_id(product: int) -> UUID:
    return UUID(int=product + 1)


def photo(product: int, picture: int) -> TaughtPhoto:
    id_ = UUID(int=1000 * (product + 1) + picture)
    return TaughtPhoto(id_, product_id(product), vectors(product, picture).astype(np.float16))


def shop(products: int = 12, photos: int = 4) -> list[TaughtPhoto]:
    return [photo(product, picture) for product in range(products) for picture in range(photos)]


def query(product: int) -> QueryVectors:
    return vectors(product, 500, views=2)


@pytest.fixture
def recogniser() -> TaughtRecogniser:
    return TaughtRecogniser(DIMENSIONS)


def test_it_is_a_product_recogniser(recogniser: TaughtRecogniser) -> None:
    port: ProductRecogniser = recogniser
    port.load(shop())
    assert len(port) == 12
    for product in range(12):
        seen = port.recognise(query(product))
        assert seen.candidates[0].product_id == product_id(product)
        assert len(seen.candidates) == 5
        chances = [candidate.probability for candidate in seen.candidates]
        assert chances == sorted(chances, reverse=True)
        assert 0.5 < sum(chances) <= 1 + 1e-6
        assert seen.is_known
    assert port.calibration_error is not None
    assert 0 <= port.calibration_error < 0.2


def test_nothing_taught_is_nothing_recognised(recogniser: TaughtRecogniser) -> None:
    seen = recogniser.recognise(query(0))
    assert seen.candidates == ()
    assert not seen.is_sure
    assert not seen.is_known
    assert len(recogniser) == 0
    assert recogniser.calibration_error is None
    assert recogniser.looks_like(photo(0, 0).vectors) is None


def test_what_was_never_taught_is_unknown(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    strangers = [recogniser.recognise(query(product)) for product in range(50, 70)]
    assert not any(seen.is_sure for seen in strangers)
    assert sum(seen.is_known for seen in strangers) <= 2


def test_one_by_one_gives_the_same_as_all_at_once(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop(11))
    for picture in range(4):
        recogniser.add([photo(11, picture)])
    at_once = TaughtRecogniser(DIMENSIONS)
    at_once.load(shop(12))
    for product in range(12):
        one, other = recogniser.recognise(query(product)), at_once.recognise(query(product))
        assert one.candidates[0].product_id == other.candidates[0].product_id == product_id(product)
        assert one.candidates[0].probability == pytest.approx(other.candidates[0].probability, abs=0.05)


def test_forgotten_photos_are_gone(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    recogniser.forget([photo(3, picture).id for picture in range(4)] + [uuid4()])
    assert len(recogniser) == 11
    assert product_id(3) not in {seen.product_id for seen in recogniser.recognise(query(3)).candidates}
    recogniser.forget([taught.id for taught in shop()])
    assert len(recogniser) == 0
    assert recogniser.recognise(query(0)).candidates == ()


def test_a_photo_taught_again_replaces_itself(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    moved = TaughtPhoto(photo(0, 0).id, product_id(5), photo(5, 9).vectors)
    recogniser.add([moved])
    recogniser.forget([photo(0, picture).id for picture in range(1, 4)])
    assert len(recogniser) == 11


def test_one_bad_photo_does_not_poison_a_product(recogniser: TaughtRecogniser) -> None:
    recogniser.load([*shop(), TaughtPhoto(uuid4(), product_id(0), photo(7, 9).vectors)])
    for product in (0, 7):
        assert recogniser.recognise(query(product)).candidates[0].product_id == product_id(product)


def test_one_and_two_products_are_enough_to_begin(recogniser: TaughtRecogniser) -> None:
    recogniser.add([photo(0, 0)])
    assert recogniser.recognise(query(0)).candidates[0].product_id == product_id(0)
    recogniser.add([photo(1, 0)])
    assert recogniser.recognise(query(1)).candidates[0].product_id == product_id(1)
    assert recogniser.calibration_error is None


def test_a_photo_that_looks_like_another_product_is_noticed(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    assert recogniser.looks_like(photo(4, 77).vectors) == product_id(4)
    assert recogniser.looks_like(photo(4, 77).vectors, except_product=product_id(4)) is None
    assert recogniser.looks_like(photo(60, 1).vectors) is None


@pytest.mark.parametrize("shape", [(2, DIMENSIONS + 1), (0, DIMENSIONS), (DIMENSIONS,)])
def test_vectors_of_another_model_are_refused(recogniser: TaughtRecogniser, shape: tuple[int, ...]) -> None:
    recogniser.load(shop())
    wrong = np.zeros(shape, np.float16)
    with pytest.raises(InvalidInput, match="another model"):
        recogniser.add([photo(0, 9), TaughtPhoto(uuid4(), product_id(0), wrong)])
    with pytest.raises(InvalidInput, match="another model"):
        recogniser.recognise(wrong.astype(np.float32))
    assert recogniser.recognise(query(0)).candidates[0].product_id == product_id(0)


def test_a_damaged_description_cannot_poison_the_shop(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    damaged = np.full((VIEWS, DIMENSIONS), np.nan, np.float16)
    with pytest.raises(InvalidInput, match="damaged"):
        recogniser.add([TaughtPhoto(uuid4(), product_id(0), damaged)])
    assert recogniser.recognise(query(0)).candidates[0].product_id == product_id(0)


def test_loading_that_fails_leaves_what_was_known(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    wrong = TaughtPhoto(uuid4(), product_id(0), np.zeros((VIEWS, DIMENSIONS + 1), np.float16))
    with pytest.raises(InvalidInput):
        recogniser.load(photo for photo in [*shop(2), wrong])
    assert len(recogniser) == 12
    assert recogniser.recognise(query(7)).candidates[0].product_id == product_id(7)


def test_a_large_shop_is_known_though_not_all_views_are_kept(recogniser: TaughtRecogniser) -> None:
    count = WHOLE_PRODUCTS + 20
    recogniser.load(shop(count, 2))
    recogniser.add([photo(count, picture) for picture in range(3)])
    recogniser.forget([photo(count - 1, picture).id for picture in range(2)])
    assert len(recogniser) == count
    for product in (0, count - 2, count):
        assert recogniser.recognise(query(product)).candidates[0].product_id == product_id(product)
    gone = recogniser.recognise(query(count - 1))
    assert product_id(count - 1) not in {seen.product_id for seen in gone.candidates}


def test_many_new_photos_give_the_same_as_all_at_once(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop(2))
    recogniser.add(shop()[8:])
    at_once = TaughtRecogniser(DIMENSIONS)
    at_once.load(shop())
    for product in range(12):
        one, other = recogniser.recognise(query(product)), at_once.recognise(query(product))
        assert one.candidates[0].product_id == other.candidates[0].product_id
        assert one.candidates[0].probability == pytest.approx(other.candidates[0].probability, abs=1e-3)


def test_recognition_goes_on_while_teaching(recogniser: TaughtRecogniser) -> None:
    recogniser.load(shop())
    wrong: list[UUID] = []

    def look() -> None:
        for _ in range(200):
            best = recogniser.recognise(query(2)).candidates[0].product_id
            if best != product_id(2):
                wrong.append(best)

    helpers = [Thread(target=look) for _ in range(2)]
    for helper in helpers:
        helper.start()
    for picture in range(4, 10):
        recogniser.add([photo(20, picture)])
    for helper in helpers:
        helper.join()
    assert wrong == []
    assert len(recogniser) == 13
