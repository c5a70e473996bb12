"""Pictures become vectors of unit length, whatever their shape; damaged models are refused."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import cv2
import numpy as np
import pytest

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.recognition_ports import Embedder
from visionscan_kiosk.vision.recogniser import PictureEmbedder, load_network
from visionscan_kiosk.vision.recogniser.embedder import DIMENSIONS, PHOTO_VIEWS, QUERY_VIEWS
from visionscan_kiosk.vision.recogniser.network import OnnxRuntimeNetwork, OpenCvNetwork, read_verified

MODEL = "resources/models/efficientnet-lite0.onnx"


@pytest.fixture(scope="module")
def embedder() -> PictureEmbedder:
    return PictureEmbedder(load_network())


def pack(sku: str) -> Image:
    picture = cv2.imread(str(bundled(f"resources/sample_shop/pictures/{sku}.png")))
    assert picture is not None
    return np.asarray(picture, np.uint8)


def test_photos_and_queries_have_the_promised_shapes(embedder: PictureEmbedder) -> None:
    port: Embedder = embedder
    photo, query = port.embed_photo(pack("MILK001")), port.embed_query(pack("MILK001"))
    assert photo.shape == (len(PHOTO_VIEWS), DIMENSIONS)
    assert photo.dtype == np.float16
    assert query.shape == (len(QUERY_VIEWS), DIMENSIONS)
    assert np.linalg.norm(query, axis=1) == pytest.approx(1, abs=1e-3)
    assert photo[: len(query)].astype(np.float32) == pytest.approx(query, abs=1e-3)
    assert "efficientnet-lite0" in port.version


def test_darker_is_still_more_like_itself_than_another_product(embedder: PictureEmbedder) -> None:
    coffee, milk = embedder.embed_query(pack("COFFEE001")), embedder.embed_query(pack("MILK001"))
    darker = embedder.embed_query((pack("COFFEE001") * 0.8).astype(np.uint8))
    assert (darker * coffee).sum() > (darker * milk).sum() + 0.2


@pytest.mark.parametrize(
    "shape", [(1, 1, 3), (1, 4000, 3), (4000, 1, 3), (2, 3, 4), (5, 5), (7, 9, 1), (3000, 4000, 3)]
)
def test_no_shape_of_a_picture_is_too_odd(embedder: PictureEmbedder, shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(1).integers(0, 255, shape, np.uint8)
    assert np.isfinite(embedder.embed_query(picture)).all()


@pytest.mark.parametrize("value", [0, 255])
def test_a_picture_of_one_colour_has_vectors(embedder: PictureEmbedder, value: int) -> None:
    assert np.isfinite(embedder.embed_query(np.full((50, 50, 3), value, np.uint8))).all()


@pytest.mark.parametrize(
    "picture",
    [
        np.zeros((0, 10, 3), np.uint8),
        np.zeros((10, 0, 3), np.uint8),
        np.zeros(0, np.uint8),
        np.zeros((4, 4, 2), np.uint8),
        np.zeros((4, 4, 3), np.float32),
    ],
)
def test_what_is_no_picture_is_refused(embedder: PictureEmbedder, picture: Image) -> None:
    with pytest.raises(InvalidInput):
        embedder.embed_photo(picture)


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    damaged = tmp_path / "efficientnet-lite0.onnx"
    damaged.write_bytes(bundled(MODEL).read_bytes()[:-1] + b"\0\0")
    (tmp_path / "efficientnet-lite0.onnx.sha256").write_text(bundled(f"{MODEL}.sha256").read_text())
    with pytest.raises(InvalidInput, match="damaged"):
        read_verified(damaged)


@pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed")
def test_both_runtimes_agree() -> None:
    model = bundled(MODEL).read_bytes()
    blob = np.random.default_rng(1).normal(size=(2, 3, 224, 224)).astype(np.float32)
    assert OnnxRuntimeNetwork(model).run(blob) == pytest.approx(OpenCvNetwork(model).run(blob), abs=1e-3)
