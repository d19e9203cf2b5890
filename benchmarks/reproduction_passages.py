"""Copied passages, measured: where they are, through seven disguises, and what was changed.

``python benchmarks/reproduction_passages.py DIR`` prints Markdown. DIR holds articles.jsonl (id,
title, text), pairs.jsonl and hard_negatives.jsonl (a, b: ids of articles, band, cross_outlet).
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import chain
from pathlib import Path
from statistics import median

from copied_cases import Case, Corpus, copied
from disguises import DISGUISES
from indexed import Indexed, indexed
from passage_rivals import RIVALS
from plagdet import Place, Score, score
from planted_changes import FAITHFUL, PLANTED, Planted, faithful, planted, titles

from screening.stages.reproduction.alignment import Aligner, Passage
from screening.stages.reproduction.alterations import Alteration, alterations
from screening.stages.reproduction.titles import changed_title
from screening.text.normalise import normalise

OURS = "ours, out of the index of all articles"
SUBSTANTIAL = ("verbatim", "contained", "substantial")
Detector = Callable[[Case], Sequence[Place]]


def aligned(case: Case) -> list[Place]:
    """Detect passages by alignment alone."""
    return _places(Aligner.of(normalise(case.draft)).passages(normalise(case.work)))


def _places(passages: Sequence[Passage]) -> list[Place]:
    return [(p.start, p.end, p.work_start, p.work_end) for p in passages]


def passages_report(corpus: Corpus, known: Indexed, count: int) -> Iterator[str]:
    """Yield a table of plagdet for each detector and disguise, all on the same cases."""
    cases = {name: copied(corpus, name, count) for name in DISGUISES}
    yield f"| plagdet, {count} cases each | {' | '.join(DISGUISES)} | average | ms a pair |"
    yield "|---" * (len(DISGUISES) + 3) + "|"
    details = {}
    detectors: dict[str, Detector] = {
        OURS: lambda case: _places(known.passages(normalise(case.draft), case.source)),
        "ours, alignment of the pair alone": aligned,
    }
    for name, rival in RIVALS.items():
        detectors[name] = partial(_of_pair, rival)
    for name, detector in detectors.items():
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
    yield f"| {OURS} | precision | recall | granularity |\n|---|---|---|---|"
    for disguise, each in details[OURS].items():
        yield f"| {disguise} | {each.precision:.3f} | {each.recall:.3f} | {each.granularity:.3f} |"


def _of_pair(rival: Callable[[str, str], Sequence[Place]], case: Case) -> Sequence[Place]:
    return rival(case.draft, case.work)


def _measured(detector: Detector, cases: Sequence[Case]) -> tuple[Score, list[float]]:
    results, times = [], []
    for case in cases:
        started = time.perf_counter()
        found = detector(case)
        times.append(time.perf_counter() - started)
        results.append((case.place, found))
    return score(results), times


def changes_report(corpus: Corpus, count: int, *, list_all: bool) -> Iterator[str]:
    """Yield how many planted changes are found, and how many faithful copies accused."""
    yield "| planted | found | as its kind | others accused beside it |\n|---|---|---|---|"
    for what, (kind, _) in PLANTED.items():
        total = found = named = beside = 0
        for case in planted(corpus, what, count):
            total += 1
            altered = changed_in(case)
            low, high = case.changed or (0, 0)
            here = [a for a in altered if a.start <= high and low <= a.end]
            found, named = found + bool(here), named + any(a.kind == kind for a in here)
            beside += len(altered) > len(here)
            if list_all and not any(a.kind == kind for a in here):
                yield f"missed {what}: {case.draft[low - 30 : high + 20]!r} {here}"
        yield f"| {what} | {found / total:.1%} of {total} | {named / total:.1%} | {beside} |"
    yield "\n| faithful copies | accused |\n|---|---|"
    for disguise in FAITHFUL:
        cases = [(case, changed_in(case)) for case in faithful(corpus, disguise, count)]
        accused = [(case, altered) for case, altered in cases if altered]
        yield f"| {disguise} | {len(accused) / len(cases):.1%} of {len(cases)} |"
        if list_all:
            yield from (f"accused {disguise}: {altered}" for _, altered in accused)


def titles_report(corpus: Corpus, count: int, *, list_all: bool) -> Iterator[str]:
    """Yield how many changed titles are found, and how many faithful ones accused."""
    totals, hits = Counter[bool](), Counter[bool]()
    for title, original, text, changed in titles(corpus, count):
        totals[changed] += 1
        found = changed_title(title, original, normalise(text)) is not None
        hits[changed] += found
        if list_all and found != changed:
            yield f"{'missed' if changed else 'accused'} title: {title} <> {original}"
    yield f"Changed titles found: {hits[True] / totals[True]:.1%} of {totals[True]}; "
    yield f"faithful ones accused: {hits[False] / totals[False]:.1%} of {totals[False]}."


def changed_in(case: Planted) -> tuple[Alteration, ...]:
    """Return the alterations that are found in a draft."""
    draft, work = normalise(case.draft), normalise(case.work)
    return alterations(draft, work, Aligner.of(draft).passages(work))


def natural_report(corpus: Corpus, known: Indexed) -> Iterator[str]:
    """Yield what is found between articles that were really reprinted, and that were not."""
    texts = {key: normalise(row["text"]) for key, row in corpus.articles.items()}
    bands: dict[str, list[tuple[bool, bool]]] = {}
    for row in corpus.pairs:
        if row["cross_outlet"]:
            draft, work = texts[row["b"]], texts[row["a"]]
            passages = known.passages(draft, row["a"])
            altered = alterations(draft, work, passages)
            bands.setdefault(row["band"], []).append((bool(passages), bool(altered)))
    yield "| natural reprints, other outlet | found | with alterations |\n|---|---|---|"
    for band, results in bands.items():
        found, altered_ones = (sum(column) for column in zip(*results, strict=True))
        yield f"| {band} | {found / len(results):.1%} of {len(results)} | {altered_ones} |"
    upper = [hit for band in SUBSTANTIAL for hit, _ in bands.get(band, [])]
    yield f"\nSubstantial and above: {sum(upper) / len(upper):.1%} of {len(upper)} found."
    accused = sum(bool(known.passages(texts[row["b"]], row["a"])) for row in corpus.negatives)
    share = accused / len(corpus.negatives)
    yield f"One topic, written independently: {share:.1%} of {len(corpus.negatives)} accused."


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("data", type=Path, metavar="DIR", help="folder of the .jsonl files")
    parser.add_argument("--cases", type=int, default=60, help="copied passages for each disguise")
    parser.add_argument("--changes", type=int, default=150, help="planted changes of each kind")
    parser.add_argument("--only", choices=("passages", "natural", "changes"), help="one part")
    parser.add_argument("--list", action="store_true", help="print what is missed or accused")
    options = parser.parse_args()
    corpus = Corpus.read(options.data)
    with indexed(corpus) as known:
        _print(corpus, known, options)


def _print(corpus: Corpus, known: Indexed, options: argparse.Namespace) -> None:
    parts: dict[str, Callable[[], Iterator[str]]] = {
        "passages": lambda: passages_report(corpus, known, options.cases),
        "natural": lambda: natural_report(corpus, known),
        "changes": lambda: chain(
            changes_report(corpus, options.changes, list_all=options.list),
            ("",),
            titles_report(corpus, options.changes, list_all=options.list),
        ),
    }
    for name, report in parts.items():
        if options.only in (None, name):
            print(f"## {name.capitalize()}\n")
            for line in report():
                print(line, flush=True)
            print()


if __name__ == "__main__":
    main()
