"""What hides the empty counter in one look, asked for by place: most blobs are far from most pieces."""

from __future__ import annotations

from collections.abc import Sequence

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.countertop import SAME_BOX
from visionscan_kiosk.domain.recognition.piece import Piece, Spot

CELL = 128  # pixels a side; most things cover one to four cells
LAST = 31  # what is farther out is in the last cell as well: an absurd box must not cost more

_Cells = dict[tuple[int, int], list[int]]


class Blobs:
    """The blobs beside the pieces of one moment: where the pieces lie must not change meanwhile."""

    def __init__(self, covered: Sequence[Box], pieces: Sequence[Piece]) -> None:
        self.covered, self._pieces = tuple(covered), tuple(pieces)
        self._blob_cells: _Cells = _cells(self.covered)
        self._piece_cells: _Cells | None = None
        self._pieces_at: dict[Box, list[Piece]] = {}

    def at(self, place: Box) -> list[tuple[Box, int]]:
        """Return the blobs at a place, each with the pixels that both cover."""
        near = (self.covered[number] for number in _near(self._blob_cells, place))
        return [(blob, common) for blob in near if (common := blob.common_area(place))]

    def pieces_at(self, blob: Box) -> list[Piece]:
        """Return the pieces whose place shares pixels with a blob."""
        found = self._pieces_at.get(blob)
        if found is None:
            if self._piece_cells is None:
                self._piece_cells = _cells([piece.place for piece in self._pieces])
            near = (self._pieces[number] for number in _near(self._piece_cells, blob))
            found = self._pieces_at[blob] = [piece for piece in near if blob.common_area(piece.place)]
        return found

    def is_owned(self, blob: Box, piece: Piece) -> bool:
        """Whether the blob is another piece, seen in its place."""
        others = (other for other in self.pieces_at(blob) if other is not piece and other.spot is Spot.SURE)
        return any(other.place.overlap(blob) > SAME_BOX for other in others)


def _cells(boxes: Sequence[Box]) -> _Cells:
    cells: _Cells = {}
    for number, box in enumerate(boxes):
        for cell in _covered(box):
            cells.setdefault(cell, []).append(number)
    return cells


def _near(cells: _Cells, box: Box) -> list[int]:
    """Return the numbers of what shares a cell with a box, each once, in their order."""
    found = [numbers for cell in _covered(box) if (numbers := cells.get(cell))]
    return found[0] if len(found) == 1 else sorted({number for numbers in found for number in numbers})


def _covered(box: Box) -> list[tuple[int, int]]:
    x, y, width, height = box
    down = range(_cell(y), _cell(y + height) + 1)
    return [(column, row) for column in range(_cell(x), _cell(x + width) + 1) for row in down]


def _cell(pixels: int) -> int:
    return min(max(pixels // CELL, 0), LAST)
