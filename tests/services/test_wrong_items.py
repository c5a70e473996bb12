"""When code and looks do not agree: asked once, no more about products that are alike, and always logged."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

from tests.conftest import MakeProduct
from visionscan_kiosk.domain.errors import InvalidInput, ProductNotFound, SessionNotFound
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.wrong_items import WrongItem, WrongItemAnswer, WrongItemCounts


@pytest.fixture
def pair(make_product: MakeProduct) -> WrongItem:
    return WrongItem(make_product("Oat milk").id, make_product("Butter").id, 0.97)


def ask(services: KioskServices, wrong_item: WrongItem, answer: WrongItemAnswer | None = None) -> bool:
    """Let it be noticed in a session of its own; return whether it is asked."""
    notice = services.wrong_items.notice(wrong_item, _session(services))
    if notice is not None and answer is not None:
        services.wrong_items.answer(notice, answer)
    return notice is not None


def _session(services: KioskServices) -> UUID:
    return services.sessions.start_session().id


def swapped(wrong_item: WrongItem) -> WrongItem:
    return WrongItem(wrong_item.seen_id, wrong_item.coded_id, wrong_item.confidence)


def test_a_pair_is_asked_about_once_in_a_session(services: KioskServices, pair: WrongItem) -> None:
    session = _session(services)
    assert services.wrong_items.notice(pair, session) is not None
    assert services.wrong_items.notice(pair, session) is None
    assert services.wrong_items.notice(swapped(pair), session) is None
    assert ask(services, pair)


def test_products_whose_code_was_kept_twice_are_alike(services: KioskServices, pair: WrongItem) -> None:
    assert ask(services, pair, WrongItemAnswer.KEPT)
    assert ask(services, pair)  # nobody answered
    assert ask(services, swapped(pair), WrongItemAnswer.KEPT)
    assert not ask(services, pair)
    assert not ask(services, swapped(pair))


def test_a_pair_that_was_found_wrong_stays_worth_asking(services: KioskServices, pair: WrongItem) -> None:
    for answer in (WrongItemAnswer.KEPT, WrongItemAnswer.REPLACED, WrongItemAnswer.KEPT):
        assert ask(services, pair, answer)
    assert ask(services, pair)


def test_other_products_are_asked_about_all_the_same(
    services: KioskServices, pair: WrongItem, make_product: MakeProduct
) -> None:
    for _ in range(2):
        ask(services, pair, WrongItemAnswer.KEPT)
    assert ask(services, WrongItem(pair.coded_id, make_product("Cheese").id, 1.0))


def test_what_was_asked_is_counted(services: KioskServices, pair: WrongItem) -> None:
    ask(services, pair, WrongItemAnswer.REPLACED)
    ask(services, pair, WrongItemAnswer.KEPT)
    ask(services, pair)
    assert services.wrong_items.counts(days=1) == WrongItemCounts(asked=3, kept=1, replaced=1)


def test_a_product_that_is_gone_takes_its_notices_along(services: KioskServices, pair: WrongItem) -> None:
    with pytest.raises(ProductNotFound):
        services.wrong_items.notice(WrongItem(pair.coded_id, uuid4(), 1.0), None)
    with pytest.raises(SessionNotFound):
        services.wrong_items.notice(pair, uuid4())
    assert services.wrong_items.counts(days=1).asked == 0


def test_what_was_noticed_can_be_forgotten(services: KioskServices, pair: WrongItem) -> None:
    for _ in range(2):
        ask(services, pair, WrongItemAnswer.KEPT)
    assert services.wrong_items.purge(older_than_days=1) == 0
    assert not ask(services, pair)
    assert services.wrong_items.purge() == 2
    assert ask(services, pair)


def test_an_answer_to_nothing_changes_nothing(services: KioskServices) -> None:
    services.wrong_items.answer(uuid4(), WrongItemAnswer.KEPT)
    assert services.wrong_items.counts(days=1).asked == 0


def test_one_product_cannot_be_wrong_for_itself(pair: WrongItem) -> None:
    with pytest.raises(InvalidInput):
        WrongItem(pair.coded_id, pair.coded_id, 1.0)
