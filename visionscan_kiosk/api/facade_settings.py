"""How the facade behaves. Made by bootstrap from the settings; every number has one place here."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """`per_second` requests for ever, `burst` at once."""

    per_second: float
    burst: int


@dataclass(frozen=True, slots=True)
class ApiSettings:
    """`requires_key` is False only on a loopback address, where the caller is this machine's own.

    Rates are for each worker process: `local_rate` stops only what runs away, `remote_rate` is for each key
    and each address of another machine, `refused_rate` for wrong keys from one address.
    """

    requires_key: bool = False
    cors_origins: tuple[str, ...] = ()
    largest_body_bytes: int = 1_000_000
    largest_picture_body_bytes: int = 34_000_000
    body_timeout_s: float = 20.0
    local_rate: Rate = Rate(per_second=5000, burst=10_000)
    remote_rate: Rate = Rate(per_second=50, burst=200)
    refused_rate: Rate = Rate(per_second=0.2, burst=10)
    parallel_requests: int = 16
    parallel_detections: int = 4
    key_memory_s: float = 5.0
