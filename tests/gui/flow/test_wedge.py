"""Whose keys are these: a scanner's, or a person's?"""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.gui.flow.doubles import HandMovedTime
from visionscan_kiosk.domain.barcode import check_digit, is_gtin
from visionscan_kiosk.gui.flow.wedge import Key, KeyKind, WedgeReader, apart
from visionscan_kiosk.services.kiosk import ScannerHabits

EAN = "4006381333931"
OTHER_EAN = "5901234123457"
ENTER, TAB = "\r", "\t"
UP = "<up>"
PERSON_MS = 130
LONG_MS = 1000


class Desk:
    """Keys go in with their times; codes and what reached the cursor come out."""

    def __init__(self, habits: ScannerHabits | None = None) -> None:
        self.time = HandMovedTime()
        self.codes: list[str] = []
        self.typed: list[str] = []
        self.reader = WedgeReader(self.time, self.time, self.codes.append, habits or ScannerHabits())

    def press(self, text: str, kind: KeyKind | None = None, at_ms: int | None = None) -> None:
        ends = {ENTER: KeyKind.END, TAB: KeyKind.END}
        when = self.time.milliseconds if at_ms is None else at_ms
        key = Key(kind or ends.get(text, KeyKind.TEXT), text, when, lambda: self.typed.append(text))
        self.reader.press(key)

    def keys(self, texts: Sequence[str], apart_ms: int) -> None:
        for text in texts:
            self.time.pass_by(apart_ms)
            self.press(text)

    def wait(self, milliseconds: int = LONG_MS) -> None:
        self.time.pass_by(milliseconds)


@pytest.fixture
def desk() -> Desk:
    return Desk()


@pytest.mark.parametrize("ending", [ENTER, TAB, "", ENTER + ENTER, ENTER + TAB, TAB + ENTER], ids=repr)
@pytest.mark.parametrize("apart_ms", [0, 1, 5, 15, 30, 40])
@pytest.mark.parametrize("code", [EAN, "96385074", "AB-1234", "]E04006381333931", "01040063813339311725"])
def test_a_scanned_code_is_one_code_and_reaches_nobody_else(
    desk: Desk, ending: str, apart_ms: int, code: str
) -> None:
    for _ in range(2):
        desk.keys(code + ending, apart_ms)
        desk.wait()

    assert (desk.codes, desk.typed) == ([code, code], [])


@pytest.mark.parametrize("ending", [ENTER, TAB, "", ENTER + ENTER], ids=repr)
def test_codes_40_ms_apart_are_never_glued_together(desk: Desk, ending: str) -> None:
    codes = [EAN, OTHER_EAN, "96385074"] * 20
    for code in codes:
        desk.keys(code + ending, 15)
        desk.wait(25)  # and 15 before the first key
    desk.wait()

    assert (desk.codes, desk.typed) == (codes, [])


def test_keys_that_reach_a_busy_program_late_still_belong_to_their_code(desk: Desk) -> None:
    """Timers are late then, and by that it knows."""
    for place, text in enumerate(EAN + ENTER):
        desk.press(text, at_ms=1000 + 15 * place)
        desk.time.lag(300)

    assert (desk.codes, desk.typed) == ([EAN], [])


@given(st.integers(0, 10**12 - 1), st.lists(st.integers(0, 20), min_size=13, max_size=13))
def test_uneven_keys_are_one_code(number: int, gaps_ms: list[int]) -> None:
    """Whatever begins like a shorter code of its own."""
    desk = Desk()
    code = f"{number:012d}"
    code += str(check_digit(code))
    for text, gap_ms in zip(code, gaps_ms, strict=True):
        desk.keys(text, gap_ms)
    desk.wait()

    assert (desk.codes, desk.typed) == ([code], [])


@pytest.mark.parametrize("ending", [ENTER, ""], ids=repr)
def test_a_busy_machine_that_stretches_pauses_glues_no_codes(desk: Desk, ending: str) -> None:
    """One pause within the first code is as long as those between codes."""
    for place, code in enumerate([EAN, OTHER_EAN, EAN, OTHER_EAN]):
        desk.wait(25)
        desk.keys(code[:5], 15)
        desk.wait(14 if place % 2 else 9)
        desk.keys(code[5:] + ending, 15)
    desk.wait()

    assert (desk.codes, desk.typed) == ([EAN, OTHER_EAN] * 2, [])


@pytest.mark.parametrize(
    ("text", "pauses", "codes"),
    [
        (EAN + OTHER_EAN, [15] * 12 + [25] + [15] * 12, (EAN, OTHER_EAN)),
        (EAN + "96385074", [15] * 12 + [25] + [15] * 7, (EAN, "96385074")),
        (EAN + OTHER_EAN, [15] * 25, (EAN + OTHER_EAN,)),
        (EAN + OTHER_EAN, [15] * 11 + [25, 15] + [15] * 12, (EAN + OTHER_EAN,)),
        ("01040063813339311725", [15] * 19, ("01040063813339311725",)),
    ],
)
def test_codes_are_cut_only_where_there_was_a_pause_and_all_of_it_is_codes(
    text: str, pauses: list[int], codes: tuple[str, ...]
) -> None:
    assert apart(text, pauses) == codes


