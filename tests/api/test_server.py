"""Real servers: slow clients, endless bodies, workers, and an end that loses nothing."""

from __future__ import annotations

import argparse
import asyncio
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, nullcontext
from pathlib import Path

import httpx
import psycopg2
import pytest
from sqlalchemy import Engine, text

from tests.api.conftest import MakeClient, create, movements_of, scan, start
from tests.api.serving import serving
from tests.waiting import PATIENCE_S, wait_until
from visionscan_kiosk.api.app import create_app
from visionscan_kiosk.api.embedded_server import EmbeddedServer
from visionscan_kiosk.api.facade_settings import ApiSettings
from visionscan_kiosk.api.server import PatientProtocol, open_listener
from visionscan_kiosk.cli import api_keys
from visionscan_kiosk.cli.arguments import build_parser
from visionscan_kiosk.cli.serve import beside_the_till, serve
from visionscan_kiosk.domain.errors import Conflict, DatabaseUnavailable, InvalidInput, NotFound, Unavailable
from visionscan_kiosk.services.api_keys import read_key_seeds
from visionscan_kiosk.services.facade import FacadeEquipment
from visionscan_kiosk.settings import load_settings

pytestmark = pytest.mark.long(seconds=50)

BIG_FILE = b"GET /docs-assets/redoc.standalone.js HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
HEAD = b"POST /sessions/start HTTP/1.1\r\nHost: 127.0.0.1\r\n"


def connect(client: httpx.Client) -> socket.socket:
    return socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=PATIENCE_S)


def read_all(connection: socket.socket) -> bytes:
    """Read until the server closes; a reset counts as closed."""
    received = b""
    try:
        while piece := connection.recv(65536):
            received += piece
    except ConnectionResetError:
        pass
    return received


@pytest.mark.parametrize("chunks", [2_000, 40])
def test_a_body_that_never_ends_is_cut_off_while_it_comes(client: httpx.Client, chunks: int) -> None:
    """Without a Content-Length the pieces are counted."""
    sent = 0

    def pieces() -> Iterator[bytes]:
        nonlocal sent
        for _ in range(chunks):
            sent += 50_000
            yield b"x" * 50_000

    session = start(client)
    try:
        answer = client.post(
            f"{session}/scan", content=pieces(), headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, "too large" in answer.json()["detail"]) == (413, True)
        assert answer.headers["connection"] == "close"
    except httpx.WriteError:
        assert chunks == 2_000, "only who goes on sending finds the connection closed"
    assert client.get(session).status_code == 200


def test_a_body_that_says_it_is_too_large_is_refused_unread(client: httpx.Client) -> None:
    with connect(client) as connection:
        connection.sendall(
            b"POST /inventory HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 99999999999\r\n\r\n"
        )
        assert b" 413 " in read_all(connection)


def test_a_body_that_drips_is_given_up(make_client: MakeClient) -> None:
    with make_client(ApiSettings(body_timeout_s=0.5)) as client, connect(client) as connection:
        connection.sendall(
            b"POST /inventory HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
            b"Content-Length: 100\r\n\r\n"
        )
        stop = _drip(connection, b"x")
        answer = read_all(connection)
        stop()

    assert b" 408 " in answer
    assert b"did not arrive in time" in answer


@pytest.mark.parametrize("beginning", [b"", HEAD, b"GET /health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" + HEAD])
def test_a_head_that_drips_is_given_up(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, beginning: bytes
) -> None:
    with make_client(ApiSettings()) as client:
        with monkeypatch.context() as hurried, connect(client) as connection:
            hurried.setattr(PatientProtocol, "HEAD_TIMEOUT_S", 0.5)
            connection.sendall(beginning)
            stop = _drip(connection, b"X")
            answer = read_all(connection)
            stop()
        assert client.get("/health").status_code == 200

    assert answer.count(b"HTTP/1.1") == beginning.count(b"/health")


