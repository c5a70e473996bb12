"""Recognising taught products: pictures into vectors, vectors into products with honest probabilities."""

from visionscan_kiosk.vision.recogniser.embedder import PictureEmbedder
from visionscan_kiosk.vision.recogniser.network import load_network
from visionscan_kiosk.vision.recogniser.recogniser import TaughtRecogniser
from visionscan_kiosk.vision.recogniser.voting import StillVote

__all__ = ["PictureEmbedder", "StillVote", "TaughtRecogniser", "load_network"]
