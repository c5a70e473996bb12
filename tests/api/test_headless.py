"""Headless means without Qt, and the documentation without the internet."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from tests.waiting import PATIENCE_S

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
LOADED_QT = "import sys, {module}; print([name for name in sys.modules if name.startswith('PySide6')])"


@pytest.mark.parametrize("module", ["visionscan_kiosk.api.app", "visionscan_kiosk.cli.serve"])
def test_serving_loads_no_qt(module: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOADED_QT.format(module=module)], capture_output=True, text=True, check=True
    )

    assert done.stdout == "[]\n"


@pytest.mark.parametrize("page", ["/docs", "/redoc"])
def test_no_page_refers_to_another_host(client: httpx.Client, page: str) -> None:
    answer = client.get(page)

    assert "//" not in answer.text.removeprefix("<!DOCTYPE html>")
    assert "'unsafe-inline'" not in answer.headers["content-security-policy"].split("style-src")[0]


@pytest.mark.skipif(
    CHROMIUM is None, reason="CHROMIUM IS MISSING: apt-get install chromium, or /docs is not proven"
)
@pytest.mark.parametrize(
    ("page", "shown"),
    [
        ("/docs", ["Start Session", "/checkout/{session_id}", "Detect From Image"]),
        ("/redoc", ["Start Session", "/checkout/{session_id}", "Detect From Image"]),
    ],
)
def test_the_documentation_opens_in_a_browser_without_internet(
    client: httpx.Client, tmp_path: Path, page: str, shown: list[str]
) -> None:
    done = subprocess.run(
        [
            str(CHROMIUM),
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            f"--user-data-dir={tmp_path}",
            "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
            "--proxy-server=direct://",
            "--virtual-time-budget=20000",
            "--dump-dom",
            f"{str(client.base_url).rstrip('/')}{page}",
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE_S,
    )

    assert done.returncode == 0, done.stderr[-2000:]
    missing = [text for text in shown if text not in done.stdout.replace("\u200b", "").replace("<wbr>", "")]
    assert not missing, done.stdout[-3000:]
