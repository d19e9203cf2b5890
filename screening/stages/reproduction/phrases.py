"""Credits in whole phrases rather than after a label: 转自X, 据X报道, 原载于《X》, X 摄, 侵删."""

from __future__ import annotations

from msgspec import Struct

from screening.stages.reproduction.credit import CreditKind
from screening.stages.reproduction.names import Role
from screening.text.expression import Expression, declare

_BEGIN = r"(?<![\w])"
_VALUE = r"(?P<value>[^。;!?\n()\[\]【】]{2,80})"
_PICTURE = (
    "(?:部分|文中|文内|本文|所有|以上)?(?:图片|配图|题图|头图|封面图?片?|插图|照片|视频|音频|截图|动图|海报"
    "|图)(?:素材|资料|内容)?"
)
_TEXT = (
    "(?:部分)?(?:本文|原文|该文|此文|文章|文字|文案|内容|稿件|素材|资料|信息"
    "|以上内容)(?:内容|素材|部分|资料)?"
)
_BOTH = "(?:部分)?(?:图文|文图|文字和图片|图片和文字|文章图片)(?:素材|资料|内容|信息)?"
_ALL = "(?:均|皆|都|系|是)?"
_TAKE = "转载|转发|转|摘录|摘编|摘|节选|选编|选|编译|编辑|整理|改编|综合"
_FROM = rf"{_ALL}(?:(?:{_TAKE}){{1,2}}|引|来|源|采|截取|取|出|首发)(?:自|于)于?"
_TAKEN = rf"{_ALL}(?:(?:{_TAKE}){{1,2}}自|转载于)"
_ACCOUNT = "(?:微信|微博|官方|同名)*(?:公众号|视频号|订阅号|客户端|网站)"
_COMES = rf"{_ALL}来源(?:于|自)?"


class Phrase(Struct, frozen=True):
    """An expression whose group ``value`` holds names of ``role``, for the credit ``kind``.

    ``medium``: it is one only if every name is that of a medium or another body, or in quotes.
    ``both``: it is a credit for the pictures too. ``inline``: it may stand within a paragraph.
    """

    expression: Expression
    kind: CreditKind
    role: Role
    cue: str
    medium: bool = False
    both: bool = False
    inline: bool = False


def _phrase(pattern: str, kind: CreditKind, role: Role, cue: str, **options: bool) -> Phrase:
    return Phrase(declare(pattern), kind, role, cue, **options)


_T, _P = CreditKind.TEXT, CreditKind.PICTURE
_MARK = r" {0,2}[:|丨]? {0,2}"

