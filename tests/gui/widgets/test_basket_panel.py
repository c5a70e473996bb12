"""The basket column: steps, removal, unnamed lines, what is hidden above, undo."""

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from tests.gui.widgets import examples
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import BasketView, UndoView
from visionscan_kiosk.gui.widgets.basket_panel import BasketPanel
from visionscan_kiosk.gui.widgets.line_row import LineName, LineRow
from visionscan_kiosk.gui.widgets.product_picture import PictureStore


@pytest.fixture
def panel(theme: Theme, qtbot) -> BasketPanel:
    made = BasketPanel(theme, PictureStore(theme))
    qtbot.addWidget(made)
    made.resize(448, 700)
    made.show()
    return made


def _press(qtbot, row: LineRow, name: str) -> None:
    qtbot.mouseClick(row.findChild(QPushButton, name), Qt.MouseButton.LeftButton)


def test_one_more_and_one_less(panel: BasketPanel, qtbot) -> None:
    two = examples.line("Red Apple", 2)
    panel.show_view(BasketView((two,), 2, "€0.90", can_pay=True))
    row = panel.lines.rows[0]
    with qtbot.waitSignal(panel.quantity_changed) as caught:
        _press(qtbot, row, "more")
    assert caught.args == [two.item_id, 3]
    with qtbot.waitSignal(panel.quantity_changed) as caught:
        _press(qtbot, row, "less")
    assert caught.args == [two.item_id, 1]


def test_the_last_piece_is_removed(panel: BasketPanel, qtbot) -> None:
    one = examples.line("Red Apple", 1)
    panel.show_view(BasketView((one,), 1, "€0.45", can_pay=True))
    less = panel.lines.rows[0].findChild(QPushButton, "less")
    assert less.accessibleName() == "Remove: Red Apple"
    with qtbot.waitSignal(panel.line_removed) as caught, qtbot.assertNotEmitted(panel.quantity_changed):
        _press(qtbot, panel.lines.rows[0], "less")
    assert caught.args == [one.item_id]


def test_an_unnamed_line_is_chosen_by_a_tap_and_by_key(panel: BasketPanel, qtbot) -> None:
    unnamed = examples.unnamed_line()
    panel.show_view(BasketView((unnamed,), 1, "€0.00", hint="One product has no name yet"))
    name = panel.lines.rows[0].findChild(LineName)
    with qtbot.waitSignal(panel.line_chosen) as caught:
        qtbot.mouseClick(name, Qt.MouseButton.LeftButton)
    assert caught.args == [unnamed.item_id]
    with qtbot.waitSignal(panel.line_chosen):
        qtbot.keyClick(name, Qt.Key.Key_Space)


def test_a_named_line_is_no_button(panel: BasketPanel, qtbot) -> None:
    panel.show_view(BasketView((examples.line("Red Apple"),), 1, "€0.45", can_pay=True))
    with qtbot.assertNotEmitted(panel.line_chosen):
        qtbot.mouseClick(panel.lines.rows[0].findChild(LineName), Qt.MouseButton.LeftButton)


def test_a_line_whose_price_changed_says_so_whole_and_takes_a_tap(panel: BasketPanel, qtbot, qapp) -> None:
    notice = "Was 1,012.19, now 1,012.49 · None in stock"
    changed = replace(examples.line("Red Apple", 2), notice=notice, choice="Take the new price 1,012.49")
    panel.show_view(BasketView((changed,), 2, "€0.90", can_pay=True))
    qapp.processEvents()
    row = panel.lines.rows[0]
    assert not row.has_cut_text
    name = row.findChild(LineName)
    assert f"{notice} · {changed.detail}" in name.accessibleName()
    assert "Take the new price" in name.accessibleName()
    with qtbot.waitSignal(panel.line_chosen) as caught:
        qtbot.mouseClick(name, Qt.MouseButton.LeftButton)
    assert caught.args == [changed.item_id]


def test_the_newest_line_is_in_sight_and_the_rest_is_counted(panel: BasketPanel, qtbot, qapp) -> None:
    panel.show_view(examples.basket(14))
    qapp.processEvents()
    last = panel.lines.rows[-1]
    bottom = last.mapTo(panel.lines.viewport(), last.rect().bottomLeft()).y()
    assert bottom <= panel.lines.viewport().height()
    above = panel.findChild(QPushButton, "lines_above")
    assert above.isVisible()
    before = panel.lines.verticalScrollBar().value()
    qtbot.mouseClick(above, Qt.MouseButton.LeftButton)
    assert panel.lines.verticalScrollBar().value() < before


def test_a_changed_quantity_keeps_the_rows(panel: BasketPanel) -> None:
    panel.show_view(examples.basket(3))
    rows = panel.lines.rows
    changed = replace(examples.basket(3).lines[0], quantity=9)
    panel.show_view(replace(examples.basket(3), lines=(changed, *examples.basket(3).lines[1:])))
    assert panel.lines.rows == rows


def test_a_long_name_makes_its_line_taller(panel: BasketPanel) -> None:
    panel.show_view(BasketView((examples.line(examples.LONG_NAME), examples.line("Red Apple")), 2, "€3"))
    long, short = panel.lines.rows
    panel.grab()
    assert long.height() > short.height()
    assert not long.has_cut_text


def test_undo_lives_and_dies_with_the_view(panel: BasketPanel, qtbot) -> None:
    undo = panel.findChild(QPushButton, "toast_action")
    panel.show_view(examples.basket(2, undo=UndoView("Added Red Apple")))
    assert undo.isVisible()
    panel.show_view(examples.basket(2))
    assert not undo.isVisible()


def test_the_total_and_its_hint(panel: BasketPanel) -> None:
    panel.show_view(replace(examples.basket(2), hint="One product has no name yet"))
    assert panel.findChild(QLabel, "basket_total").text() == "€1,246.06"
    assert panel.findChild(QLabel, "basket_hint").isVisible()


def test_a_line_that_gets_one_more_is_brought_into_sight(panel: BasketPanel, qapp) -> None:
    lines = tuple(examples.line(f"Apple {number}") for number in range(30))
    panel.show_view(BasketView(lines, 30, "€13.50", can_pay=True))
    qapp.processEvents()
    assert _is_in_sight(panel, 29)
    assert not _is_in_sight(panel, 3)

    raised = replace(lines[3], quantity=2, is_new=True, notice="1 in stock")
    again = (*lines[:3], raised, *lines[4:])
    panel.show_view(BasketView(again, 31, "€13.95", can_pay=True))
    qapp.processEvents()
    assert _is_in_sight(panel, 3)

    panel.lines.scroll_to_end()
    panel.show_view(BasketView(again, 31, "€13.95", hint="something else", can_pay=True))
    qapp.processEvents()
    assert _is_in_sight(panel, 29)  # where a person scrolled to


def _is_in_sight(panel: BasketPanel, place: int) -> bool:
    row, port = panel.lines.rows[place], panel.lines.viewport()
    top = row.mapTo(port, row.rect().topLeft()).y()
    return top >= 0 and top + row.height() <= port.height()
