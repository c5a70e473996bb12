"""The theme that is on: palette and icons, handed to every widget that needs a colour."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QGuiApplication, QIcon, QPalette, QPixmap
from PySide6.QtWidgets import QApplication

from visionscan_kiosk.gui.theme.icons import Icon, IconStore
from visionscan_kiosk.gui.theme.palette import LIGHT, Palette
from visionscan_kiosk.gui.theme.stylesheet import qss
from visionscan_kiosk.gui.theme.typography import Role, font, load_fonts


class Theme(QObject):
    """One per application. `changed` fires after the palette was switched and the style sheet is set."""

    changed = Signal()

    def __init__(self, palette: Palette = LIGHT) -> None:
        super().__init__()
        self._palette = palette
        self._icons = IconStore()
        self._application: QApplication | None = None

    @property
    def palette(self) -> Palette:
        """The colours in use."""
        return self._palette

    def apply(self, application: QApplication) -> None:
        """Load the fonts and dress the application; later palette switches reach it by themselves."""
        load_fonts()
        self._application = application
        application.setStyle("Fusion")
        application.setFont(font(Role.BODY))
        self._dress(application)

    def set_palette(self, palette: Palette) -> None:
        """Switch between light and dark while running."""
        if palette == self._palette:
            return
        self._palette = palette
        if self._application is not None:
            self._dress(self._application)
        self.changed.emit()

    def color(self, ink: str) -> QColor:
        """Return a colour by its ink, such as `sure_soft`, or by `#RRGGBB`."""
        return QColor(self._hex(ink))

    def icon(self, icon: Icon, ink: str = "text") -> QIcon:
        """Return an icon for a button, greyed when the button is off."""
        return self._icons.icon(icon, self._hex(ink), self._palette.text2)

    def pixmap(
        self, icon: Icon, ink: str, size: int, ratio: float, *, follows_reading: bool = False
    ) -> QPixmap:
        """Return a square icon of `size` logical pixels; `follows_reading` turns it in right-to-left."""
        right_to_left = QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft
        mirrored = follows_reading and right_to_left
        return self._icons.pixmap(icon, self._hex(ink), size, ratio, mirrored=mirrored)

    def _hex(self, ink: str) -> str:
        return ink if ink.startswith("#") else str(getattr(self._palette, ink))

    def _dress(self, application: QApplication) -> None:
        application.setPalette(self._qt_palette())
        application.setStyleSheet(qss(self._palette))

    def _qt_palette(self) -> QPalette:
        made = QPalette()
        for role, ink in (
            (QPalette.ColorRole.Window, "page"),
            (QPalette.ColorRole.Base, "surface"),
            (QPalette.ColorRole.Button, "surface"),
            (QPalette.ColorRole.WindowText, "text"),
            (QPalette.ColorRole.Text, "text"),
            (QPalette.ColorRole.ButtonText, "text"),
            (QPalette.ColorRole.PlaceholderText, "text2"),
            (QPalette.ColorRole.Highlight, "accent"),
            (QPalette.ColorRole.HighlightedText, "on_accent"),
        ):
            made.setColor(role, self.color(ink))
        return made
