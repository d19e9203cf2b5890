"""Tries new terms on ordinary text: the clean sample that is shipped in data/clean."""

from __future__ import annotations

import re
from collections.abc import Sequence

from screening import resources
from screening.draft import Draft, Span
from screening.errors import RulesError
from screening.finding import LexiconEvidence
from screening.readers import read_draft
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.load import RuleBook
from screening.stages.lexicon.rules import Lexicon, TermRule
from screening.stages.lexicon.stage import LexiconStage
from screening.text import Prepared, prepare

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")


def clean_sample() -> list[Prepared]:
    """Return the drafts of the clean sample.

    Raises:
        RulesError: L006, the installation has no clean sample.
    """
    paths = sorted((resources.folder("data") / "clean").glob("*.txt"))
    if not paths:
        raise RulesError("L006", kind="clean")
    return [prepare(read_draft(path)) for path in paths]


def flagged(
    rules: Sequence[TermRule], book: RuleBook, sample: Sequence[Prepared]
) -> dict[str, str]:
    """Return the first sentence that each rule would flag, by the rule's id.

    A hit hides those inside it, so those found are taken out until nothing more is found.
    """
    found: dict[str, str] = {}
    left = list(rules)
    while left and (fresh := _pass(left, book, sample)):
        found |= fresh
        left = [rule for rule in left if rule.id not in fresh]
    return found


def _pass(rules: Sequence[TermRule], book: RuleBook, sample: Sequence[Prepared]) -> dict[str, str]:
    lexicon = Lexicon(tuple(rules), book.excuses, book.contact, "")
    stage = LexiconStage(compile_lexicon(lexicon), pattern_seconds=1.0)
    found: dict[str, str] = {}
    for prepared in sample:
        for finding in stage.screen(prepared).findings:
            evidence = finding.evidence
            excused = isinstance(evidence, LexiconEvidence) and evidence.excused_by
            if not excused and finding.rule not in found:
                found[finding.rule] = _sentence(prepared.draft, finding.span)
    return found


def _sentence(draft: Draft, span: Span) -> str:
    sentences = _SENTENCE.finditer(draft.fields[span.field])
    return next(match[0].strip() for match in sentences if match.end() > span.start)
