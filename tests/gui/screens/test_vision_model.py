"""The page of vision models: every state at every size, and what its buttons say."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from tests.fake_vision_models import BLIND, OTHER, REMOTE, SEEING
from tests.gui.audit import SIZES, content_size, faults, show_at
from visionscan_kiosk.gui import model_presenter as words
from visionscan_kiosk.gui.manager_views import VisionModelView
from visionscan_kiosk.gui.screens.manager import ManagerPage, ManagerScreen
from visionscan_kiosk.gui.screens.vision_model import VisionModelPanel
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.product_picture import PictureStore
from visionscan_kiosk.gui.widgets.progress_bar import ProgressBar
from visionscan_kiosk.services.model_trial import TrialReport, TrialScore
from visionscan_kiosk.services.vision_models import InstalledModel, ModelOverview, ModelServer

LONG = InstalledModel(
    "hf.co/somebody/a-model-with-a-very-long-name-GGUF:Q4_K_M", 1_234_567_890, sees=True, is_loaded=True
)
OVERVIEW = ModelOverview(ModelServer("0.33.0", (OTHER, SEEING, BLIND, REMOTE, LONG)), "llava-phi3")
LIST = VisionModelView(
    rows=words.model_rows(OVERVIEW),
    server_text="Ollama 0.33.0",
    state_text="llava-phi3 waits for a question.",
)
SCORE = TrialScore("seer:2b", 12, 9, 10, 11, 1, 2, 0, tuple(float(second) for second in range(1, 13)))
RUNNING = TrialReport(30, SCORE, SCORE)
STATES = {
    "list": LIST,
    "news": replace(LIST, message=words.in_use(LONG.name)),
    "trouble": replace(
        LIST, trouble=BLIND.trouble, warning="The model in use, llava-phi3, is not installed."
    ),
    "busy": replace(
        LIST, is_busy=True, state_tone=Tone.ASK, state_text="seer:2b has been answering for 4 s; 1 waiting."
    ),
    "trial begins": replace(LIST, is_busy=True, trial=words.trial_view("seer:2b", None, can_use=True)),
    "trial": replace(LIST, is_busy=True, trial=words.trial_view("seer:2b", RUNNING, can_use=True)),
    "trial over": replace(
        LIST, trial=words.trial_view("seer:2b", TrialReport(12, SCORE, SCORE), can_use=True)
    ),
    "trial stopped": replace(
        LIST, trial=words.trial_view(LONG.name, replace(RUNNING, stopped="It rests for 30 s."), can_use=True)
    ),
    "away": VisionModelView(away_title=words.AWAY_TITLE, away_text=words.AWAY_HELP, warning="It is away."),
    "looking": VisionModelView(is_loading=True),
}


@pytest.fixture
def screen(qtbot: QtBot, theme: Theme) -> ManagerScreen:
    made = ManagerScreen(theme, PictureStore(theme), PictureStore(theme))
    qtbot.addWidget(made)
    made.open_page(ManagerPage.MODEL)
    return made


def shown_buttons(screen: ManagerScreen, name: str) -> list[QPushButton]:
    return [found for found in screen.findChildren(QPushButton, name) if found.isVisible()]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("state", STATES)
def test_every_state_fits_every_size(screen: ManagerScreen, size: tuple[int, int], state: str) -> None:
    screen.model.show_view(STATES[state])
    show_at(screen, content_size(size))
    assert faults(screen) == []


def test_rows_offer_what_can_be_done_with_a_model(screen: ManagerScreen, qtbot: QtBot) -> None:
    screen.model.show_view(LIST)
    show_at(screen, (1280, 736))
    assert len(shown_buttons(screen, "model_use")) == 2, "not the one in use, nor what cannot be used"
    assert len(shown_buttons(screen, "model_load")) == 1, "only what is not in memory"
    for name, signal in (
        ("model_use", screen.model.used),
        ("model_load", screen.model.load_requested),
        ("model_try", screen.model.trial_requested),
    ):
        button = next(one for one in shown_buttons(screen, name) if one.accessibleName().endswith("seer:2b"))
        with qtbot.waitSignal(signal) as asked:
            button.click()
        assert asked.args == ["seer:2b"]


def test_while_one_is_busy_no_other_is_loaded_or_tried(screen: ManagerScreen) -> None:
    screen.model.show_view(STATES["busy"])
    show_at(screen, (1280, 736))
    assert not any(
        button.isEnabled() for name in ("model_try", "model_load") for button in shown_buttons(screen, name)
    )
    assert all(button.isEnabled() for button in shown_buttons(screen, "model_use"))


def test_a_running_trial_can_be_stopped_and_one_that_is_over_used(
    screen: ManagerScreen, qtbot: QtBot
) -> None:
    screen.model.show_view(STATES["trial"])
    show_at(screen, (1280, 736))
    bar = screen.findChild(ProgressBar)
    assert bar is not None
    assert bar.share == pytest.approx(0.4)
    assert not shown_buttons(screen, "trial_use")
    with qtbot.waitSignal(screen.model.trial_stopped):
        shown_buttons(screen, "trial_stop")[0].click()

    screen.model.show_view(STATES["trial over"])
    assert not shown_buttons(screen, "trial_stop")
    with qtbot.waitSignal(screen.model.used) as used:
        shown_buttons(screen, "trial_use")[0].click()
    assert used.args == ["seer:2b"]
    with qtbot.waitSignal(screen.model.trial_closed):
        shown_buttons(screen, "trial_close")[0].click()


def test_the_rows_under_a_finger_stay_while_the_trial_goes_on(screen: ManagerScreen) -> None:
    screen.model.show_view(STATES["trial"])
    show_at(screen, (1280, 736))
    before = shown_buttons(screen, "model_use")
    further = replace(RUNNING, model=replace(SCORE, photos=13))
    screen.model.show_view(replace(STATES["trial"], trial=words.trial_view("seer:2b", further, can_use=True)))
    assert shown_buttons(screen, "model_use") == before


def test_it_is_dressed_in_both_themes(qtbot: QtBot, either_theme: Theme) -> None:
    panel = VisionModelPanel(either_theme)
    qtbot.addWidget(panel)
    panel.show_view(STATES["trial"])
    show_at(panel, (1000, 700))
    picture = panel.grab().toImage()
    assert picture.pixelColor(500, 690) == either_theme.color("surface")


@pytest.mark.parametrize("model", [SEEING, BLIND, REMOTE, LONG])
def test_a_row_says_what_it_is(model: InstalledModel) -> None:
    (row,) = words.model_rows(ModelOverview(ModelServer("1", (model,)), "other"))
    assert row.name == model.name
    assert ("sees pictures" in row.detail) is not bool(model.trouble)
