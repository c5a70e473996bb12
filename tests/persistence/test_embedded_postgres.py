"""The embedded server on real processes, real kills and real folders, as root and as an ordinary user."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psutil
import psycopg2
import pytest
from sqlalchemy import create_engine, make_url, text

if sys.platform == "win32":
    pytest.skip("the embedded server is for Unix systems", allow_module_level=True)

from tests.waiting import wait_until
from visionscan_kiosk.domain.errors import DatabaseUnavailable
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres, folders, pg_tool, run_pg_tool
from visionscan_kiosk.persistence.embedded_postgres.account import account_for
from visionscan_kiosk.persistence.embedded_postgres.tools import installation
from visionscan_kiosk.persistence.embedded_postgres.unsupported import EmbeddedPostgres as Unsupported

pytestmark = pytest.mark.long(seconds=30)

IS_ROOT = os.geteuid() == 0
only_root = pytest.mark.skipif(
    not IS_ROOT, reason="ONLY ROOT hands the server to another user: run as root too"
)


def memory_or_disk() -> Path:
    """Where servers of tests lie: in memory where there is enough, for each is forty megabytes of files."""
    memory = Path("/dev/shm")
    if not memory.is_dir() or os.statvfs(memory).f_flag & os.ST_NOEXEC:
        return Path("/tmp")
    return memory if shutil.disk_usage(memory).free > 1_000_000_000 else Path("/tmp")


def open_folder() -> Path:
    """A new folder that the server's user can enter."""
    path = Path(tempfile.mkdtemp(prefix="visionscan-test-", dir=memory_or_disk()))
    path.chmod(0o711)
    return path


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder that the server's user can enter; servers below it are stopped at the end."""
    path = open_folder()
    yield path
    for pid_file in path.rglob("postmaster.pid"):
        kill(postmaster_pid(pid_file.parent.parent))
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def pristine() -> Iterator[Path]:
    """A stopped server's folder with one row in it, made once: making a cluster takes a second."""
    path = open_folder()
    with server_at(path / "postgres") as server:
        server.ensure_database("visionscan")
        execute(server, "CREATE TABLE kept (word text); INSERT INTO kept VALUES ('apple')")
    yield path / "postgres"
    shutil.rmtree(path)


@pytest.fixture(scope="module")
def running(pristine: Path) -> Iterator[Path]:
    """The folder of a server that keeps running: for those who look, not for those who stop or harm it."""
    folder = pristine.with_name("running")
    subprocess.run(["cp", "-a", str(pristine), str(folder)], check=True)
    with server_at(folder):
        yield folder


@pytest.fixture
def folder(place: Path, pristine: Path) -> Path:
    """The folder of a stopped server, free to be maltreated."""
    subprocess.run(["cp", "-a", str(pristine), str(place / "postgres")], check=True)
    return place / "postgres"


@pytest.fixture
def new_folder(place: Path) -> Path:
    """Where a server's folder may be made."""
    return place / "data" / "postgres"


def server_at(folder: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(folder, durable=False)


def postmaster_pid(folder: Path) -> int:
    return int((folder / "data" / "postmaster.pid").read_text().split()[0])


def is_running(pid: int) -> bool:
    return psutil.pid_exists(pid) and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE


def kill(pid: int) -> None:
    if is_running(pid):
        os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not is_running(pid))


@contextmanager
def connected(
    server: EmbeddedPostgres, database: str = "visionscan"
) -> Iterator[psycopg2.extensions.connection]:
    address = make_url(server.url(database))
    with closing(
        psycopg2.connect(
            host=address.query["host"],
            port=address.query["port"],
            user=address.username,
            password=address.password,
            dbname=database,
        )
    ) as connection:
        yield connection


def execute(server: EmbeddedPostgres, statement: str) -> list[tuple[object, ...]]:
    with connected(server) as connection, connection, connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else []


def started(folder: Path) -> EmbeddedPostgres:
    server = server_at(folder)
    server.start()
    return server


