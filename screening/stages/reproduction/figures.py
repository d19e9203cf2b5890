"""Numbers, amounts, dates and times in a text, and whether two of them say the same.

120万 is 1200000, 百分之三十 is 30%, 二〇二四年 is 2024年, 5公里 is 5000米; 129.4万亿 and 1294272亿
are one number rounded; 5% and 5个百分点 are not the same.
"""

from __future__ import annotations

import re

from msgspec import Struct

_DIGITS = {char: value for value, char in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000, "万": 10**4, "亿": 10**8}
_CHINESE = "〇零一二三四五六七八九十百千万亿两"
#: unit → what it is counted in, and how many of that; measure words are no units
_UNITS: dict[str, tuple[str, float]] = {
    "公里": ("米", 1000),
    "千米": ("米", 1000),
    "厘米": ("米", 0.01),
    "毫米": ("米", 0.001),
    "海里": ("海里", 1),
    "平方公里": ("平方米", 10**6),
    "平方米": ("平方米", 1),
    "公顷": ("公顷", 1),
    "亩": ("亩", 1),
    "立方米": ("立方米", 1),
    "米": ("米", 1),
    "公斤": ("克", 1000),
    "千克": ("克", 1000),
    "克": ("克", 1),
    "吨": ("克", 10**6),
    "斤": ("克", 500),
    "美元": ("美元", 1),
    "欧元": ("欧元", 1),
    "港元": ("港元", 1),
    "日元": ("日元", 1),
    "英镑": ("英镑", 1),
    "韩元": ("韩元", 1),
    "卢布": ("卢布", 1),
    "元": ("元", 1),
    "角": ("元", 0.1),
    "小时": ("秒", 3600),
    "分钟": ("秒", 60),
    "秒": ("秒", 1),
    "个百分点": ("百分点", 1),
    "百分点": ("百分点", 1),
    "%": ("%", 1),
    "‰": ("‰", 1),
    "倍": ("倍", 1),
    "成": ("%", 10),
    "km": ("米", 1000),
    "kg": ("克", 1000),
    "千瓦时": ("千瓦时", 1),
    "千瓦": ("千瓦", 1),
    "度": ("度", 1),
    "c": ("c", 1),
    "年": ("年", 1),
    "个月": ("个月", 1),
    "月": ("月", 1),
    "日": ("日", 1),
    "号": ("日", 1),
    "天": ("天", 1),
    "周": ("周", 1),
    "世纪": ("世纪", 1),
    "时": ("时", 1),
    "点": ("时", 1),
    "岁": ("岁", 1),
    "届": ("届", 1),
}
_DATES = frozenset(("月", "日", "时", "世纪", "星期"))
#: years from which on 年 dates, and does not count
_FIRST_YEAR = 1000
_MEASURES = "个名位人家所项件次户篇条场批种座台辆架艘只支本册门期轮级间栋幢份分"
_FIGURE = re.compile(
    rf"(?P<percent>百分之)?(?:(?P<plain>\d+(?:[.:]\d+)*)(?P<scale>[余多几]?[百千万亿]*)"
    rf"|(?P<chinese>[{_CHINESE}]+(?:点[{_CHINESE}]+)?))[余多几]?"
    rf"(?P<unit>{'|'.join(sorted(_UNITS, key=len, reverse=True))})?"
)
_NUMERAL = re.compile(rf"[\d{_CHINESE}末]")
_WEEKDAY = re.compile(r"(?:星期|礼拜|周)([一二三四五六日天末])")
_ORDINAL_BEFORE = "第初"


class Figure(Struct, frozen=True):
    """A number at ``[start, end)``: ``factor * value`` in ``unit``, to within ``grain``."""

    start: int
    end: int
    value: float
    unit: str
    grain: float = 0.0
    factor: float = 1.0

    @property
    def is_date(self) -> bool:
        """True for dates and times of day, not for spans of time."""
        return self.unit in _DATES or (self.unit == "年" and self.value >= _FIRST_YEAR)


def has_numeral(text: str) -> bool:
    """Tell whether ``text`` holds anything a figure is written with."""
    return _NUMERAL.search(text) is not None


