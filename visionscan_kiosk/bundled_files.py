"""Where the files that travel with the program lie: resources and migrations.

In a wheel they sit inside the package, in a checkout beside it. Nothing else belongs here.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_INSTALLED = _PACKAGE / "_bundled"


def bundled(relative: str) -> Path:
    """Return the path of a bundled file or folder, such as `resources/sounds/added.wav`.

    Raises FileNotFoundError when it is not part of this installation.
    """
    root = _INSTALLED if _INSTALLED.is_dir() else _PACKAGE.parent
    path = root / relative
    if not path.exists():
        raise FileNotFoundError(f"{relative} is missing from this installation. Install the program again.")
    return path
