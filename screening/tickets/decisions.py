"""Decisions: what has to be answered before a draft may be approved, and the answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from unicodedata import east_asian_width

from msgspec import Struct

from screening.conceal import conceal
from screening.database.chain import seal
from screening.draft import Draft
from screening.errors import UsageError
from screening.finding import Finding, Screening, Severity, Target
from screening.tickets.judgements import Judgement
from screening.tickets.status import Status
from screening.tickets.ticket import Kind

#: characters of a reason
REASON_LIMIT = 1000
_PASSAGE_LENGTH = 19
#: What a reason has to say at least: "错字" does, "x", "。。" and "哈哈" do not. The shortest
#: opinions that offices write have two Chinese characters, English ones (typo) four letters.
_LEAST_WEIGHT, _LEAST_DIFFERENT = 4, 2


class Answer(Struct, frozen=True):
    """What a reviewer says of one finding, by its id, and why."""

    finding: str
    judgement: Judgement
    reason: str


class Decision(Struct, frozen=True):
    """What a reviewer decides: ``kind`` is APPROVED, RETURNED or REJECTED.

    ``revision`` is the one that the reviewer read, None for the newest. ``seen`` says what was
    looked at of the parts that were not screened. ``escalate`` hands a department's matter on to
    宣传部.
    """

    kind: Kind
    revision: int | None = None
    rationale: str = ""
    answers: tuple[Answer, ...] = ()
    seen: str = ""
    escalate: bool = False


def passage(finding: Finding, draft: Draft) -> str:
    """Return what an exception is about: the rule, its words, and the paragraph around them."""
    span = finding.span
    blocks = [
        item
        for item in draft.blocks
        if item.field == span.field and item.start <= span.start <= item.end
    ]
    text = draft.fields[span.field]
    around = text[blocks[0].start : blocks[0].end] if blocks else text
    return seal(finding.rule, span.field, draft.text(span), around)[:_PASSAGE_LENGTH]


def blocks_of(screening: Screening) -> list[str]:
    """Return the passages that block, each once."""
    blocking = [item for item in screening.findings if item.severity is Severity.BLOCK]
    return list(dict.fromkeys(passage(item, screening.draft) for item in blocking))


def unanswered(screening: Screening, status: Status, *, final: bool) -> list[Finding]:
    """Return the findings that must be answered before the step that is waited for may approve.

    The department answers what is to be reviewed; whoever has the last word answers the rest:
    what goes to 宣传部 is answered by 宣传部.
    """
    step = status.step
    return [
        item
        for item in screening.findings
        if (item.severity is Severity.REVIEW and item.id not in status.answers)
        or (
            item.severity is Severity.ESCALATE
            and final
            and status.answers.get(item.id, {}).get("step") != step
        )
    ]


def worded(answers: Iterable[Answer], screening: Screening) -> list[dict[str, Any]]:
    """Return answers as an event keeps them, with the rule that each is about.

    Raises:
        UsageError: U002, an answer has no reason, or is about no finding of this screening.
    """
    findings = {item.id: item for item in screening.findings}
    result = {}
    for answer in answers:
        if answer.finding not in findings:
            raise UsageError("U002", problem=f"这一稿没有发现 {answer.finding}")
        rule = findings[answer.finding].rule
        said = reason(f"对发现 {rule} 的答复", answer.reason)
        result[answer.finding] = {
            "finding": answer.finding,
            "rule": rule,
            "judgement": answer.judgement.value,
            "reason": said,
        }
    return list(result.values())


def reason(what: str, text: str, *, needed: bool = True) -> str:
    """Return a reason as it is kept: trimmed, without long numbers.

    Raises:
        UsageError: U002, it is missing, says nothing, or is too long.
    """
    text = conceal(text.strip())
    if needed and not text:
        raise UsageError("U002", problem=f"{what}要写明理由")
    if needed and not _says_something(text):
        problem = f"{what}写得太简略，请至少用两个不同的字说清楚，让别人看得懂"
        raise UsageError("U002", problem=problem)
    if len(text) > REASON_LIMIT:
        raise UsageError("U002", problem=f"{what}不能超过 {REASON_LIMIT} 个字")
    return text


def _says_something(text: str) -> bool:
    """Tell whether a reason has words; a Chinese character weighs as much as two letters."""
    letters = [character for character in text if character.isalpha()]
    weight = sum(2 if east_asian_width(character) == "W" else 1 for character in letters)
    return weight >= _LEAST_WEIGHT and len(set(letters)) >= _LEAST_DIFFERENT


def end_of_exception(until: datetime | None, now: datetime) -> str:
    """Return the end of an exception as an event keeps it.

    Raises:
        UsageError: U002, it is missing, over already, or more than a year away.
    """
    if until is None:
        raise UsageError("U002", problem="请用 --until 写明准许保留到哪一天，如 2026-12-31")
    if not now < until:
        raise UsageError("U002", problem="准许保留的期限已经过了")
    if (until - now).days > 366:
        raise UsageError("U002", problem="准许保留的期限不能超过一年")
    return until.isoformat()


def is_final(status: Status, *, escalate: bool) -> bool:
    """Tell whether an approval of the step that is waited for would be the last one."""
    route = Target.PUBLICITY if escalate else status.route
    return status.step is route


def approved_until(status: Status, blocks: Iterable[str], now: datetime, days: int) -> datetime:
    """Return when a final approval runs out: after ``days``, or with an exception it rests on."""
    ends = [status.dismissed[key] for key in blocks if key in status.dismissed]
    return min([now + timedelta(days=days), *ends])