def figures(text: str) -> list[Figure]:
    """Find the figures in normalised ``text``; a lone Chinese numeral needs a unit or 第."""
    found = [_figure(match, text) for match in _FIGURE.finditer(text)]
    weekdays = [
        Figure(*match.span(), "一二三四五六日天末".index(match[1].replace("天", "日")), "星期")
        for match in _WEEKDAY.finditer(text)
    ]
    taken = {place for day in weekdays for place in range(day.start, day.end)}
    plain = [each for each in found if each is not None and each.start not in taken]
    return sorted([*plain, *weekdays], key=lambda each: each.start)


def same(one: Figure, other: Figure) -> bool:
    """Tell whether two figures say the same, one rounded perhaps, one without its unit perhaps."""
    if one.unit and other.unit and one.unit != other.unit:
        return False
    if one.unit == "年" and min(one.value, other.value) < 100 <= max(one.value, other.value):
        return one.value % 100 == other.value % 100
    factors = (one.factor, other.factor) if one.unit and other.unit else (1.0, 1.0)
    values = one.value * factors[0], other.value * factors[1]
    grains = one.grain * factors[0], other.grain * factors[1]
    apart = abs(values[0] - values[1])
    if grains[0] == grains[1]:
        return apart <= 1e-9 * max(map(abs, values))
    return apart <= 0.5 * max(grains) * (1 + 1e-9)


def comparable(one: Figure, other: Figure) -> bool:
    """Tell whether one may be the other changed: in its value, or in its unit, not in both."""
    return one.unit == other.unit or (bool(one.unit and other.unit) and one.value == other.value)


def _figure(match: re.Match[str], text: str) -> Figure | None:
    unit, factor = _UNITS.get(match["unit"] or "", ("", 1.0))
    if match["percent"]:
        unit = unit or "%"
    chinese = match["chinese"]
    ordinal = match.start() > 0 and text[match.start() - 1] in _ORDINAL_BEFORE
    if ordinal and match["unit"] == "号":
        unit = "号"
    if chinese is not None:
        follows = text[match.end() : match.end() + 1]
        if len(chinese) == 1 and not (unit or ordinal or (follows and follows in _MEASURES)):
            return None
        value, grain = _chinese_value(chinese)
    else:
        value, grain = _plain_value(match["plain"])
        for char in match["scale"]:
            value, grain = value * _SCALES.get(char, 1), grain * _SCALES.get(char, 1)
        if ":" in match["plain"]:
            unit = "时"
    return Figure(*match.span(), value, unit, grain, factor)


def _plain_value(digits: str) -> tuple[float, float]:
    """Return the value of digits with a point, or a time of day in hours, and its last place."""
    if ":" in digits:
        hours, minutes, *_ = digits.replace(".", ":").split(":")
        return int(hours) + int(minutes) / 60, 0.0
    whole, *parts = digits.split(".")
    if len(parts) > 1:
        return float(int("".join((whole, *parts)))), 0.0
    return float(digits), 10.0 ** -len(parts[0]) if parts else 1.0


def _chinese_value(numeral: str) -> tuple[float, float]:
    """Return the value of 三十五, 二〇二四, 一点二亿, and its last place."""
    whole, _, fraction = numeral.partition("点")
    tail = fraction.rstrip("十百千万亿") if fraction else ""
    scale = 1.0
    for char in fraction[len(tail) :]:
        scale *= _SCALES[char]
    value, grain = _whole(whole)
    if tail:
        digits = [_DIGITS.get(char, 0) for char in tail]
        value += sum(digit / 10 ** (place + 1) for place, digit in enumerate(digits))
        grain = 10.0 ** -len(digits)
    return value * scale, grain * scale


def _whole(numeral: str) -> tuple[float, float]:
    if not any(char in _SCALES for char in numeral):
        return float("".join(str(_DIGITS[char]) for char in numeral) or 0), 1.0
    total = section = digit = 0
    for char in numeral:
        scale = _SCALES.get(char, 0)
        if not scale:
            digit = _DIGITS[char]
        elif scale < 10**4:
            section, digit = section + (digit or 1) * scale, 0
        else:
            total, section, digit = (total + section + digit or 1) * scale, 0, 0
    last = numeral[-1]
    grain = _SCALES.get(last, 1)
    return float(total + section + digit), float(grain if grain >= 10**4 else 1)
