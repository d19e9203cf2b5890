"""Names in credit lines: media, bodies and people, with everything around them taken off."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import StrEnum
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from screening.text.expression import declare
from screening.text.normalise import fold, squeezed_key

#: endings by which a name is that of a medium; those of other bodies follow
_MEDIA = (
    "报|网|社|台|新闻|客户端|公众号|在线|发布|频道|杂志|周刊|月刊|半月谈|学报|学刊|期刊|视频"
    "|广播|传媒"
    "|融媒体?|快讯|电讯|央视|通讯|之声|财经|时评|派|文摘|书房|国际时讯|中心"
)
_BODIES = (
    "大学|学院|学校|中学|小学|部|处|局|委|会|公司|集团|厅|署|院|馆|所|站|团委|组|团|队|支部|室"
    "|政府"
    "|办|办公室|法院|银行|医院|科|工作者|基地|青年|中国|协会|纪委监委|联盟|记者站|运营方|主办方"
    "|受访者|方"
)
_MEDIUM = declare(rf"(?s:.+(?:{_MEDIA})|cctv.*|新华社.*|央视.*|中新社|总台)")
_PRESS = 14
_PRESS_NAME = declare(
    r"[\w·]+(?:[日晚早时]报|[^公海情汇举预上通申填回警][报网]|[华新联共通]社|电视台|新闻|客户端"
    r"|电讯)|央视|cctv\w*"
)
_BODY = declare(rf".*(?:{_MEDIA}|{_BODIES})")
_SURNAMES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方"
    "俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧"
    "计伏成戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫"
    "房裘缪干解应宗丁宣邓郁单杭洪包诸左石崔吉龚程邢裴陆荣翁荀羊惠甄曲家封芮储靳段富巫乌焦巴弓牧山谷车侯全班仰秋仲伊"
    "宫宁仇栾甘厉戎祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲从鄂索咸籍赖卓蔺屠蒙池乔阴能苍双闻莘党翟谭贡劳姬申冉宰雍桑"
    "桂濮牛寿通边扈燕冀浦尚农温别庄晏柴瞿阎慕连茹习宦艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧利师巩聂"
    "关荆司马上官欧阳夏侯诸葛闫付肖代练覃游仝佘佟桓岳帅缑亢况有琴归海晋楚商牟邸楼辛竺权逯盖益曾沙关红查游丛辜涂隋苟"
)
_PERSON = declare(r"[\u4e00-\u9fff]{2,4}|[\u4e00-\u9fff]{1,10}(?:·[\u4e00-\u9fff]{1,10})+")
_LATIN = declare(r"[a-z][a-z0-9.'’&_-]*")

_EMPTY = declare(
    "(?:(?:来自|来源|源自|综合|均?摘自|转自|部分)*(?:于|自)?(?:互联网|网络|网上|网路|百度"
    "|百度图片|朋友圈|网友|微信|微博"
    "|抖音|公众号|媒体|自媒体|各大媒体|公开报道|公开资料|网站)(?:综合|整理|报道|图片|素材|资料"
    "|内容|截图|投稿|公开)*)"
    "|网图|不详|未知|佚名|匿名|无名氏|原作者|原著者|转载|见水印|水印|如图|资料图片?|侵删|图侵删"
    "|侵权删|侵权必删|官方|ai|无"
    "|internet|unknown|anonymous|web|theinternet"
)
_OURSELVES = declare(
    "(?:本(?:站|网|报|刊|校|院|号|公众号|平台|账号)|我(?:校|院|系)|原创|自制|自采|自有)(?:原创"
    "|讯|首发|采写|采编|自采)*"
)

_SKIPPED = declare(
    r"(?:\d{4}(?:[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?|年)?|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
    r"|第?\d{1,5}(?:期|版|卷|页|辑|集)|第[一二三四五六七八九十百]+(?:期|版|卷)|\d+|no\.?|id"
    r"|作品|等|综合|整理|电|讯|报道"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)+"
)
_HEAD = declare(
    "(?:(?:官方|微信|新浪|的)*(?:公众号|公众平台|订阅号|微博|视频号|公号|微信号)"
    "|[,:|]|(?:全媒体|融媒体|首席|见习|实习|特约|本报|本刊|本网|本台|本站|学生|校园|中心|摄影"
    "|文字|一线)*"
    "(?:记者|通讯员|实习生|评论员|撰稿人|编译员?|作者|摄影师)|作者|原作者|综合(?!新闻)|编译"
    "|撰文|撰稿|(?:文|图)(?=[ :|/])|本组|以上|(?:图片|照片)?均?由|均为?)"
)
_TAIL = declare(
    "(?:微信公众号|公众号|公众平台|微信公号|公号|订阅号|客户端|官方网站|官网|官方微博|官微|微博"
    "|微信|视频号|抖音号|app|网站|学习平台|平台"
    "|账号|报道|报导|消息|供图|提供|摄影|摄制|拍摄|摄|撰文|撰稿|文/图|图/文|整理|编译"
    "|综合(?!新闻)|供稿|(?<=[社网报])发|等)"
)
_REPORTERS = declare(
    "(.{2,20}?)(?:全媒体|融媒体|首席|见习|实习|特约|高级|中心|青年|评论)*(?:记者站?|通讯员"
    "|实习生|评论员)(.{0,12})",
)
_QUOTED = declare(r"[《“\"「『<]([^《》“”\"「」『』<>]{1,40})[》”\"」』>]")
_LINK = declare(r"(?:https?://|www\.)[a-z0-9.\-_~:/?#@!$&'*+,;=%]{4,500}")
_TOKEN = declare(
    rf"(?P<link>{_LINK.source})|(?P<quoted>{_QUOTED.source})|(?P<list>[、;&+/,]"
    rf"|和(?=[\u4e00-\u9fff]{{2}}))"
    r"|(?P<space>\s+)|(?P<word>[^\s、;&+/,《“\"「『<]+)"
)
#: what no name holds, unless it stands in quotation marks
_NO_NAME = declare(
    r"的|[了吗呢吧着将把被][\u4e00-\u9fff]|[了吗呢吧?!。;]|^(?:如|若|请|未经|版权|转载请|仅|不"
    r"|已|有|凡|均|系|现任|现为)"
)
_LONGEST = 28


_ROLE_WORDS = declare(rf"(?:{_HEAD.source}|{_TAIL.source}|学习)+")
_PEOPLE = declare("记者|通讯员|实习生|作者|评论员")
_AGENCY = declare("新华社|中新社|总台")


class Role(StrEnum):
    """What a label announces: a source, an author, or whose picture it is."""

    SOURCE = "source"
    AUTHOR = "author"
    PICTURE = "picture"


class Name(Struct, frozen=True):
    """A name at ``[start, end)`` of the text it was read from, and what it is the name of."""

    role: Role
    start: int
    end: int


class Names(Struct, frozen=True):
    """What one value of a credit line names.

    ``empty``: it names nobody in particular (网络, 佚名); ``ours``: it claims the text as its own.
    """

    names: tuple[Name, ...] = ()
    links: tuple[tuple[int, int], ...] = ()
    empty: bool = False
    ours: bool = False

    def with_names(self, names: tuple[Name, ...]) -> Names:
        """Return a copy with ``names`` before its own."""
        return replace(self, names=(*names, *self.names)) if names else self

    @property
    def any(self) -> bool:
        """True when the value says anything at all."""
        return bool(self.names or self.links or self.empty or self.ours)


class _Word(Struct, frozen=True):
    start: int
    end: int
    quoted: bool
    listed: bool
    after_comma: bool


def read_names(text: str, start: int, end: int, role: Role) -> Names:
    """Read the normalised value ``text[start:end]`` of a label that announces ``role``."""
    names: list[Name] = []
    empty = ours = False
    words, links = _words(text, start, end)
    for word in words:
        value = text[word.start : word.end]
        key = value.replace(" ", "")
        if not word.quoted and _EMPTY.pattern.fullmatch(key):
            empty = True
        elif not word.quoted and _ROLE_WORDS.pattern.fullmatch(key):
            if role is Role.SOURCE and _PEOPLE.pattern.search(key):
                role = Role.AUTHOR
        elif not word.quoted and _OURSELVES.pattern.fullmatch(key):
            ours = True
        elif not (word.quoted or _may_be_name(text, word)):
            break
        else:
            names += _named(text, word, role, names)
    return Names(_authors_of_books(text, names), links, empty, ours)


def reporters_medium(text: str, start: int, end: int) -> tuple[Name, ...]:
    """Return the medium that a label ``text[start:end]`` names: 江畔晚报记者."""
    match = _REPORTERS.pattern.match(text, start, end)
    if match and is_medium(match[1]) and not _OURSELVES.pattern.fullmatch(match[1]):
        return (Name(Role.SOURCE, *match.span(1)),)
    return ()


def is_person(name: str) -> bool:
    """Tell whether a normalised name is a Chinese person's: a surname and one to three more."""
    plain = name.replace(" ", "")
    if not _PERSON.pattern.fullmatch(plain):
        return False
    return "·" in plain or (plain[0] in _SURNAMES and not _BODY.pattern.fullmatch(plain))


