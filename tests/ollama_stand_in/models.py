"""Which models the stand-in pretends to have."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class ChatPath(Enum):
    """How the server runs a chat: by the model's Ollama template, or by the engine's own."""

    RENDERED = "rendered"
    NATIVE = "native"


@dataclass(frozen=True)
class StandInModel:
    """A model by name. `capabilities` None: an old server that does not tell.

    `is_told_in_list`: the list of models tells the capabilities too, as newer servers do.
    """

    name: str = "llava-phi3"
    capabilities: tuple[str, ...] | None = ("completion", "vision")
    path: ChatPath = ChatPath.RENDERED
    size: int = 274451100
    parameters: str = "134.96M"
    is_told_in_list: bool = True
    remote_host: str = ""


def full_name(name: str) -> str:
    """Return the name as the server lists it: lower case, no default prefix, with a tag."""
    short = name.lower().removeprefix("registry.ollama.ai/").removeprefix("library/")
    return short if ":" in short else f"{short}:latest"
