"""A reader of labels for tests that are not about reading: what stands on a thing follows from its colour."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.services.label_ports import LabelLine, LabelText
from visionscan_kiosk.services.label_reading import LabelService
from visionscan_kiosk.services.ports import Image, UnitOfWorkFactory
from visionscan_kiosk.vision.photos import JpegPhotos

_SAME_COLOUR = 25


class FakeLabelReader:
    """`print_on` says what stands on things of a colour; is not there before anything does."""

    def __init__(self) -> None:
        self.name = "fake-reader"
        self.pictures_read = 0
        self.error: Exception | None = None
        self._printed: list[tuple[tuple[int, int, int], str]] = []

    @property
    def is_available(self) -> bool:
        return bool(self._printed)

    def print_on(self, colour: tuple[int, int, int], text: str) -> None:
        self._printed.append((colour, text))

    def read(self, image: Image) -> LabelText:
        self.pictures_read += 1
        if self.error is not None:
            raise self.error
        if image.size == 0:
            raise InvalidInput("no pixels")
        mean = image.reshape(-1, 3).mean(axis=0)
        texts = [text for colour, text in self._printed if np.abs(mean - colour).max() < _SAME_COLOUR]
        lines = [line for text in texts for line in text.splitlines()]
        return LabelText(
            tuple(LabelLine(line, 0.95, Box(0, 20 * place, 90, 18)) for place, line in enumerate(lines))
        )


def build_labels(
    unit_of_work: UnitOfWorkFactory, reader: FakeLabelReader, wants: Callable[[], bool]
) -> LabelService:
    """What is to be done in the background is done at once."""
    return LabelService(unit_of_work, reader, JpegPhotos(), lambda work: work(), wants, pause_s=0)
