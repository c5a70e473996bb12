"""Words and amounts of any length in a list: a name takes the rows it needs, an amount is always whole."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.theme.typography import Role, font, sized_font
from visionscan_kiosk.gui.widgets.basics import label
from visionscan_kiosk.gui.widgets.painting import TextBlock, draw_block, fit_text

_NARROWEST = 64
_MOST_ROWS = 6


class FittedName(QWidget):
    """A name that never asks for the width of its longest word, as a label does; it breaks inside it."""

    def __init__(self, theme: Theme, name: str) -> None:
        super().__init__()
        self._theme = theme
        self._name = name
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumWidth(_NARROWEST)
        theme.changed.connect(self.update)

    @property
    def text(self) -> str:
        """The whole name."""
        return self._name

    @property
    def has_cut_text(self) -> bool:
        """Whether even the smallest font does not show all of it."""
        return self._block(self.width()).is_cut

    def hasHeightForWidth(self) -> bool:
        """Return that narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of its rows at this width."""
        return self._block(width).height

    def sizeHint(self) -> QSize:
        """Return a modest width: the row gives it all there is."""
        return QSize(2 * _NARROWEST, self._block(max(_NARROWEST, self.width())).height)

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: ARG002 - Qt's signature
        """Paint the rows, centred upright."""
        painter = QPainter(self)
        block = self._block(self.width())
        top = max(0, (self.height() - block.height) // 2)
        draw_block(painter, block, QRectF(0, top, self.width(), block.height), self._theme.color("text"))
        painter.end()

    def _block(self, width: int) -> TextBlock:
        fonts = (font(Role.STRONG), font(Role.STRONG_SMALL), sized_font(14))
        short = fit_text(self._name, width, 2, fonts[:2])
        return fit_text(self._name, width, _MOST_ROWS, fonts[1:]) if short.is_cut else short


class FittedAmount(QLabel):
    """An amount in the largest of `roles` that shows all of it; it gives way last."""

    def __init__(
        self, roles: Sequence[Role], *, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignRight
    ) -> None:
        made = label("", roles[0], align=align)
        super().__init__()
        self.setTextFormat(made.textFormat())
        self.setProperty("tone", made.property("tone"))
        self.setAlignment(made.alignment())
        self._roles = tuple(roles)
        self.setFont(font(roles[0]))

    def set_roles(self, roles: Sequence[Role]) -> None:
        """Choose among other sizes, largest first."""
        self._roles = tuple(roles)
        self._fit()

    def setText(self, text: str) -> None:  # noqa: N802 - Qt's name
        """Show this amount."""
        super().setText(text)
        self._fit()
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        """Return the room of the largest size."""
        return self._room(self._roles[0])

    def minimumSizeHint(self) -> QSize:
        """Return the room of the smallest size: less would cut a digit."""
        return self._room(self._roles[-1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Choose the size anew."""
        super().resizeEvent(event)
        self._fit()

    def _room(self, role: Role) -> QSize:
        metrics = QFontMetrics(font(role))
        return QSize(metrics.horizontalAdvance(self.text()) + 2, metrics.height())

    def _fit(self) -> None:
        fitting = (role for role in self._roles if self._room(role).width() <= self.width())
        self.setFont(font(next(fitting, self._roles[-1])))
