"""How often the matcher is right, wrong or asks, how fast, how large: `python benchmarks/matching.py FOLDER`.

Needs the program on the path (PYTHONPATH=. in a checkout). Prints per pack and kind of question, beside
well-known methods in the same run. Rivals take the threshold and the lead that serve them best on split=dev;
the matcher is taken as it is. Made packs are recombined by seed from
the packs of the folder (see matching_packs), so they hold no row that anything was tuned on.
Speed is process CPU time, so that other load on the machine counts little.
"""

from __future__ import annotations

import argparse
import gc
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from itertools import product as pairs_of
from pathlib import Path
from typing import Any

import numpy as np
from matching_packs import Pack, Parts, Question, made_pack, pack_names, read_pack, read_parts
from matching_rivals import (
    Answer,
    Method,
    Ours,
    pg_trgm_method,
    rapidfuzz_method,
    tf_idf_method,
)

_HEADINGS = ("top-1", "right", "wrong", "ambig", "plain", "near", "p50 ms", "p95 ms")
_WRONG_COSTS = 10


def main() -> None:
    options = _options()
    print(f"split={options.split}; right/wrong: share of unique questions added rightly/wrongly;")
    print("ambig: share of ambiguous questions added without asking; plain/near: shares of false accepts\n")
    for name in pack_names(options.folder):
        _compare(
            options, read_pack(options.folder, name, "dev"), read_pack(options.folder, name, options.split)
        )
    parts = read_parts(options.folder)
    for count in options.sizes:
        for sizes in (True, False):
            pack = made_pack(parts, count, options.seed, sizes=sizes, asked=options.asked)
            _report(pack, Ours(pack.products), by_kind=False)
    _sizes_of_index(options, parts)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path, help="folder with catalog-NAME.csv and queries-NAME.csv")
    parser.add_argument("--split", default="test", choices=("dev", "test", "all"))
    parser.add_argument("--database-url", help="PostgreSQL with pg_trgm, to compare with it")
    parser.add_argument("--sizes", default=[1000, 10_000], type=_numbers, help="made packs: 1000,10000,...")
    parser.add_argument("--index-sizes", default=[1000, 10_000, 50_000, 100_000], type=_numbers)
    parser.add_argument("--asked", default=1500, type=int, help="questions per made pack")
    parser.add_argument("--seed", default=20, type=int)
    parser.add_argument("--only-ours", action="store_true")
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(number) for number in text.split(",") if number]


def _compare(options: argparse.Namespace, dev: Pack, asked: Pack) -> None:
    _report(asked, Ours(asked.products), by_kind=True)
    for method in () if options.only_ours else _rivals(asked, options.database_url):
        threshold, lead = _tuned(method, dev.questions)
        _report(asked, method, by_kind=False, threshold=threshold, lead=lead)
    print()


def _rivals(pack: Pack, database_url: str | None) -> Iterator[Method]:
    for scorer in ("WRatio", "token_set_ratio"):
        yield rapidfuzz_method(scorer, pack.products)
    yield tf_idf_method(pack.products)
    if database_url:
        yield pg_trgm_method(pack.products, database_url)


def _tuned(method: Method, questions: Sequence[Question]) -> tuple[float, float]:
    """Return the threshold and the lead with the most right additions, a wrong one costing ten."""
    answers = [(question, method.answer(question.text)) for question in questions]
    grid = pairs_of(np.arange(0.5, 1.0, 0.025), (0.0, 0.01, 0.02, 0.05, 0.1))
    return max(grid, key=lambda limits: _worth(answers, *limits))


def _worth(answers: Sequence[tuple[Question, Answer]], threshold: float, lead: float) -> int:
    worth = 0
    for question, answer in answers:
        if _is_added(answer, threshold, lead):
            right = len(question.expected) == 1 and answer.sku in question.expected
            worth += 1 if right else -_WRONG_COSTS
    return worth


def _is_added(answer: Answer, threshold: float, lead: float) -> bool:
    if answer.added is not None:
        return answer.added
    return answer.sku is not None and answer.score >= threshold and answer.lead >= lead


def _report(pack: Pack, method: Method, *, by_kind: bool, threshold: float = 0.0, lead: float = 0.0) -> None:
    for question in pack.questions[:30]:
        method.answer(question.text)
    tallies: defaultdict[str, Counter[str]] = defaultdict(Counter)
    times: defaultdict[str, list[float]] = defaultdict(list)
    for question in pack.questions:
        started = time.process_time()
        answer = method.answer(question.text)
        took = (time.process_time() - started) * 1000
        for line in ("", question.kind):
            times[line].append(took)
            _count(tallies[line], question, answer, added=_is_added(answer, threshold, lead))
    print(f"{pack.name}: {len(pack.products)} products, {len(pack.questions)} questions, {method.name}")
    print(f"    {'':22}{''.join(f'{heading:>9}' for heading in _HEADINGS)}")
    for line in sorted(tallies) if by_kind else ("",):
        print(f"    {line or 'all':22}{_line(tallies[line], times[line])}")


def _count(tally: Counter[str], question: Question, answer: Answer, *, added: bool) -> None:
    group = question.group
    tally[group] += 1
    if group == "unique":
        right = answer.sku in question.expected
        tally["top-1"] += right
        tally["right"] += added and right
        tally["wrong"] += added and not right
    else:
        tally[f"{group} added"] += added


def _line(tally: Counter[str], times: list[float]) -> str:
    shares = [(tally[key], tally["unique"]) for key in ("top-1", "right", "wrong")]
    shares += [(tally[f"{group} added"], tally[group]) for group in ("ambiguous", "plain", "near")]
    cells = [f"{part / whole:9.4f}" if whole else f"{'-':>9}" for part, whole in shares]
    return "".join(cells) + "".join(f"{np.percentile(times, share):9.2f}" for share in (50, 95))


def _sizes_of_index(options: argparse.Namespace, parts: list[Parts]) -> None:
    print("\nCPU time of the index on made packs with invented words, which are harder than real ones")
    headings = ("build s", "MB", "p50 ms", "p95 ms", "max ms", "type p95", "update ms")
    print(f"{'products':>10}{''.join(f'{heading:>10}' for heading in headings)}")
    for count in options.index_sizes:
        pack = made_pack(parts, count, options.seed + 1, sizes=True, asked=450, invented=True)
        print(f"{count:>10}{''.join(f'{cell:10.2f}' for cell in _index_cells(pack))}")


def _index_cells(pack: Pack) -> list[float]:
    gc.collect()
    before, started = _resident_mb(), time.process_time()
    matcher = Ours(pack.products).matcher
    built, grown = time.process_time() - started, _resident_mb() - before
    texts = [question.text for question in pack.questions]
    beginnings = [text[:length] for text in texts[:60] for length in (1, 2, 4, 8)]
    asked = [_cpu_ms(matcher.match, text) for text in texts]
    typed = [_cpu_ms(matcher.search, text) for text in beginnings]
    updated = [_cpu_ms(matcher.update, [product]) for product in pack.products[:50]]
    asked_at = [float(np.percentile(asked, share)) for share in (50, 95, 100)]
    return [built, grown, *asked_at, float(np.percentile(typed, 95)), float(np.percentile(updated, 50))]


def _cpu_ms(work: Callable[[Any], object], argument: object) -> float:
    started = time.process_time()
    work(argument)
    return (time.process_time() - started) * 1000


def _resident_mb() -> float:
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6


if __name__ == "__main__":
    main()
