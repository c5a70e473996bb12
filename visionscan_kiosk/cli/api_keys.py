"""`apikey create`, `apikey list` and `apikey revoke`."""

from __future__ import annotations

import argparse

from visionscan_kiosk.bootstrap import open_api_keys
from visionscan_kiosk.cli.console import Command, put, say
from visionscan_kiosk.services.facade_ports import ApiKey, ApiScope
from visionscan_kiosk.settings import KioskSettings


def create(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Make a key and show its secret, this once."""
    with open_api_keys(settings) as keys:
        key, token = keys.create_key(arguments.name, ApiScope(arguments.scope))
    put(token)
    say(f"This is the key of {key.name} (scope {key.scope}). It cannot be shown again: keep it now.")
    return 0


def list_keys(_arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Show all keys without their secrets."""
    with open_api_keys(settings) as keys:
        known = keys.list_keys()
    for key in known:
        put(_line(key))
    if not known:
        say("There are no keys yet.")
    return 0


def revoke(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """End a key for good."""
    with open_api_keys(settings) as keys:
        key = keys.revoke_key(arguments.name)
    say(f"The key of {key.name} is revoked. Servers that run refuse it within seconds.")
    return 0


def _line(key: ApiKey) -> str:
    revoked = f"revoked {key.revoked_at:%Y-%m-%d %H:%M}" if key.revoked_at else "valid"
    return f"{key.name}\t{key.scope}\tcreated {key.created_at:%Y-%m-%d %H:%M}\t{revoked}"


COMMANDS: dict[str, Command] = {"create": create, "list": list_keys, "revoke": revoke}