def is_medium(name: str) -> bool:
    """Tell whether a normalised name ends as names of newspapers, agencies and accounts do."""
    return bool(_MEDIUM.pattern.fullmatch(name))


def is_press(name: str) -> bool:
    """Tell whether a short normalised name can only be a newspaper's, an agency's or a site's."""
    return len(name) <= _PRESS and bool(_PRESS_NAME.pattern.fullmatch(name))


def is_body(name: str) -> bool:
    """Tell whether a normalised name, or a part of it, ends as names of media and bodies do."""
    return any(_BODY.pattern.fullmatch(part) for part in name.split("·"))


@lru_cache(maxsize=4096)
def name_key(name: str) -> str:
    """Return the form in which names are compared: plain, bare of brackets, ids and suffixes."""
    plain = re.sub(r"\([^()]*\)", "", fold(name)).strip()
    quoted = _QUOTED.pattern.search(plain)
    plain = quoted[1] if quoted else plain
    low, high = _trimmed(plain, 0, len(plain))
    return squeezed_key(plain[low:high] or plain)


def _may_be_name(text: str, word: _Word) -> bool:
    """Tell a name from a clause; behind a comma, only what looks like one is a name."""
    if word.end - word.start > _LONGEST or _NO_NAME.pattern.search(text[word.start : word.end]):
        return False
    if not word.after_comma:
        return True
    low, high = _trimmed(text, word.start, word.end)
    value = text[low:high]
    return is_person(value) or is_body(value) or bool(_LATIN.pattern.match(value))


