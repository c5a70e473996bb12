"""A damaged or hostile code reads as another text each time: not a piece and a question each time."""

from __future__ import annotations

from tests.domain.recognition.test_counter_looks import BODY, CODE, A, B, Told
from visionscan_kiosk.domain.detection import Box
from visionscan_kiosk.domain.recognition.intents import AddPiece, Ask, Intent
from visionscan_kiosk.domain.recognition.looks import ReadCode, Scene
from visionscan_kiosk.domain.recognition.piece import PieceState
from visionscan_kiosk.domain.recognition.remembering import MOST_PIECES

TRUE = ReadCode("123", CODE, A)
BESIDE = CODE._replace(y=CODE.y + 45)


def rest(told: Told, *codes: ReadCode, times: int = 1, covered: Box = BODY) -> list[Intent]:
    """What lies there lies still, and these codes are read."""
    looks = [told.look(Scene.STILL, codes=codes, covered=(covered,)) for _ in range(times)]
    return [intent for intents in looks for intent in intents]


def test_one_foreign_read_in_a_packs_place_does_not_keep_pay() -> None:
    told = Told()
    told.charged()

    rest(told, ReadCode("zz", CODE, None))
    assert len(told.counter.unsettled) == 1
    rest(told, TRUE, times=10)

    assert told.counter.unsettled == ()
    assert [piece.state for piece in told.counter.pieces] == [PieceState.IN_BASKET]
    assert [intent for intent in told.empty() if isinstance(intent, Ask)] == []


def test_it_does_not_keep_pay_after_a_movement_either() -> None:
    told = Told()
    told.charged()
    rest(told, ReadCode("zz", CODE, None))

    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    rest(told, TRUE, times=10)

    assert told.counter.unsettled == ()


def test_a_text_that_changes_with_each_read_is_not_a_piece_each_time() -> None:
    told = Told()
    told.charged()

    for number in range(600):
        rest(told, TRUE, ReadCode(f"q{number}", BESIDE, None))
        assert len(told.counter.pieces) < 10

    rest(told, TRUE, times=10)
    assert len(told.counter.pieces) == 1


def test_a_code_alone_that_changes_with_each_read_is_one_question_in_the_end() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    for number in range(100):
        rest(told, ReadCode(f"q{number}", CODE, None))
    assert len(told.counter.pieces) < 10

    rest(told, ReadCode("q100", CODE, None), times=10)

    assert [piece.text for piece in told.counter.pieces] == ["q100"]
    assert len(told.counter.questions) == 1


def test_a_small_pack_on_a_large_one_that_is_read_twice_is_followed() -> None:
    told = Told()
    told.charged()
    upper = ReadCode("456", BESIDE, B)

    intents = rest(told, TRUE, upper) + rest(told, TRUE, times=3) + rest(told, TRUE, upper)

    assert [type(intent) for intent in intents] == [AddPiece]


def test_a_code_that_was_read_once_where_nothing_else_was_read_since_is_followed() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    rest(told, TRUE)
    rest(told, times=20)

    assert [piece.key for piece in told.counter.unsettled] == [A]


def test_what_was_read_once_and_then_swapped_is_asked_about() -> None:
    told = Told()
    told.look(Scene.MOVING, codes=(ReadCode("456", CODE, B),), covered=(BODY,))
    told.look(Scene.MOVING, codes=(), covered=(BODY,))
    intents = rest(told, TRUE, times=20)

    assert [intent.products for intent in intents if isinstance(intent, Ask)] == [(B,)]


def test_there_are_never_more_pieces_than_a_counter_can_hold() -> None:
    """While hands move nothing is dropped for lying in another's place."""
    told = Told()
    charged = told.charged()
    told.coded(B)

    for number in range(3 * MOST_PIECES):
        codes = ReadCode(f"q{number}", BESIDE, None), ReadCode("once", BESIDE, B)
        told.look(Scene.MOVING, codes=codes[: 1 + (number == 0)], covered=(BODY,))
        assert len(told.counter.pieces) <= MOST_PIECES

    texts = [piece.text for piece in told.counter.pieces if piece.product is None]
    assert texts[-1] == f"q{3 * MOST_PIECES - 1}"
    assert told.counter.piece(charged) is not None
    assert any(piece.text == "once" for piece in told.counter.pieces)
