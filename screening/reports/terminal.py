"""The report for a terminal: 80 columns, plain text, colour only where it is asked for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import PurePath

from screening.draft import Draft
from screening.finding import Finding, Screening, Severity
from screening.regulation import Regulation
from screening.reports import content
from screening.reports.columns import clip, pad, wrap
from screening.reports.content import Options, Unread
from screening.reports.safe import visible

COLUMNS = 78
_LABEL = 6
_PARTS = 6  # named of those not screened for one reason; the other reports name all

# Stand for "colour on" and "colour off" while lines are broken; no draft text can contain them.
_ON = {"block": "\x01", "escalate": "\x02", "review": "\x03", "notice": "\x04", "pass": "\x05"}
_OFF = "\x06"
_ANSI = {
    "\x01": "\x1b[1;31m",
    "\x02": "\x1b[1;35m",
    "\x03": "\x1b[1;33m",
    "\x04": "\x1b[36m",
    "\x05": "\x1b[1;32m",
    _OFF: "\x1b[0m",
}


def render(screenings: Sequence[Screening], regulation: Regulation, options: Options) -> str:
    """Return the report; every line ends with a line break."""
    lines = [visible(options.heading), ""] if options.heading else []
    if len(screenings) + len(options.unread) > 1:
        lines += _overview(screenings, options.unread)
    for screening in screenings:
        lines += ["=" * COLUMNS, *_header(screening), *_findings(screening, regulation)]
    whole = "".join(line + "\n" for line in lines)
    for mark, code in _ANSI.items():
        whole = whole.replace(mark, code if options.colour else "")
    return whole


def _overview(screenings: Sequence[Screening], unread: Sequence[Unread]) -> Iterator[str]:
    yield f"共 {len(screenings) + len(unread)} 篇"
    yield pad("结论", 15) + "".join(pad(item.label, 9) for item in content.SEVERITIES) + "稿件"
    for screening in screenings:
        verdict = screening.verdict
        numbers = [pad(f"{count or '-':>4}", 9) for count in content.counts(screening).values()]
        name = clip(PurePath(content.file_name(screening.draft)).name, COLUMNS - 51)
        yield _tinted(verdict.value, pad(verdict.label, 15)) + "".join(numbers) + name
    for item in unread:
        label = _tinted("block", pad(f"读不出 {item.code}", 15))
        yield label + pad("", 36) + clip(PurePath(visible(item.path)).name, COLUMNS - 51)
    yield ""


def _header(screening: Screening) -> Iterator[str]:
    draft, verdict = screening.draft, screening.verdict
    yield from _entry("稿件", f"{content.file_name(draft)}（{draft.characters} 字）")
    yield from _entry("标题", content.title(draft))
    yield from _entry(
        "结论", f"{_tinted(verdict.value, verdict.label)}：{content.conclusion(screening)}"
    )
    yield from _entry("审批", " → ".join(content.steps(screening.route)))
    for reason in screening.route.reasons:
        yield from _entry("", f"· {visible(reason)}")
    for why, parts in content.gaps(screening).items():
        more = f"等 {len(parts)} 处" if len(parts) > _PARTS else ""
        yield from _entry("未审", f"{_tinted('review', '、'.join(parts[:_PARTS]) + more)}：{why}")


def _findings(screening: Screening, regulation: Regulation) -> Iterator[str]:
    numbered = list(enumerate(screening.ordered, 1))
    for number, finding in numbered:
        if finding.severity is not Severity.NOTICE:
            yield "-" * COLUMNS
            yield from _full(number, finding, screening.draft, regulation)
    notices = [pair for pair in numbered if pair[1].severity is Severity.NOTICE]
    if notices:
        yield "-" * COLUMNS
        yield f"{_tinted('notice', Severity.NOTICE.label)}（不影响送审）"
    for number, finding in notices:
        yield from _compact(number, finding, screening.draft)
    yield "-" * COLUMNS
    yield content.tally(screening)


def _full(number: int, finding: Finding, draft: Draft, regulation: Regulation) -> Iterator[str]:
    severity = finding.severity
    yield from _entry(
        f"[{number}]",
        f"{_tinted(severity.value, severity.label)} · {finding.category.label}"
        f" · {content.place(draft, finding.span)}",
    )
    if draft.text(finding.span):
        yield from _entry("原文", _quoted(draft, finding))
    yield from _entry("原因", visible(finding.message))
    yield from _entry("处理", visible(finding.advice))
    yield from _entry("依据", "\n".join(content.articles(finding, regulation)))
    clues = [f"{label}：{value}" for label, value in content.clues(finding)]
    yield from _entry("规则", " · ".join([visible(finding.rule), *clues]))


def _compact(number: int, finding: Finding, draft: Draft) -> Iterator[str]:
    hit = clip(content.excerpt(draft, finding.span).hit, 24)
    quote = _tinted("notice", f"【{hit}】") if hit else "："
    excuse = dict(content.clues(finding)).get(content.EXCUSED)
    rule = f"{visible(finding.rule)}，{content.EXCUSED}：{excuse}" if excuse else finding.rule
    yield from _entry(
        f"[{number}]",
        f"{content.place(draft, finding.span)}{' ' if hit else ''}{quote}"
        f"{visible(finding.message).rstrip('。')}；{visible(finding.advice)}"
        f"（{visible(rule)}）",
    )


def _quoted(draft: Draft, finding: Finding) -> str:
    quote = content.excerpt(draft, finding.span)
    return quote.before + _tinted(finding.severity.value, f"【{quote.hit}】") + quote.after


def _entry(label: str, text: str) -> Iterator[str]:
    """Yield ``text`` in lines beside its label."""
    for line in wrap(text, COLUMNS - _LABEL):
        yield (pad(label, _LABEL) + line).rstrip(" ")
        label = ""


def _tinted(name: str, text: str) -> str:
    return _ON[name] + text + _OFF
