"""The manager's page "Vision model", on real PostgreSQL with a fake server of models."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.fake_recogniser import picture_of
from tests.fake_vision_models import BLIND, OTHER, SEEING, FakeVisionModels
from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.errors import DatabaseUnavailable, DetectorResting, DetectorUnavailable
from visionscan_kiosk.gui import model_presenter as words
from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.flow.model_look import SHOW_LOOKING_AFTER_MS
from visionscan_kiosk.gui.flow.ports import Lane, Place
from visionscan_kiosk.gui.flow.vision_model_flow import PRELOAD_AFTER_MS, TICK_MS
from visionscan_kiosk.gui.manager_views import TrialView, VisionModelView
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.vision_models import ModelActivity, ModelWork

AWAY = DetectorUnavailable("No vision model answers at http://localhost:11434.")


@pytest.fixture
def models() -> FakeVisionModels:
    made = FakeVisionModels()
    made.answer = lambda _image, short_list: short_list[:1]
    return made


def open_page(till: Till) -> None:
    till.open_manager()
    till.flow.models.open()
    till.settle()


def page(till: Till) -> VisionModelView:
    shown = till.screens.vision_model
    assert shown is not None
    return shown


def trial(till: Till) -> TrialView:
    shown = page(till).trial
    assert shown is not None
    return shown


def teach_some(till: Till) -> None:
    for sku, colour in (("APL-R", (40, 40, 220)), ("OAT-1L", (220, 60, 40))):
        till.teach(sku, *(picture_of(colour, seed) for seed in range(3)))


def test_the_model_in_use_is_loaded_once_the_till_is_open(till: Till, models: FakeVisionModels) -> None:
    assert models.loaded == []
    till.time.pass_by(PRELOAD_AFTER_MS)
    till.settle()
    assert models.loaded == [OTHER.name]
    assert till.screens.place is Place.SELLING


def test_a_till_without_a_model_server_opens_as_quietly(till: Till, models: FakeVisionModels) -> None:
    models.trouble = AWAY
    till.time.pass_by(PRELOAD_AFTER_MS)
    till.settle()
    assert till.note_text == ""
    assert not till.flow.models.is_busy


def test_the_page_lists_what_is_there(till: Till) -> None:
    open_page(till)
    shown = page(till)
    assert till.screens.place is Place.MODEL
    assert next(row.name for row in shown.rows) == OTHER.name
    assert [row.is_chosen for row in shown.rows] == [True, False, False, False]
    assert [bool(row.trouble) for row in shown.rows] == [False, False, True, True]
    assert shown.server_text == "Ollama 0.0.0-fake"
    assert (shown.away_title, shown.warning, shown.is_loading) == ("", "", False)


def test_without_a_server_the_page_says_what_to_do(till: Till, models: FakeVisionModels) -> None:
    models.trouble = AWAY
    open_page(till)
    assert (page(till).away_title, page(till).rows) == (words.AWAY_TITLE, ())
    assert page(till).warning == str(AWAY)

    models.trouble = None
    till.flow.models.refresh()
    till.settle()
    assert (page(till).away_title, page(till).warning) == ("", "")
    assert page(till).rows


def test_without_a_database_nothing_is_said_of_the_server(till: Till, models: FakeVisionModels) -> None:
    models.trouble = DatabaseUnavailable("The database is not answering.")
    open_page(till)
    assert (page(till).away_title, page(till).away_text) == (words.UNKNOWN_TITLE, words.UNKNOWN_HELP)
    assert page(till).warning == "The database is not answering."


def test_a_server_without_models_and_one_without_the_model_in_use(
    till: Till, models: FakeVisionModels
) -> None:
    models.models = ()
    open_page(till)
    assert page(till).away_title == words.NO_MODELS_TITLE
    assert "ollama pull llava-phi3" in page(till).away_text

    models.models = (SEEING,)
    till.flow.models.refresh()
    till.settle()
    assert "is not installed" in page(till).warning


def test_another_model_is_used_and_loaded(till: Till, models: FakeVisionModels) -> None:
    open_page(till)
    till.flow.models.use(SEEING.name)
    till.settle()
    assert till.services.vision_models.chosen() == SEEING.name
    assert models.loaded == [SEEING.name]
    assert page(till).rows[0].name == SEEING.name
    assert page(till).message == words.in_use(SEEING.name)


def test_a_model_that_cannot_see_is_refused(till: Till, models: FakeVisionModels) -> None:
    open_page(till)
    till.flow.models.use(BLIND.name)
    till.settle()
    assert "cannot look at pictures" in page(till).trouble
    assert page(till).rows[0].name == OTHER.name
    assert models.loaded == []


def test_a_model_is_loaded_by_hand_and_the_page_says_what_goes_on(
    till: Till, models: FakeVisionModels
) -> None:
    open_page(till)
    till.tasks.held_lanes = {Lane.MODELS}
    till.flow.models.load(SEEING.name)
    models.present = ModelWork(ModelActivity.LOADING, SEEING.name, 21.0)
    till.time.pass_by(TICK_MS)
    till.settle()
    assert page(till).is_busy
    assert page(till).state_text == "seer:2b is being loaded, 21 s so far."
    till.flow.models.load(OTHER.name)

    till.tasks.held_lanes, models.present = set(), ModelWork()
    till.settle()
    assert models.loaded == [SEEING.name], "one at a time"
    assert not page(till).is_busy
    assert page(till).message == words.loaded(SEEING.name)


def test_a_model_that_cannot_be_loaded_is_told(till: Till, models: FakeVisionModels) -> None:
    models.load_trouble = DetectorUnavailable("There is not enough memory.")
    open_page(till)
    till.flow.models.load(SEEING.name)
    till.settle()
    assert (page(till).trouble, page(till).is_busy) == ("There is not enough memory.", False)


def test_a_trial_shows_both_side_by_side(till: Till) -> None:
    teach_some(till)
    open_page(till)
    till.flow.models.try_on_shop(SEEING.name)
    assert (trial(till).progress_text, trial(till).is_over) == (words.LOADING_FOR_TRIAL, False)
    till.settle()
    shown = trial(till)
    assert (shown.done, shown.planned, shown.is_over, shown.can_use) == (6, 6, True, True)
    assert next((row.title, row.model_text, row.taught_text) for row in shown.rows) == (
        "Right at once",
        wording.share(1.0),
        wording.share(1.0),
    )
    assert till.services.vision_models.chosen() != SEEING.name

    till.flow.models.use(SEEING.name)
    till.settle()
    assert (page(till).trial, page(till).rows[0].name) == (None, SEEING.name)


def test_a_trial_shows_how_far_it_is(till: Till, models: FakeVisionModels) -> None:
    teach_some(till)
    open_page(till)
    seen: list[tuple[str, bool]] = []

    def answer(_image: Image, short_list: Sequence[str]) -> Sequence[str]:
        till.time.pass_by(TICK_MS)
        seen.append((trial(till).progress_text, trial(till).is_over))
        return short_list[:1]

    models.answer = answer
    till.flow.models.try_on_shop(SEEING.name)
    till.settle()
    assert seen[0] == (words.LOADING_FOR_TRIAL, False)
    assert seen[-1] == ("5 of 6 pictures", False)


def test_a_stopped_trial_shows_what_it_has(till: Till, models: FakeVisionModels) -> None:
    teach_some(till)
    open_page(till)

    def answer(_image: Image, short_list: Sequence[str]) -> Sequence[str]:
        till.flow.models.stop()
        return short_list[:1]

    models.answer = answer
    till.flow.models.try_on_shop(SEEING.name)
    till.settle()
    shown = trial(till)
    assert (shown.done, shown.planned, shown.is_over) == (1, 6, True)
    assert shown.trouble
    assert not shown.can_use, "what was not tried out is no next step"
    till.flow.models.close_trial()
    assert page(till).trial is None


@pytest.mark.parametrize("is_taught", [True, False])
def test_a_trial_that_cannot_go_on_says_why(till: Till, models: FakeVisionModels, is_taught: bool) -> None:
    def rest(_image: Image, _short_list: Sequence[str]) -> Sequence[str]:
        raise DetectorResting("The vision model rests for 30 s.")

    models.answer = rest
    if is_taught:
        teach_some(till)
    open_page(till)
    till.flow.models.try_on_shop(SEEING.name)
    till.settle()
    shown = trial(till)
    assert shown.trouble == ("The vision model rests for 30 s." if is_taught else NOTHING_KEPT)
    assert (shown.is_over, shown.can_use) == (True, False)


NOTHING_KEPT = "No pictures are kept yet. Teach some products, or sell for a while first."


def test_selling_goes_on_while_a_model_is_tried(till: Till) -> None:
    teach_some(till)
    open_page(till)
    till.tasks.held_lanes = {Lane.MODELS}
    till.flow.models.try_on_shop(SEEING.name)
    till.flow.escape()
    till.add("OAT-1L")
    assert till.screens.place is Place.SELLING
    assert till.screens.basket.item_count == 1

    till.tasks.held_lanes = set()
    till.settle()
    open_page(till)
    assert trial(till).is_over


def test_nothing_ticks_when_nobody_looks(till: Till) -> None:
    open_page(till)
    till.flow.escape()
    till.time.pass_by(TICK_MS)
    shown = till.screens.vision_model
    till.time.pass_by(20 * TICK_MS)
    assert till.screens.vision_model is shown


def test_who_waits_behind_another_question_sees_it_on_the_chip(till: Till, models: FakeVisionModels) -> None:
    def chip() -> tuple[str, Tone]:
        bar = till.screens.top_bar
        assert bar is not None
        return next((entry.text, entry.tone) for entry in bar.chips if entry.name == "model")

    till.tasks.held_lanes = {Lane.MODEL}
    models.present = ModelWork(ModelActivity.ANSWERING, SEEING.name, 3.0, waiting=1)
    till.look()
    till.time.pass_by(SHOW_LOOKING_AFTER_MS)
    assert chip() == ("Model is busy: 1 waiting", Tone.ASK)

    models.present = ModelWork(ModelActivity.ANSWERING, OTHER.name, 0.1)
    till.time.pass_by(1000)
    assert chip() == (wording.LOOKING, Tone.ASK)
    till.flow.sight.stop_looking()
    assert chip()[0] == "Model"
