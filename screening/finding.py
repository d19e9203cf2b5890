"""What was found: severities, categories, findings with their evidence, and the whole screening."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from msgspec import Struct

from screening.draft import FIELD_LABELS, Draft, Span, Unscreened


class Severity(StrEnum):
    """How much a finding weighs; compare with :attr:`rank`."""

    NOTICE = "notice"
    REVIEW = "review"
    ESCALATE = "escalate"
    BLOCK = "block"

    @property
    def rank(self) -> int:
        """0 for notice up to 3 for block."""
        return _RANKS[self]

    @property
    def label(self) -> str:
        """The Chinese word that reports show."""
        return {"notice": "提示", "review": "须核对", "escalate": "报宣传部", "block": "须修改"}[
            self
        ]


_RANKS = {severity: rank for rank, severity in enumerate(Severity)}


class Category(StrEnum):
    """What a finding is about, by the kinds of matter the regulation names."""

    SECRECY = "secrecy"
    INTERNAL = "internal"
    PERSONAL = "personal"
    ILLEGAL = "illegal"
    VULGAR = "vulgar"
    RELIGION = "religion"
    RUMOR = "rumor"
    IMAGE = "image"
    MAJOR = "major"
    OPINION = "opinion"
    WORDING = "wording"
    REPRODUCTION = "reproduction"
    ADVERTISING = "advertising"
    EMBARGO = "embargo"
    ACCOUNT = "account"

    @property
    def label(self) -> str:
        """The Chinese name that reports show."""
        return _CATEGORY_LABELS[self]


_FIELDS = tuple(FIELD_LABELS)
_CATEGORY_LABELS: dict[str, str] = {
    "secrecy": "涉密信息",
    "internal": "内部事项",
    "personal": "个人信息",
    "illegal": "违法信息",
    "vulgar": "低俗辱骂",
    "religion": "宗教事务",
    "rumor": "未经证实",
    "image": "学校形象与秩序",
    "major": "重大事项",
    "opinion": "突发与舆情",
    "wording": "用语规范",
    "reproduction": "转载与署名",
    "advertising": "商业广告",
    "embargo": "校级首发",
    "account": "名称与账号",
}


class Verdict(StrEnum):
    """The outcome for one draft. Even ``pass`` still needs an approval (article 12)."""

    PASS = "pass"
    REVIEW = "review"
    BLOCK = "block"

    @property
    def label(self) -> str:
        """The Chinese wording that reports show."""
        return {"pass": "未发现问题", "review": "须人工核对", "block": "须修改后再送审"}[self]


class Target(StrEnum):
    """Who has the last word on a draft."""

    DEPARTMENT = "department"
    PUBLICITY = "publicity"

    @property
    def label(self) -> str:
        """The Chinese name that reports show."""
        return {"department": "部门审批", "publicity": "部门审核后报宣传部审批"}[self]


class Basis(Struct, frozen=True, order=True):
    """An article of the regulation, and its numbered item where it has some."""

    article: int
    item: int | None = None

    @property
    def label(self) -> str:
        """The Chinese citation: 第16条, 第22条第1项."""
        return f"第{self.article}条" + (f"第{self.item}项" if self.item is not None else "")


class Evidence(Struct, frozen=True):
    """Why a finding was made; each stage has its own subclass, all fields plain JSON values."""


class LexiconEvidence(Evidence, frozen=True):
    """Which rule text met which words.

    ``variant`` says how the draft's spelling differs from the rule's (plain, width, traditional,
    separator, …); ``excused_by`` names the words that lowered the finding; ``related`` are further
    spans ``[field, start, end]`` that a co-occurrence rests on.
    """

    term: str
    matched: str
    variant: str = "plain"
    excused_by: str | None = None
    related: tuple[Span, ...] = ()


class LikenessEvidence(Evidence, frozen=True):
    """What kind of offence a sentence reads like, and the words in it that say so the most.

    ``related`` is where those words stand, ``[field, start, end]`` each.
    """

    about: str
    words: tuple[str, ...]
    related: tuple[Span, ...] = ()


class AccountEvidence(Evidence, frozen=True):
    """The account that a draft is for, and its state in the registry; None: not registered."""

    account: str
    state: str | None


class WorkRecord(Struct, frozen=True):
    """The known work that a passage was taken from, as far as it is recorded."""

    id: str
    title: str
    author: str | None
    site: str | None
    url: str | None
    published: str | None
    own: bool
    licence: str


class CopiedPassage(Struct, frozen=True):
    """``[start, end)`` of the draft's field stands in the work at ``[work_start, work_end)``.

    ``text`` is the work's wording; ``reason`` says why the passage does not count, None if it does.
    """

    start: int
    end: int
    work_start: int
    work_end: int
    similarity: float
    text: str
    reason: str | None = None


class CreditQuote(Struct, frozen=True):
    """The credit line that was read, at ``[start, end)`` of ``field``."""

    text: str
    start: int
    end: int
    field: str = "body"


class AlteredPart(Struct, frozen=True):
    """What the draft changed: its wording at ``[start, end)`` of ``field``, and the work's."""

    kind: str
    draft: str
    work: str
    start: int
    end: int
    field: str = "body"


