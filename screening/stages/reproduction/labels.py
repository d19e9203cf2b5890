"""The words that announce a credit, and the expressions that find them in normalised text."""

from __future__ import annotations

from enum import StrEnum

from msgspec import Struct

from screening.stages.reproduction.names import Role
from screening.text.expression import declare


class Label(StrEnum):
    """What a label in a credit line announces."""

    SOURCE = "source"
    AUTHOR = "author"
    PICTURE = "picture"
    BOTH = "both"  # text and pictures by the same author
    ORIGIN = "origin"  # text and pictures from the same source
    LINK = "link"
    ORIGINAL = "original"
    OTHER = "other"  # editing, checking, data: no credit


ROLES = {
    Label.SOURCE: Role.SOURCE,
    Label.AUTHOR: Role.AUTHOR,
    Label.PICTURE: Role.PICTURE,
    Label.BOTH: Role.AUTHOR,
    Label.ORIGIN: Role.SOURCE,
    Label.ORIGINAL: Role.AUTHOR,
}

_PICTURES = (
    "图片|配图|题图|头图|封面图?片?|封面|插图|插画|海报|截图|首图|组图|长图|动图|视频|短视频|航拍"
    "|音频|照片|剧照|漫画|摄影|摄|供图|图"
)
_TEXTS = "文字|文稿|文案|撰文|撰稿|采写|采编|采访|文本|供文|文"
_REPORTER = (
    "(?:[\u4e00-\u9fff·—-]{2,16}?(?:报|网|社|台|新闻))?(?:全媒体|融媒体|首席|见习|实习|特约|本报"
    "|本刊|本网|本台|学生|校园|特派)*"
    "(?:记者|通讯员|实习生|评论员|撰稿人)"
)
_WORK = (
    "编辑|责编|美编|主编|总编|编审|编导|审核|审稿|审校|校审|校对|校核|初审|复审|终审|一审|二审|三审|签发|签审"
    "|排版|版式|监制|出品|出品人|策划|统筹|供稿|投稿|来稿|制作|制图|设计|美工|视觉|剪辑|摄像|导演|配音|播音|主播"
    "|主持|主持人|朗读|诵读|录音|翻译|译者|值班|顾问|主任|总监|负责人|电话|邮箱|地址|时间|日期|地点|单位"
)
_OTHER = (
    "整理|编译|译|联系人|主办|承办|协办|鸣谢|学校|学院|班级|指导老师|指导教师|作者简介|关键词|发布|数据来源"
    "|资金来源|经费来源|生源来源|学分来源|题目来源|灵感来源|名称来源"
)
#: whatever ends in one of the first, or is one of the others, was done for the post, not written
_WORKS, _OTHERS = tuple(_WORK.split("|")), frozenset(_OTHER.split("|"))
#: characters of a label that ends in one of the first
_LONGEST_WORK = 10
_KIND = "(?:公众号|媒体|网站|平台|账号|刊物|报刊|单位)"
_NAMED: tuple[tuple[Label, str], ...] = (
    (
        Label.LINK,
        "原文链接|原文地址|原文网址|文章链接|文章地址|来源链接|来源网址|转载链接|链接|网址"
        "|阅读原文|原文|全文",
    ),
    (
        Label.ORIGIN,
        "(?:图文|文图|图片(?:和|及|、|与|/)文字|文字(?:和|及|、|与|/)图片|图文素材"
        "|图文内容)(?:来源|转自|源自|来自|来源于)",
    ),
    (
        Label.PICTURE,
        rf"(?:{_PICTURES})(?:资料|素材|内容)?(?:来源|源|提供|拍摄|授权|支持|作者)|图源"
        rf"|(?:{_PICTURES})(?:资料|素材|摄影|拍摄|记者|师)?|拍摄|拍照|photos?|images?|pictures?|videos?",
    ),
    (
        Label.BOTH,
        rf"(?:(?:{_TEXTS}) *[/、和及与&+|] *(?:{_PICTURES})"
        rf"|(?:{_PICTURES}) *[/、和及与&+|] *(?:{_TEXTS})|图文(?:作者)?|文图)",
    ),
    (
        Label.SOURCE,
        "(?:本文|原文|文章|稿件|内容|信息|资料|新闻|消息|转载|综合|文字|文稿|素材|媒体|作品|首发|编译"
        rf"|部分内容|部分素材|官方)?来 {{0,3}}源{_KIND}?"
        rf"|(?:首发|原载|原刊|原发|转载|转发){_KIND}|信源|稿源|文源|(?:原文)?出处|原载|原刊|首发于?"
        "|原发|转载自?|转发自?|转自?|摘自|选自|节选自|引自|编译自|综合"
        "|sources?|from|via|credits?|originally published (?:in|by|on)",
    ),
    (
        Label.AUTHOR,
        rf"(?:本文|原文|文章|原|特约|第一|客座|本期)?作 {{0,3}}者|{_REPORTER}"
        rf"|(?:{_TEXTS})(?:作者|记者|撰写|撰稿|采写|提供)?|撰写|写作|口述|执笔人?|主笔|text|words|story"
        r"|authors?|(?:written )?by",
    ),
    (Label.ORIGINAL, "原创(?:作者)?"),
)

