"""Changes planted in copied passages, one in each, and copies without any."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from copied_cases import Corpus, chosen, unrelated
from disguises import DISGUISES, split

#: what is replaced: ``[start, end)`` of the passage, and by what
Change = tuple[int, int, str]

_OFFICES = "书记|主任|校长|院长|教授|部长|局长|市长|主席|会长|董事长|总经理|研究员|专家|所长|处长"
_PERSON = re.compile(
    rf"(?:{_OFFICES})([\u4e00-\u9fff]{{2,3}})(?=表示|介绍|指出|说|认为|强调|出席|主持|告诉)"
)
_OFFICE = re.compile(
    r"(?<![副原前])(主任|书记|校长|院长|局长|部长|市长)(?=[\u4e00-\u9fff]{2,3}[说表介指出认强])"
)
_OTHER_NAMES = ("何青山", "林远舟", "周明朗", "许文茵", "沈亦然", "顾晓棠", "罗一鸣", "唐雨桐")
_CITY_NAMES = (
    "北京 上海 天津 重庆 广州 深圳 武汉 杭州 南京 成都 西安 郑州 长沙 济南 青岛 合肥 福州 厦门"
    " 浙江 江苏 广东 湖北 湖南 四川 山东 河南 河北 福建 日本 韩国 美国 英国 法国 德国 俄罗斯"
)
_CITIES = _CITY_NAMES.split()
_CITY = re.compile("|".join(_CITIES))
_COUNTY = re.compile(r"(?<=[市省])([\u4e00-\u9fff]{2})(?=[县区镇])")
_COUNTIES = ("云溪", "柳河", "青阳", "石泉", "龙门", "白水")
_NUMBER = re.compile(
    r"(?<![\d.第年月A-Za-z-])(\d{1,6}(?:\.\d{1,2})?)(?=[万亿多余]*[个人家名项件%次公平米吨台辆户所])"
)
_NUMERAL = re.compile(
    r"(?<![一二三四五六七八九十百千万亿第])([二三四五六七八九十]{2,3})(?=[个人家名项件次条年天])"
)
_AMOUNT = re.compile(r"(\d[\d.]*)(?=[万亿]*(?:元|美元))")
_UNIT = re.compile(r"(?<=\d)(万|亿|%)(?=[元人个吨以的，。])")
_DATE = re.compile(r"(\d{1,2})(?=日)|(\d{1,2})(?=月\d)|(20\d\d)(?=年)")
_NEGATED = re.compile(r"(不得|不会|不能|不应|不可以|不是|没有|未能|尚未|不再)")
_AFFIRMED = re.compile(
    r"(?<![不能可否就才都也只还正])(?:能够|可以|应当|应该|必须|将会|会(?=[在对让为给])|是(?=[一我中])|已经)"
)
_OPPOSITES = {
    "增长": "下降",
    "下降": "上升",
    "上升": "下降",
    "提高": "降低",
    "降低": "提高",
    "扩大": "缩小",
    "减少": "增加",
    "超过": "不足",
    "支持": "反对",
    "允许": "禁止",
    "增加": "减少",
}
_OPPOSITE = re.compile("|".join(_OPPOSITES))
_QUOTED = re.compile(r"“[^“”\n]{2,60}”")
_WORD = re.compile(r"(?<=[，。])[\u4e00-\u9fff]{4,8}(?=[，。])")


def _digits(text: str, chance: random.Random) -> str:
    """Return another number written with as many digits."""
    while True:
        other = "".join(chance.choice("123456789") if char.isdigit() else char for char in text)
        if abs(float(other) - float(text)) > 0.05 * float(text):
            return other


def number(text: str, chance: random.Random) -> Change | None:
    """Change a count, in figures, in Chinese numerals, or in its unit."""
    numerals = [(m.span(), _numeral(m[0], chance)) for m in _NUMERAL.finditer(text)]
    numbers = [(m.span(), _digits(m[0], chance)) for m in _NUMBER.finditer(text)]
    other = {"万": "亿", "亿": "万", "%": "‰"}
    units = [(m.span(), other[m[0]]) for m in _UNIT.finditer(text)]
    return _one(numerals or numbers + units, chance)


def amount(text: str, chance: random.Random) -> Change | None:
    """Change an amount of money."""
    return _one([(m.span(), _digits(m[0], chance)) for m in _AMOUNT.finditer(text)], chance)


def date(text: str, chance: random.Random) -> Change | None:
    """Change a day, a month or a year."""
    found = []
    for match in _DATE.finditer(text):
        top = 28 if match[1] else 12 if match[2] else 2030
        other = chance.choice([n for n in range(max(1, top - 11), top + 1) if str(n) != match[0]])
        found.append((match.span(), str(other)))
    return _one(found, chance)


def name(text: str, chance: random.Random) -> Change | None:
    """Put another person in an office."""
    found = [(m.span(1), chance.choice(_OTHER_NAMES)) for m in _PERSON.finditer(text)]
    return _one(found, chance)


def office(text: str, chance: random.Random) -> Change | None:
    """Give a person another office, or make it a deputy's."""
    other = {"主任": "书记", "书记": "主任", "校长": "院长", "院长": "校长", "局长": "处长",
             "部长": "司长", "市长": "书记"}  # fmt: skip
    found = [(m.span(), chance.choice((other[m[0]], "副" + m[0]))) for m in _OFFICE.finditer(text)]
    return _one(found, chance)


