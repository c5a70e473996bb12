"""The wheel is complete: installed alone, it runs the demo from any folder.

Source archive and wheel are built as `uv build` does, but without isolation, so nothing is downloaded. An
installer (pip, where this Python brings it, else uv) puts the wheel into an empty venv, alone and offline.
The locked packages are those of the running venv, seen through a `.pth` line that names their folder. A
`.pth` found there is not followed, so an editable install of this checkout stays out of sight and the
program's files can only be the wheel's.
"""

import importlib.util
import os
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import venv
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

pytestmark = pytest.mark.long(seconds=54)

ROOT = Path(__file__).resolve().parent.parent
_WHOLE_DEMO_S = 1800
"""Ends a demo that hangs, and nothing else."""
_NOT_OURS = ("PYTHON", "PIP_", "UV_")
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)]
    subprocess.run(command, check=True, capture_output=True, env=CLEAN)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a venv that the wheel was installed into and that sees the locked packages."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, symlinks=True)
    python = folder / "bin" / "python"
    install(wheel, python)
    locked = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(folder)}))
    (packages / "locked.pth").write_text("\n".join(sorted(locked)))
    return python


def install(wheel: Path, python: Path) -> None:
    """Install the wheel alone, without a network."""
    offline = ["--no-index", "--no-deps", str(wheel)]
    if importlib.util.find_spec("ensurepip") is not None:
        subprocess.run([python, "-m", "ensurepip"], check=True, capture_output=True, env=CLEAN)
        command = [str(python), "-m", "pip", "install", "--disable-pip-version-check", *offline]
    elif uv := shutil.which("uv"):
        command = [uv, "pip", "install", "--offline", "--no-config", "--python", str(python), *offline]
    else:
        pytest.fail("Neither ensurepip nor uv is here. Install python3-venv.")
    subprocess.run(command, check=True, capture_output=True, env=CLEAN | {"PIP_CONFIG_FILE": os.devnull})


def run(python: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command that the installation made, in `folder`."""
    command = [str(python.with_name("visionscan-kiosk")), *arguments]
    return subprocess.run(
        command, cwd=folder, env=CLEAN, capture_output=True, text=True, check=False, timeout=_WHOLE_DEMO_S
    )


def ask(python: Path, folder: Path, question: str) -> str:
    """Run a line of Python beside the installed program and return what it printed."""
    command = [str(python), "-P", "-c", question]
    return subprocess.run(
        command, cwd=folder, env=CLEAN, stdout=subprocess.PIPE, text=True, check=True
    ).stdout.strip()


@pytest.fixture
def folder() -> Iterator[Path]:
    """A folder of our own below /tmp: a server started by root must be able to reach it."""
    with tempfile.TemporaryDirectory(prefix="visionscan-wheel-", ignore_cleanup_errors=True) as name:
        path = Path(name)
        path.chmod(0o711)
        yield path


def test_it_holds_the_migrations_and_the_resources(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for folder in ("alembic/versions/", "resources/fonts/", "resources/sample_shop/"):
        assert any(name.startswith(f"visionscan_kiosk/_bundled/{folder}") for name in names), folder
    assert not [name for name in names if name.startswith(("tests/", "tools/", "benchmarks/"))]


def test_it_runs_from_its_own_files(installed: Path, folder: Path) -> None:
    answer = ask(installed, folder, "import visionscan_kiosk; print(visionscan_kiosk.__file__)")
    assert Path(answer).is_relative_to(installed.parent.parent)


def test_its_command_tells_the_installed_version(installed: Path, folder: Path) -> None:
    version = ask(
        installed, folder, "from importlib import metadata; print(metadata.version('visionscan-kiosk'))"
    )
    done = run(installed, folder, "--version")
    assert (done.returncode, done.stdout.split()) == (0, ["visionscan-kiosk", version])


def test_everything_that_was_installed_is_recorded(installed: Path, folder: Path) -> None:
    question = "print(all(file.locate().exists() for file in metadata.files('visionscan-kiosk')))"
    assert ask(installed, folder, f"from importlib import metadata; {question}") == "True"


def test_its_demo_sells_from_another_folder(installed: Path, folder: Path) -> None:
    done = run(installed, folder, "demo", "--data-dir", str(folder / "shop"), "--snapshots", "pictures")
    assert done.returncode == 0, done.stderr
    assert list((folder / "pictures").glob("*.png"))
    assert list((folder / "pictures").glob("*.txt"))
