"""The HTTP server: real sockets, real chunks, and a record of what was asked."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Condition, Event, Lock, Thread
from types import TracebackType
from typing import Any, Self

from tests.ollama_stand_in.models import StandInModel, full_name
from tests.ollama_stand_in.rules import refusal
from tests.ollama_stand_in.scripts import Ending, Script, says_products
from tests.waiting import PATIENCE_S

VERSION = "0.0.0-stand-in"
_LOOK_S = 0.01


@dataclass(frozen=True)
class RecordedRequest:
    """A request as it came. `body` is the JSON, empty for GET."""

    path: str
    body: dict[str, Any]

    @property
    def is_load(self) -> bool:
        return self.path == "/api/chat" and not self.body.get("messages")


class OllamaStandIn:
    """Runs while the `with` block runs. Chats follow the scripts of `will`, the last one for ever."""

    def __init__(
        self,
        *models: StandInModel,
        is_loaded: bool = True,
        load: Script | None = None,
        port: int = 0,
    ) -> None:
        self.models = {full_name(model.name): model for model in models or (StandInModel(),)}
        self.loaded = set(self.models) if is_loaded else set()
        self.load = load or Script()
        self.requests: list[RecordedRequest] = []
        self.most_chats_at_once = 0
        self._scripts: list[Script] = [says_products()]
        self._chats = 0
        self._left = 0
        self._changed = Condition(Lock())
        self.is_stopping = Event()
        self._connections: set[socket.socket] = set()
        self._server = _Server(("127.0.0.1", port), self)
        self._thread = Thread(target=self._server.serve_forever, args=(0.02,), name="ollama-stand-in")

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def stop(self) -> None:
        """Stop as a server that is switched off: what is under way breaks."""
        if self.is_stopping.is_set():
            return
        self.is_stopping.set()
        self._server.shutdown()
        with self._changed:
            connections = list(self._connections)
        for connection in connections:
            cut(connection)
        self._server.server_close()
        self._thread.join()

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}"

    @property
    def chats(self) -> list[RecordedRequest]:
        """The chats with messages, in order."""
        return [seen for seen in self.requests if seen.path == "/api/chat" and not seen.is_load]

    def will(self, *scripts: Script) -> None:
        """Set what the next chats do, one script each."""
        with self._changed:
            self._scripts = list(scripts)

    def wait_for_chat(self, count: int = 1) -> None:
        """Wait until so many chats have begun."""
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.chats) >= count, PATIENCE_S)

    def wait_for_leaver(self, count: int = 1) -> None:
        """Wait until so many clients left before their answer was whole."""
        with self._changed:
            assert self._changed.wait_for(lambda: self._left >= count, PATIENCE_S)

    def record(self, request: RecordedRequest) -> None:
        with self._changed:
            self.requests.append(request)
            self._changed.notify_all()

    def begin_chat(self) -> Script:
        with self._changed:
            self._chats += 1
            self.most_chats_at_once = max(self.most_chats_at_once, self._chats)
            return self._scripts.pop(0) if len(self._scripts) > 1 else self._scripts[0]

    def end_chat(self, *, was_left: bool) -> None:
        with self._changed:
            self._chats -= 1
            self._left += was_left
            self._changed.notify_all()

    def keep(self, connection: socket.socket) -> None:
        with self._changed:
            self._connections.add(connection)

    def forget(self, connection: socket.socket) -> None:
        with self._changed:
            self._connections.discard(connection)


def cut(connection: socket.socket) -> None:
    try:
        connection.shutdown(socket.SHUT_RDWR)
    except OSError:
        return


class _ClientLeft(Exception):
    """Nobody reads the answer any more."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False
    block_on_close = True

    def __init__(self, address: tuple[str, int], stand_in: OllamaStandIn) -> None:
        super().__init__(address, _Handler)
        self.stand_in = stand_in

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that leaves is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def setup(self) -> None:
        super().setup()
        self.server.stand_in.keep(self.connection)

    def finish(self) -> None:
        self.server.stand_in.forget(self.connection)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 # the base class names it so
        """Quiet; requests are recorded."""

    def do_GET(self) -> None:
        stand_in = self.server.stand_in
        stand_in.record(RecordedRequest(self.path, {}))
        if self.path == "/":
            return self._send(200, b"Ollama is running", "text/plain; charset=utf-8")
        answers: dict[str, object] = {
            "/api/version": {"version": VERSION},
            "/api/tags": {"models": [_listed(model) for model in stand_in.models.values()]},
            "/api/ps": {"models": [_running(name) for name in sorted(stand_in.loaded)]},
        }
        if self.path not in answers:
            return self._send(404, b"404 page not found", "text/plain")
        return self._send_json(200, answers[self.path])

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.stand_in.record(RecordedRequest(self.path, body))
        if self.path == "/api/show":
            self._show(body)
        elif self.path == "/api/chat":
            self._chat(body)
        else:
            self._send(404, b"404 page not found", "text/plain")

    def _show(self, body: dict[str, Any]) -> None:
        model = self.server.stand_in.models.get(full_name(body["model"]))
        if model is None:
            return self._send_json(404, {"error": f"model '{full_name(body['model'])}' not found"})
        shown: dict[str, object] = {"details": {"family": "llama", "format": "gguf"}, "model_info": {}}
        if model.capabilities is not None:
            shown["capabilities"] = list(model.capabilities)
        return self._send_json(200, shown)

    def _chat(self, body: dict[str, Any]) -> None:
        stand_in = self.server.stand_in
        model = stand_in.models.get(full_name(body.get("model", "")))
        if model is None:
            return self._send_json(404, {"error": f"model '{body.get('model')}' not found"})
        refused = refusal(body, model)
        if refused:
            return self._send_json(refused[0], {"error": refused[1]})
        if not body.get("messages"):
            return self._perform(self._load_model, body, stand_in.load)
        script = stand_in.begin_chat().for_request(body)
        was_left = False
        try:
            return self._perform(self._answer, body, script)
        except (_ClientLeft, ConnectionError):
            was_left = True
            return None
        finally:
            stand_in.end_chat(was_left=was_left)

    def _perform(self, answer: Any, body: dict[str, Any], script: Script) -> None:
        self._wait(script.before_s)
        if script.status >= 400:
            self._send_json(script.status, {"error": script.error})
        else:
            answer(body, script)

    def _load_model(self, body: dict[str, Any], script: Script) -> None:
        if script.ending is Ending.HANG:
            self._wait(float("inf"))
        is_unload = body.get("keep_alive") in (0, "0")
        name = full_name(body["model"])
        (self.server.stand_in.loaded.discard if is_unload else self.server.stand_in.loaded.add)(name)
        self._send_json(200, _line(body, "", done=True, done_reason="unload" if is_unload else "load"))

    def _answer(self, body: dict[str, Any], script: Script) -> None:
        if body.get("stream") is False:
            return self._answer_whole(body, script)
        if script.ending is Ending.HANG and not script.tokens:
            self._wait(float("inf"))
        if script.ending is Ending.DEATH and not script.tokens:
            return self._die()
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for token in script.tokens:
            self._chunk(_line(body, token, done=False))
            self._wait(script.between_s)
        return self._end(body, script)

    def _end(self, body: dict[str, Any], script: Script) -> None:
        if script.ending is Ending.HANG:
            self._wait(float("inf"))
        if script.ending is Ending.DEATH:
            return self._die()
        if script.ending is Ending.ERROR_LINE:
            self._chunk({"error": script.error})
        elif script.ending is not Ending.SHORT:
            self._chunk(_line(body, "", done=True, done_reason=script.ending.value) | _counts(script.tokens))
        self.wfile.write(b"0\r\n\r\n")
        return self.wfile.flush()

    def _answer_whole(self, body: dict[str, Any], script: Script) -> None:
        text = "".join(script.tokens)
        if script.ending is Ending.HANG:
            self._wait(float("inf"))
        if script.ending is Ending.DEATH:
            return self._die()
        if script.ending is Ending.ERROR_LINE:
            return self._send_json(500, {"error": script.error})
        if script.ending is Ending.SHORT:
            return self._send_json(200, _line(body, text, done=False))
        line = _line(body, text, done=True, done_reason=script.ending.value)
        return self._send_json(200, line | _counts(script.tokens))

    def _die(self) -> None:
        cut(self.connection)
        self.close_connection = True

    def _wait(self, seconds: float) -> None:
        """Wait, but notice when the client leaves or the server stops."""
        left = seconds
        while left > 0:
            readable, _, _ = select.select([self.connection], [], [], min(left, _LOOK_S))
            if readable or self.server.stand_in.is_stopping.is_set():
                self.close_connection = True
                raise _ClientLeft
            left -= _LOOK_S

    def _chunk(self, value: object) -> None:
        data = json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode() + b"\n"
        self.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
        self.wfile.flush()

    def _send_json(self, status: int, value: object) -> None:
        self._send(
            status, json.dumps(value, separators=(",", ":")).encode(), "application/json; charset=utf-8"
        )

    def _send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


def _line(body: dict[str, Any], text: str, **more: object) -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    return {"model": body["model"], "created_at": _now(), "message": message, **more}


def _counts(tokens: Iterable[str]) -> dict[str, object]:
    count = sum(1 for _ in tokens)
    return {
        "total_duration": 270840763,
        "load_duration": 265112788,
        "prompt_eval_count": 24,
        "prompt_eval_duration": 1688000,
        "eval_count": count + 1,
        "eval_duration": 694000,
    }


def _now() -> str:
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f").rstrip("0") + "Z"


def _listed(model: StandInModel) -> dict[str, object]:
    name = full_name(model.name)
    details = {"format": "gguf", "family": "llama", "parameter_size": model.parameters}
    listed: dict[str, object] = {"name": name, "model": name, "size": model.size, "details": details}
    if model.capabilities is not None and model.is_told_in_list:
        listed["capabilities"] = list(model.capabilities)
    if model.remote_host:
        listed["remote_host"] = model.remote_host
    return listed


def _running(name: str) -> dict[str, object]:
    return {"name": name, "model": name, "size": 7864319, "expires_at": "2319-03-05T08:20:08.042831034Z"}
