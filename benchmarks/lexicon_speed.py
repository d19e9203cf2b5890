"""The lexicon stage's speed, beside the straight way with the same packages.

``python benchmarks/lexicon_speed.py TEXTS [--terms FILE]`` cuts the .jsonl documents of the folder
TEXTS into drafts of 2,000 characters and screens each draft in turn with

- the stage as shipped: normalise, match, settle, all rules and patterns,
- with ``--terms``, the same stage after importing the first 100,000 words of FILE,
- the straight way: jieba.cut of the whole text, then pyahocorasick over its NFKC form.

For each it prints the median over drafts of the quickest of several rounds, and how many drafts a
second that makes on one core; and how long the compiled rules take to load. Times are of the
processor, not of the clock: what else the machine does counts less.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import islice
from pathlib import Path

from judged_documents import read_drafts

from screening.draft import Draft, DraftBuilder
from screening.settings import load_settings
from screening.stages.lexicon.compiled import Compiled, load_compiled
from screening.stages.lexicon.stage import LexiconStage
from screening.text import prepare

SIZE = 2_000
IMPORTED = 100_000

Run = Callable[[Draft], object]


def drafts_of(folder: Path, count: int) -> list[Draft]:
    """Return drafts of :data:`SIZE` characters, as many from each file of ``folder``."""
    files = sorted(folder.glob("*.jsonl"))
    share = -(-count // len(files))
    return [draft for path in files for draft in islice(_pieces(path), share)]


def _pieces(path: Path) -> Iterator[Draft]:
    text = "\n".join(draft.fields["body"] for draft in read_drafts(path))
    for start in range(0, len(text) - SIZE + 1, SIZE):
        builder = DraftBuilder("text")
        for number, line in enumerate(text[start : start + SIZE].split("\n"), start=1):
            builder.add("body", line, f"第{number}段")
        yield builder.build("开学以来的几件事")


def compiled_rules(home: Path) -> Compiled:
    """Return the rules of ``home``, from their cache once they were compiled."""
    settings = load_settings(home)
    return load_compiled(settings.school, home / "cache", own=home / "lexicon")


def import_terms(home: Path, words: Path) -> None:
    """Import the first :data:`IMPORTED` words of a file; those of ordinary texts are left out."""
    chosen = home / "words.txt"
    with words.open(encoding="utf-8") as lines:
        chosen.write_text("".join(islice(lines, IMPORTED)), encoding="utf-8")
    command = [sys.executable, "-m", "screening", "--home", str(home), "lexicon", "import"]
    subprocess.run(
        [*command, str(chosen), "--category", "internal"],
        check=False,
        stdout=subprocess.DEVNULL,
    )


def stage_run(compiled: Compiled) -> Run:
    """Return what screens a draft with the lexicon stage alone."""
    stage = LexiconStage(compiled, pattern_seconds=1.0)
    return lambda draft: stage.screen(prepare(draft))


def straight_run(compiled: Compiled) -> Run:
    """Return the straight way with the words of ``compiled``."""
    import ahocorasick  # noqa: PLC0415 - as the straight way would
    import jieba  # noqa: PLC0415

    jieba.setLogLevel("ERROR")
    jieba.initialize()
    automaton = ahocorasick.Automaton()
    for word in compiled.words.keys:
        automaton.add_word(word, word)
    automaton.make_automaton()

    def run(draft: Draft) -> object:
        text = unicodedata.normalize("NFKC", "\n".join(draft.fields.values()))
        return list(jieba.cut(text)), list(automaton.iter(text))

    return run


def quickest(runs: dict[str, Run], drafts: Sequence[Draft], rounds: int) -> dict[str, float]:
    """Return for each way the median over drafts of its quickest of ``rounds``, in ms."""
    best = {name: [float("inf")] * len(drafts) for name in runs}
    for _ in range(rounds):
        for number, draft in enumerate(drafts):
            for name, run in runs.items():
                begun = time.process_time()
                run(draft)
                took = time.process_time() - begun
                best[name][number] = min(best[name][number], took)
    return {name: statistics.median(times) * 1000 for name, times in best.items()}


def loading(home: Path, rounds: int = 20) -> float:
    """Return the median time to load the compiled rules of ``home`` from their cache, in ms."""
    times = []
    for _ in range(rounds):
        begun = time.process_time()
        compiled_rules(home)
        times.append(time.process_time() - begun)
    return statistics.median(times) * 1000


def main() -> None:
    """Measure and print a Markdown table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("texts", type=Path, metavar="TEXTS", help="folder of .jsonl documents")
    parser.add_argument("--terms", type=Path, metavar="FILE", help="words to import, one a line")
    parser.add_argument("--drafts", type=int, default=120)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    drafts = drafts_of(options.texts, options.drafts)
    with tempfile.TemporaryDirectory() as shipped, tempfile.TemporaryDirectory() as own:
        homes = {"lexicon stage": Path(shipped)}
        if options.terms:
            import_terms(Path(own), options.terms)
            homes["lexicon stage, terms imported"] = Path(own)
        rules = {name: compiled_rules(home) for name, home in homes.items()}
        runs = {name: stage_run(compiled) for name, compiled in rules.items()}
        runs["the straight way"] = straight_run(rules["lexicon stage"])
        times = quickest(runs, drafts, options.rounds)
        loads = {name: loading(home) for name, home in homes.items()}
    print(f"{date.today()}, {os.cpu_count()} cores, {len(drafts)} drafts of {SIZE} characters\n")
    print("| | words | ms a draft | drafts/s | times as fast | rules load in ms |")
    print("|---|---|---|---|---|---|")
    for name, took in times.items():
        words = len(rules.get(name, rules["lexicon stage"]).words.keys)
        ratio = times["the straight way"] / took
        load = f"{loads[name]:.0f}" if name in loads else ""
        print(f"| {name} | {words:,} | {took:.2f} | {1000 / took:,.0f} | {ratio:.1f} | {load} |")


if __name__ == "__main__":
    main()
