"""Photos and vectors in PostgreSQL: what the services' tests do not show."""

from __future__ import annotations

from pathlib import Path
from threading import Barrier, Thread
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import IntegrityError

from tests.conftest import MakeProduct, build_services, new_product
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_recogniser import picture_of
from visionscan_kiosk.domain.errors import NotFound, ProductNotFound
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.maintenance import backup, check_consistency, restore
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.recognition_ports import Vectors
from visionscan_kiosk.services.recognition_storage import NewPhoto, PhotoSource

RED = (40, 40, 220)
MODEL, OTHER_MODEL = "net/1", "net/2"


@pytest.fixture
def product(make_product: MakeProduct) -> Product:
    return make_product()


def vectors_of(seed: int, views: int = 4, dimensions: int = 6) -> Vectors:
    random = np.random.default_rng(seed)
    return random.normal(size=(views, dimensions)).astype(np.float16)


def add(
    unit_of_work: UnitOfWorkFactory,
    product_id: UUID,
    seed: int = 1,
    source: PhotoSource = PhotoSource.TAUGHT,
    *,
    is_held: bool = False,
) -> UUID:
    with unit_of_work() as work:
        photo = NewPhoto(product_id, b"jpeg", source, vectors_of(seed), MODEL, is_held)
        stored = work.taught_photos.add(photo)
        work.commit()
        return stored.id


def test_vectors_come_back_bit_by_bit(unit_of_work: UnitOfWorkFactory, product: Product) -> None:
    photo_id = add(unit_of_work, product.id, seed=3)
    with unit_of_work() as work:
        (photo,) = work.taught_photos.read([photo_id, uuid4()], MODEL)
    assert (photo.id, photo.product_id, photo.vectors.dtype) == (photo_id, product.id, np.float16)
    assert np.array_equal(photo.vectors, vectors_of(3))


def test_vectors_of_several_models_stand_side_by_side(
    unit_of_work: UnitOfWorkFactory, product: Product
) -> None:
    photo_id = add(unit_of_work, product.id)
    with unit_of_work() as work:
        assert work.taught_photos.without_vectors(OTHER_MODEL) == [photo_id]
        work.taught_photos.add_vectors(photo_id, vectors_of(2, dimensions=9), OTHER_MODEL)
        work.taught_photos.add_vectors(photo_id, vectors_of(5, dimensions=9), OTHER_MODEL)
        work.commit()
    with unit_of_work() as work:
        shapes = [
            work.taught_photos.read([photo_id], model)[0].vectors.shape for model in (MODEL, OTHER_MODEL)
        ]
        assert shapes == [(4, 6), (4, 9)]
        assert work.taught_photos.without_vectors(OTHER_MODEL) == []


def test_vectors_for_a_photo_that_is_gone_are_dropped(
    unit_of_work: UnitOfWorkFactory, product: Product
) -> None:
    with unit_of_work() as work:
        work.taught_photos.add_vectors(uuid4(), vectors_of(1), MODEL)
        work.commit()
    with unit_of_work() as work:
        assert work.taught_photos.recognisable(MODEL) == frozenset()


def test_held_photos_are_not_recognised_by_until_released(
    unit_of_work: UnitOfWorkFactory, product: Product
) -> None:
    photo_id = add(unit_of_work, product.id, source=PhotoSource.CONFIRMED, is_held=True)
    with unit_of_work() as work:
        assert work.taught_photos.recognisable(MODEL) == frozenset()
        assert [entry.photo.is_held for entry in work.taught_photos.compared(product.id, MODEL)] == [True]
        work.taught_photos.release([photo_id])
        assert work.taught_photos.recognisable(MODEL) == {photo_id}


def test_every_change_grows_the_revision(unit_of_work: UnitOfWorkFactory, product: Product) -> None:
    def revision() -> int:
        with unit_of_work() as work:
            return work.taught_photos.revision()

    seen = [revision()]
    photo_id = add(unit_of_work, product.id)
    seen.append(revision())
    with unit_of_work() as work:
        work.taught_photos.remove([photo_id])
        work.commit()
    seen.append(revision())
    assert seen == sorted(set(seen))


