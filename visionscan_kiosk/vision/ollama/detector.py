"""The vision model behind an Ollama server: one question at a time, with a deadline, cancellable."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from threading import Lock
from typing import TypeVar
from urllib.parse import urlsplit

import httpx
import numpy as np
import ollama

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.detection import Detection
from visionscan_kiosk.domain.errors import (
    DetectionCancelled,
    DetectorReplyInvalid,
    DetectorTimeout,
    DetectorUnavailable,
)
from visionscan_kiosk.services.detector_health import DetectorHealth
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.ollama.connection import Connection
from visionscan_kiosk.vision.ollama.failures import FAILURES, cannot_see, explained, is_passing
from visionscan_kiosk.vision.ollama.question import OPTIONS, SCHEMA, encode_picture, prompt
from visionscan_kiosk.vision.ollama.reply import parse_reply

T = TypeVar("T")

_INSPECTION_S = 3.0
_REST_AFTER_TIMEOUT_S = 5.0
_LOOK_FOR_CANCEL_S = 0.05
_LONGEST_REPLY = 50_000
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class _Abilities:
    can_see: bool
    can_think: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    text: str
    is_done: bool


class OllamaDetector:
    """Names what lies in a picture. Safe to call from several threads; they are served one after another.

    Three limits: `connect_timeout_s` to reach the server, `load_timeout_s` to load a model that is not in
    memory, `answer_timeout_s` for the whole answer to the picture. `keep_alive` is a number with a unit.
    """

    def __init__(
        self,
        endpoint: str,
        model: str,
        *,
        answer_timeout_s: float,
        connect_timeout_s: float = 3.0,
        load_timeout_s: float = 120.0,
        keep_alive: str = "10m",
        rest_after_timeout_s: float = _REST_AFTER_TIMEOUT_S,
    ) -> None:
        self._endpoint = endpoint
        self._model = model
        self._answer_timeout_s = answer_timeout_s
        self._connect_timeout_s = connect_timeout_s
        self._load_timeout_s = load_timeout_s
        self._keep_alive = keep_alive
        self._rest_after_timeout_s = rest_after_timeout_s
        self._one_at_a_time = Lock()
        self._rest_until = 0.0
        self._abilities: _Abilities | None = None
        self._closing = CancelToken()
        self._connections: set[Connection] = set()
        self._connections_lock = Lock()

    @property
    def model(self) -> str:
        """The model's name."""
        return self._model

    def detect(self, image: Image, short_list: Sequence[str], cancel: CancelToken) -> tuple[Detection, ...]:
        """Return what the model names in the picture, most confident first; empty when it sees nothing.

        Raises DetectorUnavailable (away, missing, blind, busy, refusing), DetectorTimeout,
        DetectorReplyInvalid, and DetectionCancelled at once when `cancel` is set from another thread.
        """
        picture = encode_picture(image)
        with self._turn(cancel):
            abilities = self._inspected(cancel)
            self._load(cancel)
            answer = self._ask_twice(picture, prompt(short_list), abilities, cancel)
        if not answer.is_done:
            raise DetectorReplyInvalid("The model stopped in the middle of its answer. Try again.")
        return parse_reply(answer.text)

    def health(self) -> DetectorHealth:
        """Return whether the model can be asked, within a few seconds; what is wrong is in the message."""
        version: str | None = None
        try:
            version = self._server_version()
            abilities = self._inspect(CancelToken())
        except (DetectorUnavailable, DetectionCancelled) as error:
            return DetectorHealth(
                is_ready=False, message=str(error), model=self._model, server_version=version
            )
        if not abilities.can_see:
            return DetectorHealth(
                is_ready=False, message=cannot_see(self._model), model=self._model, server_version=version
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
            with self._turn(CancelToken()):
                self._call(lambda client: self._one_token(client, picture), deadline_s, CancelToken())
        except (DetectorUnavailable, DetectionCancelled) as error:
            return replace(health, is_ready=False, message=str(error))
        took = time.monotonic() - started
        message = f"{self._model} looked at a picture and answered within {took:.1f} s."
        return replace(health, message=message)

    def close(self) -> None:
        """End what is under way; later questions are refused."""
        self._closing.cancel()
        with self._connections_lock:
            connections = tuple(self._connections)
        for connection in connections:
            connection.cut()

    @contextmanager
    def _turn(self, cancel: CancelToken) -> Iterator[None]:
        """Wait for the question before, and after a timeout a little longer: its picture may still run."""
        give_up_at = time.monotonic() + self._answer_timeout_s
        while not self._one_at_a_time.acquire(timeout=_LOOK_FOR_CANCEL_S):
            self._check_wanted(cancel)
            if time.monotonic() > give_up_at:
                raise DetectorUnavailable("The vision model is busy with another picture. Try again.")
        try:
            self._rest(cancel)
            yield
        finally:
            self._one_at_a_time.release()

    def _rest(self, cancel: CancelToken) -> None:
        self._check_wanted(cancel)
        while (left_s := self._rest_until - time.monotonic()) > 0:
            cancel.wait(min(left_s, _LOOK_FOR_CANCEL_S))
            self._check_wanted(cancel)

    def _inspected(self, cancel: CancelToken) -> _Abilities:
        abilities = self._abilities or self._inspect(cancel)
        if not abilities.can_see:
            self._abilities = None
            raise DetectorUnavailable(cannot_see(self._model))
        return abilities

    def _inspect(self, cancel: CancelToken) -> _Abilities:
        shown = self._call(lambda client: client.show(self._model), _INSPECTION_S, cancel)
        known = shown.capabilities
        # Servers before capabilities existed say nothing; then the answer to the picture will tell.
        self._abilities = _Abilities(
            can_see=not known or "vision" in known, can_think="thinking" in (known or ())
        )
        return self._abilities

    def _load(self, cancel: CancelToken) -> None:
        """Load the model under its own limit, so that a cold start does not eat the answer's time."""

        def load(client: ollama.Client) -> None:
            client.chat(self._model, messages=[], keep_alive=self._keep_alive, options=dict(OPTIONS))

        running = self._call(lambda client: client.ps(), _INSPECTION_S, cancel)
        if _full_name(self._model) not in {_full_name(entry.model or "") for entry in running.models}:
            self._call(load, self._load_timeout_s, cancel)

    def _ask_twice(self, picture: bytes, words: str, abilities: _Abilities, cancel: CancelToken) -> _Answer:
        """Ask, and once more when the engine was starting or died. Both tries share the answer's deadline."""
        deadline = time.monotonic() + self._answer_timeout_s

        def ask(client: ollama.Client) -> _Answer:
            return self._ask(client, picture, words, abilities, cancel)

        try:
            try:
                return self._call(ask, self._answer_timeout_s, cancel)
            except DetectorUnavailable as error:
                if not isinstance(error.__cause__, Exception) or not is_passing(error.__cause__):
                    raise
                return self._call(ask, deadline - time.monotonic(), cancel)
        except DetectorTimeout:
            self._rest_until = time.monotonic() + self._rest_after_timeout_s
            raise

    def _ask(
        self, client: ollama.Client, picture: bytes, words: str, abilities: _Abilities, cancel: CancelToken
    ) -> _Answer:
        stream = client.chat(
            self._model,
            messages=[ollama.Message(role="user", content=words, images=[ollama.Image(value=picture)])],
            format=dict(SCHEMA),
            options=dict(OPTIONS),
            keep_alive=self._keep_alive,
            stream=True,
            # A thinking model that is not told to be quiet ignores the schema.
            think=False if abilities.can_think else None,
        )
        return self._collect(stream, cancel)

    def _collect(self, stream: Iterator[ollama.ChatResponse], cancel: CancelToken) -> _Answer:
        parts: list[str] = []
        length, is_done = 0, False
        with closing(_only_objects(stream)) as objects:
            for part in objects:
                self._check_wanted(cancel)
                parts.append(part.message.content or "")
                length += len(parts[-1])
                is_done = is_done or bool(part.done)
                if length > _LONGEST_REPLY:
                    raise DetectorReplyInvalid("The model did not come to an end. Try again.")
        return _Answer("".join(parts), is_done)

    def _one_token(self, client: ollama.Client, picture: bytes) -> None:
        message = ollama.Message(role="user", content="Say OK.", images=[ollama.Image(value=picture)])
        options = {**OPTIONS, "num_predict": 1}
        client.chat(self._model, messages=[message], options=options, keep_alive=self._keep_alive)

    def _server_version(self) -> str:
        try:
            reply = httpx.get(
                f"{self._endpoint.rstrip('/')}/api/version",
                timeout=httpx.Timeout(_INSPECTION_S, connect=self._connect_timeout_s),
                trust_env=not self._is_local,
            )
            return str(reply.raise_for_status().json()["version"])
        except KeyError as error:
            raise explained(ValueError(str(error)), self._endpoint, self._model) from error
        except httpx.HTTPStatusError as error:
            raise explained(ValueError(str(error)), self._endpoint, self._model) from error
        except FAILURES as error:
            raise explained(error, self._endpoint, self._model) from error

    def _call(self, work: Callable[[ollama.Client], T], limit_s: float, cancel: CancelToken) -> T:
        """Do one request; after `limit_s`, on cancel and on close its connection is cut."""
        self._check_wanted(cancel)
        with self._connection() as connection:
            cancel.on_cancel(connection.cut)
            try:
                with connection.cut_after(limit_s), self._client(connection) as client:
                    result = work(client)
            except FAILURES as error:
                self._check_in_time(connection, cancel, error)
                raise explained(error, self._endpoint, self._model) from error
            self._check_in_time(connection, cancel)
            return result

    @contextmanager
    def _connection(self) -> Iterator[Connection]:
        connection = Connection()
        with self._connections_lock:
            self._connections.add(connection)
        try:
            yield connection
        finally:
            with self._connections_lock:
                self._connections.discard(connection)

    def _client(self, connection: Connection) -> ollama.Client:
        return ollama.Client(
            host=self._endpoint,
            timeout=httpx.Timeout(None, connect=self._connect_timeout_s),
            event_hooks={"request": [connection.watch]},
            trust_env=not self._is_local,
            verify=not self._endpoint.startswith("http://"),
        )

    @property
    def _is_local(self) -> bool:
        """A proxy of the environment is of no use for this machine's own server."""
        return urlsplit(self._endpoint).hostname in _LOOPBACK

    def _check_wanted(self, cancel: CancelToken) -> None:
        if cancel.is_cancelled or self._closing.is_cancelled:
            raise DetectionCancelled("The question to the vision model was cancelled.")

    def _check_in_time(
        self, connection: Connection, cancel: CancelToken, error: Exception | None = None
    ) -> None:
        self._check_wanted(cancel)
        if connection.is_cut:
            raise DetectorTimeout("The vision model took too long. Go on by hand, or try again.") from error


def _only_objects(stream: Iterator[ollama.ChatResponse]) -> Generator[ollama.ChatResponse, None, None]:
    """The client fails with AttributeError on a line that is JSON but no object."""
    try:
        yield from stream
    except AttributeError as error:
        raise ValueError("a line of the answer is not a JSON object") from error


def _full_name(model: str) -> str:
    """Return a name as the server lists it, whichever way it was spelled."""
    name = model.casefold().removeprefix("registry.ollama.ai/").removeprefix("library/")
    return name if ":" in name.rsplit("/", 1)[-1] else f"{name}:latest"