def test_a_code_that_begins_like_a_shorter_one_is_not_cut_in_two(desk: Desk) -> None:
    desk.keys("96385074", 0)
    desk.keys("0003", 8)
    desk.wait()

    assert desk.codes == ["963850740003"]


def test_a_long_stall_of_the_program_changes_nothing(desk: Desk) -> None:
    """The events waited in the queue: their own times count, not when they are handled."""
    at_ms = 0
    for text in f"{EAN}{ENTER}{OTHER_EAN}{ENTER}12":
        at_ms += 15 if text not in "12" else PERSON_MS
        desk.press(text, at_ms=at_ms)
    at_ms = 0
    desk = Desk()
    for text in EAN + ENTER:
        at_ms += 15
        desk.press(text, at_ms=at_ms)
        desk.wait(9)
    desk.wait()

    assert (desk.codes, desk.typed) == ([EAN], [])


@pytest.mark.parametrize("text", ["oat milk", "4006381333931", "12", "1", " "])
def test_what_a_person_types_reaches_the_cursor_in_order(desk: Desk, text: str) -> None:
    desk.keys([*text, ENTER], PERSON_MS)
    desk.wait()

    assert (desk.codes, "".join(desk.typed)) == ([], text + ENTER)


def test_a_short_number_and_enter_at_once_is_a_number(desk: Desk) -> None:
    desk.keys("20" + ENTER, 30)

    assert (desk.codes, desk.typed) == ([], ["2", "0", ENTER])


def test_two_keys_rolled_over_and_a_pause_are_typed(desk: Desk) -> None:
    desk.keys("th", 20)
    desk.keys("e", PERSON_MS)
    desk.wait()

    assert desk.typed == ["t", "h", "e"]


def test_enter_alone_waits_for_nothing(desk: Desk) -> None:
    desk.press(ENTER)

    assert desk.typed == [ENTER]


def test_keys_before_a_scan_are_the_persons(desk: Desk) -> None:
    desk.keys("mi", PERSON_MS)
    desk.wait(PERSON_MS)
    desk.keys(EAN + ENTER, 15)

    assert (desk.codes, desk.typed) == ([EAN], ["m", "i"])


def test_a_persons_enter_some_time_after_a_scan_counts(desk: Desk) -> None:
    desk.keys(EAN + ENTER, 15)
    desk.wait(300)
    desk.press(ENTER)

    assert desk.typed == [ENTER]


def test_a_second_ending_after_a_pause_belongs_to_the_code(desk: Desk) -> None:
    desk.keys(EAN, 15)
    desk.wait(140)  # so long that the code was taken without an ending
    assert desk.codes == [EAN]
    desk.press(ENTER)

    assert (desk.codes, desk.typed) == ([EAN], [])


def test_a_scanner_may_stall_within_a_code(desk: Desk) -> None:
    desk.keys(EAN[:6], 15)
    desk.keys(EAN[6:] + ENTER, 0)
    desk.wait(200)
    desk.keys(OTHER_EAN[:6], 15)
    desk.time.pass_by(90)
    desk.keys(OTHER_EAN[6:] + ENTER, 15)

    assert (desk.codes, desk.typed) == ([EAN, OTHER_EAN], [])


def test_a_persons_key_without_a_text_comes_behind_what_is_held(desk: Desk) -> None:
    desk.keys("12", 30)
    desk.press(UP, KeyKind.OTHER)
    assert desk.typed == []
    desk.wait()
    desk.press(UP, KeyKind.OTHER)

    assert desk.typed == ["1", "2", UP, UP]


def test_a_key_without_a_text_after_a_pause_waits_for_nothing(desk: Desk) -> None:
    desk.keys("12", 30)
    desk.time.pass_by(45)
    desk.press(UP, KeyKind.OTHER)

    assert desk.typed == ["1", "2", UP]


@pytest.mark.parametrize("place", [1, 2, 5, 12])
@pytest.mark.parametrize("ending", [ENTER, TAB, ""], ids=repr)
def test_a_scanners_key_without_a_text_cuts_no_code(desk: Desk, place: int, ending: str) -> None:
    """A function key, a dead accent, a character that the keyboard does not have."""
    desk.keys(EAN[:place], 15)
    desk.time.pass_by(15)
    desk.press(UP, KeyKind.OTHER)
    desk.keys(EAN[place:] + ending, 15)
    desk.wait()

    assert (desk.codes, desk.typed) == ([EAN], [])


