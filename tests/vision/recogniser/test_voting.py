"""Several frames decide together; one lucky frame charges nobody."""

from __future__ import annotations

from uuid import UUID

import pytest

from visionscan_kiosk.services.recognition_ports import RecognisedProduct, Recognition
from visionscan_kiosk.vision.recogniser.voting import StillVote

MILK, TEA = UUID(int=1), UUID(int=2)


def frame(best: UUID, probability: float = 0.9, *, sure: bool = True) -> Recognition:
    other = TEA if best == MILK else MILK
    candidates = (RecognisedProduct(best, probability), RecognisedProduct(other, 1 - probability))
    return Recognition(candidates, is_sure=sure, is_known=True, familiarity=0.8)


def vote_of(*frames: Recognition) -> StillVote:
    vote = StillVote()
    for seen in frames:
        vote.add(seen)
    return vote


def test_three_that_agree_settle_it() -> None:
    vote = vote_of(frame(MILK), frame(MILK))
    assert not vote.is_settled
    vote.add(frame(MILK))
    assert vote.is_settled
    assert vote.result().is_sure
    assert vote.result().candidates[0] == RecognisedProduct(MILK, pytest.approx(0.9))
    assert vote.result().familiarity == pytest.approx(0.8)


def test_a_frame_sure_of_something_else_takes_certainty_away() -> None:
    vote = vote_of(frame(MILK), frame(MILK), frame(TEA), frame(MILK))
    assert not vote.is_settled
    assert vote.result().candidates[0].product_id == MILK
    assert not vote.result().is_sure


def test_certainty_needs_most_frames() -> None:
    assert not vote_of(frame(MILK), frame(MILK, sure=False), frame(MILK, sure=False)).result().is_sure
    assert vote_of(frame(MILK), frame(MILK), frame(TEA, 0.6, sure=False)).result().is_sure


def test_five_frames_are_enough() -> None:
    vote = vote_of(*[frame(MILK), frame(TEA)] * 2, frame(MILK))
    assert vote.is_settled
    with pytest.raises(ValueError, match="over"):
        vote.add(frame(MILK))


def test_unknown_things_stay_unknown() -> None:
    nothing = Recognition((), is_sure=False, is_known=False, familiarity=0.0)
    result = vote_of(nothing, nothing, nothing).result()
    assert result == nothing


def test_there_is_no_result_without_a_frame() -> None:
    with pytest.raises(ValueError, match="no frame"):
        StillVote().result()
