"""Every shipped term, written as those write who dodge a word list: is it still found?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

from judged_sentences import excused, percent, table
from opencc import OpenCC

from screening import Screener
from screening.draft import Draft, DraftBuilder, Span
from screening.finding import Finding
from screening.regulation import load_regulation
from screening.settings import load_settings
from screening.stages.lexicon.load import load_lexicon
from screening.stages.lexicon.rules import TermRule

#: what stands around the term: sentence ends on both sides, so that it begins and ends as a word
_BEFORE, _AFTER = "这一天和平常一样。", "后来大家就回去了。"
_SEPARATORS: Mapping[str, str] = {
    "space": " ",
    "middle dot ·": "·",
    "hyphen -": "-",
    "asterisk *": "*",
    "emoji": "😀",
    "slash /": "/",
    "underscore _": "_",
}
#: terms tried in one draft, and rules listed at the end
_TOGETHER, _TOP = 25, 15
_PLAIN = "plain"
_FULL_WIDTH = {code: code + 0xFEE0 for code in range(0x21, 0x7F)}


#: a rule and a spelling of one of its terms
Written = tuple[TermRule, str]


def _in_two_lines(term: str) -> str:
    middle = len(term) // 2
    return f"{term[:middle]}\n{term[middle:]}" if middle else term


def forms() -> dict[str, Callable[[str], str]]:
    """Return the ways of writing a term by name; one that changes nothing does not apply."""
    return {
        _PLAIN: str,
        "width": lambda term: term.translate(_FULL_WIDTH),
        "case": str.swapcase,
        "traditional": OpenCC("s2t").convert,
        "zero-width inside": "\u200b".join,
        **{name: partial(str.join, mark) for name, mark in _SEPARATORS.items()},
        "line break": _in_two_lines,
    }


def evasions_report(screener: Screener, home: Path) -> str:
    """Return Markdown: for each form the share of all shipped terms still found, and who fails."""
    school = load_settings(home).school
    rules = load_lexicon(school, load_regulation()).rules
    terms = [(rule, term) for rule in rules if isinstance(rule, TermRule) for term in rule.terms]
    rows, total, failures = [], Counter[str](), Counter[str]()
    for name, write in forms().items():
        spelt = [(rule, term, write(term)) for rule, term in terms]
        written = [(rule, new) for rule, term, new in spelt if new != term or name == _PLAIN]
        lost = _lost(screener, written)
        counts = _counts(written, lost)
        rows.append(_cells(name, counts))
        failures.update(rule.id for rule, _ in lost)
        if name != _PLAIN:
            total += counts
    rows.append(_cells("**all but plain**", total))
    head = ["written", "terms", "found", "share", "without rules marked exact", "share"]
    worst = [[rule, str(count)] for rule, count in failures.most_common(_TOP)]
    return f"{table(head, rows)}\n\n{table(['rule', 'spellings not found'], worst)}"


def _lost(screener: Screener, written: Sequence[Written]) -> list[Written]:
    """Return those that are not found. Many share a draft; what is not found there is tried alone.

    Alone, a finding of the same category by another rule counts too.
    """
    lost = []
    for some in batched(written, _TOGETHER):
        draft, spans = _placed(some)
        findings = screener.screen(draft).findings
        for one, span in zip(some, spans, strict=True):
            if not any(f.rule == one[0].id and _at(f, span) for f in findings) and not _found_alone(
                screener, one
            ):
                lost.append(one)
    return lost


def _found_alone(screener: Screener, one: Written) -> bool:
    draft, (span,) = _placed([one])
    findings = screener.screen(draft).findings
    return any(f.category is one[0].category and _at(f, span) for f in findings)


def _at(finding: Finding, span: Span) -> bool:
    return finding.span.overlaps(span) and not excused(finding)


def _placed(some: Sequence[Written]) -> tuple[Draft, list[Span]]:
    """Put each term where its rule looks: into the body, or at its head, or into another field."""
    builder = DraftBuilder("text")
    sizes: Counter[str] = Counter()
    spans = []
    for rule, term in some:
        name = "body" if not rule.places or "lead" in rule.places else rule.places[0]
        before = "" if rule.places else _BEFORE
        paragraph = f"{before}{term}。{_AFTER}"
        start = sizes[name] + len(before)
        builder.add(name, paragraph, "词语")
        sizes[name] += len(paragraph) + 1
        spans.append(Span(name, start, start + len(term)))
    return builder.build(), spans


def _counts(written: Sequence[Written], lost: Sequence[Written]) -> Counter[str]:
    counts = Counter(all=len(written), found=len(written) - len(lost))
    counts["loose"] = sum(not rule.exact for rule, _ in written)
    counts["loose_found"] = counts["loose"] - sum(not rule.exact for rule, _ in lost)
    return counts


def _cells(name: str, counts: Counter[str]) -> list[str]:
    pairs = [("found", "all"), ("loose_found", "loose")]
    shares = [percent(counts[part], counts[whole]) for part, whole in pairs]
    loose = f"{counts['loose_found']} / {counts['loose']}"
    return [name, str(counts["all"]), str(counts["found"]), shares[0], loose, shares[1]]


def batched(items: Sequence[Written], size: int) -> Iterator[Sequence[Written]]:
    """Yield ``items`` in runs of at most ``size``."""
    for start in range(0, len(items), size):
        yield items[start : start + size]
