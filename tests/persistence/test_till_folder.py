"""One folder is one till."""

import subprocess
import sys
from pathlib import Path

import pytest

from visionscan_kiosk.domain.errors import TillBusy, TillFolderUnwritable
from visionscan_kiosk.persistence.till_folder import TillFolder
from visionscan_kiosk.services.till_preferences import AS_INSTALLED, TillPreferences

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


def test_what_was_set_on_the_till_is_there_again(tmp_path: Path) -> None:
    assert TillFolder(tmp_path).preferences() == AS_INSTALLED
    for wanted in (TillPreferences("dark", has_camera=False), TillPreferences("light", has_model=False)):
        TillFolder(tmp_path).keep_preferences(wanted)
        assert TillFolder(tmp_path).preferences() == wanted


@pytest.mark.parametrize(
    "stored", ["", "{", "[]", "null", '{"theme": 3, "has_camera": "no"}', '{"theme": "pink"}', "\xff"]
)
def test_a_file_that_is_not_understood_counts_as_none(tmp_path: Path, stored: str) -> None:
    (tmp_path / "till-settings.json").write_text(stored, encoding="latin-1")
    assert TillFolder(tmp_path).preferences() == AS_INSTALLED


def test_a_folder_that_is_none_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(TillFolderUnwritable, match="cannot be written"):
        TillFolder(tmp_path / "file").keep_preferences(AS_INSTALLED)
