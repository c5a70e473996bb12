"""`detect`: pictures in, the products seen out, one JSON object a line."""

from __future__ import annotations

import argparse
from pathlib import Path

from visionscan_kiosk.bootstrap import Shop, open_shop
from visionscan_kiosk.cli.console import Command, put_json, say
from visionscan_kiosk.domain.detection import DetectedProduct, DetectionReport
from visionscan_kiosk.domain.errors import DetectorUnavailable, InvalidInput
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.settings import KioskSettings


def detect(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Detect in every picture; return 1 when a picture could not be read."""
    failed = False
    with open_shop(settings) as shop:
        looker = _Looker(shop)
        for path in arguments.image:
            try:
                record = to_record(path, looker.look(shop.read_picture(path)))
            except InvalidInput as error:
                record, failed = {"image": str(path), "error": str(error)}, True
            put_json(record)
    return 1 if failed else 0


class _Looker:
    """Asks the model until it turns out to be away; barcodes are read all the same."""

    def __init__(self, shop: Shop) -> None:
        self._detection = shop.services.detection
        self._model_answers = True

    def look(self, image: Image) -> DetectionReport:
        if self._model_answers:
            try:
                return self._detection.detect_products(image)
            except DetectorUnavailable as error:
                say(f"{error} Going on with barcodes alone.")
                self._model_answers = False
        return self._detection.detect_products(image, ask_model=False)


def to_record(path: Path, report: DetectionReport) -> dict[str, object]:
    """Return the JSON object of a picture."""
    return {
        "image": str(path),
        "results": [_result(seen) for seen in report.results],
        "processing_time_ms": report.processing_time_ms,
        "cpu_time_ms": report.cpu_time_ms,
        "model_used": report.model_used,
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