def place(text: str, chance: random.Random) -> Change | None:
    """Put another city, country or county."""
    found = [
        (m.span(), chance.choice([city for city in _CITIES if city != m[0]]))
        for m in _CITY.finditer(text)
    ]
    found += [(m.span(), chance.choice(_COUNTIES)) for m in _COUNTY.finditer(text)]
    return _one(found, chance)


def negation(text: str, chance: random.Random) -> Change | None:
    """Take a negation away, put one in, or say the opposite."""
    found = [(m.span(), m[0].lstrip("不没未尚") or "有") for m in _NEGATED.finditer(text)]
    found += [
        (m.span(), ("没有" if m[0] == "已经" else "不" + m[0])) for m in _AFFIRMED.finditer(text)
    ]
    found += [(m.span(), _OPPOSITES[m[0]]) for m in _OPPOSITE.finditer(text)]
    return _one(found, chance)


def quotation(text: str, chance: random.Random) -> Change | None:
    """Take a pair of quotation marks away, or put words in them."""
    found = [(m.span(), m[0][1:-1]) for m in _QUOTED.finditer(text)]
    found = found or [(m.span(), f"“{m[0]}”") for m in _WORD.finditer(text)]
    return _one(found, chance)


#: kind of the alteration that must be reported → what is planted
PLANTED: dict[str, tuple[str, Callable[[str, random.Random], Change | None]]] = {
    "number": ("number", number),
    "amount": ("number", amount),
    "date": ("date", date),
    "name": ("name", name),
    "office": ("name", office),
    "place": ("place", place),
    "negation": ("negation", negation),
    "quotation": ("quotation", quotation),
}
FAITHFUL = ("verbatim", "shuffled", "dropped", "traditional", "synonyms")


@dataclass(frozen=True, slots=True)
class Planted:
    """A draft that copies a passage of a work, changed at ``[start, end)``, nowhere if None."""

    draft: str
    work: str
    changed: tuple[int, int] | None


def planted(corpus: Corpus, what: str, count: int) -> Iterator[Planted]:
    """Yield drafts with one change of the kind ``what`` in a copied passage."""
    chance = random.Random(f"planted {what}")
    made = 0
    for host, work in unrelated(corpus, chance):
        source = work["text"]
        start, end = chosen(source, chance, whole=True)
        change = PLANTED[what][1](source[start:end], chance)
        if change is not None:
            low, high, words = change
            passage = source[start : start + low] + words + source[start + high : end]
            draft, at = _inserted(host["text"], passage, chance)
            yield Planted(draft, source, (at + low, at + low + len(words)))
            made += 1
        if made == count:
            return


def faithful(corpus: Corpus, disguise: str, count: int) -> Iterator[Planted]:
    """Yield drafts with a copied passage, disguised but unchanged in what it says."""
    chance = random.Random(f"faithful {disguise}")
    for made, (host, work) in enumerate(unrelated(corpus, chance)):
        if made == count:
            return
        source = work["text"]
        start, end = chosen(source, chance, whole=True)
        draft, _ = _inserted(host["text"], DISGUISES[disguise](source[start:end], chance), chance)
        yield Planted(draft, source, None)


def titles(corpus: Corpus, count: int) -> Iterator[tuple[str, str, str, bool]]:
    """Yield (title, the work's title, its text, changed?): four changed ones, four faithful."""
    chance = random.Random("titles")
    rows = chance.sample(sorted(corpus.articles.values(), key=lambda row: row["id"]), count)
    for row, other in zip(rows, [*rows[1:], rows[0]], strict=True):
        title, text = row["title"], row["text"]
        yield other["title"], title, text, True
        yield "震惊！" + title, title, text, True
        yield "【校园转载】" + title, title, text, False
        yield title + "_云山学院新闻网", title, text, False
        for maker in (number, date, place, negation):
            change = maker(title, chance)
            if change:
                yield title[: change[0]] + change[2] + title[change[1] :], title, text, True
        parts = re.split("[，。！？：；｜丨 ]", title)
        yield max(parts, key=len), title, text, False


def _one(found: list[tuple[tuple[int, int], str]], chance: random.Random) -> Change | None:
    if not found:
        return None
    (start, end), words = chance.choice(found)
    return start, end, words


def _numeral(text: str, chance: random.Random) -> str:
    other = text
    while other == text:
        other = "十".join(chance.choice("二三四五六七八九") for _ in range(2))
    return other


def _inserted(host: str, passage: str, chance: random.Random) -> tuple[str, int]:
    sentences = split(host)
    place = sum(map(len, sentences[: chance.randint(0, len(sentences))]))
    return f"{host[:place]}\n{passage}\n{host[place:]}", place + 1
