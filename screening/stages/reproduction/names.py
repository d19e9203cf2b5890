"""The names in a value of a credit line, with everything around them taken off."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, StrEnum, auto
from functools import lru_cache
from itertools import pairwise

from msgspec import Struct
from msgspec.structs import replace

from screening.stages.reproduction.name_forms import (
    GENRE,
    HEAD,
    LATIN,
    QUOTED,
    TAIL,
    is_account,
    is_body,
    is_medium,
    is_person,
    may_be_person,
    trimmed,
)
from screening.text.expression import declare

_EMPTY = declare(
    "(?:(?:来自|来源|源自|综合|均?摘自|转自|部分|整理|收集|搜集)*(?:于|自)?(?:互联网|网络|网上|网路"
    "|百度图片|百度|朋友圈|网友|微信群|班级群|微信|微博|网文|全网|各大|各|平台|抖音|公众号|自媒体|媒体"
    "|公开报道|公开资料|网站)+(?:公开|综合|整理|报道|图片|素材|资料|内容|截图|投稿|收集|搜集|转载|分享"
    "|渠道|信息)*)"
    "|网图|不详|未知|佚名|匿名|无名氏|原作者|原著者|转载|见水印|水印|如图|资料图片?|侵删|图侵删"
    "|侵权删|侵权必删|官方|ai|无|待考|待查|暂缺"
    "|internet|unknown|anonymous|web|theinternet"
)
_OURSELVES = declare(
    "(?:本(?:站|网|报|刊|校|院|系|号|公众号|平台|账号|文)|我(?:校|院|系)|原创|自制|自采|自有)(?:原创"
    "|讯|首发|采写|采编|自采)*"
)
_SKIPPED = declare(
    r"(?:\d{4}(?:[-./年]\d{1,2}(?:[-./月]\d{1,2}日?)?|年)?|\d{1,2}月(?:\d{1,2}日)?|\d{1,2}日"
    r"|\d{1,2}:\d{2}(?::\d{2})?"
    r"|第?\d{1,5}(?:期|版|卷|页|辑|集)|第[一二三四五六七八九十百]+(?:期|版|卷)|\d+|no\.?|id"
    r"|作品|单位|来源|出处|原文|等|综合|整理|授权|电|讯|报道|[\W_]"
    r"|january|february|march|april|may|june|july|august|september|october|november|december)+"
)
_REPORTERS = declare(
    "(.{2,20}?)(?:全媒体|融媒体|首席|见习|实习|特约|高级|中心|青年|评论|学生|校园|小)*(?:记者站?(?!团)|通讯员"
    "|实习生|评论员)(.{0,12})",
)
_LINK = declare(r"(?:https?://|www\.)[a-z0-9.\-_~:/?#@!$&'*+,;=%]{4,500}")
_TOKEN = declare(
    rf"(?P<link>{_LINK.source})|(?P<quoted>{QUOTED.source})|(?P<list>[、;&+/,]"
    rf"|和(?=[\u4e00-\u9fff]{{2}}))"
    r"|(?P<space>\s+)|(?P<word>[^\s、;&+/,《“\"「『<]+)"
)
#: what no name holds, unless it stands in quotation marks
_NO_NAME = declare(
    r"的|[了吗呢吧着将把被][\u4e00-\u9fff]|[了吗呢吧?!。;]|^(?:如|若|请|未经|版权|转载请|仅|不"
    r"|已|有|凡|均|系|现任|现为|及|侵)"
)
_LONGEST = 28
#: words whose reading is kept: 记者 and the names of agencies stand in draft after draft
_KEPT = 4096
_ROLE_WORDS = declare(rf"(?:{HEAD.source}|{TAIL.source}|学习)+")
_PEOPLE = declare("记者|通讯员|实习生|作者|评论员")
_AGENCY = declare("新华社|中新社|总台")
#: what joins the names of two media of one house: 中国教育报—中国教育新闻网
_JOINT = declare("[·—–-]+")
#: what a quoted word is when this follows it: a column of the medium before it
_COLUMN = declare("栏目|节目|频道|专栏|专刊|副刊|版|周刊")


class Role(StrEnum):
    """What a label announces: a source, an author, or whose picture it is."""

    SOURCE = "source"
    AUTHOR = "author"
    PICTURE = "picture"


class _Said(Enum):
    """What a word in the value of a credit line says."""

    NAME = auto()
    NOBODY = auto()
    OURSELVES = auto()
    PEOPLE = auto()
    ROLE = auto()


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
        said = _Said.NAME if word.quoted else _said(text[word.start : word.end].replace(" ", ""))
        if said is _Said.NOBODY:
            empty = True
        elif said is _Said.PEOPLE:
            role = Role.AUTHOR if role is Role.SOURCE else role
        elif said is _Said.OURSELVES:
            ours = True
        elif said is _Said.ROLE:
            continue
        elif not (word.quoted or _may_be_name(text, word)):
            break
        else:
            names += _named(text, word, role, names)
    return Names(_authors_of_books(text, names), links, empty, ours)


@lru_cache(maxsize=_KEPT)
def _said(word: str) -> _Said:
    """Tell what a word is that stands for no name, without its spaces."""
    if _EMPTY.pattern.fullmatch(word):
        return _Said.NOBODY
    if _ROLE_WORDS.pattern.fullmatch(word):
        return _Said.PEOPLE if _PEOPLE.pattern.search(word) else _Said.ROLE
    return _Said.OURSELVES if _OURSELVES.pattern.fullmatch(word) else _Said.NAME


def reporters_medium(text: str, start: int, end: int) -> tuple[Name, ...]:
    """Return the media that a label ``text[start:end]`` names: 江畔晚报·观江新闻记者."""
    match = _REPORTERS.pattern.match(text, start, end)
    if match and is_medium(match[1]) and not _OURSELVES.pattern.fullmatch(match[1]):
        return tuple(_joint(text, Name(Role.SOURCE, *match.span(1))))
    return ()


def _may_be_name(text: str, word: _Word) -> bool:
    """Tell a name from a clause; behind a comma, only what looks like one is a name."""
    if word.end - word.start > _LONGEST or _NO_NAME.pattern.search(text[word.start : word.end]):
        return False
    if not word.after_comma:
        return True
    low, high = trimmed(text, word.start, word.end)
    value = text[low:high]
    if _PEOPLE.pattern.search(text, word.start, low) and may_be_person(value):
        return True
    return is_person(value) or is_body(value) or bool(LATIN.pattern.match(value))


def _authors_of_books(text: str, names: list[Name]) -> tuple[Name, ...]:
    """Tell the author in 温知远《在河之洲》, 温知远散文集《在河之洲》 from the source."""
    for index, (name, title) in enumerate(pairwise(names)):
        between = text[name.end : title.start].removesuffix("《")
        follows = text[title.start - 1] == "《" and (
            not between or GENRE.pattern.fullmatch(between)
        )
        if name.role is Role.SOURCE and follows and is_person(text[name.start : name.end]):
            names[index] = replace(name, role=Role.AUTHOR)
    return tuple(names)


def _named(text: str, word: _Word, role: Role, before: list[Name]) -> Iterator[Name]:
    """Yield the names in one word: 江畔晚报记者宋知微 holds two."""
    low, high = word.start, word.end
    if not word.quoted:
        reporters = _REPORTERS.pattern.fullmatch(text[low:high])
        if reporters and not _OURSELVES.pattern.fullmatch(reporters[1]) and is_body(reporters[1]):
            medium, reporter = (low, low + reporters.end(1)), (low + reporters.start(2), high)
            yield from _reported(text, medium, reporter, role)
            return
        begun = low
        low, high = trimmed(text, low, high)
        if role is Role.SOURCE and _PEOPLE.pattern.search(text, begun, low):
            role = Role.AUTHOR
        high = _before_genre(text, low, high, word.end)
        agency = _AGENCY.pattern.match(text, low, high)
        if agency and not is_medium(text[low + 1 : high]):
            high = agency.end()
    value = text[low:high]
    if not value or _SKIPPED.pattern.fullmatch(value) or (len(value) == 1 and not word.quoted):
        return
    account = not word.quoted and is_account(text, high, word.end)
    found = Name(role if account else _role(value, word, role, before), low, high)
    yield from (found,) if word.quoted else _joint(text, found)


def _reported(
    text: str, medium: tuple[int, int], reporter: tuple[int, int], role: Role
) -> Iterator[Name]:
    """Yield medium and reporter of 江畔晚报记者宋知微."""
    person = trimmed(text, *reporter)
    picture = role is Role.PICTURE
    yield from _joint(text, Name(role if picture else Role.SOURCE, *medium))
    if person[0] < person[1]:
        yield Name(role if picture else Role.AUTHOR, *person)


def _is_genre(word: str) -> bool:
    return bool(GENRE.pattern.fullmatch(word))


def _before_genre(text: str, low: int, high: int, end: int) -> int:
    """Return where the person's name ends in 温知远散文集《在河之洲》."""
    if high == end and text.startswith("《", end):
        for genre in GENRE.pattern.finditer(text, low + 2, high):
            if genre.end() == high and is_person(text[low : genre.start()]):
                return genre.start()
    return high


