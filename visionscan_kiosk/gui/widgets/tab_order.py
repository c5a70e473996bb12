"""The order of Tab: as things are laid out, also those that came later, which Qt would put at the end."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLayout, QScrollArea, QWidget


def tab_stops(root: QWidget) -> list[QWidget]:
    """Return what Tab reaches inside `root`, in the order in which it is read and used."""
    return [widget for widget in _in_order(root) if widget is not root and _is_stop(widget)]


def walk(stops: list[QWidget], *, forward: bool) -> bool:
    """Give the focus to the next of these, round and round; return False when there are none."""
    if not stops:
        return False
    focused = QApplication.focusWidget()
    place = stops.index(focused) if focused in stops else (-1 if forward else 0)
    reason = Qt.FocusReason.TabFocusReason if forward else Qt.FocusReason.BacktabFocusReason
    stops[(place + (1 if forward else -1)) % len(stops)].setFocus(reason)
    return True


def _is_stop(widget: QWidget) -> bool:
    is_reached = bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus)
    return is_reached and widget.isVisible() and widget.isEnabled()


def _in_order(widget: QWidget) -> Iterator[QWidget]:
    if widget.isHidden():
        return
    yield widget
    if isinstance(widget, QScrollArea):
        content = widget.widget()
        if content is not None:
            yield from _in_order(content)
        return
    layout = widget.layout()
    laid_out = list(_widgets_of(layout)) if layout is not None else []
    for part in laid_out:
        yield from _in_order(part)
    others = (part for part in widget.children() if isinstance(part, QWidget) and part not in laid_out)
    for part in sorted(others, key=lambda one: (one.y(), one.x())):
        yield from _in_order(part)


def _widgets_of(layout: QLayout) -> Iterator[QWidget]:
    """Return the widgets of a layout and of those inside it; a grid's were added row by row."""
    for place in range(layout.count()):
        item = layout.itemAt(place)
        widget, inner = (item.widget(), item.layout()) if item is not None else (None, None)
        if widget is not None:
            yield widget
        elif inner is not None:
            yield from _widgets_of(inner)
