"""The set-up script on a checkout of its own, with stand-ins for what would download or change the system."""

import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

if sys.platform == "win32":
    pytest.skip("kiosk is a Unix shell script", allow_module_level=True)

ROOT = Path(__file__).resolve().parent.parent
UV = """#!/bin/sh
echo "uv $*" >>"$CALLS"
for last in "$@"; do :; done
case "$1 ${2:-}" in
    "venv "*) mkdir -p "$last/bin"; ln -sf "$REAL_PYTHON" "$last/bin/python" ;;
    "pip sync") until [ -z "${SYNC_WAITS_FOR:-}" ] || [ -e "$SYNC_WAITS_FOR" ]; do sleep 0.05; done
        exit "${SYNC_ENDS_WITH:-0}" ;;
esac
"""
NO_LIBRARIES = "#!/bin/sh\necho '0 libs found'\n"
ALL_LIBRARIES = "#!/bin/sh\ngrep -o 'lib[A-Za-z0-9_.-]*=' \"$SCRIPT\" | tr = ' '\n"
APT_GET = '#!/bin/sh\necho "apt-get $*" >>"$CALLS"\n'
FOR_QT = "libegl1 libgl1 libglib2.0-0 libfontconfig1 libdbus-1-3 libxkbcommon0"
PROGRAM = "import os, sys; print(os.getcwd(), *sys.argv[1:], sep='|')\n"


