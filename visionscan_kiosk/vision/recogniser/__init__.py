"""Recognising taught products: pictures into vectors, vectors into products with honest probabilities."""

from visionscan_kiosk.vision.recogniser.embedder import PictureEmbedder
from visionscan_kiosk.vision.recogniser.network import load_network
from visionscan_kiosk.vision.recogniser.recogniser import TaughtRecogniser

__all__ = ["PictureEmbedder", "TaughtRecogniser", "load_network"]
