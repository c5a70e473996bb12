"""Importing the vision room leaves Qt's environment as it was."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

NAMES = ("QT_QPA_PLATFORM_PLUGIN_PATH", "QT_QPA_FONTDIR")
CODE = (
    "import os, visionscan_kiosk.vision, sys\n"
    f"print([os.environ.get(name) for name in {NAMES}], 'PySide6' in sys.modules)"
)


@pytest.mark.parametrize("before", [None, "/opt/own"])
def test_qt_keeps_its_own_plugins_and_fonts(before: str | None) -> None:
    environment = {name: value for name, value in os.environ.items() if name not in NAMES}
    if before:
        environment |= dict.fromkeys(NAMES, before)
    result = subprocess.run(
        [sys.executable, "-c", CODE], env=environment, capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == f"{[before, before]} False"
