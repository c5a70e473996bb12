"""The slot keeps only the newest value and says when a reader must be woken."""

from threading import Thread

from visionscan_kiosk.concurrency.latest_slot import LatestSlot


def test_an_empty_slot_has_nothing_to_take() -> None:
    assert LatestSlot[int]().take() is None


def test_the_newest_value_wins_and_only_the_first_put_asks_for_a_wake_up() -> None:
    slot = LatestSlot[int]()
    assert [slot.put(number) for number in (1, 2, 3)] == [True, False, False]
    assert slot.take() == 3
    assert slot.take() is None
    assert slot.put(4)


def test_a_slow_reader_sees_rising_values_and_the_last_one() -> None:
    slot, seen = LatestSlot[int](), []
    writer = Thread(target=lambda: [slot.put(number) for number in range(1, 5001)])
    writer.start()
    while writer.is_alive():
        if (value := slot.take()) is not None:
            seen.append(value)
    writer.join()
    if (value := slot.take()) is not None:
        seen.append(value)
    assert seen == sorted(set(seen))
    assert seen[-1] == 5000