class TestStarting:
    def test_a_first_start_makes_a_database_that_the_url_opens(self, new_folder: Path) -> None:
        with server_at(new_folder) as server:
            server.ensure_database("visionscan")
            server.ensure_database("visionscan")
            engine = create_engine(server.url())
            with engine.connect() as connection:
                assert connection.execute(text("SELECT current_database()")).scalar() == "visionscan"
            engine.dispose()

    def test_starting_again_keeps_the_same_server(self, folder: Path) -> None:
        with server_at(folder) as server:
            first = postmaster_pid(folder)
            server.start()
            assert postmaster_pid(folder) == first
            assert server.stop() is True
            assert server.stop() is False
        wait_until(lambda: not is_running(first))

    def test_rows_are_there_after_a_stop(self, running: Path) -> None:
        with server_at(running) as server:
            assert execute(server, "SELECT word FROM kept") == [("apple",)]

    def test_it_can_use_trigrams_and_keeps_utf_8(self, running: Path) -> None:
        with server_at(running) as server:
            server.ensure_database("visionscan")
            execute(server, "CREATE EXTENSION pg_trgm")
            assert execute(server, "SELECT upper('äpfel'), similarity('milk', 'milk')") == [("ÄPFEL", 1.0)]

    def test_it_does_not_listen_on_the_network(self, running: Path) -> None:
        with server_at(running):
            connections = psutil.Process(postmaster_pid(running)).net_connections()
            assert {connection.family for connection in connections} <= {socket.AF_UNIX}

    def test_it_is_durable_unless_told_otherwise(self, folder: Path) -> None:
        with EmbeddedPostgres(folder) as server:
            server.ensure_database("visionscan")
            query = "SELECT current_setting('fsync'), current_setting('synchronous_commit')"
            assert execute(server, query) == [("on", "on")]

    def test_data_password_and_socket_are_closed_to_others(self, running: Path) -> None:
        with server_at(running):
            for name in ("data", "password", "socket", "start.lock", "users.lock", "server.log"):
                assert stat.S_IMODE((running / name).stat().st_mode) & 0o077 == 0, name

    def test_a_wrong_password_is_refused(self, running: Path) -> None:
        with server_at(running) as server:
            address = make_url(server.url("postgres")).set(password="guessed")
            engine = create_engine(address)
            with pytest.raises(Exception, match="password authentication failed"):
                engine.connect()

    def test_any_folder_name_will_do(self, place: Path) -> None:
        name = """space,comma quote'"quote $HOME `id`; größe"""
        with server_at(place / name) as server:
            server.ensure_database("visionscan")
            assert execute(server, "SELECT 1") == [(1,)]
            sockets = Path(str(make_url(server.url()).query["host"]))
            pid = postmaster_pid(place / name)
            assert server.stop() is True
        wait_until(lambda: not is_running(pid))
        if not sockets.is_relative_to(place):
            sockets.rmdir()

    def test_variables_meant_for_other_servers_do_not_matter(
        self, running: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        elsewhere = {"PGPORT": "6543", "PGDATA": "/nowhere", "PGHOST": "example.org"}
        for name, value in (elsewhere | {"PGSERVICE": "absent", "PGOPTIONS": "-c absent=1"}).items():
            monkeypatch.setenv(name, value)
        with server_at(running) as server:
            server.ensure_database("visionscan")
            assert run_pg_tool("psql", server.url(), "-Atc", "SELECT 1").strip() == "1"


class TestCrashes:
    def test_a_killed_server_is_recovered_with_its_rows(self, folder: Path) -> None:
        server = started(folder)
        kill(postmaster_pid(folder))
        server.start()
        assert execute(server, "SELECT word FROM kept") == [("apple",)]
        assert server.stop() is True

    def test_a_reused_process_id_is_not_believed(self, folder: Path) -> None:
        user = account_for(folder / "data")
        foreigner = subprocess.Popen(["sleep", "600"], user=user.uid if IS_ROOT else None)
        try:
            stale = f"{foreigner.pid}\n{folder}/data\n1700000000\n5432\n{folder}/socket\n\n  1 2\nready\n"
            (folder / "data" / "postmaster.pid").write_text(stale)
            with server_at(folder) as server:
                assert execute(server, "SELECT word FROM kept") == [("apple",)]
                assert postmaster_pid(folder) != foreigner.pid
            assert foreigner.poll() is None
        finally:
            foreigner.kill()
            foreigner.wait()

    def test_a_pid_file_cut_short_by_a_power_failure_is_no_obstacle(self, folder: Path) -> None:
        (folder / "data" / "postmaster.pid").write_text("")
        with server_at(folder) as server:
            assert execute(server, "SELECT word FROM kept") == [("apple",)]

    def test_a_first_start_that_was_killed_is_made_anew(self, new_folder: Path) -> None:
        process = start_in_child(new_folder)
        wait_until(lambda: list(new_folder.glob("initdb-*")) or (new_folder / "data").exists())
        process.kill()
        process.communicate()
        with server_at(new_folder) as server:
            server.ensure_database("visionscan")
            assert not list(new_folder.glob("initdb-*"))

    def test_a_server_that_is_shutting_down_is_waited_for(self, folder: Path) -> None:
        server = started(folder)
        former = postmaster_pid(folder)
        with connected(server):
            os.kill(former, signal.SIGTERM)  # "smart": refuses newcomers until the last one has left
            wait_until(lambda: "shutting down" in refusal_of(server))
            starting = threading.Thread(target=server.start)
            starting.start()
        starting.join()
        assert postmaster_pid(folder) != former
        assert execute(server, "SELECT word FROM kept") == [("apple",)]
        server.stop()


def refusal_of(server: EmbeddedPostgres) -> str:
    try:
        with connected(server):
            return ""
    except psycopg2.OperationalError as error:
        return str(error)


CHILD = """
import sys
from pathlib import Path
from visionscan_kiosk.persistence.embedded_postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]), durable=False)
print("ready", flush=True)
sys.stdin.readline()
server.start()
server.ensure_database("visionscan")
print((Path(sys.argv[1]) / "data/postmaster.pid").read_text().split()[0], flush=True)
sys.stdin.readline()
print(server.stop(), flush=True)
"""


def child(folder: Path) -> subprocess.Popen[str]:
    """A process that starts, tells the server's pid, and stops, one line on its input at a time."""
    command = [sys.executable, "-c", CHILD, str(folder)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def tell(process: subprocess.Popen[str]) -> None:
    assert process.stdin
    process.stdin.write("go\n")
    process.stdin.flush()


def hear(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().strip()


def start_in_child(folder: Path) -> subprocess.Popen[str]:
    process = child(folder)
    assert hear(process) == "ready"
    tell(process)
    return process


class TestManyUsers:
    def test_two_processes_starting_together_share_one_server(self, new_folder: Path) -> None:
        processes = [child(new_folder) for _ in range(2)]
        assert [hear(process) for process in processes] == ["ready", "ready"]
        for process in processes:
            tell(process)
        first, second = (int(hear(process)) for process in processes)
        assert first == second
        assert is_running(first)
        stopped = []
        for process in processes:
            tell(process)
            stopped.append(hear(process))
            process.communicate()
        assert stopped == ["False", "True"]
        wait_until(lambda: not is_running(first))

    def test_the_last_one_stops_the_server(self, folder: Path) -> None:
        till, command_line = server_at(folder), server_at(folder)
        till.start()
        command_line.start()
        pid = postmaster_pid(folder)
        assert till.stop() is False
        assert is_running(pid)
        assert command_line.stop() is True
        wait_until(lambda: not is_running(pid))

    def test_a_killed_program_does_not_count_and_its_server_is_taken_over(self, folder: Path) -> None:
        process = start_in_child(folder)
        pid = int(hear(process))
        process.kill()
        process.communicate()
        server = server_at(folder)
        server.start()
        assert postmaster_pid(folder) == pid
        assert server.stop() is True
        wait_until(lambda: not is_running(pid))

    def test_a_failed_start_leaves_no_user_behind(self, folder: Path) -> None:
        (folder / "data" / "PG_VERSION").write_text("99\n")
        with pytest.raises(DatabaseUnavailable):
            server_at(folder).start()
        (folder / "data" / "PG_VERSION").write_text("18\n")
        server = server_at(folder)
        server.start()
        assert server.stop() is True


@contextmanager
def small_disk(folder: Path, access: str) -> Iterator[Path]:
    """A file system of a few megabytes."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size=8m,mode=0711,{access}", "tmpfs", str(folder)]
    if not IS_ROOT or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("A FULL DISK NEEDS a small file system mounted: run as root where mounting is allowed")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


class TestRefusals:
    def test_the_url_of_a_server_never_started(self, new_folder: Path) -> None:
        with pytest.raises(DatabaseUnavailable, match="was not started yet"):
            server_at(new_folder).url()

    @pytest.mark.parametrize(
        ("version", "advice"),
        [("99", "Install the newer VisionScan Kiosk"), ("12", "Make a backup with the former")],
    )
    def test_data_of_another_postgresql(self, folder: Path, version: str, advice: str) -> None:
        (folder / "data" / "PG_VERSION").write_text(f"{version}\n")
        with pytest.raises(DatabaseUnavailable, match=advice):
            server_at(folder).start()

    def test_a_lost_password_file(self, folder: Path) -> None:
        (folder / "password").unlink()
        with pytest.raises(DatabaseUnavailable, match=r"password file .* is missing"):
            server_at(folder).start()

    def test_a_password_file_of_another_database(self, folder: Path) -> None:
        (folder / "password").write_text("of-another-shop")
        with pytest.raises(DatabaseUnavailable, match="does not fit its database"):
            server_at(folder).start()

    def test_a_file_where_the_folder_should_be(self, place: Path) -> None:
        (place / "data").write_text("not a folder")
        with pytest.raises(DatabaseUnavailable, match="is a file, not a folder"):
            server_at(place / "data" / "postgres").start()

    def test_a_full_disk(self, place: Path) -> None:
        with small_disk(place / "disk", "rw") as disk:
            with pytest.raises(DatabaseUnavailable, match=r"disk of .* is full. Free at least"):
                server_at(disk / "postgres").start()
            assert not (disk / "postgres" / "data").exists()

    def test_a_read_only_disk(self, place: Path) -> None:
        with (
            small_disk(place / "disk", "ro") as disk,
            pytest.raises(DatabaseUnavailable, match=r"Read-only file system.*choose another --data-dir"),
        ):
            server_at(disk / "postgres").start()

    @pytest.mark.skipif(IS_ROOT, reason="ROOT may write everywhere: run as an ordinary user too")
    def test_a_folder_of_somebody_else(self) -> None:
        with pytest.raises(DatabaseUnavailable, match=r"Permission denied.*choose another --data-dir"):
            server_at(Path("/usr/visionscan-kiosk/postgres")).start()

    def test_a_system_without_users_and_locks(self, tmp_path: Path) -> None:
        with pytest.raises(DatabaseUnavailable, match="DATABASE_URL"):
            Unsupported(tmp_path)


class TestSocketPlaces:
    def test_a_long_path_gets_a_short_private_place_that_everybody_finds(self, folder: Path) -> None:
        folder = folder.rename(folder.with_name("long" * 25))
        with server_at(folder) as server, server_at(folder) as another:
            assert server.url() == another.url()
            sockets = Path(str(make_url(server.url()).query["host"]))
            assert stat.S_IMODE(sockets.stat().st_mode) == 0o700
            server.ensure_database("visionscan")
        sockets.rmdir()

    def test_a_place_prepared_by_somebody_else_is_refused(self, place: Path) -> None:
        folder = place / ("long" * 25) / "postgres"
        squatted = folders.socket_folder(folder, account_for(folder / "data"))
        squatted.mkdir(mode=0o777)
        squatted.chmod(0o777)
        try:
            with pytest.raises(DatabaseUnavailable, match="belongs to somebody else"):
                server_at(folder).start()
        finally:
            squatted.rmdir()


@only_root
class TestAsRoot:
    def test_the_server_runs_as_a_user_without_rights(self, running: Path) -> None:
        with server_at(running):
            assert psutil.Process(postmaster_pid(running)).uids().real not in (0, os.geteuid())

    def test_a_closed_folder_is_named_and_stays_closed(self, place: Path) -> None:
        home = place / "home"
        home.mkdir(mode=0o700)
        with pytest.raises(DatabaseUnavailable, match=f"may not enter {home}. Choose a --data-dir outside"):
            server_at(home / "data" / "postgres").start()
        assert stat.S_IMODE(home.stat().st_mode) == 0o700
        assert home.stat().st_uid == 0
        assert not list(home.iterdir())

    def test_folders_that_exist_keep_owner_and_mode(self, place: Path) -> None:
        data_dir = place / "shop"
        data_dir.mkdir(mode=0o751)
        data_dir.chmod(0o751)
        with server_at(data_dir / "postgres"):
            assert (data_dir.stat().st_uid, stat.S_IMODE(data_dir.stat().st_mode)) == (0, 0o751)

    def test_a_narrow_umask_does_not_close_our_own_folders(self, new_folder: Path) -> None:
        former = os.umask(0o077)
        try:
            with server_at(new_folder) as server:
                server.ensure_database("visionscan")
        finally:
            os.umask(former)

    def test_binaries_below_a_closed_folder_are_copied_once(
        self, place: Path, new_folder: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        closed = place / "closed"
        closed.mkdir(mode=0o700)
        package = installation().parent
        for part in (package, package.with_suffix(".libs")):
            shutil.copytree(part, closed / part.name, symlinks=True)
        monkeypatch.setattr(folders, "installation", lambda: closed / package.name / "pginstall")
        with server_at(new_folder) as server:
            server.ensure_database("visionscan")
            (copy,) = new_folder.glob("binaries-*")
            made_at = copy.stat().st_mtime_ns
            assert psutil.Process(postmaster_pid(new_folder)).cmdline()[0].startswith(f"{copy}/")
        with server_at(new_folder):
            assert copy.stat().st_mtime_ns == made_at
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700

    def test_data_of_an_ordinary_user_stays_with_that_user(self, folder: Path) -> None:
        for path in (folder, *folder.rglob("*")):
            shutil.chown(path, "nobody", "nogroup")
        with server_at(folder) as server:
            assert psutil.Process(postmaster_pid(folder)).username() == "nobody"
            assert execute(server, "SELECT word FROM kept") == [("apple",)]
        assert {path.owner() for path in (folder, *folder.rglob("*"))} == {"nobody"}


class TestTools:
    def test_a_dump_is_restored_elsewhere(self, running: Path, tmp_path: Path) -> None:
        server = server_at(running)
        run_pg_tool("pg_dump", server.url(), "--format=custom", f"--file={tmp_path / 'shop.dump'}")
        server.ensure_database("copy")
        run_pg_tool("pg_restore", server.url("copy"), "--exit-on-error", str(tmp_path / "shop.dump"))
        assert "apple" in run_pg_tool("psql", server.url("copy"), "-c", "TABLE kept")

    @pytest.mark.skipif(sys.platform != "linux", reason="ONLY LINUX shows a process's arguments in /proc")
    def test_the_password_is_not_among_the_arguments(self, running: Path) -> None:
        with server_at(running) as server:
            server.ensure_database("visionscan")
            shown = run_pg_tool("psql", server.url(), "-c", r"\! tr '\0' ' ' < /proc/$PPID/cmdline")
            assert "--dbname=postgresql://visionscan@" in shown
            assert (running / "password").read_text() not in shown

    def test_a_failing_tool_says_why(self, running: Path) -> None:
        with (
            server_at(running) as server,
            pytest.raises(DatabaseUnavailable, match='"absent" does not exist'),
        ):
            run_pg_tool("pg_dump", server.url("absent"))

    def test_a_tool_that_is_not_there(self) -> None:
        with pytest.raises(DatabaseUnavailable, match="pg_nonsense is missing"):
            pg_tool("pg_nonsense")
