"""The net that describes a picture by 1,280 numbers, run by OpenCV or, where it is installed, onnxruntime."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from pathlib import Path
from threading import Lock
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.errors import InvalidInput

MODEL_NAME = "efficientnet-lite0"
PICTURE_SIDE = 224

Blob = NDArray[np.float32]
"""n x 3 x 224 x 224, RGB, (value - 127) / 128."""
Activations = NDArray[np.float32]
"""n x 1280."""


class Network(Protocol):
    """Something that runs the net. Safe to use from several threads."""

    def run(self, blob: Blob) -> Activations:
        """Return the mean activations of each picture."""


def load_network() -> Network:
    """Return the bundled net on the fastest runtime that is installed.

    Raises InvalidInput when the file is not the one that was published with the program.
    """
    model = read_verified(bundled(f"resources/models/{MODEL_NAME}.onnx"))
    if importlib.util.find_spec("onnxruntime") is None:
        return OpenCvNetwork(model)
    return OnnxRuntimeNetwork(model)


def read_verified(path: Path) -> bytes:
    """Return the bytes of a model file whose SHA-256 is written in the file beside it; raise InvalidInput."""
    model = path.read_bytes()
    expected = path.with_name(f"{path.name}.sha256").read_text(encoding="ascii").split()[0]
    if hashlib.sha256(model).hexdigest() != expected:
        raise InvalidInput(f"The model {path.name} is damaged. Install the program again.")
    return model


class OpenCvNetwork:
    """The net in `cv2.dnn`: needs nothing but OpenCV."""

    def __init__(self, model: bytes) -> None:
        self._lock = Lock()  # a net of OpenCV holds its input
        self._net = _opencv_net(np.frombuffer(model, np.uint8))

    def run(self, blob: Blob) -> Activations:
        """Return the mean activations, one picture after the other: a batch costs more here."""
        return np.concatenate([self._forward(picture[None]) for picture in blob])

    def _forward(self, picture: Blob) -> Activations:
        with self._lock:
            self._net.setInput(picture)
            return np.array(self._net.forward(), np.float32)


def _opencv_net(model: NDArray[np.uint8]) -> cv2.dnn.Net:
    # OpenCV 5's new engine takes half the time of the classic one; OpenCV 4 knows only the latter.
    engine = getattr(cv2.dnn, "ENGINE_NEW", None)
    if engine is None:
        return cv2.dnn.readNetFromONNX(model)
    return cv2.dnn.readNetFromONNX(model, engine=engine)


class OnnxRuntimeNetwork:
    """The net in onnxruntime, which is not required: same answers in half the time."""

    def __init__(self, model: bytes) -> None:
        runtime: Any = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = runtime.InferenceSession(model, options, providers=["CPUExecutionProvider"])

    def run(self, blob: Blob) -> Activations:
        """Return the mean activations."""
        return np.asarray(self._session.run(["gap"], {"x": blob})[0], np.float32)
