"""What every screen must hold: its size, touch targets, names for assistive technology, no cut text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

_Part = TypeVar("_Part", bound=QWidget)
SIZES = ((1024, 600), (1280, 800), (1366, 768), (1920, 1080))
TARGET = 48


def content_size(size: tuple[int, int]) -> tuple[int, int]:
    """Return what the top bar leaves of a window."""
    width, height = size
    return width, height - (56 if width < 1200 or height < 680 else 64)


def show_at(widget: QWidget, size: tuple[int, int]) -> None:
    """Show a widget at exactly this size and let it settle."""
    widget.resize(*size)
    widget.show()
    QApplication.processEvents()


def faults(widget: QWidget) -> list[str]:
    """Return what is wrong with a widget that is shown."""
    return [*_size_faults(widget), *_target_faults(widget), *_name_faults(widget), *_text_faults(widget)]


def _size_faults(widget: QWidget) -> Iterator[str]:
    asked, needed = widget.size(), widget.minimumSizeHint()
    if needed.width() > asked.width() or needed.height() > asked.height():
        yield f"needs {needed.toTuple()} of {asked.toTuple()}"


def _target_faults(widget: QWidget) -> Iterator[str]:
    for button in _in_sight(widget, QAbstractButton):
        if button.width() < TARGET or button.height() < TARGET:
            yield f"{button.accessibleName()!r} is only {button.size().toTuple()}"


def _name_faults(widget: QWidget) -> Iterator[str]:
    for kind in (QAbstractButton, QLineEdit):
        for part in _in_sight(widget, kind):
            if not part.accessibleName():
                yield f"{kind.__name__} {part.objectName()!r} has no accessible name"


def _longest_word(text: QLabel) -> int:
    """Return how wide the widest part is that a row cannot break: of what is shown, not of what is said."""
    parts = QLabel.text(text).replace("\u200b", " ").split()
    return max((text.fontMetrics().horizontalAdvance(part) for part in parts), default=0)


def _text_faults(widget: QWidget) -> Iterator[str]:
    for text in _in_sight(widget, QLabel):
        needed = text.heightForWidth(text.width()) if text.wordWrap() else text.sizeHint().height()
        across = _longest_word(text) if text.wordWrap() else text.sizeHint().width()
        is_cut_across = across > text.width() + 1
        if text.text() and (needed > text.height() + 1 or is_cut_across):
            yield f"{text.text()!r} is cut: {text.size().toTuple()}"
    for button in _in_sight(widget, QAbstractButton):
        if button.text() and button.sizeHint().width() > button.width() + 1:
            yield f"{button.text()!r} does not fit its button"


def _in_sight(widget: QWidget, kind: type[_Part]) -> list[_Part]:
    return [part for part in widget.findChildren(kind) if part.isVisible()]
