"""What is set on one till for itself: how it looks, and what it has. Kept beside it, not in the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypedDict


@dataclass(frozen=True, slots=True)
class TillPreferences:
    """`theme` is `light` or `dark`, None as long as nobody switched it on the screen.

    `has_camera`, `has_model`: a till that has none is told so once, and is quiet about it from then on.
    """

    theme: str | None = None
    has_camera: bool = True
    has_model: bool = True


AS_INSTALLED = TillPreferences()
"""What holds until somebody sets something else."""


class PreferenceChanges(TypedDict, total=False):
    """New values; what is left out stays."""

    theme: str
    has_camera: bool
    has_model: bool
