"""What a script may say, and the sentences for what it may not."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path

import pytest

from visionscan_kiosk.domain.errors import InvalidInput
from visionscan_kiosk.rehearsal.script import PAGES, Script, parse_script, read_script

SKUS = frozenset({"OATMILK001", "WATER002", "APPLE001"})


def parse(*steps: object, **head: object) -> Script:
    return parse_script({**head, "steps": list(steps)}, SKUS)


def fault(*steps: object, **head: object) -> str:
    with pytest.raises(InvalidInput) as caught:
        parse(*steps, **head)
    return str(caught.value)


def test_a_script_has_a_rate_a_seed_and_readable_codes_unless_it_says_otherwise() -> None:
    plain, told = parse(), parse(says="Nothing", fps=5, seed=7, readable=0.2)

    assert (plain.fps, plain.seed, plain.readable) == (30, 1, 1)
    assert (told.says, told.fps, told.seed, told.readable) == ("Nothing", 5, 7, 0.2)


def test_steps_are_numbered_from_one_and_keep_their_further_keys() -> None:
    put, cover = parse(
        {"put": "OATMILK001", "as": "a", "at": [0.4, 0.5], "turn": 10},
        {"cover": ["a"], "by": "bag", "for": 2},
    ).steps

    assert (put.number, put.name, put.argument) == (1, "put", "OATMILK001")
    assert put.further == {"as": "a", "at": (0.4, 0.5), "turn": 10}
    assert (cover.number, cover.argument, cover.further) == (2, ("a",), {"by": "bag", "for": 2})


def test_a_piece_without_a_name_is_called_by_its_sku() -> None:
    put, swap, _ = parse(
        {"put": "OATMILK001"}, {"swap": "OATMILK001", "with": "WATER002"}, {"take": "WATER002"}
    ).steps

    assert put.further["as"] == "OATMILK001"
    assert swap.further["as"] == "WATER002"


@pytest.mark.parametrize(
    "step",
    [{"quantity": ["WATER002", 3]}, {"quantity": "WATER002", "N": 3}, {"quantity": "WATER002", "pieces": 3}],
)
def test_a_quantity_stands_beside_its_product(step: object) -> None:
    (quantity,) = parse(step).steps

    assert quantity.argument == ("WATER002", 3)


@pytest.mark.parametrize("page", PAGES)
def test_every_page_of_the_till_can_be_opened(page: str) -> None:
    assert parse({"open": page}).steps[0].argument == page


@pytest.mark.parametrize(
    ("step", "says"),
    [
        ({"juggle": "a"}, 'Step 1: there is no step "juggle"'),
        ({"put": "GOLD001"}, 'Step 1 (put): there is no product "GOLD001"'),
        ({"put": "OATMILK001", "at": [2, 0]}, 'Step 1 (put), "at": 2 is not between 0 and 1'),
        ({"put": "OATMILK001", "at": 0.5}, 'Step 1 (put), "at": 0.5 is not [x, y]'),
        ({"put": "OATMILK001", "turn": "left"}, 'Step 1 (put), "turn": "left" is not a number'),
        ({"put": "OATMILK001", "colour": "red"}, 'Step 1 (put): it takes no "colour"'),
        ({"wait": True}, "Step 1 (wait): true is not a number"),
        ({"wait": -1}, "Step 1 (wait): -1 is not between 0 and 3600"),
        ({"open": "the door"}, 'Step 1 (open): "the door" is not one of search'),
        ({"undo": False}, "Step 1 (undo): false is not true"),
        ({"scans": ["1"]}, 'Step 1 (scans): "apart" is missing'),
        ({"teach": "WATER002", "photos": 1.5}, 'Step 1 (teach), "photos": 1.5 is not a whole number'),
        ({"quantity": "WATER002"}, 'Step 1 (quantity): "pieces" is missing'),
        ({"elsewhere": {"steal": "WATER002"}}, 'Step 1 (elsewhere): there is no "steal"'),
        ({"elsewhere": {"add": "WATER002", "remove": "WATER002"}}, "does more than one thing"),
        ({"elsewhere": {"price": "WATER002"}}, '"WATER002" is not [SKU, value]'),
        ({"expect": {}}, "Step 1 (expect): {} is not an object with some of basket"),
        ({"expect": {"basket": {"WATER002": "two"}}}, 'basket: "two" is not a number'),
        ({"expect": {"may_pay": "yes"}}, 'may_pay: "yes" is not false'),
        ({"expect": {"outlined": {"a": "blue"}}}, 'outlined: "blue" is not one of charged'),
        ("wait", "Step 1 is not an object"),
        ({}, "Step 1 is not an object"),
    ],
)
def test_what_is_wrong_with_a_step_is_said_with_its_number(step: object, says: str) -> None:
    assert says in fault(step)


def test_the_number_is_that_of_the_wrong_step() -> None:
    assert fault({"wait": 1}, {"wait": 1}, {"wait": "long"}).startswith("Step 3 (wait)")


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ([{"take": "a"}], 'Step 1 (take): no piece "a" lies there'),
        (
            [{"put": "WATER002", "as": "a"}, {"take": "a"}, {"tap": "a"}],
            'Step 3 (tap): no piece "a" lies there',
        ),
        ([{"put": "WATER002", "as": "a"}, {"put": "WATER002", "as": "a"}], 'a piece "a" lies there already'),
        ([{"cover": ["a"], "by": "bag", "for": 1}], 'Step 1 (cover): no piece "a"'),
        ([{"expect": {"outlined": {"a": "none"}}}], 'Step 1 (expect): no piece "a" was put down'),
    ],
)
def test_a_piece_must_lie_there_when_something_is_done_with_it(steps: list[object], says: str) -> None:
    assert says in fault(*steps)


def test_a_name_is_free_again_and_a_taken_piece_may_still_be_expected() -> None:
    script = parse(
        {"put": "WATER002", "as": "a"},
        {"take": "a"},
        {"expect": {"outlined": {"a": "none"}}},
        {"put": "APPLE001", "as": "a"},
    )

    assert len(script.steps) == 4


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ([], "A script is an object"),
        ({}, '"steps" is missing'),
        ({"steps": {}}, '"steps" is missing'),
        ({"steps": [], "speed": 2}, 'A script has no "speed"'),
        ({"steps": [], "fps": 0}, '"fps": 0 is not between'),
        ({"steps": [], "seed": 0.5}, '"seed": 0.5 is not a whole number'),
    ],
)
def test_what_is_wrong_with_the_whole_is_said(content: object, says: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_script(content, SKUS)

    assert says in str(caught.value)


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"{", "is not JSON"),
        (b"\xff\xfe", "is not JSON"),
        (b'{"steps": [1]}', "Step 1"),
        (b'{"steps": [{"wait": ' + b"9" * 400 + b"}]}", "Step 1 (wait): 99999"),
        (b'{"steps": [{"wait": ' + b"9" * 5000 + b"}]}", "holds a number with too many digits"),
        (b'{"seed": ' + b"9" * 400 + b', "steps": []}', '"seed": 99999'),
        (b'{"steps": [{"wait": 1e999}]}', "Step 1 (wait): Infinity is not between 0 and 3600"),
        (b'{"steps": [{"wait": NaN}]}', "Step 1 (wait): NaN is not a number"),
        (b"[" * 100_000, "is nested too deeply"),
    ],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, data: bytes, says: str) -> None:
    path = tmp_path / "script.json"
    path.write_bytes(data)

    with pytest.raises(InvalidInput) as caught:
        read_script(path, SKUS)

    assert str(path) in str(caught.value)
    assert says in str(caught.value)


def test_a_file_that_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read_script(tmp_path / "none.json", SKUS)


def test_a_good_file_is_read(tmp_path: Path) -> None:
    path = tmp_path / "script.json"
    path.write_text(json.dumps({"says": "Nothing happens", "steps": [{"wait": 1}]}), encoding="utf-8")

    assert read_script(path, SKUS).says == "Nothing happens"


PRICES = (
    "NaN",
    "sNaN",
    "Infinity",
    "-Infinity",
    "1e999999",
    "-5",
    "-0.01",
    "1.001",
    "",
    "two",
    "9" * 5000,
)


@pytest.mark.parametrize(
    "price", [*PRICES, *(float(text) for text in ("nan", "inf", "-5", "1e300")), 10**400]
)
def test_a_price_that_nothing_can_cost_is_refused(price: object) -> None:
    said = fault({"elsewhere": {"price": ["WATER002", price]}})

    assert said.startswith("Step 1 (elsewhere): price: ")
    assert len(said) < 150


@pytest.mark.parametrize("price", ["0", "2.50", "99999", 1, 0.5])
def test_a_price_that_something_can_cost_is_read(price: object) -> None:
    step = parse({"elsewhere": {"price": ["WATER002", price]}}).steps[0]

    assert step.argument == ("price", ("WATER002", Decimal(str(price))))


GOOD: tuple[dict[str, object], ...] = (
    {"put": "WATER002", "as": "b", "at": [0.4, 0.5], "turn": 10},
    {"take": "a"},
    {"move": "a", "by": [0.1, 0]},
    {"swap": "a", "with": "WATER002", "as": "b"},
    {"cover": ["a"], "by": "bag", "for": 1},
    {"light": 0.5, "for": 1},
    {"shake": 5, "for": 1},
    {"picture": "lost"},
    {"readable": 0.5},
    {"wait": 1},
    {"fps": 5},
    {"scan": "1", "suffix": "enter"},
    {"scans": ["1"], "apart": 1, "suffix": "tab"},
    {"type": "1"},
    {"tap": "a"},
    {"undo": True},
    {"remove": "WATER002"},
    {"quantity": "WATER002", "pieces": 2},
    {"answer": "WATER002"},
    {"pay": "cash"},
    {"open": "menu"},
    {"database": "away"},
    {"elsewhere": {"rename": ["WATER002", "Water"]}},
    {"expect": {"basket": {"WATER002": 1}}},
    {"teach": "WATER002", "photos": 3},
)
ABSURD: tuple[object, ...] = (
    *(None, False, -1, -0.5, 10**400, float("inf"), float("nan"), "", [], {}, [[]], [{}], {"": []}, [None]),
    *(
        ["WATER002"],
        ["WATER002", []],
        [10**400, 10**400],
        [True, True],
        {"WATER002": True},
        [float("nan")] * 2,
    ),
)


@pytest.mark.parametrize("absurd", ABSURD, ids=repr)
@pytest.mark.parametrize(("step", "key"), [(step, key) for step in GOOD for key in step])
def test_an_absurd_value_is_refused_in_a_sentence(step: dict[str, object], key: str, absurd: object) -> None:
    put = {"put": "WATER002", "as": "a"}
    parse(put, step)
    if (key, absurd) in ALLOWED:
        return

    said = fault(put, {**step, key: absurd})

    assert said.startswith("Step 2 (")
    assert len(said) < 300


ALLOWED = (
    ("turn", -1),
    ("turn", -0.5),
    ("cover", []),
    ("suffix", ""),
    ("scans", []),
    ("scans", ["WATER002"]),
)
