"""Test sentences, written apart from the rules, each screened inside an ordinary article.

``sentences/dev.csv`` may be read by whoever writes rules; ``held.csv`` and ``fresh.csv`` are kept
aside: only their figures are ever printed.
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from screening import Screener
from screening.draft import Draft, DraftBuilder, Span
from screening.finding import Category, Finding, Severity
from screening.stages.likeness.stage import LikenessStage

SENTENCES = Path(__file__).parent / "sentences"
ARTICLES = Path(__file__).parent.parent / "data" / "clean"
#: findings of these categories are no false alarm on a near miss of another category
TOLERATED = frozenset({Category.PERSONAL, Category.MAJOR, Category.OPINION})


@dataclass(frozen=True, slots=True)
class Sentence:
    """One row: ``hit`` says whether it is an offence of ``category`` or a near miss of it."""

    category: Category
    hit: bool
    text: str
    note: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence and the findings, excused ones left out, that overlap it."""

    sentence: Sentence
    findings: tuple[Finding, ...]

    @property
    def found(self) -> bool:
        """Tell whether the expected category was found; for wording advice is enough."""
        wanted = self.sentence.category
        least = Severity.NOTICE if wanted is Category.WORDING else Severity.REVIEW
        return any(
            finding.category is wanted and finding.severity.rank >= least.rank
            for finding in self.findings
        )

    @property
    def found_at_all(self) -> bool:
        """Tell whether a reviewer's eye was drawn to the sentence, whatever the category."""
        return self.found or any(map(_weighs, self.findings))

    @property
    def alarms(self) -> tuple[Finding, ...]:
        """Return what counts as a false alarm where the sentence is a near miss."""
        return tuple(
            finding
            for finding in self.findings
            if _weighs(finding)
            and (finding.category not in TOLERATED or finding.category is self.sentence.category)
        )


@dataclass(slots=True)
class Tally:
    """Counts of one category, or of all."""

    hits: int = 0
    found: int = 0
    found_at_all: int = 0
    near_misses: int = 0
    flagged: int = 0

    def add(self, judged: Judged) -> None:
        """Count one sentence."""
        if judged.sentence.hit:
            self.hits += 1
            self.found += judged.found
            self.found_at_all += judged.found_at_all
        else:
            self.near_misses += 1
            self.flagged += bool(judged.alarms)

    def cells(self) -> Iterator[str]:
        """Yield the cells of a table row."""
        yield f"{self.found} / {self.hits}"
        yield percent(self.found, self.hits)
        yield percent(self.found_at_all, self.hits)
        yield f"{self.flagged} / {self.near_misses}"
        yield percent(self.flagged, self.near_misses)


@dataclass(slots=True)
class Article:
    """An ordinary post into which sentences are placed."""

    title: str
    paragraphs: list[str] = field(default_factory=list)

    def around(self, sentence: str) -> tuple[Draft, Span]:
        """Return the article with ``sentence`` as its middle paragraph, and where that stands."""
        builder = DraftBuilder("text")
        builder.add("title", self.title, "标题")
        middle = len(self.paragraphs) // 2
        parts = [*self.paragraphs[:middle], sentence, *self.paragraphs[middle:]]
        for number, part in enumerate(parts, start=1):
            builder.add("body", part, f"第{number}段")
        start = sum(len(part) + 1 for part in parts[:middle])
        return builder.build(), Span("body", start, start + len(sentence))


def percent(part: int, whole: int) -> str:
    """Return ``part`` of ``whole`` as a percentage, – where there is nothing to divide by."""
    return f"{100 * part / whole:.1f} %" if whole else "–"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table; a bar within a cell is escaped."""
    lines = [head, ["---"] * len(head), *rows]
    cells = ([str(cell).replace("|", "\\|") for cell in line] for line in lines)
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def rules_alone(judged: Sequence[Judged]) -> list[Judged]:
    """Return what is left without the likeness stage, which speaks where no rule does."""
    return [
        replace(one, findings=tuple(f for f in one.findings if f.stage != LikenessStage.name))
        for one in judged
    ]


def read_sentences(name: str) -> list[Sentence]:
    """Read the set ``name``: dev, held or fresh."""
    with (SENTENCES / f"{name}.csv").open(encoding="utf-8-sig", newline="") as file:
        return [
            Sentence(Category(row["category"]), row["expect"] == "hit", row["text"], row["note"])
            for row in csv.DictReader(file)
        ]


def read_articles() -> list[Article]:
    """Read data/clean in the order of its file names."""
    articles = []
    for path in sorted(ARTICLES.glob("*.txt")):
        title, *lines = path.read_text(encoding="utf-8").splitlines()
        articles.append(Article(title, [line for line in lines if line]))
    return articles


def judge(screener: Screener, sentences: Iterable[Sentence]) -> list[Judged]:
    """Screen each sentence within the article that its own digest picks."""
    articles = read_articles()
    judged = []
    for sentence in sentences:
        pick = int.from_bytes(hashlib.sha256(sentence.text.encode()).digest()[:8], "big")
        draft, span = articles[pick % len(articles)].around(sentence.text)
        findings = tuple(
            finding
            for finding in screener.screen(draft).findings
            if finding.span.overlaps(span) and not excused(finding)
        )
        judged.append(Judged(sentence, findings))
    return judged


def excused(finding: Finding) -> bool:
    """Tell whether its context lowered the finding."""
    return getattr(finding.evidence, "excused_by", None) is not None


def figures(judged: Iterable[Judged]) -> str:
    """Return a Markdown table: a row for each category and one for all."""
    tallies: dict[str, Tally] = {}
    total = Tally()
    for one in judged:
        tallies.setdefault(one.sentence.category, Tally()).add(one)
        total.add(one)
    head = ["category", "hits found", "recall", "in any category", "near misses flagged", "share"]
    rows = [[name, *tally.cells()] for name, tally in tallies.items()]
    return table(head, [*rows, ["**all**", *total.cells()]])


def mistakes(judged: Iterable[Judged]) -> str:
    """Return a Markdown list of the hits that were missed and the near misses that were flagged."""
    lines = []
    for one in judged:
        sentence = one.sentence
        if sentence.hit and not one.found:
            also = "，".join(f"{f.category} {f.rule}" for f in one.findings) or "–"
            lines.append(
                f"- missed [{sentence.category}] {sentence.text}（{sentence.note}） {also}"
            )
        elif not sentence.hit and one.alarms:
            by = "，".join(f"{f.category} {f.severity} {f.rule}" for f in one.alarms)
            lines.append(f"- flagged [{sentence.category}] {sentence.text}（{sentence.note}） {by}")
    return "\n".join(lines) or "None."


def _weighs(finding: Finding) -> bool:
    return finding.severity.rank >= Severity.REVIEW.rank
