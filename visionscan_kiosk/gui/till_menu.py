"""The till's menu: a dialog with one big button for each thing that can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QBoxLayout, QWidget

from visionscan_kiosk.gui.theme.metrics import TARGET, TARGET_FIELD
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import MenuView
from visionscan_kiosk.gui.widgets.basics import Button, ButtonKind, column, label, named, rule
from visionscan_kiosk.gui.widgets.dialog import Dialog


class MenuDialog(Dialog):
    """Shows a `MenuView`; a tap on a button is one signal with its name."""

    action_chosen = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, "")
        self.setObjectName("menu_dialog")
        self._text = named(label("", Role.BODY, wrap=True), "menu_text")
        self._buttons: list[Button] = []
        self._list = column()
        self._apart = rule()
        self._endings = column()
        self.body.addWidget(self._text)
        self.body.addLayout(self._list)
        self.body.addWidget(self._apart)
        self.body.addLayout(self._endings)
        self.set_footer_visible(visible=False)

    def show_view(self, view: MenuView) -> None:
        """Show this page of the menu and open the dialog."""
        self.title.setText(view.title)
        self.setAccessibleName(view.title)
        self._text.setText(view.text)
        self._text.setVisible(bool(view.text))
        self._clear()
        self._buttons = [
            *(self._make(self._list, name, text) for name, text in view.actions),
            *(self._make(self._endings, name, text, ButtonKind.DANGER) for name, text in view.endings),
        ]
        self._apart.setVisible(bool(view.endings))
        self.open()
        for button in self._buttons:
            button.show()
        self._place_card()  # what has just been put in is measured only when it is in sight

    def place_focus(self) -> None:
        """The first entry gets the focus."""
        if self._buttons:
            self._buttons[0].setFocus()

    def _clear(self) -> None:
        for old in self._buttons:
            for entries in (self._list, self._endings):
                entries.removeWidget(old)
            old.hide()
            old.deleteLater()

    def _make(
        self, entries: QBoxLayout, name: str, text: str, kind: ButtonKind = ButtonKind.NORMAL
    ) -> Button:
        height = TARGET if self.is_short else TARGET_FIELD
        made = named(Button(self._theme, text, kind, height=height, role=Role.TITLE), f"menu_{name}")
        made.clicked.connect(partial(self.action_chosen.emit, name))
        entries.addWidget(made)
        return made
