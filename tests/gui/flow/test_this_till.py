"""What is set on one till for itself: there again after a restart, and quiet about what it has not."""

from __future__ import annotations

from tests.gui.flow.conftest import Till
from tests.gui.flow.test_status import LIVE, LOST
from visionscan_kiosk.domain.errors import TillFolderUnwritable
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import SettingsView
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState
from visionscan_kiosk.services.till_preferences import TillPreferences


def switch_theme(till: Till) -> None:
    till.flow.menu()
    till.flow.menu_action("theme")
    till.settle()


def chips(till: Till) -> list[str]:
    assert till.screens.top_bar is not None
    return [chip.name for chip in till.screens.top_bar.chips]


def settings(till: Till) -> SettingsView:
    till.open_manager()
    till.flow.settings.open()
    till.settle()
    assert till.screens.settings is not None
    return till.screens.settings


class TestTheme:
    def test_it_is_kept_over_a_restart(self, till: Till) -> None:
        switch_theme(till)
        assert till.screens.theme == "dark"
        again = till.restarted()
        assert again.flow.till.theme == "dark"
        again.flow.menu()
        assert again.screens.menu is not None
        assert dict(again.screens.menu.actions)["theme"] == wording.MENU_LIGHT

    def test_back_is_kept_too(self, till: Till) -> None:
        switch_theme(till)
        switch_theme(till)
        assert (till.screens.theme, till.kept.theme) == ("light", "light")

    def test_a_folder_that_cannot_be_written_to_keeps_nobody_from_it(self, till: Till) -> None:
        def refuse(_: TillPreferences) -> None:
            raise TillFolderUnwritable("till-settings.json", "disk full")

        till.keep = refuse  # type: ignore[method-assign]
        switch_theme(till)
        assert till.screens.theme == "dark"


class TestWithoutCamera:
    def test_the_banner_offers_it_once_and_is_quiet_then(self, till: Till) -> None:
        till.flow.status.camera(LOST)
        assert till.screens.banner is not None
        assert till.screens.banner.actions == (("no_camera_here", wording.NO_CAMERA_HERE),)
        till.flow.status.banner_action("no_camera_here")
        till.settle()
        till.flow.status.camera(LOST)
        assert till.screens.banner is None
        assert chips(till) == ["model", "database"]
        assert till.screens.picture_state == wording.NO_CAMERA
        assert not till.screens.has_camera
        assert till.camera_used[-1] is False

    def test_it_is_quiet_from_the_start_after_a_restart(self, till: Till) -> None:
        till.flow.till.change(has_camera=False)
        till.settle()
        again = till.restarted()
        assert chips(again) == ["model", "database"]
        assert (again.screens.banner, again.screens.picture_state) == (None, wording.NO_CAMERA)

    def test_a_camera_that_worked_is_missed(self, till: Till) -> None:
        till.flow.status.camera(LIVE)
        till.flow.status.camera(LOST)
        assert till.screens.banner is not None
        assert till.screens.banner.actions == ()

    def test_the_settings_tell_and_take_it_back(self, till: Till) -> None:
        till.flow.status.camera(LOST)
        view = settings(till)
        assert (view.has_camera, view.camera_text) == (True, "Unplugged")
        till.flow.settings.have_camera(False)
        till.settle()
        shown = till.screens.settings
        assert shown is not None
        assert (shown.has_camera, shown.saved_text) == (False, wording.SAVED_HERE)
        till.flow.settings.have_camera(True)
        till.flow.status.camera(LIVE)
        assert till.camera_used[-1] is True
        assert chips(till) == ["camera", "model", "database"]

    def test_the_database_is_still_told(self, till: Till) -> None:
        till.flow.till.change(has_camera=False)
        till.flow.status.database(is_away=True)
        assert till.screens.banner is not None
        assert till.screens.banner.title == wording.DATABASE_AWAY_TITLE


class TestWithoutModel:
    def test_no_chip_no_button_and_no_question(self, till: Till) -> None:
        till.flow.settings.have_model(False)
        till.settle()
        assert chips(till) == ["camera", "database"]
        assert till.screens.look is not None
        assert not till.screens.look.is_offered
        again = till.restarted()
        assert chips(again) == ["camera", "database"]
        assert again.screens.look is not None
        assert not again.screens.look.is_offered
        again.time.pass_by(120_000)
        again.settle()
        assert not again.flow.status.knows_model

    def test_it_is_asked_again_when_there_is_one(self, till: Till) -> None:
        till.flow.till.change(has_model=False)
        till.settle()
        again = till.restarted()
        again.flow.till.change(has_model=True)
        again.settle()
        assert again.flow.status.knows_model
        assert chips(again) == ["camera", "model", "database"]


class TestDarkPicture:
    def feed(self, till: Till, kind: SceneKind, milliseconds: int) -> None:
        till.gate.state = SceneState(kind)
        till.rest(milliseconds)

    def test_a_covered_lens_is_told_while_it_is_covered(self, till: Till) -> None:
        till.flow.status.camera(LIVE)
        self.feed(till, SceneKind.BLIND, 1500)
        assert till.screens.banner is None
        self.feed(till, SceneKind.BLIND, 1500)
        assert till.screens.banner is not None
        assert till.screens.banner.title == wording.PICTURE_DARK_TITLE
        assert till.screens.banner.tone is Tone.ASK
        self.feed(till, SceneKind.STILL, 250)
        assert till.screens.banner is None

    def test_a_hand_before_the_lens_is_no_news(self, till: Till) -> None:
        till.flow.status.camera(LIVE)
        for _ in range(4):
            self.feed(till, SceneKind.BLIND, 1000)
            self.feed(till, SceneKind.MOVING, 250)
        assert till.screens.banner is None
