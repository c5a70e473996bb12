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
    names_the_likely,
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
    "likely": names_the_likely(before_s=0.6, between_s=0.02),
    "busy": refuses(503, QUEUE_FULL),
}


_OTHERS = (
    StandInModel("qwen3-vl:2b", size=1_900_000_000, parameters="2.1B"),
    StandInModel("gemma3:4b", size=3_300_000_000, parameters="4.3B"),
    StandInModel("llama3.1:8b", ("completion", "tools"), size=4_900_000_000, parameters="8.0B"),
    StandInModel("qwen3-vl:235b-cloud", size=384, parameters="235B", remote_host="https://ollama.com"),
)


def main() -> None:
    parser = argparse.ArgumentParser(description="A stand-in for an Ollama server. It is not Ollama.")
    parser.add_argument("--port", type=int, default=11434)
    parser.add_argument("--model", default="llava-phi3")
    parser.add_argument("--scenario", choices=sorted(_SCENARIOS), default="finds")
    arguments = parser.parse_args()
    model = StandInModel(arguments.model, size=2_900_000_000, parameters="4B")
    with OllamaStandIn(
        model, *_OTHERS, is_loaded=False, load=Script(before_s=2), port=arguments.port
    ) as server:
        server.will(_SCENARIOS[arguments.scenario])
        sys.stdout.write(f"Stand-in, not Ollama: {server.endpoint}, scenario {arguments.scenario}.\n")
        sys.stdout.flush()
        try:
            server.is_stopping.wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
