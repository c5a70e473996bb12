"""The strip above every screen: whose till it is, how its parts are, the time, the menu."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFontMetrics, QResizeEvent
from PySide6.QtWidgets import QFrame

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import BASE, SPACE_S, SPACE_XS, ScreenMetrics
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font
from visionscan_kiosk.gui.views import TopBarView
from visionscan_kiosk.gui.widgets.basics import (
    Button,
    ButtonKind,
    column,
    label,
    mirrored_margins,
    named,
    row,
)
from visionscan_kiosk.gui.widgets.logo import Logo
from visionscan_kiosk.gui.widgets.status_chip import StatusChip


class TopBar(QFrame):
    """Shows a `TopBarView`. Too narrow: fine chips lose their words first, then the clock goes."""

    menu_requested = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view = TopBarView("", "", (), "")
        self._metrics = BASE
        self._chips: list[StatusChip] = []
        self.setProperty("kind", "bar")
        self._shop = label("", Role.STRONG)
        self._till = label("", Role.DETAIL, "2")
        self._clock = named(label("", Role.STRONG, "2"), "clock")
        self._menu = named(Button(theme, "", ButtonKind.PLAIN, Icon.MENU, name="Menu"), "menu")
        self._menu.clicked.connect(self.menu_requested)
        self._parts = row(self)
        names = column(spacing=0)
        names.addStretch()
        names.addWidget(self._shop)
        names.addWidget(self._till)
        names.addStretch()
        self._parts.addWidget(Logo(theme))
        self._parts.addSpacing(SPACE_XS)
        self._parts.addLayout(names)
        self._parts.addStretch(1)
        self._chip_row = row()
        self._parts.addLayout(self._chip_row)
        self._parts.addSpacing(SPACE_S)
        self._parts.addWidget(self._clock, 0, Qt.AlignmentFlag.AlignVCenter)
        self._parts.addSpacing(SPACE_XS)
        self._parts.addWidget(self._menu)
        self.set_metrics(BASE)

    def show_view(self, view: TopBarView) -> None:
        """Show this state."""
        self._view = view
        self._shop.setText(view.shop_name)
        self._till.setText(view.till_name)
        self._till.setVisible(bool(view.till_name))
        self._clock.setText(view.clock_text)
        while len(self._chips) < len(view.chips):
            self._chips.append(StatusChip(self._theme))
            self._chip_row.addWidget(self._chips[-1])
        self._fit()

    def set_metrics(self, metrics: ScreenMetrics) -> None:
        """Use another layout's measures."""
        self._metrics = metrics
        self.setFixedHeight(metrics.top_bar)
        self._parts.setContentsMargins(mirrored_margins(metrics.margin, 0, SPACE_S, 0))
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find out again what there is room for."""
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        room = self._room_for_chips()
        has_words = not self._metrics.is_compact and self._words_width() <= room
        for place, chip in enumerate(self._chips):
            chip.setVisible(place < len(self._view.chips))
            if place < len(self._view.chips):
                chip.show_view(self._view.chips[place], has_room=has_words)
        used = sum(chip.width() + SPACE_S for chip in self._chips if not chip.isHidden())
        self._clock.setVisible(used <= room)

    def _room_for_chips(self) -> int:
        strong = QFontMetrics(font(Role.STRONG))
        names = max(
            strong.horizontalAdvance(self._view.shop_name),
            QFontMetrics(font(Role.DETAIL)).horizontalAdvance(self._view.till_name),
        )
        fixed = 40 + 48 + 8 * SPACE_S + self._metrics.margin + SPACE_S
        return self.width() - fixed - names - strong.horizontalAdvance(self._view.clock_text)

    def _words_width(self) -> int:
        metrics = QFontMetrics(font(Role.LABEL))
        return sum(metrics.horizontalAdvance(chip.text) + 64 for chip in self._view.chips)
