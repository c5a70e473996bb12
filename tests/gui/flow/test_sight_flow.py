"""What becomes of a picture that could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from tests.gui.flow.conftest import Till
from visionscan_kiosk.domain.detection import Sighting
from visionscan_kiosk.domain.errors import KioskError
from visionscan_kiosk.domain.recognition.looks import Look
from visionscan_kiosk.services.recognition_ports import SceneKind, SceneState


def test_a_movement_in_a_picture_that_was_not_read_is_told_with_the_next(
    till: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[Look] = []
    monkeypatch.setattr(till.flow.goods, "glanced", lambda look, *_: looks.append(look))

    def fail(*_: object, **__: object) -> Sequence[Sighting]:
        raise KioskError("Something went wrong.")

    with monkeypatch.context() as broken:
        broken.setattr(till.detector, "read_barcodes", fail)
        till.gate.state = SceneState(SceneKind.MOVING)
        moved_at = till.time.seconds()
        till.rest(125)
    assert looks == []

    till.gate.state = SceneState(SceneKind.STILL)
    till.rest(250)

    assert [look.moved_at for look in looks] == [moved_at, None]


def test_what_was_said_of_pieces_that_are_gone_is_forgotten(till: Till) -> None:
    questions: Any = till.flow.goods._tray._questions
    for piece in range(5):
        questions.doubt(piece, ())

    assert questions._doubted == {4}