def _joint(text: str, name: Name) -> Iterator[Name]:
    """Yield both names of two media joined into one (海州日报·观海新闻), or the name itself."""
    value = text[name.start : name.end]
    joint = _JOINT.pattern.search(value)
    if joint and all(map(is_medium, (value[: joint.start()], value[joint.end() :]))):
        yield replace(name, end=name.start + joint.start())
        yield replace(name, start=name.start + joint.end())
    else:
        yield name


def _role(value: str, word: _Word, role: Role, before: list[Name]) -> Role:
    if role is Role.SOURCE and not word.quoted and is_person(value):
        follows = before and not (word.listed and before[-1].role is Role.SOURCE)
        return Role.AUTHOR if follows else Role.SOURCE
    if role is Role.AUTHOR and not is_person(value) and is_body(value):
        return Role.SOURCE
    return role


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
            if not (words and words[-1].end == low and _COLUMN.pattern.match(text, high, end)):
                words.append(_Word(low + 1, high - 1, True, listed, comma))
            listed = spaced = comma = False
        elif kind == "list":
            listed, comma = True, token[0] == ","
        elif kind == "space":
            spaced = True
        elif not (_SKIPPED.pattern.fullmatch(token[0]) or _is_appended(words, text, low, high)):
            if words and spaced and not listed and _joins(text, words[-1], low, high):
                words[-1] = replace(words[-1], end=high)
            else:
                words.append(_Word(low, high, False, listed, comma))
            listed = spaced = comma = False
    return words, tuple(links)


def _is_appended(words: list[_Word], text: str, low: int, high: int) -> bool:
    """Tell a word that only goes on from a title: 《海州日报》副刊 is no second name."""
    closed = low > 0 and text[low - 1] in '》”"」』>'
    word = text[low:high]
    return closed and bool(words) and not _PEOPLE.pattern.search(word) and not is_person(word)


def _joins(text: str, word: _Word, low: int, high: int) -> bool:
    left, right = text[word.start : word.end], text[low:high]
    if word.quoted:
        return False
    if LATIN.pattern.fullmatch(right):
        return bool(LATIN.pattern.fullmatch(left.split(" ")[-1]))
    return len(left) == len(right) == 1
