"""The reproduction stage: what was taken from known works, and what looks like a reprint."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from screening.finding import Finding, Severity, StageResult
from screening.settings import School
from screening.stages.reproduction.credit import LINKS, Credit, CreditKind
from screening.stages.reproduction.credits import read_credits
from screening.stages.reproduction.cues import Places, cues
from screening.stages.reproduction.signs import Sign, find_signs, names_source
from screening.text import Prepared

if TYPE_CHECKING:  # a draft where no works are known does without their types
    from screening.stages.reproduction.work import Works

#: fields that hold the text of a post, and those in which its credits may stand
_TEXTS = ("body", "notes", "captions")
_CREDITED = ("byline", "header", *_TEXTS, "footer")


class ReproductionStage:
    """Screens drafts against known works, and for the signs of a reprint of unknown ones.

    ``works`` is None where none are known: credits and signs are read all the same.
    """

    name = "reproduction"

    def __init__(self, works: Works | None, school: School) -> None:
        self._works = works
        self._school = school

    def screen(self, prepared: Prepared) -> StageResult:
        """Return a finding for each work taken over, for pictures of nobody, and for signs."""
        places = {
            name: cues().places(text) for name, text in prepared.fields.items() if name in _CREDITED
        }
        credit_lines = _read(prepared, places)
        known = self._known(self._works, prepared, credit_lines) if self._works else []
        reprints = all(finding.severity is Severity.NOTICE for finding in known)
        signs = self._signs(prepared, places, credit_lines) if reprints else ()
        findings = list(known)
        if signs or any(credit.empty for credit in credit_lines):
            from screening.stages.reproduction.unknown import (  # noqa: PLC0415 - few drafts need it
                unknown_findings,
            )

            findings += unknown_findings(prepared.draft, credit_lines, signs, reprints=reprints)
        return StageResult(tuple(findings))

    def _signs(
        self, prepared: Prepared, places: Mapping[str, Places], credit_lines: Sequence[Credit]
    ) -> tuple[Sign, ...]:
        if "body" not in prepared.fields or any(map(names_source, credit_lines)):
            return ()
        return find_signs(prepared.fields["body"], places["body"], credit_lines, self._school)

    def _known(
        self, works: Works, prepared: Prepared, credit_lines: Sequence[Credit]
    ) -> list[Finding]:
        fields = [name for name in _TEXTS if name in prepared.fields]
        candidates = {name: works.candidates(prepared.fields[name]) for name in fields}
        if not any(candidates.values()):
            return []
        from screening.stages.reproduction.known import (  # noqa: PLC0415 - most drafts take nothing
            copied_findings,
        )

        return list(copied_findings(prepared, candidates, credit_lines))


def _read(prepared: Prepared, places: Mapping[str, Places]) -> tuple[Credit, ...]:
    """Return every credit in the draft, the addresses that its links lead to included."""
    links = (
        Credit(CreditKind.TEXT, 0, 0, links=(link.target,), field=LINKS)
        for link in prepared.draft.links
        if "://" in link.target
    )
    lines = (
        credit
        for name, found in places.items()
        for credit in read_credits(prepared.fields[name], name, found)
    )
    return (*lines, *links)
