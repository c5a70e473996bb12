"""One Ollama server: requests with a limit that other threads can cut, and what is installed there.

What a model is asked, and what its answer is worth, is the detector's business.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx
import ollama

from visionscan_kiosk.concurrency.cancel_token import CancelToken
from visionscan_kiosk.domain.errors import DetectionCancelled, DetectorTimeout
from visionscan_kiosk.services.vision_models import InstalledModel, ModelServer, full_model_name
from visionscan_kiosk.vision.ollama.connection import Connection
from visionscan_kiosk.vision.ollama.failures import FAILURES, explained
from visionscan_kiosk.vision.ollama.question import OPTIONS
from visionscan_kiosk.vision.ollama.turns import Turns

T = TypeVar("T")

KEEP_ALIVE_S = 3600
"""A number, in seconds: how long a model stays in memory after its last question."""
INSPECTION_S = 3.0
_MOST_MODELS = 200
_LONGEST_NAME = 200
_LONGEST_VERSION = 40
_LARGEST_MODEL = 10**15
_LONGEST_LIST = 5_000_000
_OK = 200
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})


@dataclass(frozen=True, slots=True)
class Abilities:
    """What a model can do, as far as the server tells."""

    can_see: bool
    can_think: bool


class OllamaServer:
    """Safe to use from several threads. `turns` lets one question at a time through to it."""

    def __init__(self, endpoint: str, *, connect_timeout_s: float = 3.0) -> None:
        self._endpoint = endpoint
        self._connect_timeout_s = connect_timeout_s
        self._closing = CancelToken()
        self._connections: set[Connection] = set()
        self._connections_lock = Lock()
        self.turns = Turns()

    def call(self, model: str, work: Callable[[ollama.Client], T], limit_s: float, cancel: CancelToken) -> T:
        """Do one request; after `limit_s`, on cancel and on close its connection is cut.

        Raises DetectorUnavailable (and below) and DetectionCancelled.
        """

        def ask(connection: Connection) -> T:
            with self._client(connection) as client:
                return work(client)

        return self._within(limit_s, cancel, model, ask)

    def check_wanted(self, cancel: CancelToken) -> None:
        """Raise DetectionCancelled when nobody waits for the answer any more."""
        if cancel.is_cancelled or self._closing.is_cancelled:
            raise DetectionCancelled("The question to the vision model was cancelled.")

    def close(self) -> None:
        """End what is under way; later requests are refused."""
        self._closing.cancel()
        with self._connections_lock:
            connections = tuple(self._connections)
        for connection in connections:
            connection.cut()

    def version(self) -> str:
        """Return the server's version; raise DetectorUnavailable."""
        return _shown(self._get("/api/version", "version"), _LONGEST_VERSION)

    def installed(self) -> ModelServer:
        """Return the models, those in use first told by name; raise DetectorUnavailable."""
        version = self.version()
        entries = [entry for entry in _list(self._get("/api/tags", "models")) if _is_name(entry.get("name"))]
        running = {str(entry.get("name")) for entry in _list(self._get("/api/ps", "models"))}
        models = (self._described(entry, running) for entry in entries[:_MOST_MODELS])
        return ModelServer(version, tuple(sorted(models, key=lambda model: model.name)))

    def abilities(self, model: str, cancel: CancelToken) -> Abilities:
        """Return what a model can do; raise DetectorUnavailable when it is not there."""
        shown = self.call(model, lambda client: client.show(model), INSPECTION_S, cancel)
        # Servers before capabilities existed say nothing; then the answer to the picture will tell.
        known = shown.capabilities
        return Abilities(can_see=not known or "vision" in known, can_think="thinking" in (known or ()))

    def is_loaded(self, model: str, cancel: CancelToken) -> bool:
        """Whether a model is in memory."""
        running = self.call(model, lambda client: client.ps(), INSPECTION_S, cancel)
        return full_model_name(model) in {full_model_name(entry.model or "") for entry in running.models}

    def load(self, model: str, limit_s: float, cancel: CancelToken) -> None:
        """Load a model by an empty request, with the options of a question: others would load it anew."""

        def load(client: ollama.Client) -> None:
            client.chat(model, messages=[], keep_alive=KEEP_ALIVE_S, options=dict(OPTIONS))

        self.call(model, load, limit_s, cancel)

    def unload(self, model: str) -> None:
        """Take a model out of memory; raise DetectorUnavailable."""
        self.call(
            model, lambda client: client.chat(model, messages=[], keep_alive=0), INSPECTION_S, CancelToken()
        )

    def _described(self, entry: Mapping[str, Any], running: set[str]) -> InstalledModel:
        name = str(entry["name"])
        details = entry.get("details")
        size = entry.get("size")
        return InstalledModel(
            name=name,
            size_bytes=min(max(size, 0), _LARGEST_MODEL) if isinstance(size, int) else 0,
            sees=self._sees(name, entry.get("capabilities")),
            is_loaded=name in running,
            is_remote=bool(entry.get("remote_host")),
            parameters=_shown(details.get("parameter_size") or "", 20) if isinstance(details, dict) else "",
        )

    def _sees(self, name: str, listed: object) -> bool:
        """Older servers list no capabilities: then each model is shown."""
        if isinstance(listed, list) and listed:
            return "vision" in listed
        return self.abilities(name, CancelToken()).can_see

    def _get(self, path: str, key: str) -> Any:
        """Return a field of a JSON answer: the client leaves out what the lists tell of each model."""

        def get(connection: Connection) -> Any:
            with httpx.Client(**self._transport(connection)) as client:
                return _field(client, f"{self._endpoint.rstrip('/')}{path}", key)

        return self._within(INSPECTION_S, CancelToken(), "", get)

    def _within(self, limit_s: float, cancel: CancelToken, model: str, work: Callable[[Connection], T]) -> T:
        """Do one request over a connection that is cut when it takes too long or nobody wants it."""
        self.check_wanted(cancel)
        with self._connection() as connection:
            cancel.on_cancel(connection.cut)
            try:
                with connection.cut_after(limit_s), _bottomless_as_nonsense():
                    result = work(connection)
            except FAILURES as error:
                self._check_in_time(connection, cancel, error)
                raise explained(error, self._endpoint, model) from error
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
        return ollama.Client(host=self._endpoint, **self._transport(connection))

    def _transport(self, connection: Connection) -> dict[str, Any]:
        """Return how a client connects; the time of the whole request is the connection's business."""
        return {
            "timeout": httpx.Timeout(None, connect=self._connect_timeout_s),
            "event_hooks": {"request": [connection.watch]},
            "trust_env": not self._is_local,
            "verify": not self._endpoint.startswith("http://"),
        }

    @property
    def _is_local(self) -> bool:
        """A proxy of the environment is of no use for this machine's own server."""
        return urlsplit(self._endpoint).hostname in _LOOPBACK

    def _check_in_time(
        self, connection: Connection, cancel: CancelToken, error: Exception | None = None
    ) -> None:
        self.check_wanted(cancel)
        if connection.is_cut:
            raise DetectorTimeout("The vision model took too long. Go on by hand, or try again.") from error


