"""The page in place of everything else on a screen for which there is no layout."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SMALLEST
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import IconLabel, column, label, named


class TooSmall(QWidget):
    """Covers its parent. Keys end here: nobody sees what they would do."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("too_small")
        self.setProperty("kind", "page")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        centre = Qt.AlignmentFlag.AlignHCenter
        title = label(wording.TOO_SMALL_TITLE, Role.TITLE, wrap=True, align=centre)
        self._text = named(label("", Role.BODY, "2", wrap=True, align=centre), "too_small_text")
        parts = column(self, (16, 8, 16, 8))
        parts.addStretch()
        parts.addWidget(IconLabel(theme, Icon.WARNING, "ask_text", 48), 0, centre)
        parts.addWidget(title)
        parts.addWidget(self._text)
        parts.addStretch()
        self.hide()

    def follow(self, width: int, height: int) -> None:
        """Cover a window of this size when it is too small, and give it back when it is not."""
        is_small = width < SMALLEST[0] or height < SMALLEST[1]
        if is_small:
            self._text.setText(wording.too_small(width, height, *SMALLEST))
            self.setAccessibleName(f"{wording.TOO_SMALL_TITLE} {self._text.text()}")
            self.setGeometry(0, 0, width, height)
            self.raise_()
        self.setVisible(is_small)
        if is_small:
            self.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let no key through."""
        event.accept()
