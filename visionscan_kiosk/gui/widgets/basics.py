"""The smallest parts: labels, buttons, frames, rules, icons and layouts that mirror. None has a meaning."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Final, TypeVar

from PySide6.QtCore import QMargins, QRect, QSize, Qt
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QBoxLayout,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from visionscan_kiosk.gui.theme.icons import Icon
from visionscan_kiosk.gui.theme.metrics import SPACE_S, TARGET, TARGET_PAY
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font

_Widget = TypeVar("_Widget", bound=QWidget)
_NO_MARGINS = (0, 0, 0, 0)
_TOO_LONG: Final = re.compile(r"\S{25,}")
_PART: Final = re.compile(r"\S{8}(?=\S)")
_MAY_BREAK: Final = "\u200b"


class ButtonKind(StrEnum):
    """How a button looks. One PRIMARY at most is in sight: it is the next step."""

    NORMAL = "normal"
    PRIMARY = "primary"
    SOFT = "soft"
    PLAIN = "plain"
    PLAIN_ACCENT = "plainaccent"
    KEY = "key"
    KEY_SPECIAL = "keyspecial"
    OUTLINED = "outlined"
    DANGER = "danger"
    UNDO = "undo"
    SEGMENT = "segment"
    SEGMENT_ON = "segmenton"
    PILL = "pill"
    PILL_ON = "pillon"


INK = {
    ButtonKind.PRIMARY: "on_accent",
    ButtonKind.SOFT: "accent_text",
    ButtonKind.PLAIN_ACCENT: "accent_text",
    ButtonKind.DANGER: "stop_text",
    ButtonKind.UNDO: "inverse_link",
    ButtonKind.SEGMENT: "text2",
    ButtonKind.PILL: "text2",
    ButtonKind.PILL_ON: "page",
}


def restyle(widget: QWidget, name: str, value: str) -> None:
    """Set a property that the style sheet selects by, and let the style see it at once."""
    if widget.property(name) == value:
        return
    widget.setProperty(name, value)
    style = widget.style()
    style.unpolish(widget)
    style.polish(widget)
    widget.update()


def set_tone(text: QLabel, tone: str) -> None:
    """Colour a label: "" for text, "2" for quiet, or "ask", "sure", "stop", "accent", "inverse", "paper"."""
    restyle(text, "tone", tone)


def label(
    text: str = "",
    role: Role = Role.BODY,
    tone: str = "",
    *,
    wrap: bool = False,
    align: Qt.AlignmentFlag | None = None,
) -> QLabel:
    """Return a plain-text label. `align` places it sideways; it is centred upright."""
    made = _Sentence() if wrap else QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setFont(font(role))
    made.setProperty("tone", tone)
    made.setWordWrap(wrap)
    if align is not None:
        made.setAlignment(align | Qt.AlignmentFlag.AlignVCenter)
    return made


class _Sentence(QLabel):
    """Breaks between words, and inside one that is too long for any row: a label would cut it off."""

    def __init__(self) -> None:
        super().__init__()
        self._said = ""

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show this sentence."""
        self._said = text
        super().setText(_TOO_LONG.sub(lambda word: _PART.sub(rf"\g<0>{_MAY_BREAK}", word[0]), text))

    def text(self) -> str:
        """Return the sentence as it was given."""
        return self._said


class Button(QPushButton):
    """A push button of the till. It does not take the focus from the barcode reader when it is tapped."""

    def __init__(
        self,
        theme: Theme,
        text: str = "",
        kind: ButtonKind = ButtonKind.NORMAL,
        icon: Icon | None = None,
        *,
        height: int = TARGET,
        role: Role = Role.STRONG,
        name: str = "",
        icon_size: int = 24,
        ink: str = "",
    ) -> None:
        """`name` is read out when there is no text; `ink` replaces the icon's colour ink."""
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._ink = ink
        self._kind = kind
        self._text = ""
        self.setProperty("kind", str(kind))
        self.setFont(font(role))
        self.setFixedHeight(height)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setIconSize(QSize(icon_size, icon_size))
        self.set_text(text)
        self.setAccessibleName(name or text)
        if not text:
            self._shrink_to_icon(height)
        self._paint_icon()
        theme.changed.connect(self._paint_icon)

    @property
    def kind(self) -> ButtonKind:
        """How it looks."""
        return self._kind

    def set_text(self, text: str) -> None:
        """Replace the words; `&` is shown as it is. The accessible name follows."""
        self._text = text
        self.setText(text.replace("&", "&&"))
        self.setAccessibleName(text)

    def sizeHint(self) -> QSize:
        """Return room for the words, and for a finger at least."""
        return super().sizeHint().expandedTo(QSize(TARGET, TARGET))

    def minimumSizeHint(self) -> QSize:
        """Return the same: words are not squeezed."""
        return self.sizeHint()

    def set_kind(self, kind: ButtonKind) -> None:
        """Change how it looks."""
        self._kind = kind
        restyle(self, "kind", str(kind))
        self._paint_icon()

    def set_icon(self, icon: Icon, *, ink: str = "") -> None:
        """Change its icon."""
        self._icon = icon
        self._ink = ink
        self._paint_icon()

    def set_icon_only(self, *, icon_only: bool, text: str, width: int) -> None:
        """Hide the words where room is short; they stay its accessible name."""
        restyle(self, "iconOnly", "true" if icon_only else "false")
        self.setText("" if icon_only else text.replace("&", "&&"))
        self.setAccessibleName(text)
        self.setMinimumWidth(width if icon_only else 0)
        self.setMaximumWidth(width if icon_only else 16777215)

    def _shrink_to_icon(self, height: int) -> None:
        self.setProperty("iconOnly", "true")
        self.setFixedWidth(height)

    def _paint_icon(self) -> None:
        if self._icon is not None:
            self.setIcon(self._theme.icon(self._icon, self._ink or INK.get(self._kind, "text")))


