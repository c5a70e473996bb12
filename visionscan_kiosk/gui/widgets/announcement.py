"""One sentence over whatever is in front, for some seconds: what became of a code. It takes no taps."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.metrics import SPACE_S, TARGET
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import column, named
from visionscan_kiosk.gui.widgets.notice import Notice

SHOWN_MS: Final = 6000
_WIDEST: Final = 720


class Announcement(QWidget):
    """Hangs from the top edge of its parent, over dialogs too; a second sentence replaces the first."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._parent = parent
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._notice = named(Notice(theme, Tone.ASK), "announcement")
        column(self).addWidget(self._notice)
        self._ends = QTimer(self)
        self._ends.setSingleShot(True)
        self._ends.timeout.connect(self.hide)
        parent.installEventFilter(self)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence in sight, empty when there is none."""
        return "" if self.isHidden() else self._notice.text

    def show_text(self, sentence: str, tone: Tone = Tone.ASK) -> None:
        """Show a sentence for a while; without one the bar goes."""
        self._notice.set_tone(tone)
        self.setVisible(bool(sentence))
        self._notice.set_text(sentence)
        self._place()
        self.raise_()
        self._ends.start(SHOWN_MS)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the size of the parent."""
        if watched is self._parent and event.type() is QEvent.Type.Resize and self.isVisible():
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        whole = self._parent.width()
        width = min(_WIDEST, whole - 2 * SPACE_S)
        height = max(TARGET, self._notice.heightForWidth(width))
        self.setGeometry((whole - width) // 2, SPACE_S, width, height)
