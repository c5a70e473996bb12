"""Labels read by the real package, where it is installed."""

from __future__ import annotations

import importlib.util

import cv2
import numpy as np
import pytest

from visionscan_kiosk.domain.errors import InvalidInput, LabelsUnavailable
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision import labels
from visionscan_kiosk.vision.labels import RapidLabelReader

installed = pytest.mark.skipif(
    importlib.util.find_spec("rapidocr_onnxruntime") is None, reason="the extra `ocr` is not installed"
)


@pytest.fixture(scope="module")
def reader() -> RapidLabelReader:
    return RapidLabelReader()


def package(*lines: str, width: int = 360, height: int = 300) -> Image:
    picture = np.full((height, width, 3), (180, 220, 240), np.uint8)
    for place, line in enumerate(lines):
        cv2.putText(
            picture, line, (20, 60 + 60 * place), cv2.FONT_HERSHEY_DUPLEX, 1.2, (40, 30, 20), 2, cv2.LINE_AA
        )
    return picture


@installed
@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_label_is_read_whichever_way_up(reader: RapidLabelReader, quarters: int) -> None:
    read = reader.read(np.rot90(package("ORANGE", "JUICE 1L"), quarters))
    assert "ORANGE" in read.text
    assert "JUICE" in read.text


@installed
def test_lines_come_from_top_to_bottom_with_their_places(reader: RapidLabelReader) -> None:
    first, second = reader.read(package("ORANGE", "JUICE")).lines
    assert (first.text, second.text) == ("ORANGE", "JUICE")
    assert first.confidence > 0.8
    assert abs(first.box.y - 30) < 20
    assert abs(second.box.y - 90) < 20
    assert 20 < first.box.height < 70


@installed
def test_a_plain_thing_says_nothing(reader: RapidLabelReader) -> None:
    assert reader.read(np.full((200, 200, 3), 90, np.uint8)).lines == ()


@installed
@pytest.mark.parametrize(
    "shape", [(1, 1), (1, 3000), (3000, 1), (2, 2), (3, 2000), (2000, 1500)], ids=lambda shape: f"{shape}"
)
def test_no_picture_is_too_odd(reader: RapidLabelReader, shape: tuple[int, int]) -> None:
    noise = np.random.default_rng(1).integers(0, 256, (*shape, 3), np.uint8)
    assert len(reader.read(noise).text) <= 2000


@installed
def test_of_a_page_full_of_words_only_the_largest_are_read(reader: RapidLabelReader) -> None:
    page = np.full((1400, 1400, 3), 255, np.uint8)
    for place in range(60):
        corner = (20 + 340 * (place % 4), 120 + 80 * (place // 4))
        cv2.putText(page, f"small{place}", corner, cv2.FONT_HERSHEY_SIMPLEX, 1.2, (0, 0, 0), 2)
    cv2.putText(page, "LARGEST", (20, 60), cv2.FONT_HERSHEY_DUPLEX, 2.4, (0, 0, 0), 5)
    read = reader.read(page)
    assert 0 < len(read.lines) <= 24
    assert "LARGEST" in read.text


@installed
def test_a_picture_without_pixels_is_refused(reader: RapidLabelReader) -> None:
    with pytest.raises(InvalidInput):
        reader.read(np.zeros((0, 5, 3), np.uint8))


class _Broken:
    def auto_text_det(self, picture: Image) -> None:
        raise cv2.error("a picture that the package cannot bear")


@installed
def test_a_failure_inside_is_a_sentence(caplog: pytest.LogCaptureFixture) -> None:
    reader = RapidLabelReader()
    reader._engine = _Broken()
    with pytest.raises(InvalidInput, match="cannot be read"):
        reader.read(package("ORANGE"))
    assert "cannot bear" in caplog.text


def test_a_package_that_does_not_start_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    reader = RapidLabelReader()
    reader._is_available = True
    monkeypatch.setattr(labels, "_MODULE", "a_package_that_is_not_there")
    with pytest.raises(LabelsUnavailable, match="cannot start"):
        reader.read(package("ORANGE"))


def test_where_it_is_not_installed_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "_MODULE", "a_package_that_is_not_there")
    reader = RapidLabelReader()
    assert not reader.is_available
    assert reader.name == "none"
    with pytest.raises(LabelsUnavailable, match="visionscan-kiosk\\[ocr\\]"):
        reader.read(package("ORANGE"))
