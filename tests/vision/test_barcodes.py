"""Barcodes in pictures, made with the reader's own writer and with the drawn packs."""

from __future__ import annotations

import csv

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.barcode import check_digit
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.counter import SimulatedCounter

CODE = "2040010001039"
FORMATS = zxingcpp.BarcodeFormat


@pytest.fixture(scope="module")
def reader() -> BarcodeReader:
    return BarcodeReader()


@pytest.fixture(scope="module")
def counter() -> SimulatedCounter:
    return sample_counter()


def codes_of_sample_shop() -> dict[str, str]:
    with bundled("resources/sample_shop/products.csv").open(encoding="utf-8", newline="") as file:
        return {row["sku"]: row["barcodes"] for row in csv.DictReader(file) if row["barcodes"]}


CODES = codes_of_sample_shop()


def printed(text: str, kind: zxingcpp.BarcodeFormat, *, scale: int = 3) -> Image:
    symbol = zxingcpp.create_barcode(text, kind)
    grey = np.asarray(zxingcpp.write_barcode_to_image(symbol, scale=scale, add_quiet_zones=True), np.uint8)
    return np.asarray(cv2.cvtColor(grey, cv2.COLOR_GRAY2BGR), np.uint8)


def on_canvas(label: Image, *, turn: float = 0.0, size: tuple[int, int] = (900, 700)) -> Image:
    height, width = label.shape[:2]
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    matrix[:, 2] += (size[0] - width) / 2, (size[1] - height) / 2
    return np.asarray(cv2.warpAffine(label, matrix, size, borderValue=(190, 200, 210)), np.uint8)


@pytest.mark.parametrize("turn", range(0, 360, 15))
def test_any_rotation_is_read(reader: BarcodeReader, turn: int) -> None:
    (seen,) = reader.read(on_canvas(printed(CODE, FORMATS.EAN13), turn=turn))
    assert (seen.text, seen.symbology) == (CODE, "EAN-13")


@pytest.mark.parametrize("turn", [0, 22.5, 45, 90, 180])
def test_box_lies_on_the_code_in_picture_pixels(reader: BarcodeReader, turn: float) -> None:
    (seen,) = reader.read(on_canvas(printed(CODE, FORMATS.EAN13), turn=turn))
    box = seen.box
    assert abs(box.x + box.width / 2 - 450) < 40
    assert abs(box.y + box.height / 2 - 350) < 40


def test_boxes_of_a_large_picture_are_in_its_own_pixels(reader: BarcodeReader) -> None:
    large = on_canvas(printed(CODE, FORMATS.EAN13, scale=12), size=(4800, 3600))
    for read in (reader.read, reader.read_quickly):
        (seen,) = read(large)
        assert abs(seen.box.x + seen.box.width / 2 - 2400) < 200


@pytest.mark.parametrize("turn", [0, 27, 63])
def test_a_small_code_in_a_large_still_is_read(reader: BarcodeReader, turn: int) -> None:
    wide = on_canvas(printed(CODE, FORMATS.EAN13, scale=2), turn=turn, size=(2400, 1440))
    (seen,) = reader.read(wide)
    assert seen.text == CODE


@pytest.mark.parametrize("turn", [0, 27, 63])
@pytest.mark.parametrize("blur", [1.0, 1.5])
def test_a_blurred_code_is_read(reader: BarcodeReader, turn: int, blur: float) -> None:
    picture = cv2.GaussianBlur(on_canvas(printed(CODE, FORMATS.EAN13, scale=2), turn=turn), (0, 0), blur)
    (seen,) = reader.read(np.asarray(picture, np.uint8))
    assert seen.text == CODE


def test_a_small_picture_is_read_at_twice_its_size(reader: BarcodeReader) -> None:
    small = cv2.resize(printed(CODE, FORMATS.EAN13), None, fx=0.5, fy=0.5, interpolation=cv2.INTER_AREA)
    (seen,) = reader.read(np.asarray(small, np.uint8))
    assert seen.text == CODE
    assert seen.box.x + seen.box.width <= small.shape[1]


@pytest.mark.parametrize(
    ("text", "kind", "read_as"),
    [
        ("20400015", FORMATS.EAN8, f"2040001{check_digit('2040001')}"),
        ("01234565", FORMATS.UPCE, "012345000065"),
        ("012345678905", FORMATS.UPCA, "012345678905"),
        ("10012345678902", FORMATS.ITF, "10012345678902"),
        ("SHELF-42", FORMATS.Code128, "SHELF-42"),
        ("PLU 4011", FORMATS.Code39, "PLU 4011"),
        ("BOX-7781", FORMATS.QRCode, "BOX-7781"),
        ("0110012345678902", FORMATS.DataBar, "10012345678902"),
    ],
)
def test_codes_of_shops_are_read(
    reader: BarcodeReader, text: str, kind: zxingcpp.BarcodeFormat, read_as: str
) -> None:
    text = read_as if kind is FORMATS.EAN8 else text
    (seen,) = reader.read(on_canvas(printed(text, kind)))
    assert seen.text.zfill(14) == read_as.zfill(14)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("https://example.com/recipe", FORMATS.QRCode),
        ("A1", FORMATS.Code39),
        ("1234", FORMATS.ITF),
        ("2040010001038", FORMATS.Code128),
        ("10012345678903", FORMATS.Code128),
    ],
    ids=["web_address", "very_short", "no_gtin", "wrong_check_digit_13", "wrong_check_digit_14"],
)
def test_what_no_shop_means_is_not_reported(
    reader: BarcodeReader, text: str, kind: zxingcpp.BarcodeFormat
) -> None:
    assert reader.read(on_canvas(printed(text, kind))) == []


