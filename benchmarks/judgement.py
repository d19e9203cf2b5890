"""The judgement, measured: what is found, what is left alone, and what evasion gets past.

``python benchmarks/judgement.py`` prints, as Markdown, recall and near misses flagged for the test
sentences of every category, each screened inside an ordinary article of data/clean; for the
closed sets also without what the stage of likeness tells.

- ``--missed`` lists the mistakes of the dev set. Those of the closed sets are never shown: rules
  that were fitted to them would no longer be measured by them.
- ``--clean DIR`` counts the flagged documents of every .jsonl file there (rows with title, text).
- ``--evasions`` writes every shipped term under width, case, script and separators; this
  takes some minutes.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path

from judged_documents import documents_report
from judged_evasions import evasions_report
from judged_sentences import figures, judge, mistakes, read_sentences, rules_alone

from screening import Screener


def sections(home: Path, options: argparse.Namespace) -> Iterator[str]:
    """Yield the parts of the report as they are measured."""
    screener = Screener.from_home(home)
    yield "# Judgement"
    dev = judge(screener, read_sentences("dev"))
    yield f"## Sentences: dev\n\n{figures(dev)}"
    for name in ("held", "fresh"):
        judged = judge(screener, read_sentences(name))
        yield f"## Sentences: {name}\n\n{figures(judged)}"
        yield f"## Sentences: {name}, without likenesses told\n\n{figures(rules_alone(judged))}"
    if options.missed:
        yield f"## Mistakes on dev\n\n{mistakes(dev)}"
    if options.clean:
        yield f"## Documents\n\n{documents_report(screener, options.clean)}"
    if options.evasions:
        yield f"## Evasions of every shipped term\n\n{evasions_report(screener, home)}"


def main() -> None:
    """Measure what the options ask for and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--missed", action="store_true", help="list the mistakes of the dev set")
    parser.add_argument("--clean", type=Path, metavar="DIR", help="folder of .jsonl documents")
    parser.add_argument("--evasions", action="store_true", help="try every term in disguise")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as home:
        for section in sections(Path(home), options):
            print(section, end="\n\n", flush=True)


if __name__ == "__main__":
    main()
