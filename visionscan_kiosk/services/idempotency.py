"""A request that its client named is carried out once; the same request again gets the same answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from visionscan_kiosk.domain.errors import Conflict
from visionscan_kiosk.services.facade_ports import (
    FacadeUnitOfWork,
    FacadeUnitOfWorkFactory,
    HttpAnswer,
    KeyedRequest,
)
from visionscan_kiosk.services.kiosk import KioskServices
from visionscan_kiosk.services.ports import UnitOfWorkFactory
from visionscan_kiosk.services.retry import retried

LIFETIME = timedelta(hours=48)
LEASE = timedelta(minutes=5)
"""How long a request outside of a transaction may run before its key counts as left behind by a crash."""

ServicesOn = Callable[[UnitOfWorkFactory], KioskServices]


class RequestInFlight(Conflict):
    """The same request is being worked on right now."""

    def __init__(self) -> None:
        super().__init__("A request with this Idempotency-Key is still being worked on. Try again shortly.")


class KeyReused(Conflict):
    """The key belongs to another request."""

    def __init__(self) -> None:
        super().__init__("This Idempotency-Key was used for another request. Choose a new one.")


class IdempotencyService:
    """Keeps answers of success for 48 hours. An error leaves the key free.

    `services_on` gives use cases for the transaction of the key; `prepare` is called before that is open, for
    what takes long.
    """

    def __init__(
        self,
        unit_of_work: FacadeUnitOfWorkFactory,
        services_on: ServicesOn,
        prepare: Callable[[], object] = lambda: None,
    ) -> None:
        self._unit_of_work = unit_of_work
        self._services_on = services_on
        self._prepare = prepare

    @retried
    def answer_once(
        self, request: KeyedRequest, use_case: Callable[[KioskServices], HttpAnswer]
    ) -> HttpAnswer:
        """Carry out `use_case` and keep its answer in one transaction, or return the answer kept.

        Raises RequestInFlight and KeyReused.
        """
        self._prepare()
        with self._unit_of_work() as work:
            known = _look_up(work, request)
            if known is not None:
                return known
            answer = use_case(self._services_on(work.nested))
            work.idempotency.store(request, answer)
            work.commit()
            return answer

    def answer_outside(self, request: KeyedRequest, act: Callable[[], HttpAnswer]) -> HttpAnswer:
        """Do the same for what takes long and changes nothing: no transaction is open while it runs."""
        known = self._reserve(request)
        if known is not None:
            return known
        try:
            answer = act()
        except BaseException:
            self._release(request)
            raise
        self._store(request, answer)
        return answer

    @retried
    def forget_expired(self) -> int:
        """Delete answers that are too old to be asked for; return how many."""
        with self._unit_of_work() as work:
            count = work.idempotency.remove_older_than(LIFETIME)
            work.commit()
            return count

    @retried
    def _reserve(self, request: KeyedRequest) -> HttpAnswer | None:
        with self._unit_of_work() as work:
            known = _look_up(work, request)
            if known is None:
                work.idempotency.reserve(request)
                work.commit()
            return known

    @retried
    def _store(self, request: KeyedRequest, answer: HttpAnswer) -> None:
        with self._unit_of_work() as work:
            work.idempotency.store(request, answer)
            work.commit()

    @retried
    def _release(self, request: KeyedRequest) -> None:
        with self._unit_of_work() as work:
            work.idempotency.release(request)
            work.commit()


def _look_up(work: FacadeUnitOfWork, request: KeyedRequest) -> HttpAnswer | None:
    if not work.idempotency.try_lock(request):
        raise RequestInFlight
    record = work.idempotency.find(request, LIFETIME, LEASE)
    if record is None:
        return None
    if record.fingerprint != request.fingerprint:
        raise KeyReused
    if record.answer is None:
        raise RequestInFlight
    return replace(record.answer, is_replay=True)
