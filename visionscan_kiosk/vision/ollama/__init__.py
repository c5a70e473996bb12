"""Asks a vision model on an Ollama server what lies in a picture."""

from visionscan_kiosk.vision.ollama.detector import OllamaDetector

__all__ = ["OllamaDetector"]
