"""Trouble that stays: what happened, what still works, at most two things to do."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QSizePolicy

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import BannerView, Tone
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    IconLabel,
    column,
    label,
    named,
    restyle,
    row,
    set_tone,
)

_KINDS = {Tone.FINE: "surebox", Tone.ASK: "askbox", Tone.STOP: "stopbox"}
_INKS = {Tone.FINE: "sure", Tone.ASK: "ask", Tone.STOP: "stop"}
_ICONS = {Tone.FINE: Icon.CHECK_CIRCLE, Tone.ASK: Icon.WARNING, Tone.STOP: Icon.WARNING_CIRCLE}


class Banner(QFrame):
    """One at a time, under the search field; never over the picture."""

    action_requested = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: BannerView | None = None
        self.setProperty("kind", "askbox")
        self.setMinimumHeight(72)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self._icon = IconLabel(theme, Icon.WARNING, "ask_text", 32)
        self._title = named(label("", Role.STRONG, wrap=True), "banner_title")
        self._text = named(label("", Role.BODY, wrap=True), "banner_text")
        self._buttons: list[Button] = []
        words = column(spacing=0)
        words.addStretch()
        words.addWidget(self._title)
        words.addWidget(self._text)
        words.addStretch()
        self._parts = row(self, (SPACE_L, SPACE_S, SPACE_M, SPACE_S), SPACE_M)
        self._parts.addWidget(self._icon)
        self._parts.addLayout(words, 1)
        self.hide()

    def show_view(self, view: BannerView | None) -> None:
        """Show this trouble, or nothing."""
        if view == self._view:
            return
        before, self._view = self._view, view
        self.setVisible(view is not None)
        if view is None:
            return
        restyle(self, "kind", _KINDS[view.tone])
        self._icon.set_icon(_ICONS[view.tone], f"{_INKS[view.tone]}_text")
        self._title.setText(view.title)
        set_tone(self._title, _INKS[view.tone])
        self._text.setText(view.text)
        self._text.setVisible(bool(view.text))
        self.setAccessibleName(f"{view.title} {view.text}")
        if before is None or before.actions != view.actions:
            self._show_actions(view.actions)

    def _show_actions(self, actions: tuple[tuple[str, str], ...]) -> None:
        for old in self._buttons:
            self._parts.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = []
        for name, text in actions:
            made = named(Button(self._theme, text, ButtonKind.OUTLINED), f"banner_{name}")
            made.clicked.connect(partial(self._act, name))
            self._parts.addWidget(made)
            self._buttons.append(made)

    def _act(self, name: str) -> None:
        self.action_requested.emit(name)
