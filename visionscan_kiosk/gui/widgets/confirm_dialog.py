"""Do you mean it? Staying leads, what is done trails; a red outline where something is lost."""

from __future__ import annotations

from PySide6.QtWidgets import QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role
from visionscan_kiosk.gui.views import ConfirmView
from visionscan_kiosk.gui.widgets.basics import ButtonKind, label, named
from visionscan_kiosk.gui.widgets.dialog import Dialog

_WIDTH = 520


class ConfirmDialog(Dialog):
    """Shows a `ConfirmView`. Staying has the focus: a stray Enter loses nothing."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(theme, parent, "", width=_WIDTH)
        self.setObjectName("confirm_dialog")
        self._text = named(label("", Role.BODY, wrap=True), "confirm_text")
        self.body.addWidget(self._text)
        self.primary.setMinimumWidth(0)
        self.cancel_button.setFont(self.primary.font())
        for half in (self.cancel_button, self.primary):
            half.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.share_footer()

    def show_view(self, view: ConfirmView) -> None:
        """Ask this."""
        self.title.setText(view.title)
        self.setAccessibleName(f"{view.title} {view.text}")
        self._text.setText(view.text)
        self.cancel_button.set_text(view.stay_text)
        self.primary.set_text(view.go_text)
        self.primary.set_kind(ButtonKind.DANGER if view.is_loss else ButtonKind.PRIMARY)
        self.primary.set_icon(Icon.DELETE if view.is_loss else Icon.CHECK)
        self.open()
        self._place_card()  # the words are measured only when they are in sight

    def place_focus(self) -> None:
        """Staying has the focus."""
        self.cancel_button.setFocus()

    def press_enter(self) -> None:
        """Press what has the focus, else stay."""
        (self.primary if self.primary.hasFocus() else self.cancel_button).click()
