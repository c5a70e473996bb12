"""`products import`, `products export` and `products lint`."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

from visionscan_kiosk.bootstrap import open_shop
from visionscan_kiosk.cli.console import Command, progress_bar, put, say
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.product_files import ImportResult, ProductFileService
from visionscan_kiosk.settings import KioskSettings

_SHOWN_BAD_ROWS = 50


def import_products(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Create or replace products from a CSV file, all rows or none."""
    lines = _read_lines(arguments.file)
    with open_shop(settings) as shop, progress_bar("Importing") as show:
        result = shop.services.product_files.import_products(
            lines, dry_run=arguments.dry_run, on_progress=show
        )
    _report(result, dry_run=arguments.dry_run)
    return 1 if result.bad_rows else 0


def export_products(arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Write all products to a CSV file; an existing file is replaced only when all is written."""
    with open_shop(settings) as shop:
        count = _write_whole(arguments.file, shop.services.product_files)
    say(f"{count} products written to {arguments.file}.")
    return 0


def _read_lines(path: Path) -> list[str]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(file)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise InvalidInput(f"{path} is not a UTF-8 text file. Save it as CSV UTF-8.") from error


def _write_whole(path: Path, files: ProductFileService) -> int:
    try:
        with tempfile.NamedTemporaryFile(
            "w", encoding="utf-8", newline="", dir=path.absolute().parent, prefix=path.name, delete=False
        ) as file:
            partial = Path(file.name)
            try:
                count = files.export_products(file)
                file.close()
                partial.chmod(0o644)
                partial.replace(path)
            finally:
                partial.unlink(missing_ok=True)
    except OSError as error:
        raise InvalidInput(f"{path} cannot be written: {error.strerror}.") from error
    return count


def _report(result: ImportResult, *, dry_run: bool) -> None:
    for row in result.bad_rows[:_SHOWN_BAD_ROWS]:
        say(f"line {row.line}: {row.message}")
    if len(result.bad_rows) > _SHOWN_BAD_ROWS:
        say(f"... and {len(result.bad_rows) - _SHOWN_BAD_ROWS} more lines.")
    if result.bad_rows:
        say(f"Nothing was imported: {_needing(len(result.bad_rows))} mending.")
        return
    verb = "would be" if dry_run else "were"
    say(f"{result.created} products {verb} created, {result.updated} {verb} updated.")


def _needing(count: int) -> str:
    return "1 line needs" if count == 1 else f"{count} lines need"


def lint_products(_arguments: argparse.Namespace, settings: KioskSettings) -> int:
    """Name the products that a text would confuse, with advice; return 1 when there are any."""
    with open_shop(settings) as shop:
        pairs = shop.services.naming.find_confusable()
    for pair in pairs:
        put(f"{pair.first.sku} / {pair.second.sku}: {pair.reason} {pair.advice}")
    say(f"{len(pairs)} pairs would be confused." if pairs else "No two products would be confused.")
    return 1 if pairs else 0


COMMANDS: dict[str, Command] = {
    "import": import_products,
    "export": export_products,
    "lint": lint_products,
}
