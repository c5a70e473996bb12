"""How many barcodes are read in a folder of photographs, and what a read costs.

`python -m benchmarks.barcodes FOLDER`: pictures with the code in a `.txt` file beside each. Without one only
the drawn counter is measured.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import cv2
import numpy as np

from visionscan_kiosk.domain.barcode import normalise_barcode
from visionscan_kiosk.domain.detection import Sighting
from visionscan_kiosk.services.ports import Image
from visionscan_kiosk.vision.barcodes import BarcodeReader
from visionscan_kiosk.vision.camera.open_camera import sample_counter

Read = Callable[[Image], list[Sighting]]
_TURNS = (0, 15, 30, 45, 60, 110)


def main(folders: Sequence[str]) -> None:
    reader = BarcodeReader()
    print(f"{'what':<34}{'read':>8}{'wrong':>8}{'CPU ms':>9}")
    for folder in folders:
        _photographs(Path(folder), reader)
    counter = sample_counter()
    frame = counter.render_still(["OATMILK001", "BUTTER002", "APPLE001"], 1)
    for name, read in (("quickly", reader.read_quickly), ("thoroughly", reader.read)):
        print(f"{'one 1280x720 counter frame, ' + name:<34}{'':>16}{_cost(read, frame):>9.1f}")
    counter.place("MILK001")
    counter.render_frame()
    print(f"{'draw a counter frame':<34}{'':>16}{_cost(lambda _: _drawn(counter.render_frame), frame):>9.1f}")


def _drawn(render: Callable[[], Image]) -> list[Sighting]:
    render()
    return []


def _cost(read: Read, frame: Image, rounds: int = 50) -> float:
    started = time.process_time()
    for _ in range(rounds):
        read(frame)
    return (time.process_time() - started) * 1000 / rounds


def _photographs(folder: Path, reader: BarcodeReader) -> None:
    pictures = [
        (cv2.imread(str(path)), normalise_barcode(path.with_suffix(".txt").read_text().strip()))
        for path in sorted(folder.rglob("*"))
        if path.suffix in {".png", ".jpg"} and path.with_suffix(".txt").exists()
    ]
    if not pictures:
        print(f"{folder}: no pictures with a .txt beside them, skipped")
        return
    for name, read in (("quickly", reader.read_quickly), ("thoroughly", reader.read)):
        for turn in _TURNS:
            _table_row(f"{len(pictures)} photographs, {name}, {turn}°", read, pictures, turn)


def _table_row(name: str, read: Read, pictures: Sequence[tuple[Image, str]], turn: int) -> None:
    right = wrong = 0
    started = time.process_time()
    for picture, code in pictures:
        found = {normalise_barcode(seen.text) for seen in read(_turned(picture, turn))}
        right += code in found
        wrong += bool(found - {code})
    cost = (time.process_time() - started) * 1000 / len(pictures)
    print(f"{name:<34}{right / len(pictures):>8.3f}{wrong:>8}{cost:>9.1f}")


def _turned(picture: Image, turn: int) -> Image:
    height, width = picture.shape[:2]
    side = int(np.hypot(height, width))
    matrix = cv2.getRotationMatrix2D((width / 2, height / 2), turn, 1.0)
    matrix[:, 2] += (side - width) / 2, (side - height) / 2
    return cv2.warpAffine(picture, matrix, (side, side), borderValue=(128, 128, 128)) if turn else picture


if __name__ == "__main__":
    main(sys.argv[1:])
