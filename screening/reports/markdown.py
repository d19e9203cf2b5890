"""The report as Markdown, to paste where Markdown is read: draft text stays text."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from screening.draft import Draft
from screening.finding import Finding, Screening
from screening.regulation import Regulation
from screening.reports import content
from screening.reports.content import Options
from screening.reports.safe import visible

_MARKUP = re.compile(r"[\\`*_\[\]<>|~#!&$@:{}]|(?<=www)\.")


def render(screenings: Sequence[Screening], regulation: Regulation, options: Options) -> str:
    """Return the report; several drafts follow one another under an overview."""
    lines = ["# 稿件审查报告", ""]
    if options.heading:
        lines += [escape(options.heading), ""]
    if len(screenings) + len(options.unread) > 1:
        lines += _overview(screenings, options)
    for screening in screenings:
        lines += [*_header(screening), *_findings(screening, regulation), *_versions(screening)]
    lines.append(f"依据：{escape(regulation.title)}（{escape(regulation.number)}），条文为摘要。")
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Return ``text`` on one line so that Markdown shows exactly it, with no link or tag."""
    return _MARKUP.sub(r"\\\g<0>", visible(text).replace("\n", " "))


def _overview(screenings: Sequence[Screening], options: Options) -> Iterator[str]:
    yield "| 稿件 | 结论 | 审批 | 发现 |"
    yield "| --- | --- | --- | --- |"
    for screening in screenings:
        name = escape(content.file_name(screening.draft))
        route = " → ".join(content.steps(screening.route))
        yield f"| {name} | {screening.verdict.label} | {route} | {content.tally(screening)} |"
    for item in options.unread:
        yield f"| {escape(item.path)} | 读不出 | | {escape(item.message)} |"
    yield ""


def _header(screening: Screening) -> Iterator[str]:
    draft, verdict = screening.draft, screening.verdict
    yield f"## {escape(content.title(draft))}"
    yield ""
    yield f"- 稿件：{escape(content.file_name(draft))}（{draft.characters} 字）"
    yield f"- 结论：**{verdict.label}** {content.conclusion(screening)}"
    yield f"- 审批：{' → '.join(content.steps(screening.route))}"
    for reason in screening.route.reasons:
        yield f"  - {escape(reason)}"
    for why, parts in content.gaps(screening).items():
        yield f"- 未审：{escape('、'.join(parts))}：{escape(why)}"
    yield f"- 发现：{content.tally(screening)}"
    yield ""


def _findings(screening: Screening, regulation: Regulation) -> Iterator[str]:
    for number, finding in enumerate(screening.ordered, 1):
        where = escape(content.place(screening.draft, finding.span))
        yield f"### {number}. {finding.severity.label} · {finding.category.label} · {where}"
        yield ""
        if screening.draft.text(finding.span):
            yield f"> 原文：{_quoted(screening.draft, finding)}"
            yield ""
        yield f"- 原因：{escape(finding.message)}"
        yield f"- 处理：{escape(finding.advice)}"
        for article in content.articles(finding, regulation):
            yield f"- 依据：{escape(article)}"
        for label, value in content.clues(finding):
            yield f"- {label}：{escape(value)}"
        yield f"- 规则：{escape(finding.rule)}"
        yield ""


def _quoted(draft: Draft, finding: Finding) -> str:
    quote = content.excerpt(draft, finding.span)
    return f"{escape(quote.before)}【{escape(quote.hit)}】{escape(quote.after)}"


def _versions(screening: Screening) -> Iterator[str]:
    versions = screening.versions
    named = {
        "词库": versions.lexicon,
        "广告模型": versions.model,
        "例句比照模型": versions.likeness,
        "作品库": versions.works,
    }
    yield f"- 内容指纹：{escape(screening.draft.digest)}"
    yield f"- 软件：screening {escape(versions.screening)}"
    for label, version in named.items():
        if version:
            yield f"- {label}：{escape(version)}"
    yield ""