@contextmanager
def _bottomless_as_nonsense() -> Iterator[None]:
    """JSON in JSON in JSON without end is as little an answer as what is no JSON."""
    try:
        yield
    except RecursionError as error:
        raise ValueError("the answer has no bottom") from error


def _shown(value: object, longest: int) -> str:
    """Return what can be shown of a value that the server tells."""
    return "".join(filter(str.isprintable, str(value)[: 2 * longest]))[:longest]


def _is_name(name: object) -> bool:
    return isinstance(name, str) and name.isprintable() and 0 < len(name) <= _LONGEST_NAME


def only_objects(stream: Iterator[ollama.ChatResponse]) -> Generator[ollama.ChatResponse, None, None]:
    """Yield the lines of an answer; the client fails with AttributeError on one that is no JSON object."""
    try:
        yield from stream
    except AttributeError as error:
        raise ValueError("a line of the answer is not a JSON object") from error


def _field(client: httpx.Client, address: str, key: str) -> Any:
    """Return a field of a JSON object; raise ValueError for anything else, and for what has no end."""
    data = b""
    with client.stream("GET", address) as reply:
        for piece in reply.iter_bytes():
            data += piece
            if reply.status_code != _OK or len(data) > _LONGEST_LIST:
                raise ValueError("no list of models")
    document = json.loads(data)
    if not isinstance(document, dict) or key not in document:
        raise ValueError(f"no {key} in the answer")
    return document[key]


def _list(value: object) -> list[Mapping[str, Any]]:
    return [entry for entry in value if isinstance(entry, dict)] if isinstance(value, list) else []
