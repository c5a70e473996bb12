"""A tinted box with an icon and a sentence: trouble, news or advice. Never colour alone."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, TARGET
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import IconLabel, label, restyle, row, set_tone

_KINDS = {Tone.FINE: "surebox", Tone.ASK: "askbox", Tone.STOP: "stopbox"}
_ICONS = {Tone.FINE: Icon.CHECK_CIRCLE, Tone.ASK: Icon.WARNING, Tone.STOP: Icon.WARNING_CIRCLE}
_TONES = {Tone.FINE: "sure", Tone.ASK: "ask", Tone.STOP: "stop"}


class Notice(QFrame):
    """Hidden while its text is empty.

    `keeps_lines`: it is never lower than its lines, for layouts that do not ask how high it is at its width.
    """

    def __init__(self, theme: Theme, tone: Tone, *, keeps_lines: bool = False) -> None:
        super().__init__()
        self._keeps_lines = keeps_lines
        self.setMinimumHeight(TARGET)
        self._icon = IconLabel(theme, _ICONS[tone], f"{_TONES[tone]}_text")
        self._text = label("", Role.STRONG, wrap=True)
        parts = row(self, (SPACE_L, SPACE_M, SPACE_L, SPACE_M), SPACE_M)
        parts.addWidget(self._icon)
        parts.addWidget(self._text, 1)
        self.set_tone(tone)
        self.hide()

    @property
    def text(self) -> str:
        """The sentence that is shown."""
        return self._text.text()

    def set_text(self, text: str) -> None:
        """Show the sentence, or hide with an empty one."""
        self._text.setText(text)
        self.setAccessibleName(text)
        has_its_width = self.isVisible()
        self.setVisible(bool(text))
        self.setMinimumHeight(self._needed() if has_its_width else TARGET)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep all lines in sight."""
        super().resizeEvent(event)
        self.setMinimumHeight(self._needed())

    def _needed(self) -> int:
        return max(TARGET, self.heightForWidth(self.width()) if self._keeps_lines and self.text else 0)

    def set_tone(self, tone: Tone) -> None:
        """Change what it means."""
        restyle(self, "kind", _KINDS[tone])
        set_tone(self._text, _TONES[tone])
        self._icon.set_icon(_ICONS[tone], f"{_TONES[tone]}_text")
