"""Word reports opened in LibreOffice: does every comment stand at the flagged words?

Usage::

    python benchmarks/word_report.py DATA [--drafts 50] [--spans 20]

DATA holds real drafts (files/docx/*.docx) and articles (clean/*.jsonl with text). Drafts are made
of articles, with two sentences of ``sentences/dev.csv`` in each, their runs cut at random, in
tables, tracked insertions, links and content controls. Commented on are what the software finds,
and random spans. Beside it stands the straight way: python-docx, ``paragraph.text`` and a comment
on the runs that hold the words. LibreOffice must be installed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

import docx
from msgspec.structs import replace

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))

from office import Office, astray, convert
from word_drafts import write

from screening import Screener, read_draft
from screening.draft import Draft, Span
from screening.finding import Finding, Screening
from screening.regulation import load_regulation
from screening.reports import render_file

HERE = Path(__file__).parent
ARTICLES = ("college_wechat", "campus_notices", "campus_board", "government_documents")
#: files that one LibreOffice is asked to open
BATCH = 30
#: what Word can comment on; findings elsewhere stand in the first comment
FLOW = ("title", "body")


class Case(NamedTuple):
    """One draft: its screening, how many findings are the software's own, and the three files."""

    screening: Screening
    own: int
    original: Path
    ours: Path
    straight: Path


class Tally(NamedTuple):
    """Spans that should have a comment, and those that have it, by who chose them."""

    found: int
    found_right: int
    random: int
    random_right: int
    texts_right: int


def drafts(data: Path, count: int, folder: Path) -> Iterator[Path]:
    """Yield real drafts, the sample, and made ones up to ``count``."""
    real = [*sorted((data / "files" / "docx").glob("*.docx"))]
    real.append(HERE.parent / "data" / "samples" / "校园开放日.docx")
    for number, path in enumerate(real):
        copy = folder / f"real{number}.docx"
        copy.write_bytes(path.read_bytes())
        yield copy
    random = Random(7)
    rows = [
        json.loads(line)["text"]
        for name in ARTICLES
        for line in (data / "clean" / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    with (HERE / "sentences" / "dev.csv").open(encoding="utf-8-sig", newline="") as file:
        hits = [
            row["text"].replace("｜", "\t")
            for row in csv.DictReader(file)
            if row["expect"] == "hit"
        ]
    for number, text in enumerate(random.sample(rows, count - len(real))):
        paragraphs = [line.strip() for line in text.splitlines() if line.strip()][:40]
        for sentence in random.sample(hits, 2):
            paragraphs.insert(random.randint(0, len(paragraphs)), sentence)
        path = folder / f"made{number}.docx"
        path.write_bytes(write(paragraphs, random))
        yield path


def random_findings(draft: Draft, template: Finding, count: int, random: Random) -> list[Finding]:
    """Return findings of rules of their own, from one character to several paragraphs long."""
    body = draft.fields["body"]
    solid = [at for at, char in enumerate(body) if not char.isspace()]
    found = []
    for number in range(count if solid else 0):
        first = random.randrange(len(solid))
        last = min(first + random.choice((0, 1, 3, 8, 20, 120)), len(solid) - 1)
        span = Span("body", solid[first], solid[last] + 1)
        found.append(replace(template, rule=f"ZZZ{number:03}", span=span, id=f"random-{number}"))
    return found


def straight(original: bytes, findings: Sequence[tuple[str, str]]) -> bytes:
    """Comment with python-docx alone: on the runs that hold the words, where they are found."""
    document = docx.Document(io.BytesIO(original))
    cells = [cell for table in document.tables for row in table.rows for cell in row.cells]
    paragraphs = [*document.paragraphs, *(item for cell in cells for item in cell.paragraphs)]
    for rule, words in findings:
        for paragraph in paragraphs:
            start, runs, position = paragraph.text.find(words), [], 0
            for run in paragraph.runs:
                if position < start + len(words) and start < position + len(run.text):
                    runs.append(run)
                position += len(run.text)
            if start >= 0 and runs:
                document.add_comment(runs=[runs[0], runs[-1]], text=f"规则：{rule}")
                break
    saved = io.BytesIO()
    document.save(saved)
    return saved.getvalue()


def expected(findings: Sequence[Finding], draft: Draft) -> list[tuple[str, str]]:
    """Return (rule, words) of the findings that a Word comment can stand at."""
    return [(x.rule, draft.text(x.span)) for x in findings if x.span.field in FLOW]


def prepare(path: Path, screener: Screener, spans: int, template: Finding) -> Case:
    """Screen ``path``, add random findings, and write both reports beside it."""
    draft = read_draft(path)
    screening = screener.screen(draft)
    safe = screening.draft
    extra = random_findings(safe, template, spans, Random(path.stem))
    screening = replace(screening, findings=(*screening.findings, *extra))
    original = path.read_bytes()
    ours, plain = (path.with_name(f"{path.stem}-{name}.docx") for name in ("ours", "straight"))
    ours.write_bytes(render_file("docx", [screening], load_regulation(), None, original))
    plain.write_bytes(straight(original, expected(screening.findings, draft)))
    return Case(screening, len(screening.findings) - len(extra), path, ours, plain)


def tally(cases: Sequence[Case], before: Sequence[Office], after: Sequence[Office]) -> Tally:
    """Count the comments that stand at exactly the flagged words, and unchanged documents."""
    sums = [0] * 5
    for case, original, report in zip(cases, before, after, strict=True):
        draft = case.screening.draft
        own, extra = case.screening.findings[: case.own], case.screening.findings[case.own :]
        for at, findings in ((0, own), (2, extra)):
            wanted = expected(findings, draft)
            lost = astray(wanted, report.comments)
            sums[at] += len(wanted)
            sums[at + 1] += len(wanted) - len(lost)
        sums[4] += original.paragraphs == report.paragraphs
    return Tally(*sums)


def main() -> None:
    """Make, screen, convert, count, and print a Markdown table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--drafts", type=int, default=50)
    parser.add_argument("--spans", type=int, default=20)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        screener = Screener.from_home(folder / "home")
        sample = screener.screen(read_draft(HERE.parent / "data" / "samples" / "校园开放日.docx"))
        paths = [*drafts(options.data, options.drafts, folder)]
        cases = [prepare(path, screener, options.spans, sample.findings[0]) for path in paths]
        files = [path for case in cases for path in case[2:]]
        shown = []
        for start in range(0, len(files), BATCH):
            shown += convert(files[start : start + BATCH], folder)
        same = sum(read_draft(case.ours).digest == case.screening.draft.digest for case in cases)
    before = shown[::3]
    elsewhere = sum(x.span.field not in FLOW for case in cases for x in case.screening.findings)
    real = sum(case.original.stem.startswith("real") for case in cases)
    print(f"{len(cases)} drafts, {real} of them real and {len(cases) - real} made.")
    print(f"{elsewhere} findings in headers, notes and properties stand in the first comment.\n")
    print("| | anchored: found by the software | anchored: random spans | text unchanged |")
    print("|---|---|---|---|")
    for title, after in (("screening", shown[1::3]), ("python-docx", shown[2::3])):
        t = tally(cases, before, after)
        print(
            f"| {title} | {t.found_right} of {t.found} | {t.random_right} of {t.random} "
            f"| {t.texts_right} of {len(cases)} |"
        )
    print(f"\nDigest of the returned file equal to the draft's: {same} of {len(cases)}.")


if __name__ == "__main__":
    main()
