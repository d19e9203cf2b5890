"""Copied passages, measured: where they are, through seven disguises.

``python benchmarks/reproduction_passages.py DIR`` prints Markdown. DIR holds articles.jsonl (id,
title, text), pairs.jsonl and hard_negatives.jsonl (a, b: ids of articles, band, cross_outlet).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from copied_cases import Case, Corpus, copied
from disguises import DISGUISES
from plagdet import Place, Score, score
from rivals import RIVALS

from screening.stages.reproduction.alignment import align
from screening.text.normalise import normalise

Detector = Callable[[str, str], Sequence[Place]]


def ours(draft: str, work: str) -> list[Place]:
    """Detect passages the way the stage does."""
    passages = align(normalise(draft), normalise(work))
    return [(p.start, p.end, p.work_start, p.work_end) for p in passages]


def passages_report(corpus: Corpus, count: int) -> Iterator[str]:
    """Yield a table of plagdet for each detector and disguise, all on the same cases."""
    cases = {name: copied(corpus, name, count) for name in DISGUISES}
    yield f"| plagdet, {count} cases each | {' | '.join(DISGUISES)} | average | ms a pair |"
    yield "|---" * (len(DISGUISES) + 3) + "|"
    details = {}
    for name, detector in {"ours": ours, **RIVALS}.items():
        scores, times = {}, []
        for disguise, chosen in cases.items():
            scores[disguise], took = _measured(detector, chosen)
            times.extend(took)
        details[name] = scores
        figures = [each.plagdet for each in scores.values()]
        cells = " | ".join(f"{figure:.3f}" for figure in figures)
        average = sum(figures) / len(figures)
        yield f"| {name} | {cells} | {average:.3f} | {1000 * median(times):.2f} |"
    yield ""
    yield "| ours | precision | recall | granularity |\n|---|---|---|---|"
    for disguise, each in details["ours"].items():
        yield f"| {disguise} | {each.precision:.3f} | {each.recall:.3f} | {each.granularity:.3f} |"


def _measured(detector: Detector, cases: Sequence[Case]) -> tuple[Score, list[float]]:
    results, times = [], []
    for case in cases:
        started = time.perf_counter()
        found = detector(case.draft, case.work)
        times.append(time.perf_counter() - started)
        results.append((case.place, found))
    return score(results), times


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DIR", help="folder of the .jsonl files")
    parser.add_argument("--cases", type=int, default=60, help="copied passages for each disguise")
    options = parser.parse_args()
    corpus = Corpus.read(options.data)
    print("# Copied passages\n", flush=True)
    for line in passages_report(corpus, options.cases):
        print(line, flush=True)


if __name__ == "__main__":
    main()
