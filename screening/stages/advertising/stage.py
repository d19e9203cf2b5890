"""The advertising stage: what sells, in the whole draft or in a passage of it, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from screening.finding import Finding, StageResult
from screening.stages.advertising.explain import explain
from screening.stages.advertising.findings import STAGE, Author
from screening.stages.advertising.model import Model
from screening.stages.advertising.passages import Passage, find_passages
from screening.stages.advertising.reading import Reading, read
from screening.stages.advertising.signs import Hit, Sign, SignFinder
from screening.text import Prepared

#: stream characters around a shop's address in which a warning excuses it
_NEAR = 60


class AdvertisingStage:
    """Screens drafts with a trained model. ``names`` are those by which the school itself goes."""

    name = STAGE

    def __init__(self, model: Model, names: Sequence[str]) -> None:
        self._model = model
        self._finder = SignFinder(model.signs, names)
        self._numbers: dict[str, list[int]] = {}
        for number, sign in enumerate(model.signs):
            self._numbers.setdefault(sign.id, []).append(number)

    def screen(self, prepared: Prepared) -> StageResult:
        """Find advertising passages, forbidden claims in them, and shops' addresses anywhere."""
        reading = read(prepared, self._finder)
        passages = find_passages(self._model, reading)
        marked = bool(self._hits(reading, "marked"))
        block_from = self._model.block_from(reading)
        author = Author(prepared.draft, reading.stream, self._model.thresholds, block_from, marked)
        findings: list[Finding] = []
        contacts: list[Hit] = []
        for passage in passages:
            inside = [hit for hit in reading.hits if passage.holds(hit)]
            reached = [hit for hit in inside if self._sign(hit).contact]
            weighed = explain(self._model, reading, passage.start, passage.end)
            findings.append(author.passage(passage, weighed, reached))
            findings += [author.claim(hit, passage) for hit in self._claims(reading, inside)]
            contacts += reached
        if not marked:
            findings += [author.shop(*found) for found in self._shops(reading, passages)]
        secrets = [
            span
            for hit in contacts
            if self._sign(hit).secret
            for span in reading.stream.spans(hit.start, hit.end)
        ]
        return StageResult(tuple(findings), secrets=tuple(secrets))

    def _hits(self, reading: Reading, *kinds: str) -> list[Hit]:
        """Return the hits of some signs, in order."""
        return reading.hits.of([n for kind in kinds for n in self._numbers.get(kind, ())])

    def _sign(self, hit: Hit) -> Sign:
        return self._model.signs[hit.sign]

    def _claims(self, reading: Reading, inside: Sequence[Hit]) -> list[Hit]:
        """Return the forbidden claims, each wording once, the longest of those that overlap."""
        claims = [hit for hit in inside if self._sign(hit).id == "absolute"]
        longest: list[Hit] = []
        for hit in sorted(claims, key=lambda hit: (hit.start, -hit.end)):
            if not longest or hit.start >= longest[-1].end:
                longest.append(hit)
        text = reading.stream.text
        once = {text[hit.start : hit.end]: hit for hit in reversed(longest)}
        return sorted(once.values())

    def _shops(
        self, reading: Reading, passages: Sequence[Passage]
    ) -> Iterator[tuple[Hit, Passage | None]]:
        """Yield the addresses of shops, and invitations to buy within advertising."""
        named: set[Passage | None] = set()
        hits = self._hits(reading, "shop-link", "purchase")
        warnings = [hit.start for hit in self._hits(reading, "warning")] if hits else []
        for hit in hits:
            passage = next((passage for passage in passages if passage.holds(hit)), None)
            kind = self._sign(hit).id
            warned = any(abs(hit.start - at) < _NEAR for at in warnings)
            asked = kind == "purchase" and passage is not None and passage not in named
            if asked or (kind == "shop-link" and not warned):
                yield hit, passage
                named.add(passage)
