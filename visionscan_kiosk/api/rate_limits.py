"""Token buckets: how often a caller may ask."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from visionscan_kiosk.api.facade_settings import Rate

_MOST_CALLERS = 10_000


@dataclass(slots=True)
class _Bucket:
    tokens: float
    filled_at: float


class RateLimit:
    """One bucket a caller; the callers longest unseen are forgotten first. For one event loop, no locks."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, _Bucket] = OrderedDict()

    def take(self, caller: str) -> int:
        """Take one token; return 0, or after how many seconds there will be one."""
        bucket = self._filled(caller)
        if bucket.tokens < 1:
            return math.ceil((1 - bucket.tokens) / self._rate.per_second)
        bucket.tokens -= 1
        return 0

    def wait_s(self, caller: str) -> int:
        """Return what `take` would, and take nothing."""
        missing = 1 - self._filled(caller).tokens
        return math.ceil(missing / self._rate.per_second) if missing > 0 else 0

    def _filled(self, caller: str) -> _Bucket:
        now = self._clock()
        bucket = self._buckets.get(caller)
        if bucket is None:
            bucket = self._buckets[caller] = _Bucket(self._rate.burst, now)
            if len(self._buckets) > _MOST_CALLERS:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(caller)
        gained = (now - bucket.filled_at) * self._rate.per_second
        bucket.tokens, bucket.filled_at = min(self._rate.burst, bucket.tokens + gained), now
        return bucket
