"""The articles of a corpus as known works in a real index, in a folder that is thrown away."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from copied_cases import Corpus

from screening.stages.reproduction.alignment import Aligner, Passage
from screening.stages.reproduction.excuses import excused
from screening.stages.reproduction.store import KnownWorks, open_works
from screening.stages.reproduction.work import Candidate, Work
from screening.stages.reproduction.writer import WorksWriter
from screening.text.normalise import Normalised, normalise


@dataclass(frozen=True, slots=True)
class Indexed:
    """Known works; each is told by the id that its article has in the corpus."""

    works: KnownWorks

    def passages(self, draft: Normalised, source: str) -> list[Passage]:
        """Return what counts as copied from the article ``source``, as the stage would."""
        for candidate in self.works.candidates(draft):
            if _id(candidate) == source:
                found = Aligner.of(draft).passages(normalise(candidate.work.text))
                reasons = excused(draft, candidate, found)
                return [each for each, why in zip(found, reasons, strict=True) if why is None]
        return []


@contextmanager
def indexed(corpus: Corpus) -> Iterator[Indexed]:
    """Add every article to an index of its own."""
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home) / "works"
        WorksWriter(folder).add(map(_work, corpus.articles.values()), "2026-01-01T00:00:00")
        works = open_works(folder)
        assert works is not None, "nothing was added"
        yield Indexed(works)


def _work(row: dict[str, Any]) -> Work:
    return Work("", row["title"], row["text"], url=f"https://example.com/{row['id']}")


def _id(candidate: Candidate) -> str:
    return (candidate.work.url or "").rpartition("/")[2]