def test_who_changes_photos_takes_turns(unit_of_work: UnitOfWorkFactory, product: Product) -> None:
    """Two tills confirm at once: the second one counts what the first one kept."""
    counted: list[int] = []
    together = Barrier(2)

    def confirm(seed: int) -> None:
        together.wait()
        with unit_of_work() as work:
            work.taught_photos.lock()
            counted.append(len(work.taught_photos.compared(product.id, MODEL)))
            work.taught_photos.add(
                NewPhoto(product.id, b"jpeg", PhotoSource.CONFIRMED, vectors_of(seed), MODEL)
            )
            work.commit()

    tills = [Thread(target=confirm, args=(seed,)) for seed in range(2)]
    for till in tills:
        till.start()
    for till in tills:
        till.join()
    assert sorted(counted) == [0, 1]


def test_photos_go_with_their_product(
    unit_of_work: UnitOfWorkFactory, product: Product, engine: Engine
) -> None:
    photo_id = add(unit_of_work, product.id)
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM inventory_movements; DELETE FROM inventory_master"))
        assert connection.scalar(text("SELECT count(*) FROM taught_vectors")) == 0
    with unit_of_work() as work, pytest.raises(NotFound):
        work.taught_photos.get(photo_id)


def test_a_photo_of_no_product_is_refused(unit_of_work: UnitOfWorkFactory) -> None:
    with pytest.raises(ProductNotFound):
        add(unit_of_work, uuid4())


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE taught_vectors SET vectors = vectors || '\\x00'",
        "UPDATE taught_photos SET source = 'guessed'",
        "UPDATE taught_photos SET is_held = true",
    ],
)
def test_the_database_refuses_what_cannot_be(
    unit_of_work: UnitOfWorkFactory, product: Product, engine: Engine, damage: str
) -> None:
    add(unit_of_work, product.id)
    with engine.connect() as connection, pytest.raises(IntegrityError):
        connection.execute(text(damage))


def test_check_names_a_photo_without_vectors(
    unit_of_work: UnitOfWorkFactory, product: Product, engine: Engine
) -> None:
    photo_id = add(unit_of_work, product.id)
    assert check_consistency(engine) == []
    with engine.begin() as connection:
        connection.execute(text("DELETE FROM taught_vectors"))
    (sentence,) = check_consistency(engine)
    assert str(photo_id) in sentence
    assert "teach again" in sentence


def test_a_restored_shop_recognises_what_it_did(own_database_url: str, tmp_path: Path) -> None:
    engine = create_engine_for(own_database_url)

    def services() -> KioskServices:
        return build_services(lambda: SqlUnitOfWork(engine), FakePictureDetector())

    shop = services()
    product = shop.inventory.create_product(new_product())
    shop.teaching.teach(product.id, [picture_of(RED, seed) for seed in range(3)])
    file = tmp_path / "shop.backup"
    backup(engine, file)
    shop.teaching.forget_product(product.id)
    restore(engine, file)
    for restored in (shop, services()):  # a till that went on, and one that was started anew
        (seen,) = restored.detection.detect_products(picture_of(RED, 0), ask_model=False).results
        assert seen.product_id == product.id
    engine.dispose()


def test_photos_are_read_some_at_a_time(unit_of_work: UnitOfWorkFactory, product: Product) -> None:
    ids = {add(unit_of_work, product.id, seed) for seed in range(3)}
    with unit_of_work() as work:
        assert {photo.id for photo in work.taught_photos.read([*ids, uuid4()], MODEL)} == ids


def test_vectors_of_a_model_that_nobody_uses_go_where_there_are_new_ones(
    unit_of_work: UnitOfWorkFactory, product: Product, engine: Engine
) -> None:
    both, old_only = add(unit_of_work, product.id, 1), add(unit_of_work, product.id, 2)
    with unit_of_work() as work:
        work.taught_photos.add_vectors(both, vectors_of(3), OTHER_MODEL)
        work.commit()
        assert work.taught_photos.forget_old_vectors(OTHER_MODEL, unused_days=30) == 0
    with engine.begin() as connection:
        connection.execute(
            text(
                "UPDATE taught_vectors SET created_at = now() - interval '31 days' WHERE model_version = :m"
            ),
            {"m": MODEL},
        )
    with unit_of_work() as work:
        revision = work.taught_photos.revision()
        assert work.taught_photos.forget_old_vectors(MODEL, unused_days=30) == 0
        assert work.taught_photos.forget_old_vectors(OTHER_MODEL, unused_days=30) == 1
        work.commit()
        assert work.taught_photos.recognisable(MODEL) == {old_only}
        assert work.taught_photos.recognisable(OTHER_MODEL) == {both}
        assert work.taught_photos.revision() == revision