class ReproductionEvidence(Evidence, frozen=True):
    """Which work was taken over, how much of it, and how it is credited.

    ``share`` is copied characters / characters of the field. ``attribution`` is complete,
    incomplete, missing or mismatched. ``work`` is None where only ``signs`` tell of a reprint.
    ``also`` names further works with the same passages.
    """

    work: WorkRecord | None
    passages: tuple[CopiedPassage, ...]
    share: float
    attribution: str
    credit: CreditQuote | None = None
    altered: tuple[AlteredPart, ...] = ()
    signs: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


class Feature(Struct, frozen=True):
    """Words at ``[start, end)`` of the finding's field that moved the log-odds by ``weight``.

    ``sign`` names what they are a sign of (价格, 联系方式, 学校自称 …), "" for plain wording.
    """

    text: str
    weight: float
    start: int
    end: int
    sign: str = ""


class AdvertisingEvidence(Evidence, frozen=True):
    """Why something was taken for advertising.

    ``kind`` is commercial, soft or school; ``score`` the probability of advertising, which reached
    ``threshold``; ``features`` weighed most, the heaviest first; ``contacts`` are ways to reach the
    seller; ``marked`` says that the draft calls itself 广告.
    """

    kind: str
    score: float
    threshold: float
    features: tuple[Feature, ...]
    contacts: tuple[str, ...]
    marked: bool


class Finding(Struct, frozen=True):
    """One thing found at one place. ``confidence`` is 0-1, None where unmeasured."""

    stage: str
    rule: str
    category: Category
    severity: Severity
    span: Span
    message: str
    advice: str
    basis: tuple[Basis, ...]
    evidence: Evidence
    confidence: float | None = None
    id: str = ""

    @property
    def position(self) -> tuple[int, int, int]:
        """A key that sorts findings as they stand in the draft, field by field."""
        place = _FIELDS.index(self.span.field) if self.span.field in _FIELDS else len(_FIELDS)
        return place, self.span.start, self.span.end


class Failure(Struct, frozen=True):
    """A stage that did not finish; the draft is then never passed."""

    stage: str
    error: str


class StageResult(Struct, frozen=True):
    """What one stage returns. ``secrets`` are spans that no output may repeat."""

    findings: tuple[Finding, ...] = ()
    unscreened: tuple[Unscreened, ...] = ()
    secrets: tuple[Span, ...] = ()


class Route(Struct, frozen=True):
    """Who must approve, in order, and the Chinese reasons why."""

    to: Target
    reasons: tuple[str, ...] = ()

    @property
    def steps(self) -> tuple[Target, ...]:
        """The approvals in order: the department always comes first."""
        return tuple(Target)[: list(Target).index(self.to) + 1]


class Versions(Struct, frozen=True):
    """What screened a draft; stands in every screening so that it can be repeated."""

    screening: str
    lexicon: str
    model: str = ""
    works: str = ""
    likeness: str = ""


class Screening(Struct, frozen=True):
    """The whole result for one draft, safe to show: personal numbers in ``draft`` are masked.

    ``elapsed_ms`` maps "total" and each stage's name to milliseconds.
    """

    draft: Draft
    verdict: Verdict
    route: Route
    findings: tuple[Finding, ...]
    failures: tuple[Failure, ...]
    unscreened: tuple[Unscreened, ...]
    versions: Versions
    elapsed_ms: Mapping[str, float] = {}

    @property
    def ordered(self) -> list[Finding]:
        """The findings as reports number them: the gravest first, then as they stand there."""
        return sorted(self.findings, key=lambda item: (-item.severity.rank, *item.position))

    @property
    def complete(self) -> bool:
        """True when every part was read and every stage finished."""
        return not self.unscreened and not self.failures
