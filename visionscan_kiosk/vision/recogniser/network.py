"""The net that describes a picture by 1,280 numbers, run by OpenCV or, where it is installed, onnxruntime."""

from __future__ import annotations

import hashlib
import importlib
import importlib.util
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.domain.errors import InvalidInput

BUNDLED_MODEL = "lite0"
"""The setting that means the model that comes with the program."""

Blob = NDArray[np.float32]
"""n x 3 x side x side, RGB, (value - 127) / 128."""
Activations = NDArray[np.float32]
"""n x 1280."""

_BUNDLED_FILE = "efficientnet-lite0.onnx"
_SIDES = {"efficientnet-lite0": 224, "efficientnet-lite1": 240, "efficientnet-lite2": 260}
_EXPORT = "Write it with tools/export_embedder.py"


class Model(NamedTuple):
    """A net in ONNX: `name` tells vectors of different nets apart, `side` is that of its pictures."""

    name: str
    side: int
    data: bytes


class Network(Protocol):
    """Something that runs the net. Safe to use from several threads."""

    @property
    def model(self) -> Model:
        """The net."""

    def run(self, blob: Blob) -> Activations:
        """Return the mean activations of each picture."""


def load_network(model: str = BUNDLED_MODEL) -> Network:
    """Return the net on the fastest runtime that is installed.

    `model`: BUNDLED_MODEL or the path of a file that tools/export_embedder.py wrote. Raises InvalidInput when
    that is not such a file, or not as it was written.
    """
    chosen = _bundled_model() if model == BUNDLED_MODEL else _model_at(Path(model).expanduser())
    if importlib.util.find_spec("onnxruntime") is None:
        return OpenCvNetwork(chosen)
    return OnnxRuntimeNetwork(chosen)


def _bundled_model() -> Model:
    path = bundled(f"resources/models/{_BUNDLED_FILE}")
    return Model(path.stem, _SIDES[path.stem], read_verified(path))


def _model_at(path: Path) -> Model:
    """The digest in the name makes vectors of other weights be made anew."""
    if path.suffix != ".onnx" or path.stem not in _SIDES:
        names = ", ".join(f"{name}.onnx" for name in _SIDES)
        raise InvalidInput(f"{path.name} is no model of the recogniser, which are {names}. {_EXPORT}.")
    data = read_verified(path)
    return Model(f"{path.stem}-{hashlib.sha256(data).hexdigest()[:12]}", _SIDES[path.stem], data)


def read_verified(path: Path) -> bytes:
    """Return the bytes of a model file whose SHA-256 is written in the file beside it; raise InvalidInput."""
    try:
        model = path.read_bytes()
        expected = path.with_name(f"{path.name}.sha256").read_text(encoding="ascii").split()
    except (OSError, UnicodeDecodeError) as error:
        message = f"The model {path} and its .sha256 file cannot be read: {error}. {_EXPORT}."
        raise InvalidInput(message) from None
    if expected[:1] != [hashlib.sha256(model).hexdigest()]:
        raise InvalidInput(f"The model {path.name} is damaged. Install or export it again.")
    return model


class OpenCvNetwork:
    """The net in `cv2.dnn`: needs nothing but OpenCV."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self._lock = Lock()  # a net of OpenCV holds its input
        self._net = _opencv_net(np.frombuffer(model.data, np.uint8))

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

    def __init__(self, model: Model) -> None:
        self.model = model
        runtime: Any = importlib.import_module("onnxruntime")
        options = runtime.SessionOptions()
        options.intra_op_num_threads = 1
        self._session = runtime.InferenceSession(model.data, options, providers=["CPUExecutionProvider"])

    def run(self, blob: Blob) -> Activations:
        """Return the mean activations."""
        return np.asarray(self._session.run(["gap"], {"x": blob})[0], np.float32)
