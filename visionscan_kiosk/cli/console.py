"""What the command line writes: sentences and progress to stderr, results to stdout."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager

from visionscan_kiosk.settings import KioskSettings

Command = Callable[[argparse.Namespace, KioskSettings], int]


def say(sentence: str) -> None:
    """Tell the person something; results never go this way."""
    sys.stderr.write(f"{sentence}\n")


def put(line: str) -> None:
    """Write one line of result; what the terminal's encoding lacks is written as an escape."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(line.encode(encoding, "backslashreplace").decode(encoding) + "\n")


def put_json(record: Mapping[str, object]) -> None:
    """Write one JSON object as one line and hand it over at once, for whoever reads the pipe."""
    line = json.dumps(record, ensure_ascii=False)
    put(line if _can_be_written(line) else json.dumps(record))
    sys.stdout.flush()


def _can_be_written(text: str) -> bool:
    """Whether stdout takes the text as it is; a file's name that is not UTF-8 fits nowhere."""
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


@contextmanager
def progress_bar(title: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on stderr when that is a terminal; yield `show(done, total)`."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(title), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task(title, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
