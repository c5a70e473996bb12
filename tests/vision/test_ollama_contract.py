"""The detector against the stand-in: every row of the contract that concerns the till, by name."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from threading import Thread
from typing import TypeVar

import cv2
import numpy as np
import ollama
import pytest

from tests.ollama_stand_in import (
    ChatPath,
    OllamaStandIn,
    Script,
    StandInModel,
    breaks_with,
    dies_after,
    drips,
    hangs,
    is_cut_at_its_limit,
    refuses,
    says,
    says_products,
    stops_short,
)
from tests.ollama_stand_in.scripts import (
    BAD_PICTURE,
    BLIND_NATIVE,
    BLIND_RENDERED,
    CHUNK_NOT_FOUND,
    ENGINE_DIED,
    ENGINE_GONE,
    NATIVE_FORMAT,
    QUEUE_FULL,
    TOO_LONG,
)
from tests.waiting import PATIENCE_S
from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import (
    DetectionCancelled,
    DetectorBusy,
    DetectorReplyInvalid,
    DetectorTimeout,
    DetectorUnavailable,
)
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.services.vision_models import ModelActivity
from visionscan_kiosk.vision.ollama import OllamaDetector, OllamaServer
from visionscan_kiosk.vision.ollama.breaker import CircuitBreaker

T = TypeVar("T")

APPLE: dict[str, object] = {"name": "Red Apple", "brand": "", "size": "", "quantity": 2, "confidence": 90}
ENTRY = '{"name":"Red Apple","quantity":2,"confidence":90}'
LONG_S, SHORT_S = PATIENCE_S, 0.3


@pytest.fixture
def picture() -> Image:
    return np.full((90, 160, 3), 128, np.uint8)


@pytest.fixture
def server() -> Iterator[OllamaStandIn]:
    with OllamaStandIn() as running:
        running.will(says_products(APPLE))
        yield running


def detector(server: OllamaStandIn, *, answer_s: float = LONG_S, load_s: float = LONG_S) -> OllamaDetector:
    return OllamaDetector(
        OllamaServer(server.endpoint),
        "llava-phi3",
        answer_timeout_s=answer_s,
        load_timeout_s=load_s,
        rest_after_timeout_s=0.0,
    )


def names(server: OllamaStandIn, picture: Image) -> list[str]:
    return [seen.name for seen in detector(server).name_products(picture, (), CancelToken())]


class TestTheRequest:
    def test_streams_with_schema_limits_and_one_jpeg(self, server: OllamaStandIn, picture: Image) -> None:
        detector(server).name_products(picture, ["Red Apple", "Oat Milk 1 l"], CancelToken())
        body = server.chats[0].body
        assert body["stream"] is True
        assert body["format"]["properties"]["products"]["maxItems"] > 0
        assert body["options"]["num_predict"] > 0
        assert body["options"]["temperature"] == 0
        assert body["keep_alive"] == 3600
        (message,) = body["messages"]
        assert message["role"] == "user"
        assert "Oat Milk 1 l" in message["content"]
        assert len(message["images"]) == 1
        assert base64.b64decode(message["images"][0]).startswith(b"\xff\xd8\xff")

    def test_bounds_confidence_as_a_whole_number(self, server: OllamaStandIn, picture: Image) -> None:
        detector(server).name_products(picture, (), CancelToken())
        fields = server.chats[0].body["format"]["properties"]["products"]["items"]["properties"]
        assert fields["confidence"] == {"type": "integer", "minimum": 0, "maximum": 100}
        assert all(field["maxLength"] > 0 for field in fields.values() if field["type"] == "string")

    @pytest.mark.parametrize(
        ("shape", "sent"),
        [
            ((4000, 3000), (1536, 1152)),
            ((20, 20), (32, 32)),
            ((2, 3000), (32, 1536)),
            ((720, 1280), (720, 1280)),
        ],
    )
    def test_sends_32_to_1536_pixels_a_side(
        self, server: OllamaStandIn, shape: tuple[int, int], sent: tuple[int, int]
    ) -> None:
        detector(server).name_products(np.zeros((*shape, 3), np.uint8), (), CancelToken())
        data = base64.b64decode(server.chats[0].body["messages"][0]["images"][0])
        decoded = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert decoded is not None
        assert decoded.shape[:2] == sent

    @pytest.mark.parametrize(
        ("capabilities", "think"), [(("completion", "vision"), None), (("vision", "thinking"), False)]
    )
    def test_silences_only_models_that_think(
        self, picture: Image, capabilities: tuple[str, ...], think: bool | None
    ) -> None:
        with OllamaStandIn(StandInModel(capabilities=capabilities)) as server:
            names(server, picture)
            assert server.chats[0].body.get("think") is think

    def test_loads_a_cold_model_by_an_empty_request_first(self, picture: Image) -> None:
        with OllamaStandIn(is_loaded=False) as server:
            names(server, picture)
            chats = [request for request in server.requests if request.path == "/api/chat"]
            assert [request.is_load for request in chats] == [True, False]

    def test_does_not_load_a_model_that_is_there(self, server: OllamaStandIn, picture: Image) -> None:
        names(server, picture)
        assert not any(request.is_load for request in server.requests)

    def test_takes_a_name_list_as_words_not_as_files(
        self, server: OllamaStandIn, picture: Image, tmp_path: object
    ) -> None:
        detector(server).name_products(picture, [f"{tmp_path}\n\n- ignore"], CancelToken())
        assert "\n- ignore" not in server.chats[0].body["messages"][0]["content"]


REPLIES = {
    "as_asked": (says_products(APPLE), ["Red Apple"]),
    "nothing_seen": (says_products(), []),
    "odd_whitespace": (says('{"products" :[ {"name" :"Milk","quantity" :4} ] }'), ["Milk"]),
    "keys_in_alphabetical_order": (
        says('{"products":[{"confidence":2,"name":"Milk","quantity":1}]}'),
        ["Milk"],
    ),
    "root_list": (says('[{"name":"Milk","quantity":1,"confidence":80}]'), ["Milk"]),
    "fences_and_prose": (says(f"Here you go:\n```json\n[{ENTRY}]\n```\nEnjoy!"), ["Red Apple"]),
    "cut_by_num_predict": (is_cut_at_its_limit(f'{{"products":[{ENTRY},{{"name":"Le'), ["Red Apple"]),
    "cut_before_the_last_bracket": (is_cut_at_its_limit('{"products" :[]'), []),
    "number_beyond_all_bounds": (
        says('{"products":[{"name":"38","quantity":0,"confidence":3e909}]}'),
        ["38"],
    ),
    "huge_whole_number": (says('[{"name":"Milk","quantity":1799999999999999,"confidence":18}]'), ["Milk"]),
}


@pytest.mark.parametrize("row", REPLIES)
def test_reply_is_understood(server: OllamaStandIn, picture: Image, row: str) -> None:
    script, expected = REPLIES[row]
    server.will(script)
    assert names(server, picture) == expected


INVALID_REPLIES = {
    "free_text_native": says("I see apples."),
    "empty_content": says(""),
    "repeat_stop_rendered": stops_short("a" * 31),
    "repeat_stop_inside_json": stops_short('{"products":[{"name" :"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa'),
    "broken_character_rendered": stops_short(f'{{"products":[{ENTRY}'),
    "done_missing_after_whole_json": stops_short(f'{{"products":[{ENTRY}]}}'),
    "cut_before_anything": is_cut_at_its_limit('{"pro'),
}


@pytest.mark.parametrize("row", INVALID_REPLIES)
def test_reply_is_invalid(server: OllamaStandIn, picture: Image, row: str) -> None:
    server.will(INVALID_REPLIES[row])
    with pytest.raises(DetectorReplyInvalid):
        names(server, picture)


REFUSALS = {
    "model_unknown": (refuses(404, "model 'llava-phi3' not found"), "ollama pull llava-phi3"),
    "weights_gone": (refuses(400, '"llava-phi3" does not support chat'), "does not support chat"),
    "undecodable_picture": (refuses(400, BAD_PICTURE), "Failed to load image"),
    "prompt_too_long": (refuses(400, TOO_LONG), "exceeds the available context size"),
    "text_only_rendered": (refuses(400, BLIND_RENDERED), "cannot look at pictures"),
    "text_only_native": (refuses(500, BLIND_NATIVE), "cannot look at pictures"),
    "chunk_not_found": (refuses(500, CHUNK_NOT_FOUND), "Chunk not found"),
    "option_of_wrong_type": (refuses(500, 'option "num_ctx" must be of type integer'), "num_ctx"),
    "format_echoed": (
        refuses(500, 'invalid format: "xml"; expected "json" or a schema'),
        "refused: invalid format",
    ),
    "out_of_memory": (
        refuses(500, "llama-server process has terminated: exit status 1\nfailed"),
        "exit status 1",
    ),
    "projector_mismatch": (refuses(500, "mismatch between text model (n_embd = 64) and mmproj"), "mismatch"),
    "native_format_error_line": (breaks_with('{"products":[', NATIVE_FORMAT), "peg-native"),
    "forbidden_host": (refuses(403, ""), "no reason was given"),
}


@pytest.mark.parametrize("row", REFUSALS)
def test_refusal_is_one_clear_line_and_not_repeated(server: OllamaStandIn, picture: Image, row: str) -> None:
    script, words = REFUSALS[row]
    server.will(script)
    with pytest.raises(DetectorUnavailable, match=words) as caught:
        names(server, picture)
    assert "\n" not in str(caught.value)
    assert len(server.chats) == 1


PASSING = {
    "queue_full": refuses(503, QUEUE_FULL),
    "engine_died_before_first_byte": refuses(500, ENGINE_DIED),
    "engine_gone": refuses(500, ENGINE_GONE),
    "engine_died_in_mid_stream": breaks_with('{"products":[', ENGINE_DIED),
}


@pytest.mark.parametrize("row", PASSING)
def test_passing_trouble_is_tried_once_more(server: OllamaStandIn, picture: Image, row: str) -> None:
    server.will(PASSING[row], says_products(APPLE))
    assert names(server, picture) == ["Red Apple"]


@pytest.mark.parametrize("row", PASSING)
def test_lasting_trouble_is_told_after_two_tries(server: OllamaStandIn, picture: Image, row: str) -> None:
    server.will(PASSING[row])
    with pytest.raises(DetectorUnavailable):
        names(server, picture)
    assert len(server.chats) == 2


@pytest.mark.parametrize(
    "script", [dies_after(), dies_after('{"products":[')], ids=["at_once", "in_mid_stream"]
)
def test_broken_connection_is_told(server: OllamaStandIn, picture: Image, script: Script) -> None:
    server.will(script)
    with pytest.raises(DetectorUnavailable, match="broke"):
        names(server, picture)


def test_stopped_server_is_told(picture: Image) -> None:
    server = OllamaStandIn()
    with server:
        pass
    with pytest.raises(DetectorUnavailable, match="ollama serve"):
        names(server, picture)


@pytest.mark.parametrize("path", ChatPath)
def test_model_without_eyes_is_told_before_it_is_asked(picture: Image, path: ChatPath) -> None:
    with OllamaStandIn(StandInModel(capabilities=("completion",), path=path)) as server:
        with pytest.raises(DetectorUnavailable, match="cannot look at pictures"):
            names(server, picture)
        assert server.chats == []


def test_old_server_that_tells_no_capabilities_is_asked(picture: Image) -> None:
    with OllamaStandIn(StandInModel(capabilities=None)) as server:
        server.will(says_products(APPLE))
        assert names(server, picture) == ["Red Apple"]


SLOW = {"silent": hangs(), "silent_in_mid_stream": hangs('{"products":['), "dripping": drips()}


class TestTime:
    @pytest.mark.parametrize("row", SLOW)
    def test_deadline_ends_it(self, server: OllamaStandIn, picture: Image, row: str) -> None:
        server.will(SLOW[row])
        with pytest.raises(DetectorTimeout):
            detector(server, answer_s=SHORT_S).name_products(picture, (), CancelToken())

    def test_next_question_after_a_timeout_is_answered(self, server: OllamaStandIn, picture: Image) -> None:
        connection, breaker = OllamaServer(server.endpoint), CircuitBreaker(LONG_S)
        hurried, patient = (
            OllamaDetector(
                connection, "llava-phi3", answer_timeout_s=limit, rest_after_timeout_s=0.01, breaker=breaker
            )
            for limit in (SHORT_S, LONG_S)
        )
        server.will(hangs())
        with pytest.raises(DetectorTimeout):
            hurried.name_products(picture, (), CancelToken())
        server.will(says_products(APPLE))
        assert patient.name_products(picture, (), CancelToken())

    def test_loading_has_a_limit_of_its_own(self, picture: Image) -> None:
        with OllamaStandIn(is_loaded=False, load=hangs()) as server:
            with pytest.raises(DetectorTimeout):
                detector(server, load_s=SHORT_S).name_products(picture, (), CancelToken())
            assert server.chats == []

    def test_slow_loading_does_not_eat_the_answers_time(self, picture: Image) -> None:
        limits: list[float] = []

        class Patient(OllamaServer):
            def call(
                self, model: str, work: Callable[[ollama.Client], T], limit_s: float, cancel: CancelToken
            ) -> T:
                limits.append(limit_s)
                return super().call(model, work, LONG_S, cancel)

        with OllamaStandIn(is_loaded=False, load=Script(before_s=0.05)) as server:
            asked = OllamaDetector(
                Patient(server.endpoint), "llava-phi3", answer_timeout_s=1.0, load_timeout_s=9.0
            )
            asked.name_products(picture, (), CancelToken())
        assert limits[-2:] == [9.0, 1.0]

    @pytest.mark.parametrize("row", SLOW)
    def test_cancel_from_another_thread_ends_it(
        self, server: OllamaStandIn, picture: Image, row: str
    ) -> None:
        server.will(SLOW[row])
        cancel = CancelToken()
        helper = Thread(target=lambda: (server.wait_for_chat(), cancel.cancel()))
        helper.start()
        with pytest.raises(DetectionCancelled):
            detector(server).name_products(picture, (), cancel)
        helper.join()
        server.wait_for_leaver()

    def test_cancelled_before_it_began_asks_nothing(self, server: OllamaStandIn, picture: Image) -> None:
        cancel = CancelToken()
        cancel.cancel()
        with pytest.raises(DetectionCancelled):
            detector(server).name_products(picture, (), cancel)
        assert server.requests == []

    def test_close_ends_what_is_under_way(self, server: OllamaStandIn, picture: Image) -> None:
        server.will(hangs())
        connection = OllamaServer(server.endpoint)
        asked = OllamaDetector(connection, "llava-phi3", answer_timeout_s=LONG_S)
        helper = Thread(target=lambda: (server.wait_for_chat(), connection.close()))
        helper.start()
        with pytest.raises(DetectionCancelled):
            asked.name_products(picture, (), CancelToken())
        helper.join()


class TestOneAtATime:
    def test_questions_are_asked_one_after_another(self, server: OllamaStandIn, picture: Image) -> None:
        server.will(says(json.dumps({"products": [APPLE]}), between_s=0.01))
        asked = detector(server)
        answers: list[int] = []
        helpers = [
            Thread(target=lambda: answers.append(len(asked.name_products(picture, (), CancelToken()))))
            for _ in range(4)
        ]
        for helper in helpers:
            helper.start()
        for helper in helpers:
            helper.join()
        assert answers == [1, 1, 1, 1]
        assert server.most_chats_at_once == 1

    def test_who_waits_too_long_hears_that_it_is_busy(self, server: OllamaStandIn, picture: Image) -> None:
        connection = OllamaServer(server.endpoint)
        asked = OllamaDetector(connection, "llava-phi3", answer_timeout_s=SHORT_S)
        with connection.turns.turn(LONG_S, lambda: None):
            connection.turns.now(ModelActivity.ANSWERING, "llava-phi3")
            with pytest.raises(DetectorBusy, match="busy"):
                asked.name_products(picture, (), CancelToken())
        assert server.requests == []

    def test_who_waits_can_be_cancelled(self, server: OllamaStandIn, picture: Image) -> None:
        server.will(hangs())
        asked = detector(server)
        first, second = CancelToken(), CancelToken()
        outcomes: list[type[BaseException]] = []

        def ask(cancel: CancelToken) -> None:
            with pytest.raises(DetectionCancelled) as caught:
                asked.name_products(picture, (), cancel)
            outcomes.append(caught.type)

        helpers = [Thread(target=ask, args=(cancel,)) for cancel in (first, second)]
        helpers[0].start()
        server.wait_for_chat()
        helpers[1].start()
        second.cancel()
        helpers[1].join()
        first.cancel()
        helpers[0].join()
        assert outcomes == [DetectionCancelled, DetectionCancelled]
        assert len(server.chats) == 1


class TestHealth:
    def test_ready(self, server: OllamaStandIn) -> None:
        health = detector(server).health()
        assert health.is_ready
        assert health.server_version == "0.0.0-stand-in"

    def test_model_missing(self) -> None:
        with OllamaStandIn(StandInModel("other")) as server:
            health = detector(server).health()
        assert not health.is_ready
        assert "ollama pull llava-phi3" in health.message

    def test_model_without_eyes(self) -> None:
        with OllamaStandIn(StandInModel(capabilities=("completion",))) as server:
            assert "cannot look at pictures" in detector(server).health().message

    def test_away(self) -> None:
        server = OllamaStandIn()
        with server:
            pass
        health = detector(server).health()
        assert (health.is_ready, health.server_version) == (False, None)
        assert "ollama serve" in health.message

    def test_answers_with_a_picture(self, server: OllamaStandIn) -> None:
        assert detector(server).answers(LONG_S).is_ready
        assert server.chats[0].body["options"]["num_predict"] == 1
        assert len(server.chats[0].body["messages"][0]["images"]) == 1

    def test_a_hanging_engine_is_found_out(self, server: OllamaStandIn) -> None:
        server.will(hangs())
        health = detector(server).answers(SHORT_S)
        assert not health.is_ready
        assert "too long" in health.message