def test_half_an_ean_13_does_not_pass_for_a_upc_e(reader: BarcodeReader) -> None:
    label = printed(CODE, FORMATS.EAN13)
    half = label.copy()
    half[:, int(label.shape[1] * 0.548) :] = 255
    assert zxingcpp.read_barcodes(on_canvas(half)), "without the rule this is read as a code"
    assert reader.read(on_canvas(half)) == []


def smeared(seed: int) -> tuple[str, Image]:
    """A code that is small, tilted, blurred and noisy in the picture."""
    chance = np.random.default_rng(seed)
    body = "".join(map(str, chance.integers(0, 10, 12)))
    code = f"{body}{check_digit(body)}"
    turn = float(chance.uniform(0, 180))
    picture = on_canvas(printed(code, FORMATS.EAN13, scale=2), turn=turn, size=(420, 360)).astype(np.float32)
    blurred = cv2.GaussianBlur(picture, (0, 0), float(chance.uniform(0.8, 2.2)))
    noisy = blurred + chance.normal(0, chance.uniform(5, 45), picture.shape)
    return code, np.clip(noisy, 0, 255).astype(np.uint8)


@pytest.mark.parametrize("seed", [15, 72, 86, 97, 119, 140])
def test_a_code_that_reads_differently_every_time_is_not_guessed(reader: BarcodeReader, seed: int) -> None:
    """Believed after one reading, each of these becomes another code with a right check digit."""
    code, picture = smeared(seed)
    assert {seen.text for seen in reader.read(picture)} <= {code}


@pytest.mark.parametrize("words", ["BEST BEFORE 2027", "||||| ||| ||||", "IlIlIlIIIlllIIlIlI", "40170725"])
def test_letters_and_stripes_are_no_code(reader: BarcodeReader, words: str) -> None:
    picture = np.full((400, 700, 3), 235, np.uint8)
    for row in range(60, 400, 45):
        cv2.putText(picture, words, (20, row), cv2.FONT_HERSHEY_SIMPLEX, 1.4, (20, 20, 20), 3)
    for read in (reader.read, reader.read_quickly):
        assert read(picture) == []


@settings(max_examples=60, deadline=None)
@given(
    seed=st.integers(0, 2**32 - 1),
    width=st.integers(1, 300),
    height=st.integers(1, 300),
    grain=st.sampled_from([(1, 1), (3, 1), (1, 40), (40, 1), (9, 9)]),
)
def test_no_random_picture_crashes_or_shows_a_code(
    reader: BarcodeReader, seed: int, width: int, height: int, grain: tuple[int, int]
) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (height, width, 3), np.uint8)
    stripes = noise.repeat(grain[0], axis=0).repeat(grain[1], axis=1)[: 4 * height, : 4 * width]
    picture = np.ascontiguousarray(stripes)
    assert reader.read(picture) == reader.read_quickly(picture) == []


@pytest.mark.parametrize("size", [(1, 3000), (3000, 1), (2, 2), (5, 4000)])
def test_slivers_hold_no_code(reader: BarcodeReader, size: tuple[int, int]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, (*size, 3), np.uint8)
    assert reader.read(picture) == reader.read_quickly(picture) == []


def test_two_different_codes_in_one_row_are_both_read(reader: BarcodeReader) -> None:
    other = CODES["COLA001"]
    row = [on_canvas(printed(code, FORMATS.EAN13), size=(450, 300)) for code in (CODE, other)]
    assert sorted(seen.text for seen in reader.read(np.hstack(row))) == sorted([CODE, other])


def test_two_packs_of_the_same_code_are_two_sightings(reader: BarcodeReader) -> None:
    label = printed(CODE, FORMATS.EAN13)
    picture = np.vstack([on_canvas(label, size=(700, 400)), on_canvas(label, turn=20, size=(700, 400))])
    assert [seen.text for seen in reader.read(np.asarray(picture, np.uint8))] == [CODE, CODE]


def test_an_empty_picture_holds_no_code(reader: BarcodeReader) -> None:
    assert reader.read(np.zeros((1, 1, 3), np.uint8)) == []
    assert reader.read_quickly(np.full((720, 1280, 3), 128, np.uint8)) == []


def test_boxes_stay_inside_the_picture(reader: BarcodeReader) -> None:
    picture = printed(CODE, FORMATS.EAN13)
    for seen in reader.read(picture):
        assert seen.box == Box(*(max(0, side) for side in seen.box))
        assert seen.box.x + seen.box.width <= picture.shape[1]


@pytest.mark.parametrize(("together", "seed"), [(1, 0), (3, 0), (3, 1), (6, 0), (6, 1)])
def test_every_pack_of_the_sample_shop_is_read_on_the_counter(
    reader: BarcodeReader, counter: SimulatedCounter, together: int, seed: int
) -> None:
    order = [str(sku) for sku in np.random.default_rng(seed).permutation(sorted(CODES))]
    for first in range(0, len(order), together):
        skus = order[first : first + together]
        frame = counter.render_still(skus, seed)
        assert sorted(seen.text for seen in reader.read_quickly(frame)) == sorted(CODES[sku] for sku in skus)


def test_the_thorough_way_reads_the_counter_too(reader: BarcodeReader, counter: SimulatedCounter) -> None:
    frame = counter.render_still(["OATMILK001", "APPLE001", "COLA001"], 5)
    assert sorted(seen.text for seen in reader.read(frame)) == sorted([CODES["OATMILK001"], CODES["COLA001"]])