def test_a_client_that_does_not_read_is_given_up(
    equipment: FacadeEquipment, monkeypatch: pytest.MonkeyPatch
) -> None:
    given_up = threading.Event()
    lose = PatientProtocol.connection_lost

    def lost(protocol: PatientProtocol, error: Exception | None) -> None:
        lose(protocol, error)
        given_up.set()

    settings = ApiSettings()
    app = create_app(lambda: nullcontext(equipment), settings)
    with EmbeddedServer(app, settings, "127.0.0.1", 0) as own:
        with monkeypatch.context() as hurried, socket.socket() as connection:
            hurried.setattr(PatientProtocol, "READ_TIMEOUT_S", 0.3)
            hurried.setattr(PatientProtocol, "connection_lost", lost)
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.connect(("127.0.0.1", httpx.URL(own.url).port or 0))
            connection.sendall(BIG_FILE * 8)
            assert given_up.wait(PATIENCE_S)
            answer = read_all(connection)

        with httpx.Client(base_url=own.url, timeout=PATIENCE_S) as client:
            assert client.get("/health").json() == {"status": "ok"}
            whole = client.get("/docs-assets/redoc.standalone.js").content

    assert answer.startswith(b"HTTP/1.1 200")
    assert len(answer) < 8 * len(whole)


def _drip(connection: socket.socket, byte: bytes) -> Callable[[], None]:
    """Send a byte ten times a second until told to stop or the server has had enough."""
    stopped = threading.Event()

    def drip() -> None:
        while not stopped.wait(0.1):
            try:
                connection.send(byte)
            except OSError:
                return

    thread = threading.Thread(target=drip)
    thread.start()

    def stop() -> None:
        stopped.set()
        thread.join()

    return stop


@pytest.mark.parametrize(
    "nonsense",
    [b"\0\1\2\3\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /" + b"a" * 100_000, b"X" * 70_000 + b"\r\n\r\n"],
)
def test_what_is_no_http_harms_nobody(client: httpx.Client, nonsense: bytes) -> None:
    with connect(client) as connection:
        connection.sendall(nonsense)
        connection.shutdown(socket.SHUT_WR)
        read_all(connection)
    assert client.get("/health").json() == {"status": "ok"}


def test_connections_of_an_inherited_socket_do_not_wait() -> None:
    """Without TCP_NODELAY every answer on such a connection waits for the client's next acknowledgement."""
    listener = open_listener("127.0.0.1", 0)
    inherited = socket.socket(listener.family, listener.type, listener.proto, fileno=listener.detach())
    found: list[int] = []

    class Protocol(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            accepted = transport.get_extra_info("socket")
            found.append(accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY))

    async def accept_one() -> None:
        loop = asyncio.get_running_loop()
        accepting = await loop.create_server(Protocol, sock=inherited)
        _, writer = await asyncio.open_connection(*inherited.getsockname())
        while not found:
            await asyncio.sleep(0.01)
        writer.close()
        await writer.wait_closed()
        accepting.close()

    asyncio.run(accept_one())
    assert found == [1]


def test_a_port_that_is_taken_is_told(client: httpx.Client) -> None:
    with pytest.raises(InvalidInput, match="Choose another --port"):
        open_listener("127.0.0.1", client.base_url.port or 0)
    with pytest.raises(InvalidInput, match="no address of this machine"):
        open_listener("no.such.host.invalid", 0)


def test_the_embedded_server_starts_and_stops_cleanly(equipment: FacadeEquipment) -> None:
    settings = ApiSettings()
    for _ in range(3):
        with EmbeddedServer(
            create_app(lambda: nullcontext(equipment), settings), settings, "127.0.0.1", 0
        ) as own:
            url = own.url
            assert httpx.get(f"{url}/inventory", timeout=PATIENCE_S).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{url}/health")
    assert sum(thread.name == "http-facade" for thread in threading.enumerate()) <= 1, (
        "besides the shared one"
    )


