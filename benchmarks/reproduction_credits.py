"""Credits, measured: lines read right, reprints judged whole, ordinary drafts left alone, and time.

``python benchmarks/reproduction_credits.py`` prints, as Markdown, how many credit lines of
tests/stages/reproduction/credit_lines.csv are read right, beside one plain expression.

- ``--reuse DIR`` screens real reprints: DIR holds articles.jsonl (id, outlet, title, time, text),
  pairs.jsonl and hard_negatives.jsonl (a, b: ids of articles, band, cross_outlet).
- ``--clean DIR`` counts what is flagged in the .jsonl files there (title, text), no work known;
  each draft of college_wechat.jsonl is screened against the others too.
"""

from __future__ import annotations

import argparse
import csv
import json
import re
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from screening.draft import Draft, DraftBuilder
from screening.finding import Finding, ReproductionEvidence, Severity
from screening.settings import School, load_settings
from screening.stages.reproduction.credit import Credit, CreditKind
from screening.stages.reproduction.credits import read_credits
from screening.stages.reproduction.name_forms import name_key
from screening.stages.reproduction.stage import ReproductionStage
from screening.stages.reproduction.store import KnownWorks
from screening.stages.reproduction.work import Candidate, Work
from screening.stages.reproduction.writer import WorksWriter
from screening.text import prepare
from screening.text.normalise import Normalised, normalise, squeezed_key

TABLE = Path(__file__).parents[1] / "tests" / "stages" / "reproduction" / "credit_lines.csv"
COLUMNS = ("sources", "authors", "pictures", "other")
#: part of the table → what it is; all but the first were read once before anything was mended
PARTS = {
    "a": "used while writing",
    "b": "held",
    "c": "held, second",
    "d": "held, third",
    "e": "forms of accounts and college sites",
    "f": "the same, second",
    "g": "the same, third",
    "h": "the same, rare surnames",
    "i": "the same, last",
}
SUBSTANTIAL = ("verbatim", "contained", "substantial")
NOW = "2026-11-22T00:00:00+00:00"
Said = dict[str, set[str]]
Row = dict[str, Any]


class OneOf:
    """Known works of which only those with certain texts count."""

    digest = ""

    def __init__(self, known: KnownWorks, texts: Sequence[str]) -> None:
        self._known = known
        self._keys = set(map(squeezed_key, texts))

    def __len__(self) -> int:
        return len(self._keys)

    def candidates(self, text: Normalised) -> list[Candidate]:
        """Return the candidates among these works."""
        found = self._known.candidates(text)
        return [each for each in found if squeezed_key(each.work.text) in self._keys]


def by_us(text: str) -> Said:
    """Read a credit line with the software."""
    said: Said = {column: set() for column in COLUMNS}
    for credit in read_credits(normalise(text)):
        names = "pictures" if credit.kind is CreditKind.PICTURE else "sources"
        said[names].update(map(name_key, credit.sources))
        said["authors"].update(map(name_key, credit.authors))
        said["other"].update(_others(credit))
    return said


def _others(credit: Credit) -> Iterator[str]:
    if credit.kind is CreditKind.PICTURE:
        if credit.empty:
            yield "empty-picture"
        return
    if credit.links:
        yield "link"
    if credit.kind is not CreditKind.TEXT:
        yield credit.kind.value
    elif credit.empty:
        yield "empty"


def by_expression(text: str) -> Said:
    """Read a credit line as one would at first: a label, a colon, a name."""
    said: Said = {column: set() for column in COLUMNS}
    labels = {
        "sources": "来源|转自|转载自",
        "authors": "作者|记者|文",
        "pictures": "图片来源|摄影|图",
    }
    for column, words in labels.items():
        for match in re.finditer(rf"(?:{words})[:：/|｜丨]\s*([^\s，。、（）()]+)", text):
            said[column].add(name_key(match[1]))
    return said


def lines_report() -> Iterator[str]:
    """Yield how many lines of each part are read right, by each way."""
    with TABLE.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    yield "| credit lines | number | read right | one plain expression |"
    yield "|---|---|---|---|"
    for part, label in PARTS.items():
        chosen = [row for row in rows if row["part"] == part]
        if not chosen:
            continue
        right = [
            sum(way(row["text"].replace("\\n", "\n")) == _expected(row) for row in chosen)
            for way in (by_us, by_expression)
        ]
        shares = " | ".join(f"{count / len(chosen):.1%}" for count in right)
        yield f"| {part}: {label} | {len(chosen)} | {shares} |"


def _expected(row: dict[str, str]) -> Said:
    return {
        column: {
            value if column == "other" else name_key(value)
            for value in row[column].split("|")
            if value
        }
        for column in COLUMNS
    }


