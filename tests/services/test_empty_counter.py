"""The empty counter outlives the till, each till's its own, and no damage to it stops a till."""

from __future__ import annotations

import numpy as np
import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.empty_counter import EmptyCounterService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.items import CounterItemFinder, JpegCounterPictures


@pytest.fixture
def counters(services: KioskServices) -> EmptyCounterService:
    return services.empty_counters


def grey(level: int, size: tuple[int, int] = (360, 640)) -> Image:
    return np.full((*size, 3), level, np.uint8)


def test_what_was_kept_is_loaded_at_the_same_size(counters: EmptyCounterService) -> None:
    counters.keep("till-a", grey(120))
    counters.keep("till-b", grey(60, (48, 64)))
    loaded = counters.load("till-a")
    assert loaded is not None
    assert loaded.shape == (360, 640, 3)
    assert abs(int(loaded.mean()) - 120) <= 2


def test_a_later_picture_replaces_the_one_before(counters: EmptyCounterService) -> None:
    counters.keep("till-a", grey(120))
    counters.keep("till-a", grey(200))
    loaded = counters.load("till-a")
    assert loaded is not None
    assert loaded.mean() > 190


def test_it_is_forgotten_for_one_till_or_for_all(counters: EmptyCounterService) -> None:
    for till in ("till-a", "till-b", "till-c"):
        counters.keep(till, grey(100))
    counters.forget("till-a")
    counters.forget("till-never-seen")
    assert counters.load("till-a") is None
    assert counters.load("till-b") is not None
    assert counters.forget_all() == 2
    assert counters.load("till-b") is None


@pytest.mark.parametrize("damaged", [b"", b"no picture", b"\xff\xd8\xff\xe0 half"])
def test_a_damaged_picture_is_left_out(
    counters: EmptyCounterService,
    unit_of_work: UnitOfWorkFactory,
    damaged: bytes,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with unit_of_work() as work:
        work.empty_counters.put("till-a", damaged)
        work.commit()
    assert counters.load("till-a") is None
    assert "empty counter" in caplog.text


@pytest.mark.parametrize("shape", [(0, 0, 3), (5, 5), (0,), (4, 4, 4)])
def test_a_picture_without_pixels_is_refused(counters: EmptyCounterService, shape: tuple[int, ...]) -> None:
    with pytest.raises(InvalidInput, match="camera"):
        counters.keep("till-a", np.zeros(shape, np.uint8))
    assert counters.load("till-a") is None


@pytest.mark.parametrize("size", [(720, 1280), (2160, 3840)])
def test_it_stays_small_whatever_the_noise(size: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).normal(150, 2.5, (*size, 3))
    assert len(JpegCounterPictures().encode(np.clip(noise, 0, 255).astype(np.uint8))) <= 200_000


def test_goods_are_found_as_well_with_the_kept_picture(counters: EmptyCounterService) -> None:
    counter = sample_counter()
    counters.keep("till-a", counter.render_still([], 3))
    loaded = counters.load("till-a")
    assert loaded is not None
    finder = CounterItemFinder()
    finder.learn_empty_counter(loaded)
    assert finder.find(counter.render_still([], 4)) == ()
    assert len(finder.find(counter.render_still(["MILK001", "APPLE001", "BANANA001"], 5))) == 3
