"""`python -m tests.ollama_stand_in --port 11434`: try the till by hand against a scripted model."""

from __future__ import annotations

import argparse
import sys

from tests.ollama_stand_in import (
    OllamaStandIn,
    Script,
    StandInModel,
    drips,
    hangs,
    is_cut_at_its_limit,
    refuses,
    says,
    says_products,
)
from tests.ollama_stand_in.scripts import QUEUE_FULL

_FOUND: tuple[dict[str, object], ...] = (
    {"name": "Red Apple", "brand": "", "size": "", "quantity": 1, "confidence": 88},
    {"name": "Butter 250 g", "brand": "Brookmead", "size": "250 g", "quantity": 1, "confidence": 64},
)
_SCENARIOS: dict[str, Script] = {
    "finds": says_products(*_FOUND),
    "nothing": says_products(),
    "hangs": hangs(),
    "drips": drips(),
    "prose": says("I see a lovely counter with many things on it."),
    "cut": is_cut_at_its_limit('{"products":[{"name":"Red Apple","quantity":2,"confidence":80},{"name":"Lem'),
    "busy": refuses(503, QUEUE_FULL),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for an Ollama server. It is not Ollama.")
    parser.add_argument("--port", type=int, default=11434)
    parser.add_argument("--model", default="llava-phi3")
    parser.add_argument("--scenario", choices=sorted(_SCENARIOS), default="finds")
    arguments = parser.parse_args()
    with OllamaStandIn(StandInModel(arguments.model), port=arguments.port) as server:
        server.will(_SCENARIOS[arguments.scenario])
        sys.stdout.write(f"Stand-in, not Ollama: {server.endpoint}, scenario {arguments.scenario}.\n")
        sys.stdout.flush()
        try:
            server.is_stopping.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
