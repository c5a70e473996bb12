"""Check without network that requirements.lock is what pyproject.toml asks for.

Every requirement has a pinned, hashed version that satisfies it, the pins of the running Python are closed
under their own requirements, nothing is pinned that nobody asks for, and no address stands in the file.
"""

import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PIN = re.compile(r"^(?P<pin>[A-Za-z0-9][^\\\n]*?)\s*\\?\n(?P<hashes>(?:    --hash=.*\n)*)", re.MULTILINE)


def main() -> int:
    """Print what is wrong; 0 when nothing is."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    wrong = [*addresses(lock), *without_hashes(lock), *not_satisfied(pins_of(lock), wanted())]
    for sentence in wrong:
        print(f"requirements.lock: {sentence}")
    if wrong:
        print("CONTRIBUTING.md says how to refresh requirements.lock.")
    return 1 if wrong else 0


def wanted() -> list[Requirement]:
    """Return every requirement of pyproject.toml: the program's, its extras' and the developers'."""
    document = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    project = document["project"]
    groups = [
        project["dependencies"],
        *project["optional-dependencies"].values(),
        *document["dependency-groups"].values(),
    ]
    return [Requirement(text) for group in groups for text in group]


def addresses(lock: str) -> Iterator[str]:
    """Yield lines that name a place to download from."""
    for number, line in enumerate(lock.splitlines(), 1):
        if "://" in line or line.startswith(("-i", "-f", "--index", "--extra-index", "--find-links")):
            yield f"line {number} names an address"


def without_hashes(lock: str) -> Iterator[str]:
    """Yield pins that nothing verifies."""
    return (f"{match['pin']} has no hash" for match in PIN.finditer(lock) if not match["hashes"])


def pins_of(lock: str) -> dict[str, str]:
    """Return the version of every package that is pinned for this Python and system."""
    requirements = [Requirement(match["pin"]) for match in PIN.finditer(lock)]
    return {
        canonicalize_name(requirement.name): next(iter(requirement.specifier)).version
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate()
    }


def not_satisfied(pins: dict[str, str], requirements: list[Requirement]) -> Iterator[str]:
    """Follow the requirements through the installed packages; yield what the pins lack or have too much."""
    todo, seen, needed = [(item, "pyproject.toml") for item in requirements], set[str](), set[str]()
    while todo:
        requirement, asker = todo.pop()
        name = canonicalize_name(requirement.name)
        key = f"{name}[{','.join(sorted(requirement.extras))}]"
        needed.add(name)
        if not requirement.specifier.contains(pins.get(name, "0"), prereleases=True) or name not in pins:
            yield f"{asker} asks for {requirement}, pinned is {pins.get(name, 'nothing')}"
        elif key not in seen:
            seen.add(key)
            todo += [(item, name) for item in requirements_of(name, requirement.extras)]
    yield from (f"{name} is pinned but nobody asks for it" for name in sorted(pins.keys() - needed))


def requirements_of(name: str, extras: set[str]) -> Iterator[Requirement]:
    """Yield what an installed package asks for here."""
    try:
        texts = distribution(name).requires or []
    except PackageNotFoundError:
        texts = []
    for requirement in map(Requirement, texts):
        if requirement.marker is None or any(
            requirement.marker.evaluate({"extra": extra}) for extra in ("", *extras)
        ):
            yield requirement


if __name__ == "__main__":
    sys.exit(main())