#: In the order in which they claim their words; ``cue`` is a character that all of them hold.
PHRASES: tuple[Phrase, ...] = (
    _phrase(
        rf"{_BEGIN}{_BOTH}(?:{_FROM}|{_COMES}){_MARK}{_VALUE}", _T, Role.SOURCE, "文", both=True
    ),
    _phrase(
        rf"{_BEGIN}{_PICTURE}(?:{_FROM}|{_COMES}){_MARK}{_VALUE}",
        _P,
        Role.PICTURE,
        "图片照视音截",
        inline=True,
    ),
    _phrase(rf"{_BEGIN}图源{_MARK}{_VALUE}", _P, Role.PICTURE, "源"),
    _phrase(
        rf"{_BEGIN}(?:{_TEXT})?(?:经|由|已?获得?|已经) ?(?P<value>[^,。;!?\n()]{{2,30}}?) ?"
        r"(?:\([^()\n]{1,40}\) ?)?(?:正式|独家)?(?:授权|同意|许可|允许)(?:转载|发布|转发|刊发)",
        _T,
        Role.SOURCE,
        "授同许允",
        inline=True,
    ),
    _phrase(
        rf"(?:{_BEGIN}{_TEXT}|^)(?:已|已经)?获得? ?(?P<value>[^,。;!?\n()]{{2,30}}?) ?的?授权"
        r"(?=$|[,。])",
        _T,
        Role.SOURCE,
        "授",
    ),
    _phrase(
        rf"{_BEGIN}(?:{_TEXT})?(?:经|已)?(?:获得?)?(?:授权)?{_TAKEN}(?:于)?{_MARK}{_VALUE}",
        _T,
        Role.SOURCE,
        "自于",
        inline=True,
    ),
    _phrase(rf"{_BEGIN}{_TEXT}(?:{_FROM}|{_COMES}){_MARK}{_VALUE}", _T, Role.SOURCE, "自源于"),
    _phrase(rf"^(?:来源于|来源自|来自|源自){_MARK}{_VALUE}$", _T, Role.SOURCE, "来源"),
    _phrase(
        rf"{_BEGIN}(?:{_TEXT})?(?:原|首次?|最初)?(?:载于|刊于|刊登于|刊载于|首发于|发表于"
        rf"|发表在|刊发于|首刊于)"
        rf"{_MARK}{_VALUE}",
        _T,
        Role.SOURCE,
        "于在",
    ),
    _phrase(
        rf"{_BEGIN}(?:{_TEXT})?(?:原载|原刊|首发|首刊|原发)(?:于|自|在)?{_MARK}{_ACCOUNT}? ?"
        r"(?P<value>[《“「][^。\n()]{2,60})",
        _T,
        Role.SOURCE,
        "原首",
    ),
    _phrase(
        rf"(?:转|引|摘)[^。\n]{{0,12}}注明(?:本文|文章|原文)?(?:出自|来自|转自|来源于?|出处|源自|作者)*为?"
        rf"(?: ?[:丨|] ?|{_ACCOUNT} ?(?=[“「《])|(?=[“「《])){_VALUE}",
        _T,
        Role.SOURCE,
        "注",
    ),
    _phrase(
        rf"注明(?:本文|文章|原文)?(?:出自|来自|转自|来源于?|出处|源自)+为?{_VALUE}",
        _T,
        Role.SOURCE,
        "注",
        medium=True,
    ),
    _phrase(
        r"(?:本文|此文|本篇|本推文)(?:为|系|是|属|由)"
        r"(?!本|我|独家|作者|学院|学校|团队|小编|编辑部|个人|完?全|百分|[纯\d]) ?"
        rf"(?P<value>[^,。;\n]{{2,20}}?) ?{_ACCOUNT}?(?:独家|首次)?(?:原创|首发)",
        _T,
        Role.SOURCE,
        "创发",
    ),
    _phrase(
        r"(?:^|(?<=[,。;:!?\s(]))根?据(?P<value>[^,。;:!?()\n]{2,24}?)"
        r"(?: ?\d{1,2}月)?(?:\d{1,2}日)?(?:(?:发布的)?(?:报道|报导|消息)|披露)",
        _T,
        Role.SOURCE,
        "据",
        inline=True,
    ),
    _phrase(
        r"(?:^|(?<=[,。;:!?\s(]))据(?P<value>(?:新华|中新|法新|路透|韩联|共同|朝中|美联|塔斯)社"
        r"|(?:中新|央视|人民)网)[\u4e00-\u9fff]{0,8}(?:\d{1,2}月)?(?:\d{1,2}日)?电",
        _T,
        Role.SOURCE,
        "据",
        inline=True,
    ),
    _phrase(
        r"(?P<value>《[^》\n]{2,20}》)(?:近日|日前|\d{1,2}月\d{1,2}日|\d{1,2}日)?(?:报道|刊文"
        r"|刊发|载文|发文)",
        _T,
        Role.SOURCE,
        "》",
        inline=True,
    ),
    _phrase(
        r"根?据(?P<value>[^。;:!?()\n]{2,60}?)(?:等?公开)?(?:报道|消息|资料|内容)?"
        r"(?:综合|编辑)?(?:整理|编写|编译|改编|改写|综合)(?=$|[,。;)])",
        _T,
        Role.SOURCE,
        "整编改综",
        medium=True,
    ),
    _phrase(rf"^(?:{_TEXT})?综合(?!来源)自?{_MARK}{_VALUE}$", _T, Role.SOURCE, "综", medium=True),
    _phrase(
        rf"{_BEGIN}(?:{_TEXT})?作者 ?(?P<value>[\u4e00-\u9fff]{{2,4}}),?(?:系|为|是)",
        _T,
        Role.AUTHOR,
        "作",
    ),
    _phrase(
        r"(?<=[,;。 ])(?:原文|原|本文|文章)?作者[ 是为]?"
        r"(?P<value>[\u4e00-\u9fff·]{2,10}|[a-z][a-z. ]+)(?=$|[,。;()])",
        _T,
        Role.AUTHOR,
        "作",
    ),
    _phrase(r"^据(?P<value>[^,。;:!?\n]{2,40})$", _T, Role.SOURCE, "据", medium=True),
    _phrase(r"^(?P<value>[\u4e00-\u9fff]{2,4}) 作者(?:系|为|是)", _T, Role.AUTHOR, "作"),
    _phrase(
        r"^(?:(?:written|words|text|story) )?by (?P<value>[a-z][a-z.', -]{2,60})$",
        _T,
        Role.AUTHOR,
        "b",
    ),
    _phrase(r"^from (?P<value>[a-z][a-z .'-]{2,40})$", _T, Role.SOURCE, "f", medium=True),
    _phrase(
        r"(?:^|(?<=\())(?:photo|image|picture|video)(?:s|graph|graphy)? ?(?:credits?)? ?"
        r"(?:by|/|:|courtesy of|from) ?(?P<value>[a-z][a-z.'&,/ -]{2,60})",
        _P,
        Role.PICTURE,
        "p",
    ),
    _phrase(
        r"(?<![\w])(?:reprinted|republished|reproduced|excerpted|adapted|translated"
        r"|reposted) (?:with permission )?from (?P<value>[^.;\n()]{2,60})"
        r"|(?<![\w])(?:originally|first) (?:published|appeared) (?:in|on"
        r"|by) (?P<also>[^.;\n()]{2,60})",
        _T,
        Role.SOURCE,
        "r",
    ),
    _phrase(
        r"(?:图片|照片|图|视频|配图)(?:素材)?(?:均|皆|都|全部|系)?[由为系是] ?"
        r"(?P<value>[^,。;\n()]{2,30}?) ?(?:提供|供图|拍摄|摄影|摄|授权)(?=$|[,。;()\s])",
        _P,
        Role.PICTURE,
        "由为系是",
    ),
    _phrase(
        r"(?:^|(?<=[。!?]))(?P<value>[^。!?;:,\n()]{2,24}?) {0,2}"
        r"(?:供图|摄影|(?<!文/)摄|提供图片)$",
        _P,
        Role.PICTURE,
        "摄图",
    ),
    _phrase(r"(?P<value>新华社)发(?=\()", _P, Role.PICTURE, "社"),
)