def _authors_of_books(text: str, names: list[Name]) -> tuple[Name, ...]:
    """Tell the author in 温知远《在河之洲》 from the source."""
    for index, (name, title) in enumerate(pairwise(names)):
        before_title = name.role is Role.SOURCE and text[name.end : title.start] == "《"
        if before_title and is_person(text[name.start : name.end]):
            names[index] = replace(name, role=Role.AUTHOR)
    return tuple(names)


def _named(text: str, word: _Word, role: Role, before: list[Name]) -> Iterator[Name]:
    """Yield the names in one word: 江畔晚报记者宋知微 holds two."""
    low, high = word.start, word.end
    if not word.quoted:
        reporters = _REPORTERS.pattern.fullmatch(text[low:high])
        if reporters and not _OURSELVES.pattern.fullmatch(reporters[1]) and is_body(reporters[1]):
            person = _trimmed(text, low + reporters.start(2), high)
            medium = Role.PICTURE if role is Role.PICTURE else Role.SOURCE
            yield Name(medium, low, low + reporters.end(1))
            if person[0] < person[1]:
                people = Role.PICTURE if role is Role.PICTURE else Role.AUTHOR
                yield Name(people, *person)
            return
        begun = low
        low, high = _trimmed(text, low, high)
        if role is Role.SOURCE and _PEOPLE.pattern.search(text, begun, low):
            role = Role.AUTHOR
        agency = _AGENCY.pattern.match(text, low, high)
        if agency and not is_medium(text[low + 1 : high]):
            high = agency.end()
    value = text[low:high]
    if not value or _SKIPPED.pattern.fullmatch(value) or (len(value) == 1 and not word.quoted):
        return
    yield Name(_role(value, word, role, before), low, high)


def _role(value: str, word: _Word, role: Role, before: list[Name]) -> Role:
    if role is Role.SOURCE and not word.quoted and is_person(value):
        follows = before and not (word.listed and before[-1].role is Role.SOURCE)
        return Role.AUTHOR if follows else Role.SOURCE
    if role is Role.AUTHOR and not is_person(value) and is_body(value):
        return Role.SOURCE
    return role


def _trimmed(text: str, low: int, high: int) -> tuple[int, int]:
    """Take 记者, 公众号, 客户端, 摄 and the like off both ends of ``text[low:high]``."""
    while low < high and (head := _HEAD.pattern.match(text, low, high)):
        if head.end() == high:
            break
        low = head.end()
    while low < high and text[low] in " :|":
        low += 1
    changed = True
    while changed and high - low > 2:
        changed = False
        for tail in _TAIL.pattern.finditer(text, max(low + 2, high - 6), high):
            if tail.end() == high:
                high, changed = tail.start(), True
                break
    return low, high


def _words(text: str, start: int, end: int) -> tuple[list[_Word], tuple[tuple[int, int], ...]]:
    """Cut a value into words; Latin words that follow one another, and 宋 微, are one."""
    words: list[_Word] = []
    links: list[tuple[int, int]] = []
    listed = spaced = comma = False
    for token in _TOKEN.pattern.finditer(text, start, end):
        kind, low, high = token.lastgroup, *token.span()
        if token["link"]:
            links.append((low, high))
        elif token["quoted"]:
            words.append(_Word(low + 1, high - 1, True, listed, comma))
            listed = spaced = comma = False
        elif kind == "list":
            listed, comma = True, token[0] == ","
        elif kind == "space":
            spaced = True
        elif not (_SKIPPED.pattern.fullmatch(token[0]) or _is_appended(words, low, text[low:high])):
            if words and spaced and not listed and _joins(text, words[-1], low, high):
                words[-1] = replace(words[-1], end=high)
            else:
                words.append(_Word(low, high, False, listed, comma))
            listed = spaced = comma = False
    return words, tuple(links)


def _is_appended(words: list[_Word], low: int, word: str) -> bool:
    """Tell a word that only goes on from a title: 《海州日报》副刊 is no second name."""
    follows = bool(words) and words[-1].quoted and words[-1].end + 1 == low
    return follows and not _PEOPLE.pattern.search(word) and not is_person(word)


def _joins(text: str, word: _Word, low: int, high: int) -> bool:
    left, right = text[word.start : word.end], text[low:high]
    if word.quoted:
        return False
    if _LATIN.pattern.fullmatch(right):
        return bool(_LATIN.pattern.fullmatch(left.split(" ")[-1]))
    return len(left) == len(right) == 1
