"""One folder is one till."""

import subprocess
import sys
from pathlib import Path

import pytest

from visionscan_kiosk.domain.errors import TillBusy
from visionscan_kiosk.persistence.till_folder import TillFolder

_HOLD = """
import sys
from pathlib import Path
from visionscan_kiosk.persistence.till_folder import TillFolder
with TillFolder(Path(sys.argv[1])).claimed():
    print("held", flush=True)
    sys.stdin.read()
"""


def test_the_till_keeps_its_name(tmp_path: Path) -> None:
    assert TillFolder(tmp_path).till_id() == TillFolder(tmp_path).till_id()


def test_two_folders_are_two_tills(tmp_path: Path) -> None:
    assert TillFolder(tmp_path / "a").till_id() != TillFolder(tmp_path / "b").till_id()


def test_a_second_screen_is_refused_until_the_first_is_gone(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(TillBusy, match="open on"), TillFolder(tmp_path).claimed():
        pass
    holder.kill()
    holder.communicate()
    with TillFolder(tmp_path).claimed():
        pass
