"""What stands where nothing is yet: a drawing, one title, one sentence."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.widgets.basics import IconLabel, column, label


class EmptyState(QWidget):
    """Centred in its place; `set_text` changes the words."""

    def __init__(self, theme: Theme, icon: Icon, title: str, sentence: str, icon_size: int = 88) -> None:
        super().__init__()
        centre = Qt.AlignmentFlag.AlignHCenter
        self._title = label(title, Role.TITLE, wrap=True, align=centre)
        self._sentence = label(sentence, Role.BODY, "2", wrap=True, align=centre)
        parts = column(self, (24, 8, 24, 8))
        parts.addStretch()
        parts.addWidget(IconLabel(theme, icon, "text2", icon_size), 0, centre)
        parts.addWidget(self._title)
        parts.addWidget(self._sentence)
        parts.addStretch()

    def set_text(self, title: str, sentence: str = "") -> None:
        """Say something else."""
        self._title.setText(title)
        self._sentence.setText(sentence)
        self._sentence.setVisible(bool(sentence))
