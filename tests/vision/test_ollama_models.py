"""What the till makes of a server beyond one answer: its models, the first item of an answer, and rest."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import numpy as np
import pytest

from tests.ollama_stand_in import (
    OllamaStandIn,
    StandInModel,
    hangs,
    refuses,
    says,
    says_products,
    stops_short,
)
from tests.ollama_stand_in.scripts import BAD_PICTURE
from tests.waiting import PATIENCE_S, wait_until
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.domain.errors import (
    DetectionCancelled,
    DetectorBusy,
    DetectorReplyInvalid,
    DetectorResting,
    DetectorUnavailable,
)
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.vision_models import InstalledModel, ModelActivity
from visionscan_kiosk.vision.ollama import OllamaDetector, OllamaModels, OllamaServer
from visionscan_kiosk.vision.ollama.breaker import CircuitBreaker

APPLE: dict[str, object] = {"name": "Red Apple", "brand": "", "size": "", "quantity": 2, "confidence": 90}
LONG_S, SHORT_S = PATIENCE_S, 0.3


@pytest.fixture
def picture() -> Image:
    return np.full((90, 160, 3), 128, np.uint8)


@pytest.fixture
def server() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as running:
        yield running


def detector(server: OllamaStandIn) -> OllamaDetector:
    return OllamaDetector(OllamaServer(server.endpoint), "llava-phi3", answer_timeout_s=LONG_S)


class TestTheFirstItem:
    TWO = json.dumps({"products": [APPLE, {"name": "Oat Milk", "quantity": 1, "confidence": 95}]})

    def test_is_told_while_the_rest_is_still_to_come(self, server: OllamaStandIn, picture: Image) -> None:
        """The answer hangs after its first item, and the first item was told all the same."""
        server.will(hangs(self.TWO[: self.TWO.index("}") + 3]))
        cancel, told = CancelToken(), []

        def tell(seen: Detection) -> None:
            told.append(seen.name)
            cancel.cancel()

        with pytest.raises(DetectionCancelled):
            detector(server).name_products(picture, (), cancel, tell)
        assert told == ["Red Apple"]

    def test_is_one_of_the_whole_answer(self, server: OllamaStandIn, picture: Image) -> None:
        server.will(says(self.TWO))
        told: list[str] = []
        answer = detector(server).name_products(
            picture, (), CancelToken(), lambda seen: told.append(seen.name)
        )
        assert told == ["Red Apple"]
        assert [seen.name for seen in answer] == ["Oat Milk", "Red Apple"]

    def test_does_not_save_an_answer_that_breaks_off(self, server: OllamaStandIn, picture: Image) -> None:
        server.will(stops_short(self.TWO))
        told: list[str] = []
        with pytest.raises(DetectorReplyInvalid):
            detector(server).name_products(picture, (), CancelToken(), lambda seen: told.append(seen.name))
        assert told == ["Red Apple"]


class TestResting:
    def test_a_model_that_fails_again_and_again_is_not_asked(
        self, server: OllamaStandIn, picture: Image
    ) -> None:
        server.will(refuses(400, BAD_PICTURE))
        asked = detector(server)
        for _ in range(3):
            with pytest.raises(DetectorUnavailable, match="Failed to load image"):
                asked.name_products(picture, (), CancelToken())
        requests = len(server.requests)
        with pytest.raises(DetectorResting, match=r"after 3 failures in a row.*Failed to load image"):
            asked.name_products(picture, (), CancelToken())
        assert len(server.requests) == requests
        assert "rests" in asked.health().message
        assert asked.rest_s > 0

    def test_a_model_that_can_be_loaded_may_be_asked_again(
        self, server: OllamaStandIn, picture: Image
    ) -> None:
        server.will(
            refuses(400, BAD_PICTURE), refuses(400, BAD_PICTURE), refuses(400, BAD_PICTURE), says_products()
        )
        asked = detector(server)
        for _ in range(3):
            with pytest.raises(DetectorUnavailable):
                asked.name_products(picture, (), CancelToken())
        asked.load(CancelToken())
        assert asked.name_products(picture, (), CancelToken()) == ()

    def test_after_its_rest_one_answer_closes_it(self, server: OllamaStandIn, picture: Image) -> None:
        now = [0.0]
        breaker = CircuitBreaker(30, failures_allowed=1, clock=lambda: now[0])
        connection = OllamaServer(server.endpoint)
        asked = OllamaDetector(connection, "llava-phi3", answer_timeout_s=LONG_S, breaker=breaker)
        server.will(refuses(400, BAD_PICTURE), says_products(APPLE))
        with pytest.raises(DetectorUnavailable):
            asked.name_products(picture, (), CancelToken())
        now[0] = 31.0
        assert asked.name_products(picture, (), CancelToken())
        assert (asked.rest_s, breaker.failures) == (0, 0)

    def test_who_was_cancelled_or_had_to_wait_did_not_fail(
        self, server: OllamaStandIn, picture: Image
    ) -> None:
        breaker = CircuitBreaker(30, failures_allowed=1)
        connection = OllamaServer(server.endpoint)
        asked = OllamaDetector(connection, "llava-phi3", answer_timeout_s=SHORT_S, breaker=breaker)
        cancelled = CancelToken()
        cancelled.cancel()
        with pytest.raises(DetectionCancelled):
            asked.name_products(picture, (), cancelled)
        with connection.turns.turn(LONG_S, lambda: None):
            connection.turns.now(ModelActivity.ANSWERING, "llava-phi3")
            with pytest.raises(DetectorBusy):
                asked.name_products(picture, (), CancelToken())
        assert breaker.failures == 0


@contextmanager
def answering(body: bytes) -> Iterator[str]:
    """A server that gives one answer to everything; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))  # what is left unread resets the line
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_POST = do_GET  # noqa: N815 # the base class names it so

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the base class names it so
            """Quiet."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


class TestTheModelsOfAServer:
    MODELS = (
        StandInModel("seer:2b", size=1_900_000_000, parameters="2.1B"),
        StandInModel("writer", ("completion",)),
        StandInModel("old", ("completion", "vision"), is_told_in_list=False),
        StandInModel("oldest", None),
        StandInModel("giant:cloud", remote_host="https://ollama.com"),
    )

    def test_are_listed_with_what_they_can(self) -> None:
        with OllamaStandIn(*self.MODELS, is_loaded=False) as server:
            server.loaded.add("seer:2b")
            installed = OllamaServer(server.endpoint).installed()
        assert installed.version == "0.0.0-stand-in"
        by_name = {model.name: model for model in installed.models}
        assert list(by_name) == sorted(by_name)
        assert by_name["seer:2b"] == InstalledModel(
            "seer:2b", 1_900_000_000, sees=True, is_loaded=True, parameters="2.1B"
        )
        assert [model.sees for model in installed.models] == [True, True, True, True, False]
        assert [name for name, model in by_name.items() if model.is_remote] == ["giant:cloud"]

    def test_are_none_on_a_new_server(self) -> None:
        with OllamaStandIn() as server:
            server.models.clear()
            server.loaded.clear()
            assert OllamaServer(server.endpoint).installed().models == ()

    def test_hostile_entries_are_left_out(self) -> None:
        names = ("seer:2b", "a\nb", "x" * 5000, "")
        with OllamaStandIn(*(StandInModel(name) for name in names)) as server:
            installed = OllamaServer(server.endpoint).installed()
        assert [model.name for model in installed.models] == [":latest", "seer:2b"]

    def test_what_is_told_of_them_is_bounded_and_can_be_shown(self) -> None:
        with OllamaStandIn(StandInModel("seer:2b", size=10**400, parameters="2B\n\x1b[31m")) as server:
            (model,) = OllamaServer(server.endpoint).installed().models
        assert model.size_bytes < 10**16
        assert model.parameters == "2B[31m"

    def test_the_version_is_short_and_can_be_shown(self) -> None:
        with answering(json.dumps({"version": "1.2\x1b[31m\n" + "9" * 5000}).encode()) as endpoint:
            told = OllamaServer(endpoint).version()
        assert told.startswith("1.2[31m9")
        assert len(told) <= 40

    def test_an_answer_without_a_bottom_comes_from_no_ollama_server(self) -> None:
        bottomless = b'{"version": ' + b"[" * 100_000
        with answering(bottomless) as endpoint, pytest.raises(DetectorReplyInvalid):
            OllamaServer(endpoint).version()
        with answering(bottomless) as endpoint, pytest.raises(DetectorReplyInvalid):
            OllamaServer(endpoint).abilities("seer:2b", CancelToken())

    def test_what_is_no_ollama_server_is_told(self) -> None:
        with OllamaStandIn() as server, pytest.raises(DetectorUnavailable, match="not an Ollama server"):
            OllamaServer(f"{server.endpoint}/elsewhere").installed()

    def test_are_loaded_as_they_are_asked_and_unloaded(self, picture: Image) -> None:
        with OllamaStandIn(is_loaded=False) as server:
            connection = OllamaServer(server.endpoint)
            asked = OllamaDetector(connection, "llava-phi3", answer_timeout_s=LONG_S)
            asked.load(CancelToken())
            asked.name_products(picture, (), CancelToken())
            load, question = [seen.body for seen in server.requests if seen.path == "/api/chat"]
            assert load["messages"] == []
            assert load["options"] == question["options"], "other options would load it anew"
            assert load["keep_alive"] == question["keep_alive"] == 3600
            assert server.loaded == {"llava-phi3:latest"}
            connection.unload("llava-phi3")
            assert server.loaded == set()

    def test_loading_is_shown_and_can_be_cancelled(self) -> None:
        with OllamaStandIn(is_loaded=False, load=hangs()) as server:
            connection, cancel = OllamaServer(server.endpoint), CancelToken()
            seen: list[ModelActivity] = []

            def look_and_cancel() -> None:
                wait_until(lambda: any(request.is_load for request in server.requests))
                seen.append(connection.turns.work().activity)
                cancel.cancel()

            helper = Thread(target=look_and_cancel)
            helper.start()
            with pytest.raises(DetectionCancelled):
                OllamaDetector(connection, "llava-phi3", answer_timeout_s=LONG_S).load(cancel)
            helper.join()
            assert seen == [ModelActivity.LOADING]

    def test_one_question_at_a_time_whichever_model_is_asked(self, picture: Image) -> None:
        with OllamaStandIn(StandInModel("one"), StandInModel("two")) as server:
            server.will(says(json.dumps({"products": [APPLE]}), between_s=0.01))
            models = OllamaModels(OllamaServer(server.endpoint), answer_timeout_s=LONG_S)
            helpers = [
                Thread(target=models.named(name).name_products, args=(picture, (), CancelToken()))
                for name in ("one", "two", "one:latest")
            ]
            for helper in helpers:
                helper.start()
            for helper in helpers:
                helper.join()
            assert server.most_chats_at_once == 1
            assert models.named("one") is models.named("library/One:latest")