def test_codes_that_end_with_a_key_without_a_text_are_not_glued_together(desk: Desk) -> None:
    codes = ["AB-1234", EAN, "77", "AB-1234"]
    for code in codes:
        desk.wait(25)
        desk.keys(code, 15)
        desk.time.pass_by(15)
        desk.press(UP, KeyKind.OTHER)
    desk.keys("99", PERSON_MS)
    desk.wait()

    assert (desk.codes, desk.typed) == (codes, ["9", "9"])


@pytest.mark.parametrize(("code", "ending"), [("123", ENTER), ("12", ENTER), ("123", ""), ("   ", TAB)])
def test_three_swift_keys_are_no_hands(desk: Desk, code: str, ending: str) -> None:
    for _ in range(2):
        desk.keys(code + ending, 15)
        desk.wait(300)

    assert (desk.codes, desk.typed) == ([code.strip()] * 2, [])


def test_a_stall_after_a_key_without_a_text_cuts_no_code_of_a_scanner_that_ends_them(desk: Desk) -> None:
    desk.keys(EAN + ENTER, 15)
    desk.wait(200)
    desk.keys("AB-12", 15)
    desk.time.pass_by(15)
    desk.press(UP, KeyKind.OTHER)
    desk.time.pass_by(70)
    desk.keys("34-56" + ENTER, 15)

    assert (desk.codes, desk.typed) == ([EAN, "AB-1234-56"], [])


def test_a_stall_never_cuts_a_code_where_a_shorter_one_would_end() -> None:
    """The first twelve of every tenth EAN-13 are a right UPC-A: that is another product."""
    chance = random.Random(3)
    codes = [code for code in (_ean(chance) for _ in range(400)) if is_gtin(code[:12]) or is_gtin(code[:8])]
    assert len(codes) > 40
    for known_to_end in (True, False):
        for code in codes:
            for ending in (ENTER, ""):
                desk = Desk()
                if known_to_end:
                    desk.keys(OTHER_EAN + ENTER, 15)
                    desk.wait()
                cut = 12 if is_gtin(code[:12]) else 8
                desk.keys(code[:cut], 15)
                desk.time.pass_by(chance.randint(6, 95))
                desk.keys(code[cut:] + ending, 15)
                desk.wait()
                assert (desk.codes[known_to_end:], desk.typed) == ([code], []), (code, ending)


def _ean(chance: random.Random) -> str:
    body = f"{chance.randrange(10**12):012d}"
    return body + str(check_digit(body))


@pytest.mark.parametrize("stalled", [0, 1, 2, 3])
def test_of_codes_that_nothing_ends_the_one_that_stalls_stays_whole(stalled: int) -> None:
    tenth = next(code for code in (_ean(random.Random(n)) for n in range(200)) if is_gtin(code[:12]))
    desk = Desk()
    for place in range(4):
        desk.wait(25)
        desk.keys(tenth[:12], 15)
        desk.time.pass_by(50 if place == stalled else 0)
        desk.keys(tenth[12:], 15)
    desk.wait()

    assert (desk.codes, desk.typed) == ([tenth] * 4, [])


def test_a_long_burst_that_nothing_ends_is_told_as_it_comes(desk: Desk) -> None:
    for _ in range(50):
        desk.wait(25)
        desk.keys(EAN, 15)

    assert len(desk.codes) >= 48
    desk.wait()
    assert (desk.codes, desk.typed) == ([EAN] * 50, [])


@pytest.mark.parametrize(
    "codes", [["A1234", EAN], ["A12", "B34"], ["7", "8"], [EAN, "A1"], ["X-12Y", OTHER_EAN, "9"]], ids=str
)
def test_a_prefix_begins_the_next_code(codes: list[str]) -> None:
    desk = Desk(ScannerHabits(prefix="~"))
    for code in codes:
        desk.wait(25)
        desk.keys("~" + code, 15)
    desk.wait()

    assert (desk.codes, desk.typed) == (codes, [])


@pytest.mark.parametrize("behind", [";", " ", UP])
@pytest.mark.parametrize("ending", [ENTER, TAB], ids=repr)
def test_what_a_scanner_sends_behind_its_ending_is_part_of_it(desk: Desk, ending: str, behind: str) -> None:
    for _ in range(2):
        desk.keys(EAN + ending, 15)
        desk.time.pass_by(15)
        desk.press(behind, KeyKind.OTHER if behind == UP else None)
        desk.wait(25)
    desk.wait()

    assert (desk.codes, desk.typed) == ([EAN, EAN], [])


def test_codes_without_a_pause_between_them_are_all_heard(desk: Desk) -> None:
    """Scanners that collect send what they have in one go."""
    codes = [EAN, "AB-1234", OTHER_EAN, "96385074"] * 5
    for code in codes:
        desk.keys(code + ENTER, 15)

    assert (desk.codes, desk.typed) == (codes, [])


