"""`models`: which vision models the server has, and which one the shop uses."""

from __future__ import annotations

import argparse

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, put, put_json, say
from visionscan_kiosk.domain.errors import DetectorUnavailable
from visionscan_kiosk.services.vision_models import InstalledModel, ModelOverview, find_model
from visionscan_kiosk.settings import KioskSettings

_HEADER = ("", "model", "size", "parameters", "sees", "loaded")


def models(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """List the models; return 1 when no server answers. `--use` makes the shop use another one."""
    with open_shop(settings) as shop:
        service = shop.services.vision_models
        if arguments.use is not None:
            say(f"The shop uses {service.choose(arguments.use).name} from now on.")
        try:
            overview = service.overview()
        except DetectorUnavailable as error:
            if arguments.json:
                put_json({"error": str(error), "chosen": service.chosen()})
            say(str(error))
            return 1
    if arguments.json:
        put_json(_record(overview))
    else:
        _put_table(overview)
    return 0


def _record(overview: ModelOverview) -> dict[str, object]:
    return {
        "server_version": overview.server.version,
        "chosen": overview.chosen,
        "models": [
            {
                "name": model.name,
                "size_bytes": model.size_bytes,
                "parameters": model.parameters,
                "sees": model.sees,
                "is_loaded": model.is_loaded,
                "is_remote": model.is_remote,
                "is_chosen": overview.is_chosen(model),
            }
            for model in overview.server.models
        ],
    }


def _put_table(overview: ModelOverview) -> None:
    put(f"Ollama {overview.server.version}, the shop uses {overview.chosen}")
    lines = [_HEADER, *(_line(overview, model) for model in overview.server.models)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_HEADER))]
    for line in lines:
        put("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())
    if find_model(overview.server.models, overview.chosen) is None:
        say(f"{overview.chosen} is not installed. Run `ollama pull {overview.chosen}`, or choose with --use.")


def _line(overview: ModelOverview, model: InstalledModel) -> tuple[str, ...]:
    sees = "no, remote" if model.is_remote else "yes" if model.sees else "no"
    return (
        "*" if overview.is_chosen(model) else "",
        model.name,
        f"{model.size_bytes / 1e9:.1f} GB",
        model.parameters or "?",
        sees,
        "yes" if model.is_loaded else "no",
    )


COMMANDS: dict[str, Command] = {"models": models}
