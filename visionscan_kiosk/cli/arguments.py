"""The arguments of every command. Global options may stand before or after the command."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path

from visionscan_kiosk import __version__

_FIRST_YEAR, _LAST_YEAR = 1970, 9998
_HTTP_PORT = 8000
_SALES_SHOWN = 50

AddArguments = Callable[[argparse.ArgumentParser], None]


def build_parser() -> argparse.ArgumentParser:
    """Return the parser; the chosen command is in `command`, nested ones in `action`."""
    parser = argparse.ArgumentParser(
        prog="visionscan-kiosk",
        description="A till that sees the goods. Without a command it opens the till.",
        parents=[_global_options(default=None)],
    )
    parser.add_argument("--version", action="version", version=f"%(prog)s {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    _command(commands, "run", "open the till (this happens without a command too)", _run)
    _command(commands, "demo", "open the till on a sample shop", _demo)
    _command(commands, "rehearse", "play scripts of goods and people through the till", _rehearse)
    _command(commands, "match", "find products for texts, one JSON object a line", _match)
    _command(commands, "detect", "find products in pictures, one JSON object a line", _detect)
    _command(commands, "teach", "let the camera recognise products by folders of pictures", _teach)
    _command(commands, "accuracy", "show how often things were recognised right", _accuracy)
    _command(commands, "models", "show the vision models of the server, or choose one", _models)
    _command(commands, "try-model", "measure a vision model on the shop's own pictures", _try_model)
    privacy = _group(commands, "privacy", "remove pictures that were taken at the till")
    _command(privacy, "purge", "remove all pictures of confirmed things, for good", _privacy_purge)
    _command(commands, "doctor", "check database, camera, model, fonts and libraries", _nothing)
    _command(commands, "serve", "let other software use the shop over HTTP", _serve)
    keys = _group(commands, "apikey", "create, list or revoke keys of HTTP clients")
    _command(keys, "create", "make a key and show it once", _apikey_create)
    _command(keys, "list", "show all keys without their secrets", _nothing)
    _command(keys, "revoke", "end a key for good", _apikey_revoke)
    products = _group(commands, "products", "import, export or examine the product list")
    _command(products, "import", "create or replace products from a CSV file", _products_import)
    _command(products, "export", "write all products to a CSV file", _products_export)
    _command(products, "lint", "name products that a text would confuse", _nothing)
    sales = _group(commands, "sales", "list what was sold, or show a receipt")
    _command(sales, "list", "show sales, newest first", _sales_list)
    _command(sales, "show", "show the receipt of a sale", _sales_show)
    database = _group(commands, "db", "upgrade, check, back up or restore the database")
    _command(database, "upgrade", "bring the tables to this program's version", _nothing)
    _command(database, "check", "prove that stock and totals add up", _nothing)
    _command(database, "backup", "write everything to one file", _backup_file)
    _command(database, "restore", "replace everything by a backup", _backup_file)
    return parser


def _global_options(default: object) -> argparse.ArgumentParser:
    parent = argparse.ArgumentParser(add_help=False)
    group = parent.add_argument_group("the shop")
    group.add_argument(
        "--data-dir", type=Path, default=default, metavar="DIR", help="where the shop's data lies"
    )
    group.add_argument(
        "--database-url", default=default, metavar="URL", help="a PostgreSQL server of your own"
    )
    return parent


def _group(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], name: str, help_text: str
) -> argparse._SubParsersAction[argparse.ArgumentParser]:
    group = commands.add_parser(name, help=help_text, description=help_text)
    return group.add_subparsers(dest="action", metavar="ACTION", required=True)


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    help_text: str,
    add_arguments: AddArguments,
) -> None:
    options = _global_options(default=argparse.SUPPRESS)
    add_arguments(commands.add_parser(name, help=help_text, description=help_text, parents=[options]))


def _nothing(parser: argparse.ArgumentParser) -> None:
    """The command has no arguments of its own."""


def _run(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--camera",
        metavar="SOURCE",
        help="webcam number, device, RTSP or HTTP address, video file, folder of pictures, or counter:",
    )
    parser.add_argument("--windowed", action="store_true", help="open in a window instead of the full screen")
    parser.add_argument(
        "--with-api",
        action="store_true",
        help="let other software on this machine use the shop over HTTP too",
    )
    parser.add_argument("--api-port", type=_port, default=_HTTP_PORT, metavar="PORT")


def _serve(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen on; any but this machine's own needs API keys"
    )
    parser.add_argument("--port", type=_port, default=_HTTP_PORT, help="0 takes a free one")
    parser.add_argument("--workers", type=_workers, default=1, metavar="N", help="number of processes")
    parser.add_argument(
        "--require-api-key", action="store_true", help="ask for keys on this machine too, as behind a proxy"
    )
    for name in ("certfile", "keyfile", "keyfile-password", "ca-certs"):
        parser.add_argument(f"--ssl-{name}", metavar="TEXT" if name.endswith("word") else "FILE")


def _apikey_create(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="who the key is for")
    parser.add_argument(
        "--scope", choices=("read", "sell", "manage"), default="sell", help="each includes those before it"
    )


def _apikey_revoke(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME")


def _port(text: str) -> int:
    return _between(text, 0, 65535)


def _workers(text: str) -> int:
    return _between(text, 1, 64)


def _between(text: str, lowest: int, highest: int) -> int:
    if not text.isascii() or not text.isdigit() or not lowest <= int(text) <= highest:
        raise argparse.ArgumentTypeError(f"must be between {lowest} and {highest}")
    return int(text)


def _demo(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--windowed", action="store_true", help="open in a window instead of the full screen")
    parser.add_argument(
        "--snapshots", type=Path, metavar="DIR", help="sell once by script and write a picture of every step"
    )


def _rehearse(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", nargs="+", type=Path, metavar="FILE.json", help="a script; see the documents")
    parser.add_argument(
        "--coverage", action="store_true", help="also write which state of a piece met which event"
    )
    parser.add_argument("--fps", type=_rate, metavar="N", help="begin with so many pictures a second")
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def _rate(text: str) -> float:
    try:
        rate = float(text)
    except ValueError:
        rate = 0.0
    if not 0.5 <= rate <= 120:
        raise argparse.ArgumentTypeError("must be between 0.5 and 120")
    return rate


def _match(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "text", nargs="*", metavar="TEXT", help="what was said or typed; without it, lines on stdin"
    )


def _detect(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("image", nargs="+", type=Path, metavar="IMAGE", help="a PNG, JPEG or WebP file")
    _empty_counter(parser, "things are then found one by one")
    parser.add_argument("--no-model", action="store_true", help="do not ask the vision model")


def _teach(parser: argparse.ArgumentParser) -> None:
    what = parser.add_mutually_exclusive_group(required=True)
    what.add_argument(
        "folder", nargs="?", type=Path, metavar="DIR", help="holds a folder a product, named by SKU or name"
    )
    what.add_argument("--list", action="store_true", help="show what is taught")
    what.add_argument("--forget", metavar="SKU", help="remove all pictures of a product")
    _empty_counter(parser, "pictures are then cut to the product")


def _empty_counter(parser: argparse.ArgumentParser, effect: str) -> None:
    parser.add_argument(
        "--empty-counter",
        type=Path,
        metavar="IMAGE",
        help=f"a picture of the empty counter by the same camera: {effect}; without it, the empty counter "
        "that the till of this data folder learned is used for pictures that show it",
    )


def _accuracy(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="write one JSON object")
    parser.add_argument("--days", type=_days, metavar="N", help="only the last N days, today included")
    parser.add_argument("--by-product", action="store_true", help="also products, most often missed first")


def _models(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--use", metavar="NAME", help="use this model from now on, at all tills")
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def _try_model(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="an installed model, as `models` shows it")
    parser.add_argument("--photos", type=_photos, metavar="N", help="at most so many (30)")
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def _privacy_purge(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--taught", action="store_true", help="also pictures that were shown to teach")
    parser.add_argument("--meter", action="store_true", help="also what the meter counted (no pictures)")
    parser.add_argument("--older-than", type=_days, metavar="DAYS", help="only what is older than this")


def _photos(text: str) -> int:
    return _between(text, 1, 10_000)


def _days(text: str) -> int:
    return _between(text, 1, 36_500)


def _products_import(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")
    parser.add_argument("--dry-run", action="store_true", help="check the file and change nothing")


def _products_export(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE.csv")


def _sales_list(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--day", type=_day, metavar="YYYY-MM-DD", help="only of this day, by this machine's calendar"
    )
    parser.add_argument(
        "--limit", type=_sales, default=_SALES_SHOWN, metavar="N", help="at most so many (50)"
    )
    parser.add_argument("--json", action="store_true", help="write one JSON object a line")


def _sales_show(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("number", type=_number, metavar="NUMBER", help="its receipt number")
    parser.add_argument("--json", action="store_true", help="write one JSON object")


def _sales(text: str) -> int:
    return _between(text, 1, 1_000_000)


def _number(text: str) -> int:
    return _between(text, 1, 2**63 - 1)


def _day(text: str) -> date:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is no day; write it like 2026-11-22") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise argparse.ArgumentTypeError(f"{text!r} is no day of a shop; write it like 2026-11-22")
    return day


def _backup_file(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", type=Path, metavar="FILE")
