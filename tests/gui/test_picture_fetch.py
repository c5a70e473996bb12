"""Pictures come together, and one that cannot be read keeps no other one away."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event
from uuid import UUID, uuid4

import pytest
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from visionscan_kiosk.domain.errors import DatabaseUnavailable, NotFound
from visionscan_kiosk.gui.flow.ports import Lane
from visionscan_kiosk.gui.picture_fetch import PictureFetch
from visionscan_kiosk.gui.task_runner import LaneRunner
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.product_picture import PictureStore


def encoded() -> bytes:
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    image.save(buffer, "PNG")  # type: ignore[call-overload] # takes a device, too
    return bytes(buffer.data().data())


class Shelf:
    """Where pictures are read."""

    def __init__(self) -> None:
        self.data = encoded()
        self.read: list[UUID] = []
        self.failures: dict[UUID, Exception] = {}

    def get(self, key: UUID) -> bytes:
        self.read.append(key)
        if key in self.failures:
            raise self.failures[key]
        return self.data


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def lanes(qtbot: QtBot) -> Iterator[LaneRunner]:
    made = LaneRunner()
    yield made
    made.close()


@pytest.fixture
def store(theme: Theme, lanes: LaneRunner, shelf: Shelf) -> Iterator[PictureStore]:
    made = PictureStore(theme)
    fetch = PictureFetch(lanes, made, shelf.get)
    yield made
    del fetch


def want(qtbot: QtBot, store: PictureStore, lanes: LaneRunner, keys: list[UUID]) -> None:
    for key in keys:
        store.wanted.emit(key)
    qtbot.waitUntil(lambda: lanes.is_idle(Lane.PICTURES))


def arrived(store: PictureStore, keys: list[UUID]) -> list[bool]:
    return [key in store._images and not store._images[key].isNull() for key in keys]


def test_what_is_wanted_together_comes_with_one_task(
    qtbot: QtBot, store: PictureStore, lanes: LaneRunner, shelf: Shelf
) -> None:
    keys = [uuid4() for _ in range(9)]
    for key in keys:
        store.wanted.emit(key)
    assert lanes._under_way[Lane.PICTURES] == 1
    qtbot.waitUntil(lambda: lanes.is_idle(Lane.PICTURES))

    assert shelf.read == keys
    assert arrived(store, keys) == [True] * 9
    want(qtbot, store, lanes, [more := uuid4()])
    assert arrived(store, [more]) == [True]


def test_one_that_cannot_be_read_keeps_no_other_away(
    qtbot: QtBot, store: PictureStore, lanes: LaneRunner, shelf: Shelf
) -> None:
    keys = [uuid4() for _ in range(3)]
    shelf.failures[keys[1]] = NotFound("gone")
    want(qtbot, store, lanes, keys)

    assert arrived(store, keys) == [True, False, True]


def test_what_a_database_that_is_away_did_not_give_comes_later(
    qtbot: QtBot, store: PictureStore, lanes: LaneRunner, shelf: Shelf
) -> None:
    keys = [uuid4() for _ in range(3)]
    shelf.failures[keys[1]] = DatabaseUnavailable("away")
    want(qtbot, store, lanes, keys)
    assert arrived(store, keys) == [True, False, False]

    shelf.failures.clear()
    want(qtbot, store, lanes, [more := uuid4()])
    assert arrived(store, [*keys, more]) == [True] * 4


def test_what_is_wanted_while_others_are_on_their_way_is_not_forgotten(
    qtbot: QtBot, store: PictureStore, lanes: LaneRunner, shelf: Shelf
) -> None:
    first, second = uuid4(), uuid4()
    store.wanted.emit(first)
    is_read = Event()
    lanes.run(Lane.PICTURES, is_read.set, lambda _: None, lambda _: None)
    is_read.wait()  # the lane ended it; its answer waits for the GUI
    store.wanted.emit(second)
    qtbot.waitUntil(lambda: lanes.is_idle(Lane.PICTURES))

    assert arrived(store, [first, second]) == [True, True]