def test_the_rest_of_a_code_that_came_too_late_goes_nowhere(desk: Desk) -> None:
    """It was pressed in time and held up on its way."""
    for place, text in enumerate(EAN[:12]):
        desk.press(text, at_ms=1000 + 15 * place)
    desk.wait()
    for place, text in enumerate(EAN[12:] + ENTER, 12):
        desk.press(text, at_ms=1000 + 15 * place)
    desk.wait()

    assert (desk.codes, desk.typed) == ([EAN[:12]], [])


@pytest.mark.parametrize("pauses", [(38, 35, 39, 110), (39, 39, 39, 115)], ids=str)
def test_four_quick_keys_and_an_unhurried_enter_are_typed(desk: Desk, pauses: Sequence[int]) -> None:
    desk.press("m")
    for text, pause in zip([*"ilk", ENTER], pauses, strict=True):
        desk.keys(text, pause)
    desk.wait()

    assert (desk.codes, "".join(desk.typed)) == ([], "milk" + ENTER)


def test_nothing_but_spaces_is_a_code_without_signs(desk: Desk) -> None:
    desk.keys("      " + ENTER, 35)

    assert (desk.codes, desk.typed) == ([""], [])


def test_a_whole_code_without_ending_is_a_code_whatever_key_follows(desk: Desk) -> None:
    desk.keys(EAN, 15)
    desk.time.pass_by(60)
    desk.press(UP, KeyKind.OTHER)

    assert (desk.codes, desk.typed) == ([EAN], [UP])


def test_a_key_comes_up_behind_its_press(desk: Desk) -> None:
    desk.press(" ")
    assert desk.reader.is_holding
    desk.reader.lift(lambda: desk.typed.append("up"))
    desk.wait()

    assert desk.typed == [" ", "up"]
    assert not desk.reader.is_holding


def test_the_keys_of_a_code_come_up_nowhere(desk: Desk) -> None:
    for text in EAN:
        desk.keys(text, 15)
        desk.reader.lift(lambda: desk.typed.append("up"))
    desk.keys(ENTER, 15)

    assert (desk.codes, desk.typed) == ([EAN], [])


def test_a_group_separator_is_part_of_the_code_and_other_control_signs_are_not(desk: Desk) -> None:
    desk.keys("\x02" + "010400638133393110A1\x1d2112" + "\x03" + ENTER, 15)

    assert desk.codes == ["010400638133393110A1\x1d2112"]


def test_a_prefix_and_a_suffix_mark_a_short_code_and_are_no_part_of_it() -> None:
    desk = Desk(ScannerHabits(prefix="~", suffix="#"))
    desk.keys("~7#", 15)
    desk.keys("~A1#" + ENTER, 15)
    desk.keys(EAN + ENTER, 15)

    assert (desk.codes, desk.typed) == (["7", "A1", EAN], [])


def test_a_slow_scanner_is_known_by_its_setting() -> None:
    desk = Desk(ScannerHabits(slowest_key_ms=70))
    desk.keys(EAN + ENTER, 65)

    assert (desk.codes, desk.typed) == ([EAN], [])


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("à&é\"'(-è_ç", EAN),
        ("é+ěščřžýáí", EAN),
        ("ö123456789", EAN),
        ("&é\"'(-è_çà", "not of this row"),
    ],
)
def test_digits_of_another_keyboard_are_read_by_their_check_digit(desk: Desk, row: str, code: str) -> None:
    if code == EAN:
        desk.keys("".join(row[int(digit)] for digit in EAN) + ENTER, 15)
        assert desk.codes == [EAN]
    else:
        desk.keys(row + ENTER, 15)
        assert desk.codes == [row]


@given(
    st.lists(
        st.one_of(
            st.tuples(st.just("scan"), st.integers(0, 10**12 - 1), st.sampled_from(["", ENTER, TAB])),
            st.tuples(
                st.just("type"), st.text("abc 12", min_size=1, max_size=8), st.sampled_from(["", ENTER])
            ),
        ),
        max_size=12,
    ),
    st.integers(0, 20),
)
def test_scans_and_typing_in_turn_are_told_apart(
    pieces: list[tuple[str, int | str, str]], apart_ms: int
) -> None:
    """A person lets go before the scanner begins, and the other way round, for 200 ms."""
    desk = Desk()
    codes: list[str] = []
    typed = ""
    for who, what, ending in pieces:
        desk.wait(200)
        if who == "scan":
            body = f"{what:012d}"
            codes.append(body + str(check_digit(body)))
            desk.keys(codes[-1] + ending, apart_ms)
        else:
            typed += f"{what}{ending}"
            desk.keys(f"{what}{ending}", PERSON_MS)
    desk.wait()

    assert (desk.codes, "".join(desk.typed)) == (codes, typed)
