"""One vision model on an Ollama server: one question at a time, with a deadline, cancellable."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace

import numpy as np
import ollama

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.domain.errors import (
    DetectionCancelled,
    DetectorReplyInvalid,
    DetectorResting,
    DetectorTimeout,
    DetectorUnavailable,
)
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.ports import Image, OnFirst
from visionscan_kiosk.services.vision_models import ModelActivity
from visionscan_kiosk.vision.ollama.breaker import CircuitBreaker
from visionscan_kiosk.vision.ollama.failures import cannot_see, is_passing
from visionscan_kiosk.vision.ollama.first_item import FirstItem
from visionscan_kiosk.vision.ollama.question import OPTIONS, SCHEMA, encode_picture, prompt
from visionscan_kiosk.vision.ollama.reply import parse_reply
from visionscan_kiosk.vision.ollama.server import KEEP_ALIVE_S, Abilities, OllamaServer, only_objects

_REST_AFTER_TIMEOUT_S = 5.0
_LONGEST_REPLY = 50_000


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class _Question:
    picture: bytes
    words: str
    cancel: CancelToken
    on_first: OnFirst | None


class OllamaDetector:
    """Names what lies in a picture. Safe to call from several threads; they are served one after another.

    `load_timeout_s` is the limit for loading a model that is not in memory, `answer_timeout_s` that of the
    whole answer to the picture. After several failures in a row `breaker` lets the model rest.
    """

    def __init__(
        self,
        server: OllamaServer,
        model: str,
        *,
        answer_timeout_s: float,
        load_timeout_s: float = 120.0,
        rest_after_timeout_s: float = _REST_AFTER_TIMEOUT_S,
        breaker: CircuitBreaker | None = None,
    ) -> None:
        self._server = server
        self._model = model
        self._answer_timeout_s = answer_timeout_s
        self._load_timeout_s = load_timeout_s
        self._rest_after_timeout_s = rest_after_timeout_s
        self._breaker = breaker or CircuitBreaker(answer_timeout_s)
        self._abilities: Abilities | None = None

    @property
    def model_used(self) -> str:
        """The model's name."""
        return self._model

    @property
    def rest_s(self) -> float:
        """Seconds for which it is not asked after failures; 0 when it may be."""
        return self._breaker.rest_s

    def name_products(
        self,
        image: Image,
        short_list: Sequence[str],
        cancel: CancelToken,
        on_first: OnFirst | None = None,
    ) -> tuple[Detection, ...]:
        """Return what the model names in the picture, most confident first; empty when it sees nothing.

        `on_first` is called with the first product while the answer is still being written; it may turn out
        otherwise. Raises DetectorUnavailable (away, missing, blind, busy, resting, refusing),
        DetectorTimeout, DetectorReplyInvalid, and DetectionCancelled at once when `cancel` is set from
        another thread.
        """
        self._check_rested()
        question = _Question(encode_picture(image), prompt(short_list), cancel, on_first)
        with self._server.turns.turn(self._answer_timeout_s, lambda: self._server.check_wanted(cancel)):
            self._check_rested()  # whoever had the turn before may have been the last failure allowed
            try:
                detections = self._answered(question)
            except DetectorUnavailable as error:
                self._breaker.failed(str(error))
                raise
        self._breaker.succeeded()
        return detections

    def load(self, cancel: CancelToken) -> None:
        """Put the model into memory; raise DetectorUnavailable or DetectionCancelled.

        A model that could be loaded may be asked again, whatever it failed in before.
        """
        with self._server.turns.turn(self._load_timeout_s, lambda: self._server.check_wanted(cancel)):
            self._load(cancel, is_there=False)
        self._breaker.succeeded()

    def health(self) -> DetectorHealth:
        """Return whether the model can be asked, within a few seconds; what is wrong is in the message."""
        version: str | None = None
        try:
            version = self._server.version()
            self._check_rested()
            self._check_sight(CancelToken())
        except (DetectorUnavailable, DetectionCancelled) as error:
            return DetectorHealth(
                is_ready=False, message=str(error), model=self._model, server_version=version
            )
        return DetectorHealth(
            is_ready=True, message=f"{self._model} is ready.", model=self._model, server_version=version
        )

    def answers(self, deadline_s: float) -> DetectorHealth:
        """Let the model look at a grey picture and say one token; it proves more than `health`."""
        health = self.health()
        if not health.is_ready:
            return health
        started = time.monotonic()
        picture = encode_picture(np.full((64, 64, 3), 128, np.uint8))
        try:
            with self._server.turns.turn(deadline_s, lambda: None):
                self._server.call(
                    self._model, lambda client: self._one_token(client, picture), deadline_s, CancelToken()
                )
        except (DetectorUnavailable, DetectionCancelled) as error:
            return replace(health, is_ready=False, message=str(error))
        took = time.monotonic() - started
        message = f"{self._model} looked at a picture and answered within {took:.1f} s."
        return replace(health, message=message)

    def _check_rested(self) -> None:
        rest_s = self._breaker.rest_s
        if rest_s > 0:
            raise DetectorResting(
                f"The vision model rests for {rest_s:.0f} s after {self._breaker.failures} failures in a "
                f"row. The last one: {self._breaker.reason}"
            )

    def _answered(self, question: _Question) -> tuple[Detection, ...]:
        abilities = self._abilities = self._abilities or self._check_sight(question.cancel)
        self._load(question.cancel, is_there=self._server.is_loaded(self._model, question.cancel))
        self._server.turns.now(ModelActivity.ANSWERING, self._model)
        answer = self._ask_twice(question, abilities)
        if not answer.is_done:
            raise DetectorReplyInvalid("The model stopped in the middle of its answer. Try again.")
        return parse_reply(answer.text)

    def _check_sight(self, cancel: CancelToken) -> Abilities:
        abilities = self._server.abilities(self._model, cancel)
        if not abilities.can_see:
            raise DetectorUnavailable(cannot_see(self._model))
        return abilities

    def _load(self, cancel: CancelToken, *, is_there: bool) -> None:
        """Load under a limit of its own, so that a cold start does not eat the answer's time."""
        if not is_there:
            self._server.turns.now(ModelActivity.LOADING, self._model)
            self._server.load(self._model, self._load_timeout_s, cancel)

    def _ask_twice(self, question: _Question, abilities: Abilities) -> _Answer:
        """Ask, and once more when the engine was starting or died. Both tries share the answer's deadline."""
        deadline = time.monotonic() + self._answer_timeout_s

        def ask(client: ollama.Client) -> _Answer:
            return self._ask(client, question, abilities)

        try:
            try:
                return self._server.call(self._model, ask, self._answer_timeout_s, question.cancel)
            except DetectorUnavailable as error:
                if not isinstance(error.__cause__, Exception) or not is_passing(error.__cause__):
                    raise
                return self._server.call(self._model, ask, deadline - time.monotonic(), question.cancel)
        except DetectorTimeout:
            self._server.turns.pause(self._rest_after_timeout_s)
            raise

    def _ask(self, client: ollama.Client, question: _Question, abilities: Abilities) -> _Answer:
        picture = ollama.Image(value=question.picture)
        stream = client.chat(
            self._model,
            messages=[ollama.Message(role="user", content=question.words, images=[picture])],
            format=dict(SCHEMA),
            options=dict(OPTIONS),
            keep_alive=KEEP_ALIVE_S,
            stream=True,
            # A thinking model that is not told to be quiet ignores the schema.
            think=False if abilities.can_think else None,
        )
        return self._collect(stream, question)

    def _collect(self, stream: Iterator[ollama.ChatResponse], question: _Question) -> _Answer:
        parts: list[str] = []
        length, is_done = 0, False
        tell = _teller(question.on_first)
        with closing(only_objects(stream)) as objects:
            for part in objects:
                self._server.check_wanted(question.cancel)
                parts.append(part.message.content or "")
                length += len(parts[-1])
                is_done = is_done or bool(part.done)
                if length > _LONGEST_REPLY:
                    raise DetectorReplyInvalid("The model did not come to an end. Try again.")
                tell(parts[-1])
        return _Answer("".join(parts), is_done)

    def _one_token(self, client: ollama.Client, picture: bytes) -> None:
        message = ollama.Message(role="user", content="Say OK.", images=[ollama.Image(value=picture)])
        options = {**OPTIONS, "num_predict": 1}
        client.chat(self._model, messages=[message], options=options, keep_alive=KEEP_ALIVE_S)


def _teller(on_first: OnFirst | None) -> Callable[[str], None]:
    """Return what looks for the first product in the pieces of an answer."""
    first = FirstItem()

    def tell(piece: str) -> None:
        found = first.feed(piece)
        if found is not None and on_first is not None:
            on_first(found)

    return tell
