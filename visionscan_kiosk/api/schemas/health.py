"""How the facade and what it depends on are."""

from __future__ import annotations

from typing import Literal

from visionscan_kiosk.api.schemas.fields import Answered


class Alive(Answered):
    """The process answers."""

    status: Literal["ok"] = "ok"


class Part(Answered):
    """One part, in words."""

    is_ready: bool
    message: str


class ReadinessAnswer(Answered):
    """Whether the shop can sell now. The model is told of but not needed for selling."""

    status: Literal["ready", "unavailable"]
    database: Part
    migrations: Part
    model: Part
