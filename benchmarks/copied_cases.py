"""Cases of copying made from real articles: a passage of one put into another, in disguise."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from disguises import DISGUISES, split
from plagdet import Place

Row = dict[str, Any]
_SHORTEST, _LONGEST = 180, 520


@dataclass(frozen=True, slots=True)
class Corpus:
    """Articles by id, pairs that share text, and pairs of one topic that do not."""

    articles: dict[str, Row]
    pairs: list[Row]
    negatives: list[Row]

    @classmethod
    def read(cls, folder: Path) -> Corpus:
        """Read articles.jsonl, pairs.jsonl and hard_negatives.jsonl of ``folder``."""
        articles = {row["id"]: row for row in _rows(folder / "articles.jsonl")}
        return cls(articles, _rows(folder / "pairs.jsonl"), _rows(folder / "hard_negatives.jsonl"))


@dataclass(frozen=True, slots=True)
class Case:
    """A draft, the work it took from, and where the passage stands in both."""

    draft: str
    work: str
    place: Place
    source: str


def copied(corpus: Corpus, disguise: str, count: int) -> list[Case]:
    """Return ``count`` cases: passages of 180-520 characters of works in unrelated articles.

    Every second passage is of whole sentences, the others begin and end anywhere.
    """
    chance = random.Random(f"copied {disguise}")
    return [
        _case(*rows, disguise, chance, whole=index % 2 == 0)
        for index, rows in zip(range(count), unrelated(corpus, chance), strict=False)
    ]


def unrelated(corpus: Corpus, chance: random.Random) -> Iterator[tuple[Row, Row]]:
    """Yield, without end, two articles that share nothing known."""
    related = {frozenset((row["a"], row["b"])) for row in corpus.pairs + corpus.negatives}
    ids = sorted(key for key, row in corpus.articles.items() if len(row["text"]) > 2 * _SHORTEST)
    while True:
        host, source = chance.sample(ids, 2)
        if frozenset((host, source)) not in related:
            yield corpus.articles[host], corpus.articles[source]


def _case(
    host_row: Row, source_row: Row, disguise: str, chance: random.Random, *, whole: bool
) -> Case:
    host, source = host_row["text"], source_row["text"]
    start, end = chosen(source, chance, whole=whole)
    passage = DISGUISES[disguise](source[start:end], chance)
    sentences = split(host)
    place = sum(map(len, sentences[: chance.randint(0, len(sentences))]))
    draft = host[:place] + passage + host[place:]
    return Case(draft, source, (place, place + len(passage), start, end), source_row["id"])


def chosen(source: str, chance: random.Random, *, whole: bool) -> tuple[int, int]:
    """Choose a passage of the source, of whole sentences if that can be."""
    length = chance.randint(_SHORTEST, min(_LONGEST, len(source)))
    start = chance.randint(0, len(source) - length)
    end = start + length
    if whole:
        bounds = [0]
        for sentence in split(source):
            bounds.append(bounds[-1] + len(sentence))
        low = min(bounds, key=lambda bound: abs(bound - start))
        high = min(bounds, key=lambda bound: abs(bound - end))
        if _SHORTEST <= high - low <= _LONGEST:
            return low, high
    return start, end


def _rows(path: Path) -> list[Row]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
