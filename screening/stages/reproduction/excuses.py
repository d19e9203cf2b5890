"""What does not count as copied: titles, laws, set phrases, short quotations, boilerplate.

A passage is excused when too little of it is left once these are taken away. Copyright covers none
of them: names, legal and administrative documents (Copyright Law, article 5), set phrases, and
fitting quotations that name their speaker or book (article 24, item 2).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache

import numpy as np

from screening import resources
from screening.stages.reproduction.alignment import Letters, Passage
from screening.stages.reproduction.runs import common_runs
from screening.stages.reproduction.work import Candidate, Licence, Work
from screening.text.normalise import Normalised, normalise, text_from

#: letters that must be left for a passage to count
_LEAST = 36
#: and the share of it that may be left in one that is excused
_MOST = 0.6
#: letters of a quotation that is short
_SHORT = 120
#: letters in a row by which the index finds whatever is rare
_GUARANTEED = 40
#: characters around a passage in which the speaker of a quotation is looked for
_AROUND = 60
#: numbered articles by which a work is known for a law
_ARTICLES = 3
#: characters at a work's head in which a document's number or addressees stand
_HEAD = 300

_SAYS = (
    "说|道|表示|指出|强调|认为|提出|谈到|提到|写|介绍|回忆|坦言|感慨|感叹|回应|告诉|解释|要求"
    "|称|曰|云|言|寄语|勉励"
    "|嘱托|讲到|直言|透露|呼吁|建议|分享|总结|引用|题词|载"
)
_QUOTED = re.compile(r"[“「『\"]([^“”「」『』\"\n]{2,})[”」』\"]")
#: right before a quotation: that it is one, or its book
_SAYING = re.compile(rf"(?:{_SAYS})[^。!?;“”\n]{{0,6}}$")
_BOOK_BEFORE = re.compile(r"《[^》\n]+》[^。!?;“”\n]{0,10}$")
_NAMED = re.compile(r"[\u4e00-\u9fff·a-z》]{2}")
#: right after one: X说, or a dash or bracket with the speaker or book
_SPEAKER_AFTER = re.compile(
    rf",?(?!他|她|它|这|那|有人|大家)[\u4e00-\u9fff·a-z]{{2,16}}?(?:{_SAYS})"
    r"|\s?(?:—|-|\(){1,2}\s?(?:《[^》\n]+》|[\u4e00-\u9fff·]{2,10})"
)
_BOOK = re.compile(r"《[^》\n]{2,80}》")
_MEETING = re.compile(
    r"第[零〇一二三四五六七八九十百\d]{1,5}[届次][\u4e00-\u9fff]{0,24}"
    r"(?:会议|大会|全会|委员会|常委会|论坛|博览会|座谈会|研讨会|启动仪式|比赛|大赛)"
)
_NAME_OF_MEETING = re.compile(r"[\u4e00-\u9fff]{0,20}$")
#: lines of a list of articles: column and heading, or 相关阅读
_HEADING = re.compile(r"^[^,。;!?|\n]{2,40}[|丨][^。;|丨\n]{4,60}$", re.MULTILINE)
_ARTICLE = re.compile(
    r"^\s*第[零〇一二三四五六七八九十百千\d]{1,6}[条章节款项][^\n]*$", re.MULTILINE
)
#: a law or document named, and what it says up to the end of the sentence
_STATED = re.compile(
    r"《[^》\n]{2,50}(?:法|条例|规定|办法|细则|准则|章程|决定|解释|公约|通则|规程|公告|通知"
    r"|意见|规则|纲要)"
    r"(?:\([^)\n]{1,20}\))?》[^。;\n]{0,30}(?:规定|明确|要求|载明|第[^。\n]{1,6}条)[^。\n]*"
)
_DOCUMENT_TITLE = re.compile(
    r"(?:法|条例|规定|办法|细则|准则|章程|决定|决议|命令|公告|公报|通告|通知|意见|批复|解释"
    r"|规划|纲要|方案|令)"
    r"(?:\([^)\n]{1,30}\))?\s*$"
)
_DOCUMENT_HEAD = re.compile(
    r"[〔\[(【]\d{4}[〕\])】]\s?\d{1,4}\s?号|^[^\n。]{2,120}(?:各|有关)[^\n。]{2,80}:\s*$",
    re.MULTILINE,
)
_ROLES = (
    "(?:本期|文字|执行|责任|微信)?编辑|责编|栏目主编|主编|[初复终校]?审核?|校对|校审|排版|美编"
    "|监制|统筹|制图|制作"
    "|供稿|撰稿|图片|图|文字?|摄[影像]|来源|作者|记者|通讯员|值班|策划|出品|设计|资料"
)
_ROLE_LINE = re.compile(
    rf"^\W*(?:{_ROLES})(?:[/、|&和]?(?:{_ROLES})){{0,3}} ?[:|/丨▏][^。\n]{{0,60}}$", re.MULTILINE
)
#: words by which a sentence is known for an ending that every post of an account has
_ENDING = re.compile(
    r"仅代表[^。\n]{0,12}观点|版权归[^。\n]{0,12}所有|侵权[^。\n]{0,8}删|联系[^。\n]{0,8}删除"
    r"|未经[^。\n]{0,6}(?:授权|许可)[^。\n]{0,10}转载"
    r"|(?:欢迎|敬请|请)(?:扫码)?关注[^。\n]{0,20}(?:公众号|微信|官微|视频号|抖音)"
    r"|更多[^。\n]{0,16}(?:资讯|内容|精彩|新闻)[^。\n]{0,16}(?:下载|关注|点击|扫码|请)"
    r"|提供新闻线索|报料热线|投稿(?:邮箱|方式|请)|踊跃投稿|欢迎(?:投稿|赐稿|来稿)|来稿请"
    r"|征稿启事|点击[^。\n]{0,6}阅读原文"
    r"|(?:长按|扫码|扫描|扫一扫)[^。\n]{0,8}(?:二维码|识别|关注)|点击(?:上|下)(?:图|方)"
    r"|点个?[“\"]?(?:在看|赞)|(?:官方|唯一)[^。\n]{0,6}(?:微信|订阅号|公众号|视频号)"
    r"|微信(?:公众)?平台|涉及版权|仅供(?:学习|参考)|特别声明|免责声明"
    r"|本文(?:来自|经)[^。\n]{0,30}(?:发布|客户端|新闻|app)"
)
_STOP = "。\n"
_SENTENCE = re.compile(r"[。!?;“”\n]")
#: characters before a quotation in which 说 stands
_REACH = 10


class Reason(StrEnum):
    """Why a passage does not count."""

    TITLE = "title"
    LAW = "law"
    STOCK = "stock"
    QUOTATION = "quotation"
    BOILERPLATE = "boilerplate"

    @property
    def label(self) -> str:
        """The Chinese words that reports show."""
        return _LABELS[self]


_LABELS: dict[str, str] = {
    "title": "标题、文件名或会议名称",
    "law": "法律法规或公文，不受著作权法保护",
    "stock": "通用的固定表述",
    "quotation": "注明出处的简短引用",
    "boilerplate": "栏目、署名、声明等套语",
}


def excused(
    draft: Normalised, candidate: Candidate, passages: Sequence[Passage]
) -> tuple[Reason | None, ...]:
    """Say of each passage why it does not count, or None where it does."""
    if not passages:
        return ()
    if is_public(candidate.work):
        return (Reason.LAW,) * len(passages)
    return tuple(_reason(draft, candidate, passage) for passage in passages)


def is_public(work: Work) -> bool:
    """Tell whether a work is a law or an official document, by its licence or by its form."""
    if work.licence is Licence.PUBLIC:
        return True
    if _DOCUMENT_TITLE.search(normalise(work.title).text) and _DOCUMENT_HEAD.search(
        normalise(work.text[:_HEAD]).text
    ):
        return True
    if work.text.count("第") < _ARTICLES:
        return False
    articles = _ARTICLE.findall(work.text)
    return len(articles) >= _ARTICLES and 2 * len("".join(articles)) > len(work.text)


def _reason(draft: Normalised, candidate: Candidate, passage: Passage) -> Reason | None:
    low, high = np.searchsorted(draft.offsets, (passage.start, passage.end)).tolist()
    if _is_common(draft, candidate, passage, (low, high)):
        return Reason.STOCK
    counting = ~draft.separators[low:high]
    total, taken = int(counting.sum()), dict.fromkeys(Reason, 0)
    for reason, start, end in _excusable(draft, low, high, candidate.work.title):
        part = slice(max(0, start - low), max(0, end - low))
        taken[reason] += int(counting[part].sum())
        counting[part] = False
    left = int(counting.sum())
    if left < _LEAST and left < _MOST * total:
        return max(taken, key=lambda each: taken[each])
    return None


def _excusable(
    draft: Normalised, low: int, high: int, title: str
) -> Iterator[tuple[Reason, int, int]]:
    """Yield what does not count in ``draft.text[low:high]``; the bounds may reach beyond."""
    text = draft.text
    for quote in _QUOTED.finditer(text, max(0, low - _AROUND), high + _AROUND):
        if len(quote[1]) <= _SHORT and _is_attributed(text, *quote.span()):
            yield Reason.QUOTATION, *quote.span()
    for reason, pattern in (
        (Reason.BOILERPLATE, _ROLE_LINE),
        (Reason.LAW, _STATED),
        (Reason.LAW, _ARTICLE),
        (Reason.TITLE, _BOOK),
        (Reason.TITLE, _HEADING),
    ):
        for match in pattern.finditer(text, low, high):
            yield reason, *match.span()
    for match in _ENDING.finditer(text, low, high):
        start = max(text.rfind(stop, 0, match.start()) for stop in _STOP) + 1
        ends = [text.find(stop, match.end()) for stop in _STOP]
        yield Reason.BOILERPLATE, start, min([end for end in ends if end >= 0], default=len(text))
    for match in _MEETING.finditer(text, low, high):
        before = _NAME_OF_MEETING.search(text, max(0, match.start() - 20), match.start())
        yield Reason.TITLE, before.start() if before else match.start(), match.end()
    named = text.find(normalise(title).text, low, high) if title else -1
    if named >= 0:
        yield Reason.TITLE, named, named + len(title)
    for start, end in _formulas_in(draft, low, high):
        yield Reason.STOCK, start, end


def _is_attributed(text: str, start: int, end: int) -> bool:
    """Tell whether the speaker or the book of the quotation ``text[start:end]`` is named."""
    if _SPEAKER_AFTER.match(text, end, end + _AROUND):
        return True
    sentence = _SENTENCE.split(text[max(0, start - _AROUND) : start])[-1]
    said = _SAYING.search(sentence, max(0, len(sentence) - _REACH))
    if said and _NAMED.search(sentence, 0, said.start()):
        return True
    return _BOOK_BEFORE.search(sentence) is not None


def _formulas_in(draft: Normalised, low: int, high: int) -> Iterator[tuple[int, int]]:
    places = np.flatnonzero(Letters.mask(draft, low, high)) + low
    letters = text_from(draft.codes[places])
    for match in _formulas().finditer(letters):
        yield int(places[match.start()]), int(places[match.end() - 1]) + 1


def _is_common(
    draft: Normalised, candidate: Candidate, passage: Passage, span: tuple[int, int]
) -> bool:
    """Tell whether the passage has long runs, and yet nothing in it is rare among the works."""
    places = candidate.anchors[:, 0]
    if not len(places) or ((span[0] <= places) & (places < span[1])).any():
        return False
    mine = Letters.of(normalise(draft.original[passage.start : passage.end]))
    theirs = Letters.of(normalise(candidate.work.text[passage.work_start : passage.work_end]))
    runs = common_runs(mine.codes, theirs.codes, _GUARANTEED)
    return len(runs) > 0


@lru_cache(maxsize=1)
def _formulas() -> re.Pattern[str]:
    """Match any set phrase in text of letters only, the longest first."""
    path = resources.folder("data") / "reproduction" / "formulas.txt"
    lines = normalise(path.read_text(encoding="utf-8")).text.splitlines()
    phrases = ("".join(filter(str.isalnum, line)) for line in lines if line)
    return re.compile("|".join(sorted(phrases, key=len, reverse=True)))
