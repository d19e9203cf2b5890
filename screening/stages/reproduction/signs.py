"""Signs that a draft was taken from elsewhere, where no known work says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from screening.settings import School
from screening.stages.reproduction.credit import Credit, CreditKind
from screening.stages.reproduction.cues import Cue, Places
from screening.stages.reproduction.name_forms import is_press, name_key
from screening.text.expression import declare
from screening.text.normalise import Normalised, fold

#: empty credits that tell of a reprint; 仅供学习 alone does not
_TAKEN = declare("[来來] *源|[转轉]|摘|侵|版[权權]|综合|整理")
#: a paper's or agency's own people, of whom a college draft has none
_STAFF = declare(
    r" {0,3}(?P<staff>本报|本刊|本台|新华社|中新社"
    r"|[\u4e00-\u9fff·]{2,10}?(?:[日晚早时]报|新闻|电视台|客户端))"
    r"(?:全媒体|融媒体|首席|见习|实习|特约|驻[\u4e00-\u9fff]{2,6})*(?:记者|通讯员"
    r"|评论员)[ :]{0,3}[\u4e00-\u9fff]{2,3}"
)
_STAFF_CUES, _STAFF_STOPS = ("记者", "通讯员", "评论员"), "\n(。□■"
#: characters before 记者 in which its medium is looked for
_STAFF_REACH = 26
_FOLLOW = r"[^。\n]{0,6}(?:蓝字|上方)[^。\n]{0,8}关注[^。,!\n]{0,16}"
_CODE = "[^。\\n]{0,8}二维码,?关注[“「《][^”」》\\n]{2,16}"
#: what media and 公众号 print around every article of theirs; each begins with one of the cues
_ENDING = declare(
    rf"点击{_FOLLOW}|戳{_FOLLOW}|轻触{_FOLLOW}|长按{_CODE}|扫描{_CODE}|识别{_CODE}"
    r"|本文来自[^。,\n]{2,12},更多[^。\n]{0,12}(?:请|下载)"
    r"|更多精彩(?:资讯|内容)请[^。\n]{0,30}(?:客户端|app)"
    r"|新闻(?:热线|线索)[^。\n]{0,4}[:\d]|报料(?:热线|线索)[^。\n]{0,4}[:\d]"
    r"|爆料(?:热线|线索)[^。\n]{0,4}[:\d]|欢迎[^。\n]{0,8}提供新闻线索"
    r"|一经[^。\n]{0,8}提供新闻线索"
    r"|以上内容[^。\n]{0,12}(?:不代表|仅代表)[^。\n]{0,12}(?:立场|观点)"
    r"|\(责任?编辑?:[^)\n]{2,12}\)|\[责任?编辑?:[^\]\n]{2,12}\]|【责任?编辑?:[^】\n]{2,12}】"
    r"|打开[^。\n]{2,10}app[^。\n]{0,6}(?:阅读|查看|体验)|阅读(?:全文|原文)请(?:下载|打开)"
    r"|原标题:|原题为:"
    r"|特别声明:[^。\n]{0,40}(?:转载|平台|立场|版权)|免责声明:[^。\n]{0,40}(?:转载|平台|立场|版权)"
    r"|本文由[^。,\n]{2,16}(?:授权|入驻|原创首发)"
    r"|本文经[^。,\n]{2,24}(?:入驻|授权)[^。\n]{0,8}(?:发布|转载)"
)


class Sign(Struct, frozen=True):
    """One sign at ``[start, end)`` of the field's original text, and what it is.

    ``credit`` is what a dateline says.
    """

    kind: str
    start: int
    end: int
    credit: Credit | None = None


def find_signs(
    text: Normalised, places: Places, credit_lines: Sequence[Credit], school: School
) -> tuple[Sign, ...]:
    """Return the signs of a reprint in the body, in order; ``places`` are those of its cues."""
    own = {name_key(name) for name in school.names}
    found = [*_datelines(text, credit_lines, own), *_staff(text), *_endings(text, places, own)]
    return tuple(sorted(found, key=lambda sign: sign.start))


def names_source(credit: Credit) -> bool:
    """Tell whether a credit line names a source; a dateline does in its own way."""
    return credit.kind is CreditKind.TEXT and bool(credit.sources)


def tells_of_taking(text: str) -> bool:
    """Tell whether an empty credit says that the text was taken from elsewhere."""
    return bool(_TAKEN.pattern.search(text))


def _datelines(text: Normalised, credit_lines: Sequence[Credit], own: set[str]) -> Iterator[Sign]:
    for credit in credit_lines:
        if credit.kind is not CreditKind.DATELINE or credit.field != "body":
            continue
        ours = any(name in name_key(source) for source in credit.sources for name in own)
        words = fold(text.original[credit.start : credit.end])
        if not ours and not words.lstrip(" ([【").startswith(("本网", "本站", "我校")):
            yield Sign("dateline", credit.start, credit.end, credit)


def _staff(text: Normalised) -> Iterator[Sign]:
    """Yield 本报记者宋知微 where a line, sentence or bracket begins with it."""
    whole = text.text
    for cue in _STAFF_CUES:
        place = whole.find(cue)
        while place >= 0:
            low = max(0, place - _STAFF_REACH)
            begin = max(whole.rfind(stop, low, place) for stop in _STAFF_STOPS) + 1
            match = _STAFF.pattern.match(whole, begin) if begin or not low else None
            if match and (match["staff"].startswith("本") or is_press(match["staff"])):
                yield Sign("staff", *text.span(match.start("staff"), match.end()))
            place = whole.find(cue, place + 1)


def _endings(text: Normalised, places: Places, own: set[str]) -> Iterator[Sign]:
    for place, cue in places:
        match = _ENDING.pattern.match(text.text, place) if cue & Cue.ENDING else None
        if match and not any(name in name_key(match[0]) for name in own):
            yield Sign("ending", *text.span(*match.span()))
