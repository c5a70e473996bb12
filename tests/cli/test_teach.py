"""Teaching, recognising and purging on the command line, with the real net on drawn goods."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import cv2
import pytest

from tests.cli.conftest import Run
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.counter import SimulatedCounter

GOODS = ("APPLE001", "AVOCADO001", "LEMON001")
"""Goods without a barcode: only their looks tell them apart."""


@pytest.fixture(scope="module")
def counter() -> SimulatedCounter:
    return sample_counter()


@pytest.fixture
def shop(run: Run) -> None:
    assert run("products", "import", bundled("resources/sample_shop") / "products.csv").code == 0


def draw(path: Path, picture: Image) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    assert cv2.imwrite(str(path), picture)
    return path


def draw_lessons(counter: SimulatedCounter, folder: Path) -> Path:
    """Folders of pictures of the whole counter, and one of it empty beside them."""
    for sku in GOODS:
        for seed in range(3):
            draw(folder / sku / f"{seed}.jpg", counter.render_still([sku], seed))
    return draw(folder.parent / "empty.png", counter.render_still([], 0))


def records(out: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in out.splitlines()]


def test_taught_goods_are_recognised_several_at_once_listed_forgotten_and_purged(
    run: Run, shop: None, counter: SimulatedCounter, tmp_path: Path
) -> None:
    lessons = tmp_path / "lessons"
    empty = draw_lessons(counter, lessons)
    (lessons / "LEMON001" / "broken.jpg").write_bytes((lessons / "LEMON001" / "0.jpg").read_bytes()[:500])
    (lessons / "No such product").mkdir()

    taught = run("teach", lessons, "--empty-counter", empty)
    assert taught.code == 0
    assert "3 products were taught by 9 pictures" in taught.err
    assert "broken.jpg: The picture is incomplete" in taught.err
    assert "No such product: there is no product" in taught.err

    assert {entry["sku"]: entry["taught"] for entry in records(run("teach", "--list").out)} == dict.fromkeys(
        GOODS, 3
    )

    tray = draw(tmp_path / "tray.png", counter.render_still(GOODS, seed=20))
    looked = run("detect", "--no-model", "--empty-counter", empty, tray)
    (record,) = records(looked.out)
    results: list[dict[str, object]] = record["results"]  # type: ignore[assignment]
    assert looked.code == 0
    assert {(result["sku"], result["source"]) for result in results} == {(sku, "taught") for sku in GOODS}
    assert len({tuple(result["box"]) for result in results}) == 3  # type: ignore[arg-type]
    stages: list[dict[str, object]] = record["stages"]  # type: ignore[assignment]
    assert [(stage["name"], stage["error"]) for stage in stages] == [
        ("barcode", None),
        ("items", None),
        ("taught", None),
    ]

    again = run("teach", lessons, "--empty-counter", empty)
    assert (again.code, "9 were known before" in again.err) == (0, True)

    assert "3 pictures of" in run("teach", "--forget", "LEMON001").err
    assert run("teach", "--forget", "NOTHING").code == 1
    assert "0 confirmed pictures were removed with all that was computed from them; 6 are left" in (
        run("privacy", "purge").err
    )
    assert "6 confirmed and taught pictures" in run("privacy", "purge", "--taught").err
    assert run("teach", "--list").out == ""


@pytest.mark.parametrize(
    ("make", "sentence"),
    [
        (lambda folder: None, "cannot be read"),
        (lambda folder: folder.mkdir(), "holds no folders"),
        (lambda folder: (folder / "APPLE001").mkdir(parents=True), "holds no PNG, JPEG or WebP picture"),
        (lambda folder: (folder / "Rocket").mkdir(parents=True), "there is no product"),
    ],
)
def test_when_nothing_can_be_taught_it_says_why(
    run: Run, shop: None, tmp_path: Path, make: Callable[[Path], object], sentence: str
) -> None:
    folder = tmp_path / "lessons"
    make(folder)
    result = run("teach", folder)
    assert result.code == 1
    assert sentence in result.err


def test_a_folder_may_be_one_product_and_carry_its_name(
    run: Run, shop: None, counter: SimulatedCounter, tmp_path: Path
) -> None:
    folder = tmp_path / "red-apple"
    draw(folder / "1.png", counter.render_still(["APPLE001"], 1))
    result = run("teach", folder)
    assert (result.code, "1 products were taught by 1 pictures" in result.err) == (0, True)
    assert [entry["sku"] for entry in records(run("teach", "--list").out)] == ["APPLE001"]