class Checkout:
    """A folder with the script, a tiny program, and stand-ins for uv, apt-get, ldconfig and id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "a shop's till"
        self.programs = folder / "programs"
        self.calls_file = folder / "calls"
        package = self.folder / "visionscan_kiosk"
        package.mkdir(parents=True)
        (package / "__main__.py").write_text(PROGRAM)
        for name in ("kiosk", "requirements.lock", "pyproject.toml"):
            shutil.copy(ROOT / name, self.folder)
        self.programs.mkdir()
        self.stand_in("uv", UV)
        self.stand_in("ldconfig", ALL_LIBRARIES)
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.endswith("DISPLAY")},
            "PATH": f"{self.programs}:{os.environ['PATH']}",
            "HOME": str(folder / "home"),
            "CALLS": str(self.calls_file),
            "SCRIPT": str(self.folder / "kiosk"),
            "REAL_PYTHON": sys.executable,
            "VISIONSCAN_PYTHON": sys.executable,
            "PYTHONPATH": str(self.folder),
        }
        self.environment.pop("XDG_CACHE_HOME", None)

    def stand_in(self, name: str, script: str) -> None:
        path = self.programs / name
        path.write_text(script)
        path.chmod(0o755)

    def popen(
        self, *arguments: str, script: Path | None = None, cwd: Path | None = None, **more: str
    ) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [script or self.folder / "kiosk", *arguments],
            cwd=cwd or self.folder,
            env=self.environment | more,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(
        self, *arguments: str, script: Path | None = None, cwd: Path | None = None, **more: str
    ) -> tuple[int, str, str]:
        """Return exit code, output and messages."""
        process = self.popen(*arguments, script=script, cwd=cwd, **more)
        output, messages = process.communicate()
        return process.returncode, output.strip(), messages

    def calls(self) -> list[str]:
        return self.calls_file.read_text().splitlines() if self.calls_file.exists() else []

    def installations(self) -> int:
        return sum(call.startswith("uv pip sync") for call in self.calls())


@pytest.fixture
def checkout(tmp_path: Path) -> Checkout:
    return Checkout(tmp_path)


def test_the_real_script_is_executable_and_valid_for_the_plainest_shell() -> None:
    assert (ROOT / "kiosk").stat().st_mode & stat.S_IXUSR
    shell = shutil.which("dash") or "/bin/sh"
    subprocess.run([shell, "-n", ROOT / "kiosk"], check=True)


def test_it_installs_the_locked_packages_and_the_program(checkout: Checkout) -> None:
    code, output, messages = checkout.run("doctor", "--data-dir", "my data")
    assert (code, output) == (0, f"{checkout.folder}|doctor|--data-dir|my data"), messages
    venv, sync, program = (call for call in checkout.calls() if not call.endswith("--version"))
    assert venv.startswith("uv venv")
    assert "--require-hashes" in sync
    assert sync.endswith(f"{checkout.folder}/requirements.lock")
    assert "--no-deps --no-build-isolation --editable" in program


def test_the_second_start_installs_nothing(checkout: Checkout) -> None:
    checkout.run("doctor")
    before = checkout.calls()
    code, _, messages = checkout.run("doctor")
    assert (code, messages) == (0, "")
    assert checkout.calls() == before


def test_it_needs_no_network_tool_when_everything_is_there(checkout: Checkout) -> None:
    checkout.run("doctor")
    checkout.stand_in("uv", "#!/bin/sh\nexit 1\n")
    assert checkout.run("doctor")[0] == 0


@pytest.mark.parametrize("file", ["requirements.lock", "pyproject.toml"])
def test_a_changed_lock_is_installed(checkout: Checkout, file: str) -> None:
    checkout.run("doctor")
    with (checkout.folder / file).open("a") as changed:
        changed.write("# changed\n")
    checkout.run("doctor")
    assert checkout.installations() == 2


def test_it_works_from_any_folder_and_through_links(checkout: Checkout, tmp_path: Path) -> None:
    elsewhere = tmp_path / "else where"
    elsewhere.mkdir()
    (elsewhere / "absolute").symlink_to(checkout.folder / "kiosk")
    (elsewhere / "till").symlink_to("absolute")
    code, output, _ = checkout.run("match", "red apple", script=elsewhere / "till", cwd=elsewhere)
    assert (code, output) == (0, f"{elsewhere}|match|red apple")
    assert (checkout.folder / ".venv" / "kiosk-stamp").exists()


def test_a_failed_installation_is_started_over(checkout: Checkout) -> None:
    assert checkout.run("doctor", SYNC_ENDS_WITH="2")[0] != 0
    assert checkout.run("doctor")[0] == 0
    assert sum(call.startswith("uv venv --quiet --clear") for call in checkout.calls()) == 2


def test_two_first_starts_at_once_install_once(checkout: Checkout, tmp_path: Path) -> None:
    both_began = tmp_path / "both began"
    processes = [checkout.popen("doctor", SYNC_WAITS_FOR=str(both_began)) for _ in range(2)]
    for process in processes:
        assert process.stderr
        assert "setting up" in process.stderr.readline()
    both_began.touch()
    assert [process.communicate()[0].strip() for process in processes] == [f"{checkout.folder}|doctor"] * 2
    assert checkout.installations() == 1


@pytest.mark.skipif(os.geteuid() == 0, reason="ROOT may write everywhere: run as an ordinary user too")
def test_a_checkout_that_cannot_be_written_uses_the_cache(checkout: Checkout, tmp_path: Path) -> None:
    checkout.folder.chmod(0o555)
    code, _, messages = checkout.run("doctor")
    checkout.folder.chmod(0o755)
    assert code == 0, messages
    assert list((tmp_path / "home" / ".cache" / "visionscan-kiosk").glob("venv-*/kiosk-stamp"))


def test_a_python_that_does_not_fit_is_named(checkout: Checkout) -> None:
    code, _, messages = checkout.run("doctor", VISIONSCAN_PYTHON="/bin/false")
    assert code == 1
    assert "/bin/false is not a Python 3.11 to 3.14" in messages


linux_only = pytest.mark.skipif(sys.platform != "linux", reason="ONLY LINUX lacks Qt's system libraries")


@linux_only
class TestSystemLibraries:
    def test_without_rights_the_one_line_to_run_is_printed(self, checkout: Checkout) -> None:
        checkout.stand_in("ldconfig", NO_LIBRARIES)
        checkout.stand_in("id", "#!/bin/sh\necho 1000\n")
        checkout.stand_in("apt-get", APT_GET)
        code, _, messages = checkout.run("demo")
        assert code == 1
        assert messages.endswith(f"kiosk: sudo apt-get install -y {FOR_QT}\n")
        assert not checkout.calls()

    def test_root_installs_them(self, checkout: Checkout) -> None:
        checkout.stand_in("ldconfig", NO_LIBRARIES)
        checkout.stand_in("id", "#!/bin/sh\necho 0\n")
        checkout.stand_in("apt-get", APT_GET)
        assert checkout.run("demo")[0] == 0
        update, install = (call for call in checkout.calls() if call.startswith("apt-get"))
        assert update.startswith("apt-get update")
        assert install.endswith(f" {FOR_QT}")

    def test_an_x_server_needs_more(self, checkout: Checkout) -> None:
        checkout.stand_in("ldconfig", NO_LIBRARIES)
        checkout.stand_in("id", "#!/bin/sh\necho 1000\n")
        _, _, messages = checkout.run("demo", DISPLAY=":0")
        assert "libxcb-cursor0" in messages
        assert "libwayland-client0" not in messages
