"""What went wrong with the model, in words for people, and whether asking again may help."""

from __future__ import annotations

import json

import httpx
import ollama

from visionscan_kiosk.domain.errors import DetectorReplyInvalid, DetectorUnavailable

FAILURES: tuple[type[Exception], ...] = (
    ollama.ResponseError,
    ollama.RequestError,
    httpx.HTTPError,
    httpx.StreamError,
    httpx.InvalidURL,
    OSError,  # the client's ConnectionError, broken pipes
    ValueError,  # bodies that are no JSON, or JSON of another shape
)
"""Everything the official client raises for a server that is away, refuses or talks nonsense."""

_NOT_FOUND = 404
_QUEUE_FULL = 503
_PASSING_STATUS = frozenset({500, -1})
_PASSING_TEXTS = (
    "an error was encountered while running the model",
    "no longer running",
    "has unexpectedly stopped",
)
_LONGEST_REASON = 160


def is_passing(error: Exception) -> bool:
    """Tell whether the server loads or restarts the model, so that one more try may succeed."""
    if not isinstance(error, ollama.ResponseError):
        return False
    if error.status_code == _QUEUE_FULL:
        return True
    return error.status_code in _PASSING_STATUS and any(text in error.error for text in _PASSING_TEXTS)


def explained(error: Exception, endpoint: str, model: str) -> DetectorUnavailable:
    """Return the error that people see for what the client raised."""
    if isinstance(error, ollama.ResponseError):
        return _refusal(error, model)
    if isinstance(error, httpx.InvalidURL):
        return DetectorUnavailable(f"The address of the vision model, {endpoint}, is wrong.")
    if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | ConnectionError):
        return DetectorUnavailable(
            f"No vision model answers at {endpoint}. Start Ollama there (“ollama serve”), or go on by hand."
        )
    if isinstance(error, ValueError):
        return DetectorReplyInvalid(f"What answers at {endpoint} is not an Ollama server. Check the address.")
    return DetectorUnavailable("The connection to the vision model broke. Try again.")


def _refusal(error: ollama.ResponseError, model: str) -> DetectorUnavailable:
    if error.status_code == _NOT_FOUND:
        return DetectorUnavailable(f"The model {model} is not installed. Run “ollama pull {model}” once.")
    if error.status_code == _QUEUE_FULL:
        return DetectorUnavailable("The vision model is busy loading. Try again in a moment.")
    reason = readable(error.error)
    if "support multimodal" in reason or "image input is not supported" in reason:
        return DetectorUnavailable(cannot_see(model))
    if is_passing(error):
        return DetectorUnavailable("The vision model stopped in the middle of its work. Try again.")
    return DetectorUnavailable(f"The vision model refused: {reason}")


def cannot_see(model: str) -> str:
    """Return the sentence for a model without eyes."""
    return f"The model {model} cannot look at pictures. Choose one with vision, such as llava-phi3."


def readable(text: str) -> str:
    """Return the message inside the error text: JSON in a string is unwrapped, of prose the first line stays.

    What the server echoes of our own request is left out.
    """
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        document = None
    message = _message_in(document) or text
    if message.startswith("invalid format:"):
        message = "invalid format"
    line = next((line.strip() for line in message.splitlines() if line.strip()), "no reason was given")
    return line if len(line) <= _LONGEST_REASON else f"{line[: _LONGEST_REASON - 1]}…"


def _message_in(document: object) -> str:
    while isinstance(document, dict):
        document = document.get("error", document.get("message"))
    return document if isinstance(document, str) else ""
