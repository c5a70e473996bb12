"""Brings the pictures that a painting wants: all together and a moment later, for a person comes first."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from PySide6.QtGui import QImage

from visionscan_kiosk.domain.errors import KioskError, Unavailable
from visionscan_kiosk.gui.flow.ports import Lane, TaskRunner
from visionscan_kiosk.gui.widgets.product_picture import PictureStore, decode

GATHER_S: Final = 0.08
"""Less than a glance. Read one by one at once, the first pictures cost the first code 15 ms."""

_LOG = logging.getLogger(__name__)


class PictureFetch:
    """Answers what `store` wants with what `read` gives; create and keep it in the GUI thread."""

    def __init__(self, tasks: TaskRunner, store: PictureStore, read: Callable[[UUID], bytes | None]) -> None:
        self._tasks = tasks
        self._store = store
        self._read = read
        self._wanted: deque[UUID] = deque()
        self._is_under_way = False
        store.wanted.connect(self._want)

    def _want(self, key: UUID) -> None:
        self._wanted.append(key)
        if not self._is_under_way:
            self._begin()

    def _begin(self) -> None:
        self._is_under_way = True
        self._tasks.run(Lane.PICTURES, self._gather, self._arrived, self._failed)

    def _gather(self) -> Sequence[tuple[UUID, QImage]]:
        """In the lane. What a database that is away did not give is read with what is wanted next."""
        time.sleep(GATHER_S)
        images: list[tuple[UUID, QImage]] = []
        while self._wanted:
            key = self._wanted.popleft()
            try:
                images.append((key, decode(self._read(key))))
            except KioskError as error:
                _LOG.warning("the picture %s could not be read: %s", key, error)
                if isinstance(error, Unavailable):
                    self._wanted.appendleft(key)
                    break
        return images

    def _arrived(self, images: Sequence[tuple[UUID, QImage]]) -> None:
        self._is_under_way = False
        for key, image in images:
            self._store.provide(key, image)
        if self._wanted and images:  # wanted while these were on their way
            self._begin()

    def _failed(self, error: KioskError) -> None:
        self._is_under_way = False
        _LOG.warning("pictures could not be read: %s", error)
