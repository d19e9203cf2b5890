"""Tries new terms on ordinary text: the clean sample that is shipped in data/clean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from screening import resources
from screening.draft import DraftBuilder
from screening.errors import RulesError
from screening.finding import LexiconEvidence
from screening.readers import read_draft
from screening.stages.lexicon.compiled import compile_lexicon
from screening.stages.lexicon.load import RuleBook
from screening.stages.lexicon.rules import Lexicon, TermRule
from screening.stages.lexicon.stage import LexiconStage
from screening.text import Prepared, prepare

_SENTENCE = re.compile(r"[^。！？!?；;\n]+[。！？!?；;]*")


def clean_sentences() -> list[Prepared]:
    """Return every sentence of the clean sample, each as a draft of its own.

    Raises:
        RulesError: L006, the installation has no clean sample.
    """
    paths = sorted((resources.folder("data") / "clean").glob("*.txt"))
    if not paths:
        raise RulesError("L006", kind="clean")
    texts = (text for path in paths for text in read_draft(path).fields.values())
    sentences = (match[0].strip() for text in texts for match in _SENTENCE.finditer(text))
    return [_draft(sentence) for sentence in dict.fromkeys(sentences)]


def flagged(
    rules: Sequence[TermRule], book: RuleBook, sentences: Iterable[Prepared]
) -> dict[str, str]:
    """Return the first sentence that each rule would flag, by the rule's id.

    A hit hides those inside it, so those found are taken out until nothing more is found.
    """
    left, where = list(rules), list(sentences)
    found: dict[str, str] = {}
    while left:
        fresh = _pass(left, book, where)
        if not fresh:
            break
        found |= fresh
        left = [rule for rule in left if rule.id not in fresh]
    return found


def _pass(rules: Sequence[TermRule], book: RuleBook, sentences: list[Prepared]) -> dict[str, str]:
    lexicon = Lexicon(tuple(rules), book.excuses, book.contact, "")
    stage = LexiconStage(compile_lexicon(lexicon), pattern_seconds=1.0)
    found: dict[str, str] = {}
    for sentence in sentences:
        for finding in stage.screen(sentence).findings:
            if isinstance(finding.evidence, LexiconEvidence) and not finding.evidence.excused_by:
                found.setdefault(finding.rule, sentence.draft.fields["body"])
    return found


def _draft(text: str) -> Prepared:
    builder = DraftBuilder("text")
    builder.add("body", text, "例句")
    return prepare(builder.build())
