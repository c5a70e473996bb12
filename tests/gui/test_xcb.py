"""The till on a real X display, without a window manager: Xvfb, xcb, real key and mouse events."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

_SCREEN = "1366x768x24"
_WHOLE_SALE_S = 1800
"""Ends a demo that hangs: a machine ten times slower than the slowest known one takes half of it."""

pytestmark = [
    pytest.mark.long(seconds=50),
    pytest.mark.skipif(
        shutil.which("Xvfb") is None,
        reason="NOT TESTED ON A REAL X DISPLAY: Xvfb is not installed (Debian: apt-get install xvfb)",
    ),
]


@pytest.fixture
def display() -> Iterator[str]:
    """A screen of its own; Xvfb chooses a free number."""
    reading, writing = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writing), "-screen", "0", _SCREEN, "-nolisten", "tcp"],
        pass_fds=[writing],
        stderr=subprocess.DEVNULL,
    )
    os.close(writing)
    with os.fdopen(reading) as numbers:
        number = numbers.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


@pytest.fixture
def data_dir() -> Iterator[Path]:
    """A folder that the database's own user can reach, which pytest's is not."""
    folder = Path(tempfile.gettempdir()) / f"visionscan-xcb-{os.getpid()}"
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


def _run(display: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("QT_")},
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
    }
    environment.pop("WAYLAND_DISPLAY", None)
    return subprocess.run(
        [sys.executable, "-m", "tests.gui.xcb_till", *arguments],
        env=environment,
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        timeout=_WHOLE_SALE_S,
        check=False,
    )


def test_a_whole_sale_on_a_real_display(display: str, data_dir: Path, tmp_path: Path) -> None:
    ended = _run(display, "sale", str(data_dir), str(tmp_path))

    assert ended.returncode == 0, ended.stderr
    assert "Oat Milk 1 l" in (tmp_path / "receipt.txt").read_text(encoding="utf-8")
    assert len(list(tmp_path.glob("*.png"))) >= 15


def test_a_scanner_at_a_real_keyboard_loses_no_code_with_any_ending(display: str, data_dir: Path) -> None:
    ended = _run(display, "scan", str(data_dir))

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "60 of 60 selling ''"


def test_the_till_fills_the_screen_and_a_signal_closes_it_in_order(display: str, data_dir: Path) -> None:
    ended = _run(display, "signal", str(data_dir))

    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.splitlines()[-1] == "xcb 1366 768"
