"""The till's menu: a dialog with one big button for each thing that can be done."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from visionscan_kiosk.gui.theme.metrics import TARGET_KEY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import MenuView
from visionscan_kiosk.gui.widgets.basics import Button, column, label, named
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
        self.body.addWidget(self._text)
        self.body.addLayout(self._list)
        self.set_footer_visible(visible=False)

    def show_view(self, view: MenuView) -> None:
        """Show this page of the menu and open the dialog."""
        self.title.setText(view.title)
        self.setAccessibleName(view.title)
        self._text.setText(view.text)
        self._text.setVisible(bool(view.text))
        for old in self._buttons:
            self._list.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._buttons = [self._make(name, text) for name, text in view.actions]
        self.open()
        for button in self._buttons:
            button.show()
        self._place_card()  # what has just been put in is measured only when it is in sight

    def place_focus(self) -> None:
        """The first entry gets the focus."""
        if self._buttons:
            self._buttons[0].setFocus()

    def _make(self, name: str, text: str) -> Button:
        made = named(Button(self._theme, text, height=TARGET_KEY, role=Role.TITLE), f"menu_{name}")
        made.clicked.connect(partial(self.action_chosen.emit, name))
        self._list.addWidget(made)
        return made
