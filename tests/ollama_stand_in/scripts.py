"""What the stand-in does with one chat, and the texts a real server was seen to send."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any

ENGINE_DIED = "an error was encountered while running the model: unexpected EOF"
ENGINE_GONE = "llama-server process no longer running: unknown "
QUEUE_FULL = "server busy, please try again.  maximum pending requests exceeded"
NATIVE_FORMAT = (
    "llama-server chat error: map[code:500 message:The model produced output that does not match the "
    "expected peg-native format type:server_error]"
)


def engine_error(code: int, message: str, kind: str) -> str:
    """Return the engine's JSON, which the server puts as a string into its own."""
    return json.dumps({"error": {"code": code, "message": message, "type": kind}}, separators=(",", ":"))


BAD_PICTURE = engine_error(400, "Failed to load image or audio file", "invalid_request_error")
BLIND_RENDERED = engine_error(
    400, "Multimodal data provided, but model does not support multimodal requests.", "invalid_request_error"
)
BLIND_NATIVE = engine_error(
    500,
    "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
    "server_error",
)
CHUNK_NOT_FOUND = engine_error(500, "got exception: Chunk not found", "server_error")
TOO_LONG = engine_error(
    400,
    "request (619 tokens) exceeds the available context size (256 tokens), try increasing it",
    "exceed_context_size_error",
)


class Ending(Enum):
    """How an answer ends after its tokens."""

    STOP = "stop"
    LENGTH = "length"
    SHORT = "short"
    """The stream just ends, without `done`: repeat stop, or a broken character."""
    ERROR_LINE = "error line"
    DEATH = "death"
    """The connection breaks."""
    HANG = "hang"


@dataclass(frozen=True)
class Script:
    """One answer: either a refusal (`status` of 400 or more with `error`), or tokens and an ending."""

    tokens: tuple[str, ...] = ()
    ending: Ending = Ending.STOP
    status: int = 200
    error: str = ""
    before_s: float = 0.0
    between_s: float = 0.0
    answer: Callable[[dict[str, Any]], str] | None = None

    def for_request(self, body: dict[str, Any]) -> Script:
        """Return the script of this one request."""
        return self if self.answer is None else replace(self, tokens=_tokens(self.answer(body)))


def says(text: str, *, before_s: float = 0.0, between_s: float = 0.0) -> Script:
    """Answer with a text, a few characters a token."""
    return Script(_tokens(text), before_s=before_s, between_s=between_s)


def says_products(*products: dict[str, object]) -> Script:
    """Answer as the schema asks."""
    return says(json.dumps({"products": list(products)}))


def names_the_likely(place: int = 0, *, before_s: float = 0.0, between_s: float = 0.0) -> Script:
    """Name what stands at this place of the short list, as if that were what lies there."""

    def answer(body: dict[str, Any]) -> str:
        lines = body["messages"][0]["content"].splitlines()
        listed = [line.removeprefix("- ") for line in lines if line.startswith("- ")]
        found = [{"name": name, "quantity": 1, "confidence": 80} for name in listed[place : place + 1]]
        return json.dumps({"products": found})

    return Script(answer=answer, before_s=before_s, between_s=between_s)


def refuses(status: int, error: str) -> Script:
    """Refuse before the first token."""
    return Script(status=status, error=error)


def hangs(text: str = "") -> Script:
    """Say nothing more after `text`, for ever."""
    return Script(_tokens(text), Ending.HANG)


def drips(text: str = " ", *, tokens: int = 100_000, between_s: float = 0.02) -> Script:
    """Send one token after another without coming to an end soon."""
    return Script((text,) * tokens, between_s=between_s)


def dies_after(text: str = "") -> Script:
    """Break the connection."""
    return Script(_tokens(text), Ending.DEATH)


def breaks_with(text: str, error: str = ENGINE_DIED) -> Script:
    """Send an error line in the stream, under status 200."""
    return Script(_tokens(text), Ending.ERROR_LINE, error=error)


def stops_short(text: str) -> Script:
    """End the stream without `done`."""
    return Script(_tokens(text), Ending.SHORT)


def is_cut_at_its_limit(text: str) -> Script:
    """End because num_predict was reached."""
    return Script(_tokens(text), Ending.LENGTH)


def _tokens(text: str) -> tuple[str, ...]:
    return tuple(text[place : place + 4] for place in range(0, len(text), 4))
