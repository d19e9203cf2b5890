"""What follows from licence and credit (article 21), in one table, and how it is said."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from screening.finding import Basis, Severity
from screening.stages.reproduction.attribution import Attributed, Attribution, Lack
from screening.stages.reproduction.work import Licence, Work

STAGE = "reproduction"
BASIS = (Basis(21),)


class Rule(Struct, frozen=True):
    """One outcome: its stable id, how much it weighs, and what the editor is to do."""

    id: str
    severity: Severity
    advice: str


UNCREDITED = Rule(
    "REP001",
    Severity.BLOCK,
    "{permit}在文中写明：{line}。{otherwise}",
)
WRONG_CREDIT = Rule(
    "REP002",
    Severity.BLOCK,
    "{permit}把署名改为：{line}。{otherwise}",
)
HALF_CREDIT = Rule("REP003", Severity.REVIEW, "{permit}补全署名：{line}。")
FORBIDDEN = Rule(
    "REP004", Severity.BLOCK, "作品声明不得转载：取得{holder}书面授权之前不能发布，或删去这些文字。"
)
UNLICENSED = Rule(
    "REP005", Severity.REVIEW, "署名齐全，还须取得{holder}授权，并把授权凭据附在审批单里。"
)
OWN = Rule("REP006", Severity.NOTICE, "转发学校自己的内容值得鼓励，宜写明：{line}。")
LICENSED = Rule("REP007", Severity.NOTICE, "已获授权、署名齐全，无须改动。")
ALTERED = Rule(
    "REP008", Severity.REVIEW, "转载不得改动原意：请照原文改回，或写明是摘编并征得同意。"
)
SLIGHT = Rule(
    "REP009", Severity.REVIEW, "文字不多，请核对是否引用；引用的加引号并写明：{line}，否则改写。"
)
PICTURES = Rule(
    "REP010",
    Severity.REVIEW,
    "请查明图片的作者和出处，取得授权并署名；查不到的，换用自己拍摄或有授权的图片。",
)
NOBODY = Rule(
    "REP011",
    Severity.REVIEW,
    "请查明作者和出处，取得授权，写明“来源：网站或媒体名称　作者：姓名”。",
)
REPRINT = Rule(
    "REP012",
    Severity.REVIEW,
    "是转载的，请取得授权并写明来源和作者；是本校自写的，请删去这些套语。",
)

DATELINE = Rule(
    "REP013",
    Severity.REVIEW,
    "是转载的，请取得{house}授权，并在文首或文末写明“来源：{house}　作者：{authors}”{unless}；"
    "是本校自写的，请删去电头。",
)

_L, _A = Licence, Attribution
#: licence → attribution → what follows; public documents are free to all and not listed.
TABLE: dict[Licence, dict[Attribution, Rule]] = {
    _L.UNKNOWN: {
        _A.MISSING: UNCREDITED,
        _A.MISMATCHED: WRONG_CREDIT,
        _A.INCOMPLETE: HALF_CREDIT,
        _A.COMPLETE: UNLICENSED,
    },
    _L.FORBIDDEN: {
        _A.MISSING: UNCREDITED,
        _A.MISMATCHED: WRONG_CREDIT,
        _A.INCOMPLETE: FORBIDDEN,
        _A.COMPLETE: FORBIDDEN,
    },
    _L.AUTHORISED: {
        _A.MISSING: UNCREDITED,
        _A.MISMATCHED: WRONG_CREDIT,
        _A.INCOMPLETE: HALF_CREDIT,
        _A.COMPLETE: LICENSED,
    },
    _L.OWN: dict.fromkeys(_A, OWN),
}

#: a copy of fewer characters, and of a smaller share, is let be; or is no more than SLIGHT
_LEAST_CHARACTERS, _LEAST_SHARE = 45, 0.05
_SLIGHT_CHARACTERS, _SLIGHT_SHARE = 120, 0.15


def decide(
    work: Work, attribution: Attribution, *, copied: int, share: float, altered: bool
) -> Rule | None:
    """Return what follows for one work; None where it is free to use.

    ``copied`` counts the characters taken over, ``share`` is that of the field.
    """
    rules = TABLE.get(work.licence)
    if rules is None or (copied < _LEAST_CHARACTERS and share < _LEAST_SHARE):
        return None
    rule = rules[attribution]
    if rule.severity is Severity.BLOCK and copied < _SLIGHT_CHARACTERS and share < _SLIGHT_SHARE:
        return SLIGHT
    return ALTERED if altered and rule is LICENSED else rule


def described(work: Work) -> str:
    """Return "《桥上的人》（江畔晚报，宋知微，2025-03-05）"."""
    facts = "，".join(filter(None, (work.site, work.author, work.published)))
    return f"《{work.title}》" + (f"（{facts}）" if facts else "")


def credit_line(work: Work) -> str:
    """Return the credit that the draft should carry, ready to be copied into it."""
    parts = [("来源", work.site), ("作者", work.author)]
    named = "　".join(f"{label}：{value}" for label, value in parts if value)
    link = f"原文链接：{work.url}" if work.url else ""
    return f"“{'　'.join(filter(None, (named or f'原题：《{work.title}》', link)))}”"


def advise(rule: Rule, work: Work) -> str:
    """Return the rule's advice for this work: whom to ask, and the credit line to write."""
    owner = work.site or work.author or "著作权人"
    licensed = work.licence is Licence.AUTHORISED
    return rule.advice.format(
        holder=owner,
        line=credit_line(work),
        permit="请" if licensed else f"先取得{owner}授权，并",
        otherwise="" if licensed else "不能取得授权的，删去这些文字，用自己的话写。",
    )


def credit_said(judged: Attributed, quoted: str, beside: str, work: Work) -> str:
    """Say in one sentence what the draft's credit is, or why it is none."""
    if judged.attribution is Attribution.COMPLETE:
        return f"稿中已署名“{quoted}”" + (f"和“{beside}”。" if beside else "。")
    if Lack.CONTRADICTED in judged.lacks:
        return f"随文抄来的“{quoted}”说的是这篇作品，稿中却另写着“{beside}”，两者不符。"
    if Lack.ORIGINAL in judged.lacks:
        return f"稿中写的是“{quoted}”，与此不符。"
    if judged.attribution is Attribution.MISMATCHED:
        return f"稿中署的是“{quoted}”，不是这篇作品的来源和作者。"
    if judged.attribution is Attribution.MISSING:
        return f"稿中的“{quoted}”没有指明任何人，等于没有署名。" if quoted else "稿中没有为它署名。"
    return f"稿中写了“{quoted}”，{_lacking(judged.lacks, work)}。"


def _lacking(lacks: Sequence[Lack], work: Work) -> str:
    wanted = {Lack.SOURCE: f"来源{work.site}", Lack.AUTHOR: f"作者{work.author}"}
    parts = [_SHORT_OF[lack] for lack in lacks if lack in _SHORT_OF]
    named = "、".join(wanted[lack] for lack in lacks if lack in wanted)
    return "，".join([*parts, f"没有写明{named}"] if named else parts)


_SHORT_OF = {
    Lack.ONLY_LINK: "只有链接",
    Lack.SOME_PASSAGES: "只管到其中一部分文字",
}
