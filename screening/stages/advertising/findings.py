"""What the stage says about an advertising passage, a forbidden claim, a shop's address."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct

from screening.draft import Draft, Span
from screening.finding import (
    AdvertisingEvidence,
    Basis,
    Category,
    Feature,
    Finding,
    Severity,
)
from screening.stages.advertising.explain import Weighed
from screening.stages.advertising.model import Thresholds
from screening.stages.advertising.passages import Passage
from screening.stages.advertising.signs import Hit
from screening.text.stream import Stream

STAGE = "advertising"
#: the rule for claims that advertising law forbids; no other rule need name the same words
CLAIM_RULE = "ADV003"

_BASIS = (Basis(22, 6),)
_RULES = {"commercial": "ADV001", "soft": "ADV002"}
_MESSAGES = {
    "commercial": "在推销商品或服务，像是与学校无关的商业广告",
    "soft": "借体验、故事或知识推荐商家和商品，像是软文",
}
_ADVICE = {
    "commercial": "与学校无关的商业广告不得发布，请删去；确是学校自己的事务（招生、就业、食堂、"
    "公益等），请写明主办部门，去掉商家的联系方式和促销内容",
    "soft": "请删去商家名称、价格、链接和联系方式；确需介绍合作单位的，请写明它与学校的关系",
}
#: words of a passage repeated in its message, and contacts listed
_SHOWN, _CONTACTS = 3, 8
_HAN = re.compile("[\u4e00-\u9fff]{2,8}")


class Author(Struct, frozen=True):
    """Writes the findings of one draft, in which what scores ``block_from`` must be changed.

    ``marked`` says that it calls itself 广告.
    """

    draft: Draft
    stream: Stream
    thresholds: Thresholds
    block_from: float
    marked: bool

    def span(self, start: int, end: int) -> Span:
        """Return the draft's span for stream ``[start, end)``: in the field that holds most of it.

        A draft without text gives an empty span.
        """
        spans = self.stream.spans(start, end) or [Span("body", 0, 0)]
        return max(spans, key=lambda span: span.end - span.start)

    def passage(
        self, passage: Passage, weighed: Sequence[Weighed], contacts: Sequence[Hit]
    ) -> Finding:
        """Say that a passage advertises, which words weighed most, and how to reach the seller."""
        span = self.span(passage.start, passage.end)
        features = self._features(weighed, span)
        words = _telling(features)
        about = "全文" if passage.whole else "这一段"
        blocked = passage.score >= self.block_from
        return Finding(
            stage=STAGE,
            rule=_RULES[passage.kind],
            category=Category.ADVERTISING,
            severity=Severity.BLOCK if blocked else Severity.REVIEW,
            span=span,
            message=f"{about}{_MESSAGES[passage.kind]}" + (f"：{words}" if words else ""),
            advice=_ADVICE[passage.kind],
            basis=_BASIS,
            evidence=self._evidence(
                passage.kind, passage.score, features, self._contacts(contacts), blocked=blocked
            ),
            confidence=round(passage.score, 4),
        )

    def claim(self, hit: Hit, passage: Passage) -> Finding:
        """Say that advertising makes a claim that the law forbids."""
        return self._words(
            hit,
            (passage.kind, passage.score),
            CLAIM_RULE,
            "“{text}”是广告法禁止的绝对化、保证性用语（第九条等）",
            "请删去，或改为有出处、可核实的事实",
        )

    def shop(self, hit: Hit, passage: Passage | None) -> Finding:
        """Say that there is a way to buy, and nothing that says it is advertising."""
        judged = (passage.kind, passage.score) if passage else ("school", 0.0)
        return self._words(
            hit,
            judged,
            "ADV004",
            "“{text}”引人购买，稿件没有注明“广告”",
            "与学校无关的购买链接请删去；依《互联网广告管理办法》，附购买链接的推荐须显著标明“广告”",
        )

    def _words(
        self, hit: Hit, judged: tuple[str, float], rule: str, message: str, advice: str
    ) -> Finding:
        span = self.span(hit.start, hit.end)
        text = self.draft.text(span)
        features = (Feature(text, 0.0, span.start, span.end),)
        return Finding(
            stage=STAGE,
            rule=rule,
            category=Category.ADVERTISING,
            severity=Severity.REVIEW,
            span=span,
            message=message.format(text=" ".join(text.split())),
            advice=advice,
            basis=_BASIS,
            evidence=self._evidence(*judged, features, (), blocked=False),
        )

    def _evidence(
        self,
        kind: str,
        score: float,
        features: tuple[Feature, ...],
        contacts: tuple[str, ...],
        *,
        blocked: bool,
    ) -> AdvertisingEvidence:
        threshold = self.block_from if blocked else self.thresholds.review
        return AdvertisingEvidence(
            kind, round(score, 4), threshold, features, contacts, self.marked
        )

    def _contacts(self, hits: Sequence[Hit]) -> tuple[str, ...]:
        """Return each way to reach the seller once, without those that are part of another."""
        found = {self.draft.text(self.span(hit.start, hit.end)): None for hit in hits}
        whole = [
            text for text in found if not any(text in other and text != other for other in found)
        ]
        return tuple(whole[:_CONTACTS])

    def _features(self, weighed: Sequence[Weighed], span: Span) -> tuple[Feature, ...]:
        """Return those words that stand in ``span``'s field."""
        return tuple(
            Feature(self.draft.text(at), round(item.weight, 2), at.start, at.end, item.sign)
            for item in weighed
            for at in self.stream.spans(item.start, item.end)
            if at.field == span.field
        )


def _telling(features: Sequence[Feature]) -> str:
    """Return the weightiest words that speak for advertising, as a message names them.

    Words of a sign come first, with what they are; of others only whole runs of Han, not pieces.
    """
    good = [item for item in features if item.weight > 0]
    signs = [f"{item.sign}“{' '.join(item.text.split())}”" for item in good if item.sign]
    plain = [f"“{item.text}”" for item in good if not item.sign and _HAN.fullmatch(item.text)]
    return "、".join([*signs, *plain][:_SHOWN])