def test_beside_the_till_the_facade_has_its_own_way_to_the_database(
    own_database_url: str, tmp_path: Path
) -> None:
    settings = load_settings(tmp_path, database_url=own_database_url)
    with (
        beside_the_till(settings, "127.0.0.1", 0) as own,
        httpx.Client(base_url=own.url, timeout=PATIENCE_S) as client,
    ):
        session = start(client)
        assert scan(client, session, "hammer")["match_method"] == "none"
        assert client.get("/health/ready").json()["status"] == "ready"


def test_an_application_that_does_not_come_up_is_told() -> None:
    @contextmanager
    def broken() -> Iterator[FacadeEquipment]:
        raise DatabaseUnavailable("away")
        yield  # type: ignore[unreachable] # makes this a generator

    settings = ApiSettings()
    embedded = EmbeddedServer(create_app(broken, settings), settings, "127.0.0.1", 0)
    with pytest.raises(Unavailable, match="did not start"):
        embedded.__enter__()


def test_a_sale_in_flight_is_finished_at_the_end(equipment: FacadeEquipment, engine: Engine) -> None:
    settings = ApiSettings()
    app = create_app(lambda: nullcontext(equipment), settings)
    answers: list[int] = []
    with (
        EmbeddedServer(app, settings, "127.0.0.1", 0) as own,
        httpx.Client(base_url=own.url, timeout=PATIENCE_S) as client,
    ):
        apple = create(client, "Red Apple", stock=3)
        session = start(client)
        scan(client, session, "red apple")
        path = own.url + session.replace("/sessions", "/checkout")
        with engine.connect() as other:
            other.execute(text("SELECT 1 FROM inventory_master FOR UPDATE"))
            selling = threading.Thread(
                target=lambda: answers.append(httpx.post(path, timeout=PATIENCE_S).status_code)
            )
            selling.start()
            _statements_that_wait(engine)
            own._server.should_exit = True  # what leaving the context does, while the lock is still held
            wait_until(lambda: not any(server.is_serving() for server in own._server.servers))
            other.rollback()
    selling.join()

    assert answers == [200]
    assert equipment.services.inventory.get_product(apple["id"]).stock == 2  # type: ignore[arg-type]


def test_the_requests_id_reaches_the_database(client: httpx.Client, engine: Engine) -> None:
    """What the server's log and its list of activity show of a statement begins with the id."""
    session = start(client)
    scanning = threading.Thread(
        target=lambda: client.post(
            f"{session}/scan", json={"detected_name": "pear"}, headers={"X-Request-ID": "shop-42"}
        )
    )
    with engine.connect() as other:
        other.execute(text("SELECT 1 FROM scan_sessions FOR UPDATE"))
        scanning.start()
        seen = _statements_that_wait(engine)
        other.rollback()
    scanning.join()

    assert [query.startswith("/* request shop-42 */ SELECT scan_sessions.id") for query in seen] == [True]


def _statements_that_wait(engine: Engine) -> list[str]:
    """Return what waits for a lock, as soon as something does."""
    waiting = text("SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock'")
    found: list[str] = []

    def look() -> bool:
        with engine.connect() as connection:
            found[:] = connection.scalars(waiting)
        return bool(found)

    wait_until(look)
    return found


def test_serve_with_workers_shares_the_shop_and_ends_on_sigterm(
    own_database_url: str, tmp_path: Path
) -> None:
    with serving(own_database_url, tmp_path, "--workers", "2") as (address, process):
        with httpx.Client(base_url=address, timeout=PATIENCE_S) as client:
            apple = create(client, "Red Apple", stock=5)
            for _ in range(5):  # a connection each: both workers take some
                with httpx.Client(base_url=address, timeout=PATIENCE_S) as other:
                    session = start(other)
                    assert scan(other, session, "red apple")["sku"] == "RED-APPLE"
                    assert other.post(session.replace("/sessions", "/checkout")).status_code == 200
            assert movements_of(client, apple) == [("sale", -1)] * 5 + [("opening", 5)]
            assert "\nvisionscan_checkouts_total 5.0\n" in client.get("/metrics").text
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_S) == 0
    with pytest.raises(httpx.ConnectError):
        httpx.get(address + "/health")


