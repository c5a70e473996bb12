"""The dialog in which a product gets its picture."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from uuid import UUID

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QFileDialog, QWidget
from pytestqt.qtbot import QtBot

from tests.gui.audit import SIZES, faults
from visionscan_kiosk.gui.manager_views import PictureChoiceView, TaughtPhotoView
from visionscan_kiosk.gui.screens.picture_choice import PictureDialog
from visionscan_kiosk.gui.theme.theme import Theme
from visionscan_kiosk.gui.widgets.product_picture import PictureStore

PHOTOS = tuple(TaughtPhotoView(UUID(int=place), "shown") for place in range(1, 13))
VIEW = PictureChoiceView(
    UUID(int=99), "Unsalted butter 250 g, organic, from alpine hay milk", "Dairy & eggs", PHOTOS
)


@pytest.fixture
def dialog(qtbot: QtBot, theme: Theme) -> Iterator[PictureDialog]:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(1280, 800)
    made = PictureDialog(theme, PictureStore(theme), PictureStore(theme), window)
    window.show()
    made.show_view(VIEW)
    made.open()
    QApplication.processEvents()
    yield made
    window.close()


def buttons(dialog: PictureDialog, name: str) -> list[QAbstractButton]:
    return [found for found in dialog.findChildren(QAbstractButton, name) if found.isVisible()]


@pytest.mark.parametrize("size", SIZES, ids=str)
@pytest.mark.parametrize("view", [VIEW, replace(VIEW, photos=(), trouble="apple.txt cannot be read.")])
def test_it_fits_every_size(dialog: PictureDialog, size: tuple[int, int], view: PictureChoiceView) -> None:
    dialog.window().resize(*size)
    dialog.show_view(view)
    for _ in range(3):
        QApplication.processEvents()
    assert faults(dialog) == []
    assert dialog.rect().contains(dialog.card.geometry())


def test_a_photo_is_tapped(dialog: PictureDialog, qtbot: QtBot) -> None:
    shown = buttons(dialog, "picture_photo")
    assert [made.accessibleName() for made in shown][:2] == ["Use photo 1, shown", "Use photo 2, shown"]
    with qtbot.waitSignal(dialog.photo_chosen) as chosen:
        qtbot.mouseClick(shown[1], Qt.MouseButton.LeftButton)
    assert chosen.args == [PHOTOS[1].photo_id]


def test_while_a_choice_is_kept_nothing_else_is_chosen(dialog: PictureDialog) -> None:
    dialog.show_view(replace(VIEW, is_busy=True))
    names = ("picture_photo", "picture_camera", "picture_file")
    assert not any(made.isEnabled() for name in names for made in buttons(dialog, name))
    assert dialog.primary.isEnabled()


def test_the_camera_and_done(dialog: PictureDialog, qtbot: QtBot) -> None:
    with qtbot.waitSignal(dialog.camera_chosen):
        qtbot.mouseClick(buttons(dialog, "picture_camera")[0], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(dialog.confirmed):
        qtbot.mouseClick(dialog.primary, Qt.MouseButton.LeftButton)
    assert not dialog.cancel_button.isVisible()


def test_a_file_is_chosen_in_a_dialog_of_the_till(dialog: PictureDialog, qtbot: QtBot) -> None:
    buttons(dialog, "picture_file")[0].click()
    asked = dialog.findChild(QFileDialog)
    assert isinstance(asked, QFileDialog)
    assert asked.testOption(QFileDialog.Option.DontUseNativeDialog)
    with qtbot.waitSignal(dialog.file_chosen) as chosen:
        asked.fileSelected.emit("/shop/apple.png")
    assert chosen.args == ["/shop/apple.png"]
    asked.close()
    QApplication.processEvents()
