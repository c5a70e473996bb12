"""The done screen and the paper on it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, content_size, faults, show_at
from visionscan_kiosk.gui.screens.receipt import ReceiptScreen
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.views import ReceiptView
from visionscan_kiosk.gui.widgets.paper import Paper, paper_rows

PAPER = (
    "              Corner Greens\n"
    "              Receipt 1042\n"
    "\n"
    "------------------------------------------\n"
    "1 × Organic unsalted butter from hay\n"
    "    milk, 250 g                       2.89\n"
    "------------------------------------------\n"
    "Total                                €2.89\n"
    "Given                                20.00\n"
)
CASH = ReceiptView("Paid. Thank you!", "€17.11", "€2.89", "€20.00 given for €2.89", PAPER, "No. 1042")
CARD = replace(CASH, give_back_text="", paid_text="€2.89 on the card machine")


@pytest.fixture
def screen(qtbot: QtBot, either_theme: Theme) -> ReceiptScreen:
    made = ReceiptScreen(either_theme)
    qtbot.addWidget(made)
    made.show_view(CASH)
    return made


def figure(screen: ReceiptScreen) -> str:
    found = screen.findChild(QLabel, "give_back")
    assert isinstance(found, QLabel)
    return found.text()


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("view", [CASH, CARD], ids=["cash", "card"])
def test_it_fits_every_size(screen: ReceiptScreen, size: tuple[int, int], view: ReceiptView) -> None:
    screen.show_view(view)
    show_at(screen, content_size(size))
    assert faults(screen) == []


def test_the_largest_figure_is_what_goes_back_or_else_the_total(screen: ReceiptScreen) -> None:
    assert figure(screen) == "€17.11"
    screen.show_view(CARD)
    assert figure(screen) == "€2.89"


def test_short_screens_have_no_paper(screen: ReceiptScreen) -> None:
    show_at(screen, content_size((1024, 600)))
    paper = screen.findChild(Paper, "paper")
    assert isinstance(paper, Paper)
    assert not paper.isVisible()
    show_at(screen, content_size((1280, 800)))
    assert paper.isVisible()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape])
def test_the_next_customer_is_one_key_away(screen: ReceiptScreen, qtbot: QtBot, key: Qt.Key) -> None:
    show_at(screen, (1280, 736))
    with qtbot.waitSignal(screen.next_requested):
        qtbot.keyClick(screen, key)


def test_paper_reads_head_columns_and_total() -> None:
    rows = [row for row in paper_rows(PAPER) if row.text]
    assert [row.is_centred for row in rows] == [True, True, False, False, False, False]
    assert [row.amount for row in rows[2:]] == ["", "2.89", "€2.89", "20.00"]
    assert rows[3].text == "milk, 250 g"
    assert [row.text for row in rows if row.role == rows[0].role] == ["Corner Greens", "Total"]


def test_the_receipt_can_be_read_out(screen: ReceiptScreen) -> None:
    paper = screen.findChild(Paper, "paper")
    assert isinstance(paper, Paper)
    assert paper.accessibleDescription() == PAPER
