"""The stages together, as the use cases call them."""

from __future__ import annotations

import numpy as np
import pytest

from tests.ollama_stand_in import OllamaStandIn, says_products
from tests.waiting import PATIENCE_S
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import DetectorUnavailable
from visionscan_kiosk.services.ports import PictureDetector
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.ollama import OllamaDetector, OllamaServer
from visionscan_kiosk.vision.pipeline import DetectionPipeline


@pytest.mark.parametrize("thorough", [True, False])
def test_barcodes_are_read_without_a_model(thorough: bool) -> None:
    pipeline: PictureDetector = DetectionPipeline(BarcodeReader(), None)
    frame = sample_counter().render_still(["COLA001"], 1)
    assert [seen.text for seen in pipeline.read_barcodes(frame, thorough=thorough)] == ["2040010003033"]
    assert pipeline.model_used == "none"
    with pytest.raises(DetectorUnavailable, match="OLLAMA_ENDPOINT"):
        pipeline.name_products(frame, (), CancelToken())


def test_names_come_from_the_model() -> None:
    with OllamaStandIn() as server:
        server.will(says_products({"name": "Red Apple", "quantity": 1, "confidence": 80}))
        model = OllamaDetector(OllamaServer(server.endpoint), "llava-phi3", answer_timeout_s=PATIENCE_S)
        pipeline = DetectionPipeline(BarcodeReader(), model)
        (seen,) = pipeline.name_products(np.zeros((64, 64, 3), np.uint8), ["Red Apple"], CancelToken())
    assert (seen.name, seen.confidence, pipeline.model_used) == ("Red Apple", 0.8, "llava-phi3")