#: 宋知微/文, 宋知微 文/图: the label behind its name, filling a line or bracket
BEHIND = declare(
    r"(?P<value>[^。!?;:,\n()/|]{2,24}?) {0,2}(?:(?P<both>文 ?[/、]? ?[图摄]|[图摄] ?[/、]? ?文)"
    r"|/ ?(?P<author>文|撰文)|/ ?(?P<picture>图|摄影))"
)
#: 新华社北京3月5日电, 本报讯, 央视网消息
DATELINE = declare(
    r"[ (【\[]*(?P<value>(?!根?据)[\w·—–-]{1,20}?(?:社|网|报|台|新闻(?!网)|客户端))"
    r"(?:(?P<place>[\u4e00-\u9fff]{0,10}?)(?:\d{4}年)?(?:\d{1,2}月)?\d{1,2}日(?: ?专)?(?:电|讯"
    r"|消息)|讯(?=[ (:\-—])|消息(?=[(:])|快讯(?=[:丨|]))"
    r"(?:[ ]{0,3}题[:丨][^\n(]{0,60})?"
    r"(?:[ ]{0,3}\((?P<reporters>[^()\n]{2,60})\)"
    r"|[ ]{0,3}(?P<people>(?:记者|通讯员)[^,。()\n]{2,20}?)报道)?"
)
ORIGINAL = declare(
    r"(?:本文|此文|本篇|本推文|本推送)(?:(?:为|系|是|属)[^,。;\n]{0,14}?(?:原创|首发)|原创)"
    r"|^原创(?:文章|声明|作品|内容|首发)?(?=$|[,。! ])|原创文章,"
    r"|著作权归[^,。\n]{0,12}(?:本公众号|本号|我校|我院)所有"
)
DISCLAIMER = declare(
    r"侵(?:权)?(?:请?联系?)?(?:必|即|立|速|则|可)?删|如(?:有|若)?[^。\n]{0,10}(?:侵权"
    r"|版权)[^。\n]{0,16}(?:联系|删除|告知)"
    r"|版权(?:均|都|仍)?归(?:属)?(?:原(?:作者|著|创|网站|平台|媒体|公众号)|作者|著作权人|各自"
    r"|其|相关)[^。\n]{0,10}所有"
    r"|(?:仅|只)(?:供|作|做|用于|限)[^。,\n]{0,8}(?:学习|交流|分享|欣赏)|(?:不|非|无)(?:作|做"
    r"|用于)?(?:任何)?商业(?:用途|目的)"
)
