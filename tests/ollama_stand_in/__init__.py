"""A stand-in for an Ollama server, for tests and for trying the till by hand. NOT Ollama: it sees nothing.

A real HTTP server on loopback that speaks the part of the protocol the till uses, built from what a real
server was seen to answer (0.33.0-rc2, August 2026): statuses, headers, texts and the ways an answer can break
off. What it says is scripted. Where Ollama's two ways of running a chat differ, `ChatPath` chooses.

    with OllamaStandIn() as server:
        server.will(says_products({"name": "Red Apple", "quantity": 2, "confidence": 90}))
        detector = OllamaDetector(OllamaServer(server.endpoint), "llava-phi3", answer_timeout_s=5)
        detector.name_products(...)
"""

from tests.ollama_stand_in.models import ChatPath, StandInModel
from tests.ollama_stand_in.scripts import (
    Ending,
    Script,
    breaks_with,
    dies_after,
    drips,
    hangs,
    is_cut_at_its_limit,
    names_the_likely,
    refuses,
    says,
    says_products,
    stops_short,
)
from tests.ollama_stand_in.server import OllamaStandIn, RecordedRequest

__all__ = [
    "ChatPath",
    "Ending",
    "OllamaStandIn",
    "RecordedRequest",
    "Script",
    "StandInModel",
    "breaks_with",
    "dies_after",
    "drips",
    "hangs",
    "is_cut_at_its_limit",
    "names_the_likely",
    "refuses",
    "says",
    "says_products",
    "stops_short",
]
