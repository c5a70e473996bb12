"""`match`: texts in, the product each one means out, one JSON object a line."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, put_json
from visionscan_kiosk.domain.matching.match import Candidate, Match
from visionscan_kiosk.settings import KioskSettings


def match(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Match every text against the catalogue as it stands now."""
    with open_shop(settings) as shop:
        matcher = shop.services.inventory.current_matcher()
        for text in _texts(arguments.text):
            put_json(to_record(matcher.match(text)))
    return 0


def to_record(found: Match) -> dict[str, object]:
    """Return the JSON object of a match."""
    return {
        "query": found.query,
        "decision": found.decision.value,
        "method": found.method.value,
        "score": round(found.score, 4),
        "product": None if found.product is None else {"sku": found.product.sku, "name": found.product.name},
        "candidates": [_candidate(candidate) for candidate in found.candidates],
        "reason": found.reason,
    }


def _candidate(candidate: Candidate) -> dict[str, object]:
    return {"sku": candidate.sku, "name": candidate.name, "score": round(candidate.score, 4)}


def _texts(given: list[str]) -> Iterable[str]:
    return given or (line.rstrip("\r\n") for line in sys.stdin)


COMMANDS: dict[str, Command] = {"match": match}
