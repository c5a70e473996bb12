"""A product's picture: its own, else the first photo that was shown of it; hostile files are refused."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import uuid4

import cv2
import numpy as np
import pytest

from tests.conftest import MakeProduct
from tests.fake_recogniser import picture_of
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput, NotFound, ProductNotFound
from visionscan_kiosk.domain.product import Product
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.photo_series import Rejection
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import SeenItem

FRONT, BACK, LATER = (picture_of((40, 40, 200), seed) for seed in range(3))


class Finder:
    """Finds what the test put there."""

    knows_empty_counter = True

    def __init__(self, *crops: Image) -> None:
        self._crops = crops

    def learn_empty_counter(self, image: Image) -> None: ...

    def forget_empty_counter(self) -> None: ...

    def find(self, image: Image) -> tuple[SeenItem, ...]:
        return tuple(SeenItem(Box(0, 0, 64, 64), crop) for crop in self._crops)


@pytest.fixture
def apple(make_product: MakeProduct) -> Product:
    return make_product("Red Apple")


def looks_like(data: bytes | None, image: Image) -> bool:
    assert data is not None
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    return seen.shape == image.shape and float(np.abs(seen.astype(int) - image).mean()) < 10


def test_there_is_none_before_anything_is_known(services: KioskServices, apple: Product) -> None:
    assert services.product_pictures.get(apple.id) is None


def test_what_was_shown_first_stands_for_it(services: KioskServices, apple: Product) -> None:
    services.teaching.teach(apple.id, [FRONT])
    services.teaching.teach(apple.id, [BACK])
    services.teaching.confirm(apple.id, LATER)
    assert looks_like(services.product_pictures.get(apple.id), FRONT)


def test_a_held_photo_never_stands_for_it(
    services: KioskServices, apple: Product, make_product: MakeProduct
) -> None:
    pear = make_product("Pear")
    services.teaching.teach(pear.id, [FRONT])
    services.teaching.confirm(apple.id, FRONT)
    assert services.teaching.list_photos(apple.id)[0].is_held
    assert services.product_pictures.get(apple.id) is None


def test_a_chosen_photo_stays_when_it_is_forgotten(services: KioskServices, apple: Product) -> None:
    services.teaching.teach(apple.id, [FRONT])
    back = services.teaching.teach(apple.id, [BACK]).taken[0]
    services.product_pictures.use_photo(apple.id, back.id)
    services.teaching.forget_product(apple.id)
    assert looks_like(services.product_pictures.get(apple.id), BACK)


def test_a_photo_of_another_product_is_refused(
    services: KioskServices, apple: Product, make_product: MakeProduct
) -> None:
    photo = services.teaching.teach(apple.id, [FRONT]).taken[0]
    with pytest.raises(NotFound):
        services.product_pictures.use_photo(make_product("Pear").id, photo.id)
    with pytest.raises(NotFound):
        services.product_pictures.use_photo(apple.id, uuid4())


def test_the_camera_s_picture_is_cut_to_the_product(services: KioskServices, apple: Product) -> None:
    frame = np.zeros((480, 640, 3), np.uint8)
    services.product_pictures.use_image(apple.id, frame, Finder(FRONT))
    assert looks_like(services.product_pictures.get(apple.id), FRONT)


@pytest.mark.parametrize(("crops", "reason"), [((), Rejection.EMPTY), ((FRONT, BACK), Rejection.SEVERAL)])
def test_nothing_or_several_things_are_no_picture(
    services: KioskServices, apple: Product, crops: tuple[Image, ...], reason: Rejection
) -> None:
    with pytest.raises(InvalidInput, match=reason.sentence):
        services.product_pictures.use_image(apple.id, FRONT, Finder(*crops))


def test_a_file_is_kept_small(services: KioskServices, apple: Product, tmp_path: Path) -> None:
    path = tmp_path / "apple.png"
    cv2.imwrite(str(path), cv2.resize(FRONT, (800, 600)))
    services.product_pictures.use_file(apple.id, path)
    data = services.product_pictures.get(apple.id)
    assert data is not None
    seen = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    assert seen is not None
    assert max(seen.shape) == 512


@pytest.mark.parametrize("content", [b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0"])
def test_a_file_that_is_no_picture_changes_nothing(
    services: KioskServices, apple: Product, tmp_path: Path, content: bytes
) -> None:
    services.product_pictures.use_image(apple.id, FRONT)
    path = tmp_path / "apple.png"
    path.write_bytes(content)
    with pytest.raises(InvalidInput):
        services.product_pictures.use_file(apple.id, path)
    assert looks_like(services.product_pictures.get(apple.id), FRONT)


def test_a_file_that_cannot_be_read_is_named(services: KioskServices, apple: Product, tmp_path: Path) -> None:
    for path in (tmp_path / "missing.png", tmp_path, Path("\0.png")):
        with pytest.raises(InvalidInput, match="cannot be read"):
            services.product_pictures.use_file(apple.id, path)


def test_what_is_no_file_is_not_waited_for(services: KioskServices, apple: Product, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(InvalidInput, match="cannot be read"):
        services.product_pictures.use_file(apple.id, tmp_path / "pipe.png")


def test_a_product_that_is_gone_has_no_picture(services: KioskServices) -> None:
    with pytest.raises(ProductNotFound):
        services.product_pictures.use_image(uuid4(), FRONT)
