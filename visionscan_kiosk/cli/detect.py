"""`detect`: pictures in, the products seen out, one JSON object a line."""

from __future__ import annotations

import argparse
from pathlib import Path

from visionscan_kiosk.bootstrap import Shop, open_shop
from visionscan_kiosk.cli.console import Command, put_json, say
from visionscan_kiosk.domain.detection import DetectedProduct, DetectionReport, DetectionSource
from visionscan_kiosk.domain.errors import DetectorUnavailable, InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.settings import KioskSettings


def detect(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Detect in every picture; return 1 when a picture could not be read."""
    failed = False
    with open_shop(settings) as shop:
        looker = _Looker(shop, arguments)
        for path in arguments.image:
            try:
                record = to_record(path, looker.look(shop.read_picture(path)))
            except InvalidInput as error:
                record, failed = {"image": str(path), "error": str(error)}, True
            put_json(record)
    return 1 if failed else 0


class _Looker:
    """Asks the model until it turns out to be away; everything else goes on."""

    def __init__(self, shop: Shop, arguments: argparse.Namespace) -> None:
        self._detection = shop.services.detection
        self._finder = shop.item_finder(arguments.empty_counter)
        self._asks_model = not arguments.no_model

    def look(self, image: Image) -> DetectionReport:
        try:
            report = self._look(image)
        except DetectorUnavailable as error:
            self._go_on_without(str(error))
            return self._look(image)
        for stage in report.stages:
            if stage.name == DetectionSource.OLLAMA and stage.error is not None:
                self._go_on_without(stage.error)
        return report

    def _look(self, image: Image) -> DetectionReport:
        return self._detection.look([image], finder=self._finder, ask_model=self._asks_model).report

    def _go_on_without(self, error: str) -> None:
        say(f"{error} Going on without the model.")
        self._asks_model = False


def to_record(path: Path, report: DetectionReport) -> dict[str, object]:
    """Return the JSON object of a picture."""
    return {
        "image": str(path),
        "results": [_result(seen) for seen in report.results],
        "processing_time_ms": report.processing_time_ms,
        "cpu_time_ms": report.cpu_time_ms,
        "model_used": report.model_used,
        "stages": [
            {"name": stage.name, "ms": stage.milliseconds, "answers": stage.answers, "error": stage.error}
            for stage in report.stages
        ],
    }


def _result(seen: DetectedProduct) -> dict[str, object]:
    return {
        "sku": seen.sku,
        "name": seen.name,
        "confidence": seen.confidence,
        "decision": seen.decision.value,
        "quantity": seen.quantity,
        "matched_from": seen.matched_from,
        "source": seen.source.value,
        "box": None if seen.box is None else list(seen.box),
        "candidates": [
            {"sku": item.sku, "name": item.name, "confidence": item.confidence} for item in seen.candidates
        ],
    }


COMMANDS: dict[str, Command] = {"detect": detect}
