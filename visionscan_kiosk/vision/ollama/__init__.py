"""Asks vision models on an Ollama server what lies in a picture."""

from visionscan_kiosk.vision.ollama.detector import OllamaDetector
from visionscan_kiosk.vision.ollama.models import OllamaModels
from visionscan_kiosk.vision.ollama.server import OllamaServer

__all__ = ["OllamaDetector", "OllamaModels", "OllamaServer"]
