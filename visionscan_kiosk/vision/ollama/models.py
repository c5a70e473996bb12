"""All models of one Ollama server, each with what is known of it: abilities and failures."""

from __future__ import annotations

from threading import Lock

from visionscan_kiosk.services.vision_models import full_model_name
from visionscan_kiosk.vision.ollama.detector import OllamaDetector
from visionscan_kiosk.vision.ollama.server import OllamaServer


class OllamaModels:
    """Safe to use from several threads."""

    def __init__(self, server: OllamaServer, *, answer_timeout_s: float) -> None:
        self.server = server
        self._answer_timeout_s = answer_timeout_s
        self._lock = Lock()
        self._detectors: dict[str, OllamaDetector] = {}

    def named(self, name: str) -> OllamaDetector:
        """Return the model with this name, the same one for every spelling; nothing is asked yet."""
        with self._lock:
            known = self._detectors.get(full_model_name(name))
            if known is None:
                known = OllamaDetector(self.server, name, answer_timeout_s=self._answer_timeout_s)
                self._detectors[full_model_name(name)] = known
            return known

    def close(self) -> None:
        """End what is under way; later questions are refused."""
        self.server.close()
