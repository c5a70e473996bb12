"""The panel that says in big figures what goes back, or what is still missing."""

from __future__ import annotations

from PySide6.QtWidgets import QFrame, QSizePolicy

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import PayView
from visionscan_kiosk.gui.widgets.basics import IconLabel, label, named, restyle, row, set_tone
from visionscan_kiosk.gui.widgets.fitted import FittedAmount

_ROOMY, _TIGHT = 88, 64
_ROLES = (Role.HERO, Role.CHANGE, Role.TOTAL, Role.HEAD, Role.TITLE)


class AmountPanel(QFrame):
    """Green with the change, yellow with what is missing; the words say which."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("change_panel")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._icon = IconLabel(theme, Icon.COIN, "sure_text", 32)
        self._words = named(label("Change", Role.TITLE, "sure", wrap=True), "change_words")
        self._figure = named(FittedAmount(_ROLES), "change_figure")
        parts = row(self, (SPACE_L, 0, SPACE_L, 0), SPACE_M)
        parts.addWidget(self._icon)
        parts.addWidget(self._words, 1)
        parts.addWidget(self._figure)
        self.set_roomy(roomy=True)

    def set_roomy(self, *, roomy: bool) -> None:
        """Choose the size of the figure; the panel takes all the height it is given."""
        self.setMinimumHeight(_ROOMY if roomy else _TIGHT)
        self._figure.set_roles(_ROLES if roomy else _ROLES[1:])

    def show_view(self, view: PayView) -> None:
        """Show change, lack, or that the sum is exact."""
        is_missing = bool(view.missing_text)
        words = view.missing_text or ("Change" if view.change_text else "No change to give")
        self._words.setText(words)
        self._figure.setText(view.change_text)
        self._figure.setVisible(bool(view.change_text))
        self.setAccessibleName(f"{words} {view.change_text}".strip())
        restyle(self, "kind", "askbox" if is_missing else "surebox")
        tone = "ask" if is_missing else "sure"
        set_tone(self._words, tone)
        set_tone(self._figure, tone)
        self._icon.set_icon(Icon.HOURGLASS if is_missing else Icon.COIN, f"{tone}_text")