def reuse_report(folder: Path, home: Path, school: School) -> Iterator[str]:
    """Yield what becomes of real reprints, the earlier article known, the later one screened."""
    articles = {row["id"]: row for row in _rows(folder / "articles.jsonl")}
    WorksWriter(home / "reuse").add([_work(row) for row in articles.values()], NOW)
    known = KnownWorks(home / "reuse")
    pairs = [row for row in _rows(folder / "pairs.jsonl") if row["cross_outlet"]]
    pairs = [row for row in pairs if row["band"] in SUBSTANTIAL]
    yield "| pairs | number | found or accused | blocked | attribution |"
    yield "|---|---|---|---|---|"
    for label, chosen in (
        ("natural reprints", pairs),
        ("hard negatives", _rows(folder / "hard_negatives.jsonl")),
    ):
        found: list[Finding] = []
        for row in chosen:
            earlier, later = sorted((articles[row["a"]], articles[row["b"]]), key=_published)
            found += _copied(later, OneOf(known, [earlier["text"]]), school)[:1]
        blocked = sum(finding.severity is Severity.BLOCK for finding in found)
        kinds = Counter(_evidence(finding).attribution for finding in found)
        told = ", ".join(f"{kind} {count}" for kind, count in kinds.most_common())
        share = f"{len(found)} ({len(found) / len(chosen):.1%})"
        yield f"| {label} | {len(chosen)} | {share} | {blocked} | {told} |"


def clean_report(folder: Path, home: Path, school: School) -> Iterator[str]:
    """Yield what is flagged with no work known, and drafts of one college against each other."""
    stage = ReproductionStage(None, school)
    yield "| documents, no work known | number | flagged | by rule | CPU µs a 2,000 characters |"
    yield "|---|---|---|---|---|"
    for path in sorted(folder.glob("*.jsonl")):
        rules: Counter[str] = Counter()
        took, characters, flagged, rows = 0.0, 0, 0, _rows(path)
        for row in rows:
            prepared = prepare(_draft(row))
            begun = time.process_time()
            findings = stage.screen(prepared).findings
            took += time.process_time() - begun
            characters += prepared.draft.characters
            rules.update(finding.rule for finding in findings)
            flagged += bool(findings)
        told = ", ".join(f"{rule} {count}" for rule, count in rules.most_common())
        yield (
            f"| {path.stem} | {len(rows)} | {flagged} ({flagged / len(rows):.1%}) | {told} "
            f"| {took / characters * 2e9:.0f} |"
        )
    yield ""
    yield from _college_report(_rows(folder / "college_wechat.jsonl"), home, school)


def _college_report(rows: list[Row], home: Path, school: School) -> Iterator[str]:
    WorksWriter(home / "college").add([_work(row) for row in rows], NOW)
    known = KnownWorks(home / "college")
    severities: Counter[str] = Counter()
    for row in rows:
        others = OneOf(known, [each["text"] for each in rows if each is not row])
        severities.update(finding.severity.value for finding in _copied(row, others, school))
    told = ", ".join(f"{name} {count}" for name, count in severities.items()) or "none"
    yield f"College drafts against each other: {len(rows)} drafts, findings about a work: {told}."


def _copied(row: Row, works: OneOf, school: School) -> list[Finding]:
    findings = ReproductionStage(works, school).screen(prepare(_draft(row))).findings
    return [finding for finding in findings if _evidence(finding).work]


def _evidence(finding: Finding) -> ReproductionEvidence:
    assert isinstance(finding.evidence, ReproductionEvidence)
    return finding.evidence


def _work(row: Row) -> Work:
    return Work("", row["title"], row["text"], site=row.get("outlet"), published=row.get("time"))


def _draft(row: Row) -> Draft:
    builder = DraftBuilder("text")
    builder.add("title", row["title"], "标题")
    for number, line in enumerate((row["text"] or "").split("\n"), 1):
        builder.add("body", line, f"第{number}段")
    return builder.build()


def _published(row: Row) -> datetime:
    return datetime.strptime(row["time"], "%m/%d/%Y %H:%M:%S")


def _rows(path: Path) -> list[Row]:
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line]
    return [
        row | {"title": row.get("title") or ""} for row in rows if row.get("text") or "a" in row
    ]


def main() -> None:
    """Measure what the options ask for and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--reuse", type=Path, metavar="DIR", help="articles, pairs, negatives")
    parser.add_argument("--clean", type=Path, metavar="DIR", help="ordinary documents")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        school = load_settings(home).school
        reports = [lines_report()]
        if options.reuse:
            reports.append(reuse_report(options.reuse, home, school))
        if options.clean:
            reports.append(clean_report(options.clean, home, school))
        for report in reports:
            print("\n".join(report), end="\n\n", flush=True)


if __name__ == "__main__":
    main()
