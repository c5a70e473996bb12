"""Long words, other scripts, wide amounts in basket and payment: names give way, amounts do not."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, content_size, show_at
from tests.gui.screens.test_payment import CASH
from tests.gui.widgets import examples
from visionscan_kiosk.gui.screens.payment import PaymentScreen
from visionscan_kiosk.gui.screens.selling import SellingScreen
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import BasketView
from visionscan_kiosk.gui.widgets.fitted import FittedAmount, FittedName
from visionscan_kiosk.gui.widgets.line_row import LineRow
from visionscan_kiosk.gui.widgets.product_picture import PictureStore

ONE_WORD = "Donaudampfschifffahrtsgesellschaftskapitaensmuetzenverpackung"
ARABIC = "حليب كامل الدسم طويل الأجل من المراعي الجبلية ٢ لتر (عرض خاص)"
MIXED = "Halloumi جبنة حلومي 250 g, traditional"
PERSIAN = "نیم‌چرب شیر می‌خواهم"
WIDE = "12,345,678,901.50"
NAMES = (ONE_WORD, ARABIC, MIXED, PERSIAN, "Red Apple")


def basket(total: str) -> BasketView:
    lines = tuple(
        replace(
            examples.line(name, 1 + 4998 * place % 9999, number=place),
            total_text=total,
            detail=f"{total} each",
        )
        for place, name in enumerate(NAMES)
    )
    return BasketView(lines, 5, f"€{total}", can_pay=True)


def cut_amounts(screen: QWidget, names: tuple[str, ...]) -> list[str]:
    """Return the amounts of which a digit is not to be seen."""
    found = []
    for amount in screen.findChildren(FittedAmount):
        if amount.objectName() not in names or not amount.isVisible():
            continue
        needed = QFontMetrics(amount.font()).horizontalAdvance(amount.text())
        if needed > amount.width() or not _sideways_inside(screen, amount):
            found.append(f"{amount.objectName()} {amount.text()} needs {needed} of {amount.width()}")
    return found


def _sideways_inside(screen: QWidget, part: QWidget) -> bool:
    """Whether no part of it lies outside of anything around it."""
    holder = part.parentWidget()
    while holder is not None and part is not screen:
        left = part.mapTo(holder, QPoint(0, 0)).x()
        if left < 0 or left + part.width() > holder.width():
            return False
        if holder is screen:
            return True
        holder = holder.parentWidget()
    return True


def overlaps(row: QWidget, kinds: tuple[type[QWidget], ...]) -> bool:
    places = [
        QRect(part.mapTo(row, QPoint(0, 0)), part.size())
        for kind in kinds
        for part in row.findChildren(kind)
        if part.isVisible()
    ]
    return any(one.intersects(other) for n, one in enumerate(places) for other in places[n + 1 :])


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("total", ["2.89", "1,234.50", WIDE])
def test_every_amount_of_the_payment_list_is_whole(
    qtbot: QtBot, either_theme: Theme, size: tuple[int, int], total: str
) -> None:
    screen = PaymentScreen(either_theme, PictureStore(either_theme))
    qtbot.addWidget(screen)
    screen.show_basket(basket(total))
    screen.show_view(replace(CASH, total_text=f"€{total}", change_text=f"€{total}"))
    show_at(screen, content_size(size))
    names = ("paid_amount", "paid_total", "to_pay", "change_figure")
    assert cut_amounts(screen, names) == []
    shown = [
        one
        for one in screen.findChildren(FittedAmount)
        if one.objectName() == "paid_amount" and one.isVisible()
    ]
    assert len(shown) == (0 if size[0] < 1200 else len(NAMES))
    assert not any(overlaps(one.parentWidget(), (FittedName, FittedAmount)) for one in shown)


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("total", ["2.89", "1,234.50", WIDE])
def test_every_amount_of_the_basket_is_whole(
    qtbot: QtBot, either_theme: Theme, size: tuple[int, int], total: str
) -> None:
    screen = SellingScreen(either_theme, PictureStore(either_theme))
    qtbot.addWidget(screen)
    screen.show_basket(basket(total))
    show_at(screen, size)
    screen.grab()
    assert cut_amounts(screen, ("line_amount", "basket_total")) == []
    rows = [row for row in screen.findChildren(LineRow) if row.isVisible()]
    assert [row.line.name for row in rows if row.line] == list(NAMES)
    assert not any(row.has_cut_text for row in rows if row.line and row.line.name != ONE_WORD)


def test_right_to_left_the_amounts_are_whole_too(qtbot: QtBot, right_to_left: Theme) -> None:
    screen = PaymentScreen(right_to_left, PictureStore(right_to_left))
    qtbot.addWidget(screen)
    screen.show_basket(basket(WIDE))
    screen.show_view(CASH)
    show_at(screen, content_size((1280, 800)))
    assert cut_amounts(screen, ("paid_amount", "paid_total", "to_pay")) == []


def test_a_name_that_is_painted_is_read_out_whole(qtbot: QtBot, theme: Theme) -> None:
    screen = PaymentScreen(theme, PictureStore(theme))
    qtbot.addWidget(screen)
    screen.show_basket(basket("2.89"))
    show_at(screen, content_size((1280, 800)))
    QApplication.processEvents()
    names = {part.accessibleName() for part in screen.findChildren(QWidget)}
    assert any(ONE_WORD in name for name in names)
    assert screen.findChild(QLabel, "paid_total").text() == "€2.89"
