"""What is counted, in the text format of Prometheus. With several workers the counts are added up."""

from __future__ import annotations

import os

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector

SHARED_FOLDER_VARIABLE = "PROMETHEUS_MULTIPROC_DIR"
MEDIA_TYPE = "text/plain; version=0.0.4; charset=utf-8"
_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)
_MODEL_SECONDS = (0.05, 0.25, 1, 2.5, 5, 10, 20, 30, 60, 120)


class Metrics:
    """The counters of one application."""

    def __init__(self) -> None:
        self._registry = CollectorRegistry()
        self.requests = Counter(
            "visionscan_http_requests",
            "Answered requests",
            ("method", "route", "status"),
            registry=self._registry,
        )
        self.seconds = Histogram(
            "visionscan_http_request_seconds",
            "Time from request to answer",
            registry=self._registry,
            buckets=_SECONDS,
        )
        self.scans = Counter(
            "visionscan_scans", "Scans by how the product was found", ("method",), registry=self._registry
        )
        self.checkouts = Counter("visionscan_checkouts", "Sales", registry=self._registry)
        self.stock_conflicts = Counter(
            "visionscan_stock_conflicts", "Sales refused because stock was short", registry=self._registry
        )
        self.model_seconds = Histogram(
            "visionscan_model_seconds",
            "Time to name what is in a picture",
            registry=self._registry,
            buckets=_MODEL_SECONDS,
        )

    def as_text(self) -> bytes:
        """Return everything counted so far, of all workers."""
        if SHARED_FOLDER_VARIABLE not in os.environ:
            return generate_latest(self._registry)
        together = CollectorRegistry()
        MultiProcessCollector(together)  # type: ignore[no-untyped-call] # the library's constructor is untyped
        return generate_latest(together)
