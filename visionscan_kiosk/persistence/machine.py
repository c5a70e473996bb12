"""What tells this machine from a copy of it."""

from __future__ import annotations

import platform
import uuid
from contextlib import suppress
from pathlib import Path

_MULTICAST = 1 << 40
"""Set in an address that Python made up because it found none; that one is new with every start."""


def machine_identity(root: Path = Path("/")) -> str:
    """Return a text that stays the same over restarts and differs on a machine copied by its disk.

    A copied disk has the same name and the same machine-id: only the network hardware differs.
    """
    return "\n".join((platform.node(), _machine_id(root), _network_address(root)))


def _machine_id(root: Path) -> str:
    for path in (root / "etc/machine-id", root / "var/lib/dbus/machine-id"):
        with suppress(OSError):
            return path.read_text(encoding="utf-8").strip()
    return ""


def _network_address(root: Path) -> str:
    """Return the address of a network card that is built in, a wired one first: others come and go."""
    cards = [card for card in (root / "sys/class/net").glob("*") if (card / "device").exists()]
    addresses = []
    for card in cards:
        with suppress(OSError):
            address = (card / "address").read_text(encoding="ascii").strip()
            addresses.append(((card / "wireless").exists(), address))
    if addresses:
        return min(addresses)[1]
    node = uuid.getnode()
    return "" if node & _MULTICAST else f"{node:012x}"
