"""What `doctor` says of parts that selling does not need."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from visionscan_kiosk.cli.doctor import _labels
from visionscan_kiosk.settings import load_settings
from visionscan_kiosk.vision import labels


def test_where_labels_can_be_read_it_names_what_reads(tmp_path: Path) -> None:
    finding = _labels(load_settings(tmp_path))
    is_installed = importlib.util.find_spec("rapidocr_onnxruntime") is not None
    assert (finding.is_fine, finding.is_needed) == (is_installed, False)
    assert finding.message.startswith("rapidocr-1." if is_installed else "Reading labels is not installed")


def test_where_they_cannot_it_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(labels, "_MODULE", "a_package_that_is_not_there")
    assert _labels(load_settings(tmp_path)).line == (
        "--   Labels    Reading labels is not installed. "
        "Install visionscan-kiosk[ocr] on Python 3.11 or 3.12."
    )
