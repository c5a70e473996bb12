"""Choosing and loading vision models, on a real database; the server is a small fake."""

from __future__ import annotations

import pytest

from tests.conftest import build_services
from tests.fake_picture_detector import FakePictureDetector
from tests.fake_vision_models import BLIND, OTHER, REMOTE, SEEING, FakeVisionModels
from visionscan_kiosk.domain.errors import DetectorUnavailable, InvalidInput
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.vision_models import (
    ModelActivity,
    ModelState,
    ModelStateKind,
    ModelWork,
    VisionModelService,
    find_model,
    is_same_model,
)

AWAY = DetectorUnavailable("No vision model answers.")


@pytest.fixture
def models() -> FakeVisionModels:
    return FakeVisionModels()


@pytest.fixture
def service(unit_of_work: UnitOfWorkFactory, models: FakeVisionModels) -> VisionModelService:
    return build_services(unit_of_work, FakePictureDetector(), models).vision_models


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("llava-phi3", "llava-phi3:latest"),
        ("library/llava-phi3", "LLaVA-Phi3"),
        ("registry.ollama.ai/library/llava-phi3:3.8b", "llava-phi3:3.8b"),
        ("hf.co/maker/model", "hf.co/maker/model:latest"),
    ],
)
def test_spellings_of_one_model(one: str, other: str) -> None:
    assert is_same_model(one, other)
    assert not is_same_model(one, other + "-mini")


def test_what_is_installed_is_shown_with_the_one_in_use(service: VisionModelService) -> None:
    overview = service.overview()
    assert overview.server.version == "0.0.0-fake"
    assert [model.name for model in overview.server.models if overview.is_chosen(model)] == [OTHER.name]


def test_a_choice_is_kept_and_the_model_before_leaves_the_memory(
    service: VisionModelService, models: FakeVisionModels, unit_of_work: UnitOfWorkFactory
) -> None:
    assert service.choose("SEER:2b") == SEEING
    assert models.unloaded == ["llava-phi3"]
    another_till = build_services(unit_of_work, FakePictureDetector(), models).vision_models
    assert another_till.chosen() == SEEING.name


def test_the_same_choice_again_unloads_nothing(service: VisionModelService, models: FakeVisionModels) -> None:
    service.choose("llava-phi3:latest")
    assert models.unloaded == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        (BLIND.name, "cannot look at pictures"),
        (REMOTE.name, "pictures would leave the shop"),
        ("nosuch", "ollama pull nosuch"),
        ("", "not installed"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    service: VisionModelService, models: FakeVisionModels, name: str, words: str
) -> None:
    for attempt in (service.choose, service.load):
        with pytest.raises(InvalidInput, match=words):
            attempt(name)
    assert is_same_model(service.chosen(), OTHER.name)
    assert (models.loaded, models.unloaded) == ([], [])


def test_nothing_is_chosen_while_the_server_is_away(
    service: VisionModelService, models: FakeVisionModels
) -> None:
    models.trouble = AWAY
    with pytest.raises(DetectorUnavailable):
        service.choose(SEEING.name)
    assert is_same_model(service.chosen(), OTHER.name)


def test_the_model_in_use_is_loaded_when_a_till_opens(
    service: VisionModelService, models: FakeVisionModels
) -> None:
    assert service.preload()
    assert models.loaded == [OTHER.name]
    assert service.state("llava-phi3").kind is ModelStateKind.IDLE


@pytest.mark.parametrize("place", ["trouble", "load_trouble"])
def test_a_till_opens_without_a_model_and_tells_why(
    service: VisionModelService, models: FakeVisionModels, place: str
) -> None:
    setattr(models, place, AWAY)
    assert not service.preload()
    assert service.state("llava-phi3") == ModelState(ModelStateKind.AWAY, str(AWAY))

    setattr(models, place, None)
    service.overview()
    assert service.state("llava-phi3").kind is ModelStateKind.IDLE


@pytest.mark.parametrize(
    ("work", "sentence"),
    [
        (
            ModelWork(ModelActivity.LOADING, "seer:2b", 21.9, 0),
            "seer:2b is being loaded, 21 s so far.",
        ),
        (
            ModelWork(ModelActivity.ANSWERING, "seer:2b", 4.2, 2),
            "seer:2b has been answering for 4 s; 2 waiting.",
        ),
        (
            ModelWork(ModelActivity.ANSWERING, "seer:2b", 300, 1),
            "seer:2b has been answering for 5 min; 1 waiting.",
        ),
    ],
)
def test_work_is_told_with_who_waits(
    service: VisionModelService, models: FakeVisionModels, work: ModelWork, sentence: str
) -> None:
    models.present, models.rests_s = work, 10
    state = service.state("llava-phi3")
    assert (state.sentence, state.waiting) == (sentence, work.waiting)
    assert service.waiting() == work.waiting


def test_a_rest_is_told(service: VisionModelService, models: FakeVisionModels) -> None:
    models.rests_s = 39.2
    state = service.state("llava-phi3")
    assert state.kind is ModelStateKind.RESTING
    assert "asked again in 40 s" in state.sentence


def test_a_model_is_found_by_any_spelling() -> None:
    assert find_model([OTHER, SEEING], "llava-phi3") == OTHER
    assert find_model([OTHER, SEEING], "llava") is None
