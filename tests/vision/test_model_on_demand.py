"""The model's client is loaded when the model is first asked, not when the till opens."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest

from tests.ollama_stand_in import OllamaStandIn, StandInModel
from tests.waiting import PATIENCE_S
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import DatabaseUnavailable, DetectionCancelled
from visionscan_kiosk.vision.model_on_demand import ModelOnDemand
from visionscan_kiosk.vision.ollama import OllamaModels, OllamaServer

_OPEN_A_SHOP = """
import sys
from pathlib import Path
from visionscan_kiosk.bootstrap import open_model
from visionscan_kiosk.settings import load_settings
with open_model(load_settings(Path(sys.argv[1])), lambda: "llava-phi3") as model:
    assert model.model_used
    assert model.work().waiting == 0
print("ollama" in sys.modules)
"""


def test_opening_does_not_load_the_client(tmp_path: object) -> None:
    command = [sys.executable, "-c", _OPEN_A_SHOP, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"


def test_it_is_opened_once_and_closed() -> None:
    opened: list[OllamaModels] = []
    with OllamaStandIn() as server:

        def open_models() -> OllamaModels:
            opened.append(OllamaModels(OllamaServer(server.endpoint), answer_timeout_s=PATIENCE_S))
            return opened[-1]

        model = ModelOnDemand(lambda: "llava-phi3", open_models)
        assert model.health().server_version
        assert model.health().server_version
        model.close()
        with pytest.raises(DetectionCancelled):
            model.load("llava-phi3", CancelToken())
    assert len(opened) == 1


def test_the_next_question_goes_to_the_model_chosen_meanwhile() -> None:
    chosen = ["llava-phi3"]
    with OllamaStandIn(StandInModel("llava-phi3"), StandInModel("seer:2b")) as server:
        model = ModelOnDemand(
            lambda: chosen[-1],
            lambda: OllamaModels(OllamaServer(server.endpoint), answer_timeout_s=PATIENCE_S),
        )
        for name in ("llava-phi3", "seer:2b"):
            chosen.append(name)
            model.name_products(np.zeros((64, 64, 3), np.uint8), (), CancelToken())
        assert [chat.body["model"] for chat in server.chats] == chosen[1:]


def test_health_tells_when_nobody_knows_what_was_chosen() -> None:
    def away() -> str:
        raise DatabaseUnavailable("The database does not answer.")

    health = ModelOnDemand(away, lambda: pytest.fail("nothing is to be opened")).health()
    assert (health.is_ready, health.message) == (False, "The database does not answer.")
