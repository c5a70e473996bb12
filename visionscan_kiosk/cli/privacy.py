"""`privacy purge`: removes pictures that were taken at the till, and what the meter counted."""

from __future__ import annotations

import argparse

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, say
from visionscan_kiosk.settings import KioskSettings


def purge(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Remove pictures of confirmed things, and say how many.

    `--taught` removes also those shown to teach, `--meter` what the meter counted, and where codes and looks
    did not agree.
    """
    with open_shop(settings) as shop:
        teaching = shop.services.teaching
        removed = teaching.purge(taught=arguments.taught, older_than_days=arguments.older_than)
        left = teaching.summary().photos
        forgotten = shop.services.accuracy.purge(arguments.older_than) if arguments.meter else 0
        doubts = shop.services.wrong_items.purge(arguments.older_than) if arguments.meter else 0
        if arguments.taught and arguments.older_than is None:
            shop.services.empty_counters.forget_all()
    kind = "confirmed and taught" if arguments.taught else "confirmed"
    say(f"{removed} {kind} pictures were removed with all that was computed from them; {left} are left.")
    if not arguments.taught:
        say("The picture of each till's empty counter stays; it shows nothing else. --taught removes it too.")
    if arguments.meter:
        say(f"{forgotten} answers that the meter had counted were removed.")
        say(f"{doubts} notes of codes and looks that did not agree were removed.")
    say("Backups made before still hold them.")
    return 0


COMMANDS: dict[str, Command] = {"purge": purge}
