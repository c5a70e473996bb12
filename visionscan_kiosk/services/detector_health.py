"""How the vision model is, in words for people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DetectorHealth:
    """Whether the model can be asked now; `message` says what to do when it cannot."""

    is_ready: bool
    message: str
    model: str
    server_version: str | None = None
