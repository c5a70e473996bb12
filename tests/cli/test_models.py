"""`models` and `try-model` as a person calls them, against the stand-in server."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import cv2
import pytest

from tests.cli.conftest import Run
from tests.ollama_stand_in import OllamaStandIn, StandInModel, names_the_likely, refuses
from tests.ollama_stand_in.scripts import BAD_PICTURE
from visionscan_kiosk.bundled_files import bundled
from visionscan_kiosk.vision.camera.open_camera import sample_counter


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[OllamaStandIn]:
    models = (
        StandInModel(),
        StandInModel("seer:2b", size=1_900_000_000),
        StandInModel("writer", ("completion",)),
    )
    with OllamaStandIn(*models) as running:
        monkeypatch.setenv("OLLAMA_ENDPOINT", running.endpoint)
        yield running


@pytest.fixture
def taught_shop(run: Run, tmp_path: Path) -> None:
    """The sample shop with two taught products, two pictures each."""
    assert run("products", "import", bundled("resources/sample_shop") / "products.csv").code == 0
    counter = sample_counter()
    for sku in ("APPLE001", "LEMON001"):
        folder = tmp_path / "lessons" / sku
        folder.mkdir(parents=True)
        for seed in range(2):
            assert cv2.imwrite(str(folder / f"{seed}.jpg"), counter.render_still([sku], seed))
    assert run("teach", tmp_path / "lessons").code == 0


def test_models_are_listed_with_the_one_in_use(run: Run, server: OllamaStandIn) -> None:
    done = run("models")
    assert done.code == 0
    heading, _, *rows = done.out.splitlines()
    assert heading == "Ollama 0.0.0-stand-in, the shop uses llava-phi3"
    assert [row.split()[:2] for row in rows if row.startswith("*")] == [["*", "llava-phi3:latest"]]
    assert [row.split()[-2] for row in rows] == ["yes", "yes", "no"]


def test_another_model_is_chosen_and_kept(run: Run, server: OllamaStandIn) -> None:
    assert run("models", "--use", "seer:2b").code == 0
    listed = json.loads(run("models", "--json").out)
    assert listed["chosen"] == "seer:2b"
    assert [model["name"] for model in listed["models"] if model["is_chosen"]] == ["seer:2b"]


def test_a_model_that_cannot_see_is_not_chosen(run: Run, server: OllamaStandIn) -> None:
    done = run("models", "--use", "writer")
    assert (done.code, done.out) == (1, "")
    assert "cannot look at pictures" in done.err


def test_a_server_that_is_away_is_told(run: Run, server: OllamaStandIn) -> None:
    server.stop()
    done = run("models", "--json")
    assert done.code == 1
    assert "ollama serve" in json.loads(done.out)["error"]


def test_a_model_is_tried_on_the_shops_own_pictures_and_given_up_when_it_fails(
    run: Run, server: OllamaStandIn, taught_shop: None
) -> None:
    server.will(names_the_likely())
    record = json.loads(run("try-model", "seer:2b", "--photos", "2", "--json").out)
    assert (record["planned"], record["stopped"]) == (2, None)
    assert record["model"]["photos"] == record["taught"]["photos"] == 2
    assert record["model"]["failed"] == 0

    asked = len(server.chats)
    server.will(refuses(400, BAD_PICTURE))
    done = run("try-model", "seer:2b")
    assert done.code == 1
    assert "The trial ended after 3 of 4 photos" in done.err
    assert "no answer" in done.out
    assert len(server.chats) == asked + 3
    assert {chat.body["model"] for chat in server.chats} == {"seer:2b"}


def test_a_shop_without_pictures_cannot_try(run: Run, server: OllamaStandIn) -> None:
    done = run("try-model", "seer:2b")
    assert (done.code, done.out) == (1, "")
    assert "No pictures are kept yet" in done.err


@pytest.mark.parametrize("photos", ["0", "-1", "many"])
def test_the_number_of_photos_is_checked(run: Run, photos: str) -> None:
    assert run("try-model", "seer:2b", "--photos", photos).code == 2