#: what stands between a label and its value, with a blank before or after it
MARK = declare(r"[:|丨︱/│┃▏∣◎●】\]—]| (?:(?=https?:)|[-–·•](?= ))")
_GROUPS = "|".join(f"(?P<{label}>{words})" for label, words in _NAMED)
_LABEL = declare(_GROUPS)
#: a label behind its name rather than before it: 宋知微 文/图
_BEHIND = declare(r"(?:文 ?/ ?图|图 ?/ ?文)(?:$|[) ])")
#: the longest label, in characters, and what it never follows
_REACH, _NO_BEGINNING = 24, "_“《"
#: a label that stands without a mark: 记者宋知微, 来源 中国教育新闻网, 文/图 宋知微
BARE = declare(
    rf"(?<![\w“《])(?:(?P<author>{_REPORTER}|作者(?!单位|简介|系|为|是))(?P<gap> {{0,3}})"
    rf"|(?P<source>来源|via)(?P<wide> {{1,3}})"
    rf"|(?P<both>文 *[/、] *图|图 *[/、] *文|图文|文图) {{1,3}})(?=[\w《“])"
)


class Labelled(Struct, frozen=True):
    """A label at ``start`` of the text read; what it announces begins at ``value``."""

    label: Label
    start: int
    value: int


def labels_in(text: str, low: int, high: int) -> list[Labelled]:
    """Return the labels with a mark in ``text[low:high]``, in order: what stands before a mark."""
    found: list[Labelled] = []
    for mark in MARK.pattern.finditer(text, low, high):
        end, value = mark.span()
        while end > low and text[end - 1] == " ":
            end -= 1
        while value < high and text[value] in " —-–·•":
            value += 1
        label = _label_before(text, max(low, end - _REACH), end) if value < high else None
        if label and not _BEHIND.pattern.match(text, label[0], high):
            while found and found[-1].start >= label[0]:
                found.pop()
            found.append(Labelled(label[1], label[0], value))
    return found


def _label_before(text: str, low: int, end: int) -> tuple[int, Label] | None:
    """Return the longest label that ends at ``end`` and does not begin within a word."""
    for start in range(low, end):
        before = text[start - 1] if start else " "
        if before.isalnum() or before in _NO_BEGINNING or text[start] == " ":
            continue
        match = _LABEL.pattern.fullmatch(text, start, end)
        if match:
            return start, next(kind for kind in Label if kind is not Label.OTHER and match[kind])
        if _is_work(text[start:end]):
            return start, Label.OTHER
    return None


def _is_work(word: str) -> bool:
    """Tell whether a label announces who edited, checked, drew or printed (审核, 图片编辑)."""
    if word in _OTHERS:
        return True
    whole = word.replace("/", "").replace("、", "").isalnum()
    return whole and len(word) <= _LONGEST_WORK and word.endswith(_WORKS)
