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
from visionscan_kiosk.vision.recogniser.network import OnnxRuntimeNetwork, OpenCvNetwork

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


def exported(folder: Path, name: str = "efficientnet-lite0") -> Path:
    """The bundled net as somebody would export it."""
    path = folder / f"{name}.onnx"
    path.write_bytes(bundled(MODEL).read_bytes())
    path.with_name(f"{name}.onnx.sha256").write_text(bundled(f"{MODEL}.sha256").read_text())
    return path


def test_a_damaged_model_is_refused(tmp_path: Path) -> None:
    damaged = exported(tmp_path)
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"\0\0")
    with pytest.raises(InvalidInput, match="damaged"):
        load_network(str(damaged))


def test_an_exported_model_has_vectors_of_its_own(embedder: PictureEmbedder, tmp_path: Path) -> None:
    other = PictureEmbedder(load_network(str(exported(tmp_path))))
    assert other.version != embedder.version
    assert other.version.startswith("efficientnet-lite0-")
    assert other.embed_query(pack("MILK001")) == pytest.approx(
        embedder.embed_query(pack("MILK001")), abs=1e-5
    )


def test_a_larger_net_gets_larger_pictures(tmp_path: Path) -> None:
    network = load_network(str(exported(tmp_path, "efficientnet-lite2")))
    assert network.model.side == 260


@pytest.mark.parametrize(
    "name", ["resnet50.onnx", "efficientnet-lite0.tflite", "efficientnet-lite2.onnx", ""]
)
def test_what_is_no_model_is_refused_with_what_to_do(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidInput, match="export_embedder"):
        load_network(str(tmp_path / name))


@pytest.mark.skipif(importlib.util.find_spec("onnxruntime") is None, reason="onnxruntime is not installed")
@pytest.mark.parametrize("sku", ["MILK001", "COFFEE001"])
def test_both_runtimes_describe_a_picture_alike(sku: str) -> None:
    model = load_network().model
    one, other = (PictureEmbedder(runtime(model)) for runtime in (OnnxRuntimeNetwork, OpenCvNetwork))
    assert one.version == other.version
    assert one.embed_photo(pack(sku)) == pytest.approx(other.embed_photo(pack(sku)), abs=2e-3)
