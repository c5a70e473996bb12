"""Chips and banner: what is told about camera, model and till."""

from __future__ import annotations

from tests.gui.flow.conftest import Till
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.services.camera_feed import CameraState, CameraStateKind

LOST = CameraState(CameraStateKind.LOST, "Unplugged", retry_in_s=8)
CONNECTING = CameraState(CameraStateKind.CONNECTING, "Connecting")
LIVE = CameraState(CameraStateKind.LIVE, "")


def test_a_lost_camera_is_a_banner_and_never_a_stop(till: Till) -> None:
    till.flow.status.camera(LOST)

    assert till.screens.banner is not None
    assert till.screens.banner.title == wording.CAMERA_LOST_TITLE
    assert "Trying again in 8 s." in till.screens.banner.text
    assert till.screens.chip("camera").tone is Tone.STOP
    till.add("OAT-1L")
    assert till.screens.basket.item_count == 1


def test_a_camera_that_is_back_says_so_for_a_while(till: Till) -> None:
    till.flow.status.camera(LOST)
    till.flow.status.camera(CONNECTING)
    assert till.screens.banner is not None
    assert till.screens.banner.title == wording.CAMERA_LOST_TITLE
    till.flow.status.camera(LIVE)
    assert till.screens.banner is not None
    assert till.screens.banner.title == wording.CAMERA_BACK

    till.rest(4000)
    assert till.screens.banner is None


def test_the_database_comes_before_the_camera(till: Till) -> None:
    till.flow.status.camera(LOST)
    till.flow.status.database(is_away=True)

    assert till.screens.banner is not None
    assert till.screens.banner.title == wording.DATABASE_AWAY_TITLE


def test_what_nobody_foresaw_is_said_until_it_is_closed(till: Till) -> None:
    till.flow.something_failed()
    assert till.screens.banner is not None
    assert till.screens.banner.title == wording.UNEXPECTED

    till.flow.status.banner_action("dismiss")
    assert till.screens.banner is None


def test_the_wait_for_the_next_attempt_counts_down(till: Till) -> None:
    till.flow.status.camera(LOST)
    shown = []
    for _ in range(9):
        assert till.screens.banner is not None
        shown.append(till.screens.banner.text.partition("again in ")[2])
        till.time.pass_by(1000)
        till.settle()
    assert shown == ["8 s.", "7 s.", "6 s.", "5 s.", "4 s.", "3 s.", "2 s.", "1 s.", ""]
    assert till.screens.banner is not None
    assert wording.TRYING_NOW in till.screens.banner.text
    till.flow.status.camera(LOST)
    assert "again in 8 s." in till.screens.banner.text
    till.flow.status.camera(LIVE)
    till.rest(5000)
    assert till.screens.banner is None
