"""What every report says, whatever it looks like: order, counts, wording, excerpts, clues."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from msgspec import Struct

from screening.conceal import conceal
from screening.draft import FIELD_LABELS, Draft, Span
from screening.errors import ScreeningError
from screening.finding import (
    AdvertisingEvidence,
    Evidence,
    Feature,
    Finding,
    LexiconEvidence,
    LikenessEvidence,
    ReproductionEvidence,
    Route,
    Screening,
    Severity,
    Target,
    Verdict,
)
from screening.regulation import Regulation
from screening.reports.safe import visible

#: Severities as reports list them, the heaviest first.
SEVERITIES = tuple(reversed(Severity))

_STAGES = {
    "lexicon": "词库审查",
    "registry": "账号登记",
    "reproduction": "转载比对",
    "advertising": "广告识别",
    "likeness": "例句比照",
}
_STEPS = {Target.DEPARTMENT: "部门审批", Target.PUBLICITY: "宣传部审批"}
_FORMATS = {
    "docx": "Word 文档",
    "html": "网页",
    "markdown": "Markdown",
    "text": "纯文本",
    "subtitles": "字幕",
    "row": "排期表",
}
_VARIANTS = {
    "width": "全角字符",
    "styled": "变体字符",
    "case": "大小写不同",
    "traditional": "繁体或异体字",
    "separator": "字间夹有符号",
    "invisible": "夹有不可见字符",
    "homophone": "谐音",
    "pinyin": "拼音",
    "split": "拆字",
    "similar": "形近字",
}
#: the label of the words that lowered a finding
EXCUSED = "从宽理由"
_KINDS = {"commercial": "商业广告", "soft": "软文", "school": "学校事务"}
_ENDS = "。！？!?；;\n"
_ALTERED, _ALSO = 8, 3  # changes, and further works, that are listed
_SPARE = 4  # code points too few to be worth cutting off


class Unread(Struct, frozen=True):
    """A draft that could not be read at all, and the coded Chinese message why."""

    path: str
    code: str
    message: str

    @classmethod
    def of(cls, path: str, error: ScreeningError) -> Unread:
        """Take code and message from the error that reading ``path`` raised."""
        return cls(conceal(path), error.code, str(error))


class Options(Struct, frozen=True):
    """How to render, beyond the screenings themselves.

    ``unread`` drafts are reported too, never left out. ``heading`` says what the report belongs to
    (a ticket's number); ``back`` is the page that a page links back to. ``text`` adds the drafts'
    texts to JSON; ``colour`` is for terminals only.
    """

    unread: tuple[Unread, ...] = ()
    heading: str = ""
    back: str = ""
    text: bool = False
    colour: bool = False


class Excerpt(Struct, frozen=True):
    """The flagged words ``hit`` within their sentence, safe to show; "…" stands where it is cut."""

    before: str
    hit: str
    after: str


def counts(screening: Screening) -> dict[Severity, int]:
    """Return how many findings there are of each severity, the heaviest first."""
    found = [finding.severity for finding in screening.findings]
    return {severity: found.count(severity) for severity in SEVERITIES}


def tally(screening: Screening) -> str:
    """Return "共 3 处：须修改 1 · 提示 2", or that there is nothing."""
    parts = [f"{severity.label} {count}" for severity, count in counts(screening).items() if count]
    return f"共 {len(screening.findings)} 处：{' · '.join(parts)}" if parts else "没有发现问题"


def conclusion(screening: Screening) -> str:
    """Say in one sentence what the verdict asks people to do."""
    number = counts(screening)
    if screening.verdict is Verdict.BLOCK:
        return f"有 {number[Severity.BLOCK]} 处必须改掉，改好之前任何人不能批准。"
    if screening.verdict is Verdict.PASS:
        return "软件没有发现须处理的问题；发布前仍须审批（先审后发）。"
    asked = number[Severity.ESCALATE] + number[Severity.REVIEW]
    looked = f"有 {asked} 处须由人核对" if asked else ""
    gaps = "" if screening.complete else "有内容没有审查到，须由人查看"
    return "；".join(filter(None, (looked, gaps))) + "。"


def steps(route: Route) -> list[str]:
    """Return the approvals in order: 部门审批, 宣传部审批."""
    return [_STEPS[step] for step in route.steps]


def gaps(screening: Screening) -> dict[str, list[str]]:
    """Return why → what was not screened: parts of the draft, and stages that failed."""
    pairs = [(part.why, part.what) for part in screening.unscreened]
    pairs += [(f"没有完成：{item.error}", stage_label(item.stage)) for item in screening.failures]
    grouped: dict[str, list[str]] = {}
    for why, what in pairs:
        grouped.setdefault(visible(why), []).append(visible(what))
    return grouped


def stage_label(stage: str) -> str:
    """Return a stage's Chinese name."""
    return _STAGES.get(stage, stage)


def file_name(draft: Draft) -> str:
    """Return where the draft came from."""
    return visible(draft.path) if draft.path else "标准输入"


def format_label(draft: Draft) -> str:
    """Return the Chinese name of the draft's format."""
    return _FORMATS.get(draft.format, draft.format)


def title(draft: Draft) -> str:
    """Return the draft's title, or that it has none."""
    return visible(draft.title).strip() or "（没有标题）"


def place(draft: Draft, span: Span) -> str:
    """Return "第3段"; the field is named too where it is neither title nor body.

    An empty span is about the draft as a whole.
    """
    if span.start == span.end:
        return "整篇稿件"
    label, field = visible(draft.locate(span)), FIELD_LABELS.get(span.field, span.field)
    return label if span.field == "body" or field in label else f"{field} {label}"


def excerpt(draft: Draft, span: Span, around: int = 32, longest: int = 72) -> Excerpt:
    """Cut out the sentence of ``span``: ``around`` code points each side, ``longest`` within."""
    text = draft.fields[span.field]
    first = max(text.rfind(end, 0, span.start) for end in _ENDS) + 1
    ends = [position for end in _ENDS if (position := text.find(end, span.end)) >= 0]
    last = min(ends, default=len(text) - 1) + 1
    before, hit, after = text[first : span.start], draft.text(span), text[span.end : last]
    if len(before) > around + _SPARE:
        before = "…" + before[-around:]
    if len(after) > around + _SPARE:
        after = after[:around] + "…"
    if len(hit) > longest:
        hit = f"{hit[: longest - 12]}……{hit[-12:]}"
    return Excerpt(*(visible(part).replace("\n", " ") for part in (before.lstrip(), hit, after)))


def articles(finding: Finding, regulation: Regulation) -> list[str]:
    """Return "第16条：…" for every article cited; one that is no longer there keeps its number."""
    known = regulation.summaries
    return [
        regulation.describe(basis) if basis in known else basis.label for basis in finding.basis
    ]


def clues(finding: Finding) -> list[tuple[str, str]]:
    """Return the evidence as (label, value) pairs."""
    describe = _CLUES.get(type(finding.evidence))
    pairs = describe(finding.evidence) if describe else []
    if finding.confidence is not None and not isinstance(finding.evidence, LikenessEvidence):
        pairs.append(("把握", f"{finding.confidence:.0%}"))
    return [(label, visible(value).replace("\n", " ")) for label, value in pairs]


def _lexicon(evidence: LexiconEvidence) -> list[tuple[str, str]]:
    pairs = [("规则词", evidence.term)]
    if evidence.variant != "plain":
        pairs.append(
            ("稿中写法", f"{evidence.matched}（{_VARIANTS.get(evidence.variant, '变体')}）")
        )
    if evidence.excused_by:
        pairs.append((EXCUSED, evidence.excused_by))
    return pairs


def _likeness(evidence: LikenessEvidence) -> list[tuple[str, str]]:
    pairs = [("例句比照", f"没有规则点到，读来像{evidence.about}")]
    if evidence.words:
        pairs.append(("着眼", "".join(f"“{word}”" for word in evidence.words)))
    return pairs


def _reproduction(evidence: ReproductionEvidence) -> list[tuple[str, str]]:
    if evidence.work is None:
        return []
    credit = f"（{evidence.credit.text}）" if evidence.credit else ""
    pairs = [("署名", attribution_label(evidence.attribution) + credit)]
    if evidence.work.url:
        pairs.append(("网址", evidence.work.url))
    pairs += [
        ("改动", f"稿中“{part.draft}”，原文“{part.work}”") for part in evidence.altered[:_ALTERED]
    ]
    if len(evidence.altered) > _ALTERED:
        pairs.append(("改动", f"另有 {len(evidence.altered) - _ALTERED} 处"))
    reasons = [passage.reason for passage in evidence.passages if passage.reason]
    for reason in dict.fromkeys(reasons):
        pairs.append(("不计", f"{reasons.count(reason)} 处（{reason_label(reason)}）"))
    return pairs + [("另见", work) for work in evidence.also[:_ALSO]]


def attribution_label(attribution: str) -> str:
    """Return the Chinese word for how a work is credited."""
    from screening.stages.reproduction.attribution import (  # noqa: PLC0415 - few reports need it
        Attribution,
    )

    return Attribution(attribution).label


def reason_label(reason: str) -> str:
    """Return the Chinese words for why a passage does not count."""
    from screening.stages.reproduction.excuses import Reason  # noqa: PLC0415 - compiles patterns

    return Reason(reason).label


def _advertising(evidence: AdvertisingEvidence) -> list[tuple[str, str]]:
    pairs = [("判断", f"{_KINDS[evidence.kind]}，{'已' if evidence.marked else '没有'}注明广告")]
    speaking = [feature for feature in evidence.features if feature.weight > 0]
    against = [feature for feature in evidence.features if feature.weight < 0]
    pairs += [("主要依据", "、".join(map(_feature, speaking)))] if speaking else []
    pairs += [("相反迹象", "、".join(map(_feature, against)))] if against else []
    pairs += [("联系方式", "、".join(evidence.contacts))] if evidence.contacts else []
    return pairs


def _feature(feature: Feature) -> str:
    return feature.text + (f"（{feature.sign}）" if feature.sign else "")


#: evidence class → the function that puts it into words.
_CLUES: Mapping[type[Evidence], Callable[[Any], list[tuple[str, str]]]] = MappingProxyType(
    {
        LexiconEvidence: _lexicon,
        LikenessEvidence: _likeness,
        ReproductionEvidence: _reproduction,
        AdvertisingEvidence: _advertising,
    }
)
