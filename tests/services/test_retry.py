"""Trying again: in one place around one use case, however the use cases lie inside each other."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, event, make_url, text

from tests.conftest import build_services, new_product
from tests.fake_picture_detector import FakePictureDetector
from visionscan_kiosk.domain.errors import TransientConflict
from visionscan_kiosk.persistence.engine import create_engine_for
from visionscan_kiosk.persistence.unit_of_work import SqlUnitOfWork
from visionscan_kiosk.services import retry
from visionscan_kiosk.services.facade_ports import HttpAnswer, KeyedRequest
from visionscan_kiosk.services.idempotency import IdempotencyService
from visionscan_kiosk.services.retry import RETRIES, retried

KEYED = KeyedRequest("somebody /checkout", "key", b"fingerprint")


@pytest.fixture
def impatient(own_database_url: str) -> Iterator[Engine]:
    """An engine on a database of its own whose waits for locks end soon."""
    url = make_url(own_database_url).update_query_dict({"options": "-c lock_timeout=20ms"})
    engine = create_engine_for(url.render_as_string(hide_password=False))
    yield engine
    engine.dispose()


def test_a_keyed_sale_that_meets_a_lock_is_tried_four_times_and_not_sixteen(
    impatient: Engine, own_database_url: str
) -> None:
    services = build_services(lambda: SqlUnitOfWork(impatient), FakePictureDetector())
    idempotency = IdempotencyService(
        lambda: SqlUnitOfWork(impatient), lambda work: build_services(work, FakePictureDetector())
    )
    apple = services.inventory.create_product(new_product())
    session = services.sessions.start_session()
    services.sessions.add_product(session.id, apple.id)
    asked = _locks_asked_for(impatient)
    other = create_engine_for(own_database_url)
    with other.connect() as connection:
        connection.execute(text("SELECT 1 FROM scan_sessions FOR UPDATE"))
        with pytest.raises(TransientConflict):
            idempotency.answer_once(
                KEYED, lambda inside: HttpAnswer(200, str(inside.checkout.check_out(session.id)).encode())
            )
    other.dispose()

    assert len(asked) == RETRIES + 1
    sold = idempotency.answer_once(
        KEYED, lambda inside: HttpAnswer(200, str(inside.checkout.check_out(session.id).number).encode())
    )
    assert (sold.body, services.inventory.get_product(apple.id).stock) == (b"1", 9)


def test_only_the_outermost_repeats() -> None:
    attempts: list[str] = []

    @retried
    def inner() -> None:
        attempts.append("inner")
        raise TransientConflict("again")

    @retried
    def outer() -> None:
        attempts.append("outer")
        inner()

    with pytest.raises(TransientConflict):
        outer()
    assert attempts == ["outer", "inner"] * (RETRIES + 1)
    with pytest.raises(TransientConflict):
        inner()
    assert attempts[8:] == ["inner"] * (RETRIES + 1), "after an outer one it repeats again"


def test_no_attempt_begins_when_somebody_waited_long_enough(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(retry.time, "monotonic", lambda: now[0])
    attempts: list[float] = []

    @retried
    def waits_for_a_lock() -> None:
        attempts.append(now[0])
        now[0] += 5.0
        raise TransientConflict("again")

    with pytest.raises(TransientConflict):
        waits_for_a_lock()
    assert attempts == [0.0, 5.0]


def _locks_asked_for(engine: Engine) -> list[str]:
    found: list[str] = []

    @event.listens_for(engine, "before_cursor_execute")
    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if "FROM scan_sessions" in statement and "FOR UPDATE" in statement:
            found.append(statement)

    return found
