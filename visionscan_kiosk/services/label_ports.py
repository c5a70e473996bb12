"""What reading labels needs from vision, as a Protocol and plain values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.text import is_text
from visionscan_kiosk.services.ports import Image

LONGEST_LABEL = 2000
"""Characters of a label that are kept."""


@dataclass(frozen=True, slots=True)
class LabelLine:
    """Words that stand together on a package. `confidence`: 0..1; `box`: where, in picture pixels."""

    text: str
    confidence: float
    box: Box


@dataclass(frozen=True, slots=True)
class LabelText:
    """What can be read in a picture, from top to bottom; without lines nothing can."""

    lines: tuple[LabelLine, ...] = ()

    @property
    def text(self) -> str:
        """The lines one below the other, as they are kept: at most 2,000 characters, all printable."""
        printable = ("".join(filter(is_text, line.text)).strip() for line in self.lines)
        return "\n".join(filter(None, printable))[:LONGEST_LABEL].strip()


class LabelReader(Protocol):
    """Reads what is printed on things. Safe to use from several threads."""

    @property
    def name(self) -> str:
        """Name and version of what reads."""

    @property
    def is_available(self) -> bool:
        """Whether labels can be read at all; asking loads nothing."""

    def read(self, image: Image) -> LabelText:
        """Return what can be read, whichever way up, in up to about a second.

        Raises InvalidInput for a picture without pixels, LabelsUnavailable where nothing is installed.
        """