def test_beyond_loopback_a_key_is_needed_to_start(
    own_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(tmp_path, database_url=own_database_url)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    arguments = build_parser().parse_args(["serve", "--host", "0.0.0.0", "--port", "0"])
    with pytest.raises(InvalidInput, match="apikey create"):
        serve(arguments, settings)

    assert api_keys.create(argparse.Namespace(name="back office", scope="manage"), settings) == 0
    token = capsys.readouterr().out.strip()
    seeded = "seed-of-the-container-0123456789"
    options = ("--host", "0.0.0.0")
    with serving(own_database_url, tmp_path, *options, API_KEYS=f"web:read:{seeded}") as (address, _):
        here = address.replace("0.0.0.0", "127.0.0.1")
        with httpx.Client(base_url=here, timeout=PATIENCE_S) as client:
            assert client.get("/inventory").status_code == 401
            assert client.get("/inventory", headers={"X-API-Key": token}).status_code == 200
            assert client.post("/sessions/start", headers={"X-API-Key": seeded}).status_code == 403

    assert token not in (tmp_path / "logs" / "serve.log").read_text()
    with closing(psycopg2.connect(own_database_url)) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT name, scope FROM api_keys ORDER BY name")
        assert cursor.fetchall() == [("back office", "manage"), ("web", "read")]
        cursor.execute("SELECT count(*) FROM api_keys WHERE position(%s IN api_keys::text) > 0", (token,))
        assert cursor.fetchone() == (0,)


def test_keys_are_listed_without_secrets_and_revoked_for_good(
    own_database_url: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = load_settings(tmp_path, database_url=own_database_url, api_keys=f"web:sell:{'s' * 24}")
    api_keys.create(argparse.Namespace(name="phone", scope="read"), settings)
    token = capsys.readouterr().out.strip()
    with pytest.raises(Conflict):
        api_keys.create(argparse.Namespace(name="phone", scope="sell"), settings)

    api_keys.revoke(argparse.Namespace(name="web"), settings)
    api_keys.list_keys(argparse.Namespace(), settings)

    listed = capsys.readouterr().out
    assert [line.split("\t")[:2] for line in listed.splitlines()] == [["phone", "read"], ["web", "sell"]]
    assert "valid" in listed.splitlines()[0]
    assert "revoked" in listed.splitlines()[1], "the environment does not bring it back"
    assert token not in listed
    with pytest.raises(NotFound):
        api_keys.revoke(argparse.Namespace(name="nobody"), settings)


@pytest.mark.parametrize(
    "text", ["web", "web:sell", "web:admin:" + "s" * 30, "web:sell:short", ":sell:" + "s" * 30]
)
def test_wrong_keys_in_the_environment_are_told_without_the_secret(text: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        read_key_seeds(text)
    assert "sss" not in str(caught.value)


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is needed to make a certificate")
def test_serve_speaks_tls_with_uvicorns_own_options(own_database_url: str, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    request = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost"]
    request += ["-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run(request, check=True, capture_output=True)
    options = ("--ssl-keyfile", str(key), "--ssl-certfile", str(certificate))
    with serving(own_database_url, tmp_path, *options) as (address, _):
        trusting = ssl.create_default_context(cafile=str(certificate))
        answer = httpx.get(f"{address}/inventory", verify=trusting, timeout=PATIENCE_S)

    assert address.startswith("https://")
    assert (answer.status_code, "max-age" in answer.headers["strict-transport-security"]) == (200, True)


def test_serve_starts_on_the_embedded_database_and_leaves_it_in_order() -> None:
    folder = Path(tempfile.mkdtemp(prefix="visionscan-serve-"))
    folder.chmod(0o755)
    try:
        with serving("", folder) as (address, process):
            assert httpx.get(f"{address}/inventory", timeout=PATIENCE_S).json() == []
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=PATIENCE_S) == 0
        assert not (folder / "postgres" / "data" / "postmaster.pid").exists()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
