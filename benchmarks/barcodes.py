"""How many barcodes are read in a folder of photographs, and what a read costs.

`python -m benchmarks.barcodes FOLDER`: pictures with the code in a `.txt` file beside each. Without one only
the drawn counter is measured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.detection import Sighting
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.camera.open_camera import sample_counter
from visionscan_kiosk.vision.pictures import decode_picture

Read = Callable[[Image], list[Sighting]]
_TURNS = (0, 15, 30, 45, 60, 110)


class _Reads(NamedTuple):
    """What a number of reads came to; `costs` are CPU milliseconds. Unjudged: nothing was to be read."""

    costs: list[float]
    right: int = 0
    wrong: int = 0
    is_judged: bool = True


def main(folders: Sequence[str]) -> None:
    reader = BarcodeReader()
    print(f"{'what':<44}{'read':>7}{'wrong':>7}{'mean':>7}{'median':>8}{'p95':>7}  CPU ms")
    for folder in folders:
        _photographs(Path(folder), reader)
    counter = sample_counter()
    frame = counter.render_still(["OATMILK001", "BUTTER002", "APPLE001"], 1)
    empty = counter.render_still([], 1)
    for what, seen in (("counter frame, three packs", frame), ("frame without a code", empty)):
        _print_row(f"1280x720 {what}, quickly", _unjudged(partial(reader.read_quickly, seen)))
        _print_row(f"1280x720 {what}, thoroughly", _unjudged(partial(reader.read, seen)))
    counter.place("MILK001")
    counter.render_frame()
    _print_row("draw a counter frame", _unjudged(counter.render_frame))


def _unjudged(act: Callable[[], object], rounds: int = 50) -> _Reads:
    return _Reads([_cost(act) for _ in range(rounds)], is_judged=False)


def _cost(act: Callable[[], object]) -> float:
    started = time.process_time()
    act()
    return (time.process_time() - started) * 1000


def _photographs(folder: Path, reader: BarcodeReader) -> None:
    pictures = [
        (
            np.asarray(cv2.imread(str(path)), np.uint8),
            normalise_barcode(path.with_suffix(".txt").read_text().strip()),
        )
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".png", ".jpg"} and path.with_suffix(".txt").exists()
    ]
    if not pictures:
        print(f"{folder}: no pictures with a .txt beside them, skipped")
        return
    for name, read in (("quickly", reader.read_quickly), ("thoroughly", reader.read)):
        total = _Reads([])
        for turn in _TURNS:
            reads = _read_all(read, pictures, turn)
            _print_row(f"{len(pictures)} photographs, {name}, {turn}°", reads)
            total = _Reads(total.costs + reads.costs, total.right + reads.right, total.wrong + reads.wrong)
        _print_row(f"{len(pictures)} photographs, {name}, all turns", total)


def _picture(path: Path) -> Image:
    return decode_picture(path.read_bytes(), max_bytes=100_000_000, max_pixels=100_000_000)


def _read_all(read: Read, pictures: Sequence[tuple[Image, str]], turn: int) -> _Reads:
    costs: list[float] = []
    right = wrong = 0
    for picture, code in pictures:
        turned = _turned(picture, turn)
        started = time.process_time()
        found = {normalise_barcode(seen.text) for seen in read(turned)}
        costs.append((time.process_time() - started) * 1000)
        right += code in found
        wrong += bool(found - {code})
    return _Reads(costs, right, wrong)


def _print_row(name: str, reads: _Reads) -> None:
    costs = np.array(reads.costs)
    share = f"{reads.right / len(costs):.3f}" if reads.is_judged else ""
    wrong = reads.wrong if reads.is_judged else ""
    median, late = np.percentile(costs, [50, 95])
    print(f"{name:<44}{share:>7}{wrong:>7}{costs.mean():>7.1f}{median:>8.1f}{late:>7.1f}")


def _turned(picture: Image, turn: int) -> Image:
    height, width = picture.shape[:2]
    side = int(np.hypot(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    if not turn:
        return picture
    return np.asarray(cv2.warpAffine(picture, matrix, (side, side), borderValue=(128, 128, 128)), np.uint8)


if __name__ == "__main__":
    main(sys.argv[1:])
