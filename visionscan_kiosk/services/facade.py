"""What the HTTP facade works with: the use cases, and what only other software needs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from visionscan_kiosk.services.api_keys import ApiKeyService
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.idempotency import IdempotencyService
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import Image


@dataclass(frozen=True, slots=True)
class SchemaState:
    """At which version the tables are, and which one this program needs."""

    present: str | None
    needed: str

    @property
    def is_current(self) -> bool:
        """Whether the two are the same."""
        return self.present == self.needed


@dataclass(frozen=True, slots=True)
class FacadeEquipment:
    """Everything the HTTP facade works with. `decode_picture` raises InvalidInput, `check_schema`
    DatabaseUnavailable."""

    services: KioskServices
    idempotency: IdempotencyService
    api_keys: ApiKeyService
    decode_picture: Callable[[bytes], Image]
    check_schema: Callable[[], SchemaState]
    check_model: Callable[[], DetectorHealth]
