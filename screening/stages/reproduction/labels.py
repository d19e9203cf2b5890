"""The words that announce a credit, and the expressions that find them in normalised text."""

from __future__ import annotations

from enum import StrEnum

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
    "图片|配图|题图|头图|封面图?片?|封面|插图|插画|海报|截图|首图|组图|长图|动图|视频"
    "|音频|照片|摄影|供图|图"
)
_TEXTS = "文字|撰文|撰稿|采写|采编|文本|供文|文"
_REPORTER = (
    "(?:[\u4e00-\u9fff·]{2,10}?(?:报|网|社|台|新闻))?(?:全媒体|融媒体|首席|见习|实习|特约|本报"
    "|本刊|本网|本台|学生|校园|特派)*"
    "(?:记者|通讯员|实习生|评论员|撰稿人)"
)
_OTHER = (
    "责任编辑|文字编辑|图片编辑|新媒体编辑|微信编辑|视频编辑|栏目主编|栏目责编|编辑|责编|美编"
    "|主编|副主编|总编|执行主编|编审|审核|审稿"
    "|审校|校审|校对|校核|初审|复审|终审|一审|二审|三审|签发|签审|排版|版式|监制|总监制|出品人?"
    "|出品|策划|总策划|统筹|供稿|投稿|来稿"
    "|制作|制图|设计|美工|视觉|剪辑|摄像|导演|编导|配音|主播|主持|朗读|诵读|录音|整理|编译|翻译"
    "|译者|译|值班|联系人|联系电话|电话"
    "|邮箱|地址|时间|日期|地点|主办|承办|协办|鸣谢|(?:数据|资金|经费|生源|学分|题目|灵感"
    "|名称)来源|作者单位|单位|学校|学院|班级|指导(?:老师|教师)|作者简介|关键词|发布"
)
_NAMED: tuple[tuple[Label, str], ...] = (
    (
        Label.LINK,
        "原文链接|原文地址|原文网址|文章链接|文章地址|来源链接|来源网址|转载链接|链接|网址"
        "|阅读原文",
    ),
    (
        Label.ORIGIN,
        "(?:图文|文图|图片(?:和|及|、|与|/)文字|文字(?:和|及|、|与|/)图片|图文素材"
        "|图文内容)(?:来源|转自|源自|来自|来源于)",
    ),
    (Label.PICTURE, rf"(?:(?:{_PICTURES}|图)(?:资料|素材)?(?:来源|源)|图源|{_PICTURES})"),
    (
        Label.BOTH,
        rf"(?:(?:{_TEXTS}) *[/、和及&+] *(?:{_PICTURES}|摄)"
        rf"|(?:{_PICTURES}) *[/、和及&+] *(?:{_TEXTS})|图文|文图)",
    ),
    (
        Label.SOURCE,
        "(?:本文|原文|文章|稿件|内容|信息|资料|新闻|消息|转载|综合|文字|素材|媒体|作品"
        "|官方)?来 {0,3}源(?:公众号|媒体|网站)?"
        "|信源|稿源|文源|(?:原文)?出处|原载|原刊|首发|转载自?|转自|摘自|综合|source|from|via",
    ),
    (
        Label.AUTHOR,
        rf"(?:本文|原文|文章|原)?作 {{0,3}}者|{_REPORTER}|{_TEXTS}|执笔人?|text|words|author"
        rf"|written by",
    ),
    (Label.ORIGINAL, "原创(?:作者)?"),
    (Label.OTHER, _OTHER),
)

#: characters that may stand between a label and its value
MARK = r"(?: {0,3}[:|丨︱/│】\]] {0,3}| {1,3}(?=https?:))"
_GROUPS = "|".join(f"(?P<{label}>{words})" for label, words in _NAMED)
#: a label with its mark, where a name may begin: not in the middle of a word
LABELLED = declare(
    rf"(?<![\w“《])(?!(?:文 ?/ ?图|图 ?/ ?文)(?:$|[) ]))(?:{_GROUPS})(?P<mark>{MARK})(?=\S)"
)
#: a label that stands without a mark: 记者宋知微, 来源 中国教育新闻网, 文/图 宋知微
BARE = declare(
    rf"(?<![\w“《])(?:(?P<author>{_REPORTER}|作者(?!单位|简介|系|为|是))(?P<gap> {{0,3}})"
    rf"|(?P<source>来源)(?P<wide> {{1,3}})"
    rf"|(?P<both>文 *[/、] *图|图 *[/、] *文|图文|文图) {{1,3}})(?=[\w《“])"
)
