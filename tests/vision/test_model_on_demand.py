"""The model's client is loaded when the model is first asked, not when the till opens."""

from __future__ import annotations

import subprocess
import sys

from tests.ollama_stand_in import OllamaStandIn
from visionscan_kiosk.vision.model_on_demand import ModelOnDemand
from visionscan_kiosk.vision.ollama import OllamaDetector

_OPEN_A_SHOP = """
import sys
from pathlib import Path
from visionscan_kiosk.bootstrap import open_model
from visionscan_kiosk.settings import load_settings
with open_model(load_settings(Path(sys.argv[1]))) as model:
    assert model.model
print("ollama" in sys.modules)
"""


def test_opening_does_not_load_the_client(tmp_path: object) -> None:
    command = [sys.executable, "-c", _OPEN_A_SHOP, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_it_is_opened_once_and_closed() -> None:
    opened: list[OllamaDetector] = []
    with OllamaStandIn() as server:

        def open_detector() -> OllamaDetector:
            opened.append(OllamaDetector(server.endpoint, "llava-phi3", answer_timeout_s=5))
            return opened[-1]

        model = ModelOnDemand("llava-phi3", open_detector)
        assert model.health().server_version
        assert model.health().server_version
        model.close()
    assert len(opened) == 1
