"""The manager's page of names: what the till learned, and which products are easily confused."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from visionscan_kiosk.gui import wording
from visionscan_kiosk.gui.manager_views import ConfusedNamesView, LearnedNameView, NamesView
from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_L, SPACE_M, SPACE_S, SPACE_XL
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import Tone
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, frame, label, named, row
from visionscan_kiosk.gui.widgets.drag_area import DragArea
from visionscan_kiosk.gui.widgets.notice import Notice


class NamesPanel(QFrame):
    """Shows a `NamesView`. `forgotten` carries product and name, `product_chosen` the product to open."""

    forgotten = Signal(object, str)
    product_chosen = Signal(object)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._view: NamesView | None = None
        self.setProperty("kind", "card")
        self.setObjectName("names_panel")
        self._message = named(Notice(theme, Tone.FINE), "names_message")
        self._trouble = named(Notice(theme, Tone.STOP), "names_trouble")
        self._list = DragArea("Names")
        parts = column(self, (SPACE_L, SPACE_L, SPACE_L, SPACE_L), SPACE_M)
        parts.addWidget(self._message)
        parts.addWidget(self._trouble)
        parts.addWidget(self._list, 1)

    def show_view(self, view: NamesView) -> None:
        """Show both lists."""
        self._message.set_text(view.message)
        self._trouble.set_text(view.trouble)
        if view != self._view:
            self._view = view
            self._list.setWidget(self._make_lists(view))

    def _make_lists(self, view: NamesView) -> QWidget:
        holder = QWidget()
        parts = column(holder, spacing=SPACE_S)
        parts.addWidget(label("Learned names", Role.TITLE))
        for learned in view.learned:
            parts.addWidget(self._learned_row(learned))
        self._say_empty(parts, wording.NOTHING_LEARNED, is_empty=not view.learned and not view.is_loading)
        parts.addSpacing(SPACE_XL)
        parts.addWidget(label("Easily confused", Role.TITLE))
        for confused in view.confused:
            parts.addWidget(self._confused_row(confused))
        self._say_empty(parts, wording.NOTHING_CONFUSED, is_empty=not view.confused and not view.is_loading)
        parts.addStretch(1)
        return holder

    def _say_empty(self, parts: QVBoxLayout, text: str, *, is_empty: bool) -> None:
        if is_empty:
            parts.addWidget(_words(text, Role.BODY, "2"))

    def _learned_row(self, view: LearnedNameView) -> QWidget:
        made = frame("subtle")
        parts = row(made, (SPACE_L, SPACE_S, SPACE_S, SPACE_S), SPACE_M)
        words = column(spacing=0)
        words.addWidget(_words(f"“{view.alias}”", Role.STRONG))
        words.addWidget(_words(view.product_name, Role.DETAIL, "2"))
        remove = named(Button(self._theme, "Remove", ButtonKind.OUTLINED, Icon.DELETE), "name_forget")
        remove.setAccessibleName(f"Remove “{view.alias}” from {view.product_name}")
        remove.clicked.connect(partial(self.forgotten.emit, view.product_id, view.alias))
        parts.addLayout(words, 1)
        parts.addWidget(remove)
        return made

    def _confused_row(self, view: ConfusedNamesView) -> QWidget:
        made = frame("subtle")
        parts = row(made, (SPACE_L, SPACE_S, SPACE_S, SPACE_S), SPACE_M)
        words = column(spacing=0)
        words.addWidget(_words(view.names, Role.STRONG))
        words.addWidget(_words(view.reason, Role.DETAIL, "2"))
        words.addWidget(_words(view.advice, Role.DETAIL))
        change = named(Button(self._theme, "Open", ButtonKind.OUTLINED, Icon.EDIT), "name_open")
        change.setAccessibleName(f"Open. {view.advice}")
        change.clicked.connect(partial(self.product_chosen.emit, view.product_id))
        parts.addLayout(words, 1)
        parts.addWidget(change)
        return made


def _words(text: str, role: Role, tone: str = "") -> QLabel:
    return label(text, role, tone, wrap=True)