def button(
    theme: Theme,
    text: str = "",
    kind: ButtonKind = ButtonKind.NORMAL,
    icon: Icon | None = None,
    *,
    height: int = TARGET,
    role: Role = Role.STRONG,
    name: str = "",
) -> Button:
    """Return a button; without text it is a square with an icon and must have a `name`."""
    return Button(theme, text, kind, icon, height=height, role=role, name=name)


class ActionButton(Button):
    """The one big next step: words in the middle, an icon at the trailing edge."""

    def __init__(
        self,
        theme: Theme,
        text: str,
        icon: Icon = Icon.ARROW_FORWARD,
        *,
        kind: ButtonKind = ButtonKind.PRIMARY,
        height: int = TARGET_PAY,
    ) -> None:
        super().__init__(theme, text, kind, height=height, role=Role.HEAD)
        self._trailing = icon

    def set_trailing(self, icon: Icon) -> None:
        """Change the icon at its edge."""
        self._trailing = icon
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the button, then its trailing icon: Qt can only place one beside the words."""
        super().paintEvent(event)
        painter = QPainter(self)
        place = QRect(self.width() - 56, (self.height() - 32) // 2, 32, 32)
        ink = INK.get(self.kind, "text") if self.isEnabled() else "text2"
        drawn = self._theme.pixmap(self._trailing, ink, 32, self.devicePixelRatioF(), follows_reading=True)
        painter.drawPixmap(QStyle.visualRect(self.layoutDirection(), self.rect(), place), drawn)
        painter.end()


class IconLabel(QWidget):
    """A drawing that says nothing to a screen reader; the words beside it do."""

    def __init__(
        self, theme: Theme, icon: Icon, ink: str = "text", size: int = 24, *, follows_reading: bool = False
    ) -> None:
        super().__init__()
        self._theme = theme
        self._icon = icon
        self._ink = ink
        self._follows_reading = follows_reading
        self.setFixedSize(size, size)
        theme.changed.connect(self.update)

    def set_icon(self, icon: Icon, ink: str) -> None:
        """Change drawing and colour ink."""
        self._icon = icon
        self._ink = ink
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the drawing over the whole widget."""
        painter = QPainter(self)
        ratio = self.devicePixelRatioF()
        painter.drawPixmap(
            self.rect(),
            self._theme.pixmap(
                self._icon, self._ink, self.width(), ratio, follows_reading=self._follows_reading
            ),
        )
        painter.end()


def frame(kind: str = "") -> QFrame:
    """Return a frame with the ground of the style sheet: "card", "ask", "sure", "subtle", "stopbox" ..."""
    made = QFrame()
    made.setFrameShape(QFrame.Shape.NoFrame)
    if kind:
        made.setProperty("kind", kind)
    return made


def rule() -> QFrame:
    """Return a hairline across."""
    made = frame("rule")
    made.setFixedHeight(1)
    return made


def row(
    parent: QWidget | None = None,
    margins: tuple[int, int, int, int] = _NO_MARGINS,
    spacing: int = SPACE_S,
) -> QHBoxLayout:
    """Return a layout in reading direction; `margins` are leading, top, trailing, bottom."""
    return _dress(QHBoxLayout(parent) if parent else QHBoxLayout(), margins, spacing)


def column(
    parent: QWidget | None = None,
    margins: tuple[int, int, int, int] = _NO_MARGINS,
    spacing: int = SPACE_S,
) -> QVBoxLayout:
    """Return a layout from top to bottom; `margins` are leading, top, trailing, bottom."""
    return _dress(QVBoxLayout(parent) if parent else QVBoxLayout(), margins, spacing)


def mirrored_margins(leading: int, top: int, trailing: int, bottom: int) -> QMargins:
    """Return margins for the reading direction; Qt mirrors layouts but not their margins."""
    if QGuiApplication.layoutDirection() == Qt.LayoutDirection.RightToLeft:
        return QMargins(trailing, top, leading, bottom)
    return QMargins(leading, top, trailing, bottom)


_Layout = TypeVar("_Layout", bound=QBoxLayout)


def _dress(layout: _Layout, margins: tuple[int, int, int, int], spacing: int) -> _Layout:
    layout.setContentsMargins(mirrored_margins(*margins))
    layout.setSpacing(spacing)
    return layout


def named(widget: _Widget, object_name: str) -> _Widget:
    """Give a widget the name by which tests and the style sheet find it, and return it."""
    widget.setObjectName(object_name)
    return widget
