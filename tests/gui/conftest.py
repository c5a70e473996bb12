"""What every test of the screens has: a dressed application and an eye on what it leaves behind."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import Any

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot
from shiboken6 import Shiboken

from tests.waiting import PATIENCE_S
from visionscan_kiosk.gui.garbage import GarbageCollector
from visionscan_kiosk.gui.theme.palette import DARK, LIGHT
from visionscan_kiosk.gui.theme.theme import Theme

PATIENCE_MS = round(1000 * PATIENCE_S)


class PatientBot(QtBot):
    """pytest-qt's own waits end after five seconds, which says something about the machine only."""

    def waitUntil(  # noqa: N802 - named like the one it replaces
        self, callback: Callable[[], object], *, timeout: int = PATIENCE_MS
    ) -> None:
        super().waitUntil(callback, timeout=timeout)

    def waitSignal(  # noqa: N802 - as above
        self, signal: Any, *, timeout: int = PATIENCE_MS, **more: Any
    ) -> Any:
        return super().waitSignal(signal, timeout=timeout, **more)

    def waitSignals(  # noqa: N802 - as above
        self, signals: Any, *, timeout: int = PATIENCE_MS, **more: Any
    ) -> Any:
        return super().waitSignals(signals, timeout=timeout, **more)


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's hands and eyes, with more patience."""
    return PatientBot(request)


@pytest.fixture
def theme(qapp: QApplication) -> Iterator[Theme]:
    """The light theme on the running application, undone afterwards."""
    made = Theme(LIGHT)
    made.apply(qapp)
    yield made
    qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)


@pytest.fixture(params=["light", "dark"])
def either_theme(request: pytest.FixtureRequest, theme: Theme) -> Theme:
    """The test runs twice: in light and in dark."""
    theme.set_palette(DARK if request.param == "dark" else LIGHT)
    return theme


@pytest.fixture
def right_to_left(theme: Theme, qapp: QApplication) -> Theme:
    """The theme in an application that reads from right to left."""
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    return theme


@pytest.fixture(scope="package")
def _collector() -> Iterator[GarbageCollector]:
    collector = GarbageCollector()
    yield collector
    collector.stop()


@pytest.fixture(autouse=True)
def _garbage_is_collected_here(_collector: GarbageCollector) -> Iterator[None]:
    """As in the till: widgets of former tests are not taken apart by a thread of this one."""
    yield
    _collector.collect_due()


@pytest.fixture(autouse=True)
def _nothing_is_left_behind() -> Iterator[None]:
    """Fail a test that leaves a window, a running timer or a running thread."""
    before = _windows()
    yield
    if QApplication.instance() is None:
        return
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    left = [window for window in _windows() - before if Shiboken.isValid(window) and window.isVisible()]
    names = [f"{type(window).__name__} {window.objectName()}" for window in left]
    running = [type(child).__name__ for child in _children_of_application() if _runs(child)]
    assert not names, f"windows were left open: {names}"
    assert not running, f"still running: {running}"


def _windows() -> set[QWidget]:
    return set(QApplication.topLevelWidgets()) if QApplication.instance() is not None else set()


def _children_of_application() -> list[QObject]:
    application = QApplication.instance()
    return application.findChildren(QObject) if application is not None else []


def _runs(child: QObject) -> bool:
    if isinstance(child, QTimer):
        return child.isActive()
    return isinstance(child, QThread) and child.isRunning()
